"""The two long-running commands, as processes of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx


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


def test_run_serves_until_interrupted_and_ends_cleanly(shop: Path) -> None:
    process = start(shop, "run")
    address = address_of(process)
    assert httpx.get(f"{address}/").status_code == 200
    assert httpx.get(f"{address}/readyz").json()["ready"] is True
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said.endswith("stopped.\n")


def test_a_second_server_on_the_same_database_is_refused_with_the_way_out(shop: Path) -> None:
    first = start(shop, "run")
    address_of(first)
    second = start(shop, "run")
    said, _ = second.communicate(timeout=20)
    first.terminate()
    first.communicate(timeout=20)
    assert second.returncode == 2
    assert "already being served" in said
    assert "Traceback" not in said


def test_a_language_without_files_is_refused_at_the_start_with_the_mend(shop: Path) -> None:
    config = shop / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("[zh, en]", "[zh, en, fr]"), "utf-8")
    (shop / "replies" / "fr").mkdir()
    process = start(shop, "run")
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert re.search(r"config\.yaml:\d+: shop\.languages names fr, .* no folder intents/fr; copy", said)
    assert "replies/fr" not in said
    assert "Traceback" not in said


def test_chat_answers_piped_lines_and_ends(shop: Path) -> None:
    process = start(shop, "chat", "--as", "emma")
    said, _ = process.communicate("where is my parcel\n2600018102\n", timeout=30)
    assert process.returncode == 0
    assert "Louisville" in said


def test_each_person_in_the_terminal_has_a_conversation_of_their_own(shop: Path) -> None:
    process = start(shop, "chat", "--as", "emma")
    said, _ = process.communicate("where is my parcel\nperson please\n", timeout=30)
    assert "26000181" in said
    process = start(shop, "chat", "--as", "-")
    said, _ = process.communicate("where is my parcel\n", timeout=30)
    assert process.returncode == 0
    assert said.strip()
    assert "26000181" not in said


def test_chat_says_that_a_person_has_the_conversation(shop: Path) -> None:
    process = start(shop, "chat", "--as", "emma")
    said, _ = process.communicate("I want to talk to a person\nhello?\nanybody?\n", timeout=30)
    assert said.count("A person has this conversation now") == 1
