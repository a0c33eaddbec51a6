"""Accounts, sessions and deeds, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk.first_owner import first_owner, opens
from bot.domain.audit import Deed, Outcome
from bot.domain.staff import StaffRole
from bot.errors import AccountError
from bot.store.database import SqlDatabase
from bot.store.unit import SqlUnit
from tests.store.samples import HOUR, NOW


async def test_an_account_is_known_by_each_of_its_names(database: SqlDatabase) -> None:
    def job(unit: SqlUnit) -> None:
        mia = unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW)
        unit.set_telegram(mia.id, 4242)
        for account in (f"staff:{mia.id}", "telegram:4242", "console:MIA"):
            known = unit.staff_of(account)
            assert (known and known.login) == "mia", account
        for account in (
            "staff:999",
            "staff:",
            "staff:x",
            "telegram:1",
            "web:Mia",
            "console:max",
            "",
            "staff:²",
        ):
            assert unit.staff_of(account) is None, account

    await database.write_alone(job)


async def test_an_address_is_one_persons_and_forgets_who_had_it_when_it_is_set_again(
    database: SqlDatabase,
) -> None:
    def job(unit: SqlUnit) -> None:
        mia = unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW)
        max_ = unit.add_staff("max", "Max", StaffRole.AGENT, NOW)
        unit.set_email(mia.id, "Mia@Shop.example")
        with pytest.raises(AccountError) as told:
            unit.set_email(max_.id, "mia@shop.EXAMPLE")
        assert told.value.word == "email_taken"
        known = unit.with_email("MIA@shop.example")
        assert (known and known.staff) == mia
        assert [unit.set_subject(mia.id, subject) for subject in ("a", "b")] == [True, False]
        vouched = unit.vouched("a")
        assert (vouched and vouched.staff, unit.vouched("b")) == (mia, None)
        unit.set_email(mia.id, "mia@shop.example")
        assert unit.vouched("a") is None
        for one in (mia, max_):
            unit.set_email(one.id, "")
        assert (unit.with_email(""), unit.vouched("")) == (None, None)

    await database.write_alone(job)


@pytest.mark.parametrize(
    ("login", "name", "word"), [("mia", "Max", "login_taken"), ("max", "mIA", "name_taken")]
)
async def test_no_two_have_the_same_login_or_name(
    database: SqlDatabase, login: str, name: str, word: str
) -> None:
    await database.write_alone(lambda unit: unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW))
    with pytest.raises(AccountError) as told:
        await database.write_alone(lambda unit: unit.add_staff(login, name, StaffRole.OWNER, NOW))
    assert told.value.word == word
    assert len(await database.read(lambda unit: unit.people())) == 1


async def test_a_session_ends_by_itself_by_hand_and_with_its_account(database: SqlDatabase) -> None:
    def job(unit: SqlUnit) -> None:
        mia = unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW)
        first, second, third = (
            unit.open_session(f"t{n}", mia.id, "password", "a browser", NOW, NOW + HOUR) for n in range(3)
        )
        known = unit.session("t0", NOW)
        assert known is not None
        assert (known.staff, known.until, known.browser) == (mia, NOW + HOUR, "a browser")
        assert unit.session("t0", NOW + HOUR) is None
        assert unit.end_sessions(mia.id + 1, NOW, only=first) == 0
        assert unit.end_sessions(mia.id, NOW, only=first) == 1
        assert (unit.session("t0", NOW), unit.sessions_open([first, second], NOW)) == (None, {second})
        assert unit.end_sessions(mia.id, NOW, besides=third) == 1
        assert [one.id for one in unit.sessions_of(mia.id, NOW)] == [third]
        unit.disable(mia.id, NOW)
        assert unit.sessions_of(mia.id, NOW) == []
        unit.disable(mia.id, None)
        assert unit.sessions_of(mia.id, NOW) == []

    await database.write_alone(job)


async def test_no_code_is_used_twice_nor_an_older_one_after_it(database: SqlDatabase) -> None:
    def job(unit: SqlUnit) -> list[bool]:
        mia = unit.add_staff("mia", "Mia", StaffRole.AGENT, NOW)
        unit.set_second(mia.id, "nonce")
        return [unit.use_second(mia.id, step) for step in (5, 5, 4, 6)]

    assert await database.write_alone(job) == [True, False, False, True]


async def test_deeds_are_found_by_who_where_and_what_newest_first(database: SqlDatabase) -> None:
    deeds = [
        Deed(
            NOW,
            "staff:1",
            "Mia",
            "claim",
            conversation=7,
            before={"holder": "queued"},
            after={"holder": "agent"},
        ),
        Deed(NOW + timedelta(minutes=1), "staff:2", "Max", "agree", Outcome.REFUSED, 7, "R1"),
        Deed(NOW + timedelta(minutes=2), "staff:1", "Mia", "sign_out"),
    ]

    def job(unit: SqlUnit) -> None:
        unit.note_deeds(deeds)
        found = unit.deeds()
        assert [deed for _, deed in found] == deeds[::-1]
        assert [deed.act for _, deed in unit.deeds(account="staff:1")] == ["sign_out", "claim"]
        assert [deed.act for _, deed in unit.deeds(conversation=7, before=found[1][0])] == ["claim"]
        assert [deed.act for _, deed in unit.deeds(subject="R1")] == ["agree"]

    await database.write_alone(job)


async def test_the_first_owner_is_one_who_may_work_here(database: SqlDatabase) -> None:
    def job(unit: SqlUnit) -> None:
        owner = first_owner(unit, "Mia", NOW)
        assert (owner.login, owner.name, owner.role) == ("owner", "Mia", StaffRole.OWNER)
        assert (opens(unit), first_owner(unit, "Max", NOW)) == (False, owner)
        unit.set_telegram(owner.id, 42)
        assert (opens(unit), opens(unit, by_telegram=True)) == (False, True)
        unit.disable(owner.id, NOW)
        unit.set_role(owner.id, StaffRole.AGENT)
        again = first_owner(unit, "Max", NOW)
        assert (again.id, again.role, again.disabled) == (owner.id, StaffRole.OWNER, False)
        assert unit.staff_of(owner.account) == replace(again, telegram=42)
        unit.disable(owner.id, NOW)
        boss = unit.add_staff("boss", "Boss", StaffRole.OWNER, NOW)
        assert first_owner(unit, "Max", NOW) == boss

    await database.write_alone(job)
