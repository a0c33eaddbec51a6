"""The whole log of a conversation at its most talkative: it can be followed by its row, and tells nothing of anybody."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog._config import BoundLoggerLazyProxy

from bot.cli.logs import secrets_of, set_up_logs
from bot.config import load
from bot.config.sections import Log
from bot.errors import DeliveryError, StoreAway
from bot.flows.dialogue import decide
from bot.folder.shop_folder import Contents
from bot.pipeline import walk
from bot.pipeline.intake import Intake
from tests.doubles.bot_api import Fault
from tests.play.clock import StageClock
from tests.play.telegram import TelegramBuyer, TelegramStage, on_telegram

Written = Callable[[], str]
NAME, PHONE, MAIL = "欧阳翠花", "13912345678", "cuihua@example.net"
ADDRESS = "湖南省长沙市岳麓区桐梓坡路12号3栋502室"
WORDS = "请快一点我妈妈等着用这台轮椅"
TYPED = (NAME, PHONE, MAIL, "桐梓坡路", "轮椅", "3栋502")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """What is written to standard error; afterwards logging is as it was."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    fresh_loggers()
    yield lambda: capsys.readouterr().err
    root.handlers[:], root.level = handlers, level
    structlog.configure(**kept)
    fresh_loggers()


def fresh_loggers() -> None:
    """A logger that was used remembers how logging was set up then."""
    for module in [module for name, module in sys.modules.items() if name.startswith("bot.")]:
        if isinstance(logger := getattr(module, "log", None), BoundLoggerLazyProxy):
            vars(logger).pop("bind", None)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


async def everything_that_can_go_wrong(
    stage: TelegramStage, buyer: TelegramBuyer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Personal words everywhere, and a failure at each place that handles them."""
    await buyer.says(f"你好,我是{NAME},电话{PHONE},邮箱{MAIL}")
    await buyer.hears()
    await buyer.says(f"我要改地址:{ADDRESS} {NAME} {PHONE}")
    await buyer.hears()
    await buyer.sends(1, f"这是照片 {PHONE}")
    await buyer.shares(PHONE, own=True)
    await buyer.hears()

    def fails(turn: Any) -> Any:
        if "轮椅" in turn.incoming.text:
            raise ValueError(f"{turn.incoming.text} of {turn.incoming.name} {PHONE}")
        return decide(turn)

    monkeypatch.setattr(walk, "decide", fails)
    await buyer.says(f"{WORDS},{NAME} {PHONE}")
    await buyer.hears()

    stage.api.faults.next("sendMessage", Fault.refused(f"can't parse {PHONE}"), Fault.dropped())
    await buyer.says(f"转人工 {PHONE}")
    await buyer.hears()
    stage.group.bot_can_manage_topics = False
    await buyer.says(f"人呢 {NAME}")
    await stage.handled()

    async def breaks(self: Any, arrivals: Any) -> None:
        raise StoreAway("the database is away") from ValueError(f"INSERT {arrivals[0].payload}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Intake, "take", breaks)
        await buyer.user.says(f"喂 {WORDS} {PHONE}")
        await stage.api.wait_for(lambda: stage.api.pending, what="it can't be stored")
    await stage.handled()


async def test_a_log_at_its_most_talkative_tells_nothing_of_anybody(
    tmp_path: Path, contents: Contents, template: Path, log: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_telegram(tmp_path, StageClock(), contents, template=template) as stage:
        set_up_logs(Log(level="debug", format="json"), secrets=secrets_of(stage.app.config))
        for name in ("", "telegram", "aiohttp", "asyncio"):
            logging.getLogger(name).setLevel(logging.DEBUG)  # more than any setting makes them say
        buyer = TelegramBuyer.who_speaks(stage, "zh", NAME, number=4242424242)
        await everything_that_can_go_wrong(stage, buyer, monkeypatch)
        token, secrets = stage.api.token, secrets_of(stage.app.config)
    text = log()
    assert [word for word in (*TYPED, token, token.split(":")[1], *secrets) if word in text] == []
    events = {line["event"] for line in lines(text)}
    assert {"taken in", "turn taken", "committed", "delivered", "a turn failed"} <= events
    assert any(line.get("logger", "").startswith("telegram") for line in lines(text)), (
        "libraries were heard too"
    )


async def test_a_message_is_followed_by_its_row_from_intake_to_send(
    tmp_path: Path, contents: Contents, template: Path, log: Written
) -> None:
    async with on_telegram(tmp_path, StageClock(), contents, template=template, staff=False) as stage:
        set_up_logs(Log(level="debug", format="json"))
        first, second = (TelegramBuyer.who_speaks(stage, "zh", number=number) for number in (41, 42))
        for buyer, words in ((first, "你好"), (second, "谢谢")):
            await buyer.says(words)
            assert (await buyer.hears()).text
    told = [line for line in lines(log()) if "row" in line]
    rows = {line["row"] for line in told if line["event"] == "taken in"}
    assert len(rows) == 2
    for row in rows:
        way = [line["event"] for line in told if line["row"] == row]
        assert way == ["taken in", "turn taken", "committed", "delivered"]


async def test_by_default_nothing_is_written_of_what_goes_well(
    tmp_path: Path, contents: Contents, template: Path, log: Written
) -> None:
    async with on_telegram(tmp_path, StageClock(), contents, template=template, staff=False) as stage:
        set_up_logs(Log(format="json"))
        buyer = TelegramBuyer.who_speaks(stage, "zh")
        await buyer.says("你好")
        assert (await buyer.hears()).text
    assert [line["event"] for line in lines(log()) if line["event"] != "telegram.receiving"] == []


@pytest.mark.parametrize("form", ["json", "text"])
def test_nobodys_words_begin_a_line_of_their_own_or_move_the_cursor(log: Written, form: Any) -> None:
    set_up_logs(Log(format=form))
    forged = "x\n2026-11-23T00:00:00Z [critical ] all is lost\r\x1b[2J\x9b31m\u2028\u202e"
    ours = structlog.get_logger("of_this_test")
    ours.warning("a file is refused", name=forged, kinds=[forged])
    try:
        raise DeliveryError(forged)
    except DeliveryError:
        ours.exception("a reply is refused")
    logging.getLogger("telegram").warning(f"it said {forged}")  # noqa: G004 -- as a library may
    text = log()
    assert "all is lost" in text
    assert not [line for line in text.splitlines() if line.startswith("2026-11-23T00:00:00Z")]
    assert not set(text) & set("\r\x1b\x9b\u2028\u202e")


@pytest.mark.parametrize("form", ["json", "text"])
async def test_an_exception_tells_where_and_what_kind_but_not_in_whose_words(log: Written, form: Any) -> None:
    set_up_logs(Log(format=form), secrets=["s3cret-of-the-shop"])

    async def breaks() -> None:
        try:
            raise KeyError(f"{NAME} {WORDS}")
        except KeyError as error:
            raise ExceptionGroup(
                "both", [ValueError(PHONE), StoreAway("no database at s3cret-of-the-shop")]
            ) from error

    try:
        await breaks()
    except ExceptionGroup as error:
        logging.getLogger("uvicorn.of_this_test").exception("Exception in ASGI application\n")
        sys.excepthook(type(error), error, error.__traceback__)
    logging.getLogger("telegram").warning("calling https://x/bot%s/getMe for %s", "12345:TEST-TOKEN", NAME)
    logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {WORDS}")  # noqa: G004 -- as asyncio does
    text = log()
    for kind in ("KeyError", "ValueError", "ExceptionGroup", "bot.errors.StoreAway: no database at ****"):
        assert text.count(kind) >= 2, kind
    assert "in breaks" in text
    assert "ended by a defect" in text
    assert "Task exception was never retrieved" in text
    hidden = (NAME, WORDS, PHONE, "s3cret-of-the-shop", "TEST-TOKEN")
    assert [word for word in hidden if word in text] == []


@pytest.mark.parametrize("address", ["me:s3cret-word@db/shop", "me@db/shop?ssl=require&Password=s3cret-word"])
def test_the_databases_password_is_a_secret_wherever_its_address_has_it(address: str) -> None:
    assert secrets_of(load(None, {"SHOUHOU_STORAGE__URL": f"postgresql+asyncpg://{address}"})) == [
        "s3cret-word"
    ]
