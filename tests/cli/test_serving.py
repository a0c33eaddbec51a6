"""The two long-running commands: as processes of their own, and why they do not start."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from bot.cli.context import Here
from bot.cli.serve import open_files
from bot.errors import ConfigError, Problems
from tests.cli.conftest import Call


def start(shop: Path, *words: str, **environ: str) -> subprocess.Popen[str]:
    """`shouhou …` in the shop's folder."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("SHOUHOU_", "TELEGRAM_"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "-C", str(shop), *words],
        env=clean | {"SHOUHOU_WEB__PORT": "0", "PYTHONUNBUFFERED": "1"} | environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def address_of(process: subprocess.Popen[str]) -> str:
    """Where it says it serves."""
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("it ended without saying where it serves")


def test_run_serves_alone_until_interrupted_and_ends_cleanly(shop: Path) -> None:
    first = start(shop, "run")
    address = address_of(first)
    assert httpx.get(f"{address}/").status_code == 200
    assert httpx.get(f"{address}/readyz").json()["ready"] is True

    second = start(shop, "run")
    said, _ = second.communicate(timeout=20)
    assert second.returncode == 2
    assert "already being served" in said
    assert "Traceback" not in said

    assert httpx.get(f"{address}/readyz").json()["ready"] is True
    first.send_signal(signal.SIGINT)
    said, _ = first.communicate(timeout=20)
    assert first.returncode == 0
    assert said.endswith("stopped.\n")


def test_a_start_that_lacks_what_oidc_needs_says_what_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.serve.set_up_logs", lambda *_, **__: None)
    monkeypatch.setitem(sys.modules, "joserfc", None)
    monkeypatch.setenv("SHOUHOU_OIDC__ISSUER", "https://accounts.example")
    monkeypatch.setenv("SHOUHOU_OIDC__CLIENT_ID", "desk")
    monkeypatch.setenv("SHOUHOU_OIDC_SECRET", "of the desk")
    refused = call("run").exception
    assert isinstance(refused, ConfigError)
    assert "SHOUHOU_OIDC__ISSUER: oidc.issuer is set, which needs" in str(refused)
    assert "pip install './shouhou-….whl[oidc]'" in str(refused)


def test_a_language_without_files_is_refused_at_the_start_with_the_mend(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = shop / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("[zh, en]", "[zh, en, fr]"), "utf-8")
    (shop / "replies" / "fr").mkdir()
    monkeypatch.chdir(shop)
    here = Here(str(shop))
    with pytest.raises(Problems) as caught:
        open_files(here.path, here.config)
    (said,) = caught.value.lines
    assert re.match(r"config\.yaml:\d+: shop\.languages names fr, .* no folder intents/fr; copy", said)
    assert "replies/fr" not in said


def test_chat_answers_piped_lines_to_each_person_in_a_conversation_of_their_own(shop: Path) -> None:
    emma = start(shop, "chat", "--as", "emma")
    said, _ = emma.communicate(
        "where is my parcel\n2600018102\nI want to talk to a person\nhello?\nanybody?\n", timeout=30
    )
    assert emma.returncode == 0
    assert "26000181" in said
    assert "Louisville" in said
    assert said.count("A person has this conversation now") == 1

    stranger = start(shop, "chat", "--as", "-")
    said, _ = stranger.communicate("where is my parcel\n", timeout=30)
    assert stranger.returncode == 0
    assert said.strip()
    assert "26000181" not in said
    assert "A person has this conversation now" not in said
