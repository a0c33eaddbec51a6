"""An invoice (开发票): for which order, made out to whom, sent where; the desk issues it with all that collected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.conversation import FlagReason
from bot.domain.decision import Audience, Decision
from bot.domain.messages import Button
from bot.domain.orders import Order
from bot.domain.replies import Tone, reply
from bot.domain.tax_numbers import tax_number
from bot.domain.turn import Turn
from bot.flows.flow import Flow, ask, finish
from bot.flows.handoff import notify, wait
from bot.flows.ordering import READS, choose_order, the_order
from bot.understanding.normalise import normalise
from bot.understanding.slots import words_en, words_zh
from bot.understanding.slots.company import company_named

UNPAID = reply("invoice/unpaid", tone=Tone.APOLOGY | Tone.NEXT_STEP, order=Order)
BUYER = reply("invoice/buyer", "personal", "company", tone=Tone.NEXT_STEP, order=Order)
TITLE = reply("invoice/title", tone=Tone.NEXT_STEP, company=bool, tax_number=str)
TAX_NUMBER = reply("invoice/tax_number", tone=Tone.NEXT_STEP, title=str, wrong=str)
EMAIL = reply("invoice/email", tone=Tone.NEXT_STEP, wrong=bool)
PASSED_ON = reply(
    "invoice/passed_on",
    tone=Tone.THANKS | Tone.NEXT_STEP | Tone.DEADLINE,
    order=Order,
    title=str,
    tax_number=str,
    email=str,
    minutes=int,
    back_at=datetime | None,
)
WANTED = reply(
    "desk/invoice",
    tone=Tone.PLAIN,
    to=Audience.DESK,
    personal=("title", "tax_number", "email"),
    order=Order,
    title=str,
    tax_number=str,
    email=str,
)

PERSONAL, COMPANY = "personal", "company"
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII)
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .\-/]{6,30}[A-Za-z0-9]")
_ENDS = re.compile(
    rf"[,，;；\n]|\s*(?:{words_zh.TAX_NUMBER}|{words_zh.MAIL}|电话|地址|开户)|\s*\b(?:{words_en.TAX_NUMBER}|{words_en.MAIL})\b"
    rf"|\s(?:to )?\S+@",
    re.IGNORECASE,
)
"""What ends a name that is told beside other things."""
_WHOM = re.compile(
    r"(?:公司|企业|单位|抬头|个人|的|开|给|是|写)+|(?:(?:a|the|my|for|our|it|is|its|company|business|firm|corporate|person\w*) ?)+"
)
"""Tells for whom, and no name."""
_LONGEST = 60
_FEWEST_DIGITS = 5


def with_what_is_told(turn: Turn) -> Turn | None:
    """Whatever is told beside what was asked is not asked for again."""
    if turn.incoming.choice:
        return None
    told = {name: value for name, value in _told(turn).items() if not turn.slot(name)}
    if turn.slot("wrong_number"):  # asked for once more
        told.pop("tax_number", None)
    order = {} if turn.slot("begun") else _order_told(turn, told)
    return turn.with_talk(turn.talk.fill(begun="yes", **told, **order))


def _order_told(turn: Turn, told: Mapping[str, str]) -> dict[str, str]:
    """The order that is named by its number. Later numbers are none of an order: they stand on the invoice."""
    number = turn.meaning.slots.get("order_number", "")
    if not number or turn.slot("order") or number.upper() in told.get("tax_number", ""):
        return {}
    own = turn.facts.order(number)
    return {"order": own.number} if own else {"order_number": number}


def _told(turn: Turn) -> dict[str, str]:
    text = turn.meaning.text
    found = {
        "email": _email(text),
        "tax_number": turn.meaning.slots.get("tax_number"),
        "made_out": _made_out(turn),
        "title": _titled(turn),
    }
    told = {name: value for name, value in found.items() if value}
    company = "tax_number" in told or company_named(told.get("title", ""))
    return told | ({"made_out": COMPANY} if company else {})


def stop_when_unpaid(turn: Turn) -> Decision | None:
    """Nothing was paid, so there is nothing to invoice."""
    order = the_order(turn)
    return None if order.paid_at and order.paid else finish(turn, UNPAID(order=order))


def ask_buyer(turn: Turn) -> Decision | None:
    """A person or a company."""
    if turn.slot("made_out"):
        return None
    buttons = (Button("made_out", PERSONAL, PERSONAL), Button("made_out", COMPANY, COMPANY))
    return ask(turn, "made_out", BUYER(order=the_order(turn), buttons=buttons, token=turn.talk.token))


def ask_title(turn: Turn) -> Decision | None:
    """The name that is to stand on it."""
    if turn.slot("title"):
        return None
    return ask(
        turn, "title", TITLE(company=turn.slot("made_out") == COMPANY, tax_number=turn.slot("tax_number"))
    )


def ask_tax_number(turn: Turn) -> Decision | None:
    """A company's tax number; one that is written wrong is asked for once more, and then taken as it is."""
    if turn.slot("made_out") != COMPANY or turn.slot("tax_number"):
        return None
    wrong = turn.slot("wrong_number")
    return ask(turn, "tax_number", TAX_NUMBER(title=turn.slot("title"), wrong=wrong))


def check_tax_number(turn: Turn) -> Decision | None:
    """Its check character, or its country's form, tells a slip."""
    told = turn.slot("tax_number")
    if turn.slot("made_out") != COMPANY or tax_number(told) or turn.slot("wrong_number") == told:
        return None
    doubted = turn.talk.drop("tax_number").fill(wrong_number=told)
    return FLOW.decide(turn.with_talk(doubted))


def ask_email(turn: Turn) -> Decision | None:
    """Where it is sent."""
    if turn.slot("email"):
        return None
    return ask(turn, "email", EMAIL(wrong="@" in turn.meaning.text and turn.talk.asking == "email"))


def pass_on(turn: Turn) -> Decision | None:
    """The desk issues it; the buyer reads once more what will stand on it, and when it comes."""
    order = the_order(turn)
    company = turn.slot("made_out") == COMPANY
    known: dict[str, Any] = {
        "order": order,
        "title": turn.slot("title"),
        "tax_number": (tax_number(turn.slot("tax_number")) or turn.slot("tax_number")) if company else "",
        "email": turn.slot("email"),
    }
    called = notify(turn, FlagReason.FOR_A_PERSON, PASSED_ON(**known, **wait(turn)))
    return replace(called, says=(*called.says, WANTED(**known)))


def read_made_out(turn: Turn) -> str | None:
    """A person or a company, by the words for either, or by a tax number."""
    text = turn.meaning.text
    return COMPANY if _tax_number(text) or company_named(text) else _made_out(turn)


def _made_out(turn: Turn) -> str | None:
    """The one of the two that is told; both together tell neither."""
    company, person = (turn.meaning.slots.get(told) == "yes" for told in ("company", "person"))
    if company == person:
        return None
    return COMPANY if company else PERSONAL


def read_title(turn: Turn) -> str | None:
    """The name, as it is written; what is told beside it is cut off."""
    text = turn.meaning.text
    if titled := _titled(turn):
        return titled
    bare = _ENDS.split(_EMAIL.sub("", text).strip(" \t\n,，。.;；"))[0]
    if _tax_number(bare) or _WHOM.fullmatch(normalise(bare)):
        return None
    asks = text.rstrip().endswith(("?", "？"))
    short = 2 <= len(bare) <= _LONGEST and any(map(str.isalpha, bare))
    return bare if short and not asks and not turn.incoming.attachments else None


def _titled(turn: Turn) -> str | None:
    """The name that words announce: 抬头是…, "the name is …"."""
    name = _ENDS.split(turn.meaning.slots.get("title", ""))[0].strip()[:_LONGEST]
    return name if len(name) > 1 else None


def read_tax_number(turn: Turn) -> str | None:
    """A tax number, or what is meant for one."""
    return _tax_number(turn.meaning.text) or _meant_for_one(turn.meaning.text)


def _tax_number(text: str) -> str | None:
    found = (tax_number(part) for part in _NUMBER.findall(_EMAIL.sub(" ", text)))
    return next((number for number in found if number), None)


def _meant_for_one(text: str) -> str | None:
    parts = _NUMBER.findall(_EMAIL.sub(" ", text))
    likely = [part for part in parts if sum(map(str.isdigit, part)) >= _FEWEST_DIGITS]
    return re.sub(r"\s", "", likely[0]).upper() if likely else None


def read_email(turn: Turn) -> str | None:
    """An e-mail address."""
    return _email(turn.meaning.text)


def _email(text: str) -> str | None:
    found = _EMAIL.search(text)
    return found[0] if found else None


FLOW = Flow(
    intent="invoice",
    steps=(
        with_what_is_told,
        choose_order,
        stop_when_unpaid,
        ask_buyer,
        ask_title,
        ask_tax_number,
        check_tax_number,
        ask_email,
        pass_on,
    ),
    replies=(UNPAID, BUYER, TITLE, TAX_NUMBER, EMAIL, PASSED_ON, WANTED),
    takes=frozenset({"tax_number"}),
    starts=frozenset({"order"}),
    free=frozenset({"title", "tax_number", "email"}),
    reads={
        **READS,
        "made_out": read_made_out,
        "title": read_title,
        "tax_number": read_tax_number,
        "email": read_email,
    },
)
