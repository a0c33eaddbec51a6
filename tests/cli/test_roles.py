"""A part of the work is asked for by name, and refused where it can't be done."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Call

POSTGRES = "postgresql+asyncpg://shop:secret@127.0.0.1:1/shop"


@pytest.mark.parametrize(
    ("environ", "roles", "said"),
    [
        ({}, ["--role", "worker"], "a SQLite database, which one process serves alone"),
        ({}, ["--role", "web,sender", "--role", "worker"], "--role sender,web,worker leaves a part"),
        (
            {"SHOUHOU_STORAGE__URL": POSTGRES},
            ["--role", "intake"],
            "nothing to do: neither TELEGRAM_BOT_TOKEN",
        ),
        (
            {
                "SHOUHOU_STORAGE__URL": POSTGRES,
                "SHOUHOU_WEB__ENABLED": "false",
                "TELEGRAM_BOT_TOKEN": "1:secret",
            },
            ["--role", "web"],
            "nothing to do: SHOUHOU_WEB__ENABLED says false",
        ),
        ({"SHOUHOU_STORAGE__URL": POSTGRES}, ["--role", "worker"], "PostgreSQL can't be reached at"),
    ],
)
def test_what_a_role_can_not_do_is_told_with_the_mend(
    call: Call, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], roles: list[str], said: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    result = call("run", *roles)
    assert result.exit_code != 0
    told = f"{result.output}{result.exception}"
    assert said in told
    assert "secret" not in told


def test_a_role_nobody_knows_is_told_with_those_there_are(call: Call) -> None:
    result = call("run", "--role", "worker,cook")
    assert result.exit_code == 2
    assert "there is no 'cook'; there are all, intake, worker, sender, web" in " ".join(result.output.split())
