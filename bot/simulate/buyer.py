"""A buyer of the simulated shop: has wishes, reads what is answered, taps or types on, or forgets it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.channels.web import reader
from bot.domain.conversation import Conversation, Holder, Standing
from bot.domain.messages import Attachment, Choice, Medium
from bot.domain.orders import Order
from bot.pipeline.deliveries import Delivery
from bot.simulate import answers
from bot.simulate.characters import Buyer as Character
from bot.simulate.stage import Stage
from bot.simulate.wares import Story
from bot.simulate.words import Words

_PATIENCE = 14
"""Answers given for one wish before it is dropped."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer turns to the shop for."""

    intent: str
    story: Story
    reason: str


class Buyer:
    """One person."""

    def __init__(
        self,
        address: str,
        language: str,
        name: str,
        phone: str,
        character: Character,
        stage: Stage,
        words: Words,
        dice: random.Random,
    ) -> None:
        self.address = address
        self.language = language
        self.name = name
        self.phone = phone
        self.character = character
        self.stories: list[Story] = []
        self._stage = stage
        self._words = words
        self._dice = dice
        self._shown: list[tuple[str, Choice]] = []
        """Buttons of what came last, newest reply first."""
        self._unread = False
        self._wish: Wish | None = None
        self._answers = 0
        self._proven: set[str] = set()
        self._files = 0
        self._owes_waybill = False
        """Said that the goods are on their way, and has not told the number yet."""

    # -- wishes

    def intends(self, when: datetime, wish: Wish) -> None:
        """Will turn to the shop with this then."""
        self._stage.agenda.at(when, partial(self._begin, wish))

    async def _begin(self, wish: Wish) -> None:
        self._wish, self._answers, self._shown = wish, 0, []
        number = wish.story.order.number
        if number not in self._proven and self._dice.random() < 0.75:
            self._proven.add(number)
            self._write(f"/start {self._stage.link(number)}")
        if self._dice.random() < 0.2:
            self._write(self._words.wish(self._dice, self.language, "greeting"))
        text = self._worded(wish.intent)
        if self._dice.random() < 0.3:
            text = f"{text} {self._dice.choice((number, wish.story.order.title))}"
        self._write(text)
        if self._dice.random() < 0.08:
            self._send(self._dice.randint(1, 3))

    # -- hearing

    def hears(self, delivery: Delivery) -> None:
        """A reply has come; it is read a little later, and answered, or not."""
        if not self._unread:
            self._unread = True
            self._shown = []
            self._stage.agenda.after(self._pause(), self._react)
        self._shown = [(label, Choice.parse(data)) for label, data in delivery.buttons] + self._shown

    async def _react(self) -> None:
        self._unread = False
        if not self._stage.up:
            return
        seen = await self._stage.read(lambda unit: unit.find_conversation("web", self.address))
        if seen is None:
            return
        self._answers += 1
        if self._answers > _PATIENCE:
            if self._answers == _PATIENCE + 1:
                self._write(self._words.saying(self._dice, self.language, "never_mind"))
            return
        if self._dice.random() < self.character.forgets * 0.15:
            return
        if seen.holder is Holder.BOT and seen.talk and seen.talk.asking:
            self._answer(seen.talk.asking)
        elif seen.parked and seen.parked.standing is Standing.OFFERED and self._tap_of("resume"):
            return
        else:
            self._go_on(seen)

    # -- answering

    def _answer(self, asking: str) -> None:
        """The question that is open, in words or by a button."""
        if asking == "evidence" and self._hands_in():
            return
        offered = [(label, choice) for label, choice in self._shown if choice.slot == asking]
        story = self._wish.story if self._wish else self.stories[0]
        if offered:
            picked = answers.pick(
                self._dice, asking, offered, self._wish.reason if self._wish else "", self._order()
            )
            if asking == "amount" and self._dice.random() < 0.3:
                self._write(self._money(story))
            elif self._dice.random() < self.character.taps:
                self._tap(*picked)
            else:
                self._write(self._said(*picked))
        elif asking == "order_number":
            self._write(story.order.number)
        elif asking == "phone_digits":
            self._proven.add(story.order.number)
            self._write(self.phone[-4:] if self._dice.random() < 0.93 else "0000")
        elif "amount" in asking:
            self._write(self._money(story))
        elif answers.asks_waybill(asking):
            self._write(self._waybill())
        else:
            self._write(self._worded(self._wish.intent if self._wish else "affirm"))

    def _said(self, label: str, choice: Choice) -> str:
        if choice.value in ("yes", "no") and self._dice.random() < 0.6:
            return self._worded("affirm" if choice.value == "yes" else "deny")
        return label

    def _hands_in(self) -> bool:
        """Photos first; then the button says that these were all."""
        if self._dice.random() < self.character.late_files:
            self._later(timedelta(hours=self._dice.uniform(1, 40)), partial(self._send_later, 2))
            return False
        if self._files and self._dice.random() < 0.5:
            return False
        self._send(self._dice.randint(1, 3))
        return True

    async def _send_later(self, count: int) -> None:
        self._send(count)

    # -- going on by themselves

    def _go_on(self, seen: Conversation) -> None:
        """One of the ways that the last reply offers, or a word of thanks, or nothing."""
        if self._owes_waybill and seen.holder is not Holder.BOT:
            self._owes_waybill = False
            self._write(self._waybill())
            return
        for label, choice in self._shown:
            if choice.slot != "start":
                continue
            way = answers.WAYS.get(choice.value.partition(" ")[0], answers.OTHER)
            if self._dice.random() >= way.chance(self.character):
                continue
            if self._dice.random() < self.character.forgets and way.waits:
                return
            self._later(
                timedelta(hours=self._dice.uniform(0.02, way.hours)), partial(self._follow, label, choice)
            )
            return
        if not self._shown and self._dice.random() < 0.12:
            self._write(self._worded("thanks"))
        elif seen.holder is not Holder.BOT and self._dice.random() < 0.2:
            self._write(self._worded(self._wish.intent if self._wish else "escalate"))

    async def _follow(self, label: str, choice: Choice) -> None:
        intent = choice.value.partition(" ")[0]
        if self._dice.random() < self.character.taps or (self.language, intent) not in self._words:
            self._owes_waybill = intent == "return_shipment"
            self._tap(label, choice)
        elif intent == "return_shipment":
            self._write(self._waybill())
        else:
            self._write(self._worded(intent))

    def _later(self, by: timedelta, does: answers.Does) -> None:
        self._stage.agenda.after(by, does)

    # -- what reaches the shop

    def _write(self, text: str) -> None:
        arrival = self._stage.put(
            "web", reader.message(text, language=self.language, name=self.name), self.address
        )
        if self._dice.random() < self.character.twice * 0.3:
            self._stage.mail.append(arrival)  # the channel brings the same thing again: it is one

    def _tap(self, label: str, choice: Choice) -> None:
        for _ in range(2 if self._dice.random() < self.character.twice else 1):
            self._stage.put("web", reader.tap(choice.data, label, language=self.language), self.address)

    def _tap_of(self, slot: str) -> bool:
        offered = [(label, choice) for label, choice in self._shown if choice.slot == slot]
        if offered:
            self._tap(*self._dice.choice(offered))
        return bool(offered)

    def _send(self, count: int) -> None:
        files = []
        for _ in range(count):
            self._files += 1
            ref = f"file:{self._dice.getrandbits(256):064x}"
            files.append(Attachment(Medium.PHOTO, ref, f"{self._files}.jpg", 1000))
        self._stage.put("web", reader.message("", files=files, language=self.language), self.address)

    # -- words

    def _worded(self, intent: str) -> str:
        story = self._wish.story if self._wish else self.stories[0]
        return self._words.wish(
            self._dice,
            self.language,
            intent,
            order_number=story.order.number,
            tracking_number=story.tracking,
            amount=str(max(1, story.order.paid.minor // 300)),
        )

    def _money(self, story: Story) -> str:
        minor = int(story.order.paid.minor * self._dice.choice((0.1, 0.3, 0.5, 0.9, 1.5)))
        return self._words.saying(self._dice, self.language, "money", amount=f"{minor / 100:.2f}")

    def _waybill(self) -> str:
        number = f"SF15{self._dice.randrange(10**11):011d}"
        return self._words.saying(self._dice, self.language, "sent", waybill=number)

    def _order(self) -> Order | None:
        return self._wish.story.at(self._stage.agenda.now) if self._wish else None

    def _pause(self) -> timedelta:
        """Seconds for who is quick, hours for who is not; who sleeps reads in the morning."""
        now = self._stage.agenda.now.astimezone(self._stage.policy.timezone)
        wait = timedelta(hours=self._dice.expovariate(1 / self.character.hurry))
        asleep = not self.character.night and (now.hour >= 23 or now.hour < 7)
        return wait + timedelta(hours=(31 - now.hour) % 24) if asleep else wait
