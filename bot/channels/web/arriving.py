"""Tells a page what became of files that were still being fetched when their line was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.channels.web.lines import shown_file
from bot.channels.web.sse import event
from bot.domain.files import Filed, FileState
from bot.domain.messages import Attachment

Standing = frozenset[tuple[str, FileState]]
"""Files, as a page has seen them stand."""


def standing(filed: Mapping[str, Filed]) -> Standing:
    """How files stand."""
    return frozenset((ref, one.state) for ref, one in filed.items())


def first_seen(after: int) -> Standing | None:
    """What a page has seen before its first look: one that comes back is told of all files, one that gets all its lines
    gets their files with them."""
    return frozenset() if after else None


def arrived(
    filed: Mapping[str, Filed], seen: Standing | None, link: Callable[[Attachment], str]
) -> list[str]:
    """Files that are here now, or turned out not to be had."""
    if seen is None:
        return []
    return [
        event("file", shown_file(one.attachment, link, one))
        for ref, one in filed.items()
        if one.state is not FileState.WAITING and (ref, one.state) not in seen
    ]
