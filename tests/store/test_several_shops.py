"""Two shops in one database: whatever one asks for or does, the other's rows are neither seen nor touched."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from bot.domain.audit import Deed
from bot.domain.cases import Event, Role
from bot.domain.conversation import Conversation, Holder
from bot.domain.decision import (
    ComeOrGo,
    Effect,
    Give,
    KeepFeedback,
    KeepScore,
    LinkOrder,
    PutOff,
    Recall,
    TakeBack,
)
from bot.domain.dues import Due
from bot.domain.feedback import Cause, Feedback, Score
from bot.domain.files import FileState
from bot.domain.manner import Manner
from bot.domain.refunds import RefundState
from bot.domain.staff import StaffRole
from bot.domain.watch import Attendance, Routing
from bot.errors import AccountError, StoreError
from bot.pipeline.arrivals import Arrival, InboxRow
from bot.pipeline.buyers import Buyer
from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import STAFF, Copy, Draft, Outcome, Settled
from bot.pipeline.fetching import Fetched
from bot.pipeline.keeping import Rule
from bot.pipeline.turns import Outturn
from bot.store import tables
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import HOUR, NOBODY, NOW, commits, moved, opened, order, outturn, parcel
from tests.stores import put

Call = Callable[[SqlUnit], object]
ANN = Conversation(1, "web", "ann", name="安", holder=Holder.AGENT, agent="Mia")
LATER = NOW + 24 * HOUR
CARD = {"text": "card", "buttons": [["x", "tap:x"]], "attachments": [], "manner": {"slot": "card"}}
PHOTO = {"medium": "photo", "ref": "telegram:p", "name": "", "size": 9}
UPLOAD = {"medium": "photo", "ref": f"file:{'c' * 64}", "name": "", "size": 9}
ROW = InboxRow(1, "web", {}, NOW)
CARD_AGAIN = Draft("web", "ann", "again", "card", manner=Manner(slot="card"))


async def filled(database: SqlDatabase) -> None:
    """Something of everything, in the shop "tea"."""
    has = partial(put, database, shop="tea")
    await talked(has)
    await traded(has, database.beside("tea"))
    await worked(has)
    await database.write_alone(lambda unit: count_on(unit._connection))


def count_on(connection: Connection) -> None:
    """The rows here were given their numbers: the next ones follow."""
    if connection.dialect.name == "postgresql":
        for name in (table.name for table in tables.metadata.sorted_tables if "id" in table.c):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 100)"))


async def talked(has: Callable[..., Awaitable[None]]) -> None:
    born = {"created_at": NOW, "updated_at": NOW}
    talk = {"channel": "web", "address": "ann", "name": "安", "state": {}, "staff_thread": 5, **born}
    await has("conversations", id=1, holder="agent", agent="Mia", flagged_at=NOW, priority="urgent", **talk)
    waits = {"channel": "web", "address": "bob", "name": "Bob", "state": {}, **born}
    await has("conversations", id=2, holder="queued", flagged_at=NOW, language="zh", **waits)
    came = {"channel": "web", "payload": {}, "received_at": NOW, "due_at": NOW}
    await has("inbox", id=1, origin="due", conversation_id=1, **came)
    await has("inbox", id=2, origin="shunted", conversation_id=1, state="shunted", **came)
    await has("inbox", id=3, origin="stray", **came)
    await has(
        "inbox", id=4, origin="before", conversation_id=2, state="done", **{**came, "payload": {"text": "x"}}
    )
    goes = {"conversation_id": 1, "payload": CARD, "due_at": NOW, "created_at": NOW}
    taken = {**goes, "holder": 7}
    await has("outbox", id=1, channel=STAFF, address="1", key="card", state="sent", **goes)
    await has("outbox", id=2, channel="web", address="ann", key="said", **goes)
    await has("outbox", id=3, channel="web", address="old", key="lost", state="sending", **taken)
    await has("outbox", id=4, channel="payout", address="", key="refund:R1", **goes)
    await has("copies", conversation_id=1, channel=STAFF, ref="70", source="7", key="said")
    await has("topics", conversation_id=1, thread=5, name="安", closed=False)
    said = {"conversation_id": 1, "attachments": [UPLOAD], "buttons": [["x", "tap:x"]], "at": NOW}
    await has("lines", id=1, who="bot", text="你好", outbox_key="said", **said)
    await has("lines", id=2, who="buyer", text="hello", gone=NOW, **said)
    bare = {**said, "conversation_id": 2}
    await has("lines", id=3, who="buyer", text="hello too", **bare)
    await has(
        "files", id=1, conversation_id=1, origin="telegram", album="", received_at=NOW, due_at=NOW, **PHOTO
    )
    await has("discarded", sha256="d" * 64, at=NOW)
    held = {**PHOTO, "ref": "telegram:q", "attempts": 1}
    await has(
        "files", id=2, conversation_id=1, origin="telegram", album="", received_at=NOW, due_at=LATER, **held
    )


async def traded(has: Callable[..., Awaitable[None]], tea: SqlDatabase) -> None:
    await tea.write(lambda unit: unit.put_orders([order(), order("A2")]))
    await tea.write(lambda unit: unit.put_parcels([parcel()]))
    await has("orders", number="A3", currency="CNY", placed_at=NOW, lines=[], erased_at=NOW)
    await has("order_links", conversation_id=1, order_number="A1", how="phone", at=NOW)
    await has("order_links", conversation_id=2, order_number="A1", how="phone", at=NOW)
    await tea.write(commits(outturn(ANN, opened(1))))
    await has("feedback", conversation_id=1, sku="S1", cause="size", words="偏小", at=NOW)
    await has("scores", case_number="R1", score=5, words="", at=NOW)
    paid = {"amount": 5_990, "currency": "CNY"}
    await has(
        "refunds",
        key="refund:R1",
        case_number="R1",
        order_number="A1",
        state="created",
        created_at=NOW,
        **paid,
    )
    moves = {"who": "", "event": "create", "start": "", "end": "created", "reference": "", "why": ""}
    await has("ledger", key="refund:R1", version=1, at=NOW, **moves, **paid)


async def worked(has: Callable[..., Awaitable[None]]) -> None:
    await has(
        "staff",
        id=1,
        login="mia",
        name="Mia",
        role="agent",
        telegram=42,
        password="x",
        invitation="i",
        invited_until=LATER,
        email="mia@shop.example",
        subject="s",
        created_at=NOW,
        seen_at=NOW - 9 * HOUR,
    )
    await has("staff", id=2, login="sam", name="Sam", role="agent", created_at=NOW, seen_at=NOW)
    await has(
        "sessions", id=1, token="t", staff_id=1, how="password", opened_at=NOW, seen_at=NOW, until=LATER
    )
    told = {"at": NOW, "account": "staff:1", "name": "Mia", "act": "claim", "outcome": "done"}
    await has("audit", conversation_id=1, before={}, after={}, **told)


def turn(*effects: Effect, **more: Any) -> Call:
    """A turn in the conversation of "tea" that came to this."""
    return commits(outturn(ANN, *effects, **more))


LOOKS: dict[str, Call] = {
    "all_cases": lambda unit: unit.all_cases(ended=True),
    "cases_over": lambda unit: unit.cases_over("A1"),
    "buttons": lambda unit: unit.buttons(1),
    "buyers": lambda unit: unit.buyers("conversation:1"),
    "buyers, by an order": lambda unit: unit.buyers("order:A2"),
    "buyers, by a phone": lambda unit: unit.buyers("phone:13800001234"),
    "buyers, by an address": lambda unit: unit.buyers("web:ann"),
    "carried": lambda unit: unit.carried(1, STAFF, "70"),
    "case": lambda unit: unit.case("R1"),
    "cases": lambda unit: unit.cases(1),
    "claim": lambda unit: unit.claim(NOW, 10, NOBODY),
    "holders_gone": lambda unit: unit.holders_gone(),
    "sent_since": lambda unit: unit.sent_since(NOW, NOW),
    "colleagues": lambda unit: unit.colleagues(),
    "conversation": lambda unit: unit.conversation(1),
    "copies": lambda unit: unit.copies(1, STAFF, ["7"], "said"),
    "credentials": lambda unit: unit.credentials("mia"),
    "deeds": lambda unit: unit.deeds(),
    "discarded": lambda unit: unit.discarded(),
    "erased_orders": lambda unit: unit.erased_orders(["A3"]),
    "filed": lambda unit: unit.filed(1),
    "find_conversation": lambda unit: unit.find_conversation("web", "ann"),
    "history": lambda unit: unit.history("R1"),
    "invited": lambda unit: unit.invited("i"),
    "kept_files": lambda unit: unit.kept_files(),
    "known": lambda unit: unit.known([1])[1].orders,
    "known, by its cases": lambda unit: unit.known([1])[1].cases,
    "known, by its money": lambda unit: unit.known([1])[1].refunds,
    "last_card": lambda unit: unit.last_card(1),
    "ledger": lambda unit: unit.ledger(),
    "ledger, of an order": lambda unit: unit.ledger("A1"),
    "order": lambda unit: unit.order("A1"),
    "ordered": lambda unit: unit.ordered("refund:R1"),
    "orders_by_phone": lambda unit: unit.orders_by_phone("13800001234"),
    "overheard": lambda unit: unit.overheard(),
    "over": lambda unit: unit.over(Rule.AUDIT, LATER).rows,
    "over_page": lambda unit: unit.over_page(Rule.AUDIT, LATER, None, 9).keys,
    "paid": lambda unit: unit.paid(["A1"]),
    "past": lambda unit: unit.past(1, ("A1",), ()).others,
    "past, its scores": lambda unit: unit.past(1, (), ("R1",)).scores,
    "people": lambda unit: unit.people(),
    "queue_length": lambda unit: unit.queue_length(),
    "received": lambda unit: unit.received("web", ["due"]),
    "refund": lambda unit: unit.refund("refund:R1"),
    "refunds": lambda unit: unit.refunds(RefundState.CREATED),
    "refunds_of": lambda unit: unit.refunds_of("R1"),
    "score": lambda unit: unit.score("R1"),
    "search": lambda unit: unit.search("R1"),
    "search, an order": lambda unit: unit.search("A1"),
    "search, a phone": lambda unit: unit.search("1234"),
    "search, a name": lambda unit: unit.search("Bob"),
    "search, words": lambda unit: unit.search("hello"),
    "session": lambda unit: unit.session("t", NOW),
    "sessions_of": lambda unit: unit.sessions_of(1, NOW),
    "sessions_open": lambda unit: unit.sessions_open([1], NOW),
    "shunted": lambda unit: unit.shunted(),
    "spoken": lambda unit: unit.spoken(1, 9),
    "staff_messages": lambda unit: unit.staff_messages(["70"]),
    "staff_named": lambda unit: unit.staff_named("mia"),
    "staff_of": lambda unit: unit.staff_of("telegram:42"),
    "staffed": lambda unit: unit.staffed(),
    "depths": lambda unit: unit.depths().inbox.rows,
    "status": lambda unit: unit.status().inbox_due,
    "status, its outbox": lambda unit: unit.status().outbox_due,
    "status, its clocks": lambda unit: unit.status().deadlines_waiting,
    "status, its files": lambda unit: unit.status().files_waiting,
    "status, its shelf": lambda unit: unit.status().shunted,
    "status, its conversations": lambda unit: unit.status().conversations,
    "status, what was sent": lambda unit: unit.status().outbox,
    "stored": lambda unit: unit.stored(ANN).leaves,
    "stored, what came": lambda unit: unit.stored(replace(ANN, id=2)).came,
    "strays": lambda unit: unit.strays(9),
    "suggestions": lambda unit: unit.suggestions(),
    "taken_back": lambda unit: unit.taken_back(1),
    "topic": lambda unit: unit.topic(1),
    "transcript": lambda unit: unit.transcript(1),
    "twin": lambda unit: unit.twin(1, STAFF, "7"),
    "under_way": lambda unit: unit.under_way(Buyer((ANN,))),
    "vouched": lambda unit: unit.vouched("s"),
    "waiting": lambda unit: unit.waiting(),
    "with_email": lambda unit: unit.with_email("mia@shop.example"),
}
"""What the shop "tea" is told something by, and its neighbour nothing."""
SETTLED = Settled(3, Outcome.SENT, ref="9", conversation_id=1)
IN_TURN = Attendance(routing=Routing.ROUND_ROBIN)
CHANGES: dict[str, Call] = {
    "add_staff": lambda unit: unit.add_staff("zoe", "Zoe", StaffRole.AGENT, NOW),
    "commit": turn(said=("bye",), rows=(ROW,)),
    "commit, a change of the conversation": turn(after=replace(ANN, language="zh")),
    "commit, a case that moves": turn(moved(opened(1).outcome.case, Event.REVOKE, Role.BUYER, at=NOW)),
    "commit, an order linked": turn(LinkOrder("A2", "sample")),
    "commit, an order to pay called off": turn(Recall("refund:R1")),
    "commit, words taken back": turn(TakeBack("said")),
    "commit, a suggestion": turn(KeepFeedback(Feedback(1, "A1", "S1", Cause.SIZE, "偏大", NOW))),
    "commit, a score": turn(KeepScore(Score("R1", 1, "", NOW))),
    "commit, a clock put off": turn(PutOff(Due("seller_timeout", "R1", 1, 1, LATER))),
    "commit, a conversation given": turn(Give(1)),
    "commit, somebody who goes": turn(ComeOrGo(1, here=False)),
    "commit, something in a slot": commits(Outturn((), ANN, ANN, (), (), (CARD_AGAIN,))),
    "conversation_at": lambda unit: unit.conversation_at("web", "new", NOW),
    "disable": lambda unit: unit.disable(1, NOW),
    "drop_shunted": lambda unit: unit.drop_shunted(2),
    "end_sessions": lambda unit: unit.end_sessions(1, NOW),
    "erase_buyer": lambda unit: unit.erase_buyer(Buyer((ANN,), (order(),)), NOW),
    "finish": lambda unit: unit.finish([ROW], NOW),
    "fire": lambda unit: unit.fire(NOW + 24 * 99 * HOUR),
    "invite": lambda unit: unit.invite(1, "j", LATER),
    "let_go": lambda unit: unit.let_go(Rule.SHUNTED, [2]),
    "let_go, of replies": lambda unit: unit.let_go(Rule.LETTERS, [1]),
    "lease": lambda unit: unit.lease(NOW, ["web", STAFF], 9),
    "lease_files": lambda unit: unit.lease_files(NOW, ["telegram"], 9),
    "link_order": lambda unit: unit.link_order("A2", 1, "phone", NOW),
    "note_deeds": lambda unit: unit.note_deeds([Deed(NOW, "staff:1", "Mia", "read", conversation=1)]),
    "open_session": lambda unit: unit.open_session("u", 1, "password", "", NOW, LATER),
    "postpone": lambda unit: unit.postpone([ROW], LATER, "later"),
    "put_copies": lambda unit: unit.put_copies([(1, [Copy(STAFF, "71", "said", "8")])]),
    "put_orders": lambda unit: unit.put_orders([order("A1", 1)]),
    "put_parcels": lambda unit: unit.put_parcels([replace(parcel(), carrier="yto")]),
    "put_topic": lambda unit: unit.put_topic(1, Topic(6, "安安")),
    "receive": lambda unit: unit.receive(
        [Arrival("web", "due", {}, "ann"), Arrival("web", "b", {}, "c")], NOW
    ),
    "receive, in a topic": lambda unit: unit.receive([Arrival("telegram", "c", {}, staff_thread=5)], NOW),
    "redeem": lambda unit: unit.redeem("i", "y"),
    "bring_forward": lambda unit: unit.bring_forward(NOW - 24 * HOUR, 0 * HOUR),
    "release_files": lambda unit: unit.release_files(NOW),
    "release_leases": lambda unit: unit.release_leases(NOW, everyone=True),
    "route": lambda unit: unit.route(NOW, IN_TURN),
    "seen": lambda unit: unit.seen([1], NOW),
    "set_away": lambda unit: unit.set_away(1, away=True),
    "set_email": lambda unit: unit.set_email(1, "m@shop.example"),
    "set_password": lambda unit: unit.set_password(1, "y"),
    "set_role": lambda unit: unit.set_role(1, StaffRole.OWNER),
    "set_second": lambda unit: unit.set_second(1, "nonce"),
    "set_service": lambda unit: unit.set_service(1, ("en",), 3),
    "set_subject": lambda unit: unit.set_subject(2, "s2"),
    "set_telegram": lambda unit: unit.set_telegram(1, 43),
    "settle": lambda unit: unit.settle([SETTLED], NOW),
    "settle_file": lambda unit: unit.settle_file(Fetched(1, FileState.GONE)),
    "settle_discarded": lambda unit: unit.settle_discarded(["d" * 64]),
    "shunt": lambda unit: unit.shunt([ROW], "broken"),
    "touch_session": lambda unit: unit.touch_session(1, LATER),
    "unshunt": lambda unit: unit.unshunt(2, NOW),
    "use_second": lambda unit: unit.use_second(1, 7),
}
"""What the shop "tea" has something changed by, and its neighbour nothing of it."""


def of_tea(connection: Connection) -> dict[str, list[Any]]:
    """Every row of the shop "tea"."""
    whole = tables.metadata.sorted_tables
    return {
        table.name: list(
            connection.execute(
                select(table).where(table.c.shop == "tea").order_by(*table.primary_key.columns)
            )
        )
        for table in whole
    }


def test_every_question_there_is_stands_below() -> None:
    public = {name for name, _ in inspect.getmembers(SqlUnit, inspect.isfunction) if not name.startswith("_")}
    assert {name.partition(",")[0] for name in (*LOOKS, *CHANGES)} == public


async def test_a_shop_is_told_what_is_its_own_and_its_neighbour_nothing(database: SqlDatabase) -> None:
    await filled(database)

    def told(unit: SqlUnit) -> set[str]:
        return {name for name, ask in LOOKS.items() if ask(unit)}

    assert await database.beside("tea").read(told) == set(LOOKS)
    assert await database.beside("cups").read(told) == set()


async def test_a_shop_changes_what_is_its_own_and_nothing_of_its_neighbours(database: SqlDatabase) -> None:
    await filled(database)

    def changed(shop: str) -> Callable[[SqlUnit], set[str]]:
        return lambda unit: {name for name, call in CHANGES.items() if changes(unit._connection, shop, call)}

    assert await database.write_alone(changed("tea")) == set(CHANGES)
    assert await database.write_alone(changed("cups")) == set()


def changes(connection: Connection, shop: str, call: Call) -> bool:
    """Whether anything of "tea" is another afterwards; all is as before then."""
    before = of_tea(connection)
    attempt = connection.begin_nested()
    try:
        call(SqlUnit(connection, shop))
        changed = of_tea(connection) != before
    except (StoreError, AccountError, IntegrityError):
        if shop == "tea":
            raise
        changed = False
    attempt.rollback()
    return changed


async def test_what_two_shops_have_alike_stands_beside_each_other(database: SqlDatabase) -> None:
    """The same buyer, order, waybill, case number, login: each shop has its own."""
    for shop in ("tea", "cups"):
        await all_is_new(database.beside(shop))


async def all_is_new(ours: SqlDatabase) -> None:
    talk = await ours.write(lambda unit: unit.conversation_at("web", "ann", NOW))
    await ours.write(lambda unit: (unit.put_orders([order()]), unit.put_parcels([parcel()])))
    await ours.write(commits(outturn(talk, opened(talk.id), said=(ours.shop,))))
    await ours.write(lambda unit: unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW))
    assert await ours.write(lambda unit: len(unit.receive([Arrival("web", "1", {}, "ann")], NOW))) == 1
    [claimed] = await ours.write_alone(lambda unit: unit.claim(NOW, 9, NOBODY))
    assert claimed.conversation.id == talk.id
    [line] = await ours.read(lambda unit: unit.transcript(talk.id))
    assert line.text == ours.shop
