"""What the shop grants: the owner's numbers (config.yaml). What follows from them for a wish is in `verdicts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from bot.domain.aftercare import Aftercare
from bot.domain.authority import Amounts, Authority
from bot.domain.calendar import Calendar
from bot.domain.cases import FAULT, Reason
from bot.domain.options import OFFERED, Option
from bot.domain.orders import Order
from bot.domain.terms import SPANS, Span, Term, Terms
from bot.domain.watch import Attendance


@dataclass(frozen=True, slots=True)
class Promises:
    """What the shop promises beyond the law. Nothing holds that is not set here."""

    counterfeit_factor: int = 0
    """So many times the price is paid on top for a proven counterfeit (假一赔十: 10); 0: no such promise."""
    ship_within_hours: int = 48
    """Hours from payment in which an order leaves; 0: no such promise."""
    price_protection_days: int = 0
    """Days after payment in which a lower price is made up for (保价); 0: no such promise."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """Ways to the shop besides this conversation; empty where there is none."""

    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """The owner's numbers. The defaults are those of the large Chinese marketplaces."""

    shop: Calendar
    """The shop's own hours and closed days."""
    public: Calendar
    """The working days of banks and mediators: whole days."""
    spans: Mapping[Term, Span] = field(default_factory=lambda: dict(SPANS))
    remind_seller_hours: int = 6
    """How long before its clock runs out the shop is reminded."""
    remind_buyer_hours: int = 24
    """How long before their clock runs out the buyer is."""
    no_reason_days: int = 7
    fault_days: int = 15
    no_return_categories: frozenset[str] = frozenset()
    no_return_skus: frozenset[str] = frozenset()
    evidence_reasons: frozenset[Reason] = field(default=FAULT)
    bank_days_min: int = 1
    bank_days_max: int = 3
    link_guesses: int = 5
    messages_a_minute: int = 30
    """Of one buyer; more are kept, and not answered one by one."""
    agent_minutes: int = 120
    low_value: Amounts = field(default_factory=Amounts)
    """Goods up to this price need not come back: a part of the price is offered first."""
    partial_percent: int = 20
    """The part of the price that is offered to who keeps what has a flaw."""
    freight_most: Amounts = field(default_factory=Amounts)
    """The most return postage that is repaid; nothing in a currency that is not named."""
    return_address: str = ""
    """Where buyers send goods back to; empty: an agent tells them."""
    pays_itself: bool = False
    """A payment service is told to pay; otherwise an agent transfers by hand and says so."""
    options: Mapping[Reason, tuple[Option, ...]] = field(default_factory=lambda: dict(OFFERED))
    promises: Promises = field(default_factory=Promises)
    authority: Authority = field(default_factory=Authority)
    aftercare: Aftercare = field(default_factory=Aftercare)
    attendance: Attendance = field(default_factory=Attendance)
    contacts: Contacts = field(default_factory=Contacts)
    earlier: tuple[tuple[date, Policy], ...] = ()
    """What held before: each for orders placed up to and including its day, earliest first."""

    @property
    def timezone(self) -> tzinfo:
        """The shop's, in which every deadline is told."""
        return self.shop.timezone

    @property
    def terms(self) -> Terms:
        """The clocks of cases."""
        return Terms(self.spans, self.shop, self.public)

    def of(self, order: Order | None) -> Policy:
        """What held on the day the order was placed: a case is judged by that, whatever was changed since."""
        if order is None:
            return self
        day = order.placed_at.astimezone(self.timezone).date()
        return next((policy for until, policy in self.earlier if day <= until), self)

    def bank_by(self, at: datetime) -> datetime:
        """The end of the day by which a refund paid now has arrived at the latest, in UTC: the bank's working days."""
        return self.public.after_working_days(at, self.bank_days_max)

    def since(self, *earlier: tuple[date, Policy]) -> Policy:
        """The same policy, with what held before it."""
        return replace(self, earlier=tuple(sorted(earlier, key=lambda dated: dated[0])))
