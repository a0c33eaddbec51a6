"""The terminal as a channel: the same inbox and outbox as everywhere else, for trying things out and for scripts."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import Any, TextIO
from uuid import uuid4

from bot.channels.web import reader
from bot.channels.web.lines import UNSETTLED
from bot.channels.web.rich import Node, nodes, plain
from bot.channels.web.text import clean
from bot.domain.conversation import Holder
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Delivery
from bot.pipeline.ports import Database, Unit

NAME = "terminal"

_STYLES = {"b": "1", "i": "3", "u": "4", "s": "9", "code": "36", "a": "4"}
_CLEAR = "\r\x1b[K"
_LOOK = 0.05
"""Seconds between two looks whether everything said is answered; only while somebody waits for that."""
_PATIENCE = 60.0
"""Seconds to wait for the answers to one line of piped input."""

Take = Callable[[Sequence[Arrival]], Awaitable[None]]


def address_of(who: str) -> str:
    """Where one of the people who talk in the terminal is found: each has a conversation of their own."""
    return f"{NAME}:{who}"


class TerminalChannel:
    """Prints replies, with their buttons numbered."""

    name = NAME
    limit = None

    def __init__(
        self, out: TextIO, words: Mapping[str, str], *, address: str = NAME, tty: bool | None = None
    ) -> None:
        self.address = address
        """Whose conversation is shown."""
        self._out = out
        self._told = False
        self._words = words
        self._tty = out.isatty() if tty is None else tty
        self._buttons: list[tuple[str, str]] = []
        self.delivered = asyncio.Event()

    async def deliver(self, delivery: Delivery) -> str:
        """Print the reply; one to somebody else who talked here before stands with their address, and no numbers."""
        rows = [styled(nodes(delivery.text)) if self._tty else clean(plain(delivery.text))]
        rows += [f"  [{clean(file.name or file.medium.value)}]" for file in delivery.attachments]
        if delivery.address == self.address:
            rows += [self._numbered(label, data) for label, data in delivery.buttons]
        else:
            rows.insert(0, f"[{clean(delivery.address)}]")
        self._print(rows)
        self.prompt()
        self.delivered.set()
        return str(delivery.id)

    def hello(self) -> None:
        """Say how it works, to people only."""
        if self._tty:
            self._out.write(f"{self._words.get('terminal_hint', 'terminal_hint')}\n")
        self.prompt()

    def held(self, back: tuple[str, str] | None) -> None:
        """A person has the conversation: say so once, and keep the button that leads back within reach."""
        rows = [self._words.get("terminal_held", "terminal_held")]
        rows += [self._numbered(*back)] if back else []
        if not self._told:
            self._print(rows)
        self._told = True

    def free(self) -> None:
        """The bot has the conversation."""
        self._told = False

    def prompt(self) -> None:
        """Invite the next line."""
        self._out.write("› " if self._tty else "")
        self._out.flush()

    def payload(self, line: str, language: str, holder: Holder = Holder.BOT) -> dict[str, Any]:
        """What a line says: the number of a button shown since the last one, or words. To an agent a number is a number:
        the way back to the bot is open only while one is waited for."""
        buttons, self._buttons = self._buttons, []
        typed = line.strip()
        if typed.isascii() and typed.isdigit() and len(typed) < 4 and 0 < int(typed) <= len(buttons):
            label, data = buttons[int(typed) - 1]
            if holder is not Holder.AGENT or not _leads_back(data):
                return reader.tap(data, label, language=language)
        return reader.message(clean(line), language=language)

    def _numbered(self, label: str, data: str) -> str:
        self._buttons.append((label, data))
        return f"  {len(self._buttons)}. {clean(label)}"

    def _print(self, rows: Sequence[str]) -> None:
        self._out.write(f"{_CLEAR if self._tty else ''}{chr(10).join(rows)}\n")


async def chat(
    channel: TerminalChannel,
    take: Take,
    database: Database,
    source: TextIO,
    *,
    language: str = "",
    interactive: bool | None = None,
) -> None:
    """Take lines until there are no more. Piped lines each wait for their answers, so that numbers mean buttons."""
    waits = not (source.isatty() if interactive is None else interactive)
    channel.hello()
    async for line in lines(source):
        if not line.strip():
            channel.prompt()
            continue
        holder, back = await database.read(lambda unit: _holder(unit, channel.address))
        payload = channel.payload(line, language, holder)
        _tell_who_holds(channel, holder, back, payload)
        await take([Arrival(NAME, f"{NAME}:{uuid4()}", payload, channel.address)])
        if waits:
            await settled(channel, database)


def _tell_who_holds(
    channel: TerminalChannel, holder: Holder, back: tuple[str, str] | None, payload: Mapping[str, Any]
) -> None:
    """What is written while a person has the conversation gets no answer from the bot, and the buyer should know."""
    if holder is Holder.BOT:
        channel.free()
    elif reader.read(payload).choice is None:
        channel.held(back)


def _holder(unit: Unit, address: str) -> tuple[Holder, tuple[str, str] | None]:
    """Who answers, and the button that leads back to the bot while nobody has come yet."""
    conversation = unit.find_conversation(NAME, address)
    if conversation is None:
        return Holder.BOT, None
    if conversation.holder is not Holder.QUEUED:
        return conversation.holder, None
    ways = ((label, data) for label, data in unit.buttons(conversation.id) if _leads_back(data))
    return conversation.holder, next(ways, None)


def _leads_back(data: str) -> bool:
    return data.split("|")[2:] == ["bot"]


async def settled(channel: TerminalChannel, database: Database, patience: float = _PATIENCE) -> None:
    """Until everything said is answered and every answer is printed."""
    until = monotonic() + patience
    while monotonic() < until:
        if await database.read(lambda unit: _quiet(unit, channel.address)):
            return
        channel.delivered.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(channel.delivered.wait(), _LOOK)


def _quiet(unit: Unit, address: str) -> bool:
    """Nothing is left to be decided, and nothing of ours to be printed; other channels may have their troubles."""
    if unit.status().inbox_due:
        return False
    conversation = unit.find_conversation(NAME, address)
    said = unit.transcript(conversation.id) if conversation else ()
    return not any(line.delivery in UNSETTLED for line in said if not line.who.internal)


async def lines(source: TextIO) -> AsyncIterator[str]:
    """The lines of a file, a pipe or a keyboard, read beside the event loop."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def pump() -> None:
        with contextlib.suppress(RuntimeError, ValueError):  # the loop or the file was closed meanwhile
            for line in source:
                loop.call_soon_threadsafe(queue.put_nowait, line.rstrip("\n"))
            loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=pump, name="terminal", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line


def styled(found: Sequence[Node]) -> str:
    """The nodes in the terminal's own styles, with nothing else in them that steers it; a link shows where it leads."""
    parts = []
    for node in found:
        if isinstance(node, str):
            parts.append(clean(node))
            continue
        inner = f"\x1b[{_STYLES[node['t']]}m{styled(node['c'])}\x1b[0m"
        target = node.get("h", "")
        parts.append(f"{inner} ({clean(target)})" if target else inner)
    return "".join(parts)
