"""The first account: somebody has to be able to let the others in."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime

from bot.desk.passwords import Passwords
from bot.domain.staff import Staff, StaffRole
from bot.pipeline.ports import Database, Unit

LOGIN = "owner"


async def way_in(database: Database, password: str, name: str, now: datetime) -> str:
    """The key of a link that opens the desk once; empty where an owner can sign in. `password` is the first owner's, as long
    as there is nobody yet."""
    nobody = await database.read(lambda unit: not unit.people())
    if nobody and password:
        kept = await asyncio.to_thread(Passwords().kept, password)
        await database.write(lambda unit: first_owner(unit, name, now, kept))
    return "" if await database.read(opens) else secrets.token_urlsafe(16)


def first_owner(unit: Unit, name: str, now: datetime, password: str = "") -> Staff:
    """The owner who is there before anybody else, made when there is none; `password` is a hash, kept only for a new one."""
    known = unit.credentials(LOGIN)
    if known:
        return known.staff
    taken = {one.staff.name.lower() for one in unit.people()}
    owner = unit.add_staff(LOGIN, LOGIN if name.lower() in taken else name, StaffRole.OWNER, now)
    if password:
        unit.set_password(owner.id, password)
    return owner


def opens(unit: Unit) -> bool:
    """True when somebody can sign in by password, who may let in others."""
    return any(
        one.password and one.staff.role is StaffRole.OWNER and not one.staff.disabled for one in unit.people()
    )
