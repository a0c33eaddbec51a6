"""Who looks at which conversation, and who is writing in it.

Kept in memory, for as long as a page is open. Where several processes show the desk, each tells the others who is at its own.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.guard import Refusal, json_body
from bot.desk.session import Session
from bot.pipeline.tidings import Attending, Tidings

TYPING = 6.0
"""Seconds for which somebody is writing after they last touched a key."""

TOLD_AGAIN = 15.0
"""Seconds after which a process tells again who is at its desk; one that has been silent for three times as long is gone."""
_BREATH = 0.1
"""Seconds between two things told."""

_MOST = 1024

Announce = Callable[[Tidings], Awaitable[None]]

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Viewer:
    """An open page of an agent's."""

    agent: str
    nudge: Callable[[], None]
    """Makes the page look again."""
    typed_at: float = float("-inf")


@dataclass(frozen=True, slots=True)
class _Told:
    """Who is at the desk of another process."""

    there: Attending
    at: float


class Presence:
    """The agents at their desks. Call it from the event loop's own thread."""

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        announce: Announce | None = None,
    ) -> None:
        """`announce` tells other processes; None where there are none."""
        self._clock = clock
        self._announce = announce
        self._open: defaultdict[int, set[Viewer]] = defaultdict(set)
        """Conversation to the pages that have it open."""
        self._elsewhere: defaultdict[int, dict[str, _Told]] = defaultdict(dict)
        """Conversation to what other processes tell."""
        self._untold = Tidings()
        self._roused = asyncio.Event()

    async def told(self) -> None:
        """Tell the other processes who is at this one's desk, and forget those that are gone; until cancelled."""
        if self._announce is None:
            return
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(TOLD_AGAIN):
                        await self._roused.wait()
                await self._tell_others(self._announce)
                self._forget()
                await asyncio.sleep(_BREATH)
        finally:
            self._untold.desk.update({number: {} for number in self._open})
            self._open.clear()
            await self._tell_others(self._announce)

    def heard(self, tidings: Tidings) -> None:
        """Another process tells who is at its desk, or wants to know who is at this one's."""
        for conversation, there in tidings.desk.items():
            self._elsewhere[conversation][tidings.sender] = _Told(there, self._clock())
            self._nudge(conversation)
        self._untold.asks |= tidings.all
        if tidings.asks or tidings.all:
            self._untold.desk.update({number: {} for number in self._open})
        if self._untold:
            self._roused.set()

    @contextmanager
    def viewing(self, conversation: int, agent: str, nudge: Callable[[], None]) -> Iterator[None]:
        """The agent looks at the conversation as long as this is open."""
        viewer = Viewer(agent, nudge)
        self._open[conversation].add(viewer)
        self._tell(conversation)
        try:
            yield
        finally:
            self._open[conversation].discard(viewer)
            self._tell(conversation)
            if not self._open[conversation]:
                del self._open[conversation]

    def typing(self, conversation: int, agent: str, *, still: bool) -> None:
        """The agent is writing there, or no longer."""
        for viewer in self._of(conversation):
            if viewer.agent == agent:
                viewer.typed_at = self._clock() if still else float("-inf")
        self._tell(conversation)

    async def typed(self, request: Request, session: Session) -> Response:
        """Answers ``POST /desk/typing``: a key was touched, or the words are gone."""
        body = await json_body(request, _MOST)
        conversation = body.get("conversation")
        if type(conversation) is not int:
            raise Refusal(400, "error_bad_request")
        self.typing(conversation, session.agent, still=body.get("still") is True)
        return JSONResponse({}, 202)

    def others(self, conversation: int, agent: str) -> Sequence[Mapping[str, object]]:
        """Colleagues who have it open, each once."""
        found: dict[str, bool] = {}
        for name, writes in self._known(conversation):
            if name != agent:
                found[name] = found.get(name, False) or writes
        return [{"agent": name, "typing": found[name]} for name in sorted(found)]

    def _known(self, conversation: int) -> Iterator[tuple[str, bool]]:
        """Everybody who has it open, here and elsewhere, with whether they write."""
        yield from self._attending(conversation).items()
        for told in self._elsewhere.get(conversation, {}).values():
            age = self._clock() - told.at
            if age < 3 * TOLD_AGAIN:
                yield from ((name, writes and age < TYPING) for name, writes in told.there.items())

    def _attending(self, conversation: int) -> dict[str, bool]:
        found: dict[str, bool] = {}
        for viewer in self._of(conversation):
            found[viewer.agent] = found.get(viewer.agent, False) or self._writes(viewer)
        return found

    def _writes(self, viewer: Viewer) -> bool:
        return self._clock() - viewer.typed_at < TYPING

    def _of(self, conversation: int) -> Collection[Viewer]:
        return self._open.get(conversation, ())

    def _tell(self, conversation: int) -> None:
        self._nudge(conversation)
        if self._announce is not None:
            self._untold.desk[conversation] = {}
            self._roused.set()

    def _nudge(self, conversation: int) -> None:
        for viewer in self._of(conversation):
            viewer.nudge()

    async def _tell_others(self, announce: Announce) -> None:
        """What changed; after a silence, all of it."""
        concerned = self._untold.desk or self._open
        told = Tidings(desk={number: self._attending(number) for number in concerned}, asks=self._untold.asks)
        self._untold = Tidings()
        self._roused.clear()
        if not told:
            return
        try:
            await announce(told)
        except Exception as error:  # noqa: BLE001 -- told again after a while; nothing hangs on it
            log.warning("desk.presence_not_told", error=type(error).__name__)

    def _forget(self) -> None:
        for conversation, told in [*self._elsewhere.items()]:
            kept = {
                sender: one
                for sender, one in told.items()
                if one.there and self._clock() - one.at < 3 * TOLD_AGAIN
            }
            if kept:
                self._elsewhere[conversation] = kept
            else:
                del self._elsewhere[conversation]
