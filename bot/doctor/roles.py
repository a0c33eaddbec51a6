"""Which parts of a shop on PostgreSQL nobody does, as far as the locks of those who lead tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from bot.config import Config
from bot.doctor.finding import Area, Finding
from bot.pipeline.roles import SWEEPING, Role, polling, sending
from bot.store.locks import NUMBERS, lock_of

_AREA = Area("database")
_HELD = text("""
    SELECT CAST(classid AS bigint), CAST(objid AS bigint), CAST(objsubid AS int)
    FROM pg_locks
    WHERE locktype = 'advisory' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
_WHOLE, _HALVES = 1, 2
"""`objsubid`: of a lock with one number, and with two."""


def led(config: Config) -> dict[Role, str]:
    """What one process of each role leads. A role that nobody leads in, such as web, can't be seen."""
    found = {Role.WORKER: SWEEPING}
    if config.secrets.telegram_token:
        bot = config.secrets.telegram_token.partition(":")[0]
        found[Role.SENDER] = sending(bot)
        if config.telegram.mode == "polling":
            found[Role.INTAKE] = polling(bot)
    return found


def check_roles(connection: Connection, shop: str, led: Mapping[Role, str]) -> Iterator[Finding]:
    """While nobody at all is there, the shop is just not being served."""
    held = {(row[0] << 32 | row[1], row[2]) for row in connection.execute(_HELD)}
    if not any(key >> 32 == NUMBERS and kind == _HALVES for key, kind in held):
        return
    for role, what in led.items():
        key = lock_of(f"{shop}/{what}") & (1 << 64) - 1
        if (key, _WHOLE) in held:
            yield _AREA.ok(f"role {role}", "a process does it")
        else:
            yield _AREA.consider(
                f"role {role}",
                "processes use this database, and none does this for the shop",
                f"start one: shouhou run --role {role}; just after a start or a crash look again in some seconds",
            )
