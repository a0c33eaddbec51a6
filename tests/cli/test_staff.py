"""Who works here, and what they did, on the command line."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import yaml
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text

from bot.desk.first_owner import first_owner
from bot.store.database import SqlDatabase
from tests.cli.conftest import Call

PASSWORD = "seven green tea pots"


def test_an_owner_adds_appoints_and_switches_off(call: Call, shop: Path) -> None:
    assert "Nobody has an account yet" in call("staff", "list").output
    added = call("staff", "add", "Mia", "--name", "Mia", "--telegram", "4242")
    assert "mia (Mia) is an agent now" in added.output
    assert re.search(r"http://127\.0\.0\.1:8080/desk/welcome\?invitation=[\w-]{43}\n", added.output)
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    owner = call("staff", "add", "boss", "--name", "Boss", "--role", "owner", "--password", stdin=typed)
    assert owner.exit_code == 0, owner.output
    assert PASSWORD not in owner.output
    kept = _kept(shop, "boss")
    assert PasswordHasher().verify(kept, PASSWORD)
    assert call("staff", "role", "mia", "senior").output == "mia: agent → senior\n"
    assert "switched off" in call("staff", "disable", "mia").output
    listed = call("staff", "list").output
    assert re.search(r"mia .*switched off .*4242 .*Telegram, invited", listed)
    assert re.search(r"boss .*owner .*password", listed)
    assert call("staff", "email", "mia", "Mia@Shop.example").exit_code == 0
    assert re.search(r"mia .*Telegram, OIDC next time", call("staff", "list").output)
    assert "has no address now" in call("staff", "email", "mia").output
    assert "OIDC" not in call("staff", "list").output
    done = call("audit", "--about", "mia").output
    assert [line for line in ("staff_add", "staff_role", "staff_disable") if line not in done] == []
    assert "role: agent → senior" in done
    assert "Nothing of the kind" in call("audit", "--login", "mia").output


def test_the_owner_who_came_by_the_link_of_the_first_start_gets_another(call: Call, shop: Path) -> None:
    """As the page says that meets a link which was used."""

    async def came() -> None:
        async with SqlDatabase(f"sqlite:///{shop}/data/shouhou.db", exclusive=False) as database:
            await database.write_alone(lambda unit: first_owner(unit, "Boss", datetime.now(UTC)))

    asyncio.run(came())
    said = "shouhou staff invite owner"
    for language in ("zh", "en"):
        words = yaml.safe_load((shop / f"replies/{language}/words.yaml").read_text("utf-8"))
        assert said in words["page"]["sign_in_key_used"]
    assert "/desk/welcome?invitation=" in call(*said.split()[1:]).output


def test_what_can_not_be_is_told_in_one_line_and_changes_nothing(call: Call) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    assert (
        call("staff", "add", "boss", "--name", "Boss", "--role", "owner", "--password", stdin=typed).exit_code
        == 0
    )
    for words, told in (
        (("staff", "disable", "boss"), "the only owner"),
        (("staff", "role", "boss", "agent"), "the only owner"),
        (("staff", "add", "BOSS", "--name", "B2"), "login 'boss' is taken"),
        (("staff", "add", "b2", "--name", "boss"), "name 'boss' is taken"),
        (("staff", "add", "b 2", "--name", "B2"), "can't be a login"),
        (("staff", "telegram", "boss", "x1"), "is no Telegram id"),
        (("staff", "email", "boss", "boss@"), "is no e-mail address"),
        (("staff", "add", "b2", "--name", "B2", "--email", "b 2@x"), "is no e-mail address"),
        (("staff", "invite", "max"), "nobody has the login 'max'"),
        (("audit", "--login", "max"), "nobody has the login 'max'"),
    ):
        answer = call(*words)
        assert told in str(answer.exception or answer.output), words
    weak = call("staff", "password", "boss", stdin="boss\nboss\n")
    assert "at least 10 characters" in str(weak.exception)
    assert call("staff", "list").output.count("boss") == 1


def _kept(shop: Path, login: str) -> str:
    engine = create_engine(f"sqlite:///{shop}/data/shouhou.db")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT password FROM staff WHERE login = :login"), {"login": login})
        return str(found.scalar_one())
