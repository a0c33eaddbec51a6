"""The declarations themselves: nothing forgotten, nothing said twice."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.config import Config, load, shown
from bot.config.file import _tree
from bot.config.kinds.several import Many
from bot.config.kinds.text import Text, quoted
from bot.config.registry import SETTINGS, Setting
from bot.config.rules import Policy
from bot.domain.policy import Policy as Granted


def test_each_number_of_the_domains_policy_is_a_setting_with_the_same_default() -> None:
    elsewhere = {"shop", "public", "contacts"}  # from section `shop`
    parts = {
        "spans",
        "options",
        "promises",
        "authority",
        "pays_itself",
        "aftercare",
        "attendance",
        "earlier",
    }  # sections of their own
    reminders = {"remind_seller_hours", "remind_buyer_hours"}
    own = {item.name for item in fields(Granted)} - elsewhere - parts - reminders
    assert own == {item.name for item in fields(Policy)}
    policy = load(None, {}).policy()
    granted = Granted(policy.shop, policy.public)
    of_the_shops_own = {"no_return_categories", "low_value", "freight_most", "authority"}
    for item in fields(Granted):
        if item.name not in of_the_shops_own:
            assert getattr(policy, item.name) == getattr(granted, item.name), item.name


@pytest.mark.parametrize("known", SETTINGS.values(), ids=lambda known: known.name)
def test_a_default_is_a_value_that_may_be_written(known: Setting) -> None:
    assert known.about.endswith((".", ")"))
    written = known.kind.write(known.default)
    if isinstance(known.kind, Many):
        assert known.kind.read(written.strip("[]")) == known.default
    else:
        assert known.kind.read(written.strip('"')) == known.default


def test_settings_are_frozen() -> None:
    web: Any = load(None, {}).web
    with pytest.raises(FrozenInstanceError):
        web.port = 1


def test_every_setting_is_shown_once() -> None:
    names = [row.name for row in shown(Config())]
    assert len(names) == len(set(names))
    assert set(SETTINGS) < set(names)
    assert all(row.help for row in shown(Config()))


@given(some.text(some.characters(codec="utf-8"), min_size=1, max_size=60))
def test_text_written_to_the_file_is_read_back(text: str) -> None:
    try:
        name = Text().read(text)
    except ValueError:
        return
    root = _tree(f"name: {quoted(name)}\n", "x")
    assert root is not None
    assert root.value[0][1].value == name
