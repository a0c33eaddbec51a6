"""What only some of a shop's languages are taught: values of a slot that buyers can name in one and not in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.understanding.phrases import PhraseFile


def lint_sides(files: Mapping[str, PhraseFile]) -> Iterator[str]:
    """A line for each value a language lacks, file by file."""
    beside: dict[str, dict[str, PhraseFile]] = defaultdict(dict)
    for path, file in files.items():
        beside[file.intent][path] = file
    for group in beside.values():
        taught = {path: _values(file) for path, file in group.items()}
        for path, values in taught.items():
            for slot, value in sorted(frozenset[tuple[str, str]]().union(*taught.values()) - values):
                other = next(known for known in taught if (slot, value) in taught[known])
                yield (
                    f"warning: {path}: slots: {slot}: {value!r} is taught in {other} alone;"
                    f" write down what buyers call it in this language"
                )


def _values(file: PhraseFile) -> frozenset[tuple[str, str]]:
    return frozenset((slot, value) for slot, values in file.slots.items() for value in values)
