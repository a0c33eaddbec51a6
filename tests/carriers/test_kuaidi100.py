"""The client of 快递100 against a double as strict as the original."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.carriers.kuaidi100 import Kuaidi100 as Client
from bot.carriers.kuaidi100 import read
from bot.carriers.source import ParcelRefused
from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from bot.errors import LookupUnavailable
from tests.doubles import kuaidi100 as original
from tests.doubles.kuaidi100 import Kuaidi100

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PHONE = "19900001234"
SCANS = [
    ("2026-11-18 19:30:00", "【杭州滨江营业部】已揽收", "浙江,杭州市"),
    ("2026-11-19 06:02:11", "快件已到达【上海转运中心】", "上海"),
]
BLANK = Parcel("YT7300012345678", "yto", "E1", ParcelState.COLLECTED)


@pytest.fixture
async def service() -> AsyncIterator[Kuaidi100]:
    async with Kuaidi100() as service:
        service.knows("yuantong", BLANK.number, state="0", scans=SCANS)
        yield service


@pytest.fixture
async def client(service: Kuaidi100) -> AsyncIterator[Client]:
    client = client_of(service)
    yield client
    await client.close()


def client_of(service: Kuaidi100, key: str = "", phone: str = PHONE) -> Client:
    async def phone_of(order_number: str) -> str:
        assert order_number == "E1"
        return phone

    return Client(service.url + "/", service.customer, key or service.key, phone_of, lambda: NOW)


async def test_news_become_events_newest_first_in_china_time(client: Client, service: Kuaidi100) -> None:
    found = await client.ask(BLANK)
    assert found.state is ParcelState.IN_TRANSIT
    assert found.as_of == NOW
    assert [(event.at.astimezone(UTC), event.text, event.place) for event in found.events] == [
        (datetime(2026, 11, 18, 22, 2, 11, tzinfo=UTC), "快件已到达【上海转运中心】", "上海"),
        (datetime(2026, 11, 18, 11, 30, tzinfo=UTC), "【杭州滨江营业部】已揽收", "浙江,杭州市"),
    ]
    assert "phone" not in service.asked[0], "a phone number goes only to carriers that ask for it"


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("0", ParcelState.IN_TRANSIT),
        ("1", ParcelState.COLLECTED),
        ("2", ParcelState.EXCEPTION),
        ("3", ParcelState.DELIVERED),
        ("4", ParcelState.EXCEPTION),
        ("5", ParcelState.OUT_FOR_DELIVERY),
        ("6", ParcelState.EXCEPTION),
        ("7", ParcelState.IN_TRANSIT),
        ("11", ParcelState.IN_TRANSIT),
        ("13", ParcelState.EXCEPTION),
        ("14", ParcelState.EXCEPTION),
        ("103", ParcelState.COLLECTED),
        ("301", ParcelState.DELIVERED),
        ("501", ParcelState.OUT_FOR_DELIVERY),
        ("1002", ParcelState.IN_TRANSIT),
        ("99", ParcelState.OUT_FOR_DELIVERY),  # unknown: what was known stays
    ],
)
async def test_states(client: Client, service: Kuaidi100, code: str, state: ParcelState) -> None:
    service.knows("yuantong", BLANK.number, state=code, scans=SCANS)
    assert (await client.ask(replace(BLANK, state=ParcelState.OUT_FOR_DELIVERY))).state is state


async def test_no_result_yet_is_an_answer(client: Client) -> None:
    unknown = replace(BLANK, number="YT0000000000000")
    assert await client.ask(unknown) == replace(unknown, as_of=NOW)


async def test_no_result_does_not_make_old_news_look_new(client: Client) -> None:
    event = ParcelEvent(datetime(2026, 11, 1, tzinfo=UTC), "已揽收")
    known = replace(BLANK, number="YT0000000000000", events=(event,), as_of=datetime(2026, 11, 2, tzinfo=UTC))
    assert await client.ask(known) == known


async def test_carriers_that_ask_for_the_phone_get_it(service: Kuaidi100, client: Client) -> None:
    service.knows("shunfeng", "SF1300012345678", state="5", scans=SCANS, phone=PHONE)
    found = await client.ask(replace(BLANK, carrier="sf", number="SF1300012345678"))
    assert found.state is ParcelState.OUT_FOR_DELIVERY
    assert service.asked[0]["phone"] == PHONE


@pytest.mark.parametrize("phone", ["19900009999", ""])
async def test_the_wrong_phone_is_a_refusal_of_this_parcel(service: Kuaidi100, phone: str) -> None:
    service.knows("zhongtong", "73100012345678", state="5", scans=SCANS, phone=PHONE)
    client = client_of(service, phone=phone)
    with pytest.raises(ParcelRefused, match="phone"):
        await client.ask(replace(BLANK, carrier="zto", number="73100012345678"))
    await client.close()


async def test_a_wrong_signature_is_named(service: Kuaidi100) -> None:
    client = client_of(service, key="wrong-key")
    with pytest.raises(LookupUnavailable, match="KUAIDI100_KEY") as caught:
        await client.ask(BLANK)
    assert "wrong-key" not in str(caught.value)
    assert service.asked == []
    await client.close()


@pytest.mark.parametrize(
    "parcel",
    [replace(BLANK, carrier="pigeon"), replace(BLANK, number="12345"), replace(BLANK, number="1" * 33)],
)
async def test_what_the_service_can_not_know_is_not_asked(
    client: Client, service: Kuaidi100, parcel: Parcel
) -> None:
    with pytest.raises(ParcelRefused):
        await client.ask(parcel)
    assert service.requests == 0


@pytest.mark.parametrize(
    "fault",
    ["error", "html", "garbage", "drop", original.TROUBLE, original.BUSY, original.EXPIRED, ("777", "?")],
)
async def test_what_is_no_answer_is_unavailable(
    client: Client, service: Kuaidi100, fault: str | tuple[str, str]
) -> None:
    service.fault = fault
    with pytest.raises(LookupUnavailable) as caught:
        await client.ask(BLANK)
    assert not isinstance(caught.value, ParcelRefused)


async def test_nobody_there_is_unavailable(service: Kuaidi100) -> None:
    gone = Kuaidi100()
    async with gone:
        pass
    client = client_of(gone)
    with pytest.raises(LookupUnavailable, match="can't be reached"):
        await client.ask(BLANK)
    await client.close()


async def test_hostile_scans_are_made_harmless(client: Client, service: Kuaidi100) -> None:
    scans = [
        ("2026-11-19 06:02:11", "a\x00b\n\u202ec" + "x" * 9999, ""),
        ("not a time", "skipped", ""),
        ("2026-11-19 06:02:12", "", ""),
    ]
    service.knows("yuantong", BLANK.number, state="0", scans=scans)
    (event,) = (await client.ask(BLANK)).events
    assert event.text.startswith("a b cxx")
    assert len(event.text) == 500


async def test_an_answer_about_another_parcel_is_not_taken() -> None:
    with pytest.raises(LookupUnavailable, match="another parcel"):
        read({"status": "200", "nu": "OTHER", "data": []}, BLANK, NOW)
