"""config.yaml as a shop owner writes it, and gets it wrong."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.config import Config, default_yaml, load
from bot.errors import ConfigError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(folder: Path, text: str | bytes, **environ: str) -> Config:
    file = folder / "config.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(file, environ)


def refused(folder: Path, text: str | bytes, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, **environ)
    return str(caught.value).splitlines()


def test_the_file_in_the_root_is_the_one_written_from_the_declarations() -> None:
    assert (ROOT / "config.yaml").read_text("utf-8") == default_yaml()


def test_the_default_file_is_valid_and_says_the_defaults() -> None:
    written, bare = load(ROOT / "config.yaml", {}), load(None, {})
    for section in ("shop", "telegram", "web", "storage", "understanding", "grants", "carriers", "log"):
        assert getattr(written, section) == getattr(bare, section)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "\n\n", "---\n", "null\n", "web:\n", "\ufeff", "web: ~\n"]
)
def test_an_empty_file_means_all_defaults(folder: Path, text: str) -> None:
    assert read(folder, text).web.port == 8080


def test_what_is_written_is_in_force_and_knows_its_line(folder: Path) -> None:
    config = read(
        folder, "# my shop\nweb:\n  port: 9000\nshop:\n  opens: 08:30\n  closes: 21:30\n  languages: [en]\n"
    )
    assert (config.web.port, config.shop.opens, config.shop.languages) == (9000, time(8, 30), ("en",))
    assert config.shop.closes == time(21, 30), "21:30 is a time here, not a number in base 60"
    assert config.origin("web.port") == "config.yaml:3"
    assert config.origin("web.host") == "default"


def test_origin_of_what_is_no_setting() -> None:
    with pytest.raises(KeyError):
        load(None, {}).origin("web.prot")


def test_all_problems_are_told_at_once_each_with_its_place(folder: Path) -> None:
    text = """\
web:
  prot: 80
  port: eighty
shopp:
  name: X
shop:
  languages: zh
log: loud
"""
    assert refused(folder, text, SHOUHOU_WEB_PORT="80", SHOUHOU_LOG__LEVEL="loud") == [
        "config.yaml:2: unknown setting web.prot; did you mean web.port?",
        "config.yaml:4: unknown section shopp; did you mean shop?",
        "config.yaml:8: log is a section: write its settings indented below it",
        "SHOUHOU_WEB_PORT: no setting has this name; did you mean SHOUHOU_WEB__PORT?",
        "config.yaml:3: web.port: 'eighty' is not a whole number; allowed: whole numbers from 0 to 65535",
        "config.yaml:7: shop.languages: 'zh' is not a list; allowed: a list such as [a, b], each of it: a language code such as zh or en",
        "SHOUHOU_LOG__LEVEL: log.level: 'loud' is none of the choices; allowed: debug, info, warning, error",
    ]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("web: {port: 70000}", "web.port: '70000' is out of bounds; allowed: whole numbers from 0 to 65535"),
        ("web: {port: 80.5}", "web.port: '80.5' is not a whole number"),
        ('web: {port: "8080"}', "web.port: '8080' is text because of its quotes; write it without them"),
        ("web: {port: [80]}", "web.port: '80' is a list, where one value is expected"),
        ("web: {port: {a: 1}}", "web.port takes a value, not further settings"),
        ("web: {port: }", "web.port: '' is not a whole number"),
        ("web: {demo: yes}", "web.demo: 'yes' is not true or false; allowed: true, false"),
        ("web: {demo: on}", "web.demo: 'on' is not true or false"),
        ("web: {demo: True}", "web.demo: 'True' is not true or false"),
        ("shop: {name: }", "shop.name: '' is empty"),
        ("shop: {languages: []}", "shop.languages: '' needs at least 1 of them"),
        ("shop: {languages: [zh, zh]}", "shop.languages: 'zh, zh' names one twice"),
        (
            "shop: {languages: [zh, [en]]}",
            "shop.languages takes a value, not further settings or lists in lists",
        ),
        (
            "shop: {languages: [Chinese!]}",
            "shop.languages: 'Chinese!' has 'Chinese!' in it, which does not fit",
        ),
        ("shop: {timezone: Asia/Shangai}", "shop.timezone: 'Asia/Shangai' is not a time zone known here"),
        ("shop: {timezone: ../../etc/passwd}", "is not a time zone known here"),
        (
            "shop: {opens: 9}",
            "shop.opens: '9' is not a time of day; allowed: times of day from 00:00 to 23:59",
        ),
        ("shop: {opens: 9:00}", "shop.opens: '9:00' is not a time of day; write \"09:00\"; allowed: times"),
        ("shop: {currency: XYZ}", "shop.currency: 'XYZ' is not an ISO 4217 code; allowed: codes such as CNY"),
        ("shop: {currency: RMB}", "shop.currency: 'RMB' is not an ISO 4217 code; write CNY; allowed: codes"),
        ("shop: {currency: usd}", "shop.currency: 'usd' is not an ISO 4217 code; write USD; allowed: codes"),
        ("shop: {opens: '24:00'}", "shop.opens: '24:00' is not a time of day"),
        ("shop: {closed_on: [sun]}", "has 'sun' in it, which is no day of the week; allowed: a list such as"),
        ("shop: {closed_on: [Sunday]}", "has 'Sunday' in it, which is no day of the week; write sunday"),
        (
            "shop: {closed_on: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]}",
            "shop.closed_on names all seven days; the shop needs one to answer on",
        ),
        (
            "shop: {holidays: China}",
            "'China' is no country whose holidays are known; write CN; allowed: country",
        ),
        ("shop: {holidays: CN-GD}", "shop.holidays: 'CN-GD' names a region, and CN has none"),
        ("shop: {holidays: DE-XX}", "shop.holidays: 'DE-XX' names no region of DE; it has BB, BE, BW"),
        (
            "shop: {extra_holidays: [10-08]}",
            "has '10-08' in it, which is not a date; allowed: a list such as",
        ),
        ("shop: {extra_workdays: [2026-02-29]}", "has '2026-02-29' in it, which is no day of the calendar"),
        ("shop: {closed_days: 2026-02-28}", "shop.closed_days: '2026-02-28' is not a list"),
        (
            "shop: {extra_holidays: [2026-10-08], extra_workdays: [2026-10-08]}",
            "shop.extra_workdays names 2026-10-08, which shop.extra_holidays names too",
        ),
        ("telegram: {base_url: api.telegram.org}", "is not such an address; allowed: https://…, http://…"),
        ("telegram: {webhook_url: http://a.example}", "is not such an address; allowed: https://…, or empty"),
        ("telegram: {staff_chat: '@staff'}", "is text because of its quotes"),
        ("storage: {url: mysql://localhost/x}", "is not such an address; allowed: sqlite://…"),
        ("carriers: {timeout_seconds: 0}", "is out of bounds; allowed: numbers from 0.1 to 30"),
        ("carriers: {timeout_seconds: .inf}", "carriers.timeout_seconds: '.inf' is not a number"),
        ("understanding: {act: 0.3, ask: 0.5}", "understanding.ask must not be above understanding.act"),
        ("policy: {bank_days_min: 9}", "policy.bank_days_min must not be above policy.bank_days_max"),
        (
            "policy: {evidence_reasons: [broken]}",
            "has 'broken' in it, which is none of the choices; allowed: ",
        ),
        ("port: 80", "unknown section port; the setting is web.port, indented below its section"),
        ("web: {timezone: UTC}", "unknown setting web.timezone; did you mean shop.timezone?"),
        ("web: {xyzzy: 1}", "unknown setting web.xyzzy; web has enabled, host, port, demo, public_url"),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(folder: Path, line: str, complaint: str) -> None:
    problems = refused(folder, line)
    assert len(problems) == 1
    assert problems[0].startswith("config.yaml:1: ")
    assert complaint in problems[0]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "web:\n\tport: 80\n",
            "config.yaml:2: is not YAML: found character '\\t' that cannot start any token",
        ),
        (
            "web:\n  port: 80\n  port: 81\n",
            "config.yaml:3: web.port stands here a second time; the first is on line 2",
        ),
        (
            "web:\n  port: 80\nweb:\n  host: x\n",
            "config.yaml:3: web stands here a second time; the first is on line 1",
        ),
        ("- web\n", "config.yaml:1: expected sections (shop, telegram"),
        ("just text\n", "config.yaml:1: expected sections (shop, telegram"),
        ("web: {\n", "is not YAML"),
        ("web:\n  a: &x 1\n", "config.yaml:2: anchors (&) and aliases (*) are not taken"),
        ("web: !!python/object:os.system {}\n", "config.yaml:1: tags (!) are not taken"),
        ("web:\n  port: 80\n---\nweb:\n", "config.yaml:3: a second document begins"),
        ("[" * 3000, "config.yaml:1: is nested too deeply"),
        ("? [a]\n: b\n", "config.yaml:1: is not a name"),
        ("x: " + "y" * 70_000, "config.yaml: is larger than 65536 bytes"),
        (
            b"web:\n  port: 80\nshop:\n  name: \xcb\xd5\n",
            "config.yaml:4: is not UTF-8 text; save the file as UTF-8",
        ),
        ("web:\n  host: a\x00b\n", "config.yaml: is not YAML"),
    ],
)
def test_a_file_that_is_no_settings_file(folder: Path, text: str | bytes, complaint: str) -> None:
    problems = refused(folder, text)
    assert complaint in problems[0]
    assert len(problems) == 1


def test_an_alias_bomb_is_refused_before_it_grows(folder: Path) -> None:
    rows = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    assert "anchors" in refused(folder, f"a0: &a0 [x]\n{rows}\n")[0]


def test_a_file_that_is_not_there(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml: there is no such file; `shouhou init` writes one"):
        load(folder / "config.yaml", {})


def test_a_folder_in_its_place(folder: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        load(folder, {})
