"""An engineer new to the project follows docs/adding-an-intent.md to the letter, and it works."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "adding-an-intent.md"
COPIED = (
    *("bot", "intents", "replies", "config.yaml", "pyproject.toml"),
    *("tests/__init__.py", "tests/doubles", "tests/play", "tests/processes.py", "tests/serving.py"),
    *(f"tests/dialogues/{path.name}" for path in (ROOT / "tests/dialogues").glob("*.py")),
)
_FILE = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DIFF = re.compile(r"^## .*`([\w./]+)`\n\n```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_following_the_page_adds_an_intent_that_is_understood_and_answered(tmp_path: Path) -> None:
    copy_project(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    for name, text in _FILE.findall(page):
        write_new(tmp_path / name, text)
    for name, diff in _DIFF.findall(page):
        apply(tmp_path / name, diff)

    played = run(
        tmp_path, "-m", "pytest", "-q", "-n0", "-k", "gift_wrap", "tests/dialogues/test_dialogues.py"
    )
    assert "2 passed" in played.stdout, played.stdout + played.stderr
    leave_only_its_replies(tmp_path)
    linted = run(tmp_path, "-m", "bot", "lint")
    told = [line for line in linted.stdout.splitlines() if "gift_wrap" in line]
    assert all("phrases are few" in line for line in told), linted.stdout


def test_the_page_touches_only_the_files_it_promises() -> None:
    page = PAGE.read_text(encoding="utf-8")
    touched = {name for name, _ in _FILE.findall(page)} | {name for name, _ in _DIFF.findall(page)}
    kinds = {re.sub(r"/(zh|en)/", "/<lang>/", name) for name in touched}
    assert kinds == {
        "intents/<lang>/gift_wrap.yaml",
        "replies/<lang>/gift_wrap/name.j2",
        "replies/<lang>/gift_wrap/wrapping.j2",
        "bot/flows/gift_wrap.py",
        "bot/flows/__init__.py",
        "tests/dialogues/<lang>/gift_wrap.yaml",
    }


def copy_project(folder: Path) -> None:
    """What is needed to play dialogues, without what stands there for other intents."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)  # with what is compiled already
        else:
            shutil.copy(source, target)


def leave_only_its_replies(folder: Path) -> None:
    """To lint those of other intents takes seconds, and is no part of the page."""
    for path in folder.glob("replies/*/*/**/*.j2"):
        if "gift_wrap" not in path.parts:
            path.unlink()


def write_new(path: Path, text: str) -> None:
    """A file of the page; it must not be there yet."""
    assert not path.exists(), f"{path} is there already"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def apply(path: Path, diff: str) -> None:
    """Put each added line of the page where it says: before all, or after the line above it."""
    text, above = path.read_text(encoding="utf-8"), ""
    for line in diff.splitlines():
        mark, content = line[0], line[1:]
        if mark == "+" and above:
            assert above in text
            text = text.replace(above, f"{above}\n{content}", 1)
        elif mark == "+":
            text = text.replace("\n\nFLOWS", f"\n{content}\n\nFLOWS", 1)
        above = content if mark == " " else above
    path.write_text(text, encoding="utf-8")


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy, with the copy's own code."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
