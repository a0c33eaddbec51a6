"""Accounts of those who work for the shop, and where they are signed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update

from bot.domain.staff import Staff, StaffRole
from bot.errors import AccountError
from bot.pipeline.accounts import Credentials, SignedIn
from bot.store.part import Part, of_shop
from bot.store.tables import sessions, staff

_ACCOUNTS = {"staff": staff.c.id, "telegram": staff.c.telegram, "console": staff.c.login}
"""What stands before the colon of an account to what is looked up by what stands behind it."""
_SESSION = (
    select(sessions, *(column.label(f"whose_{column.name}") for column in staff.c))
    .join(staff, staff.c.id == sessions.c.staff_id)
    .where(of_shop(sessions, staff))
)


class Staffing(Part):
    """Queries of accounts and sessions."""

    def staff_of(self, account: str) -> Staff | None:
        """Whose account that is; None when it is nobody's, also of the kinds that have none."""
        kind, _, name = account.partition(":")
        column = _ACCOUNTS.get(kind)
        if column is None or (kind != "console" and not (name.isascii() and name.isdecimal())):
            return None
        value = name.lower() if kind == "console" else int(name)
        found = self._credentials(select(staff).where(of_shop(staff), column == value))
        return found.staff if found else None

    def staff_named(self, name: str) -> bool:
        """True when somebody who has an account goes by that name, in whatever letters."""
        found = select(staff.c.id).where(of_shop(staff), func.lower(staff.c.name) == name.strip().lower())
        return self._run(found.limit(1)).first() is not None

    def staffed(self) -> bool:
        """True when anybody has an account."""
        return self._run(select(staff.c.id).where(of_shop(staff)).limit(1)).first() is not None

    def people(self) -> list[Credentials]:
        """Everybody, in the order they came."""
        rows = self._run(select(staff).where(of_shop(staff)).order_by(staff.c.id)).mappings()
        return [_credentials(row) for row in rows]

    def credentials(self, login: str) -> Credentials | None:
        """How who has that login signs in; None when nobody has it."""
        return self._credentials(select(staff).where(of_shop(staff), staff.c.login == login.strip().lower()))

    def invited(self, invitation: str) -> Credentials | None:
        """Whom the link with this fingerprint invites; None when it was used, or another took its place."""
        return self._credentials(select(staff).where(of_shop(staff), staff.c.invitation == invitation))

    def vouched(self, subject: str) -> Credentials | None:
        """Whose account an OIDC provider's person with this fingerprint is; None before their first time."""
        return self._credentials(select(staff).where(of_shop(staff), staff.c.subject == subject))

    def with_email(self, email: str) -> Credentials | None:
        """Whose account names that address; None when nobody's does."""
        return self._credentials(select(staff).where(of_shop(staff), staff.c.email == email.lower()))

    def add_staff(self, login: str, name: str, role: StaffRole, now: datetime) -> Staff:
        """A new account, with no way to sign in yet; AccountError when login or name is taken."""
        same = func.lower(staff.c.name) == name.lower()
        taken = self._run(
            select(staff.c.login).where(of_shop(staff), (staff.c.login == login) | same)
        ).first()
        if taken:
            same_login = taken.login == login
            what = f"the login {login!r}" if same_login else f"the name {name!r}"
            raise AccountError(
                f"{what} is taken: choose another, so that nobody is taken for somebody else",
                "login_taken" if same_login else "name_taken",
            )
        values = {"login": login, "name": name, "role": role.value, "created_at": now}
        number = self._add_one(staff, values)
        return Staff(number, login, name, role)

    def set_role(self, number: int, role: StaffRole) -> None:
        """Another role, from the next thing they do."""
        self._set(number, role=role.value)

    def set_telegram(self, number: int, telegram: int | None) -> None:
        """Who they are on Telegram; AccountError when that is somebody else's."""
        taken = select(staff.c.name).where(of_shop(staff), staff.c.telegram == telegram, staff.c.id != number)
        if telegram is not None and (other := self._run(taken).scalar()):
            raise AccountError(
                f"the Telegram id {telegram} is {other}'s: take it from their account first", "telegram_taken"
            )
        self._set(number, telegram=telegram)

    def set_email(self, number: int, email: str) -> None:
        """What an OIDC provider knows them by, next time: who they were there is forgotten. Empty: nothing. AccountError when
        that is somebody else's."""
        kept = email.lower() or None
        taken = select(staff.c.name).where(of_shop(staff), staff.c.email == kept, staff.c.id != number)
        if kept and (other := self._run(taken).scalar()):
            raise AccountError(
                f"the address {kept} is {other}'s: take it from their account first", "email_taken"
            )
        self._set(number, email=kept, subject=None)

    def set_subject(self, number: int, subject: str) -> bool:
        """Note who they are at the OIDC provider; False when that was known already."""
        first = update(staff).where(of_shop(staff), staff.c.id == number, staff.c.subject.is_(None))
        return self._run(first.values(subject=subject)).rowcount == 1

    def set_service(self, number: int, languages: tuple[str, ...], capacity: int | None) -> None:
        """The languages they serve in, and how many conversations they are given at most."""
        self._set(number, languages=list(languages), capacity=capacity)

    def set_away(self, number: int, *, away: bool) -> None:
        """They are not to be given anything; or again."""
        self._set(number, away=away)

    def seen(self, numbers: Iterable[int], now: datetime) -> None:
        """They showed that they are there."""
        self._run(update(staff).where(of_shop(staff), staff.c.id.in_(tuple(numbers))).values(seen_at=now))

    def disable(self, number: int, now: datetime | None) -> None:
        """Let them do nothing any more, and end their sessions; None: let them again."""
        self._set(number, disabled_at=now)
        if now:
            self.end_sessions(number, now)

    def invite(self, number: int, invitation: str, until: datetime) -> None:
        """Give them a new link to choose a password by; older ones lose their worth, as does the second factor."""
        self._set(number, invitation=invitation, invited_until=until, second="")

    def set_password(self, number: int, password: str) -> None:
        """Keep the hash of their password; no link is open any more."""
        self._set(number, password=password, invitation=None, invited_until=None)

    def redeem(self, invitation: str, password: str) -> bool:
        """Keep the hash of the password an invitation was for; False when it was used meanwhile."""
        values = {"password": password, "invitation": None, "invited_until": None}
        return (
            self._run(
                update(staff).where(of_shop(staff), staff.c.invitation == invitation).values(values)
            ).rowcount
            == 1
        )

    def set_second(self, number: int, nonce: str) -> None:
        """Their second factor's nonce; empty: they have none any more."""
        self._set(number, second=nonce, second_last=0)

    def use_second(self, number: int, step: int) -> bool:
        """Note the step of a code; False when it, or a later one, was taken already."""
        fresh = update(staff).where(of_shop(staff), staff.c.id == number, staff.c.second_last < step)
        return self._run(fresh.values(second_last=step)).rowcount == 1

    def open_session(
        self, token: str, number: int, how: str, browser: str, now: datetime, until: datetime
    ) -> int:
        """Somebody signed in; returns the session's id."""
        values = {
            "token": token,
            "staff_id": number,
            "how": how,
            "browser": browser,
            "opened_at": now,
            "seen_at": now,
            "until": until,
        }
        return self._add_one(sessions, values)

    def session(self, token: str, now: datetime) -> SignedIn | None:
        """Whose session that is; None when it ended, or who had it is disabled."""
        return next(iter(self._sessions(_SESSION.where(sessions.c.token == token), now)), None)

    def sessions_open(self, numbers: Iterable[int], now: datetime) -> set[int]:
        """Those of these sessions that have not ended."""
        query = _SESSION.where(sessions.c.id.in_(tuple(numbers)))
        return {session.id for session in self._sessions(query, now)}

    def sessions_of(self, number: int, now: datetime) -> list[SignedIn]:
        """Where they are signed in, newest first."""
        query = _SESSION.where(sessions.c.staff_id == number).order_by(sessions.c.id.desc())
        return self._sessions(query, now)

    def touch_session(self, number: int, now: datetime) -> None:
        """Note that it was used."""
        self._run(update(sessions).where(of_shop(sessions), sessions.c.id == number).values(seen_at=now))

    def end_sessions(
        self,
        number: int,
        now: datetime,
        *,
        only: int | None = None,
        besides: int | None = None,
        how: str = "",
    ) -> int:
        """Sign them out everywhere, at one browser, everywhere else, or wherever they came in this way; returns at how many
        that was."""
        query = update(sessions).where(
            of_shop(sessions), sessions.c.staff_id == number, sessions.c.ended_at.is_(None)
        )
        if only is not None:
            query = query.where(sessions.c.id == only)
        if besides is not None:
            query = query.where(sessions.c.id != besides)
        if how:
            query = query.where(sessions.c.how == how)
        return self._run(query.values(ended_at=now)).rowcount

    def _set(self, number: int, **values: Any) -> None:
        self._run(update(staff).where(of_shop(staff), staff.c.id == number).values(values))

    def _credentials(self, query: Select[Any]) -> Credentials | None:
        row = self._run(query).mappings().first()
        return _credentials(row) if row else None

    def _sessions(self, query: Select[Any], now: datetime) -> list[SignedIn]:
        lasting = query.where(
            sessions.c.ended_at.is_(None), sessions.c.until > now, staff.c.disabled_at.is_(None)
        )
        return [_signed_in(row) for row in self._run(lasting).mappings()]


def staff_in(row: Any, before: str = "") -> Staff:
    """Somebody out of a row; `before` stands before the names of their columns."""
    return Staff(
        id=row[f"{before}id"],
        login=row[f"{before}login"],
        name=row[f"{before}name"],
        role=StaffRole(row[f"{before}role"]),
        telegram=row[f"{before}telegram"],
        languages=tuple(row[f"{before}languages"] or ()),
        capacity=row[f"{before}capacity"],
        disabled=row[f"{before}disabled_at"] is not None,
    )


def _credentials(row: Any) -> Credentials:
    return Credentials(
        staff_in(row),
        row["password"],
        row["invited_until"],
        row["second"],
        row["second_last"],
        row["email"] or "",
        row["subject"] or "",
    )


def _signed_in(row: Any) -> SignedIn:
    return SignedIn(
        row["id"],
        staff_in(row, "whose_"),
        row["how"],
        row["browser"],
        row["opened_at"],
        row["seen_at"],
        row["until"],
        row["whose_away"],
    )
