"""Passwords as they are kept by a shop that is served, where guessing has to cost; other tests keep theirs quickly."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from bot.desk.passwords import Passwords

GIVEN = "seven green tea pots"


@pytest.fixture(autouse=True)
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.passwords.PasswordHasher", PasswordHasher)


async def test_guessing_costs_time_and_memory_also_where_nobody_has_the_login() -> None:
    passwords = Passwords()
    kept = passwords.kept(GIVEN)
    for one in (kept, passwords._nobodys):
        assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$"), "RFC 9106, section 4: where memory is short"
    assert await passwords.fits(GIVEN, kept)
    assert not await passwords.fits(GIVEN + "s", kept)
    assert not await passwords.fits(GIVEN, "")
