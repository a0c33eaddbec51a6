"""The dossier's facts for machines: the same as on the page, in no language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from bot.desk.dossier.exhibits import Exhibit
from bot.desk.dossier.material import Material
from bot.desk.dossier.page import text_of
from bot.desk.dossier.verdicts import Judged
from bot.domain.cases import Case, Entry
from bot.domain.messages import Attachment
from bot.domain.money import Money
from bot.domain.orders import Order, Parcel
from bot.pipeline.turns import Line

FORMAT = "shouhou-dossier/1"


def facts(material: Material, found: Sequence[Exhibit]) -> str:
    """JSON of ASCII characters only, with all times in UTC."""
    numbers = {one.sent.ref: one.number for one in found}
    told = {
        "format": FORMAT,
        "as_of": _at(material.as_of),
        "case": _case(material.case, numbers),
        "history": [_entry(entry, numbers) for entry in material.history],
        "verdicts": [_judged(judged) for judged in material.verdicts],
        "order": _order(material.order),
        "exhibits": [_exhibit(one) for one in found],
        "channel": material.conversation.channel,
        "buyer": material.conversation.name,
        "transcript": [_line(line, numbers) for line in material.lines],
    }
    return json.dumps(told, indent=1)


def _case(case: Case, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "number": case.number,
        "order": case.order_number,
        "lines": list(case.lines),
        "kind": case.kind.value,
        "state": case.state.value,
        "locked": case.locked,
        "goods": case.goods.value,
        "reason": case.reason.value,
        "phase": case.phase.value,
        "responsibility": case.responsibility.value,
        "rule": case.rule,
        "subject": case.subject,
        "amount": _money(case.amount),
        "opened_at": _at(case.opened_at),
        "due_at": _at(case.due_at),
        "clock": case.clock.value if case.clock else None,
        "waybill": case.waybill,
        "version": case.version,
        "evidence": _numbered(case.evidence, numbers),
    }


def _entry(entry: Entry, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "version": entry.version,
        "at": _at(entry.act.at),
        "by": entry.act.by.value,
        "who": entry.act.who,
        "event": entry.act.event.value,
        "from": entry.start.value if entry.start else None,
        "to": entry.end.value,
        "why": entry.act.why,
        "waybill": entry.act.waybill,
        "amount": _money(entry.act.amount) if entry.act.amount else None,
        "evidence": _numbered(entry.act.evidence, numbers),
    }


def _judged(judged: Judged) -> dict[str, Any]:
    verdict = judged.verdict
    return {
        "asked": judged.question,
        "judged_at": _at(judged.at),
        "allowed": verdict.allowed,
        "rule": verdict.rule.value,
        "until": _at(verdict.until),
    }


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "buyer": order.buyer_name,
        "placed_at": _at(order.placed_at),
        "paid_at": _at(order.paid_at),
        "shipped_at": _at(order.shipped_at),
        "signed_at": _at(order.signed_at),
        "completed_at": _at(order.completed_at),
        "paid": _money(order.paid),
        "lines": [
            {
                "number": line.number,
                "sku": line.sku,
                "title": line.title,
                "category": line.category,
                "quantity": line.quantity,
                "paid": _money(line.paid),
            }
            for line in order.lines
        ],
        "parcels": [_parcel(parcel) for parcel in order.parcels],
    }


def _parcel(parcel: Parcel) -> dict[str, Any]:
    return {
        "number": parcel.number,
        "carrier": parcel.carrier,
        "state": parcel.state.value,
        "shipped_at": _at(parcel.shipped_at),
        "learned_at": _at(parcel.as_of),
        "events": [{"at": _at(one.at), "place": one.place, "text": one.text} for one in parcel.events],
    }


def _exhibit(one: Exhibit) -> dict[str, Any]:
    return {
        "number": one.number,
        "medium": one.sent.medium.value,
        "called": one.sent.name,
        "album": one.sent.album,
        "by": one.by.value,
        "at": _at(one.at),
        "evidence": one.evidence,
        "path": one.path or None,
        "sha256": one.sha256 or None,
        "type": one.mime or None,
        "size": one.size,
        "missing": one.trouble or None,
    }


def _line(line: Line, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "at": _at(line.at),
        "who": line.who.value,
        "name": line.name,
        "text": text_of(line),
        "buttons": [label for label, _ in line.buttons],
        "exhibits": _numbered(line.attachments, numbers),
        "places": [file.name for file in line.attachments if not file.ref],
        "delivery": line.delivery,
    }


def _numbered(files: Sequence[Attachment], numbers: dict[str, int]) -> list[int]:
    return [numbers[file.ref] for file in files if file.ref in numbers]


def _money(amount: Money) -> dict[str, str]:
    return {"amount": str(amount.decimal), "currency": amount.currency}


def _at(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat() if when else None
