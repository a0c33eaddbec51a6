"""Plays a scene: each step is done, the shop comes to rest, and what came of it is compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.cases import Case
from bot.domain.messages import Speaker
from bot.pipeline.ports import Unit
from tests.play.people import Agent, Buyer, Heard, plain
from tests.play.script import Scene, Step
from tests.play.stage import Stage

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Player:
    """Plays one scene with one buyer."""

    def __init__(self, stage: Stage, buyer: Buyer, scene: Scene) -> None:
        self._stage = stage
        self._buyer = buyer
        self._scene = scene
        self._agent = Agent(stage)
        self._told: list[str] = []

    async def play(self) -> None:
        """From the first step to the last."""
        await self._own(self._scene.orders)
        for step in self._scene.steps:
            await self._do(step)
            heard = await self._buyer.hears()
            self._told += [f"> {step.doer}: {step.what}", heard.text, f"  [{' | '.join(heard.labels)}]"]
            await self._check(step, heard)

    async def _own(self, orders: tuple[str, ...]) -> None:
        conversation = await self._buyer.conversation()
        now = self._stage.clock()

        def link(unit: Unit) -> None:
            for number in orders:
                unit.link_order(number, conversation.id, "stage", now)

        await self._stage.database.write(link)

    async def _do(self, step: Step) -> None:
        match step.doer:
            case "buyer":
                for text in step.what if isinstance(step.what, list) else [step.what]:
                    await self._buyer.says(str(text))
            case "command":
                await self._buyer.says(f"/{step.what}")
            case "taps":
                await self._buyer.taps(str(step.what))
            case "sends":
                await self._sends(step.what)
            case "agent":
                await self._acts(step.what)
            case "later":
                await self._stage.later(_span(step.what))

    async def _sends(self, what: Any) -> None:
        count, caption = (what["photos"], what.get("caption", "")) if isinstance(what, dict) else (int(what), "")
        await self._buyer.sends(count, caption)
        await self._stage.later(timedelta(seconds=2))

    async def _acts(self, what: str) -> None:
        """``agree``, ``refuse: the reason``, ``say: words``; a case act is on the newest case as it stands."""
        act, _, text = (part.strip() for part in what.partition(":"))
        conversation = await self._buyer.conversation()
        case = await self._case()
        number, version = (case.number, case.version) if case and act not in ("say", "claim", "release") else ("", 0)
        await self._agent.does(conversation.id, act, case=number, version=version, text=text)

    async def _case(self) -> Case | None:
        conversation = await self._buyer.conversation()
        cases = await self._stage.database.read(lambda unit: unit.cases(conversation.id))
        return cases[0] if cases else None

    async def _check(self, step: Step, heard: Heard) -> None:
        story = "\n".join(self._told)
        for wanted in _listed(step.checks.get("bot")):
            assert wanted in heard.text, f"step {step.line}: {wanted!r} was not said\n{story}"
        for unwanted in _listed(step.checks.get("not")):
            assert unwanted not in heard.text, f"step {step.line}: {unwanted!r} was said\n{story}"
        for label in _listed(step.checks.get("buttons")):
            assert label in heard.labels, f"step {step.line}: no button {label!r}\n{story}"
        if step.checks.get("silent"):
            assert not heard.text, f"step {step.line}: the bot spoke\n{story}"
        await self._check_state(step, story)

    async def _check_state(self, step: Step, story: str) -> None:
        conversation, case = await self._buyer.conversation(), await self._case()
        if "case" in step.checks:
            stands = case.state.value if case else None
            assert stands == step.checks["case"], f"step {step.line}: the case is {stands}\n{story}"
        if "holder" in step.checks:
            assert conversation.holder.value == step.checks["holder"], f"step {step.line}: {conversation.holder}\n{story}"
        if "language" in step.checks:
            assert conversation.language == step.checks["language"], f"step {step.line}: {conversation.language}\n{story}"
        for wanted in _listed(step.checks.get("desk")):
            lines = await self._stage.database.read(lambda unit: unit.transcript(conversation.id))
            posts = "\n".join(plain(line.text) for line in lines if line.who is Speaker.SYSTEM)
            assert wanted in posts, f"step {step.line}: the desk did not read {wanted!r}\n{posts}\n{story}"


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _span(text: str) -> timedelta:
    """``73h``, ``6d``, ``30m``."""
    return timedelta(**{_UNITS[text[-1]]: float(text[:-1])})
