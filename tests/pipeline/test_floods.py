"""Who writes a thousand messages harms nobody but themselves, and nobody guesses their way to an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.channels.telegram.pace import Few, Limits, Pace
from bot.channels.web import reader
from bot.errors import TryLater
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import STAFF, Delivery, Draft
from bot.pipeline.guesses import IN_ALL, PER_ORDER
from bot.pipeline.sender import Sender
from bot.pipeline.turns import Outturn
from tests.pipeline.rig import Recorder, Rig, unshipped
from tests.stores import rows

SLOWLY = "talk/slowly"


async def floods(rig: Rig, who: str, count: int) -> None:
    """So many messages of one buyer, all here before any of them is handled."""
    await rig.intake.take(
        [Arrival("web", f"web:{who}:{number}", reader.message("你好"), who) for number in range(count)]
    )


def answers(rig: Rig, most: int) -> None:
    """The shop answers so many messages of one buyer in a minute."""
    rig.shop = replace(rig.shop, policy=replace(rig.shop.policy, messages_a_minute=most))


async def test_who_comes_after_a_flood_does_not_wait_for_its_end(rig: Rig) -> None:
    await floods(rig, "flood", 300)
    rig.clock.advance(seconds=1)
    await rig.write("ann", "你好")
    await rig.worker.step()
    assert await rig.heard("ann") == ["greeting/hello"]


async def test_many_floods_are_one_message_each_ahead_of_who_comes_next(rig: Rig) -> None:
    """More of them than one transaction takes: each is served once before the newcomer, and again after."""
    for number in range(130):
        await floods(rig, f"flood{number}", 3)
    rig.clock.advance(seconds=1)
    await rig.write("ann", "你好")
    steps = 0
    while not await rig.heard("ann"):
        rig.clock.advance(seconds=1)
        await rig.worker.step()
        steps += 1
    assert steps <= 130 // 64 + 1


async def test_who_writes_too_much_is_asked_once_to_wait_and_all_of_it_is_kept(rig: Rig) -> None:
    answers(rig, 5)
    await floods(rig, "flood", 40)
    await rig.work()
    assert await rig.heard("flood") == ["greeting/hello"] * 5 + [SLOWLY]
    conversation = await rig.conversation("flood")
    said = await rig.database.read(lambda unit: unit.transcript(conversation.id))
    assert [line.who.value for line in said].count("buyer") == 40
    assert await rig.shelf() == []


async def test_after_a_minute_they_are_answered_again_where_they_left_off(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    answers(rig, 5)
    await rig.write("ann", "我要退款")
    await rig.work()
    await floods(rig, "ann", 20)
    await rig.work()
    rig.clock.advance(seconds=61)
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "request_refund/opened"
    assert (await rig.heard("ann")).count(SLOWLY) == 1


async def test_who_may_be_in_danger_is_heard_however_fast_they_write(rig: Rig) -> None:
    answers(rig, 5)
    await floods(rig, "ann", 20)
    await rig.write("ann", "我不想活了")
    await rig.work()
    flag = (await rig.conversation("ann")).flag
    assert flag is not None
    assert flag.reason == "self_harm"


async def test_agents_read_all_that_is_said_to_them(rig: Rig) -> None:
    answers(rig, 5)
    await rig.write("ann", "转人工")
    await rig.work()
    await floods(rig, "ann", 20)
    await rig.work()
    assert SLOWLY not in await rig.heard("ann")
    assert [say.reply for say in rig.words.said].count("desk/buyer_says") == 20


class Paced(Recorder):
    """A channel at its limit over all chats."""

    def __init__(self, rig: Rig) -> None:
        super().__init__()
        self.limit = self._pace = Pace(Limits(per_second=10), lambda: rig.clock().timestamp())

    async def deliver(self, delivery: Delivery) -> str:
        wait = self._pace.ask(delivery.conversation_id)
        if wait:
            raise TryLater("too many at once", timedelta(seconds=wait))
        return await super().deliver(delivery)


async def test_who_waits_for_many_replies_does_not_hold_up_who_waits_for_one(rig: Rig) -> None:
    """The messenger's limit over all chats is shared chat by chat, not reply by reply."""
    rig.channel = Paced(rig)
    rooms = [await rig.conversation(f"flood{number}") for number in range(100)]
    ann = await rig.conversation("ann")
    said = [(room, f"{room.address} {part}") for room in rooms for part in range(5)]
    turns = [
        Outturn((), room, room, drafts=(Draft("web", room.address, f"{room.id}:{text}", text),))
        for room, text in [*said, (ann, "for ann")]
    ]
    await rig.database.write(lambda unit: unit.commit(turns, rig.clock()))
    sender = rig.sender()
    while "for ann" not in rig.channel.delivered:
        while await sender.step():
            await sender.drain()
        rig.clock.advance(seconds=0.5)
    assert len(rig.channel.delivered) <= 2 * len(rooms)


async def test_who_comes_when_many_flood_is_answered_before_any_of_them_is_again(rig: Rig) -> None:
    """Both where messages come in and where replies go out, at the messenger's limit."""
    rig.channel = Paced(rig)
    for number in range(30):
        await floods(rig, f"flood{number}", 10)
    sender = rig.sender()
    for _ in range(20):
        await rig.worker.step()
    while await sender.step():
        await sender.drain()
    before = len(rig.channel.delivered)
    rig.clock.advance(seconds=1)
    await rig.write("ann", "这个月有没有优惠券")
    await rig.worker.step()
    await sender.step()
    await sender.drain()
    [said] = [row["payload"]["text"] for row in await rows(rig.database, "outbox") if row["address"] == "ann"]
    assert rig.channel.delivered[before] == said


class Full(Recorder):
    """The posts to the staff group, whose minute is over."""

    def __init__(self) -> None:
        super().__init__(STAFF)
        self.limit = Few(Pace(Limits(per_second=None), lambda: 0))

    async def deliver(self, delivery: Delivery) -> str:
        raise TryLater("twenty a minute", timedelta(minutes=1))


async def test_however_many_posts_the_staff_group_does_not_take_yet_none_is_in_a_replys_way(rig: Rig) -> None:
    ann = await rig.conversation("ann")
    topics = [await rig.conversation(f"topic{number}") for number in range(100)]
    posts = [Draft(STAFF, str(topic.id), f"post:{topic.id}", "📥") for topic in topics]
    said = Draft("web", "ann", "1:0", "for ann")
    turns = [Outturn((), ann, ann, drafts=(draft,)) for draft in (*posts, said)]
    await rig.database.write(lambda unit: unit.commit(turns, rig.clock()))
    sender = Sender(rig.database, [rig.channel, Full()], rig.clock, rig.to_send, alone=True)
    await sender.step()
    await sender.drain()
    assert rig.channel.delivered == ["for ann"]


async def guess(rig: Rig, who: str, number: str, digits: str = "0000") -> list[str]:
    """A stranger names an order and digits; what they hear."""
    before = len(await rig.heard(who))
    await rig.write(who, f"我要退款 订单号 {number} 手机尾号 {digits}")
    await rig.work()
    return (await rig.heard(who))[before:]


async def test_anothers_order_and_no_order_are_answered_in_the_same_words(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    heard: list[list[str]] = []
    for who, number in (("eve", "2600018001"), ("mallory", "2600018999")):
        for _ in range(rig.shop.policy.link_guesses):
            await guess(rig, who, number)
        sent = [row["payload"] for row in await rows(rig.database, "outbox") if row["address"] == who]
        heard.append([payload["text"].replace(number, "…") for payload in sent])
    assert heard[0] == heard[1]
    assert len(heard[0]) == rig.shop.policy.link_guesses
    assert not any(word in text for text in heard[0] for word in ("林", "四件套", "329"))


async def test_new_conversations_are_no_new_tries_at_an_order(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    for stranger in range(PER_ORDER):
        assert await guess(rig, f"eve{stranger}", "2600018001") == ["order/not_matched"]
    assert await guess(rig, "eve", "2600018001", "1234") == ["order/too_many"]  # the digits are right
    assert await rig.database.read(lambda unit: len(unit.known([9])[9].orders)) == 0
    assert await guess(rig, "bob", "2600018002") == [
        "order/not_matched"
    ]  # another order's buyer is not harmed
    rig.clock.advance(days=1, minutes=1)
    assert (await guess(rig, "ann's phone", "2600018001", "1234"))[0] == "request_refund/unshipped"


async def test_an_order_that_does_not_exist_is_guarded_the_same(rig: Rig) -> None:
    for stranger in range(PER_ORDER):
        await guess(rig, f"eve{stranger}", "2600018999")
    assert await guess(rig, "eve", "2600018999") == ["order/too_many"]


async def test_many_wrong_proofs_of_many_orders_close_the_way_for_an_hour(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    for stranger in range(IN_ALL):
        await guess(rig, f"eve{stranger}", str(2_600_020_000 + stranger))
    assert await guess(rig, "eve", "2600018001", "1234") == ["order/too_many"]
    rig.clock.advance(hours=1, minutes=1)
    assert (await guess(rig, "bob", "2600018001", "1234"))[0] == "request_refund/unshipped"


async def test_a_proof_that_was_right_counts_as_no_guess(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    for stranger in range(PER_ORDER + 2):
        assert (await guess(rig, f"friend{stranger}", "2600018001", "1234"))[0] == "request_refund/unshipped"


async def test_anothers_buttons_do_nothing_for_who_copies_them(rig: Rig) -> None:
    """What a button carries names a case, an order, a question; none of it is a key to them."""
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    asked = await rig.buttons("ann")
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    [case] = await rows(rig.database, "cases")
    forged = [
        *asked,
        *(await rig.buttons("ann")),
        f"|start|revoke_refund case={case['number']}",
        f"|start|refund_status order={case['order_number']}",
        f"|start|request_refund order={case['order_number']}",
        f"desk|act|agree:{case['number']}:{case['version']}",
        f"|act|agree:{case['number']}:{case['version']}",
        "desk|act|claim",
    ]
    for data in forged:
        await rig.intake.take([Arrival("web", f"web:forged:{data}", reader.tap(data), "eve")])
        await rig.work()
    assert await rows(rig.database, "cases") == [case]
    eve = await rig.conversation("eve")
    assert await rig.database.read(lambda unit: unit.known([eve.id])[eve.id].orders) == ()
    heard = [row["payload"]["text"] for row in await rows(rig.database, "outbox") if row["address"] == "eve"]
    assert heard
    assert not any(secret in text for text in heard for secret in ("四件套", "329", "林小满", "1380000"))
