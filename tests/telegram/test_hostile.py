"""Hostile words, wherever words may stand: answered or quietly kept, nothing stored harmed, agents' views escaped."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from bot.channels.telegram.router import arrival
from bot.channels.web import reader as web
from bot.channels.web.hub import Hub
from bot.channels.web.rich import TAGS
from bot.desk.board import Board
from bot.desk.reading import DeskReading
from bot.desk.room import Room
from bot.domain.conversation import Conversation
from bot.domain.messages import Attachment, Medium
from bot.pipeline.arrivals import Arrival
from tests.play.telegram import STAFF, TelegramBuyer, TelegramStage
from tests.telegram.looking import inbox_states

HOSTILE = {
    "markup": "<b>粗<i>体</b></i> &amp; <script>alert(1)</script> [a](b) `c` *d* _e_ ||f||",
    "a link that is a trap": '<a href="javascript:alert(1)">点我</a> <',
    "a tag without end": "<" * 300 + "b" + ">" * 300,
    "4,097 emoji": "😀" * 4097,
    "families": "👨‍👩‍👧‍👦" * 700,
    "right to left": "\u202eevil\u2066 \u202c order 2600018003",
    "NUL": "a\x00b\x00",
    "half characters": "a\ud83d b\udc00",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "zalgo": "转" + "\u0301\u0489" * 3000,
    "100 kB": "我要退款" * 8600,
    "a template": "{{ 7*7 }}{% for x in range(10**9) %}{% endfor %}{{ ''.__class__ }}",
    "SQL": "'; DROP TABLE inbox; --",
    "terminal": "\x1b[31mred\x1b[0m\x07\x9b",
    "no characters": "\ufffe\uffff\U0010ffff",
    "blank lines": "\n" * 5000,
    "blank": "   \u3000\t ",
    "digits": "9" * 20000,
    "digits of other scripts": "٣٤٥٦٧٨٩٠١٢ ²³¹",
    "patterns": "(a+)+$" * 500 + "!",
}
PHOTO, DOCUMENT = f"AgACAgIA{0:056d}", f"BQACAgIA{1:056d}"
"""What Telegram calls the first two files it keeps."""
_NUMBERS = count(1)
Update = Callable[[str, int, int], dict[str, Any]]


def message(chat: int, number: int, name: str = "小林", **content: object) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": name, "language_code": "zh-hans"}
    place = {"id": chat, "type": "private", "first_name": name}
    body = {"message_id": number, "date": 1, "chat": place, "from": person, **content}
    return {"update_id": number, "message": body}


def photo(caption: str) -> dict[str, Any]:
    size = {"file_id": PHOTO, "file_unique_id": "q", "width": 90, "height": 90, "file_size": 9}
    return {"photo": [size], "caption": caption}


def document(name: str) -> dict[str, Any]:
    return {"document": {"file_id": DOCUMENT, "file_unique_id": "q", "file_name": name, "mime_type": name}}


def tap(data: str, chat: int, number: int) -> dict[str, Any]:
    under = message(chat, number, text="?")["message"]
    query = {"id": str(number), "from": under["from"], "chat_instance": "1", "data": data, "message": under}
    return {"update_id": number, "callback_query": query}


PLACES: dict[str, Update] = {
    "text": lambda words, chat, number: message(chat, number, text=words),
    "caption": lambda words, chat, number: message(chat, number, **photo(words)),
    "name": lambda words, chat, number: message(chat, number, words, text="转人工"),
    "file name": lambda words, chat, number: message(chat, number, **document(words)),
    "button": tap,
    "button's parts": lambda words, chat, number: tap(f"|start|{words}", chat, number),
    "command": lambda words, chat, number: message(chat, number, text=f"/start {words}"),
    "command's name": lambda words, chat, number: message(chat, number, text=f"/{words}"),
    "phone": lambda words, chat, number: message(
        chat, number, contact={"phone_number": words, "first_name": words, "user_id": chat}
    ),
    "place": lambda words, chat, number: message(
        chat,
        number,
        venue={"location": {"latitude": 1.0, "longitude": 2.0}, "title": words, "address": words},
    ),
}


@pytest.mark.parametrize("place", PLACES)
async def test_over_telegram(place: str, stage: TelegramStage) -> None:
    """And each of them is then shown to agents, in their group and on their page."""
    files = stage.api.world.files
    assert files.add("photo", b"photo", "x.png", "image/png").id == PHOTO
    assert files.add("document", b"paper", "x.pdf", "application/pdf").id == DOCUMENT
    buyers = {}
    for words in HOSTILE.values():
        chat, number = 1000 + next(_NUMBERS), 10_000 + next(_NUMBERS)
        buyers[words] = TelegramBuyer.who_speaks(stage, "zh", number=chat)
        buyers[words].user.chat.started = True
        asked = message(chat, number + 5_000_000, text=f"转人工 {words}")
        arrivals = [arrival(body, STAFF) for body in (PLACES[place](words, chat, number), asked)]
        await stage.app.intake.take(arrivals)
    await stage.quiet()
    for words, buyer in buyers.items():
        assert buyer.news(), f"the buyer was left without an answer to {words[:20]!r}"
        await unharmed(stage, await buyer.conversation())
    states = await inbox_states(stage)
    assert len(states) == 2 * len(HOSTILE)
    assert set(states) == {"done"}
    assert {topic.name.partition(" ")[0] for topic in stage.group.topics.values()}


async def test_over_the_web(stage: TelegramStage) -> None:
    for number, words in enumerate(HOSTILE.values()):
        file = Attachment(Medium.PHOTO, f"file:{0:064x}", words, 10)
        payloads = [
            web.message(words, name=words, language=words),
            web.message("转人工", files=[file], name=words),
            web.tap(words, words),
            web.tap(f"|start|{words}", words),
        ]
        arrivals = [
            Arrival("web", f"web:{number}:{part}", payload, f"browser{number}")
            for part, payload in enumerate(payloads)
        ]
        await stage.app.intake.take(arrivals)
    await stage.quiet()
    for number in range(len(HOSTILE)):
        await unharmed(stage, await at_the_web(stage, f"browser{number}"))
    status = await stage.database.read(lambda unit: unit.status())
    assert (status.shunted, status.inbox_due, status.outbox_due) == (0, 0, 0)


async def test_agents_words(stage: TelegramStage) -> None:
    """What an agent writes, and what they call themselves, reaches the buyer as words."""
    buyers = {
        kind: TelegramBuyer.who_speaks(stage, "zh", name=f"买家{number}号", number=2000 + number)
        for number, kind in enumerate(HOSTILE)
    }
    for buyer in buyers.values():
        await buyer.says("转人工")
    await stage.quiet()
    for (kind, words), buyer in zip(HOSTILE.items(), buyers.values(), strict=True):
        assert buyer.news(), kind
        topic = stage.group.topic(buyer.user.brief["first_name"]).id
        body = message(900, 77 + next(_NUMBERS), words, text=f"您好 {words}")
        body["message"] |= {"chat": stage.group.brief, "message_thread_id": topic, "is_topic_message": True}
        await stage.app.intake.take([arrival(body, STAFF)])
    await stage.quiet()
    for kind, buyer in buyers.items():
        news = buyer.news()
        assert news, kind
        assert "您好" in news[0].text, kind
        assert not any(entity["type"] in ("text_link", "italic") for m in news for entity in m.entities), kind
        await unharmed(stage, await buyer.conversation())


async def at_the_web(stage: TelegramStage, address: str) -> Conversation:
    """The conversation of this browser."""
    return await stage.database.write(lambda unit: unit.conversation_at("web", address, stage.clock()))


async def unharmed(stage: TelegramStage, conversation: Conversation) -> None:
    """What is stored can be read, encoded and shown; the desk's page gets words, not markup."""
    lines = await stage.database.read(lambda unit: unit.transcript(conversation.id))
    texts = [line.text for line in lines] + [file.name for line in lines for file in line.attachments]
    for text in (*texts, conversation.name):
        text.encode()
        assert "\x00" not in text
    hub = Hub()
    board = Board(stage.database, hub)
    room = Room(stage.database, hub, conversation.id, "en", lambda file: file.ref)
    for event in await DeskReading(board, room, conversation.id, 0, tuple, 1).look():
        event.encode()
        for _, nodes in _bodies(event):
            assert all(safe(node) for node in nodes), nodes


def _bodies(event: str) -> list[tuple[str, list[Any]]]:
    data = "".join(line.removeprefix("data: ") for line in event.splitlines() if line.startswith("data: "))
    found = json.loads(data) if data else {}
    return [(found["who"], found["body"])] if isinstance(found, dict) and "body" in found else []


def safe(node: Any) -> bool:
    """Plain words, or one of the few tags around such; links lead to the web only."""
    if isinstance(node, str):
        return True
    leads = node.get("h", "")
    return (
        node["t"] in TAGS
        and (not leads or leads.startswith("https://"))
        and all(safe(one) for one in node["c"])
    )


def test_the_list_is_as_hostile_as_it_says() -> None:
    assert len(HOSTILE["100 kB"].encode()) > 100_000
    assert unicodedata.combining(HOSTILE["zalgo"][1])
