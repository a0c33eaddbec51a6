"""Who looks at which conversation, and who is writing in it.

Kept in the memory of this process, for as long as a page is open: agents of another process are not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.web.guard import Refusal, json_body
from bot.desk.session import Session

TYPING = 6.0
"""Seconds for which somebody is writing after they last touched a key."""

_MOST = 1024


@dataclass(eq=False, slots=True)
class Viewer:
    """An open page of an agent's."""

    agent: str
    nudge: Callable[[], None]
    """Makes the page look again."""
    typed_at: float = float("-inf")


class Presence:
    """The agents at their desks. Call it from the event loop's own thread."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._open: defaultdict[int, set[Viewer]] = defaultdict(set)
        """Conversation to the pages that have it open."""

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
        for viewer in self._of(conversation):
            if viewer.agent != agent:
                found[viewer.agent] = found.get(viewer.agent, False) or self._writes(viewer)
        return [{"agent": name, "typing": found[name]} for name in sorted(found)]

    def _writes(self, viewer: Viewer) -> bool:
        return self._clock() - viewer.typed_at < TYPING

    def _of(self, conversation: int) -> Collection[Viewer]:
        return self._open.get(conversation, ())

    def _tell(self, conversation: int) -> None:
        for viewer in self._of(conversation):
            viewer.nudge()
