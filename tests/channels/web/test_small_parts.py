"""The parts without a network: buckets, file types, reply text, the hub."""

import asyncio
import contextlib

import pytest
from starlette.requests import Request

from bot.channels.web.bucket import Buckets, Level, Rate, take
from bot.channels.web.channel import WebChannel
from bot.channels.web.files import file_name
from bot.channels.web.guard import Refusal, caller
from bot.channels.web.hub import Hub
from bot.channels.web.places import Places
from bot.channels.web.rich import nodes, plain
from bot.domain.file_types import HEIC, JPEG, MP4, PDF, FileType, type_of
from bot.pipeline.deliveries import Delivery

RATE = Rate(burst=2, per_second=0.5)


def test_a_bucket_gives_its_burst_then_makes_wait() -> None:
    first, wait = take(RATE, None, 0)
    second, also = take(RATE, first, 0)
    third, long = take(RATE, second, 0)
    assert (wait, also, long) == (0, 0, 2)
    assert take(RATE, third, 2)[1] == 0


def test_a_bucket_never_holds_more_than_its_burst() -> None:
    assert take(RATE, Level(0, 0), 1000)[0].tokens == 1


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    assert take(RATE, Level(2, 100), 50)[1] == 0


def test_what_costs_more_than_the_burst_is_possible_when_the_bucket_is_full() -> None:
    assert take(RATE, None, 0, cost=9)[1] == 0


def test_the_one_untouched_longest_is_forgotten() -> None:
    buckets = Buckets(Rate(1, 0.001), most=2, clock=lambda: 0.0)
    assert [buckets.wait(key) > 0 for key in ("a", "b", "a", "c", "b")] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0rest", JPEG),
        (b"%PDF-1.4", PDF),
        (b"\x00\x00\x00\x18ftypmp42", MP4),
        (b"\x00\x00\x00\x18ftypheic", HEIC),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"<html>", None),
        (b"MZ\x90", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, kind: FileType | None) -> None:
    assert type_of(content) == kind


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("箱子.PNG", "箱子.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\box.exe", "box.jpg"),
        ("a\x00b\nc.jpg", "ab c.jpg"),
        ("...", "photo.jpg"),
        ("", "photo.jpg"),
        ("x" * 300, "x" * 80 + ".jpg"),
    ],
)
def test_a_file_gets_a_plain_name_with_a_true_ending(given: str, name: str) -> None:
    assert file_name(given, JPEG) == name


def test_reply_text_becomes_nodes() -> None:
    assert nodes("Hi <b>Emma</b> &amp; co") == ["Hi ", {"t": "b", "c": ["Emma"]}, " & co"]
    assert nodes('<a href="https://x.example/?a=1&amp;b=2">x</a>') == [
        {"t": "a", "h": "https://x.example/?a=1&b=2", "c": ["x"]}
    ]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" javascript:alert(1)">x</a>',
        '<b onclick="alert(1)">x</b>',
        "<iframe src=//evil>",
        "<b><i></b></i></u>",
    ],
)
def test_nothing_but_our_tags_and_honest_links_passes(evil: str) -> None:
    def check(found: list[object]) -> None:
        for node in found:
            if isinstance(node, dict):
                assert node["t"] in {"b", "i", "u", "s", "code", "a"}
                assert node.keys() <= {"t", "c", "h"}
                assert not node.get("h")
                check(node["c"])

    check(list(nodes(evil)))


def test_plain_words_of_a_reply() -> None:
    assert plain("<b>1 &lt; 2</b><br>x") == "1 < 2\nx"


async def test_the_hub_wakes_who_listens_and_nobody_else() -> None:
    hub = Hub()
    with hub.subscribe(1) as one, hub.subscribe(2) as two, hub.subscribe_none() as nobody:
        hub.publish(1)
        assert await one.wait(1)
        assert not await two.wait(0.01)
        assert not await nobody.wait(0.01)


async def test_nudges_before_a_look_are_one_and_none_is_lost() -> None:
    hub = Hub()
    with hub.subscribe(1) as ear:
        for _ in range(100_000):
            hub.publish(1)
        assert await ear.wait(1)
        assert not await ear.wait(0.01)


async def test_closing_wakes_everybody_and_later_ones_need_not_wait() -> None:
    hub = Hub()
    with hub.subscribe(1) as ear:
        waiting = asyncio.create_task(ear.wait(60))
        await asyncio.sleep(0)
        hub.close()
        assert await asyncio.wait_for(waiting, 1)
        assert ear.closed
    with hub.subscribe(1) as late:
        assert await asyncio.wait_for(late.wait(60), 1)
    assert len(hub) == 0


async def test_delivering_on_the_web_is_a_nudge() -> None:
    hub = Hub()
    with hub.subscribe(7) as ear:
        ref = await WebChannel(hub).deliver(Delivery(3, 7, "web", "x", "hi", (), (), 0))
        assert await ear.wait(1)
    assert ref == "3"


@pytest.mark.parametrize(
    ("host", "known_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a:b", "a:b"),
        ("", ""),
    ],
)
def test_who_has_a_whole_network_of_addresses_is_one_caller(host: str, known_as: str) -> None:
    assert caller(Request({"type": "http", "headers": [], "client": (host, 1)})) == known_as


def test_places_are_given_back_also_by_who_fails() -> None:
    places = Places(1)
    with contextlib.suppress(ZeroDivisionError), places.taken("a"):
        places.check("b")
        with pytest.raises(Refusal):
            places.check("a")
        raise ZeroDivisionError
    places.check("a")
