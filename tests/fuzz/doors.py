"""The doors by which anything may come in, and what has to hold of whatever comes."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import structlog
from hypothesis import strategies as st

from bot.channels.telegram import TelegramReader
from bot.channels.telegram.router import arrival
from bot.channels.telegram.webhook import parsed
from bot.channels.web import reader as web
from bot.channels.web.bucket import Rate
from bot.channels.web.chat import ChatSettings, Limits, Sample, routes
from bot.channels.web.hub import Hub
from bot.channels.web.server import build
from bot.desk.mini_app import signed_person
from bot.desk.reader import act
from bot.desk.reader import read as read_act
from bot.domain.messages import Incoming
from bot.domain.samples import Sampler
from bot.errors import ImportRefused, PhraseError, TemplateError, UnreadableUpdate
from bot.flows import REPLIES
from bot.folder.phrases import read_phrase_file
from bot.folder.shop_folder import Contents
from bot.opening import open_shop
from bot.pipeline.arrivals import Arrival
from bot.pipeline.intake import Intake
from bot.pipeline.payouts import read as read_news
from bot.pipeline.wake import Wake
from bot.replies import compile_replies
from bot.shop.csv_orders import parse_orders
from bot.shop.csv_parcels import parse_parcels
from bot.shop.links import verify
from bot.shop.reading import decode
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from bot.store.types import dump
from bot.understanding.slots import Context
from bot.understanding.understand import understand
from tests.channels.telegram.support import STAFF_CHAT
from tests.channels.web.browser import Browser
from tests.fuzz import made, talks
from tests.pipeline.rig import Rig, on_its_way
from tests.play.stage import SECRET, config_for

Check = Callable[[Any], None]
Waits = Callable[[Any], Coroutine[Any, Any, None]]
DECLARED = REPLIES["track_parcel/where"]
TELEGRAM = TelegramReader(STAFF_CHAT, "shouhou_test_bot")


@dataclass(frozen=True)
class Door:
    """One of them."""

    name: str
    comes: st.SearchStrategy[Any]
    opened: Callable[[Contents], Any]
    """A context manager that gives what has to hold of whatever comes."""


def _still(check: Check) -> Callable[[Contents], Any]:
    """A door that needs nothing to stand open."""

    @contextmanager
    def opened(_: Contents) -> Iterator[Check]:
        yield check

    return opened


def _storable(said: Incoming) -> None:
    """Nothing in it that a database or a JSON reader would refuse."""
    names = [said.text, said.name, said.language, *(file.name for file in said.attachments)]
    for text in (*names, said.choice.data if said.choice else "", said.act.text if said.act else ""):
        text.encode()
        assert "\0" not in text


def _update(update: Any) -> None:
    stored = json.loads(dump(dict(arrival(update, STAFF_CHAT).payload)))
    with suppress(UnreadableUpdate):
        _storable(TELEGRAM(stored))


def _hook(body: bytes) -> None:
    _update(parsed(body))


def _payload(payload: Any) -> None:
    for read in (web.read, read_act, read_news) if isinstance(payload, dict) else ():
        with suppress(UnreadableUpdate):
            _storable(read(payload))


def _csv(text: str) -> None:
    with suppress(ImportRefused):
        orders = parse_orders(text, UTC, "CNY").orders
        assert all(order.placed_at.tzinfo and order.lines for order in orders)
    with suppress(ImportRefused):
        parse_parcels(text, UTC)


def _file(raw: bytes) -> None:
    with suppress(ImportRefused):
        _csv(decode(raw).text)


def _template(text: str) -> None:
    path = f"replies/en/{DECLARED.name}.j2"
    replies, problems = compile_replies({path: text}, declared={DECLARED.name: DECLARED})
    assert replies.sheets or problems
    for problem in problems:
        assert str(problem).startswith("replies/")
    if replies.sheets:
        values = {name: Sampler().value(kind) for name, kind in DECLARED.values.items()}
        with suppress(TemplateError):
            replies(DECLARED(**values), "en")


def _phrases(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # as a file is read
    with suppress(PhraseError):
        read_phrase_file(Path("intents/zh/track_parcel.yaml"), text)


def _mini_app(data: str) -> None:
    assert signed_person(data, "123456:AAF-of-no-worth", datetime(2026, 11, 20, tzinfo=UTC)) is None


def _link(payload: str) -> None:
    assert verify(payload, SECRET, datetime(2026, 11, 20, tzinfo=UTC)) is None


@contextmanager
def _understanding(contents: Contents) -> Iterator[Check]:
    shop = open_shop(config_for(Path()), contents)
    asking = ("", "order", "phone_digits", "reason", "amount", "cancel", "score")

    def check(text: str) -> None:
        context = Context(
            asking=asking[len(text) % len(asking)],
            today=date(2026, 11, 20),
            orders=("2600018001",),
            parcels=("SF1234567890123",),
            lines=("加厚纯棉四件套",),
        )
        found = understand(text, shop.phrasebook, shop.thresholds, context)
        assert all(isinstance(value, str) for value in found.slots.values())

    yield check


@contextmanager
def _together(
    begin: Callable[[Path, AsyncExitStack], Coroutine[Any, Any, Waits]],
) -> Iterator[Check]:
    """A check that waits for things, in a loop of its own."""
    stack = AsyncExitStack()
    with (
        tempfile.TemporaryDirectory() as folder,
        structlog.testing.capture_logs(),
        asyncio.Runner() as runner,
    ):
        check = runner.run(begin(Path(folder), stack))
        try:
            yield lambda example: runner.run(check(example))
        finally:
            runner.run(stack.aclose())


def _chat(database: SqlDatabase, folder: Path) -> ChatSettings:
    """A chat that nobody is too fast for."""
    often = Rate(burst=1e9, per_second=1e9)
    return ChatSettings(
        database=database,
        take=Intake(database, lambda: datetime.now(UTC), Wake()).take,
        hub=Hub(),
        files=FileStore(folder / "files"),
        words=lambda *_: {},
        languages=("zh", "en"),
        secret=SECRET,
        samples=[Sample("lin", "小林", "zh", ())],
        limits=Limits(messages=often, callers=often),
    )


def _posts(_: Contents) -> Any:
    """The web chat's POST bodies, over HTTP's own interface, with and without what a page of ours would send."""

    async def begin(folder: Path, stack: AsyncExitStack) -> Waits:
        database = await stack.enter_async_context(SqlDatabase(f"sqlite:///{folder / 'shop.db'}"))
        await database.migrate()
        served = build(routes(_chat(database, folder)), lambda *_: {}, ("zh", "en"))
        browser = Browser("http://shop.example")
        await browser.client.aclose()
        browser.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(served, raise_app_exceptions=True), base_url="http://shop.example"
        )
        stack.push_async_callback(browser.client.aclose)

        async def check(example: tuple[str, str, bytes]) -> None:
            path, kind, body = example
            await browser.load()
            headers = {"X-CSRF-Token": browser.proof, "Content-Type": kind}
            answer = await browser.client.post(path, content=body, headers=headers)
            assert answer.status_code in (200, 202, 400, 413, 415, 429), answer.status_code
            browser.client.cookies.clear()

        return check

    return _together(begin)


def _turns(contents: Contents) -> Any:
    """What buyers write and tap, through intake, turn and commit: whatever can be read is answered or left, never shelved."""

    async def begin(folder: Path, stack: AsyncExitStack) -> Waits:
        database = await stack.enter_async_context(SqlDatabase(f"sqlite:///{folder / 'shop.db'}"))
        await database.migrate()
        rig = Rig(database, contents)
        await rig.owns("ann", on_its_way())

        async def check(example: tuple[str, bool]) -> None:
            text, tapped = example
            payload: Mapping[str, Any] = web.tap(text) if tapped else web.message(text)
            await rig.intake.take([Arrival("web", f"web:{uuid4()}", payload, "ann")])
            rig.clock.advance(seconds=7)
            await rig.work()
            assert await rig.shelf() == []

        return check

    return _together(begin)


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="%b"; filename="a.png"\r\n\r\n%b\r\n--x--\r\n'
STORED = {
    **web.message("a"),
    **web.tap("b"),
    **act("say", "Mia", account="staff:7", case="R1", version=1, text="a", then="reclaim"),
    "key": "R1:1",
    "event": "succeed",
    "attempt": 1,
    "reference": "a",
    "why": "b",
}
"""What our own doors write down, all in one: each reader finds what is its own, and what is not."""
DOORS = (
    Door("Telegram updates", made.UPDATE, _still(_update)),
    Door("webhook bodies", made.BODY, _still(_hook)),
    Door("stored payloads", made.damaged(STORED), _still(_payload)),
    Door("CSV tables", made.TABLE, _still(_csv)),
    Door(
        "CSV files",
        st.one_of(st.binary(max_size=200), made.TABLE.map(lambda text: text.encode("gb18030", "replace"))),
        _still(_file),
    ),
    Door("reply templates", made.TEMPLATE, _still(_template)),
    Door("phrase files", made.PHRASES, _still(_phrases)),
    Door("signed links", made.ODD_TEXT, _still(_link)),
    Door("what a Mini App says Telegram signed", made.QUERY, _still(_mini_app)),
    Door("buyers' words, understood", made.SAID, _understanding),
    Door(
        "POST bodies of the web chat",
        st.tuples(
            st.sampled_from(["/chat/messages", "/chat/taps", "/chat/who", "/chat/files"]),
            st.sampled_from(
                ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain"]
            ),
            st.one_of(
                made.BODY,
                st.builds(
                    lambda name, content: MULTIPART % (name, content), st.binary(max_size=9), made.BODY
                ),
                made.damaged(
                    {"id": str(uuid4()), "text": "a", "data": "|start|human", "label": "b", "who": "-"}
                ).map(lambda value: json.dumps(value).encode()),
            ),
        ),
        _posts,
    ),
    Door(
        "words and taps, through a whole turn",
        st.tuples(st.one_of(made.TAPPED, made.SAID), st.booleans()),
        _turns,
    ),
    Door("talks", talks.talks(), lambda contents: _together(partial(talks.opened, contents))),
)
