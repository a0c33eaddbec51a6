"""Settings on the command line: what is in force, where it comes from, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from tests.cli.conftest import Call


def test_config_tells_where_each_value_comes_from(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUHOU_WEB__PORT", "9123")
    rows = call("config").output.splitlines()
    assert any("web.port" in row and "9123" in row and "SHOUHOU_WEB__PORT" in row for row in rows)
    assert any("clocks.seller " in row and "72 hours" in row and "config.yaml:" in row for row in rows)


def test_secrets_are_never_shown(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUHOU_DESK_PASSWORD", "correct horse battery")
    said = call("config").output
    assert "correct horse" not in said
    assert "SHOUHOU_DESK_PASSWORD" in said


def test_a_wrong_key_is_refused_with_its_line_and_the_nearest_name(call: Call, shop: Path) -> None:
    path = shop / "config.yaml"
    path.write_text(path.read_text("utf-8").replace("  port:", "  prot:"), "utf-8")
    result = call("config")
    assert isinstance(result.exception, ConfigError)
    assert "config.yaml:" in str(result.exception)
    assert "web.port" in str(result.exception)


def test_the_laid_out_config_is_the_default_one(call: Call, shop: Path) -> None:
    assert call("config", "--default").output == (shop / "config.yaml").read_text("utf-8")


def test_init_says_what_to_set_before_orders_of_ones_own_come_in(call: Call, tmp_path: Path) -> None:
    said = call("init", str(tmp_path / "mine")).output
    assert "sample shop's orders" in said
    assert f"web.demo: false in {tmp_path / 'mine' / 'config.yaml'}" in said


def test_init_leaves_a_shop_that_is_there_alone(call: Call, shop: Path) -> None:
    (shop / "config.yaml").write_text("web: {port: 9}\n", "utf-8")
    result = call("init", str(shop))
    assert "nothing was changed" in str(result.exception)
    assert (shop / "config.yaml").read_text("utf-8") == "web: {port: 9}\n"
