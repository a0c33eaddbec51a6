"""The settings of what a shop grants, as the policy that flows ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from bot.domain.aftercare import Aftercare
from bot.domain.authority import Amounts, Authority, Level
from bot.domain.calendar import Calendar
from bot.domain.cases import Reason
from bot.domain.policy import Contacts, Policy, Promises
from bot.domain.terms import Term
from bot.domain.watch import Attendance, Mode, Routing

_REMINDERS = ("remind_seller_hours", "remind_buyer_hours")


def granted(shop: Calendar, public: Calendar, sections: Mapping[str, Any]) -> Policy:
    """The policy of one time, from the sections `policy`, `clocks`, `options`, `promises`, `authority`, `payouts`,
    `aftercare`, `desk` and `shop`."""
    clocks, options = sections["clocks"], sections["options"]
    return Policy(
        shop,
        public,
        spans={term: getattr(clocks, term.value) for term in Term},
        options={Reason(item.name): getattr(options, item.name) for item in fields(options)},
        promises=Promises(**asdict(sections["promises"])),
        authority=_authority(sections["authority"]),
        aftercare=Aftercare(**asdict(sections["aftercare"])),
        attendance=_attendance(sections["desk"], sections["policy"].agent_minutes),
        contacts=_contacts(sections["shop"]),
        pays_itself=sections["payouts"].method == "webhook",
        **{name: getattr(clocks, name) for name in _REMINDERS},
        **{item.name: getattr(sections["policy"], item.name) for item in fields(sections["policy"])},
    )


def _attendance(section: Any, first_minutes: int) -> Attendance:
    chosen = {"mode": Mode(section.mode), "routing": Routing(section.routing)}
    return Attendance(first_minutes=first_minutes, **{**asdict(section), **chosen})


def _contacts(section: Any) -> Contacts:
    return Contacts(section.phone, section.email, section.address)


def _authority(section: Any) -> Authority:
    limits: dict[Level, Amounts] = {
        level: getattr(section, level.value) for level in Level if level is not Level.OWNER
    }
    return Authority(limits, section.two_people, section.group_acts)
