"""Who works here, as the owner has it: adding, inviting, roles, switching off. Each writes down who did it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.web.text import word
from bot.desk.session import fingerprint
from bot.domain.audit import Deed
from bot.domain.staff import RIGHTS, Staff, StaffRole
from bot.errors import AccountError
from bot.pipeline.ports import Unit

INVITED = timedelta(days=3)
"""How long an invitation is open."""
LONGEST_NAME = 32
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_EMAIL = re.compile(r"(?=.{3,254}$)[!-?A-~]+@[!-?A-~]+")
"""ASCII alone: letters of other alphabets become these when they are made small."""
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,8})?")
_MOST = 100
"""Conversations somebody may be given."""
_TELEGRAM = re.compile(r"[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Hiring:
    """What an owner does about the others. Raises `AccountError` where it can't be, and then changes nothing."""

    unit: Unit
    account: str
    """The owner's own, or ``console:mia`` on the command line."""
    name: str
    now: datetime

    def hire(self, login: str, name: str, role: StaffRole, telegram: str = "", email: str = "") -> Staff:
        """A new account, without a way to sign in yet."""
        login, name = login.strip().lower(), word(name, LONGEST_NAME + 1).strip()
        if not _LOGIN.fullmatch(login):
            raise AccountError(
                f"{login!r} can't be a login: 2 to 32 of a-z 0-9 . _ -, beginning with a letter or digit",
                "login_odd",
            )
        if not name or len(name) > LONGEST_NAME:
            raise AccountError(f"a name has 1 to {LONGEST_NAME} characters: buyers read it", "name_odd")
        staff = self.unit.add_staff(login, name, role, self.now)
        self._note("staff_add", login, after={"name": name, "role": role.value})
        if telegram.strip():
            self.on_telegram(staff, telegram)
        if email.strip():
            self.known_as(staff, email)
        return staff

    def invite(self, staff: Staff) -> str:
        """The secret of a link by which they choose a password. Who had one must choose anew: they are signed out."""
        invitation = secrets.token_urlsafe(32)
        self.unit.invite(staff.id, fingerprint(invitation), self.now + INVITED)
        self.unit.end_sessions(staff.id, self.now)
        self._note("staff_invite", staff.login)
        return invitation

    def set_password(self, staff: Staff, kept: str) -> None:
        """Keep the hash of a password that was chosen with them; they are signed out."""
        self.unit.set_password(staff.id, kept)
        self.unit.end_sessions(staff.id, self.now)
        self._note("password", staff.login)

    def appoint(self, staff: Staff, role: StaffRole) -> None:
        """Another role."""
        if role is not StaffRole.OWNER:
            self._keep_an_owner(staff)
        self.unit.set_role(staff.id, role)
        if not RIGHTS[role] >= RIGHTS[staff.role]:
            self.unit.end_sessions(staff.id, self.now)  # what is open may show more than they may see now
        self._note("staff_role", staff.login, {"role": staff.role.value}, {"role": role.value})

    def on_telegram(self, staff: Staff, telegram: str) -> None:
        """Who they are there; empty: nobody."""
        given = telegram.strip()
        if given and not _TELEGRAM.fullmatch(given):
            raise AccountError(
                f"{given!r} is no Telegram id: it is a number, such as 4242424242", "telegram_odd"
            )
        number = int(given) if given else None
        self.unit.set_telegram(staff.id, number)
        if number != staff.telegram:
            self.unit.end_sessions(staff.id, self.now, how="telegram")
        self._note("staff_telegram", staff.login, {"telegram": staff.telegram}, {"telegram": number})

    def known_as(self, staff: Staff, email: str) -> None:
        """The address an OIDC provider knows them by; empty: none. Who they were there is forgotten, also when it is the same."""
        given = email.strip().lower()
        if given and not _EMAIL.fullmatch(given):
            raise AccountError(f"{given!r} is no e-mail address", "email_odd")
        known = self.unit.credentials(staff.login)
        self.unit.set_email(staff.id, given)
        self.unit.end_sessions(staff.id, self.now, how="oidc")
        before = known.email if known else ""
        self._note("staff_email", staff.login, {"email": before}, {"email": given})

    def serve(self, staff: Staff, languages: str, capacity: str) -> None:
        """The languages they serve in, with commas between, and how many conversations they are given; empty: as the shop."""
        codes = tuple(code for code in re.split(r"[,\s，、]+", languages.strip().lower()) if code)
        if any(not _LANGUAGE.fullmatch(code) for code in codes):
            raise AccountError(f"{languages!r} are no language codes such as zh,en", "languages_odd")
        given = capacity.strip()
        if given and not (given.isascii() and given.isdecimal() and int(given[:4]) <= _MOST):
            raise AccountError(f"{given!r} is no number from 0 to {_MOST}", "capacity_odd")
        most = int(given) if given else None
        self.unit.set_service(staff.id, codes, most)
        after = {"languages": ",".join(codes), "capacity": most}
        before = {"languages": ",".join(staff.languages), "capacity": staff.capacity}
        self._note("staff_service", staff.login, before, after)

    def disable(self, staff: Staff) -> None:
        """They may do nothing any more, at once."""
        self._keep_an_owner(staff)
        self.unit.disable(staff.id, self.now)
        self._note("staff_disable", staff.login)

    def enable(self, staff: Staff) -> None:
        """They may again."""
        self.unit.disable(staff.id, None)
        self._note("staff_enable", staff.login)

    def _keep_an_owner(self, staff: Staff) -> None:
        """A shop without an owner could let nobody in any more."""
        others = (one.staff for one in self.unit.people() if one.staff.id != staff.id)
        if staff.role is StaffRole.OWNER and not any(
            one.role is StaffRole.OWNER and not one.disabled for one in others
        ):
            raise AccountError(f"{staff.login} is the only owner: make somebody else one first", "last_owner")

    def _note(
        self,
        act: str,
        login: str,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
    ) -> None:
        deed = Deed(
            self.now, self.account, self.name, act, subject=login, before=before or {}, after=after or {}
        )
        self.unit.note_deeds([deed])
