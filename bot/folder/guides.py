"""Guide files on disk: what the shop tells of its products, YAML to `Guide`, with the line of whatever is wrong.

They stand in ``replies/<lang>/faq/``, pictures beside them. A picture without words need stand there in one language only.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.config import plain_yaml
from bot.domain.file_types import JPEG, PNG, type_of
from bot.domain.guides import Entry, Guide, Measure, Range, SizeRow
from bot.domain.messages import Attachment, Medium
from bot.errors import GuideError
from bot.folder.reading import MAX_BYTES
from bot.replies.finding import GARBLED, garbled_line, nearest

PATTERN = "replies/*/faq/*.yaml"
"""Where they stand in a shop's folder."""
PICTURE_BYTES = 1024 * 1024
"""The largest picture: a buyer on the road waits for it."""
_ID = re.compile(r"[a-z0-9_-]{1,24}")
_PICTURE = re.compile(r"[\w-][\w .-]{0,60}\.(?:png|jpe?g)", re.IGNORECASE)
_RANGE = re.compile(r"(?P<least>\d{1,3}(?:\.\d)?)(?:\s*[-–~]\s*(?P<most>\d{1,3}(?:\.\d)?))?")
_MOST_ENTRIES, _MOST_QUESTIONS, _MOST_STEPS, _MOST_PICTURES, _MOST_PARTS, _MOST_SIZES = 60, 40, 7, 4, 3, 15
_MOST_NAMES = 40
_LONGEST_QUESTION, _LONGEST_STEP, _LONGEST_PART, _LONGEST_NAME = 60, 200, 100, 40


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the shop's own."""

    path: Path
    attachment: Attachment


@dataclass(frozen=True, slots=True)
class GuideFile:
    """A guide, with what is told of its pictures."""

    guide: Guide
    pictures: tuple[Picture, ...] = ()
    content: str = ""
    """The file as it was, to tell whether it changed."""


def read_guide(folder: Path, path: Path, text: str) -> GuideFile:
    """A guide file of the shop's folder; GuideError says which line is wrong and how to mend it."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise GuideError(f"{path}: larger than {MAX_BYTES // 1024} KiB; split it")
    if line := garbled_line(text):
        raise GuideError(f"{path}:{line}: {GARBLED}")
    try:
        root = plain_yaml.compose(text)
        data = plain_yaml.construct(root)
    except plain_yaml.Unreadable as error:
        raise GuideError(f"{path}:{error.line}: {error}") from None
    return _Reader(folder, path, root).read(data, text)


def pictures_of(guides: Mapping[str, GuideFile]) -> Iterator[Picture]:
    """All pictures of these guides."""
    return (picture for file in guides.values() for picture in file.pictures)


class _Reader:
    """Reads one file."""

    def __init__(self, folder: Path, path: Path, root: yaml.Node | None) -> None:
        self.folder, self.path = folder, path
        self.lines: dict[str, int] = {}
        for scalar in plain_yaml.nodes(root, yaml.ScalarNode):
            self.lines.setdefault(scalar.value, scalar.start_mark.line + 1)
        self.pictures: list[Picture] = []

    def read(self, data: Any, text: str) -> GuideFile:
        name = self.path.stem
        if not _ID.fullmatch(name):
            raise self.wrong(f"a guide's file is called by up to 24 of a-z, 0-9, _ and -, not {name!r}")
        known = self.mapping(data, "", {"product", "names", "for", "entries"})
        product = self.text(known.get("product"), "product", _LONGEST_NAME)
        guide = Guide(
            name,
            self.path.parents[1].name,
            product,
            self.texts(known, "names", _MOST_NAMES, _LONGEST_NAME),
            entries=tuple(self.entries(known.get("entries"))),
        )
        return GuideFile(self.covering(guide, known.get("for")), tuple(self.pictures), text)

    def covering(self, guide: Guide, told: Any) -> Guide:
        """With the products it is for."""
        if told == "all":
            return replace(guide, everything=True)
        if not isinstance(told, dict) or not told:
            raise self.wrong(
                "tell which products it is for: `for: {skus: [A-1, B-*]}`, `{categories: [shoes]}` or `all`",
                "for",
            )
        known = self.mapping(told, "for", {"skus", "categories"})
        skus = self.texts(known, "skus", 500, _LONGEST_NAME)
        return replace(guide, skus=skus, categories=self.texts(known, "categories", 100, _LONGEST_NAME))

    def entries(self, told: Any) -> Iterator[Entry]:
        """Name by name."""
        if not isinstance(told, dict) or not told:
            raise self.wrong("`entries:` maps a short name to its questions and steps", "entries")
        if len(told) > _MOST_ENTRIES:
            raise self.wrong(f"has more than {_MOST_ENTRIES} entries; split it", "entries")
        for name, entry in told.items():
            if not isinstance(name, str) or not _ID.fullmatch(name):
                raise self.wrong(
                    f"an entry is called by up to 24 of a-z, 0-9, _ and -, not {name!r}", str(name)
                )
            yield self.entry(name, entry)

    def entry(self, name: str, told: Any) -> Entry:
        known = self.mapping(told, name, {"questions", "steps", "pictures", "parts", "sizes"})
        questions = self.texts(known, "questions", _MOST_QUESTIONS, _LONGEST_QUESTION, at=name)
        steps = self.texts(known, "steps", _MOST_STEPS, _LONGEST_STEP, at=name)
        if not questions or not steps:
            raise self.wrong(f"{name!r} needs `questions:` and `steps:`, a list each", name)
        pictures = self.texts(known, "pictures", _MOST_PICTURES, 80, at=name)
        return Entry(
            f"{self.path.stem}.{name}",
            questions,
            steps,
            tuple(self.picture(picture) for picture in pictures),
            self.texts(known, "parts", _MOST_PARTS, _LONGEST_PART, at=name),
            tuple(self.sizes(known.get("sizes"), name)),
        )

    def picture(self, name: str) -> Attachment:
        """A picture beside this file, or beside the same file of another language."""
        if not _PICTURE.fullmatch(name):
            raise self.wrong(f"{name!r} is no picture's name; write it like pairing.png or pairing.jpg", name)
        own = self.folder / self.path.parent / name
        others = sorted(self.folder.glob(f"replies/*/faq/{name}"))
        found = next((path for path in (own, *others) if path.is_file()), None)
        if found is None:
            raise self.wrong(f"the picture {name!r} is not there; put it into {self.path.parent}/", name)
        content = self.content(found, name)
        ref = f"file:{hashlib.sha256(content).hexdigest()}"
        made = Attachment(Medium.PHOTO, ref, name, len(content))
        self.pictures.append(Picture(found, made))
        return made

    def content(self, path: Path, name: str) -> bytes:
        try:
            with path.open("rb") as file:
                content = file.read(PICTURE_BYTES + 1)
        except OSError as error:
            raise self.wrong(f"the picture {name!r} can't be read ({error.strerror})", name) from None
        if len(content) > PICTURE_BYTES:
            raise self.wrong(
                f"the picture {name!r} is larger than {PICTURE_BYTES // 1024} KiB; make it smaller", name
            )
        if type_of(content) not in (JPEG, PNG):
            raise self.wrong(f"{name!r} is no JPEG or PNG picture, whatever its name; save it as one", name)
        return content

    def sizes(self, told: Any, at: str) -> Iterator[SizeRow]:
        if told is None:
            return
        if not isinstance(told, dict) or not 0 < len(told) <= _MOST_SIZES:
            raise self.wrong(f"`sizes:` maps up to {_MOST_SIZES} sizes to their measures", at)
        for size, measures in told.items():
            if not isinstance(size, str | int | float) or isinstance(size, bool) or len(str(size)) > 12:
                raise self.wrong(f"{size!r} is no size; put it in quotes", at)
            known = self.mapping(measures, str(size), set(Measure))
            ranges = (self.range(Measure(measure), value, str(size)) for measure, value in known.items())
            yield SizeRow(str(size), tuple(ranges))

    def range(self, measure: Measure, told: Any, at: str) -> Range:
        found = _RANGE.fullmatch(str(told).strip())
        if found is None:
            raise self.wrong(f"{measure} {told!r} is no measure; write a number or 158-166", at)
        least = float(found["least"])
        most = float(found["most"] or found["least"])
        if most < least:
            raise self.wrong(f"{measure} {told!r} runs backwards; write the smaller number first", at)
        return Range(measure, least, most)

    def mapping(self, told: Any, at: str, keys: set[str]) -> Mapping[str, Any]:
        if not isinstance(told, dict):
            raise self.wrong(f"{at or 'the file'} holds {', '.join(f'`{key}:`' for key in sorted(keys))}", at)
        if unknown := [key for key in told if key not in keys]:
            raise self.wrong(f"unknown name {unknown[0]!r}{nearest(str(unknown[0]), keys)}", str(unknown[0]))
        return told

    def texts(
        self, known: Mapping[str, Any], key: str, most: int, longest: int, at: str = ""
    ) -> tuple[str, ...]:
        told = known.get(key) or []
        if not isinstance(told, list):
            raise self.wrong(f"`{key}:` is a list, a line each beginning with -", at or key)
        if len(told) > most:
            raise self.wrong(
                f"`{key}:` has more than {most} lines; leave some out, or split the entry", at or key
            )
        return tuple(self.text(one, key, longest) for one in told)

    def text(self, told: Any, key: str, longest: int) -> str:
        if not isinstance(told, str) or not told.strip():
            raise self.wrong(f"{told!r} under `{key}:` is not read as words; put it in quotes", key)
        if len(told) > longest:
            raise self.wrong(
                f"{told[:20]!r}… under `{key}:` is longer than {longest} characters; say it shorter", told
            )
        return " ".join(told.split())

    def wrong(self, message: str, at: str = "") -> GuideError:
        """The error, at the line where this stands."""
        return GuideError(f"{self.path}:{self.lines.get(at, 1)}: {message}")
