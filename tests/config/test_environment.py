"""The environment: overrides, and secrets that stay secret."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config import load, shown
from bot.config.registry import SECRETS, SETTINGS
from bot.domain.terms import Span, Term, Unit
from bot.errors import ConfigError

TOKEN = "123456789:AAF_x" + "y" * 32
EVERY_SECRET = {
    "TELEGRAM_BOT_TOKEN": TOKEN,
    "SHOUHOU_WEBHOOK_SECRET": "hook-me",
    "SHOUHOU_DESK_PASSWORD": "open sesame",
    "SHOUHOU_SECRET_KEY": "0123456789abcdef",
    "SHOUHOU_PAYOUT_SECRET": "payout-secret-0123456789",
    "SHOUHOU_OIDC_SECRET": "what-the-provider-gave",
    "SHOUHOU_METRICS_TOKEN": "for-prometheus-alone",
    "KUAIDI100_CUSTOMER": "CUST0MER",
    "KUAIDI100_KEY": "k3y-of-it",
}


def refused(**environ: str) -> str:
    return refused_with(None, environ)


def refused_with(path: Path | None, environ: dict[str, str]) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return str(caught.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("web: {port: 9000}")
    config = load(
        file, {"SHOUHOU_WEB__PORT": "9001", "PATH": "/bin", "SHOUHOU_CHROMIUM": "/usr/bin/chromium"}
    )
    assert config.web.port == 9001
    assert config.origin("web.port") == "SHOUHOU_WEB__PORT"


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_can_be_set_by_its_variable(name: str) -> None:
    known = SETTINGS[name]
    as_written = known.kind.write(known.default).strip('"').removeprefix("[").removesuffix("]")
    config = load(None, {known.variable: as_written})
    assert config.origin(name) == known.variable
    assert {row.name: row.value for row in shown(config)}[name] == known.kind.write(known.default)


def test_lists_are_written_with_commas() -> None:
    config = load(None, {"SHOUHOU_SHOP__LANGUAGES": "en, zh", "SHOUHOU_POLICY__NO_RETURN_CATEGORIES": ""})
    assert config.shop.languages == ("en", "zh")
    assert config.grants.no_return_categories == frozenset()


def test_an_empty_variable_is_a_value_only_where_empty_is_allowed() -> None:
    assert load(None, {"SHOUHOU_TELEGRAM__STAFF_CHAT": ""}).telegram.staff_chat is None
    assert (
        load(None, {"SHOUHOU_TELEGRAM__STAFF_CHAT": "-1001234567890"}).telegram.staff_chat == -1001234567890
    )
    assert "web.port: '' is not a whole number" in refused(SHOUHOU_WEB__PORT="")


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("SHOUHOU_WEB_PORT", "SHOUHOU_WEB__PORT"),
        ("SHOUHOU_WEB__PROT", "SHOUHOU_WEB__PORT"),
        ("shouhou_web__port", "SHOUHOU_WEB__PORT"),
        ("SHOUHOU_PORT", "SHOUHOU_WEB__PORT"),
        ("SHOUHOU_DESK_PASWORD", "SHOUHOU_DESK_PASSWORD"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(variable: str, meant: str) -> None:
    assert refused(**{variable: "s3cret"}) == f"{variable}: no setting has this name; did you mean {meant}?"


def test_secrets_are_taken_and_never_shown() -> None:
    config = load(None, EVERY_SECRET)
    assert config.secrets.telegram_token == TOKEN
    told = repr(config) + str(config.secrets) + repr(shown(config))
    for value in EVERY_SECRET.values():
        assert value not in told
    rows = {row.name: row for row in shown(config)}
    assert all(rows[variable].value == "set" and rows[variable].origin == variable for variable in SECRETS)
    assert {row.value for row in shown(load(None, {})) if row.name in SECRETS} == {"not set"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_BOT_TOKEN", "not-a-token"),
        ("SHOUHOU_WEBHOOK_SECRET", "with space"),
        ("SHOUHOU_DESK_PASSWORD", "short77"),
        ("SHOUHOU_SECRET_KEY", "0123456789abcde"),
    ],
)
def test_a_secret_of_the_wrong_shape_is_refused_without_being_repeated(variable: str, value: str) -> None:
    told = refused(**{variable: value})
    assert told.startswith(f"{variable}: is not as it should be; allowed: ")
    assert value not in told


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        (f"telegram:\n  token: {TOKEN}\n", "TELEGRAM_BOT_TOKEN"),
        (f"telegram:\n  bot_token: {TOKEN}\n", "TELEGRAM_BOT_TOKEN"),
        (f"telegram:\n  base_url: https://api.telegram.org/bot{TOKEN}\n", "TELEGRAM_BOT_TOKEN"),
        (f"# no section\nTELEGRAM_BOT_TOKEN: {TOKEN}\n", "TELEGRAM_BOT_TOKEN"),
        (f"web:\n  desk_password: {TOKEN}\n", "SHOUHOU_DESK_PASSWORD"),
        (f"telegram:\n  webhook_secret: {TOKEN}\n", "SHOUHOU_WEBHOOK_SECRET"),
        (f"carriers:\n  kuaidi100_key: {TOKEN}\n", "KUAIDI100_KEY"),
        (f"carriers:\n  customer: {TOKEN}\n", "KUAIDI100_CUSTOMER"),
    ],
)
def test_a_secret_in_the_file_is_refused_without_being_repeated(
    tmp_path: Path, text: str, variable: str
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text)
    told = refused_with(file, {})
    assert told.startswith(f"{file}:2: ")
    assert told.endswith(f"secrets are taken from the environment only; take it out here and set {variable}")
    assert TOKEN not in told


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://shop:hunter2@db.example/shop",
        "postgresql+asyncpg://shop:hunter2@x@db.example:5432/shop?ssl=require",
        "postgresql+asyncpg://db.example/shop?user=shop&password=hunter2",
        "postgresql+asyncpg://:hunter2@db.example/shop",
    ],
    ids=["plain", "with an at sign", "in the query", "without a user"],
)
def test_the_password_in_the_database_address_is_masked(url: str) -> None:
    config = load(None, {"SHOUHOU_STORAGE__URL": url})
    assert config.storage.url == url
    told = repr(config) + repr(shown(config))
    assert "hunter2" not in told
    assert "db.example" in told


def test_the_password_in_a_wrong_database_address_is_masked_too() -> None:
    told = refused(SHOUHOU_STORAGE__URL="postgres://shop:hunter2@db.example/shop")
    assert "hunter2" not in told
    assert (
        "SHOUHOU_STORAGE__URL: storage.url: 'postgres://shop:***@db.example/shop' is not such an address"
        in told
    )


def test_webhook_mode_says_what_it_lacks() -> None:
    told = refused(TELEGRAM_BOT_TOKEN=TOKEN, SHOUHOU_TELEGRAM__MODE="webhook")
    assert told.splitlines() == [
        "SHOUHOU_TELEGRAM__MODE: telegram.mode is webhook, which needs telegram.webhook_url",
        "SHOUHOU_TELEGRAM__MODE: telegram.mode is webhook, which needs SHOUHOU_WEBHOOK_SECRET in the environment",
    ]


def test_kuaidi100_says_what_it_lacks() -> None:
    assert "needs KUAIDI100_CUSTOMER and KUAIDI100_KEY" in refused(SHOUHOU_CARRIERS__SOURCE="kuaidi100")
    both = {"KUAIDI100_CUSTOMER": "c", "KUAIDI100_KEY": "k", "SHOUHOU_CARRIERS__SOURCE": "kuaidi100"}
    assert load(None, both).carriers.source == "kuaidi100"


def test_an_oidc_provider_says_what_it_lacks_and_is_not_asked_in_the_open() -> None:
    issuer = {"SHOUHOU_OIDC__ISSUER": "http://accounts.example"}
    assert refused(**issuer).splitlines() == [
        "SHOUHOU_OIDC__ISSUER: oidc.issuer is set, which needs oidc.client_id and SHOUHOU_OIDC_SECRET in the environment",
        "SHOUHOU_OIDC__ISSUER: oidc.issuer must be https: who listens on the way could sign in as anybody",
    ]
    whole = {"SHOUHOU_OIDC__CLIENT_ID": "desk", "SHOUHOU_OIDC_SECRET": "of the desk"}
    for address in ("https://accounts.example", "http://localhost:8180/realms/shop"):
        assert load(None, {**whole, "SHOUHOU_OIDC__ISSUER": address}).oidc.issuer == address


def test_the_policy_is_the_domains_with_the_shops_hours() -> None:
    policy = load(
        None, {"SHOUHOU_CLOCKS__BUYER_RETURN": "9 days", "SHOUHOU_SHOP__TIMEZONE": "Europe/Berlin"}
    ).policy()
    assert policy.spans[Term.BUYER_RETURN] == Span(9, Unit.DAYS)
    assert policy.timezone == ZoneInfo("Europe/Berlin")
