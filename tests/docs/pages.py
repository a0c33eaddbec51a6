"""The documents, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(DOCS.glob("*.md")),
)
RECIPE = DOCS / "adding-an-intent.md"
"""Names files that are yet to be written; tests/test_adding_an_intent.py follows it."""

_FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A document taken apart."""

    path: Path

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def fences(self) -> list[tuple[str, str]]:
        """Language and content of each block of code."""
        return _FENCE.findall(self.text)

    @property
    def prose(self) -> str:
        return _FENCE.sub("", self.text)

    @property
    def codes(self) -> list[str]:
        """What stands in backticks within sentences and tables."""
        return CODE.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """What GitHub makes of the headings."""
        plain = (heading.replace("`", "").strip().lower() for heading in _HEADING.findall(self.prose))
        return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}

    def rows(self, heading: str = "") -> list[list[str]]:
        """The tables' rows, cell by cell; only those below a heading and before the next one of its rank."""
        text = self.prose
        if heading:
            text = text.split(f"\n{heading}\n", 1)[1]
            rank = heading.split(" ", maxsplit=1)[0]
            text = re.split(rf"^#{{1,{len(rank)}}} ", text, maxsplit=1, flags=re.MULTILINE)[0]
        lines = (line for line in text.splitlines() if line.startswith("|") and not line.startswith("|--"))
        return [
            [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            for line in lines
        ]


README, OWNER, DEPLOY, OPERATING, PRIVACY, GLOSSARY = (
    Page(path)
    for path in (
        ROOT / "README.md",
        DOCS / "owner.md",
        DOCS / "deploy.md",
        DOCS / "operating.md",
        DOCS / "privacy.md",
        DOCS / "glossary.md",
    )
)
each_page = pytest.mark.parametrize("page", [Page(path) for path in PAGES], ids=lambda page: page.path.name)


def first_cells(rows: list[list[str]]) -> list[str]:
    """All that stands in backticks in the first column."""
    return [code for row in rows for code in CODE.findall(row[0])]


def slip(folder: Path, text: str) -> Page:
    """A page with something in it that its check has to find: a test that can't fail shows nothing."""
    path = folder / "slip.md"
    path.write_text(f"# Slip\n\n{text}\n", encoding="utf-8")
    return Page(path)
