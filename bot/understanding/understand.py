"""One message understood: the function that the bot, the command line and the tests all call."""

from __future__ import annotations

from bot.domain.meaning import Candidate, Meaning
from bot.understanding.normalise import is_cjk
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds, candidates, sureness
from bot.understanding.slots import Context, find_slots

MAX_LENGTH = 1_000
"""Characters of a message that are looked at: a bound on what one message can cost."""
_SURE_LANGUAGE = 0.8


def understand(text: str, book: Phrasebook, thresholds: Thresholds, context: Context) -> Meaning:
    """Intents with their confidence, slots and language of one message."""
    bounded = text[:MAX_LENGTH]
    found = candidates(bounded, book)
    slots = find_slots(bounded, book, context)
    return Meaning(
        text=text,
        language=language_of(bounded, book, found, context.language),
        candidates=found,
        sureness=sureness(found, thresholds),
        slots=slots.slots,
        exact=frozenset(slots.exact),
    )


def language_of(text: str, book: Phrasebook, found: tuple[Candidate, ...], before: str) -> str:
    """The language a message is written in, by its script and by whose phrases it is like; `before` when unsure."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return before
    if is_cjk(text):
        written = [language for language in book.languages if language in book.cjk_languages]
        return before if before in written or not written else written[0]
    if found and found[0].confidence >= _SURE_LANGUAGE:
        spoken = {wording.language for wording in book.wordings if wording.phrase == found[0].phrase}
        if len(spoken) == 1:
            return spoken.pop()
    if before and before not in book.cjk_languages:
        return before
    others = [language for language in book.languages if language not in book.cjk_languages]
    return others[0] if others and (len(letters) > 3 or not before) else before
