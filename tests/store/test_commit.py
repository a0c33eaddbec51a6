"""A turn is written whole or not at all; cases move once; money is ordered once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain import refunds
from bot.domain.cases import Case, Event, Kind, Phase, Responsibility, Role
from bot.domain.conversation import Conversation, DraftReply, Flag, FlagReason, Holder, Priority, Talk
from bot.domain.decision import LinkOrder, MoveCase, MoveRefund, OpenCase
from bot.domain.messages import Attachment, Medium
from bot.domain.refunds import RefundAct, RefundEvent
from bot.domain.watch import Watch
from bot.errors import StoreError
from bot.pipeline.deliveries import Draft
from bot.store.database import SqlDatabase
from tests.store.samples import (
    HOUR,
    NOW,
    case_now,
    claim,
    cny,
    commits,
    message,
    moved,
    opened,
    order,
    outturn,
    receive,
    shop_with,
    talk,
)
from tests.stores import everything, put, rows

SLOTS = {"order": "A1", "reason": "quality"}
PHOTO = Attachment(Medium.PHOTO, "telegram:1", "box.jpg", 12)


def in_the_middle(conversation: Conversation) -> Conversation:
    """Every field other than where it began."""
    return replace(
        conversation,
        name="林小满",
        language="zh",
        language_fixed=True,
        holder=Holder.QUEUED,
        agent="小周",
        flag=Flag(FlagReason.ASK_SELLER, Priority.HIGH, NOW, "快点 🙏"),
        talk=Talk("request_refund", "7", SLOTS, "confirm", (PHOTO,)),
        parked=Talk("track_parcel", "5"),
        misses=1,
        link_failures=2,
    )


async def test_a_turn_writes_conversation_case_history_clock_lines_outbox_and_the_end_of_its_row(
    database: SqlDatabase,
) -> None:
    ann = await shop_with(database, order())
    await receive(database, message("refund", 1))
    [claimed] = await claim(database)
    opening = opened(ann.id)
    turn = outturn(ann, opening, rows=claimed.rows, after=in_the_middle(ann), said=("Done.", "More?"))
    await database.write_alone(commits(turn))

    assert await database.read(lambda unit: unit.conversation(ann.id)) == in_the_middle(ann)
    assert await database.read(lambda unit: unit.cases(ann.id)) == [opening.outcome.case]
    assert await database.read(lambda unit: unit.history("R1")) == [opening.outcome.entry]
    clocks = {row["kind"]: (row["due_at"], row["state"]) for row in await rows(database, "deadlines")}
    assert clocks == {
        "remind_seller": (NOW + 66 * HOUR, "waiting"),
        "seller_timeout": (NOW + 72 * HOUR, "waiting"),
    }
    said = await database.read(lambda unit: unit.transcript(ann.id))
    assert [(line.text, line.delivery) for line in said] == [("Done.", "queued"), ("More?", "queued")]
    sent = await database.write_alone(lambda unit: unit.lease(NOW, ["web"], 10))
    assert [(one.text, one.address, one.language) for one in sent] == [("Done.", "ann", "zh")]
    assert [row["state"] for row in await rows(database, "inbox")] == ["done"]


async def test_a_conversation_that_did_not_change_is_not_written(database: SqlDatabase) -> None:
    ann = await talk(database)
    before = await rows(database, "conversations")
    await database.write_alone(commits(outturn(ann, said=("hm",)), at=NOW + HOUR))
    assert await rows(database, "conversations") == before


def _no_draft(address: str) -> Draft:
    """One that no database takes."""
    nothing: Any = None
    return Draft(nothing, address, "a:1", "More?")


async def test_when_the_last_statement_of_a_commit_fails_nothing_has_happened(database: SqlDatabase) -> None:
    ann, bob = await shop_with(database, order()), await talk(database, "bob")
    await receive(database, message("refund", 1), message("hi", 2, "bob"))
    of_ann, of_bob = await claim(database)
    before = await everything(database)
    turns = [
        outturn(bob, rows=of_bob.rows, after=in_the_middle(bob), said=("hi",), key="b"),
        replace(
            outturn(
                ann, opened(ann.id), rows=of_ann.rows, after=in_the_middle(ann), said=("Done.",), key="a"
            ),
            drafts=(Draft("web", "ann", "a:0", "Done."), _no_draft("ann")),  # the outbox is written last
        ),
    ]
    with pytest.raises(IntegrityError):
        await database.write_alone(commits(*turns))
    assert await everything(database) == before


async def test_the_same_reply_key_is_queued_once(database: SqlDatabase) -> None:
    ann = await talk(database)
    for _ in range(2):
        await database.write_alone(commits(outturn(ann, said=("hello",), key="9")))
    assert [row["key"] for row in await rows(database, "outbox")] == ["9:0"]


# -- cases --------------------------------------------------------------------------------------------------------


async def test_one_open_case_an_order_line_even_when_two_turns_race(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    bob = await shop_with(database, order(), address="bob")
    both = await asyncio.gather(
        database.write_alone(commits(outturn(ann, opened(ann.id, "R1", lines=(1, 2))))),
        database.write_alone(commits(outturn(bob, opened(bob.id, "R2", lines=(2,))))),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in both if outcome is not None] == [IntegrityError]
    [case] = await rows(database, "cases")
    assert {row["case_number"] for row in await rows(database, "open_lines")} == {case["number"]}
    assert {row["case_number"] for row in await rows(database, "case_history")} == {case["number"]}


async def test_cases_over_different_lines_of_an_order_stand_side_by_side(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = [opened(ann.id, "R1", lines=(1,)), opened(ann.id, "R2", lines=(2,))]
    await database.write_alone(commits(outturn(ann, *opening)))
    assert len(await rows(database, "open_lines")) == 2


async def test_an_ended_case_frees_its_lines_for_another(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id)
    await database.write_alone(commits(outturn(ann, opening)))
    await database.write_alone(commits(outturn(ann, moved(opening.outcome.case, Event.REVOKE, Role.BUYER))))
    assert await rows(database, "open_lines") == []
    await database.write_alone(commits(outturn(ann, opened(ann.id, "R2"))))
    assert len(await rows(database, "open_lines")) == 1


async def test_a_case_comes_back_as_it_went_in(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id, kind=Kind.RETURN_REFUND)
    case = replace(
        opening.outcome.case,
        evidence=(PHOTO,),
        waybill="SF 1",
        sent_waybill="YT 2",
        locked=True,
        stopped=Event.SELLER_TIMEOUT,
        left=3 * HOUR,
        missed=2,
        freight=cny(1_200),
        promised=cny(59_900),
        offer=cny(500),
        responsibility=Responsibility.CARRIER,
        phase=Phase.AFTERSALE,
        rule="fault_window",
        subject="the box was open",
    )
    outcome = replace(opening.outcome, case=case, entry=replace(opening.outcome.entry, born=case))
    await database.write_alone(commits(outturn(ann, OpenCase(outcome))))
    assert await case_now(database, ann.id) == case
    assert await database.read(lambda unit: unit.history("R1")) == [outcome.entry]


async def test_a_move_from_an_old_version_is_refused_and_changes_nothing(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id)
    await database.write_alone(commits(outturn(ann, opening)))
    refusal = moved(opening.outcome.case, Event.REFUSE, Role.AGENT, why="worn")
    agreement = moved(opening.outcome.case, Event.AGREE, Role.AGENT)
    await database.write_alone(commits(outturn(ann, refusal)))
    before = await everything(database)
    with pytest.raises(StoreError, match="moved meanwhile"):
        await database.write_alone(commits(outturn(ann, agreement, said=("paid",))))
    assert await everything(database) == before


async def test_of_two_agents_who_decide_at_once_one_decides(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    opening = opened(ann.id)
    await database.write_alone(commits(outturn(ann, opening)))
    agreement, refusal = (
        moved(opening.outcome.case, Event.AGREE, Role.AGENT),
        moved(opening.outcome.case, Event.REFUSE, Role.AGENT, why="worn"),
    )
    both = await asyncio.gather(
        database.write_alone(commits(outturn(ann, agreement))),
        database.write_alone(commits(outturn(ann, refusal))),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in both if outcome is not None] == [StoreError]
    assert (await case_now(database, ann.id)).version == 2
    assert [entry.version for entry in await database.read(lambda unit: unit.history("R1"))] == [1, 2]


async def test_history_tells_every_move_in_order(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    steps = [opened(ann.id, kind=Kind.RETURN_REFUND)]
    case = steps[0].outcome.case
    entries = [steps[0].outcome.entry]
    await database.write_alone(commits(outturn(ann, *steps)))
    for event, by, why in (
        (Event.AGREE_RETURN, Role.AGENT, ""),
        (Event.SHIP_BACK, Role.BUYER, "SF123"),
        (Event.GOODS_INTACT, Role.AGENT, ""),
    ):
        step = moved(case, event, by, waybill=why, at=NOW + HOUR)
        await database.write_alone(commits(outturn(ann, step)))
        case, entries = step.outcome.case, [*entries, step.outcome.entry]
    assert await database.read(lambda unit: unit.history("R1")) == entries
    assert await case_now(database, ann.id) == case


# -- money --------------------------------------------------------------------------------------------------------


def paid_out(case: Case, key: str = "refund:R1") -> MoveCase:
    """The shop agrees, and the money is ordered under this key."""
    move = moved(case, Event.AGREE, Role.AGENT, paid=(20_000, 20_000))
    [(refund, line)] = move.outcome.refunds
    keyed = (replace(refund, key=key), replace(line, key=key))
    return MoveCase(replace(move.outcome, refunds=(keyed,)))


async def test_a_refund_comes_back_as_it_went_in_with_its_line_in_the_ledger(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", 10_000))
    opening = opened(ann.id, minor=1_000)
    move = moved(opening.outcome.case, Event.AGREE, Role.AGENT)
    await database.write_alone(commits(outturn(ann, opening, move)))
    [(refund, line)] = move.outcome.refunds
    known = await database.read(lambda unit: unit.known((ann.id,)))
    assert known[ann.id].refunds == (refund,)
    [row] = await rows(database, "ledger")
    assert (row["key"], row["version"], row["end"], row["amount"]) == (line.key, 1, "created", 1_000)


async def test_a_refund_key_twice_is_one_refund(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", 4_000, 6_000))
    opening = [opened(ann.id, f"R{n}", lines=(n,), minor=1_000) for n in (1, 2)]
    await database.write_alone(commits(outturn(ann, *opening, paid_out(opening[0].outcome.case))))
    with pytest.raises(IntegrityError):
        await database.write_alone(commits(outturn(ann, paid_out(opening[1].outcome.case))))
    [refund] = await rows(database, "refunds")
    assert (refund["amount"], refund["currency"], refund["state"]) == (1_000, "CNY", "created")


async def test_refunds_of_an_order_never_exceed_what_was_paid_whoever_asks(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", 6_000, 4_000))
    opening = [opened(ann.id, f"R{n}", lines=(n,), minor=minor) for n, minor in ((1, 6_000), (2, 4_001))]
    first, second = (paid_out(one.outcome.case, f"refund:{n}") for n, one in enumerate(opening))
    await database.write_alone(commits(outturn(ann, *opening, first)))
    with pytest.raises(StoreError, match="more than the"):
        await database.write_alone(commits(outturn(ann, second)))
    assert [row["key"] for row in await rows(database, "refunds")] == ["refund:0"]


async def test_two_refunds_ordered_at_once_do_not_slip_past_each_other(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", 6_000, 4_000))
    opening = [opened(ann.id, f"R{n}", lines=(n,), minor=6_000) for n in (1, 2)]
    await database.write_alone(commits(outturn(ann, *opening)))
    moves = [paid_out(one.outcome.case, f"refund:{n}") for n, one in enumerate(opening)]
    both = await asyncio.gather(
        *(database.write_alone(commits(outturn(ann, one))) for one in moves),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in both if outcome is not None] == [StoreError]
    assert len(await rows(database, "refunds")) == 1


async def test_of_two_agents_who_pay_at_once_one_has_paid(database: SqlDatabase) -> None:
    ann = await shop_with(database, order("A1", 10_000))
    opening = opened(ann.id, minor=1_000)
    move = moved(opening.outcome.case, Event.AGREE, Role.AGENT)
    await database.write_alone(commits(outturn(ann, opening, move)))
    [(refund, _)] = move.outcome.refunds
    paid = MoveRefund(*refunds.move(refund, RefundAct(RefundEvent.SUCCEED, NOW, "Amy", "T1")))
    both = await asyncio.gather(
        *(database.write_alone(commits(outturn(ann, paid))) for _ in range(2)), return_exceptions=True
    )
    assert [type(outcome) for outcome in both if outcome is not None] == [StoreError]
    assert [row["end"] for row in await rows(database, "ledger")] == ["created", "done"]


# -- links --------------------------------------------------------------------------------------------------------


async def test_an_order_linked_twice_is_linked_once(database: SqlDatabase) -> None:
    ann = await shop_with(database, order())
    await database.write_alone(
        commits(outturn(ann, LinkOrder("A1", "contact"), LinkOrder("A1", "signed_link")))
    )
    assert [row["how"] for row in await rows(database, "order_links")] == ["test"]


async def test_a_link_to_an_order_nobody_knows_is_refused(database: SqlDatabase) -> None:
    ann = await talk(database)
    with pytest.raises(IntegrityError):
        await database.write_alone(commits(outturn(ann, LinkOrder("B9", "contact"), said=("linked",))))
    assert await rows(database, "lines") == []


async def test_a_conversation_of_an_older_release_is_still_read(database: SqlDatabase) -> None:
    talk_of_then = {"flow": "track_parcel", "token": "1", "slots": {}, "asking": "", "attachments": []}
    await put(
        database,
        "conversations",
        channel="web",
        address="old",
        state={"talk": {**talk_of_then, "mood": "a field that is no more"}, "parked": None},
        created_at=NOW,
        updated_at=NOW,
    )
    await receive(database, message("hi", 1, "old"))
    [claimed] = await claim(database)
    assert claimed.conversation.talk == Talk("track_parcel", "1")


async def test_a_conversation_that_a_newer_release_beside_this_one_wrote_is_still_read(
    database: SqlDatabase,
) -> None:
    newer = {"watch": {"answered": True, "mood": "new"}, "draft": {"id": "1", "text": "hi", "tone": "new"}}
    await put(
        database,
        "conversations",
        channel="web",
        address="new",
        state=newer,
        created_at=NOW,
        updated_at=NOW,
    )
    found = await talk(database, "new")
    assert (found.watch, found.draft) == (Watch(answered=True), DraftReply("1", "hi"))
