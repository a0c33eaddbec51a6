"""Transaction 2: everything a turn came to, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, update

from bot.domain.decision import (
    ComeOrGo,
    Give,
    KeepFeedback,
    KeepScore,
    LinkOrder,
    MoveCase,
    MoveRefund,
    OpenCase,
    PutOff,
    Recall,
    TakeBack,
)
from bot.domain.engine import Outcome
from bot.domain.messages import Attachment
from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Purpose, Refund, RefundState
from bot.errors import StoreError
from bot.pipeline.buyers import ERASED
from bot.pipeline.deliveries import Draft
from bot.pipeline.payouts import CHANNEL as PAYOUT
from bot.pipeline.tidings import Bell
from bot.pipeline.turns import Line, Outturn
from bot.store.auditing import Auditing
from bot.store.case_codec import case_row, entry_row, ledger_row, refund_row
from bot.store.clocks import due_row
from bot.store.codec import attachments_out, conversation_row, explanation_out, manner_out, order_of
from bot.store.filing import Filing
from bot.store.inbox import Inbox
from bot.store.part import of_shop
from bot.store.rounds import Rounds
from bot.store.said_after import SaidAfter
from bot.store.staffing import Staffing
from bot.store.tables import (
    case_history,
    cases,
    conversations,
    deadlines,
    ledger,
    lines,
    open_lines,
    order_links,
    orders,
    outbox,
    refunds,
)
from bot.store.watches import Watches

_REMEMBER = update(conversations).where(of_shop(conversations), conversations.c.id == bindparam("id_"))
_MOVE_CASE = update(cases).where(
    of_shop(cases),
    cases.c.number == bindparam("number_"),
    cases.c.version == bindparam("version_before"),
)
_STOP_WAITING = (
    update(deadlines)
    .where(of_shop(deadlines), deadlines.c.case_number == bindparam("case"), deadlines.c.state == "waiting")
    .values(state="dropped")
)
_UNCOVER = delete(open_lines).where(of_shop(open_lines), open_lines.c.case_number == bindparam("case"))


class Commit(Inbox, Filing, SaidAfter, Watches, Auditing, Staffing, Rounds):
    """Writes turns."""

    def commit(self, turns: Sequence[Outturn], now: datetime) -> None:
        """Write all turns; StoreError (and so a rollback) when a row was done or a case moved by someone else."""
        if rows := [row for turn in turns for row in turn.rows]:
            self.finish(rows, now)
        self._remember(turns, now)
        for turn in turns:
            for effect in turn.effects:
                self._effect(turn, effect, now)
        self._say(turns, now)
        self._note(turns, now)
        self._tell(conversations=(turn.conversation.id for turn in turns))

    def _note(self, turns: Sequence[Outturn], now: datetime) -> None:
        """What people did, which also shows that they are there."""
        self.note_deeds(deed for turn in turns for deed in turn.deeds)
        if there := {turn.actor for turn in turns if turn.actor}:
            self.seen(there, now)

    def _remember(self, turns: Sequence[Outturn], now: datetime) -> None:
        last = {turn.conversation.id: turn.conversation for turn in turns}
        first = {turn.conversation.id: turn.before for turn in reversed(turns)}
        rows = [
            {"id_": number, "updated_at": now, **conversation_row(conversation)}
            for number, conversation in last.items()
            if conversation != first[number]
        ]
        if rows:
            self._run_each(_REMEMBER, rows)
        self._watch((first[number], conversation) for number, conversation in last.items())

    def _effect(self, turn: Outturn, effect: object, now: datetime) -> None:  # noqa: C901 -- one line for each there is
        match effect:
            case LinkOrder(order_number, how):
                row = {
                    "conversation_id": turn.conversation.id,
                    "order_number": order_number,
                    "how": how,
                    "at": now,
                }
                self._insert_new(order_links, [row])
            case OpenCase(outcome):
                self._open_case(outcome)
            case MoveCase(outcome):
                self._move_case(outcome)
            case MoveRefund(refund, line):
                self._move_refund(refund, line)
            case Recall(order, answered):
                self._recall(order, answered=answered)
            case PutOff(due):
                self._put_off(due)
            case KeepFeedback(said):
                self._keep_feedback(said)
            case KeepScore(told):
                self._keep_score(told)
            case TakeBack(key):
                self._take_back(turn.conversation.id, key, now)
            case Give(staff):
                self._give(staff, now)
            case ComeOrGo(staff, here):
                self.set_away(staff, away=not here)

    def _take_back(self, conversation_id: int, key: str, now: datetime) -> None:
        """Not sent any more if nobody tried to; no longer shown where the shop itself shows it."""
        waits = and_(outbox.c.key == key, outbox.c.state == "queued", outbox.c.uncertain == 0)
        self._run(update(outbox).where(of_shop(outbox), waits).values(state="withdrawn"))
        self._run(
            update(lines)
            .where(
                of_shop(lines),
                lines.c.conversation_id == conversation_id,
                lines.c.outbox_key == key,
                lines.c.gone.is_(None),
            )
            .values(gone=now)
        )

    def _open_case(self, outcome: Outcome) -> None:
        case = outcome.case
        self._add(cases, [case_row(case)])
        covered = (
            {"order_number": case.order_number, "line": line, "case_number": case.number}
            for line in case.lines
        )
        self._add(open_lines, covered)
        self._add(case_history, [entry_row(outcome.entry)])
        self._wait_for(outcome)

    def _move_case(self, outcome: Outcome) -> None:
        case, entry = outcome.case, outcome.entry
        row = {**case_row(case), "number_": case.number, "version_before": entry.version - 1}
        if self._run(_MOVE_CASE, row).rowcount != 1:
            raise StoreError(f"case {case.number} moved meanwhile; the turn is taken again")
        self._add(case_history, [entry_row(entry)])
        if not case.open:
            self._run(_UNCOVER, {"case": case.number})
        self._run(_STOP_WAITING, {"case": case.number})
        self._wait_for(outcome)
        for refund, line in outcome.refunds:
            self._order_refund(refund, line)

    def _wait_for(self, outcome: Outcome) -> None:
        self._add(deadlines, (due_row(due) for due in outcome.dues))

    def _order_refund(self, refund: Refund, line: LedgerLine) -> None:
        """The order to pay, if with it no more of the price leaves than came in: the last of several guards."""
        if refund.purpose is Purpose.PRICE:
            left = self._left_to_refund(refund.order_number)
            if refund.amount > left:
                raise StoreError(
                    f"{refund.amount} for case {refund.case} is more than the {left} left of its order"
                )
        self._add(refunds, [refund_row(refund)])
        self._add(ledger, [ledger_row(line)])

    def _move_refund(self, refund: Refund, line: LedgerLine) -> None:
        statement = update(refunds).where(
            of_shop(refunds), refunds.c.key == refund.key, refunds.c.version == refund.version - 1
        )
        if self._run(statement.values(refund_row(refund))).rowcount != 1:
            raise StoreError(f"{refund.key} moved meanwhile; the turn is taken again")
        self._add(ledger, [ledger_row(line)])

    def _recall(self, order: str, *, answered: bool) -> None:
        """Take an order to pay out of the queue; a sender that has it, or once had it without an answer, is waited for."""
        mine = (of_shop(outbox), outbox.c.channel == PAYOUT, outbox.c.key == order)
        untouched = and_(outbox.c.state == "queued", outbox.c.uncertain == 0)
        open_ = outbox.c.state.in_(("queued", "sending")) if answered else untouched
        withdrawn = update(outbox).where(*mine, open_).values(state="withdrawn")
        if self._run(withdrawn).rowcount or answered:
            return
        gone = select(outbox.c.id).where(*mine, outbox.c.state != "withdrawn")
        if self._run(gone).first():
            raise StoreError(f"{order} went to whoever pays meanwhile; the turn is taken again")

    def _left_to_refund(self, order_number: str) -> Money:
        """What was paid for the order less what was ordered to be paid back; nobody else can change it meanwhile."""
        query = select(orders).where(of_shop(orders), orders.c.number == order_number)
        row = self._run(query.with_for_update() if self._many else query).mappings().one()
        paid = order_of(row, ()).paid
        returned = select(func.coalesce(func.sum(refunds.c.amount), 0)).where(
            of_shop(refunds),
            refunds.c.order_number == order_number,
            refunds.c.purpose == Purpose.PRICE.value,
            refunds.c.state != RefundState.CANCELLED.value,
        )
        return paid - Money(int(self._run(returned).scalar_one()), paid.currency)

    def _say(self, turns: Sequence[Outturn], now: datetime) -> None:
        self._add(lines, (_line_row(turn.conversation.id, line) for turn in turns for line in turn.lines))
        self._file_away(_sent_along(turns), now)
        queued = [_draft_row(turn, draft, now) for turn in turns for draft in turn.drafts]
        if self._insert_new(outbox, self._made_up_for(queued)):
            self._tell(Bell.OUTBOX)

    def _made_up_for(self, queued: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What is to be queued; of each slot the newest alone, also of what waits already and nobody ever tried to send."""
        slots = {row["key"]: slot for row in queued if (slot := _slot(row))}
        newest = {slot: key for key, slot in slots.items()}
        for channel, address, name in newest:
            self._withdraw(channel, address, name, [row["key"] for row in queued])
        return [row for row in queued if row["key"] not in slots or row["key"] in newest.values()]

    def _withdraw(self, channel: str, address: str, slot: str, keys: list[str]) -> None:
        waiting = select(outbox.c.id, outbox.c.payload).where(
            of_shop(outbox),
            outbox.c.channel == channel,
            outbox.c.address == address,
            outbox.c.state == "queued",
            outbox.c.uncertain == 0,
            outbox.c.key.not_in(keys),
        )
        found = self._run(waiting).all()
        old = [row.id for row in found if (row.payload.get("manner") or {}).get("slot") == slot]
        if old:
            self._run(
                update(outbox)
                .where(of_shop(outbox), outbox.c.id.in_(old), outbox.c.state == "queued")
                .values(state="withdrawn")
            )


def _sent_along(turns: Sequence[Outturn]) -> list[tuple[int, Attachment]]:
    """The files of what was said, and those the shop hands in with an act: no line shows them."""
    said = [
        (turn.conversation.id, file) for turn in turns for line in turn.lines for file in line.attachments
    ]
    moves = [effect.outcome for turn in turns for effect in turn.effects if isinstance(effect, MoveCase)]
    shown = [(moved.case.conversation_id, file) for moved in moves for file in moved.entry.act.evidence]
    return [*said, *shown]


def _line_row(conversation_id: int, line: Line) -> dict[str, Any]:
    return {
        "conversation_id": conversation_id,
        "who": line.who.value,
        "name": line.name,
        "text": line.text,
        "attachments": attachments_out(line.attachments),
        "buttons": _pairs(line.buttons),
        "outbox_key": line.key,
        "meaning": explanation_out(line.meaning),
        "reply": line.reply,
        "also": {tag: [words.text, _pairs(words.buttons)] for tag, words in line.also.items()} or None,
        "at": line.at,
    }


def _draft_row(turn: Outturn, draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "conversation_id": turn.conversation.id,
        "inbox_id": turn.rows[0].id if turn.rows else None,
        "channel": draft.channel,
        "address": draft.address,
        "key": draft.key,
        "payload": {
            "text": draft.text,
            "buttons": _pairs(draft.buttons),
            "attachments": attachments_out(draft.attachments),
            "manner": manner_out(draft.manner),
        },
        "state": "blocked" if draft.channel == ERASED else "queued",
        "due_at": now,
        "created_at": now,
        "yields": turn.yields and draft.channel == turn.conversation.channel,
    }


def _slot(row: dict[str, Any]) -> tuple[str, str, str] | None:
    name = (row["payload"]["manner"] or {}).get("slot")
    return (row["channel"], row["address"], name) if name else None


def _pairs(buttons: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[label, data] for label, data in buttons]
