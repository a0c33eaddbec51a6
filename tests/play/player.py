"""Plays a scene: each step is done, the shop comes to rest, and what came of it is compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.cases import Case
from bot.domain.messages import Medium
from bot.domain.orders import Parcel, ParcelEvent, ParcelState
from bot.domain.refunds import RefundEvent
from bot.domain.staff import StaffRole
from bot.pipeline.ports import Unit
from bot.shop.links import sign
from tests.doubles.kuaidi100 import Kuaidi100
from tests.play.checks import Came, asks_for_cases, asks_for_lines, check
from tests.play.people import Agent, Buyer, WebBuyer
from tests.play.script import Scene, Step
from tests.play.stage import SECRET, Stage

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Player:
    """Plays one scene with one buyer."""

    def __init__(self, stage: Stage, buyer: Buyer, scene: Scene, courier: Kuaidi100 | None = None) -> None:
        self._stage = stage
        self._buyer = buyer
        self._scene = scene
        self._courier = courier
        self._language = scene.language
        self._story: list[str] = []

    async def play(self) -> None:
        """From the first step to the last."""
        await self._own(self._scene.orders)
        await self._hire(self._scene.staff)
        for _ in range(self._scene.waiting):
            await WebBuyer(self._stage, self._scene.language).says("/human")
        await self._stage.quiet()
        for step in self._scene.steps:
            self._stage.told.clear()
            await self._do(step)
            await self._look(step)

    async def _own(self, orders: tuple[str, ...]) -> None:
        buyer, now = await self._buyer.number(), self._stage.clock()

        def link(unit: Unit) -> None:
            for number in orders:
                unit.link_order(number, buyer, "stage", now)

        if orders:
            await self._stage.database.write(link)

    async def _hire(self, staff: Mapping[str, str]) -> None:
        def hire(unit: Unit) -> None:
            for name, role in staff.items():
                known = unit.staff_of(f"console:{name.lower()}")
                if known:
                    unit.set_role(known.id, StaffRole(role))
                else:
                    unit.add_staff(name.lower(), name, StaffRole(role), self._stage.clock())

        if staff:
            await self._stage.database.write(hire)

    async def _do(self, step: Step) -> None:
        match step.doer:
            case "agent":
                await self._acts(step.what)
            case "shop":
                await self._stage.database.write(lambda unit: self._changes(unit, **step.what))
            case "courier":
                self._carries(**step.what)
            case "later":
                await self._stage.later(_span(step.what))
            case _:
                await self._buys(step)

    async def _buys(self, step: Step) -> None:
        match step.doer:
            case "buyer":
                await self._writes(step.what)
            case "command":
                await self._buyer.says(f"/{step.what}")
            case "link":
                await self._buyer.says(f"/start {self._link(step.what)}")
            case "taps" | "edits":
                does = self._buyer.taps if step.doer == "taps" else self._buyer.edits
                await does(await self._filled(step.what))
            case "forges":
                await self._buyer.forges(step.what)
            case "sends":
                await self._sends(step.what)
            case "contact":
                shared = step.what if isinstance(step.what, dict) else {"phone": step.what}
                await self._buyer.shares(str(shared["phone"]), own=shared.get("own", True))
            case "garbled":
                await self._buyer.garbles(step.what)

    async def _writes(self, what: Any) -> None:
        """One message; or several, of which none is read before the last is written."""
        if not isinstance(what, list):
            await self._buyer.says(await self._filled(what))
            return
        async with self._stage.busy():
            for text in what:
                await self._buyer.says(await self._filled(text))

    def _link(self, what: Any) -> str:
        order, days = (what["order"], what["days"]) if isinstance(what, dict) else (what, 30)
        return sign(str(order), SECRET, self._stage.clock() + timedelta(days=days))

    async def _sends(self, what: Any) -> None:
        sent = what if isinstance(what, dict) else {"photos": what}
        medium = Medium(sent.get("medium", "photo"))
        await self._buyer.sends(sent.get("photos", 1), sent.get("caption", ""), medium)
        await self._stage.later(timedelta(seconds=2))

    async def _acts(self, what: Any) -> None:
        """An act on a case is on the newest one as it stands, unless the step is more exact."""
        if not isinstance(what, dict):
            act, _, text = (part.strip() for part in what.partition(":"))
            what = {"does": act, "text": text}
        case = await self._case(str(what.get("order", "")))
        if what["does"] in RefundEvent.__members__.values():
            what = {"seen": 0, **what, "case": what.get("case") or f"refund:{case.number if case else ''}"}
        offers = what.get("then", "").startswith("offer")
        about = case if case and (offers or what["does"] not in _OF_NO_CASE) else None
        await Agent(self._stage, what.get("who", "小周")).does(
            await self._buyer.number(),
            what["does"],
            case=await self._filled(what.get("case", about.number if about else "")),
            version=what.get("seen", about.version if about else 0),
            text=await self._filled(what.get("text", "")),
            then=what.get("then", ""),
        )

    def _carries(
        self, parcel: str = "", of: str = "yuantong", state: str = "0", news: str = "", silent: bool = False
    ) -> None:
        """The carrier learns something of a parcel just now, or stops answering."""
        assert self._courier, "only a scene with `carrier: online` has a carrier that learns"
        self._courier.fault = "drop" if silent else ""
        if parcel:
            at = self._stage.clock().astimezone(ZoneInfo("Asia/Shanghai"))
            self._courier.knows(of, parcel, state=state, scans=[(f"{at:%Y-%m-%d %H:%M:%S}", news, "")])

    def _changes(
        self,
        unit: Unit,
        ships: str = "",
        parcel: str = "",
        of: str = "",
        state: str = "",
        news: str = "",
        by: str = "yto",
        eta: str = "",
    ) -> None:
        now = self._stage.clock()
        if ships and (order := unit.order(str(ships))):
            unit.put_orders([replace(order, shipped_at=now)])
        if parcel:
            events = (ParcelEvent(now, news),)
            due = now + _span(eta) if eta else None
            unit.put_parcels([Parcel(parcel, by, str(of), ParcelState(state), now, due, events, now)])

    async def _look(self, step: Step) -> None:
        heard = await self._buyer.hears()
        self._language = step.checks.get("language", self._language)
        self._story += [f"> {step.doer}: {step.what}", heard.text, f"  [{' | '.join(heard.labels)}]"]
        number = await self._buyer.number()

        def look(unit: Unit) -> Came:
            conversation = unit.conversation(number)
            assert conversation
            known = unit.known([number])[number] if asks_for_cases(step) else None
            lines = tuple(unit.transcript(number)) if asks_for_lines(step) else ()
            return Came(heard, tuple(self._stage.told), conversation, known, lines, self._language)

        check(step, await self._stage.database.read(look), "\n".join(self._story))

    async def _case(self, order: str = "") -> Case | None:
        """The newest case, or the newest over this order."""
        number = await self._buyer.number()
        cases = await self._stage.database.read(lambda unit: unit.cases(number))
        return next((case for case in cases if order in ("", case.order_number)), None)

    async def _filled(self, text: Any) -> str:
        filled = str(text)
        if "{case}" in filled:
            case = await self._case()
            filled = filled.replace("{case}", case.number if case else "")
        if "{draft}" in filled:
            filled = filled.replace("{draft}", await self._draft())
        return filled

    async def _draft(self) -> str:
        """The mark of the draft that stands; one that nobody has where there is none."""
        number = await self._buyer.number()
        conversation = await self._stage.database.read(lambda unit: unit.conversation(number))
        return conversation.draft.id if conversation and conversation.draft else "none"


_OF_NO_CASE = ("say", "note", "macro", "claim", "release")


def _span(text: str) -> timedelta:
    """``73h``, ``6d``, ``30m``."""
    return timedelta(**{_UNITS[text[-1]]: float(text[:-1])})
