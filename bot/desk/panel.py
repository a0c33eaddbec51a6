"""What an agent sees beside a conversation: the buyer, their orders, their cases and what may be done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.channels.web.lines import shown_file
from bot.channels.web.rich import plain
from bot.domain.cases import BACK, GOODS, MONEY, Case, Entry, Event, Role
from bot.domain.conversation import Conversation
from bot.domain.files import Filed, grouped
from bot.domain.machine import needs, possible
from bot.domain.messages import Attachment
from bot.domain.money import Money
from bot.domain.orders import Order, Parcel
from bot.domain.refunds import Refund, RefundEvent
from bot.domain.transitions import TRANSITIONS, Needs
from bot.flows.payment import open_to_agents
from bot.pipeline.looks import Past, Waiting
from bot.pipeline.turns import Known

Link = Callable[[Attachment], str]

WITH_WORDS = frozenset(
    {row.event for row in TRANSITIONS if Role.AGENT in row.by and row.needs}
    | {RefundEvent.FAIL, RefundEvent.CANCEL}
)
"""Acts for which the agent must give words: why, the waybill, an amount."""
_GRANTED = frozenset({Event.AGREE, Event.GOODS_INTACT, Event.RULE_FOR_BUYER})
"""Acts by which the buyer gets what was asked for: money, or goods."""


def listed(waiting: Waiting) -> dict[str, Any]:
    """A conversation in the list."""
    conversation, flag = waiting.conversation, waiting.conversation.flag
    return {
        **_who(conversation),
        "holder": conversation.holder.value,
        "agent": conversation.agent,
        "language": conversation.language,
        "waitsSince": _at(conversation.watch.waits_since),
        "warnAt": _at(conversation.watch.warn_at),
        "answerBy": _at(conversation.watch.answer_by),
        "snoozedUntil": _at(conversation.watch.snoozed_until),
        "reason": flag.reason.value if flag else "",
        "priority": flag.priority.value if flag else "",
        "since": _at(flag.at if flag else None),
        "last": plain(waiting.last_line)[:160],
        "lastAt": _at(waiting.last_at),
        "state": waiting.state.value if waiting.state else "",
        "dueAt": _at(waiting.due_at),
    }


def panel(
    conversation: Conversation,
    known: Known,
    past: Past,
    histories: Mapping[str, list[Entry]],
    link: Link,
    filed: Mapping[str, Filed],
) -> dict[str, Any]:
    """All beside the conversation."""
    cases = sorted(known.cases, key=lambda case: (not case.open, -case.opened_at.timestamp()))
    elsewhere = {case.number: _elsewhere(case, conversation) for case in cases}
    flag, watch = conversation.flag, conversation.watch
    return {
        **_who(conversation),
        "waitsSince": _at(watch.waits_since),
        "answerBy": _at(watch.answer_by),
        "leaseUntil": _at(watch.lease_until),
        "draft": asdict(conversation.draft) if conversation.draft else None,
        "holder": conversation.holder.value,
        "agent": conversation.agent,
        "reason": flag.reason.value if flag else "",
        "priority": flag.priority.value if flag else "",
        "language": conversation.language,
        "orders": [_order(order) for order in known.orders],
        "cases": [
            _case(case, histories.get(case.number, []), link, filed) | elsewhere[case.number]
            for case in cases
        ],
        "refunds": [
            _refund(refund, refund.key in known.on_their_way) | elsewhere.get(refund.case, {})
            for refund in known.refunds
        ],
        "others": [listed(one) for one in past.others],
        "scores": dict(past.scores),
    }


def acts(case: Case) -> list[dict[str, Any]]:
    """What an agent may do with the case now: just what the transition table allows."""
    wanted = ((event, needs(case, event, Role.AGENT)) for event in possible(case, Role.AGENT))
    return [
        {"act": event.value, "words": next(iter(sorted(need)), ""), "does": _does(case, event)}
        for event, need in wanted
        if Needs.EVIDENCE not in need  # a file is added by sending it
    ]


def _does(case: Case, event: Event) -> str:
    """What follows at once where money or goods move, worded as ``does_…``; empty elsewhere."""
    if event is Event.AGREE_RETURN:
        return "asks_back"
    if event is Event.RULE_SPLIT:
        return "pays"
    if event not in _GRANTED or case.kind not in MONEY | GOODS:
        return ""
    moved = "pays" if case.kind in MONEY else "sends"
    return f"{moved}_unreturned" if event is Event.AGREE and case.kind in BACK else moved


def _elsewhere(case: Case, here: Conversation) -> dict[str, Any]:
    """Where the buyer of a case talks to the shop, if not here: only there would they hear of what is done with it."""
    return {} if case.conversation_id == here.id else {"elsewhere": case.conversation_id, "acts": []}


def _then(case: Case) -> str:
    """The state that the shop's silence leads to; empty where it leads nowhere, or the clock that runs is somebody else's."""
    if case.clock is not Event.SELLER_TIMEOUT:
        return ""
    ends = (row.end for row in TRANSITIONS if row.event is case.clock and row.fits(case))
    return next((end.value for end in ends if end is not case.state), "")


def _refund(refund: Refund, on_its_way: bool) -> dict[str, Any]:
    """Money that is to leave, and what an agent may do about it."""
    shown = open_to_agents(refund, on_its_way=on_its_way)
    return {
        "key": refund.key,
        "case": refund.case,
        "purpose": refund.purpose.value,
        "amount": _money(refund.amount),
        "state": refund.state.value,
        "version": refund.version,
        "reference": refund.reference,
        "problem": refund.problem,
        "approved": list(refund.approved),
        "people": refund.people,
        "acts": [{"act": event.value, "words": "why" if event in WITH_WORDS else ""} for event in shown],
    }


def _who(conversation: Conversation) -> dict[str, Any]:
    return {"id": conversation.id, "name": conversation.name, "channel": conversation.channel}


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "placedAt": _at(order.placed_at),
        "paidAt": _at(order.paid_at),
        "signedAt": _at(order.signed_at),
        "paid": _money(order.paid),
        "lines": [
            {"title": line.title, "quantity": line.quantity, "paid": _money(line.paid)}
            for line in order.lines
        ],
        "parcels": [_parcel(parcel) for parcel in order.parcels],
    }


def _parcel(parcel: Parcel) -> dict[str, Any]:
    last = parcel.last_event
    return {
        "number": parcel.number,
        "carrier": parcel.carrier,
        "state": parcel.state.value,
        "eta": _at(parcel.eta),
        "link": parcel.link,
        "last": {"at": _at(last.at), "text": last.text, "place": last.place} if last else None,
    }


def _case(case: Case, history: list[Entry], link: Link, filed: Mapping[str, Filed]) -> dict[str, Any]:
    return {
        "number": case.number,
        "order": case.order_number,
        "kind": case.kind.value,
        "state": case.state.value,
        "open": case.open,
        "locked": case.locked,
        "reason": case.reason.value,
        "goods": case.goods.value,
        "responsibility": case.responsibility.value,
        "subject": case.subject,
        "amount": _money(case.amount) if case.amount else None,
        "offer": _money(case.offer) if case.offer else None,
        "promised": _money(case.promised) if case.promised else None,
        "freight": _money(case.freight) if case.freight else None,
        "dueAt": _at(case.due_at),
        "clock": case.clock.value if case.clock else "",
        "then": _then(case),
        "waybill": case.waybill,
        "sentWaybill": case.sent_waybill,
        "version": case.version,
        "evidence": [
            [shown_file(file, link, filed.get(file.ref)) for file in album]
            for album in grouped(case.evidence)
        ],
        "dossier": f"/desk/cases/{quote(case.number, safe='')}/dossier",
        "acts": acts(case),
        "history": [_entry(entry) for entry in history],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "at": _at(entry.act.at),
        "by": entry.act.by.value,
        "who": entry.act.who,
        "event": entry.act.event.value,
        "end": entry.end.value,
        "why": entry.act.why or entry.act.waybill,
        "files": len(entry.act.evidence),
    }


def _money(amount: Money) -> dict[str, str]:
    return {"amount": str(amount.decimal), "currency": amount.currency}


def _at(when: datetime | None) -> str:
    return when.isoformat() if when else ""
