"""Links lead somewhere, and files that are named are there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.pages import CODE, LINK, PAGES, RECIPE, ROOT, Page, each_page, slip

Check = Callable[[Page], None]
FOLDERS = ("bot", "deploy", "docs", "tests", "intents", "replies", ".ci")
_PATH = re.compile(r"[\w.<>-]+(?:/[\w.<>-]+)*/?")


@each_page
def test_links_lead_somewhere(page: Page) -> None:
    broken = []
    for target in LINK.findall(page.prose):
        if re.match(r"(https?|mailto):", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.path.parent / name).resolve() if name else page.path
        if not path.is_file() or (anchor and anchor not in Page(path).anchors):
            broken.append(target)
    assert not broken


def test_every_page_is_reached_from_the_readme() -> None:
    reached, todo = set[Path](), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        reached.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(Page(page).prose))
        paths = {(page.parent / target).resolve() for target in targets if target.endswith(".md")}
        todo += [path for path in paths if path.is_file() and path not in reached]
    assert {path.resolve() for path in PAGES} <= reached


@pytest.mark.parametrize(
    "page", [Page(path) for path in PAGES if path != RECIPE], ids=lambda page: page.path.name
)
def test_files_named_are_there(page: Page) -> None:
    named = [code for code in page.codes if _is_ours(code)]
    assert [code for code in named if not _is_there(code)] == []


def _is_ours(code: str) -> bool:
    if not _PATH.fullmatch(code):
        return False
    return (
        code.split("/", maxsplit=1)[0] in FOLDERS
        if "/" in code
        else code.endswith((".py", ".md", ".toml", ".lock", ".j2"))
    )


def _is_there(code: str) -> bool:
    pattern = re.sub(r"<[^>]*>", "*", code.rstrip("/"))
    if "<lang>" in code:
        return all(
            any(ROOT.glob(re.sub(r"<[^>]*>", "*", code.replace("<lang>", lang)))) for lang in ("zh", "en")
        )
    return any(ROOT.glob(pattern))


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("[x](gone.md)", test_links_lead_somewhere),
        ("[x](#nowhere)", test_links_lead_somewhere),
        ("`bot/domain/case.py`", test_files_named_are_there),
        ("`replies/<lang>/word.yaml`", test_files_named_are_there),
    ],
)
def test_a_slip_in_a_page_is_found(text: str, check: Check, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        check(slip(tmp_path, text))


def test_every_threat_names_tests_that_are_there() -> None:
    model = Page(ROOT / "SECURITY.md")
    threats = [row for row in model.rows() if len(row) == 3 and row[0] != "threat"]
    assert len(threats) > 30
    for threat, _, tests in threats:
        named = CODE.findall(tests)
        assert named, threat
        for test in named:
            path, _, name = test.partition("::")
            assert re.search(rf"^ *(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE), (
                test
            )
