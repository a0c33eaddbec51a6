"""What is wrong with the guides side by side: entries one language lacks, questions that two entries claim or steal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.guides import Entry, Guide, guide_of
from bot.folder.guides import GuideFile
from bot.lexicon import load_lexicon
from bot.understanding.normalise import normalise
from bot.understanding.questions import learn_questions
from bot.understanding.recogniser import Recogniser
from bot.understanding.teaching import Stolen, stolen

FEW = 3
"""Fewer wordings of a question are too few to know it by."""


def lint_guides(
    files: Mapping[str, GuideFile], languages: Sequence[str], broken: Iterable[str] = ()
) -> list[str]:
    """What should be mended in the guides, a line each. `broken`: what is wrong with files that can't be read."""
    unread = "\n".join(broken)
    guides = {path: file.guide for path, file in files.items() if file.guide.language in languages}
    names = sorted({guide.name for guide in guides.values()})
    found: list[str] = []
    for name in names:
        there = {guide.language: guide for guide in guides.values() if guide.name == name}
        for language in languages:
            path = f"replies/{language}/faq/{name}.yaml"
            if language in there:
                found += _beside(path, there[language], there)
            elif path not in unread:
                found.append(
                    f"error: {path}: is missing; copy {_path(next(iter(there.values())))} and translate it"
                )
    return [*found, *_claimed_twice(guides), *_thin(guides)]


def lint_questions(files: Mapping[str, GuideFile], languages: Sequence[str]) -> Iterator[str]:
    """Questions that other entries of the same product steal: read by what is learned of all the others. Takes a while."""
    guides = [file.guide for file in files.values() if file.guide.language in languages]
    book = learn_questions(guides, load_lexicon(), lambda *_: Recogniser()).book
    general = {guide.name for guide in guides if guide.everything}
    for theft in stolen(book):
        if guide_of(theft.thief) in general | {guide_of(theft.intent)}:
            yield _told(theft)


def _told(theft: Stolen) -> str:
    path = f"replies/{theft.language}/faq/{guide_of(theft.intent)}.yaml"
    return (
        f"warning: {path}: {theft.phrase!r} reads like the entry {theft.thief} ({theft.share:.2f}), "
        f"whose nearest question is {theft.nearest!r}"
    )


def _path(guide: Guide) -> str:
    return f"replies/{guide.language}/faq/{guide.name}.yaml"


def _beside(path: str, guide: Guide, others: Mapping[str, Guide]) -> Iterator[str]:
    """What the same guide has in another language and not in this one."""
    for other in (other for other in others.values() if other.language != guide.language):
        if (guide.skus, guide.categories, guide.everything) != (
            other.skus,
            other.categories,
            other.everything,
        ):
            yield f"error: {path}: `for:` tells other products than in {_path(other)}; write the same in both"
        own = {entry.id: entry for entry in guide.entries}
        for entry in other.entries:
            if entry.id not in own:
                name = entry.id.partition(".")[2]
                yield f"error: {path}: has no entry {name!r}, which {_path(other)} has; add it"
            else:
                yield from _alike(path, own[entry.id], entry, _path(other))


def _alike(path: str, entry: Entry, other: Entry, where: str) -> Iterator[str]:
    name = entry.id.partition(".")[2]
    if entry.sizes != other.sizes:
        yield f"error: {path}: the sizes of {name!r} differ from those in {where}; write the same in both"
    if not entry.pictures and other.pictures:
        yield f"warning: {path}: {name!r} has no picture, in {where} it has one"


def _claimed_twice(guides: Mapping[str, Guide]) -> Iterator[str]:
    """The same question in two entries of one product: nothing tells which is meant."""
    plain = load_lexicon().plain
    claimed: dict[tuple[str, str], tuple[str, str]] = {}
    for path, guide in guides.items():
        for entry in guide.entries:
            for question in entry.questions:
                key = (guide.name, normalise(plain(question)))
                first, where = claimed.setdefault(key, (entry.id, path))
                if first != entry.id:
                    yield f"error: {path}: {question!r} is also asked in {first} of {where}; keep it in one of them"


def _thin(guides: Mapping[str, Guide]) -> Iterator[str]:
    for path, guide in guides.items():
        for entry in guide.entries:
            if len(entry.questions) < FEW:
                name = entry.id.partition(".")[2]
                yield f"warning: {path}: {len(entry.questions)} wordings of {name!r} are few; write at least {FEW}"
