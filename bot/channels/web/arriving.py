"""Tells a page what became of files that were still being fetched when their line was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.channels.web.lines import shown_file
from bot.channels.web.sse import event
from bot.domain.files import Filed, FileState
from bot.domain.messages import Attachment


class Arriving:
    """The files of one conversation, as one page has seen them."""

    def __init__(self, link: Callable[[Attachment], str], *, fresh: bool) -> None:
        self._link = link
        self._fresh = fresh
        """The page has no lines yet, and gets them with their files as they stand."""
        self._seen: dict[str, FileState] = {}

    def news(self, filed: Mapping[str, Filed]) -> list[str]:
        """Files that are here now, or turned out not to be had. A page that comes back is told of all of them."""
        states = {ref: one.state for ref, one in filed.items()}
        changed = [
            event("file", shown_file(one.attachment, self._link, one))
            for ref, one in filed.items()
            if one.state is not FileState.WAITING and self._seen.get(ref) is not one.state
        ]
        told, self._seen, self._fresh = [] if self._fresh else changed, states, False
        return told
