"""The lines at the end of a test run that say what this machine could not test."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests import equipment


def report(what: str, reason: str = "") -> object:
    return SimpleNamespace(user_properties=[("needs", what)], longrepr=("test_a.py", 1, f"Skipped: {reason}"))


def test_what_ran_is_counted() -> None:
    stats = {
        "passed": [report("browser"), report("browser"), report("postgresql")],
        "failed": [report("browser")],
    }
    assert equipment.summary("browser", stats) == "browser tests: 2 passed, 1 failed"


def test_what_did_not_run_is_counted_with_its_reason() -> None:
    stats = {"skipped": [report("browser", "no Chromium found"), report("browser", "no Chromium found")]}
    assert equipment.summary("browser", stats) == "browser tests: 2 skipped — not run: no Chromium found"


def test_nothing_chosen_is_said() -> None:
    assert equipment.summary("postgresql", {"passed": [report("browser")]}).endswith(
        "none among those chosen"
    )


class Item:
    """As much of a pytest item as is looked at."""

    def __init__(self, fixtures: Sequence[str] = (), case: str = "", marker: str = "") -> None:
        self.fixturenames = fixtures
        self.callspec = SimpleNamespace(id=case)
        self.marker = marker

    def get_closest_marker(self, name: str) -> bool:
        return name == self.marker


@pytest.mark.parametrize(
    ("item", "needed"),
    [
        (Item(), set()),
        (Item(fixtures=["tmp_path", "chromium"]), {"browser"}),
        (Item(marker="browser"), {"browser"}),
        (Item(fixtures=["postgres_url"]), {"postgresql"}),
        (Item(case="zh-postgresql"), {"postgresql"}),
        (Item(case="zh-sqlite"), set()),
        (Item(marker="postgresql", fixtures=["chromium"]), {"browser", "postgresql"}),
    ],
    ids=range(7),
)
def test_what_a_test_needs_is_seen(item: Item, needed: set[str]) -> None:
    assert equipment.needs(cast("pytest.Item", item)) == needed


def test_a_named_chromium_goes_before_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "chrome"
    browser.touch()
    monkeypatch.setenv("SHOUHOU_CHROMIUM", str(browser))
    assert equipment.find_chromium() == browser
    browser.unlink()
    assert equipment.find_chromium() is None


def test_of_two_browsers_the_one_without_windows_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOUHOU_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).touch(mode=0o755)
    assert equipment.find_chromium() == tmp_path / "chromium-headless-shell"


@pytest.mark.parametrize(
    ("must_run", "end"),
    [("", pytest.skip.Exception), ("postgresql", pytest.skip.Exception), ("browser", pytest.fail.Exception)],
    ids=["nothing must run", "something else must", "it must"],
)
def test_missing_equipment_skips_unless_it_must_not(
    must_run: str, end: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUHOU_TESTS_MUST_RUN", must_run)
    with pytest.raises(end, match="no Chromium here"):
        equipment.missing("browser", "no Chromium here")
