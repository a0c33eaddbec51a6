"""Talks as nobody wrote them down: a scene of the dialogue files with steps left out, changed places with, and put in."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from bot.channels.web import reader as web
from bot.config import load
from bot.folder.shop_folder import Contents
from bot.pipeline.arrivals import Arrival
from bot.pipeline.ports import Unit
from bot.shop.importing import Options
from bot.shop.sample_shop import buyers, load_sample
from bot.store.database import SqlDatabase
from bot.store.tables import outbox
from tests.pipeline.rig import Rig
from tests.play.clock import OPENING
from tests.play.script import Scene, listed, scenes

_LONGEST = 14
"""Steps of a talk."""
_SHOWN = 4
"""Replies whose buttons are tapped."""


@dataclass(frozen=True)
class Talk:
    """What one buyer does, and whose orders they have."""

    orders: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    """(``buyer``, words), (``taps``, a part of a label: another button where none has it), (``waits``, hours)."""


@cache
def _by_language() -> dict[str, list[Scene]]:
    found: dict[str, list[Scene]] = {}
    for scene in scenes():
        if any(step.doer == "buyer" for step in scene.steps):
            found.setdefault(scene.language, []).append(scene)
    return found


def _steps(scene: Scene) -> list[tuple[str, str]]:
    done = [(step.doer, what) for step in scene.steps for what in listed(step.what)]
    return [(doer, what) for doer, what in done if doer in ("buyer", "taps") and "{case}" not in what]


@st.composite
def talks(draw: Callable[[Any], Any]) -> Talk:
    """A scene's steps, one of another put in after any of them; or two scenes, one after the other."""
    language = draw(st.sampled_from(sorted(_by_language())))
    some = st.sampled_from(_by_language()[language])
    scene, steps = draw(some), []
    for step in _steps(scene):
        kept, more = draw(st.tuples(st.integers(0, 6), st.integers(0, 4)))
        steps += [step] if kept else []
        steps += [draw(st.sampled_from(_steps(draw(some)) or [step]))] if more < 2 else []
    steps += _steps(draw(some)) if draw(st.integers(0, 2)) == 0 else []
    if steps and draw(st.booleans()):
        hours = st.sampled_from((1, 20, 60, 200)).map(str)
        steps.insert(draw(st.integers(1, len(steps))), ("waits", draw(hours)))
    all_orders = [buyer.orders for buyer in buyers() if buyer.language == language]
    orders = draw(st.sampled_from([scene.orders, *all_orders, ()]))
    return Talk(tuple(orders), tuple(steps[:_LONGEST]))


async def opened(
    contents: Contents, folder: Path, stack: AsyncExitStack
) -> Callable[[Talk], Coroutine[Any, Any, None]]:
    """The sample shop, with a new buyer for each talk; no turn of it may fail."""
    database = await stack.enter_async_context(SqlDatabase(f"sqlite:///{folder / 'shop.db'}"))
    await database.migrate()
    shop = load(None, {}).shop
    await load_sample(database, OPENING, Options(shop.timezone, shop.currency))
    rig, numbers = Rig(database, contents), count(1)

    async def check(talk: Talk) -> None:
        rig.clock.now = OPENING
        who = f"buyer {next(numbers)}"
        conversation = await rig.conversation(who)

        def link(unit: Unit) -> None:
            for order in talk.orders:
                unit.link_order(order, conversation.id, "test", OPENING)

        await database.write(link)
        for doer, what in talk.steps:
            await _step(rig, who, doer, what)
            assert rig.failed == []

    return check


async def _step(rig: Rig, who: str, doer: str, what: str) -> None:
    rig.clock.advance(seconds=7)
    if doer == "waits":
        rig.clock.advance(hours=int(what))
        await rig.deadlines.step()
    elif doer == "buyer":
        await rig.write(who, what)
    elif shown := await _shown(rig, who):
        meant = next((data for label, data in shown if what in label), shown[0][1])
        await rig.intake.take([Arrival("web", f"tap:{who}:{rig.clock()}", web.tap(meant), who)])
    await rig.work()


async def _shown(rig: Rig, who: str) -> list[tuple[str, str]]:
    """The buttons of the last replies, newest first."""
    newest = (
        select(outbox.c.payload).where(outbox.c.address == who).order_by(outbox.c.id.desc()).limit(_SHOWN)
    )
    payloads = await rig.database.read(lambda unit: unit._connection.execute(newest).scalars().all())
    return [(label, data) for payload in payloads for label, data in payload["buttons"]]
