"""Cases and the policy on the command line."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import yaml

from bot.cli.context import Here
from bot.domain.cases import Kind, State
from bot.store.lock import ProcessLock
from tests.cli.conftest import Call
from tests.granted import apply_for, bought


@pytest.fixture
def case(call: Call, shop: Path) -> str:
    """One that waits for the shop."""
    return Here(str(shop)).with_database(apply_for).number


def test_an_open_case_is_listed_and_shown_with_what_each_person_may_do(call: Call, case: str) -> None:
    listed = call("cases", "list").output
    assert case in listed
    assert "WAIT_SELLER_AGREE" in listed
    shown = call("cases", "show", case.lower()).output
    assert "agent may: agree, refuse (with why)" in shown
    assert "buyer may: modify (with change), revoke" in shown
    assert "clock may: seller_timeout" in shown


def test_what_may_be_done_is_done_once_and_stands_in_the_history(call: Call, case: str) -> None:
    refused = call("cases", "do", case, "refuse", "--by", "小周")
    assert refused.exit_code == 1
    assert "nothing was changed" in refused.output
    done = call("cases", "do", case, "refuse", "The", "seal", "is", "broken", "--by", "小周")
    assert f"{case}: WAIT_SELLER_AGREE → SELLER_REFUSE_BUYER" in done.output
    history = call("cases", "history", case).output
    assert "The seal is broken" in history
    assert "agent 小周" in history
    assert call("cases", "do", case, "goods_intact").exit_code == 1


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["refuse"], "refuse needs a why"),
        (["refuse", "  "], "refuse needs a why"),
        (["offer"], "offer needs an amount"),
        (["offer", "twenty", "or", "so"], "offer needs an amount"),
        (["judge", "everybody"], "judge needs who is at fault"),
        (["add_evidence"], "add_evidence needs a file"),
        (["goods_intact"], "goods_intact is not possible"),
    ],
)
def test_what_an_act_lacks_is_told_before_anything_waits_for_the_shop_that_is_served(
    call: Call, case: str, shop: Path, words: list[str], wanted: str
) -> None:
    with ProcessLock(shop / "data" / "shouhou.db.lock"):
        told = call("cases", "do", case, *words)
        assert told.exit_code == 1
        assert wanted in told.output
        assert "noted" not in told.output
        with sqlite3.connect(shop / "data" / "shouhou.db") as database:
            assert database.execute("SELECT count(*) FROM inbox").fetchone() == (0,)
        assert "does it now" in call("cases", "do", case, "refuse", "worn").output


@pytest.mark.parametrize("words", ["", "it has left", "12345"])
def test_a_return_is_noted_only_with_a_number_that_can_be_a_waybills(
    call: Call, shop: Path, words: str
) -> None:
    number = Here(str(shop)).with_database(lambda unit: apply_for(unit, kind=Kind.RETURN_REFUND)).number
    assert call("cases", "do", number, "agree_return").exit_code == 0
    told = call("cases", "do", number, "ship_back", *words.split())
    assert told.exit_code == 1
    assert "ship_back needs a waybill's number" in told.output
    noted = call("cases", "do", number, "ship_back", "SF1020304050607")
    assert noted.exit_code == 0, noted.output


def test_an_ended_case_is_listed_only_when_asked_for_and_its_money_is_shown(call: Call, case: str) -> None:
    call("cases", "do", case, "agree", "--by", "小周")
    assert "No case is open." in call("cases", "list").output
    assert State.SUCCESS.value in call("cases", "list", "--all").output
    assert f"money: 59.90 CNY for the price: created (refund:{case})" in call("cases", "show", case).output


def test_a_case_nobody_knows_is_told_with_where_to_look(call: Call) -> None:
    told = call("cases", "show", "R0")
    assert told.exit_code == 2
    assert "shouhou cases list --all" in told.output


def test_a_changed_policy_shows_which_deadlines_it_would_move_and_moves_none_by_itself(
    call: Call, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "as the policy and the calendar have it now" in call("cases", "clocks").output
    monkeypatch.setenv("SHOUHOU_CLOCKS__SELLER", "96 hours")
    before = call("cases", "list").output
    shown = call("cases", "clocks").output
    assert case in shown
    assert "2026-11-23 17:00" in shown
    assert "2026-11-24 17:00" in shown
    assert "Nothing was changed." in shown
    assert call("cases", "list").output == before


def test_deadlines_are_moved_only_with_a_reason_for_the_buyers(
    call: Call, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUHOU_CLOCKS__SELLER", "96 hours")
    assert call("cases", "clocks", "--apply").exit_code == 2
    moved = call("cases", "clocks", "--apply", "--why", "The carriers rest.")
    assert moved.exit_code == 0, moved.output
    assert "1 to be moved" in moved.output
    assert case in moved.output


def test_what_an_order_allows_is_explained_rule_by_rule(call: Call, case: str) -> None:
    blocked = call("policy", "check", "A1", "--at", "2026-11-21").output
    assert "left to refund 0.00 CNY" in blocked
    assert case in blocked
    words = yaml.safe_load(Path("replies/en/words.yaml").read_text("utf-8"))["rule"]
    assert f"✓ {words['paid']}" in blocked
    assert f"✗ {words['open_case']}" in blocked
    call("cases", "do", case, "refuse", "worn", "--by", "小周")
    assert call("policy", "check", "B7").exit_code == 2


def test_an_order_that_nothing_stands_in_the_way_of_shows_what_would_be_offered(
    call: Call, shop: Path
) -> None:
    Here(str(shop)).with_database(lambda unit: unit.put_orders([bought()]))
    told = call("policy", "check", "A2", "--at", "2026-11-21").output
    assert "changed_mind: yes" in told
    assert "→ refund_only 59.90 CNY, postage: undecided" in told
