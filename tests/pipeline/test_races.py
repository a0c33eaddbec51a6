"""Two things at once: one outcome each, and everybody who did one hears which."""

from __future__ import annotations

from tests.pipeline.rig import Rig, unshipped
from tests.stores import rows


async def applied(rig: Rig) -> str:
    """Ann asks for her money back and waits for the shop; the number of her case."""
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    return (await the_case(rig))[0]


async def refused(rig: Rig) -> str:
    """The same, and the shop has said no."""
    number = await applied(rig)
    await rig.do("ann", "refuse", case=number, version=1, text="已经在打包了")
    await rig.work()
    return number


async def the_case(rig: Rig) -> tuple[str, str, int]:
    """Number, state and version of the only case."""
    [row] = await rows(rig.database, "cases")
    return row["number"], row["state"], row["version"]


async def paid(rig: Rig) -> list[int]:
    """What is ordered to be paid."""
    return [row["amount"] for row in await rows(rig.database, "refunds")]


def told_the_desk(rig: Rig) -> list[str]:
    """Replies on the desk, in order."""
    return [say.reply for say in rig.words.said if say.reply.startswith("desk/")]


async def test_a_double_tap_applies_once(rig: Rig) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    await rig.tap("ann", "|cancel|yes")
    await rig.tap("ann", "|cancel|yes")
    await rig.work()
    assert (await the_case(rig))[1:] == ("WAIT_SELLER_AGREE", 1)
    assert (await rig.heard("ann"))[-2:] == ["request_refund/opened", "talk/sent_already"]


async def test_a_double_tap_revokes_once(rig: Rig) -> None:
    await applied(rig)
    await rig.write("ann", "撤销退款")
    await rig.work()
    await rig.tap("ann", "|confirm|yes")
    await rig.tap("ann", "|confirm|yes")
    await rig.work()
    assert (await the_case(rig))[1:] == ("CLOSED", 2)
    assert (await rig.heard("ann"))[-2:] == ["revoke_refund/done", "talk/stale_button"]


async def test_a_double_tap_brings_the_platform_in_once(rig: Rig) -> None:
    await refused(rig)
    await rig.write("ann", "申请平台介入")
    await rig.work()
    await rig.tap("ann", "|confirm|yes")
    await rig.tap("ann", "|confirm|yes")
    await rig.work()
    assert (await the_case(rig))[2] == 3
    assert (await rig.heard("ann"))[-2:] == ["case/intervention", "talk/stale_button"]
    assert told_the_desk(rig).count("desk/card_on_page") == len(rig.shop.languages)  # one, in each language


async def test_of_two_agents_at_once_the_first_decides_and_the_second_is_told(rig: Rig) -> None:
    number = await applied(rig)
    await rig.do("ann", "agree", case=number, version=1)
    await rig.do("ann", "refuse", agent="小禾", case=number, version=1, text="已经在打包了")
    await rig.work()
    assert (await the_case(rig))[1:] == ("SUCCESS", 2)
    assert await paid(rig) == [32_900]
    assert (await rig.heard("ann"))[-1] == "case/agreed"
    assert told_the_desk(rig)[-1] == "desk/stale"


async def test_an_agent_who_agrees_after_the_buyer_revoked_pays_nothing(rig: Rig) -> None:
    number = await applied(rig)
    await rig.write("ann", "撤销退款")
    await rig.work()
    await rig.tap("ann", "|confirm|yes")
    await rig.do("ann", "agree", case=number, version=1)
    await rig.work()
    assert (await the_case(rig))[1:] == ("CLOSED", 2)
    assert await paid(rig) == []
    assert (await rig.heard("ann"))[-1] == "revoke_refund/done"
    assert told_the_desk(rig)[-1] == "desk/stale"


async def test_a_buyer_who_revokes_after_the_agent_agreed_is_told_that_it_is_paid(rig: Rig) -> None:
    number = await applied(rig)
    await rig.write("ann", "撤销退款")
    await rig.work()
    await rig.do("ann", "agree", case=number, version=1)
    await rig.tap("ann", "|confirm|yes")
    await rig.work()
    assert (await the_case(rig))[1:] == ("SUCCESS", 2)
    assert await paid(rig) == [32_900]
    assert (await rig.heard("ann"))[-2:] == ["case/agreed", "revoke_refund/ended"]


async def test_a_ruling_that_comes_after_another_changes_nothing(rig: Rig) -> None:
    number = await refused(rig)
    await rig.do("ann", "intervene", case=number, version=2)
    await rig.work()
    await rig.do("ann", "rule_for_seller", case=number, version=3)
    await rig.do("ann", "rule_for_buyer", agent="小禾", case=number, version=3)
    await rig.work()
    assert (await the_case(rig))[1:] == ("CLOSED", 4)
    assert await paid(rig) == []
    assert (await rig.heard("ann"))[-1] == "case/ruled_for_seller"
    assert told_the_desk(rig)[-1] == "desk/stale"


async def test_a_buyer_who_revokes_in_the_second_of_the_deadline_and_comes_first_has_revoked(
    rig: Rig,
) -> None:
    await applied(rig)
    rig.clock.advance(hours=47)
    await rig.write("ann", "撤销退款")
    await rig.work()
    rig.clock.advance(hours=1)
    await rig.tap("ann", "|confirm|yes")
    await rig.deadlines.step()
    await rig.work()
    assert (await the_case(rig))[1] == "CLOSED"
    assert await paid(rig) == []
    assert (await rig.heard("ann"))[-1] == "revoke_refund/done"


async def test_a_deadline_that_comes_first_has_agreed_and_the_buyer_is_told(rig: Rig) -> None:
    await applied(rig)
    rig.clock.advance(hours=47)
    await rig.write("ann", "撤销退款")
    await rig.work()
    rig.clock.advance(hours=1)
    while await rig.deadlines.step():
        pass
    await rig.tap("ann", "|confirm|yes")
    await rig.work()
    assert (await the_case(rig))[1] == "SUCCESS"
    assert await paid(rig) == [32_900]
    assert (await rig.heard("ann"))[-2:] == ["case/auto_agreed", "revoke_refund/ended"]


async def test_a_change_and_a_refusal_at_once_leave_the_refusal_and_say_so(rig: Rig) -> None:
    number = await applied(rig)
    await rig.write("ann", "退款金额改成20块")
    await rig.work()
    await rig.do("ann", "refuse", case=number, version=1, text="已经在打包了")
    await rig.tap("ann", "|confirm|yes")
    await rig.work()
    [row] = await rows(rig.database, "cases")
    assert (row["state"], row["amount"]) == ("SELLER_REFUSE_BUYER", 32_900)
    assert (await rig.heard("ann"))[-2:] == ["case/refused", "case/moved_on"]
