"""Which entry of the shop's guides answers a question: the recogniser of intents, taught the questions of the entries.

So typing slips, sounds, pinyin, Traditional characters and words that mean alike are heard as they are elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.domain.guides import Guide, Hit, guide_of
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import both_ends, normalise
from bot.understanding.phrasebook import Phrasebook, Wording, taught
from bot.understanding.recogniser import Lesson, Recogniser
from bot.understanding.titles import without_titles
from bot.understanding.understand import legible

SURE = 0.5
"""From this chance on an answer is told."""
LIKELY = 0.2
"""From this chance on it is offered."""
_SAME_WORDS = 0.99
_ALIKE, _ALIKE_FROM = 60, 0.3
"""The rapidfuzz ratio to one of its questions that makes the likeliest entry sure, and the least chance it must have by itself.

These and `SURE` were set on 140 questions that are in no file (tests/understanding/questions): of 120 that an entry answers
89 are told one, 88 of them the right one; of 20 that none answers one is told one."""
_LONGEST = 300
"""Characters of a question that are looked at, at its two ends."""


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of all entries, learned."""

    book: Phrasebook
    wordings: Mapping[str, Mapping[Wording, str]]
    """Normal form to the wordings that have it: products may share a question."""
    names: Mapping[str, frozenset[str]]
    """Guide of one product to what that is called."""

    def knows(self, text: str) -> bool:
        """True for the very words of a question; quick."""
        return normalise(legible(text, self.book.lexicon)) in self.wordings

    def __call__(self, text: str, among: Collection[str]) -> tuple[Hit, ...]:
        """The likeliest of these entries, best first."""
        plain = legible(both_ends(text, _LONGEST), self.book.lexicon)
        normal = normalise(plain)
        same = [wording for wording in self.wordings.get(normal, {}) if wording.intent in among]
        if len({wording.intent for wording in same}) == 1:
            return (Hit(same[0].intent, _SAME_WORDS, same[0].phrase, same=True),)
        if not any(map(str.isalpha, normal)):
            return ()
        return tuple(self._hits(normal, self._chances(plain, normal, among)))

    def _chances(self, plain: str, normal: str, among: Collection[str]) -> Mapping[str, float]:
        """Entry to chance. Of one product's entries its name tells none from another: each has the lower of its chances with
        the name and without it."""
        found = self._among(normal, among)
        products = {guide_of(entry) for entry in among} & self.names.keys()
        if len(products) != 1:
            return found
        bare = normalise(without_titles(plain, sorted(self.names[products.pop()])))
        if bare in ("", normal):
            return found
        other = self._among(bare, among)
        return {entry: min(chance, other.get(entry, 0.0)) for entry, chance in found.items()}

    def _among(self, text: str, among: Collection[str]) -> dict[str, float]:
        """What is for everything must be likelier than any product's answer, whichever the buyer has: else it would be told
        whenever there is nothing beside it."""
        found = dict(self.book.recogniser.verdict(text, among).chances)
        if all(guide_of(entry) in self.names for entry in found):
            return found
        of_all = dict(self.book.judged(text).chances)
        return {
            entry: chance if guide_of(entry) in self.names else min(chance, of_all.get(entry, 0.0))
            for entry, chance in found.items()
        }

    def _hits(self, normal: str, chances: Mapping[str, float]) -> Iterator[Hit]:
        """Best first. The likeliest entry, where it has a question that is spelled much alike, is sure enough."""
        ordered = sorted(chances, key=lambda entry: -chances[entry])
        for place, entry in enumerate(ordered):
            _, likeness, wording = process.extractOne(normal, self.book.of_intent[entry], scorer=fuzz.ratio)
            alike = place == 0 and likeness >= _ALIKE and chances[entry] >= _ALIKE_FROM
            yield Hit(entry, round(max(chances[entry], SURE if alike else 0.0), 3), wording.phrase)


def learn_questions(
    guides: Sequence[Guide],
    lexicon: Lexicon,
    learn: Callable[[Sequence[Lesson], Lexicon], Recogniser] = Recogniser.of,
) -> Questions:
    """The questions of these guides, of every language at once: buyers mix them. `learn` may remember what it learned."""
    found = tuple(
        Wording(normal, question, entry.id, guide.language)
        for guide in guides
        for entry in guide.entries
        for question in entry.questions
        if (normal := normalise(lexicon.plain(question)))
    )
    wordings: dict[str, dict[Wording, str]] = {}
    for wording in found:
        wordings.setdefault(wording.text, {})[wording] = wording.text
    names: dict[str, frozenset[str]] = {}
    for guide in guides:
        if not guide.everything:
            names[guide.name] = names.get(guide.name, frozenset()) | {guide.product, *guide.names}
    return Questions(taught(found, (), lexicon, learn), wordings, names)
