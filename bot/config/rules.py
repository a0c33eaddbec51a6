"""What the shop grants, as settings: rights, clocks, options, promises, authority, and who pays.

What stands in these sections is dated: `earlier` in config.yaml says what held for orders placed up to a day.
"""

# ruff: noqa: RUF009 -- `setting` declares a field; its value is made once and can't change

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any, Literal

from bot.config.kinds.money import SUMS
from bot.config.kinds.number import Whole
from bot.config.kinds.place import Url
from bot.config.kinds.several import Many
from bot.config.kinds.text import Choice, Flag, Text
from bot.config.kinds.when import Clock, Length
from bot.config.sections import setting
from bot.domain.authority import Amounts
from bot.domain.cases import FAULT, Reason
from bot.domain.money import Money
from bot.domain.options import MOST, OFFERED, Option
from bot.domain.terms import SPANS, Span, Term
from bot.domain.watch import Mode, Routing

_CATEGORY = Text("the word your orders carry in the column `category`", r"[\w-]{1,40}")


def _reasons(names: Any) -> frozenset[Reason]:
    return frozenset(Reason(name) for name in names)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the shop grants. The defaults are those of the large Chinese marketplaces; a change is a promise to buyers."""

    no_reason_days: int = setting(
        7,
        Whole(0, 365),
        "Days to return goods without giving a reason, counted from the day after they were signed for. Consumer "
        "Protection Law, article 25: at least 7.",
    )
    fault_days: int = setting(
        15,
        Whole(0, 730),
        "Days after completion in which faults are taken up. Marketplace after-sales window.",
    )
    no_return_categories: frozenset[str] = setting(
        frozenset({"made_to_order", "perishable", "digital", "periodical"}),
        Many(_CATEGORY, frozenset),
        "Categories that can't be returned without a reason: made to order, fresh and perishable, opened digital goods, "
        "newspapers and magazines. Consumer Protection Law, article 25.",
    )
    no_return_skus: frozenset[str] = setting(
        frozenset(),
        Many(
            Text("article numbers as your orders carry them in the column `sku`", r"[^\s,]{1,64}"), frozenset
        ),
        "Single articles that can't be returned without a reason, as their product pages say.",
    )
    evidence_reasons: frozenset[Reason] = setting(
        FAULT,
        Many(Choice(tuple(reason.value for reason in Reason)), _reasons),
        "Reasons for which photos are asked. The shop's own choice.",
    )
    bank_days_min: int = setting(
        1,
        Whole(0, 60),
        "Working days a refund takes to arrive, at best: what buyers are told. Payment services' figure.",
    )
    bank_days_max: int = setting(3, Whole(0, 60), "Working days it takes at worst. Payment services' figure.")
    link_guesses: int = setting(
        5,
        Whole(1, 100),
        "Wrong proofs of an order a conversation may give before a person takes over. The shop's choice.",
    )
    messages_a_minute: int = setting(
        30,
        Whole(5, 1000),
        "Messages of one buyer that the bot answers in a minute; it asks who writes more to wait, and keeps what they wrote. "
        "The shop's choice.",
    )
    agent_minutes: int = setting(
        120,
        Whole(1, 10080),
        "Minutes in which an agent answers in shop hours: what buyers are told. The shop's promise.",
    )
    low_value: Amounts = setting(
        Amounts({"CNY": Money(3_000, "CNY"), "USD": Money(500, "USD")}),
        SUMS,
        "Goods up to this price need not come back for a fault: a part of the price is offered first.",
    )
    partial_percent: int = setting(
        20,
        Whole(0, 100),
        "Percent of the price that is offered to who keeps what has a flaw. The shop's own choice.",
    )
    freight_most: Amounts = setting(
        Amounts({"CNY": Money(2_000, "CNY"), "USD": Money(1_000, "USD")}),
        SUMS,
        "The most return postage that is repaid where the buyer is not at fault. The shop's own choice.",
    )
    return_address: str = setting(
        "",
        Text("a line of text, or empty", r".*"),
        "Where goods are sent back to: name, phone, address, in one line. Empty: an agent tells it.",
    )


def _clock(term: Term, about: str) -> Span:
    return setting(SPANS[term], Length(), about)


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long each side has, and what happens then. Days run on; working hours are the shop's, working days the banks'."""

    seller_unshipped: Span = _clock(
        Term.SELLER_UNSHIPPED,
        "The shop, to answer an application for an order not yet shipped; then it is agreed by itself. Marketplace rules.",
    )
    seller: Span = _clock(
        Term.SELLER, "The shop, to answer any other application; then it is agreed by itself. Same rules."
    )
    buyer_refused: Span = _clock(
        Term.BUYER_REFUSED,
        "The buyer, to change, revoke or dispute a refused application; then it is closed. Same rules.",
    )
    buyer_return: Span = _clock(
        Term.BUYER_RETURN,
        "The buyer, to send the goods back and enter the waybill; then the case is closed. Same rules.",
    )
    seller_confirm: Span = _clock(
        Term.SELLER_CONFIRM,
        "The shop, to look at the returned goods, from their shipment; then the refund is paid. Same rules.",
    )
    seller_received: Span = _clock(
        Term.SELLER_RECEIVED,
        "The same from the day they are signed for, where that ends sooner. Consumer Protection Law, article 25: 7 days.",
    )
    seller_send: Span = _clock(
        Term.SELLER_SEND,
        "The shop, to send what is exchanged, repaired or missing; then the owner is called. The shop's own choice.",
    )
    buyer_confirm: Span = _clock(
        Term.BUYER_CONFIRM,
        "The buyer, to say whether what was sent anew is right; then it counts as received. Marketplace rules.",
    )
    seller_answer: Span = _clock(
        Term.SELLER_ANSWER,
        "The shop, to answer a complaint; then the owner is called. The shop's own choice.",
    )
    carrier: Span = _clock(
        Term.CARRIER,
        "The carrier, to answer an inquiry; then it is asked again and the buyer is told. The shop's own choice.",
    )
    both_evidence: Span = _clock(
        Term.BOTH_EVIDENCE, "Both sides, to hand in evidence in a dispute. Marketplace rules."
    )
    ruling: Span = _clock(Term.RULING, "The platform, to rule on a dispute. Same rules: 4 to 7 working days.")
    remind_seller_hours: int = setting(
        6, Whole(1, 240), "How long before its clock runs out the shop is reminded, in hours."
    )
    remind_buyer_hours: int = setting(
        24, Whole(1, 240), "How long before their clock runs out the buyer is reminded, in hours."
    )


def _options(names: Any) -> tuple[Option, ...]:
    found = tuple(Option(name) for name in names)
    if len(found) > MOST:
        raise ValueError(f"has more than {MOST}: buyers choose among few")
    return found


_OPTIONS = Many(Choice(tuple(option.value for option in Option)), _options)


def _offered(reason: Reason, about: str) -> tuple[Option, ...]:
    return setting(OFFERED[reason], _OPTIONS, about)


@dataclass(frozen=True, slots=True)
class Options:
    """What is offered about a problem, first things first; what the rules do not allow on the day is left out."""

    quality: tuple[Option, ...] = _offered(Reason.QUALITY, "Poor quality or faulty.")
    not_as_described: tuple[Option, ...] = _offered(Reason.NOT_AS_DESCRIBED, "Not as described.")
    wrong_item: tuple[Option, ...] = _offered(Reason.WRONG_ITEM, "The wrong thing was sent.")
    missing_item: tuple[Option, ...] = _offered(Reason.MISSING_ITEM, "Something is missing.")
    damaged: tuple[Option, ...] = _offered(Reason.DAMAGED, "It arrived damaged.")
    lost: tuple[Option, ...] = _offered(Reason.LOST, "The parcel is lost.")
    signed_not_received: tuple[Option, ...] = _offered(
        Reason.SIGNED_NOT_RECEIVED, "Signed for, but the buyer has not got it."
    )
    not_received: tuple[Option, ...] = _offered(Reason.NOT_RECEIVED, "It has not come.")
    late: tuple[Option, ...] = _offered(Reason.LATE, "It is late.")
    changed_mind: tuple[Option, ...] = _offered(Reason.CHANGED_MIND, "The buyer changed their mind.")


@dataclass(frozen=True, slots=True)
class Promised:
    """What the shop promises beyond the law. Buyers are told only what is set here."""

    counterfeit_factor: int = setting(
        0,
        Whole(0, 100),
        "So many times the price is paid on top for a proven counterfeit (假一赔十: 10). 0: not promised.",
    )
    ship_within_hours: int = setting(
        48, Whole(0, 2400), "Hours from payment in which an order leaves. 0: not promised."
    )
    price_protection_days: int = setting(
        0, Whole(0, 365), "Days after payment in which a lower price is made up for (保价). 0: not promised."
    )


@dataclass(frozen=True, slots=True)
class Granting:
    """How far each may go alone. A currency that is not named can be granted by the owner only."""

    bot: Amounts = setting(
        Amounts({"CNY": Money(2_000, "CNY"), "USD": Money(300, "USD")}),
        SUMS,
        "What the bot grants by itself, at once.",
    )
    agent: Amounts = setting(
        Amounts({"CNY": Money(200_000, "CNY"), "USD": Money(30_000, "USD")}), SUMS, "What an agent grants."
    )
    senior: Amounts = setting(
        Amounts({"CNY": Money(1_000_000, "CNY"), "USD": Money(150_000, "USD")}),
        SUMS,
        "What a senior grants. The owner may grant anything.",
    )
    two_people: Amounts = setting(
        Amounts({"CNY": Money(500_000, "CNY"), "USD": Money(75_000, "USD")}),
        SUMS,
        "Money above this leaves only when two people have approved it.",
    )
    group_acts: bool = setting(
        True,
        Flag(),
        "Who is in the staff group acts as an agent there, also without an account of their own (`shouhou staff`). "
        "false: only who has an account that names their Telegram id.",
    )


@dataclass(frozen=True, slots=True)
class Payouts:
    """Who pays the refunds."""

    method: Literal["manual", "webhook"] = setting(
        "manual",
        Choice(("manual", "webhook")),
        "manual: an agent transfers and says so. webhook: your payment service is told; needs url and "
        "SHOUHOU_PAYOUT_SECRET.",
    )
    url: str = setting(
        "",
        Url(("https", "http"), may_be_empty=True),
        "Where orders to pay are posted, signed (docs/payouts.md).",
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """How agents look after buyers. What a buyer is told first of the wait is `policy.agent_minutes`."""

    lease_minutes: int = setting(
        30,
        Whole(0, 1440),
        "Minutes an agent may be silent in a conversation they hold. Then it goes back to the bot, or, where the buyer waits "
        "for an answer, into the queue. 0: they hold it until they give it back.",
    )
    next_minutes: int = setting(
        30,
        Whole(1, 10080),
        "Minutes of shop hours in which an agent answers a buyer they talk with already.",
    )
    warn_percent: int = setting(
        75,
        Whole(1, 99),
        "Percent of the time for an answer, or for settling it, after which the agents are reminded. When it is over, it goes "
        "before others.",
    )
    resolve_hours: int = setting(
        0,
        Whole(0, 1000),
        "Hours of shop hours in which agents settle what they took up, from the call for a person to giving it back. 0: no "
        "such time.",
    )
    mode: Literal["bot_first", "mixed", "human_first"] = setting(
        "bot_first",
        Choice(tuple(Mode)),
        "Who answers while the shop is open. bot_first: the bot, until a person is needed. mixed: the bot where it is sure, "
        "people where it would have to ask what is meant. human_first: people, with the bot's drafts.",
    )
    routing: Literal["queue", "round_robin"] = setting(
        "queue",
        Choice(tuple(Routing)),
        "queue: who waits is taken by whoever is free. round_robin: given to the agents who are there, in turn, by language "
        "and up to `capacity`; needs accounts (`shouhou staff`).",
    )
    capacity: int = setting(
        5, Whole(1, 100), "Conversations an agent is given at most, unless their account says otherwise."
    )
    away_minutes: int = setting(
        30,
        Whole(1, 1440),
        "Minutes without an act or an open page after which an agent counts as away: they are given nothing, and who waits "
        "for their answer goes back into the queue.",
    )
    undo_seconds: int = setting(
        60,
        Whole(1, 3600),
        "Seconds after their last words in which an agent's /undo takes them back. What is older is deleted by answering it "
        "with /delete.",
    )
    claim_first: bool = setting(
        False,
        Flag(),
        "What an agent writes goes to the buyer only once they have claimed the conversation. Off: who writes takes it over.",
    )


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What buyers hear without asking once a case is over, and how long an open question waits for its answer."""

    ask: bool = setting(
        True,
        Flag(),
        "Once the bank's days are over, ask whether the money has come, and how well it went. Where a parcel was sent, only "
        "the latter.",
    )
    quiet_from: time = setting(
        time(22), Clock(), "From here on nothing is said unasked, shop time; it comes after the quiet hours."
    )
    quiet_to: time = setting(time(8), Clock(), "Until here. The same as `quiet_from`: no quiet hours.")
    low_score: int = setting(
        2, Whole(0, 5), "Up to this score, of 1 to 5, an apology is made and a person is called. 0: never."
    )
    visit_after_days: int = setting(
        0,
        Whole(0, 365),
        "Days after a case was solved in which a regular buyer is asked how they are, once. 0: never.",
    )
    visit_orders: int = setting(3, Whole(1, 1000), "Paid orders from which on a buyer is a regular one.")
    forget_hours: int = setting(
        24,
        Whole(1, 720),
        "Hours after which a question that was asked takes no message for its answer any more: the buyer is asked once "
        "whether to go on. Its buttons still work.",
    )
