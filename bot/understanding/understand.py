"""One message understood: the function that the bot, the command line and the tests all call."""

from __future__ import annotations

import unicodedata

from bot.domain.changed import replace
from bot.domain.meaning import Candidate, Meaning, Sureness
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import both_ends, is_cjk, normalise
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.precedence import led_by_wish, wishes
from bot.understanding.products import only_names, without_products
from bot.understanding.recognise import Recognised, Thresholds, recognise, sureness
from bot.understanding.script import script_of
from bot.understanding.slots import Context, find_slots, masked
from bot.understanding.slots.proof import without_proof
from bot.understanding.syllables import typed

MAX_LENGTH = 1_000
"""Characters of a message that are looked at: a bound on what one message can cost."""
_HEARD = 500
"""Characters by which what is wanted is heard; of a longer message its two ends, for there it stands. Each word is looked
up in every view of it, which costs more than all that is read out of a message otherwise."""
_SHORT = 160
"""Characters up to which a product's name may outweigh what else is said."""
_LIKE, _VERY_LIKE = 0.5, 0.75
"""From this confidence on a phrase tells the language of words without Chinese characters (English, or pinyin); a word
or two must be very like one to change the language that was spoken before."""
_PINYIN = 3
"""Letters of a syllable that is no English word by chance."""
_SENTENCE = 3
"""Words from which on they are no longer a name or an abbreviation in another language's message."""


def understand(text: str, book: Phrasebook, thresholds: Thresholds, context: Context) -> Meaning:
    """Intents with their confidence, slots and language of one message."""
    bounded = legible(text, book.lexicon)
    recognised = _recognised(both_ends(masked(without_proof(bounded)), _HEARD), book, thresholds, context)
    asked = wishes(recognised.told, thresholds.act)
    found = led_by_wish(tuple(recognised.candidates), recognised.told, asked)
    intents = tuple(candidate.intent for candidate in found)
    slots = find_slots(bounded, book, replace(context, intents=intents))
    return Meaning(
        text=text,
        language=language_of(bounded, book, found, context.language),
        candidates=found,
        sureness=Sureness.ACT if asked else sureness(found, thresholds),
        wishes=asked,
        slots=slots.slots,
        exact=frozenset(slots.exact),
        doubts=frozenset(slots.doubts),
        plain=bounded,
        name_alone=recognised.name_alone,
        script=script_of(text[:MAX_LENGTH], book.lexicon, context.script) if is_cjk(bounded) else "",
    )


def _recognised(text: str, book: Phrasebook, thresholds: Thresholds, context: Context) -> Recognised:
    """As it stands; what is not sure that way, without the names of the buyer's own products. A name alone asks for nothing."""
    if not context.lines or len(text) > _SHORT:
        return recognise(text, book, context.odds)
    lines = tuple(map(book.lexicon.plain, context.lines)) if is_cjk(text) else context.lines
    if only_names(text, lines, book):
        return Recognised((), name_alone=True)
    found = recognise(text, book, context.odds, lambda part: only_names(part, lines, book))
    bare = without_products(text, lines, book)
    if bare in ("", text) or sureness(found.candidates, thresholds) is Sureness.ACT:
        return found
    other = recognise(bare, book, context.odds)
    surer = max(found, other, key=lambda each: each.candidates[0].confidence if each.candidates else 0.0)
    return replace(surer, told=found.told or other.told)  # with its name, each clause says what of


def legible(text: str, lexicon: Lexicon) -> str:
    """What of a message is looked at: full-width, circled and joined characters (NFKC) and Traditional ones as plain ones."""
    return lexicon.plain(unicodedata.normalize("NFKC", text[:MAX_LENGTH])[:MAX_LENGTH])


def language_of(text: str, book: Phrasebook, found: tuple[Candidate, ...], before: str) -> str:
    """The language a message is written in, by its script and by whose phrases it is like; `before` when unsure."""
    if is_cjk(text):
        written = [language for language in book.languages if language in book.cjk_languages]
        return before if before in written or not written else written[0]
    words = [word for word in normalise(text).split() if not any(char.isdigit() for char in word)]
    if not words:
        return before
    like = _LIKE if len(words) >= _SENTENCE or not before else _VERY_LIKE
    spoken = _spoken(normalise(text), book, found, like)
    if before in spoken or len(spoken) == 1:
        return (
            before
            if before in spoken or _greets_in_pinyin(words, spoken, before, book, found)
            else spoken.pop()
        )
    if all(map(typed, words)) and any(
        len(word) >= _PINYIN and not book.lexicon.knows(word) for word in words
    ):
        spelt = [language for language in book.languages if language in book.cjk_languages]
        plain = bool(found) and found[0].confidence >= _LIKE  # to leave a language that was spoken
        stays = before in spelt or not spelt or (before and not (plain and len(words) >= _SENTENCE))
        return before if stays else spelt[0]
    others = [language for language in book.languages if language not in book.cjk_languages]
    if before in others or not others:
        return before
    return others[0] if len(words) >= _SENTENCE or not before else before


def _greets_in_pinyin(
    words: list[str], spoken: set[str], before: str, book: Phrasebook, found: tuple[Candidate, ...]
) -> bool:
    """ "Ni hao" from who has spoken English: a courtesy, and no other language."""
    greets = bool(found) and found[0].intent == "greeting" and len(words) < _SENTENCE
    return greets and bool(before) and spoken <= book.cjk_languages


def _spoken(text: str, book: Phrasebook, found: tuple[Candidate, ...], like: float) -> set[str]:
    """The languages in which the very words are taught, or else a phrase they are at least so `like`."""
    if text in book.spoken or not found or found[0].confidence < like or is_cjk(found[0].phrase):
        return set(book.spoken.get(text, ()))
    return set(book.spoken[found[0].phrase])
