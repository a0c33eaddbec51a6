"""Who works for the shop: their accounts, and what each role may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.authority import Level
from bot.domain.cases import Role


class StaffRole(StrEnum):
    """What somebody is in the shop."""

    AGENT = "agent"
    """Looks after buyers."""
    SENIOR = "senior"
    """An agent who may grant more."""
    OWNER = "owner"
    """May grant anything, and says who else works here."""
    MEDIATOR = "mediator"
    """From outside: sees the disputes and nothing else, and rules on them."""


class Right(StrEnum):
    """What a role opens; each of the desk's doors asks for one."""

    OWN = "own"
    """One's own account: password, second factor, sessions."""
    SERVE = "serve"
    """All conversations: read them, hold them, answer in them, decide on their cases as far as one's authority goes."""
    RULE = "rule"
    """The cases that are before the mediator, with their dossiers."""
    PEOPLE = "people"
    """Who works here, and what they did."""


RIGHTS: Mapping[StaffRole, frozenset[Right]] = {
    StaffRole.AGENT: frozenset({Right.OWN, Right.SERVE}),
    StaffRole.SENIOR: frozenset({Right.OWN, Right.SERVE}),
    StaffRole.OWNER: frozenset({Right.OWN, Right.SERVE, Right.PEOPLE}),
    StaffRole.MEDIATOR: frozenset({Right.OWN, Right.RULE}),
}
_LEVELS: Mapping[StaffRole, Level | None] = {
    StaffRole.AGENT: Level.AGENT,
    StaffRole.SENIOR: Level.SENIOR,
    StaffRole.OWNER: Level.OWNER,
    StaffRole.MEDIATOR: None,
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody's account."""

    id: int
    login: str
    """What they sign in with: lower case, told to nobody else."""
    name: str
    """What buyers and colleagues read; no two have the same."""
    role: StaffRole = StaffRole.AGENT
    telegram: int | None = None
    """Their user id there: what they write in the staff group is theirs, and the desk opens for them inside Telegram."""
    disabled: bool = False
    """May do nothing any more; what they did keeps their name."""
    languages: tuple[str, ...] = ()
    """Those they serve in; none named: all."""
    capacity: int | None = None
    """Conversations they are given at most; None: as the shop says."""

    @property
    def account(self) -> str:
        """By which people are told apart wherever they act from, such as ``staff:7``."""
        return f"staff:{self.id}"

    @property
    def level(self) -> Level | None:
        """How much they may grant; None: nothing."""
        return _LEVELS[self.role]

    @property
    def case_role(self) -> Role:
        """As whom they move cases."""
        return Role.MEDIATOR if self.role is StaffRole.MEDIATOR else Role.AGENT

    def may(self, right: Right) -> bool:
        """True when their role opens it, and nobody has disabled them."""
        return not self.disabled and right in RIGHTS[self.role]
