"""The terminal, with a house that answers at once."""

import asyncio
import io
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.channels.terminal import TerminalChannel, chat, lines, settled
from bot.channels.web import reader
from bot.domain.conversation import Conversation, Holder
from bot.domain.messages import Attachment, Choice, Incoming, Medium, Speaker
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import Delivery
from bot.pipeline.ports import Database
from bot.pipeline.turns import Line

BUTTONS = (("Quality problem", "9|reason|quality"), ("Late", "9|reason|late"))


class Answering:
    """Stores what comes and answers a moment later, like the worker and the sender do."""

    def __init__(self, channel: TerminalChannel, *replies: str) -> None:
        self.channel = channel
        self.replies = replies
        self.heard: list[Incoming] = []
        self.due = 0
        self.lines: list[Line] = []
        self.holder = Holder.BOT
        self.tasks: list[asyncio.Task[None]] = []

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        self.heard += [reader.read(arrival.payload) for arrival in arrivals]
        self.due += 1
        self.tasks.append(asyncio.create_task(self.answer()))

    async def answer(self) -> None:
        await asyncio.sleep(0.02)
        for text in self.replies:
            await self.channel.deliver(delivery(text, BUTTONS))
        self.due -= 1

    async def read(self, job: Any) -> Any:
        unit = {
            "status": lambda: SimpleNamespace(inbox_due=self.due),
            "find_conversation": lambda channel, address: Conversation(
                1, channel, address, holder=self.holder
            ),
            "buttons": lambda number: [("Other", "|start|refund"), ("Back to the bot", "|start|bot")],
            "transcript": lambda number: self.lines,
        }
        return job(SimpleNamespace(**unit))


class Printing(Answering):
    """Prints what it has to say once somebody has looked whether it did."""

    looks = 0

    async def read(self, job: Any) -> Any:
        found = await super().read(job)
        self.looks += 1
        self.lines = [replace(line, delivery="sent") for line in self.lines]
        return found


def delivery(
    text: str, buttons: Sequence[tuple[str, str]] = (), files: Sequence[Attachment] = ()
) -> Delivery:
    return Delivery(1, 1, "terminal", "terminal", text, tuple(buttons), tuple(files), 0)


async def play(typed: str, *replies: str) -> tuple[str, list[Incoming]]:
    out = io.StringIO()
    channel = TerminalChannel(out, {})
    house = Answering(channel, *replies)
    await chat(channel, house.take, cast(Database, house), io.StringIO(typed), language="en")
    return out.getvalue(), house.heard


async def test_piped_lines_are_answered_one_after_the_other() -> None:
    printed, heard = await play("hello\n\nI want a refund\n", "<b>Why</b> &amp; when?")
    assert [incoming.text for incoming in heard] == ["hello", "I want a refund"]
    assert printed == "Why & when?\n  1. Quality problem\n  2. Late\n" * 2


async def test_a_number_taps_the_button_it_stands_before() -> None:
    _, heard = await play("1\nrefund\n2\n3\n", "Why?")
    assert [incoming.choice for incoming in heard] == [
        None,
        None,
        Choice("9", "reason", "late"),
        None,
    ]
    assert heard[2].text == "Late"


async def test_who_holds_the_conversation_is_said_once_and_the_way_back_stays() -> None:
    out = io.StringIO()
    channel = TerminalChannel(out, {"terminal_held": "A person has it."})
    house = Answering(channel)
    house.holder = Holder.QUEUED
    await chat(channel, house.take, cast(Database, house), io.StringIO("hello\nanyone\n1\n"), language="en")
    assert out.getvalue() == "A person has it.\n  1. Back to the bot\n"
    assert [incoming.choice for incoming in house.heard] == [None, None, Choice("", "start", "bot")]
    house.holder = Holder.BOT
    await chat(channel, house.take, cast(Database, house), io.StringIO("hi\n"), language="en")
    house.holder = Holder.AGENT
    await chat(channel, house.take, cast(Database, house), io.StringIO("hi\n"), language="en")
    assert out.getvalue().count("A person has it.") == 2


async def test_a_number_written_to_an_agent_is_a_number() -> None:
    channel = TerminalChannel(io.StringIO(), {})
    house = Answering(channel)
    house.holder = Holder.QUEUED
    await chat(channel, house.take, cast(Database, house), io.StringIO("hello\n"), language="en")
    house.holder = Holder.AGENT
    await chat(channel, house.take, cast(Database, house), io.StringIO("1\n"), language="en")
    assert (house.heard[1].choice, house.heard[1].text) == (None, "1")


async def test_the_way_back_is_not_offered_once_an_agent_has_come() -> None:
    out = io.StringIO()
    channel = TerminalChannel(out, {"terminal_held": "A person has it."})
    house = Answering(channel)
    house.holder = Holder.AGENT
    await chat(channel, house.take, cast(Database, house), io.StringIO("hello\n1\n"), language="en")
    assert out.getvalue() == "A person has it.\n"
    assert [incoming.choice for incoming in house.heard] == [None, None]


async def test_a_button_that_is_no_way_back_may_be_tapped_while_an_agent_has_it() -> None:
    """A buyer may always take an application back, whoever answers."""
    channel = TerminalChannel(io.StringIO(), {})
    house = Answering(channel)
    house.holder = Holder.AGENT
    await channel.deliver(delivery("Refused", (("Take it back", "|start|revoke_refund R7"),)))
    await chat(channel, house.take, cast(Database, house), io.StringIO("1\n"), language="en")
    assert house.heard[0].choice == Choice("", "start", "revoke_refund R7")


async def test_a_reply_to_somebody_else_is_told_apart_and_its_buttons_are_not_ours() -> None:
    out = io.StringIO()
    channel = TerminalChannel(out, {}, address="terminal:lin")
    await channel.deliver(delivery("Refunded", BUTTONS))
    assert out.getvalue() == "[terminal]\nRefunded\n"
    assert reader.read(channel.payload("1", "en")).choice is None


async def test_buttons_of_several_replies_are_counted_on() -> None:
    printed, heard = await play("refund\n4\n", "One", "Two")
    assert "  4. Late" in printed
    assert heard[1].choice == Choice("9", "reason", "late")


async def test_commands_are_commands_here_too() -> None:
    _, heard = await play("/orders\n", "ok")
    assert heard[0].command is not None


async def test_a_terminal_shows_styles_and_nothing_steers_it() -> None:
    out = io.StringIO()
    channel = TerminalChannel(out, {"terminal_hint": "how it works"}, tty=True)
    channel.hello()
    photo = Attachment(Medium.PHOTO, "file:x", "box\x1b[2J.jpg")
    await channel.deliver(
        delivery(
            '<b>Hi</b> \x1b]0;owned\x07<a href="https://x.example">see</a>', [("a\x1b[1mb", "d")], [photo]
        )
    )
    printed = out.getvalue()
    assert "how it works" in printed
    assert "\x1b[1mHi\x1b[0m ]0;owned" in printed
    assert "see\x1b[0m (https://x.example)" in printed
    assert "\x1b[2J" not in printed
    assert "a[1mb" in printed


async def test_lines_come_from_a_pipe_as_they_are_written() -> None:
    read, write = os.pipe()
    with os.fdopen(read, encoding="utf-8") as source, os.fdopen(write, "w", encoding="utf-8") as pipe:
        found = lines(source)
        print("你好", file=pipe, flush=True)
        assert await asyncio.wait_for(anext(found), 2) == "你好"
        print("再见", file=pipe, flush=True)
        assert await asyncio.wait_for(anext(found), 2) == "再见"
        pipe.close()
        with pytest.raises(StopAsyncIteration):
            await asyncio.wait_for(anext(found), 2)


async def test_waiting_for_answers_has_an_end() -> None:
    channel = TerminalChannel(io.StringIO(), {})
    house = Answering(channel)
    house.due = 1
    await asyncio.wait_for(settled(channel, cast(Database, house), patience=0.1), 2)


@pytest.mark.parametrize(
    ("who", "delivery_state", "waits"),
    [
        (Speaker.BOT, "queued", True),
        (Speaker.BOT, "sending", True),
        (Speaker.BOT, "sent", False),
        (Speaker.SYSTEM, "queued", False),  # a post to a staff group that nobody serves now
    ],
)
async def test_a_reply_not_yet_printed_is_waited_for(who: Speaker, delivery_state: str, waits: bool) -> None:
    channel = TerminalChannel(io.StringIO(), {})
    house = Printing(channel)
    house.lines = [Line(who, "x", datetime.now(UTC), delivery=delivery_state)]
    await asyncio.wait_for(settled(channel, cast(Database, house)), 10)
    assert house.looks == (2 if waits else 1)
