"""The month: who lives in it, what the shop and its carriers do by themselves, and time passing event by event."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.bench.dice import dice as dice_of
from bot.config import Config
from bot.domain.orders import Order
from bot.folder.shop_folder import Contents
from bot.lexicon import read_ahead
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Delivery
from bot.simulate import characters
from bot.simulate.agenda import Agenda, Does
from bot.simulate.agents import EVERY, Office
from bot.simulate.buyer import Buyer, Wish
from bot.simulate.carrier import FailingCarrier
from bot.simulate.invariants import Found, paid_once, sent_once
from bot.simulate.messenger import Messenger
from bot.simulate.payer import Payer
from bot.simulate.record import Record
from bot.simulate.stage import Stage
from bot.simulate.wares import Story, Warehouse
from bot.simulate.words import Words, read_script

START = datetime(2026, 4, 20, 0, 0, tzinfo=UTC)
"""When the month begins, unless told otherwise: before a public holiday of several days, with make-up workdays."""
_REFUNDS = ("request_refund", "return_goods")
_TROUBLES = (
    *("quality_issue", "not_as_described", "wrong_or_missing_item", "parcel_damaged", "parcel_lost"),
    *(
        "signed_not_received",
        "exchange_goods",
        "partial_refund",
        "refuse_delivery",
        "counterfeit",
        "warranty_repair",
    ),
)
_ASKED = ("track_parcel", "hurry_parcel", "refund_status", "refund_how_long", "usage_help", "change_address")
_REASONS = (
    "changed_mind",
    "quality",
    "not_as_described",
    "wrong_item",
    "missing_item",
    "damaged",
    "not_received",
    "late",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be played."""

    buyers: int
    days: int
    seed: int
    languages: tuple[str, ...]
    start: datetime = START

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(days=self.days)


class Month:
    """A shop with its buyers."""

    def __init__(
        self, plan: Plan, config: Config, contents: Contents, url: str, *, durable: bool = True
    ) -> None:
        self.plan = plan
        self.agenda = Agenda(plan.start)
        self.stories: dict[str, Story] = {}
        self._by_address: dict[str, Buyer] = {}
        self._imported: dict[str, Order] = {}
        self.messenger = Messenger(plan.seed, self._hears)
        self.payer = Payer(plan.seed, self.agenda, self._tell)
        self.carrier = FailingCarrier(plan.seed, self.stories, self.agenda)
        self.stage = Stage(
            config, contents, url, self.agenda, (self.messenger, self.payer), self.carrier, durable=durable
        )
        self.words = Words(contents.phrase_files.values())
        self.outages = 0

    async def play(self, tell: Callable[[datetime], None] = lambda _: None) -> None:
        """From the first day to the last."""
        read_ahead()
        await self.stage.open()
        self._people()
        self._office()
        self._going_down()
        self._each(timedelta(hours=6), self._import)
        await self._import()
        while await self._on():
            tell(self.agenda.now)

    async def close(self) -> None:
        """Leave the database alone."""
        await self.stage.close()

    def own_checks(self, record: Record) -> Iterator[Found]:
        """What only the messenger and the payment service can tell."""
        once = sent_once(self.messenger.arrived, self.messenger.order)
        yield Found("every reply arrived once, in order", tuple(once))
        yield Found(
            "money left once, by hand or by the payment service", tuple(paid_once(record, self.payer.paid))
        )

    # -- time

    async def _on(self) -> bool:
        """To the next thing that happens; False when the month is over."""
        due = self.stage.next_due if self.stage.up else None
        at = min((moment for moment in (due, self.agenda.next) if moment), default=self.plan.end)
        over = at >= self.plan.end
        self.agenda.now = max(self.agenda.now, min(at, self.plan.end))
        for does in [] if over else self.agenda.due():
            await does()
        if self.stage.up:
            await self.stage.rest()
        return not over

    def _each(self, every: timedelta, does: Does, first: timedelta | None = None) -> None:
        """Again and again until the end."""
        at = self.plan.start + (every if first is None else first)
        while at < self.plan.end:
            self.agenda.at(at, does)
            at += every

    def _going_down(self) -> None:
        """Every few days the shop's process is away for some hours; it is up at the end."""
        dice = dice_of(self.plan.seed, "outages")
        at = self.plan.start + timedelta(days=dice.uniform(0.5, 3))
        while (back := at + timedelta(hours=dice.uniform(0.2, 14))) < self.plan.end - timedelta(hours=1):
            self.agenda.at(at, self.stage.down)
            self.agenda.at(back, self._up)
            self.outages += 1
            at = back + timedelta(days=dice.uniform(1, 6))

    async def _up(self) -> None:
        await self.stage.open()

    # -- people

    def _people(self) -> None:
        names, warehouse = read_script("sayings.yaml"), Warehouse()
        for number in range(self.plan.buyers):
            dice = dice_of(self.plan.seed, "buyer", number)
            language = dice.choice(self.plan.languages)
            phone = f"1390{number:07d}"
            name = dice.choice(names[language]["names"])
            buyer = Buyer(
                f"sim-{number}", language, name, phone, characters.buyer(dice), self.stage, self.words, dice
            )
            for _ in range(dice.choices((1, 2, 3, 4), (40, 30, 20, 10))[0]):
                placed = self.plan.start + timedelta(days=dice.uniform(-24, self.plan.days * 0.8))
                story = warehouse.draw(dice, language, name, phone, placed)
                self.stories[story.order.number] = story
                buyer.stories.append(story)
                self._wishes(dice, buyer, story)
            self._by_address[buyer.address] = buyer

    def _wishes(self, dice: random.Random, buyer: Buyer, story: Story) -> None:
        """What somebody wants of an order in the course of time, most of it after it has come."""
        for _ in range(dice.choices((0, 1, 2, 3), (15, 45, 25, 15))[0]):
            group = dice.choices((_REFUNDS, _TROUBLES, _ASKED, ()), (42, 25, 22, 11))[0]
            intent = dice.choice(group or self.words.intents(buyer.language))
            if (buyer.language, intent) not in self.words:
                continue
            fitting = _REASONS if story.arrives else _REASONS[-2:]
            since = max(story.order.placed_at, self.plan.start)
            at = since + timedelta(days=dice.uniform(0, max(1, (self.plan.end - since).days)))
            wish = Wish("greeting" if intent == "none" else intent, story, dice.choice(fitting))
            buyer.intends(_at_their_hour(at, dice, night=buyer.character.night), wish)

    def _office(self) -> None:
        dice = dice_of(self.plan.seed, "office")
        office = Office(
            self.stage, self.words, characters.agents(dice, self.plan.buyers), dice, self.plan.seed
        )
        self._each(EVERY, office.look)
        self._each(timedelta(days=1), office.mediate, timedelta(hours=3, minutes=5))
        self._each(timedelta(hours=12), office.pay, timedelta(hours=4, minutes=10))
        self.agenda.at(self.plan.start + (self.plan.end - self.plan.start) / 2, self._gets_a_payment_service)

    async def _gets_a_payment_service(self) -> None:
        """Half of the month is paid by hand, the other half by a service."""
        self.stage.pays_since = self.agenda.now

    # -- the shop's own

    async def _import(self) -> None:
        """The shop's orders and parcels, as they stand now."""
        if not self.stage.up:
            return
        now = self.agenda.now
        standing = (story.at(now) for story in self.stories.values() if story.order.placed_at <= now)
        changed = [order for order in standing if self._imported.get(order.number) != order]
        self._imported |= {order.number: order for order in changed}
        parcels = [parcel for order in changed for parcel in order.parcels]
        await self.stage.database.write(lambda unit: (unit.put_orders(changed), unit.put_parcels(parcels)))

    def _hears(self, delivery: Delivery) -> None:
        self._by_address[delivery.address].hears(delivery)

    def _tell(self, arrival: Arrival) -> None:
        self.stage.mail.append(arrival)


def _at_their_hour(at: datetime, dice: random.Random, *, night: bool) -> datetime:
    """Most write between nine and midnight of the shop's day, some at night."""
    hour = (
        dice.randrange(16, 23)
        if night
        else dice.choices(range(1, 16), (3, 4, 5, 4, 3, 3, 4, 4, 4, 5, 6, 8, 9, 7, 4))[0]
    )
    return at.replace(hour=hour, minute=dice.randrange(60))
