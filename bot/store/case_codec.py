"""Cases, their history and their money to rows and back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.cases import (
    Act,
    Case,
    Change,
    Entry,
    Event,
    Goods,
    Kind,
    Phase,
    Reason,
    Responsibility,
    Role,
    State,
)
from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Purpose, Refund, RefundAct, RefundEvent, RefundState
from bot.store.codec import Row, attachments_in, attachments_out


def case_row(case: Case) -> dict[str, Any]:
    """A case as it stands."""
    return {
        "number": case.number,
        "conversation_id": case.conversation_id,
        "order_number": case.order_number,
        "lines": list(case.lines),
        "kind": case.kind.value,
        "state": case.state.value,
        "goods": case.goods.value,
        "reason": case.reason.value,
        "phase": case.phase.value,
        "responsibility": case.responsibility.value,
        "amount": case.amount.minor,
        "currency": case.amount.currency,
        "version": case.version,
        "locked": case.locked,
        "missed": case.missed,
        "clock": case.clock.value if case.clock else "",
        "due_at": case.due_at,
        "waybill": case.waybill,
        "evidence": attachments_out(case.evidence),
        "opened_at": case.opened_at,
        "facts": _facts(case),
    }


def _facts(case: Case) -> dict[str, Any]:
    """What nobody looks cases up by; only what is there."""
    found = {
        "stopped": case.stopped.value if case.stopped else None,
        "left": case.left.total_seconds() or None,
        "sent_waybill": case.sent_waybill or None,
        "freight": _money_out(case.freight),
        "promised": _money_out(case.promised),
        "offer": _money_out(case.offer),
        "rule": case.rule or None,
        "refused": case.refused or None,
        "ended_by": case.ended_by.value if case.ended_by else None,
        "subject": case.subject or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def case_of(row: Row) -> Case:
    """A case as it stands."""
    facts = row["facts"] or {}
    return Case(
        number=row["number"],
        conversation_id=row["conversation_id"],
        order_number=row["order_number"],
        lines=tuple(row["lines"]),
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        goods=Goods(row["goods"]),
        reason=Reason(row["reason"]),
        amount=Money(row["amount"], row["currency"]),
        opened_at=row["opened_at"],
        phase=Phase(row["phase"]),
        responsibility=Responsibility(row["responsibility"]),
        version=row["version"],
        locked=row["locked"],
        missed=row["missed"],
        due_at=row["due_at"],
        clock=Event(row["clock"]) if row["clock"] else None,
        stopped=Event(facts["stopped"]) if "stopped" in facts else None,
        left=timedelta(seconds=facts.get("left", 0)),
        waybill=row["waybill"],
        sent_waybill=facts.get("sent_waybill", ""),
        freight=_money_in(facts.get("freight")),
        promised=_money_in(facts.get("promised")),
        offer=_money_in(facts.get("offer")),
        rule=facts.get("rule", ""),
        refused=facts.get("refused", ""),
        ended_by=Event(facts["ended_by"]) if facts.get("ended_by") else None,
        subject=facts.get("subject", ""),
        evidence=attachments_in(row["evidence"]),
    )


def entry_row(entry: Entry) -> dict[str, Any]:
    """A line of a case's history."""
    act = entry.act
    return {
        "case_number": entry.case,
        "version": entry.version,
        "at": act.at,
        "by": act.by.value,
        "who": act.who,
        "event": act.event.value,
        "start": entry.start.value if entry.start else "",
        "end": entry.end.value,
        "why": act.why,
        "evidence": attachments_out(act.evidence),
        "facts": _entry_facts(entry),
    }


def _entry_facts(entry: Entry) -> dict[str, Any]:
    change = entry.act.change
    found = {
        "waybill": entry.act.waybill or None,
        "amount": _money_out(entry.act.amount),
        "kind": change.kind.value if change.kind else None,
        "reason": change.reason.value if change.reason else None,
        "asked": _money_out(change.amount),
        "responsibility": change.responsibility.value if change.responsibility else None,
        "until": entry.act.due_at.isoformat() if entry.act.due_at else None,
        "clock": entry.clock.value if entry.clock else None,
        "due_at": entry.due_at.isoformat() if entry.due_at else None,
        "born": _born_out(entry.born) if entry.born else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def entry_of(row: Row) -> Entry:
    """A line of a case's history."""
    facts = row["facts"] or {}
    change = Change(
        kind=Kind(facts["kind"]) if "kind" in facts else None,
        reason=Reason(facts["reason"]) if "reason" in facts else None,
        amount=_money_in(facts.get("asked")),
        responsibility=Responsibility(facts["responsibility"]) if "responsibility" in facts else None,
    )
    act = Act(
        event=Event(row["event"]),
        by=Role(row["by"]),
        at=row["at"],
        who=row["who"],
        why=row["why"],
        waybill=facts.get("waybill", ""),
        amount=_money_in(facts.get("amount")),
        change=change,
        due_at=datetime.fromisoformat(facts["until"]) if "until" in facts else None,
        evidence=attachments_in(row["evidence"]),
    )
    return Entry(
        case=row["case_number"],
        version=row["version"],
        act=act,
        start=State(row["start"]) if row["start"] else None,
        end=State(row["end"]),
        clock=Event(facts["clock"]) if "clock" in facts else None,
        due_at=datetime.fromisoformat(facts["due_at"]) if "due_at" in facts else None,
        born=_born_in(facts["born"]) if "born" in facts else None,
    )


_MOMENTS = ("opened_at", "due_at")


def _born_out(case: Case) -> dict[str, Any]:
    row = case_row(case)
    return row | {name: row[name].isoformat() if row[name] else None for name in _MOMENTS}


def _born_in(data: dict[str, Any]) -> Case:
    moments = {name: datetime.fromisoformat(data[name]) if data[name] else None for name in _MOMENTS}
    return case_of(data | moments)


def refund_row(refund: Refund) -> dict[str, Any]:
    """A refund as it stands."""
    return {
        "key": refund.key,
        "case_number": refund.case,
        "order_number": refund.order_number,
        "purpose": refund.purpose.value,
        "amount": refund.amount.minor,
        "currency": refund.amount.currency,
        "state": refund.state.value,
        "version": refund.version,
        "people": refund.people,
        "approved": list(refund.approved),
        "tries": refund.tries,
        "reference": refund.reference,
        "problem": refund.problem,
        "created_at": refund.created_at,
    }


def refund_of(row: Row) -> Refund:
    """A refund as it stands."""
    return Refund(
        key=row["key"],
        case=row["case_number"],
        order_number=row["order_number"],
        purpose=Purpose(row["purpose"]),
        amount=Money(row["amount"], row["currency"]),
        created_at=row["created_at"],
        state=RefundState(row["state"]),
        version=row["version"],
        people=row["people"],
        approved=tuple(row["approved"] or ()),
        tries=row["tries"],
        reference=row["reference"],
        problem=row["problem"],
    )


def ledger_row(line: LedgerLine) -> dict[str, Any]:
    """A line of the ledger."""
    return {
        "key": line.key,
        "version": line.version,
        "at": line.act.at,
        "who": line.act.who,
        "event": line.act.event.value,
        "start": line.start.value if line.start else "",
        "end": line.end.value,
        "amount": line.amount.minor,
        "currency": line.amount.currency,
        "reference": line.act.reference,
        "why": line.act.why,
    }


def ledger_of(row: Row) -> LedgerLine:
    """A line of the ledger."""
    act = RefundAct(
        RefundEvent(row["event"]), row["at"], who=row["who"], reference=row["reference"], why=row["why"]
    )
    start = RefundState(row["start"]) if row["start"] else None
    amount = Money(row["amount"], row["currency"])
    return LedgerLine(row["key"], row["version"], act, start, RefundState(row["end"]), amount)


def _money_out(money: Money | None) -> list[Any] | None:
    return [money.minor, money.currency] if money is not None else None


def _money_in(data: list[Any] | None) -> Money | None:
    return Money(data[0], data[1]) if data else None
