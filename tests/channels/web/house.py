"""A house small enough to test pages in: a store in memory with what the pages call, served over real HTTP."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from sqlalchemy import Connection, NullPool, create_engine

from bot.channels.web.chat import ChatSettings, Limits, Sample
from bot.channels.web.chat import routes as chat_routes
from bot.channels.web.hub import Hub
from bot.channels.web.server import WebServer, build
from bot.desk.mini_app import FRAMES
from bot.desk.pages import routes as desk_routes
from bot.desk.passwords import Passwords
from bot.desk.provider import Provider
from bot.desk.settings import DeskLimits, DeskSettings
from bot.domain.calendar import Calendar
from bot.domain.cases import Case, Entry, State
from bot.domain.conversation import Conversation
from bot.domain.files import Filed
from bot.domain.messages import Attachment, Medium, Speaker
from bot.domain.orders import Order
from bot.domain.policy import Policy
from bot.domain.staff import StaffRole
from bot.folder.shop_folder import Contents
from bot.pipeline.arrivals import Arrival
from bot.pipeline.looks import Hit, Kind, Past, Waiting
from bot.pipeline.ports import Database, Unit
from bot.pipeline.turns import Known, Line
from bot.replies import Replies
from bot.store.database import DEFAULT_SHOP
from bot.store.schema import upgrade
from bot.store.unit import SqlUnit
from bot.understanding.phrasebook import Phrasebook
from tests.passwords import KEPT, QUICK
from tests.serving import online

T = TypeVar("T")
REPLIES = Path(__file__).parents[3] / "replies"
SECRET = "a secret for tests"
STAFF = {
    "mia": ("Mia", StaffRole.AGENT),
    "xiaohe": ("小禾", StaffRole.AGENT),
    "xiaozhou": ("小周", StaffRole.AGENT),
    "sam": ("Sam", StaffRole.SENIOR),
    "boss": ("Boss", StaffRole.OWNER),
    "judge": ("Judge", StaffRole.MEDIATOR),
}
LANGUAGES = ("zh", "en")
NO_REPLIES = Replies(LANGUAGES, UTC, {}, {})
SAMPLES = (
    Sample("lin", "小林", "zh", ("2026110100001", "2026110100002")),
    Sample("emma", "Emma", "en", ("2026110100003",)),
)


@cache
def _wordlist(language: str) -> Mapping[str, Mapping[str, str]]:
    loaded = yaml.safe_load((REPLIES / language / "words.yaml").read_text(encoding="utf-8"))
    names = (REPLIES / language).glob("*/name.j2")
    intents = {path.parent.name: path.read_text("utf-8").splitlines()[-1] for path in names}
    return {
        "intent": intents,
        **{
            group: {str(key): str(value) for key, value in (words or {}).items()}
            for group, words in loaded.items()
        },
    }


def words(language: str, group: str) -> Mapping[str, str]:
    return _wordlist(language).get(group, {})


def accounts() -> SqlUnit:
    """Somebody of each role, who all have the same password, in a database of its own."""
    connection = _ENGINE.connect()
    _driver(_staffed()).backup(_driver(connection))
    return SqlUnit(connection, DEFAULT_SHOP)


_ENGINE = create_engine(
    "sqlite://",
    poolclass=NullPool,
    connect_args={"check_same_thread": False},
    isolation_level="AUTOCOMMIT",
)
"""Each connection is a database; what was compiled for one is for all."""


@cache
def _staffed() -> Connection:
    """To copy."""
    connection = _ENGINE.connect()
    upgrade(connection)
    unit = SqlUnit(connection, DEFAULT_SHOP)
    for login, (name, role) in STAFF.items():
        unit.set_password(unit.add_staff(login, name, role, datetime.now(UTC)).id, KEPT)
    return connection


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


class Store:
    """The part of `Unit` the pages use."""

    def __init__(self) -> None:
        self.conversations: dict[int, Conversation] = {}
        self.lines: dict[int, list[Line]] = {}
        self.orders: dict[int, list[Order]] = {}
        self.their_cases: dict[int, list[Case]] = {}
        self.histories: dict[str, list[Entry]] = {}
        self.links: list[tuple[str, int, str]] = []
        self.files: dict[int, dict[str, Filed]] = {}
        self.pasts: dict[int, Past] = {}
        self._next_line = 1
        self.accounts = accounts()

    def __getattr__(self, name: str) -> Any:
        """What is about accounts is kept as in a real shop."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.accounts, name)

    def conversation(self, conversation_id: int) -> Conversation | None:
        return self.conversations.get(conversation_id)

    def taken_back(self, conversation_id: int) -> list[int]:
        return [line.id for line in self.lines.get(conversation_id, []) if line.gone]

    def conversation_at(self, channel: str, address: str, now: datetime, name: str = "") -> Conversation:
        for conversation in self.conversations.values():
            if (conversation.channel, conversation.address) == (channel, address):
                return conversation
        conversation = Conversation(len(self.conversations) + 1, channel, address, name=name)
        self.conversations[conversation.id] = conversation
        return conversation

    def transcript(self, conversation_id: int, after: int = 0, limit: int = 200) -> list[Line]:
        found = [line for line in self.lines.get(conversation_id, []) if line.id > after]
        return found[:limit] if after else found[-limit:]

    def waiting(self, limit: int = 100) -> list[Waiting]:
        rows = []
        for conversation in self.conversations.values():
            said = [line for line in self.lines.get(conversation.id, []) if line.who is not Speaker.SYSTEM]
            if said:
                owed = [case for case in self.their_cases.get(conversation.id, []) if _waits_for_shop(case)]
                state, due_at = (owed[0].state, owed[0].due_at) if owed else (None, None)
                rows.append(Waiting(conversation, said[-1].text, said[-1].at, state, due_at))
        return sorted(rows, key=lambda row: row.conversation.flag is None)[:limit]

    def known(self, conversation_ids: Sequence[int]) -> dict[int, Known]:
        return {
            number: Known(tuple(self.orders.get(number, ())), tuple(self.their_cases.get(number, ())))
            for number in conversation_ids
        }

    def all_cases(self, *, ended: bool, limit: int = 200) -> list[Case]:
        found = (case for their in self.their_cases.values() for case in their)
        return [case for case in found if ended or case.open][:limit]

    def history(self, case_number: str) -> list[Entry]:
        return self.histories.get(case_number, [])

    def case(self, number: str) -> Case | None:
        return next(
            (case for found in self.their_cases.values() for case in found if case.number == number), None
        )

    def order(self, number: str) -> Order | None:
        return next(
            (order for found in self.orders.values() for order in found if order.number == number), None
        )

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        found = [
            Hit(one.id, one.name, one.channel, Kind.MESSAGE, line.text, line.at)
            for one in self.conversations.values()
            for line in self.lines.get(one.id, [])
            if words in line.text
        ]
        return found[:limit]

    def past(self, conversation_id: int, orders_of: tuple[str, ...], cases_of: tuple[str, ...]) -> Past:
        return self.pasts.get(conversation_id, Past())

    def filed(self, conversation_id: int) -> dict[str, Filed]:
        return self.files.get(conversation_id, {})

    def link_order(self, order_number: str, conversation_id: int, how: str, now: datetime) -> None:
        self.links.append((order_number, conversation_id, how))

    # -- what the worker does in the real house

    def say(self, conversation_id: int, who: Speaker, text: str = "", **more: Any) -> Line:
        line = Line(who, text, more.pop("at", datetime.now(UTC)), id=self._next_line, **more)
        self._next_line += 1
        self.lines.setdefault(conversation_id, []).append(line)
        return line

    def change(self, conversation_id: int, **values: Any) -> None:
        self.conversations[conversation_id] = replace(self.conversations[conversation_id], **values)

    def settle(self, conversation_id: int, line_id: int, state: str) -> None:
        lines = self.lines[conversation_id]
        lines[:] = [replace(line, delivery=state) if line.id == line_id else line for line in lines]


class StoreDatabase:
    """Runs jobs on the store at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def write(self, job: Callable[[Unit], T]) -> T:
        return job(cast(Unit, self._store))

    async def write_alone(self, job: Callable[[Unit], T]) -> T:
        return job(cast(Unit, self._store))

    async def read(self, job: Callable[[Unit], T]) -> T:
        return job(cast(Unit, self._store))


class MemoryFiles:
    """Keeps files by content."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def save(self, content: bytes, name: str, mime: str) -> Attachment:
        ref = f"file:{hashlib.sha256(content).hexdigest()}"
        self.kept[ref] = content
        media = {"image": Medium.PHOTO, "video": Medium.VIDEO}
        return Attachment(media.get(mime.split("/", maxsplit=1)[0], Medium.DOCUMENT), ref, name, len(content))

    async def load(self, ref: str) -> bytes | None:
        return self.kept.get(ref)


@dataclass
class House:
    """The running house and its insides."""

    store: Store = field(default_factory=Store)
    hub: Hub = field(default_factory=Hub)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    arrivals: list[Arrival] = field(default_factory=list)
    ahead: timedelta = timedelta()
    """How far its clock is ahead of ours."""
    contents: Contents = field(default_factory=lambda: Contents(Phrasebook(), NO_REPLIES))
    """The shop's macros, among others."""
    answer: Callable[[House, Arrival], None] | None = None
    """What happens with an arrival; nothing by default."""
    url: str = ""

    @property
    def database(self) -> Database:
        return StoreDatabase(self.store)

    def clock(self) -> datetime:
        """The time in the house."""
        return datetime.now(UTC) + self.ahead

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        known = {arrival.origin for arrival in self.arrivals}
        for arrival in arrivals:
            if arrival.origin in known:
                continue
            self.arrivals.append(arrival)
            if self.answer:
                self.answer(self, arrival)

    def say(self, conversation_id: int, who: Speaker, text: str = "", **more: Any) -> Line:
        """A line in the transcript, and the nudge that follows a commit."""
        line = self.store.say(conversation_id, who, text, **more)
        self.hub.publish(conversation_id)
        return line

    def take_back(self, conversation_id: int, line_id: int) -> None:
        """An agent takes a line back."""
        lines = self.store.lines[conversation_id]
        lines[:] = [replace(line, gone=True) if line.id == line_id else line for line in lines]
        self.hub.publish(conversation_id)

    def of(self, arrival: Arrival) -> int:
        """The arrival's conversation."""
        if arrival.conversation_id:
            return arrival.conversation_id
        return self.store.conversation_at(arrival.channel, arrival.address, datetime.now(UTC)).id

    @asynccontextmanager
    async def open(
        self,
        *,
        samples: Sequence[Sample] = (),
        limits: Limits | None = None,
        desk_limits: DeskLimits | None = None,
        key: str = "",
        token: str = "",
        shop: str = "",
        provider: Provider | None = None,
        timezone: str = "",
    ) -> AsyncIterator[House]:
        """Serve chat and desk on a free port."""
        common: dict[str, Any] = {
            "database": self.database,
            "take": self.take,
            "hub": self.hub,
            "files": self.files,
            "words": words,
            "languages": LANGUAGES,
            "secret": SECRET,
            "timezone": timezone,
        }
        chat = ChatSettings(
            **common,
            samples=samples,
            limits=limits or Limits(),
            shop=shop,
        )
        desk = DeskSettings(
            **common,
            clock=self.clock,
            key=key,
            passwords=Passwords(QUICK()),
            telegram_token=token,
            provider=provider,
            limits=desk_limits or DeskLimits(),
            policy=lambda: Policy(Calendar(UTC), Calendar(UTC)),
            macros=self.contents.macros,
            render=self.contents.replies,
        )
        framed = {"/desk": FRAMES} if token else {}
        app = build([*chat_routes(chat), *desk_routes(desk)], words, LANGUAGES, framed)
        server = WebServer(app, (self.hub,), "127.0.0.1", 0)
        async with online(server) as self.url:
            yield self


def _waits_for_shop(case: Case) -> bool:
    return case.state in (State.WAIT_SELLER_AGREE, State.WAIT_SELLER_CONFIRM_GOODS) and not case.locked


def ago(**what: float) -> datetime:
    return datetime.now(UTC) - timedelta(**what)
