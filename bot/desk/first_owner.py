"""The first account: somebody has to be able to let the others in."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from datetime import datetime

from bot.desk.passwords import Passwords
from bot.domain.audit import Deed
from bot.domain.staff import Staff, StaffRole
from bot.pipeline.accounts import Credentials
from bot.pipeline.ports import Database, Unit

LOGIN = "owner"


async def way_in(
    database: Database,
    password: str,
    name: str,
    now: datetime,
    *,
    by_telegram: bool = False,
    by_oidc: bool = False,
) -> str:
    """The key of a link that opens the desk once; empty where an owner can sign in. `password` is the first owner's, as long
    as there is nobody yet."""
    nobody = await database.read(lambda unit: not unit.people())
    if nobody and password:
        kept = await asyncio.to_thread(Passwords().kept, password)
        await database.write(lambda unit: first_owner(unit, name, now, kept))
    opened = await database.read(lambda unit: opens(unit, by_telegram=by_telegram, by_oidc=by_oidc))
    return "" if opened else secrets.token_urlsafe(16)


def first_owner(unit: Unit, name: str, now: datetime, password: str = "") -> Staff:
    """An owner who may work here; where there is none, the login `owner` is made one. `password` is a hash, kept only for a
    new account."""
    known = unit.people()
    if owner := next((one.staff for one in known if _owns(one)), None):
        return owner
    if stood := next((one.staff for one in known if one.staff.login == LOGIN), None):
        unit.disable(stood.id, None)
        unit.set_role(stood.id, StaffRole.OWNER)
        unit.note_deeds([Deed(now, stood.account, stood.name, "staff_role", subject=LOGIN)])
        return replace(stood, role=StaffRole.OWNER, disabled=False)
    taken = {one.staff.name.lower() for one in known}
    made = unit.add_staff(LOGIN, LOGIN if name.lower() in taken else name, StaffRole.OWNER, now)
    if password:
        unit.set_password(made.id, password)
    return made


def opens(unit: Unit, *, by_telegram: bool = False, by_oidc: bool = False) -> bool:
    """True when an owner can sign in, in one of the ways there are."""
    return any(
        one.password or (by_telegram and one.staff.telegram) or (by_oidc and one.subject)
        for one in unit.people()
        if _owns(one)
    )


def _owns(one: Credentials) -> bool:
    return one.staff.role is StaffRole.OWNER and not one.staff.disabled
