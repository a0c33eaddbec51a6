"""What the shop tells of its products: a guide for each, whose entries answer what buyers ask. Written by the owner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.domain.messages import Attachment
from bot.domain.orders import OrderLine


class Measure(StrEnum):
    """What a size may go by: centimetres, the weight in kilograms."""

    HEIGHT = "height"
    WEIGHT = "weight"
    FOOT = "foot"
    CHEST = "chest"
    WAIST = "waist"
    HIPS = "hips"
    LENGTH = "length"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Range:
    """From which to which measure a size suits."""

    measure: Measure
    least: float
    most: float

    @property
    def text(self) -> str:
        """As a table shows it: ``158–166``, or the one number."""
        return f"{self.least:g}" if self.least == self.most else f"{self.least:g}–{self.most:g}"


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size of a product."""

    size: str
    ranges: tuple[Range, ...] = ()

    def range(self, measure: str) -> Range | None:
        """Its range of a measure; None where the table does not tell."""
        return next((one for one in self.ranges if one.measure == measure), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and its answer."""

    id: str
    """``guide.entry``, the same in every language."""
    questions: tuple[str, ...]
    """As buyers ask it, worded differently; the first one stands on its button."""
    steps: tuple[str, ...]
    pictures: tuple[Attachment, ...] = ()
    parts: tuple[str, ...] = ()
    """Spare parts that go with it, each with its price or whatever a buyer should know."""
    sizes: tuple[SizeRow, ...] = ()

    @property
    def title(self) -> str:
        """The question as it is named."""
        return self.questions[0]


@dataclass(frozen=True, slots=True)
class Guide:
    """All entries of a product, or of a kind of products, in one language."""

    name: str
    """Of its file."""
    language: str
    product: str
    """As buyers read it."""
    names: tuple[str, ...] = ()
    """What else buyers call it."""
    skus: tuple[str, ...] = ()
    """Of the products it is for; ``*`` stands for any characters."""
    categories: tuple[str, ...] = ()
    everything: bool = False
    """It is for whatever the shop sells."""
    entries: tuple[Entry, ...] = ()

    def covers(self, line: OrderLine) -> bool:
        """True for a product it is for by name; what is for everything is for nothing in particular."""
        sku, category = line.sku.casefold(), line.category.casefold()
        by_sku = any(fnmatchcase(sku, pattern.casefold()) for pattern in self.skus)
        return by_sku or (category != "" and category in map(str.casefold, self.categories))

    @property
    def sizes(self) -> Entry | None:
        """The entry with its table of sizes."""
        return next((entry for entry in self.entries if entry.sizes), None)


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that may answer a question."""

    entry: str
    """Its id."""
    chance: float
    """That it does, 0 to 1."""
    question: str = ""
    """Its wording that is spelled most alike."""
    same: bool = False
    """The very words."""


Search = Callable[[str, Collection[str]], tuple[Hit, ...]]
"""A question and the ids of the entries that may answer it, to the likeliest of them, best first. Pure."""


def _nothing(_: str, __: Collection[str]) -> tuple[Hit, ...]:
    return ()


def _none(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Guides:
    """All guides of the shop, and how an entry is found."""

    all: tuple[Guide, ...] = ()
    languages: tuple[str, ...] = ()
    """The shop's main one first: what a guide is read in where the buyer's own language has none."""
    search: Search = _nothing
    knows: Callable[[str], bool] = _none
    """True for the very words of a question."""

    def in_language(self, language: str) -> tuple[Guide, ...]:
        """Each guide once, in this language where there is one."""
        order = (language, *self.languages)
        found: dict[str, Guide] = {}
        for spoken in dict.fromkeys(order):
            for guide in self.all:
                if guide.language == spoken:
                    found.setdefault(guide.name, guide)
        return tuple(found[name] for name in sorted(found))

    def names(self, guide: Guide) -> Iterator[str]:
        """All that a guide's product is called, in every language."""
        for one in self.all:
            if one.name == guide.name:
                yield from (one.product, *one.names)

    def guide(self, name: str, language: str) -> Guide | None:
        """The guide of that name."""
        return next((guide for guide in self.in_language(language) if guide.name == name), None)

    def entry(self, id_: str, language: str) -> Entry | None:
        """The entry of that id; in another language where this one lacks it."""
        order = (language, *self.languages)
        found = {guide.language: entry for guide in self.all for entry in guide.entries if entry.id == id_}
        return next((found[spoken] for spoken in order if spoken in found), None)


def guide_of(id_: str) -> str:
    """The guide of an entry's id."""
    return id_.partition(".")[0]


def ids(guides: Collection[Guide]) -> frozenset[str]:
    """All entries of these."""
    return frozenset(entry.id for guide in guides for entry in guide.entries)
