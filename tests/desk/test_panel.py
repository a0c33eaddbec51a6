"""What stands beside a conversation."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.panel import acts, listed, panel
from bot.domain.cases import BACK, MONEY, TALK, Case, Event, Goods, Kind, Role, State
from bot.domain.conversation import Conversation
from bot.domain.machine import needs, possible
from bot.domain.refunds import Purpose, Refund
from bot.pipeline.looks import Past, Waiting
from bot.pipeline.turns import Known
from tests.desk.samples import PHONE, case, order


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("locked", [False, True])
def test_just_what_the_table_allows_an_agent_is_offered(state: State, kind: Kind, locked: bool) -> None:
    one = case(state, kind, locked=locked)
    offered = [event.value for event in possible(one, Role.AGENT) if event is not Event.ADD_EVIDENCE]
    assert [wish["act"] for wish in acts(one)] == offered


def test_an_agent_may_agree_refuse_or_call_the_platform_while_the_shop_is_asked() -> None:
    offered = {wish["act"]: wish["words"] for wish in acts(case())}
    assert offered == {
        "agree_return": "",
        "agree": "",
        "refuse": "why",
        "offer": "amount",
        "judge": "change",
        "intervene": "",
    }


@pytest.mark.parametrize("kind", sorted(BACK))
def test_having_the_goods_back_first_stands_before_letting_the_buyer_keep_them(kind: Kind) -> None:
    asked, kept, *_ = acts(case(kind=kind))
    moved = "pays" if kind in MONEY else "sends"
    assert (asked["act"], asked["does"]) == ("agree_return", "asks_back")
    assert (kept["act"], kept["does"]) == ("agree", f"{moved}_unreturned")


@pytest.mark.parametrize(
    ("one", "act", "does"),
    [
        (case(kind=Kind.REFUND_ONLY), "agree", "pays"),
        (case(kind=Kind.RESHIP), "agree", "sends"),
        (case(State.WAIT_SELLER_CONFIRM_GOODS), "goods_intact", "pays"),
        (case(State.WAIT_SELLER_CONFIRM_GOODS, Kind.EXCHANGE), "goods_intact", "sends"),
        (case(), "refuse", ""),
        (case(locked=True), "rule_for_buyer", "pays"),
        (case(kind=Kind.EXCHANGE, locked=True), "rule_for_buyer", "sends"),
        (case(kind=Kind.EXCHANGE, locked=True), "rule_split", "pays"),
        (case(locked=True), "rule_for_seller", ""),
        (case(State.WAIT_SELLER_ANSWER, Kind.COMPLAINT, locked=True), "rule_for_buyer", ""),
    ],
)
def test_what_an_act_does_at_once_is_told_where_money_or_goods_move(one: Case, act: str, does: str) -> None:
    assert {wish["act"]: wish["does"] for wish in acts(one)}[act] == does


def test_a_return_on_its_way_asks_for_its_waybill() -> None:
    offered = {wish["act"]: wish["words"] for wish in acts(case(State.WAIT_BUYER_RETURN_GOODS))}
    assert offered["ship_back"] == "waybill"
    assert offered["refuse"] == "why"


def test_a_return_that_has_arrived_is_to_be_inspected_and_no_more() -> None:
    on_its_way, here = (
        {wish["act"] for wish in acts(case(State.WAIT_SELLER_CONFIRM_GOODS, goods=goods))}
        for goods in (Goods.RECEIVED, Goods.RETURNED)
    )
    assert on_its_way - here == {"return_signed", "ship_back"}
    assert {"goods_intact", "goods_rejected"} <= here


def test_an_order_tells_whether_it_is_paid() -> None:
    unpaid = replace(order(), number="N2", paid_at=None)
    shown = panel(Conversation(1, "web", "a"), Known((order(), unpaid)), Past(), {}, lambda file: "", {})
    assert [bool(one["paidAt"]) for one in shown["orders"]] == [True, False]


def test_nothing_is_left_to_do_with_an_ended_case() -> None:
    assert acts(case(State.SUCCESS)) == acts(case(State.CLOSED)) == []


def test_a_locked_case_waits_for_the_platform_only() -> None:
    offered = {wish["act"]: wish["words"] for wish in acts(case(locked=True))}
    assert offered == {
        "judge": "change",
        "withdraw": "",
        "rule_for_buyer": "",
        "rule_for_seller": "",
        "rule_split": "amount",
    }


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in TALK])
def test_each_act_asks_for_the_words_it_needs(state: State, kind: Kind) -> None:
    one = case(state, kind)
    for wish in acts(one):
        wanted = needs(one, Event(wish["act"]), Role.AGENT)
        assert (wish["words"] in wanted) if wanted else not wish["words"]


def test_money_that_is_to_leave_is_listed_and_no_phone_number_leaves() -> None:
    won = case(State.SUCCESS, clock=None, due_at=None)
    refund = Refund("refund:R7", "R7", won.order_number, Purpose.PRICE, won.amount, won.opened_at)
    shown = panel(
        Conversation(1, "web", "secret-address"),
        Known((order(),), (won,), (refund,)),
        Past(),
        {},
        lambda file: "/f",
        {},
    )
    [money] = shown["refunds"]
    assert (money["key"], money["state"]) == ("refund:R7", "created")
    assert money["amount"] == {"amount": "129.00", "currency": "CNY"}
    assert [wish["act"] for wish in money["acts"]] == ["succeed", "fail", "cancel"]
    said = json.dumps(shown)
    assert PHONE not in said
    assert "secret-address" not in said


def test_open_cases_come_first() -> None:
    cases = (case(State.CLOSED, number="R1"), case(number="R2"))
    shown = panel(Conversation(1, "web", "a"), Known((), cases), Past(), {}, lambda file: "", {})
    assert [one["number"] for one in shown["cases"]] == ["R2", "R1"]


def _beside(*cases: Case, refunds: tuple[Refund, ...] = ()) -> dict[str, Any]:
    """What stands beside conversation 1."""
    return panel(Conversation(1, "web", "a"), Known((), cases, refunds), Past(), {}, lambda file: "", {})


def test_a_case_of_another_conversation_leads_there_and_is_not_acted_on_here() -> None:
    won = case(State.SUCCESS, number="R8", conversation_id=48, clock=None, due_at=None)
    refund = Refund("refund:R8", "R8", won.order_number, Purpose.PRICE, won.amount, won.opened_at)
    shown = _beside(case(number="R7", conversation_id=48), won, case(number="R1"), refunds=(refund,))
    told = {one["number"]: (one.get("elsewhere"), bool(one["acts"])) for one in shown["cases"]}
    assert told == {"R7": (48, False), "R8": (48, False), "R1": (None, True)}
    [money] = shown["refunds"]
    assert (money["elsewhere"], money["acts"]) == (48, [])


@pytest.mark.parametrize(
    ("one", "then"),
    [
        (case(kind=Kind.REFUND_ONLY), "SUCCESS"),
        (case(kind=Kind.RETURN_REFUND), "WAIT_BUYER_RETURN_GOODS"),
        (case(kind=Kind.COUNTERFEIT), ""),
        (case(State.SELLER_REFUSE_BUYER, clock=Event.BUYER_TIMEOUT), ""),
        (case(State.CLOSED, clock=None), ""),
    ],
)
def test_what_the_shops_silence_leads_to_is_told(one: Case, then: str) -> None:
    [shown] = _beside(one)["cases"]
    assert shown["then"] == then


def test_the_list_tells_what_the_shop_owes_and_until_when() -> None:
    due = case().due_at
    one = Conversation(1, "web", "a")
    shown = listed(Waiting(one, "hi", None, State.WAIT_SELLER_AGREE, due))
    assert due
    assert (shown["state"], shown["dueAt"]) == ("WAIT_SELLER_AGREE", due.isoformat())
    plain = listed(Waiting(one, "hi", None))
    assert (plain["state"], plain["dueAt"]) == ("", "")
