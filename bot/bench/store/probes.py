"""What a shop asks of its store, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, update

from bot.channels.web import reader
from bot.domain.conversation import Conversation
from bot.domain.decision import TakeBack
from bot.domain.refunds import RefundState
from bot.domain.watch import Attendance
from bot.errors import StoreError
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Draft
from bot.pipeline.keeping import Rule
from bot.pipeline.retention import BATCH, STRETCH
from bot.pipeline.turns import Known, Outturn
from bot.store.tables import cases, conversations, deadlines, inbox, lines, orders, outbox
from bot.store.unit import SqlUnit

T = TypeVar("T")
_DRAWN, _TALKS = 40, 1_000
"""Of everything, and of conversations, this many are asked about in turn."""
WAITING, BACKLOG = 100, 10_000
"""Rows that wait in an ordinary minute, and after an hour that the shop was down."""
_AGE = timedelta(days=365)
"""What is older is over its time."""
_PLACES = 20
"""In the older quarter of the lines, so many."""
_ABREAST = 16
"""Conversations claimed, readers written to at once."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is asked about, drawn anew at each size."""

    now: datetime
    talks: Sequence[Conversation]
    cases: Sequence[str]
    orders: Sequence[str]
    phones: Sequence[str]
    names: Sequence[str]
    sent: Sequence[tuple[Conversation, str]]
    """Lines that were sent, by their keys."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A transaction that will be undone."""

    connection: Connection
    unit: SqlUnit
    shop: str
    drawn: Drawn
    turn: int
    """How often this was asked before."""

    @property
    def talk(self) -> Conversation:
        """Another one each time."""
        return self.one_of(self.drawn.talks)

    def one_of(self, some: Sequence[T]) -> T:
        """Another one each time."""
        return some[self.turn % len(some)]


Ask = Callable[[Scene], object]


def _nothing(_: Scene) -> None:
    """Nothing has to be there."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing; `ask` is timed, `lay` comes before it, and all of it is undone."""

    name: str
    ask: Ask
    lay: Ask = _nothing
    linear: bool = False
    """It reads all there is, and is asked once."""


def draw(connection: Connection, shop: str, now: datetime) -> Drawn:
    """At random, the same at each run."""
    unit, dice = SqlUnit(connection, shop), Random(7)  # noqa: S311 -- not to be guessed by nobody
    newest = int(connection.execute(select(func.max(conversations.c.id))).scalar_one())
    talks = [unit.conversation(dice.randint(1, newest)) for _ in range(_TALKS)]
    known = [talk for talk in talks if talk]
    sent = ((talk, line.key) for talk in known for line in unit.transcript(talk.id, limit=5) if line.key)
    return Drawn(
        now,
        known,
        _some(connection, cases.c.number, dice),
        _some(connection, orders.c.number, dice),
        _some(connection, orders.c.phone, dice),
        [talk.name for talk in known if talk.name][:_DRAWN],
        [*islice(sent, _DRAWN)],
    )


def _some(connection: Connection, column: Any, dice: Random) -> list[str]:
    """Here and there in the table, each found by its key."""
    key = next(each for each in column.table.primary_key if each.name != "shop")
    known = select(column).where(column != "")
    newest = connection.execute(known.add_columns(key).order_by(key.desc()).limit(1)).first()
    if newest is None:
        raise StoreError(
            f"no {column.table.name} came up in the weeks that were played: teach the shop more intents"
        )
    last = int(newest[1][:6])
    found = []
    for _ in range(_DRAWN):
        behind = known.where(key >= f"{dice.randint(0, last):06d}.").order_by(key)
        there = connection.execute(behind.offset(dice.randint(0, 20)).limit(1)).scalar()
        found.append(there or newest[0])
    return found


def at_rest(connection: Connection, now: datetime) -> None:
    """What came due while the month was laid down has been done."""
    came_due = (deadlines.c.state == "waiting") & (deadlines.c.due_at <= now)
    for table, waits, state in (
        (deadlines, came_due, "fired"),
        (inbox, inbox.c.state == "due", "done"),
        (outbox, outbox.c.state.in_(("queued", "sending")), "sent"),
    ):
        connection.execute(update(table).where(waits).values(state=state))


# -- what is there


def _messages(count: int) -> Ask:
    def lay(scene: Scene) -> None:
        talks = scene.drawn.talks
        scene.unit.receive([_message(talks[number % len(talks)]) for number in range(count)], scene.drawn.now)

    return lay


def _message(talk: Conversation) -> Arrival:
    return Arrival(talk.channel, f"bench:{uuid4()}", reader.message("我的快递到哪了"), talk.address)


def _replies(count: int) -> Ask:
    def lay(scene: Scene) -> None:
        turns = []
        for number in range(count):
            talk = scene.drawn.talks[number % len(scene.drawn.talks)]
            draft = Draft(talk.channel, talk.address, f"bench:{uuid4()}", "在路上,明天到。")
            turns.append(Outturn((), talk, talk, drafts=(draft,)))
        scene.unit.commit(turns, scene.drawn.now)

    return lay


def _dues(scene: Scene) -> None:
    talks = scene.drawn.talks
    rows = [
        {
            "shop": scene.shop,
            "key": f"bench:{uuid4()}",
            "version": 1,
            "kind": "remind",
            "conversation_id": talks[number % len(talks)].id,
            "due_at": scene.drawn.now - timedelta(seconds=number),
        }
        for number in range(WAITING)
    ]
    scene.connection.execute(insert(deadlines), rows)


# -- what is asked


def _look_through(scene: Scene) -> Sequence[int | str]:
    """As what is over its time is looked for, somewhere in the middle."""
    ours = select(lines.c.id).where(lines.c.shop == scene.shop).order_by(lines.c.id.desc()).limit(1)
    newest = int(scene.connection.execute(ours).scalar_one())
    after = newest // 4 * (scene.turn + 1) // _PLACES
    return scene.unit.over_page(Rule.LINES, scene.drawn.now - _AGE, after, STRETCH).keys


def _go(scene: Scene) -> object:
    return scene.unit.let_go(Rule.LINES, _look_through(scene)[:BATCH])


def _erase(scene: Scene) -> object:
    [buyer] = scene.unit.buyers(f"conversation:{scene.talk.id}")
    return scene.unit.under_way(buyer), scene.unit.erase_buyer(buyer, scene.drawn.now)


def _claim(scene: Scene) -> object:
    return scene.unit.claim(scene.drawn.now + timedelta(seconds=1), _ABREAST, frozenset())


def _receive(scene: Scene) -> object:
    return scene.unit.receive([_message(scene.talk)], scene.drawn.now)


def _lease(scene: Scene) -> object:
    return scene.unit.lease(scene.drawn.now + timedelta(seconds=1), [scene.talk.channel], _ABREAST)


def _open(scene: Scene) -> object:
    """As the desk opens it."""
    unit, number = scene.unit, scene.talk.id
    known = unit.known([number]).get(number, Known())
    histories = {case.number: unit.history(case.number) for case in known.cases}
    owned = tuple(order.number for order in known.orders)
    return (
        unit.conversation(number),
        unit.transcript(number),
        unit.taken_back(number),
        unit.filed(number),
        unit.past(number, owned, tuple(histories)),
    )


def _search(what: str) -> Ask:
    return lambda scene: scene.unit.search(scene.one_of(getattr(scene.drawn, what)))


def _take_back(scene: Scene) -> None:
    talk, key = scene.one_of(scene.drawn.sent)
    scene.unit.commit([Outturn((), talk, talk, (TakeBack(key),))], scene.drawn.now)


def _books(scene: Scene) -> object:
    number = scene.one_of(scene.drawn.orders)
    return scene.unit.refunds(order=number), scene.unit.ledger(number), scene.unit.paid([number])


def _whole_ledger(scene: Scene) -> object:
    return len(scene.unit.refunds()), len(scene.unit.ledger())


PROBES = (
    Probe("a message comes in", _receive),
    Probe(f"claim, {WAITING} wait", _claim, _messages(WAITING)),
    Probe(f"claim, {BACKLOG:,} wait", _claim, _messages(BACKLOG)),
    Probe(f"lease, {WAITING} wait", _lease, _replies(WAITING)),
    Probe(f"lease, {BACKLOG:,} wait", _lease, _replies(BACKLOG)),
    Probe(f"{WAITING} deadlines fire", lambda scene: scene.unit.fire(scene.drawn.now), _dues),
    Probe("who is given to whom", lambda scene: scene.unit.route(scene.drawn.now, Attendance())),
    Probe("the desk's list", lambda scene: scene.unit.waiting()),
    Probe("a conversation is opened", _open),
    Probe("search: a case's number", _search("cases")),
    Probe("search: an order's number", _search("orders")),
    Probe("search: a phone number", _search("phones")),
    Probe("search: a name", _search("names")),
    Probe("search: words", lambda scene: scene.unit.search("nobody says this")),
    Probe("what was sent is taken back", _take_back),
    Probe("open cases", lambda scene: scene.unit.all_cases(ended=False)),
    Probe("newest cases", lambda scene: scene.unit.all_cases(ended=True)),
    Probe("refunds that failed", lambda scene: scene.unit.refunds(RefundState.FAILED)),
    Probe("ledger of an order", _books),
    Probe("how the queues stand", lambda scene: scene.unit.status()),
    Probe("what people say, for learning", lambda scene: scene.unit.overheard()),
    Probe(f"{STRETCH:,} lines are looked through for their age", _look_through),
    Probe(f"{BATCH} old lines are found and go", _go),
    Probe("a buyer is erased", _erase),
    Probe("which files are referred to", lambda scene: scene.unit.kept_files(), linear=True),
    Probe("the whole ledger", _whole_ledger, linear=True),
)
