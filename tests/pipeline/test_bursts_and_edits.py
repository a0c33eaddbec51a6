"""Five quick messages are one thought where they are; a message that is changed is read with its new words, once."""

from __future__ import annotations

from tests.pipeline.rig import Rig, on_its_way, unshipped
from tests.stores import rows


async def said(rig: Rig, who: str) -> list[str]:
    found = await rig.conversation(who)
    lines = await rig.database.read(lambda unit: unit.transcript(found.id))
    return [line.text for line in lines if line.who.value == "buyer"]


async def on_telegram(rig: Rig) -> None:
    """Ann writes there for the first time."""
    await rig.telegram("ann", 1, "你好")
    await rig.work()


async def test_pieces_of_one_thought_get_one_reply_and_stay_lines_of_their_own(rig: Rig) -> None:
    await rig.owns("ann", on_its_way())
    for piece in ("退款", "四件套", "坏了"):
        await rig.write("ann", piece)
    await rig.work()
    assert len(await rig.heard("ann")) == 1
    assert await said(rig, "ann") == ["退款", "四件套", "坏了"]
    assert {row["state"] for row in await rows(rig.database, "inbox")} == {"done"}
    ann = await rig.conversation("ann")
    assert ann.talk is not None
    assert ann.talk.slots["reason"] == "quality"


async def test_whole_messages_are_answered_one_by_one(rig: Rig) -> None:
    await rig.owns("ann", on_its_way())
    for text in ("hi there", "where is my parcel", "thanks"):
        await rig.write("ann", text)
    await rig.work()
    assert await rig.heard("ann") == ["greeting/hello", "track_parcel/where", "thanks/welcome"]


async def test_two_wishes_are_never_made_one(rig: Rig) -> None:
    await rig.owns("ann", on_its_way())
    for text in ("我要退款", "四件套", "转人工"):
        await rig.write("ann", text)
    await rig.work()
    assert await rig.heard("ann") == ["request_refund/received", "escalate/queued"]
    assert (await rig.conversation("ann")).holder.value == "queued"


async def test_pieces_far_apart_are_not_one_thought(rig: Rig) -> None:
    await rig.write("ann", "哔哩啪啦")
    rig.clock.advance(seconds=6)
    await rig.write("ann", "嘟嘟咚咚锵")
    await rig.work()
    assert await rig.heard("ann") == ["talk/fallback", "talk/two_misses"]


async def test_a_burst_that_is_not_understood_is_one_miss(rig: Rig) -> None:
    for text in ("哔哩啪啦", "嘟嘟咚咚锵"):
        await rig.write("ann", text)
    await rig.work()
    assert await rig.heard("ann") == ["talk/fallback"]


async def test_while_a_question_is_open_each_message_is_read_by_itself(rig: Rig) -> None:
    await rig.owns("ann", on_its_way())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.write("ann", "还没收到")
    await rig.write("ann", "太慢了")
    await rig.work()
    assert await rig.heard("ann") == [
        "request_refund/received",
        "request_refund/reason",
        "request_refund/amount",
    ]


async def test_an_edit_that_comes_before_anybody_read_the_message_is_what_it_says(rig: Rig) -> None:
    await on_telegram(rig)
    await rig.owns("ann", on_its_way())
    await rig.telegram("ann", 5, "我的快第到哪")
    await rig.telegram("ann", 5, "我要退款", edited=True)
    await rig.work()
    assert await rig.heard("ann") == ["greeting/hello", "request_refund/received"]
    assert await said(rig, "ann") == ["你好", "我的快第到哪", "我要退款"]


async def test_an_edit_of_what_was_acted_on_does_nothing_twice(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.telegram("ann", 5, "建议四件套多出几个颜色")
    await rig.work()
    await rig.telegram("ann", 5, "建议四件套多出几个颜色,绿的", edited=True)
    await rig.work()
    assert await rig.heard("ann") == ["feedback/filed", "talk/edited"]
    assert len(await rows(rig.database, "feedback")) == 1


async def test_an_edit_of_an_older_message_does_nothing_twice_either(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.telegram("ann", 5, "建议四件套多出几个颜色")
    await rig.work()
    await rig.telegram("ann", 6, "谢谢")
    await rig.work()
    await rig.telegram("ann", 5, "建议四件套多出几个颜色,绿的", edited=True)
    await rig.work()
    assert (await rig.heard("ann"))[-1] == "talk/edited"
    assert len(await rows(rig.database, "feedback")) == 1


async def test_an_edit_of_an_older_message_does_not_answer_the_question_of_now(rig: Rig) -> None:
    await on_telegram(rig)
    await rig.owns("ann", unshipped())
    await rig.telegram("ann", 6, "取消订单")
    await rig.work()
    await rig.telegram("ann", 1, "好的", edited=True)
    await rig.work()
    assert await rig.heard("ann") == ["greeting/hello", "request_refund/unshipped", "talk/edited"]
    assert await rows(rig.database, "cases") == []
