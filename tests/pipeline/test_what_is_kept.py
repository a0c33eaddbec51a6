"""What a message was understood to mean, and which replies it got, stand in the transcript."""

from __future__ import annotations

from bot.domain.explanation import explain
from bot.domain.meaning import Sureness
from bot.domain.messages import Speaker
from bot.pipeline.turns import Line
from bot.understanding.slots import Context
from bot.understanding.understand import understand
from tests.pipeline.rig import Rig, on_its_way, unshipped


async def transcript(rig: Rig, who: str = "ann") -> list[Line]:
    conversation = await rig.conversation(who)
    return await rig.database.read(lambda unit: unit.transcript(conversation.id))


async def test_a_buyers_line_keeps_its_meaning_as_it_is_explained_on_the_command_line(rig: Rig) -> None:
    await rig.write("ann", "我的快递到哪了 订单2600018003")
    await rig.work()
    heard, *answers = await transcript(rig)
    meaning = understand(heard.text, rig.shop.phrasebook, rig.shop.thresholds, Context())
    told = explain(meaning).in_short()
    assert heard.meaning == told
    assert told.intent == "track_parcel"
    assert told.slots == {"order_number": "2600018003", "progress": "yes"}
    assert [line.meaning for line in answers] == [None] * len(answers)


async def test_each_line_of_the_bots_keeps_the_name_of_its_reply(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "zorp blimey")
    rig.clock.advance(minutes=1)
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    said = [line for line in await transcript(rig) if line.who is Speaker.BOT]
    assert [line.reply for line in said] == await rig.heard("ann")
    assert [line.reply for line in said] == [
        "talk/fallback",
        "request_refund/unshipped",
        "request_refund/opened",
    ]


async def test_a_note_to_the_agents_is_kept_in_each_of_the_shops_languages(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    await rig.do("ann", "claim")
    await rig.work()
    said = await transcript(rig)
    notes = [line for line in said if line.who is Speaker.SYSTEM]
    assert ["买家要求人工" in notes[0].text, "Buyer asks for a person" in notes[0].worded("en").text] == [
        True,
        True,
    ]
    assert ["已接手" in notes[-1].text, "has taken it" in notes[-1].worded("en").text] == [True, True]
    assert [line.also for line in said if line.who is not Speaker.SYSTEM] == [{}] * (len(said) - len(notes))


async def test_taps_typed_labels_commands_and_files_alone_have_no_meaning(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    label = (await transcript(rig))[1].buttons[0][0]
    await rig.write("ann", label)
    await rig.work()
    await rig.write("ann", "你好")
    await rig.work()
    await rig.tap("ann", "track_parcel")
    await rig.write("ann", "/orders")
    photo = {"medium": "photo", "ref": "file:1", "name": "", "size": 1}
    await rig._take("ann", {"kind": "message", "text": "", "files": [photo]})
    await rig.work()
    heard = [line for line in await transcript(rig) if line.who is Speaker.BUYER]
    assert [line.text for line in heard] == ["我要退款", label, "你好", heard[3].text, "/orders", ""]
    assert [line.meaning is not None for line in heard] == [True, False, True, False, False, False]


async def test_what_one_flow_serves_either_way_is_kept_as_acted_on(rig: Rig) -> None:
    """The bot need not ask whether goods or only money go back, so nobody is told that it was unsure."""
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "退货退款")
    await rig.work()
    heard = (await transcript(rig))[0]
    assert heard.meaning
    assert heard.meaning.sureness is Sureness.ACT


async def test_what_is_said_to_a_person_is_explained_too_and_agents_lines_are_not(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    await rig.do("ann", "say", text="您好")
    await rig.write("ann", "我要退款")
    await rig.work()
    *_, agents, heard = [line for line in await transcript(rig) if line.who is not Speaker.SYSTEM]
    assert (agents.who, agents.meaning) == (Speaker.AGENT, None)
    assert heard.meaning
    assert heard.meaning.intent == "request_refund"
