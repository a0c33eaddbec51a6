"""Posts that may go out as one: several lines of a buyer that wait for their turn in the staff group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.pipeline.deliveries import Delivery

MOST = 40
"""Rows that are looked at for one post."""
LONGEST = 3000
"""UTF-16 units of one post: what a messenger takes in one message, with room for markup. In several, some might arrive before
further lines join the rest."""


def joined(head: Delivery, behind: Sequence[Delivery]) -> Delivery:
    """The head with the words of its neighbours, up to the first that has to stand alone: a file, a reply, an alarm."""
    whole, length = [head], _units(head.text)
    for one in behind if _plain(head) else ():
        length += _units(one.text) + 1
        if not _plain(one) or one.manner.answers or length > LONGEST:
            break
        whole.append(one)
    if len(whole) == 1:
        return head
    return replace(
        head,
        text="\n".join(one.text for one in whole),
        manner=replace(head.manner, of=tuple(mark for one in whole for mark in one.manner.of)),
        joined=tuple(one.id for one in whole[1:]),
        uncertain=max(one.uncertain for one in whole),
    )


def _plain(one: Delivery) -> bool:
    return one.manner.joins and not one.attachments and not one.buttons


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
