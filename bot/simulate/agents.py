"""The shop's people: agents who are quick or slow, a cashier, and the platform's mediator. They act by their page only."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.bench.dice import dice as dice_of
from bot.domain.authority import Level
from bot.domain.cases import Case, Event, Role
from bot.domain.conversation import Holder
from bot.domain.machine import needs, possible
from bot.domain.messages import Speaker
from bot.domain.refunds import Refund, RefundState
from bot.domain.transitions import Needs
from bot.pipeline.looks import Waiting
from bot.pipeline.turns import Line
from bot.simulate.characters import Agent
from bot.simulate.stage import MEDIATOR, OWNER, SENIOR, Stage
from bot.simulate.words import Words

_WAYBILL = re.compile(r"SF\d{13}")
_LISTED = 100
_LIKELY = {
    Event.AGREE: 30,
    Event.AGREE_RETURN: 50,
    Event.OFFER: 6,
    Event.GOODS_INTACT: 55,
    Event.RETURN_SIGNED: 20,
    Event.SEND_GOODS: 70,
    Event.ANSWER: 60,
    Event.PARCEL_LOST: 10,
    Event.INTERVENE: 2,
    Event.JUDGE: 3,
}
"""How likely an act is among those the table allows; what is not named is for somebody else."""
_UNKIND = {Event.REFUSE: 40, Event.GOODS_REJECTED: 40}
"""The same for who is not generous."""
_RULINGS = {Event.RULE_FOR_BUYER: 40, Event.RULE_FOR_SELLER: 30, Event.RULE_SPLIT: 20, Event.WITHDRAW: 10}


@dataclass(frozen=True, slots=True)
class Office:
    """Everybody who works for the shop, and the mediator."""

    stage: Stage
    words: Words
    team: tuple[Agent, ...]
    dice: random.Random
    seed: int

    # -- agents

    async def look(self) -> None:
        """The list of conversations, shared out; what nobody gets to stays."""
        if not self.stage.up or self.stage.policy.shop.opens_next(self.stage.agenda.now):
            return
        listed = await self.stage.read(lambda unit: unit.waiting(_LISTED))
        due = [item for item in listed if item.conversation.flag or item.state or item.conversation.agent]
        self.dice.shuffle(due)
        at_work = [agent for agent in self.team if self.dice.random() < 0.7]
        for agent in at_work:
            for item in due[: agent.capacity]:
                await self._handle(agent, item)
            due = due[agent.capacity :]

    async def _handle(self, agent: Agent, item: Waiting) -> None:
        number = item.conversation.id
        cases = await self.stage.read(lambda unit: unit.cases(number))
        said = await self.stage.read(lambda unit: unit.transcript(number, limit=8))
        language = item.conversation.language or self.stage.config.shop.languages[0]
        if item.conversation.holder is Holder.QUEUED:
            self._talk(agent, item, language)
        elif item.conversation.agent or item.conversation.flag:
            self.stage.act(item.conversation.agent or agent.name, "release", number)
        for case in cases:
            if case.open and not case.locked and not self._neglected(case):
                asked = item.conversation.holder is not Holder.BOT
                self._decide(agent, case, language, said, asked=asked)

    def _talk(self, agent: Agent, item: Waiting, language: str) -> None:
        """Claimed, a line, and given back some time later."""
        number = item.conversation.id
        self.stage.act(agent.name, "claim", number)
        if self.dice.random() < 0.1:  # two at once
            self.stage.act(self.dice.choice(self.team).name, "claim", number)
        self.stage.act(agent.name, "say", number, text=self.words.saying(self.dice, language, "hello"))

        async def gives_back() -> None:
            self.stage.act(agent.name, "release", number)

        self.stage.agenda.after(agent.keeps, gives_back)

    def _neglected(self, case: Case) -> bool:
        """Some cases nobody ever gets to, so that their deadlines pass."""
        return dice_of(self.seed, "neglected", case.number, case.state).random() < 0.2

    def _decide(self, agent: Agent, case: Case, language: str, said: Sequence[Line], *, asked: bool) -> None:
        if case.offer is not None and self.dice.random() < 0.95:
            return  # the buyer has to answer first
        open_to = possible(case, Role.AGENT)
        found = next(
            (f[0] for line in said if line.who is Speaker.BUYER and (f := _WAYBILL.search(line.text))), ""
        )
        if Event.SHIP_BACK in open_to and found and found != case.waybill:
            self._do(agent.name, case, Event.SHIP_BACK, found)
            return
        likely = (
            _LIKELY | {Event.INTERVENE: 2 * asked} | ({} if self.dice.random() < agent.generous else _UNKIND)
        )
        weights = [likely.get(event, 0) for event in open_to]
        if not any(weights) or self.dice.random() < 0.3:
            return
        event = self.dice.choices(open_to, weights)[0]
        self._do(self._who(agent, case), case, event, self._given(case, event, language))
        if self.dice.random() < 0.06:  # another agent, who saw the same, at the same moment
            other = self.dice.choices(open_to, weights)[0]
            self._do(self.dice.choice(self.team).name, case, other, self._given(case, other, language))

    def _who(self, agent: Agent, case: Case) -> str:
        """What is too much for an agent is for somebody higher; some try all the same."""
        authority = self.stage.policy.authority
        if authority.may_grant(Level.AGENT, case.amount) or self.dice.random() < 0.3:
            return agent.name
        return SENIOR if authority.may_grant(Level.SENIOR, case.amount) else OWNER

    def _do(self, who: str, case: Case, event: Event, text: str) -> None:
        self.stage.act(
            who, event.value, case.conversation_id, case=case.number, version=case.version, text=text
        )

    def _given(self, case: Case, event: Event, language: str) -> str:
        """The words that the act needs."""
        wanted = needs(case, event, Role.AGENT)
        if Needs.WAYBILL in wanted:
            return f"SF16{self.dice.randrange(10**11):011d}"
        if Needs.AMOUNT in wanted:
            part = max(1, int(case.amount.minor * self.dice.choice((0.1, 0.3, 0.5)))) if case.amount else 500
            return f"{part / 100:.2f} {self.words.saying(self.dice, language, 'offer')}"
        if Needs.CHANGE in wanted:
            return f"{self.dice.choice(('seller', 'carrier', 'buyer'))} {self.words.saying(self.dice, language, 'judge')}"
        if Needs.WHY in wanted:
            return self.words.saying(self.dice, language, "answer" if event is Event.ANSWER else "why")
        return ""

    # -- the mediator

    async def mediate(self) -> None:
        """Disputes are ruled on after some days, some of them late."""
        if not self.stage.up:
            return
        cases = await self.stage.read(lambda unit: unit.all_cases(ended=False, limit=100_000))
        for case in cases:
            if case.locked and self.dice.random() < 0.2:
                event = self.dice.choices(list(_RULINGS), list(_RULINGS.values()))[0]
                if event in possible(case, Role.MEDIATOR):
                    self._do(MEDIATOR, case, event, self._given(case, event, "en"))

    # -- the cashier

    async def pay(self) -> None:
        """Money that waits: approved by two where it must be, transferred, late or twice or in vain."""
        if not self.stage.up:
            return
        waiting = await self.stage.read(lambda unit: unit.refunds(RefundState.CREATED))
        failed = await self.stage.read(lambda unit: unit.refunds(RefundState.FAILED))
        numbers = {one.case for one in (*waiting, *failed)}
        known = await self.stage.read(lambda unit: {number: unit.case(number) for number in sorted(numbers)})
        for refund in (*waiting, *failed):
            case = known[refund.case]
            if case and self.dice.random() < 0.75:
                self._see_to(refund, case)

    def _see_to(self, refund: Refund, case: Case) -> None:
        do = partial(self._of_money, refund, case)
        if refund.state is RefundState.FAILED:
            do("Cashier", "cancel" if self.dice.random() < 0.05 else "retry", "called off")
        elif not refund.released:
            do(OWNER if self.stage.staff[SENIOR].account in refund.approved else SENIOR, "approve")
            if self.dice.random() < 0.2:
                do(SENIOR, "approve")
        elif self.stage.pays_since and refund.created_at >= self.stage.pays_since:
            return  # the payment service has it
        elif self.dice.random() < 0.1:
            do("Cashier", "fail", self.words.saying(self.dice, "en", "failed"))
        else:
            for _ in range(2 if self.dice.random() < 0.1 else 1):
                do("Cashier", "succeed", f"T{refund.tries}-{refund.case}")

    def _of_money(self, refund: Refund, case: Case, who: str, what: str, text: str = "", **more: Any) -> None:
        self.stage.act(
            who, what, case.conversation_id, case=refund.key, version=refund.version, text=text, **more
        )


EVERY = timedelta(minutes=30)
"""How often somebody looks at the list."""
