"""Slots the owner teaches in the phrase files: why, whether it came, whether to cancel, photos now or later."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.understanding.normalise import clauses, normalise
from bot.understanding.phrasebook import Phrasebook, SlotWord
from bot.understanding.products import without_products
from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.negation import denies, says_no
from bot.understanding.slots.said import Said

_SHORT = 24
"""Characters up to which a message may be one mistyped word."""
_LOOKED_BACK = 16
"""Characters before a word that tell whose it is."""
_MOST_PLACES = 8
"""Places of a word that are looked at, from the end."""
_RECEIVED = "received"
_NAMED = frozenset({"cause"})
"""Slots that tell what is spoken of: who misses a manual speaks of the manual."""
_MONEY_CAME = "money_came"
_TOLD_OF_RECEIPT = frozenset({_RECEIVED, "came", _MONEY_CAME})
_MOODS = frozenset({"anger", "threat", "self_harm"})
"""Where "no" is only what sounds like it: 笑死我了 takes back nothing that is said beside it."""
_SAYS_NO_FIRST = re.compile(
    r"\s*(?:(?:不是的?|不对|没有|错了)[,，。.!！;；、\s]+|(?:不|no|nope)\s*[,，。.!！;；]+)\s*(?=\S)",
    re.IGNORECASE,
)
"""不是,我收到了: the no answers what was said before, it denies nothing that follows."""
_HEARSAY = re.compile(
    r"(?:显示|写着|标记)(?:是|为|我|已经|已)?$|\b(?:says?|shows?|showing|marked)(?: (?:it|as|was|is)){0,2} $"
)
"""显示签收了, "it says delivered": not what the buyer found."""
_ASKS = re.compile(
    r"[到收](?:货|到)?(?:了?[吗嗎么]|了?没有?(?=$|[^\u3400-\u9fff]|[呢啊呀]))"
    r"|哪|什么时候|啥时候|几时|\bwhere\b|\bwhen (?:will|is|does|do|did|can)\b"
    r"|\b(?:has|have|did|was|were|is) (?:it|they|the|my)\b[^.,;!]*\?"
    r"|(?:^\W*|[.,;!] ?)(?:(?:hi|hello|so|and|but|ok) )?(?:has|have|did|was|were|is|are) (?:it|they|the|my)\b"
)
"""到了没, "has it arrived?": who asks has not got it, or not that they know."""
_MONEY_BEFORE = re.compile(
    r"(?:退款|退的钱|钱)(?:怎么|为什么|我|都|也|还|一直|到现在|现在){0,4}$|\b(?:refund|money) (?:has |is )?$"
)
_MONEY_AFTER = re.compile(
    r"(?:你们的?|我的|这笔|任何)?(?:退款|退的钱|钱|款)(?![吧给了])"
    r"| ?(?:(?:my|the|any|a|your) )?(?:refund|money)\b(?! (?:me|it|please|now)\b)"
)
_BESIDE_ARRIVAL = re.compile(
    r"快递|包裹|东西|换来的|换的|新的?|货|订单|我的?|[这那]个|刚刚?|已经|终于|总算|今天|昨天|都|也|全|很好|挺好|完好|不错|没问题|没毛病|很?满意|谢谢"
    r"|[的了啦呀哈嗯好哦]"
    r"|\b(?:hi|hello|yes|yeah|yep|ok|oh|i|we|it|its|they|has|have|is|are|my|the|this|that|me|to|just|now|today|yesterday|finally"
    r"|already|this morning|at last|both|all|parcel|package|order|delivery|box|stuff|things?|items?|goods|replacement|new ones?|safely|in one piece|safe and sound"
    r"|and|fine|well|good|great|perfect|lovely|love|nice|happy|with|theyre|thanks|thank you)\b"
)
"""What may stand beside "arrived", and leaves it the good news it is."""
_SAID_BESIDE = frozenset({"affirm", "goodbye", "greeting", "thanks"})
"""What is said beside good news, and changes nothing of it: 到了,没问题."""
_REVERSE = {"yes": "no", "no": "yes"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word stands in a message, whose normal form has a space on both sides."""

    word: SlotWord
    padded: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.word.text)

    @property
    def before(self) -> str:
        """The last characters before it."""
        return self.padded[max(self.start - _LOOKED_BACK, 0) : self.start]

    @property
    def value(self) -> str | None:
        """What is stated here; None where the word is denied."""
        if self.word.slot in _NAMED or not denies(self.word.text, self.padded, self.start):
            return self.word.value
        reverse = self.word.slot in (_RECEIVED, _MONEY_CAME) and not says_no(self.word.text)
        return _REVERSE.get(self.word.value, self.word.value) if reverse else None


def taught(said: Said, book: Phrasebook, context: Context, found: Found) -> None:
    """The longest taught word that stands in the message undenied wins its slot, and of what was received or not the last
    that is told; short messages may be mistyped."""
    leading = _SAYS_NO_FIRST.match(said.text)
    text = normalise(said.text[leading.end() :]) if leading else said.normal
    standing = _standing(f" {text} ", book, context)
    for slot, places in standing.items():
        told = [
            place for place in _apart(places) if not (_tells_receipt(place.word) and _of_money(place, said))
        ]
        if slot == _RECEIVED:
            told = _last_first(told)
        if slot in _MOODS:
            told.sort(key=lambda place: place.value != "yes")
        place = next((place for place in told if place.value is not None), None)
        if place and not (slot in _TOLD_OF_RECEIPT and place.value == "yes" and _asks(said)):
            mostly = 0.5 if slot == context.asking else 0.6
            exact = len(place.word.text) >= mostly * len(text)
            if slot in _TOLD_OF_RECEIPT and place.value == "yes" and not exact:
                exact = _says_no_more(place.word.text, said, book, context)
            found.put(slot, place.value or "", exact=exact)
    if 3 < len(text) <= _SHORT:
        elsewhere = {slot for slot in book.slots if not context.reads(slot)}
        asked = _TOLD_OF_RECEIPT if _asks(said) else frozenset()
        _much_like(text, book, found, elsewhere | asked | standing.keys())


def _asks(said: Said) -> bool:
    return _ASKS.search(said.text.casefold()) is not None


def _says_no_more(word: str, said: Said, book: Phrasebook, context: Context) -> bool:
    """True when what stands beside an arrival is only what arrived, when, and small talk: "my blanket came today, thanks"."""
    parts = (part for part in clauses(said.text, 1) if not _polite(part, book))
    bare = normalise(without_products(" ".join(parts), context.lines, book))
    return not _BESIDE_ARRIVAL.sub(" ", bare.replace(word, " ", 1)).strip()


def _polite(part: str, book: Phrasebook) -> bool:
    same = book.exact.get(part)
    return same is not None and same.intent in _SAID_BESIDE


def _standing(padded: str, book: Phrasebook, context: Context) -> dict[str, list[_Place]]:
    """Slot to the last places of each of its words, the longest words first."""
    found: dict[str, list[_Place]] = {}
    for word in book.standing_in(padded):
        if not context.reads(word.slot):
            continue
        at = padded.rfind(word.needle)
        for _ in range(_MOST_PLACES):
            if at < 0:
                break
            place = _Place(word, padded, at + word.needle.index(word.text))
            found.setdefault(word.slot, []).append(place)
            at = padded.rfind(word.needle, 0, at + len(word.needle) - 1)
    return found


def _tells_receipt(word: SlotWord) -> bool:
    return word.slot == _RECEIVED or word.value == "not_received"


def _apart(places: Iterable[_Place]) -> list[_Place]:
    """Without the shorter words inside of longer ones."""
    apart: list[_Place] = []
    for place in places:
        if all(place.end <= other.start or other.end <= place.start for other in apart):
            apart.append(place)
    return apart


def _last_first(places: Iterable[_Place]) -> list[_Place]:
    """What the buyer found, not what only the carrier's page shows."""
    found = (place for place in places if not _HEARSAY.search(place.before))
    return sorted(found, key=lambda place: -place.start)


def _of_money(place: _Place, said: Said) -> bool:
    """True when money stands beside the word in the same clause: in 没收到,退款 it does not."""
    before = _MONEY_BEFORE.search(place.before)
    after = _MONEY_AFTER.match(place.padded, place.end)
    beside = [before[0] + place.word.text] if before else []
    beside += [place.word.text + after[0]] if after else []
    return bool(beside) and any(words in part for words in beside for part in clauses(said.text, 1))


def _much_like(text: str, book: Phrasebook, found: Found, standing: Collection[str]) -> None:
    """What is like a word but says no where that one does not (or the other way round) means the reverse."""
    nearest: dict[str, tuple[float, SlotWord]] = {}
    for place, likeness in book.alike.to(text):
        word = book.slot_words[place]
        if word.slot not in nearest or likeness > nearest[word.slot][0]:
            nearest[word.slot] = (likeness, word)
    for slot in book.slots:
        if slot in nearest and slot not in found.slots and slot not in standing:
            _, word = nearest[slot]
            if says_no(text) == says_no(word.text):
                found.put(slot, word.value, exact=True)
