"""Settings and variables that are named exist, each is told with its default, and settings that are shown are accepted."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.config import load
from bot.config.environment import FOREIGN
from bot.config.registry import SECRETS, SECTIONS, SETTINGS
from tests.docs.pages import CODE, DEPLOY, OWNER, PRIVACY, ROOT, Page, each_page, first_cells, slip

Check = Callable[[Page], None]
_VARIABLE = re.compile(r"\b(?:SHOUHOU|TELEGRAM|KUAIDI100)_[A-Z0-9][A-Z0-9_]*\b")


@each_page
def test_variables_named_exist(page: Page) -> None:
    known = {setting.variable for setting in SETTINGS.values()} | SECRETS.keys() | FOREIGN
    assert set(_VARIABLE.findall(page.text)) <= known


@each_page
def test_settings_named_exist(page: Page) -> None:
    named = {code for code in page.codes if re.fullmatch(rf"({'|'.join(SECTIONS)})\.[a-z_]+", code)}
    assert {code for code in named if code not in SETTINGS and not _is_log_event(code)} == set()


def _is_log_event(code: str) -> bool:
    return f'"{code}"' in sources()


@cache
def sources() -> str:
    """All of the program's own text."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))


def test_every_setting_and_secret_is_documented_with_its_default() -> None:
    told: dict[str, tuple[list[str], str]] = {}
    for row in (*OWNER.rows(), *DEPLOY.rows(), *PRIVACY.rows()):
        names = [code for code in CODE.findall(row[0]) if code in SETTINGS]
        told |= dict.fromkeys(names, (names, row[1]))
    assert SETTINGS.keys() - told.keys() == set()
    for names, shown in told.values():
        defaults = [SETTINGS[name].kind.write(SETTINGS[name].default).strip('"[]') for name in names]
        assert shown.endswith("'s own") or shown == ", ".join(defaults), names
    assert SECRETS.keys() <= set(first_cells(DEPLOY.rows()))


@each_page
def test_settings_shown_as_yaml_are_accepted(page: Page, tmp_path: Path) -> None:
    for language, body in page.fences:
        found = yaml.safe_load(body) if language == "yaml" else None
        if isinstance(found, dict) and found.keys() & SECTIONS.keys():
            file = tmp_path / "config.yaml"
            file.write_text(body, encoding="utf-8")
            load(
                file,
                {
                    "TELEGRAM_BOT_TOKEN": "1:a",
                    "SHOUHOU_WEBHOOK_SECRET": "a",
                    "SHOUHOU_PAYOUT_SECRET": "a" * 16,
                },
            )


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("`SHOUHOU_WEB__PROT`", test_variables_named_exist),
        ("`web.prot`", test_settings_named_exist),
    ],
)
def test_a_slip_in_a_page_is_found(text: str, check: Check, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        check(slip(tmp_path, text))
