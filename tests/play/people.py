"""The people on stage: a buyer in the web chat, and an agent at the desk."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass
from typing import Protocol

from bot.channels.web import reader as web
from bot.desk import reader as desk
from bot.domain.messages import Attachment, Medium, Speaker
from bot.pipeline.arrivals import Arrival
from bot.pipeline.turns import Line
from tests.play.stage import Stage


@dataclass(frozen=True, slots=True)
class Heard:
    """What reached the buyer since they last listened."""

    text: str
    """All of it, without tags."""
    labels: tuple[str, ...] = ()
    """Labels of all buttons under it."""


class Buyer(Protocol):
    """Somebody who writes to the shop, in whatever messenger."""

    async def says(self, text: str) -> None:
        """Write."""
        ...

    async def edits(self, text: str) -> None:
        """Change the last message."""
        ...

    async def taps(self, label: str) -> None:
        """Tap the newest button whose label holds these words."""
        ...

    async def forges(self, data: str) -> None:
        """Tap what no button carries."""
        ...

    async def sends(self, count: int, caption: str, medium: Medium = Medium.PHOTO) -> None:
        """Send photos or the like, together when there are several."""
        ...

    async def shares(self, phone: str, *, own: bool) -> None:
        """Share a contact, their own or somebody else's."""
        ...

    async def garbles(self, what: object) -> None:
        """Send what nobody can read."""
        ...

    async def hears(self) -> Heard:
        """What came since last time; the shop is at rest."""
        ...

    async def number(self) -> int:
        """Their conversation's, from its beginning to its end."""
        ...


class WebBuyer:
    """A buyer in the web chat, without the browser."""

    def __init__(self, stage: Stage, language: str, name: str = "") -> None:
        self._stage = stage
        self._hint = language
        self._name = name
        self._address = uuid.uuid4().hex
        self._after = 0
        self._number = 0

    async def says(self, text: str) -> None:
        """Write."""
        await self._put(web.message(text, language=self._hint, name=self._name))

    async def taps(self, label: str) -> None:
        """Tap the newest button whose label holds these words."""
        shown = [pair for line in reversed(await self._lines(0)) for pair in line.buttons]
        found = next(((name, data) for name, data in shown if label in name), None)
        assert found is not None, f"there is no button {label!r}, only {[name for name, _ in shown]}"
        await self._put(web.tap(found[1], found[0], language=self._hint))

    async def forges(self, data: str) -> None:
        """Tap what no button carries."""
        await self._put(web.tap(data, "…", language=self._hint))

    async def sends(self, count: int, caption: str, medium: Medium = Medium.PHOTO) -> None:
        """Send files in one message, as the web chat does."""
        files = [Attachment(medium, f"file:{uuid.uuid4().hex}", f"{n}.{medium}", 1000) for n in range(count)]
        await self._put(web.message(caption, files=files, language=self._hint))

    async def edits(self, text: str) -> None:
        """What is sent from a web page can't be changed: an edit of Telegram's is put into this conversation instead."""
        sender = {"id": 7, "is_bot": False, "first_name": self._name, "language_code": self._hint}
        chat = {"id": 7, "type": "private"}
        message = {"message_id": 1, "date": 0, "edit_date": 1, "chat": chat, "from": sender, "text": text}
        await self._put({"update_id": 1, "edited_message": message}, "telegram")

    async def shares(self, phone: str, *, own: bool) -> None:
        """A web page knows nobody's number: a message of Telegram's is put into this conversation instead."""
        sender = {"id": 7, "is_bot": False, "first_name": self._name, "language_code": self._hint}
        message = {
            "message_id": 1,
            "date": 0,
            "chat": {"id": 7, "type": "private"},
            "from": sender,
            "contact": {"phone_number": phone, "first_name": "…", "user_id": 7 if own else 8},
        }
        await self._put({"update_id": 1, "message": message}, "telegram")

    async def garbles(self, what: object) -> None:
        """Send what nobody can read."""
        await self._put({"kind": what})

    async def hears(self) -> Heard:
        """What came since last time."""
        await self._stage.quiet()
        lines = await self._lines(self._after)
        self._after = lines[-1].id if lines else self._after
        said = [line for line in lines if line.who in (Speaker.BOT, Speaker.AGENT)]
        return Heard(
            "\n".join(plain(line.text) for line in said), tuple(n for line in said for n, _ in line.buttons)
        )

    async def number(self) -> int:
        """Their conversation's."""
        if not self._number:
            self._number = (await self._stage.conversation_at("web", self._address)).id
        return self._number

    async def _lines(self, after: int) -> list[Line]:
        number = await self.number()
        lines = await self._stage.database.read(lambda unit: unit.transcript(number, after))
        return [line for line in lines if line.id > after]

    async def _put(self, payload: dict[str, object], channel: str = "web") -> None:
        number = await self.number()
        arrival = Arrival(channel, f"{channel}:{uuid.uuid4()}", payload, self._address, number)
        await self._stage.app.intake.take([arrival])


class Agent:
    """An agent at the web desk."""

    def __init__(self, stage: Stage, name: str = "小周") -> None:
        self._stage = stage
        self._name = name

    async def does(
        self,
        conversation_id: int,
        act: str,
        *,
        case: str = "",
        version: int = 0,
        text: str = "",
        then: str = "",
    ) -> None:
        """One act of the desk."""
        account = f"console:{self._name.lower()}"
        payload = desk.act(act, self._name, account=account, case=case, version=version, text=text, then=then)
        arrival = Arrival("desk", f"desk:{uuid.uuid4()}", payload, conversation_id=conversation_id)
        await self._stage.app.intake.take([arrival])
        await self._stage.quiet()


def plain(text: str) -> str:
    """Reply text without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", text))
