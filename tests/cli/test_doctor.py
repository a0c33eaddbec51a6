"""`shouhou doctor` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.copies import reworded


def contents(shop: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in shop.rglob("*")}


def test_a_shop_as_it_was_laid_out_is_well_and_stays_as_it_is(call: Call, shop: Path) -> None:
    before = contents(shop)
    result = call("doctor")
    assert result.exit_code == 0, result.output
    assert "0 wrong" in result.output
    assert "phrases and replies: all can be used" in result.output
    assert contents(shop) == before


def test_what_is_wrong_is_told_with_its_mend_to_people_and_to_machines(
    call: Call, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reworded(shop / "replies/en/thanks/welcome.j2", "Hello {{ order.nonsense }}")
    monkeypatch.setenv("SHOUHOU_SECRET_KEY", "changeme-changeme")
    monkeypatch.setenv("SHOUHOU_WEB__PUBLIC_URL", "http://chat.shop.invalid")
    result = call("doctor", "--json")
    assert result.exit_code == 1, result.output
    told = json.loads(result.output)
    wrong = {one["what"]: one for one in told["findings"] if one["grade"] == "wrong"}
    assert told["wrong"] == len(wrong)
    assert {"phrases and replies", "SHOUHOU_SECRET_KEY", "web.public_url", "web.demo"} <= wrong.keys()
    assert "thanks/welcome.j2" in wrong["phrases and replies"]["told"]
    assert all(one["mend"] for one in wrong.values())
    assert "changeme" not in result.output


def test_settings_that_can_not_be_read_are_findings_too(call: Call, shop: Path) -> None:
    config = shop / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("port: 8080", "port: many"), "utf-8")
    result = call("doctor")
    assert result.exit_code == 1
    assert "config.yaml:" in result.output
    assert "web.port" in result.output
    assert "→" in result.output


def test_what_can_not_be_read_in_the_environment_is_said_to_stand_there(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUHOU_SECRET_KEY", "short")
    [finding] = json.loads(call("doctor", "--json").output)["findings"]
    assert finding["what"] == "SHOUHOU_SECRET_KEY"
    assert "in the environment" in finding["mend"]
    assert "config.yaml" not in json.dumps(finding)
