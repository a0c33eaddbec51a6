"""A delivery as the messages it takes.

One message where it can be: a file carries the words as its caption, so that both arrive or neither.
Otherwise files go first and the words last, because buttons belong under the words and at the bottom of the
chat.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.telegram.cleaning import clean, units
from bot.channels.telegram.markup import CAPTION, plain, split
from bot.domain.messages import Attachment, Medium
from bot.pipeline.deliveries import Delivery

ALBUM = 10
"""An album has 2-10 items, documents only alone (https://core.telegram.org/bots/api#sendmediagroup)."""
TAKE_CAPTIONS = frozenset({Medium.PHOTO, Medium.VIDEO, Medium.DOCUMENT, Medium.VOICE})
LONGEST = 100_000
"""A delivery longer than this is a mistake; 25 messages are enough of it."""
Buttons = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One request: words, a file with words, or an album with words."""

    words: str = ""
    files: tuple[Attachment, ...] = ()
    buttons: Buttons = ()

    @property
    def messages(self) -> int:
        """How many messages it counts for."""
        return max(len(self.files), 1)


def pieces(delivery: Delivery) -> tuple[Piece, ...]:
    """What has to be sent, in order; nothing when there is nothing to say."""
    parts = split(clean(delivery.text, LONGEST))
    groups = albums(delivery.attachments)
    if len(parts) <= 1 and len(groups) == 1 and _fits(groups[0], "".join(parts), delivery.buttons):
        return (Piece("".join(parts), groups[0], delivery.buttons),)
    files = [Piece(files=group) for group in groups]
    words = [Piece(part) for part in parts[:-1]]
    last = [Piece(parts[-1], buttons=delivery.buttons)] if parts else []
    return (*files, *words, *last)


def albums(attachments: tuple[Attachment, ...]) -> list[tuple[Attachment, ...]]:
    """Neighbours that may stand in one album, together."""
    groups: list[tuple[Attachment, ...]] = []
    for attachment in attachments:
        if (
            groups
            and len(groups[-1]) < ALBUM
            and _album_kind(groups[-1][-1]) == _album_kind(attachment) != ""
        ):
            groups[-1] = (*groups[-1], attachment)
        else:
            groups.append((attachment,))
    return groups


def _album_kind(attachment: Attachment) -> str:
    if attachment.medium in {Medium.PHOTO, Medium.VIDEO}:
        return "pictures"
    return "documents" if attachment.medium is Medium.DOCUMENT else ""


def _fits(group: tuple[Attachment, ...], words: str, buttons: Buttons) -> bool:
    """Whether the words may be the caption; an album can't have buttons."""
    if len(group) > 1 and buttons:
        return False
    return group[0].medium in TAKE_CAPTIONS and units(plain(words)) <= CAPTION
