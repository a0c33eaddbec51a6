"""`shouhou run tea cups`: two shops on one port and in one database, as their buyers and agents find them."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from structlog.testing import capture_logs

from bot.cli.serve import readable, shown
from bot.cli.together import Refusals, one_server, opened, read_shops, serve_all
from bot.errors import ConfigError, Problems
from bot.pipeline.roles import EVERY
from tests.channels.web.browser import Browser
from tests.copies import copied
from tests.serving import at_work

SHOP = {
    "demo: true": "demo: false",
    "port: 8080": "port: 0",
    "sqlite:///data/shouhou.db": "sqlite:///../both.db",
}


@pytest.fixture
def two(small_shop: Path, tmp_path: Path) -> list[str]:
    """The shops "tea" and "cups", with a database beside them."""
    folders = [tmp_path / name for name in ("tea", "cups")]
    for folder in folders:
        copied(small_shop, folder)
        shutil.rmtree(folder / "data")
        own = {
            "shop: main": f"shop: {folder.name}",
            "name: Shouhou Demo Shop": f"name: The {folder.name} shop",
        }
        changed(folder, {**SHOP, **own})
    return [str(folder) for folder in folders]


def changed(folder: Path, values: Mapping[str, str]) -> None:
    """Other values in its config.yaml."""
    path = folder / "config.yaml"
    text = path.read_text("utf-8")
    for old, new in values.items():
        assert text.count(f" {old}\n") == 1, old
        text = text.replace(f" {old}\n", f" {new}\n")
    path.write_text(text, "utf-8")


@asynccontextmanager
async def served(folders: list[str]) -> AsyncIterator[str]:
    refusals = Refusals()
    shops = readable(read_shops(folders, refusals), refusals)
    async with opened(shops, refusals) as able:
        apps, sites = await shown(able, EVERY, refusals)
        refusals.tell()
        server = one_server(sites, [path.name for path in refusals.why])
        async with at_work(serve_all(apps, server)):
            yield server.address


@asynccontextmanager
async def visiting(address: str, shop: str) -> AsyncIterator[Browser]:
    """A browser that looks at a shop by its name."""
    browser = Browser(address)
    browser.client.headers.update({"Host": f"{shop}.localhost"})
    async with browser:
        yield browser


async def test_each_shop_answers_its_own_buyers_under_its_own_name(two: list[str]) -> None:
    async with (
        served(two) as address,
        visiting(address, "tea") as of_tea,
        visiting(address, "cups") as of_cups,
    ):
        assert "The tea shop" in (await of_tea.load()).text
        assert "The cups shop" in (await of_cups.load()).text
        async with of_tea.stream() as tea, of_cups.stream() as cups:
            assert (await said(of_tea, "tea", "转人工")) == 202
            while not tea.texts() or "转人工" not in tea.texts()[0]:
                await tea.next("line")
            assert (await said(of_cups, "cups", "谢谢")) == 202
            await cups.next("line")
            await cups.next("line")
            assert not any("转人工" in text for text in cups.texts())


async def said(browser: Browser, shop: str, text: str) -> int:
    answer = await browser.post(
        "/chat/messages", {"Origin": f"http://{shop}.localhost"}, id=str(uuid4()), text=text
    )
    return answer.status_code


async def test_what_one_shop_let_in_is_nobody_in_the_other(two: list[str]) -> None:
    async with served(two) as address, visiting(address, "tea") as browser:
        assert (await said(browser, "tea", "谢谢")) == 202
        assert (await said(browser, "cups", "谢谢")) == 403
        browser.client.headers["Host"] = "cups.localhost"
        assert (await browser.client.get("/chat/stream")).status_code == 401
        assert (await said(browser, "cups", "谢谢")) == 401


async def test_who_asks_for_no_shop_there_is_finds_nothing(two: list[str]) -> None:
    async with served(two) as address, httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/desk")).status_code == 404
        assert (await client.get("/", headers={"Host": "TEA.localhost:80"})).status_code == 200


async def test_who_watches_the_process_asks_for_no_shop_by_name(two: list[str]) -> None:
    async with served(two) as address, httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/healthz")).text == "ok"
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (200, True)
        assert ready.json()["shops"].keys() == {"tea", "cups"}
        assert 'shouhou_queue_depth{queue="inbox"}' in (await client.get("/metrics")).text
        assert (await client.get("/metrics", headers={"X-Real-IP": "203.0.113.9"})).status_code == 404
        remove(Path(two[0]).parent)
        gone = await client.get("/readyz")
        assert (gone.status_code, gone.json()["ready"]) == (503, False)
        assert (await client.get("/healthz")).status_code == 200


def remove(folder: Path) -> None:
    for path in folder.glob("both.db*"):
        path.unlink()


async def test_a_shop_that_can_not_be_served_leaves_the_others_in_peace(
    two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEA__TELEGRAM_BOT_TOKEN", "123:" + "x" * 35)
    monkeypatch.setenv("TEA__SHOUHOU_TELEGRAM__BASE_URL", "http://127.0.0.1:9/bot")
    async with served(two) as address, visiting(address, "cups") as browser, browser.stream() as stream:
        assert (await said(browser, "cups", "谢谢")) == 202
        await stream.next("line")
        await stream.next("line")


@pytest.mark.parametrize("file", ["config.yaml", "intents/en/thanks.yaml"])
async def test_a_file_that_can_not_be_read_keeps_only_its_own_shop_from_being_served(
    two: list[str], file: str
) -> None:
    broken = Path(two[1])
    (broken / file).write_text("a: [", "utf-8")
    with capture_logs() as lines:
        async with served(two) as address, visiting(address, "tea") as browser:
            assert (await said(browser, "tea", "谢谢")) == 202
            ready = await browser.client.get("/readyz")
            assert ready.status_code == 200, "the one that is served is ready"
            browser.client.headers["Host"] = "127.0.0.1"
            ready = await browser.client.get("/readyz")
            assert (ready.status_code, ready.json()["shops"]["cups"]) == (503, {"ready": False})
    [told] = [line for line in lines if line["log_level"] == "error"]
    assert told["folder"] == str(broken)
    assert file.rpartition("/")[2] in told["error"]


async def test_where_no_shop_can_be_served_all_that_is_wrong_is_told(two: list[str]) -> None:
    for folder in two:
        (Path(folder) / "config.yaml").write_text("a: [", "utf-8")
    with pytest.raises(Problems) as caught:
        async with served(two):
            pass
    assert len(caught.value.lines) == 2


def test_the_environment_speaks_to_one_shop_by_its_name(
    two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUHOU_WEB__PORT", "9000")
    monkeypatch.setenv("TEA__SHOUHOU_SHOP__PHONE", "400 820 1234")
    monkeypatch.setenv("CUPS__TELEGRAM_BOT_TOKEN", "123:" + "x" * 35)
    tea, cups = read_shops(two, Refusals())
    assert (tea.config.shop.phone, cups.config.shop.phone) == ("400 820 1234", "")
    assert (bool(tea.config.secrets.telegram_token), bool(cups.config.secrets.telegram_token)) == (
        False,
        True,
    )
    assert tea.config.web.port == cups.config.web.port == 9000


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("CUPS__TELEGRAM_BOT_TOKN", "CUPS__TELEGRAM_BOT_TOKEN"),
        ("CUPS__SHOUHOU_WEB__PROT", "CUPS__SHOUHOU_WEB__PORT"),
        ("cups__TELEGRAM_BOT_TOKEN", "CUPS__TELEGRAM_BOT_TOKEN"),
    ],
)
def test_a_wrong_name_said_to_one_shop_is_refused_with_the_near_one(
    two: list[str], monkeypatch: pytest.MonkeyPatch, variable: str, meant: str
) -> None:
    monkeypatch.setenv("BOWLS__ELSE", "of no shop that is served")
    assert len(read_shops(two, Refusals())) == 2
    monkeypatch.setenv(variable, "hush")
    refusals = Refusals()
    assert [shop.name for shop in read_shops(two, refusals)] == ["tea"]
    [why] = map(str, refusals.why.values())
    assert re.search(rf"^{variable}: .*shop cups.* did you mean {meant}\?$", why)
    assert "hush" not in why


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"shop: cups": "shop: tea"}, "the same storage.shop in one database"),
        ({'public_url: ""': "public_url: http://tea.localhost"}, "the same web.public_url on one port"),
        ({"shop: cups": "shop: tea"}, r"or each a storage.shop of its own.* tea\.localhost"),
        ({"port: 0": "port: 1"}, "web.host and web.port"),
        ({"files: data/files": "files: ../tea/data/files"}, "the same storage.files"),
    ],
)
def test_what_shops_that_are_served_together_may_not_share_is_told(
    two: list[str], values: dict[str, str], problem: str
) -> None:
    changed(Path(two[1]), values)
    with pytest.raises(ConfigError, match=problem):
        read_shops(two, Refusals())


def test_two_shops_with_one_bot_are_refused(two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:" + "x" * 35)
    with pytest.raises(ConfigError, match=r"TELEGRAM_BOT_TOKEN.*TEA__TELEGRAM_BOT_TOKEN"):
        read_shops(two, Refusals())


def test_a_folder_that_is_no_shops_is_named(two: list[str], tmp_path: Path) -> None:
    refusals = Refusals()
    assert [shop.name for shop in read_shops([*two, str(tmp_path)], refusals)] == ["tea", "cups"]
    assert "is no shop's folder" in str(refusals.why[tmp_path])
    with pytest.raises(ConfigError, match="is no shop's folder"):
        read_shops([str(tmp_path)], Refusals())
