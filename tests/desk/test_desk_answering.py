"""Answers, notes, macros and searches over real HTTP: what an agent's page posts, and what holds it back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC
from typing import Any
from uuid import uuid4

import httpx
import pytest

from bot.desk import reader
from bot.desk.given import Bounds
from bot.desk.presence import TOLD_AGAIN, Presence
from bot.desk.settings import DeskLimits
from bot.domain.conversation import Holder
from bot.domain.messages import AgentAct, Speaker
from bot.errors import TemplateError
from bot.folder.shop_folder import Contents
from bot.pipeline.looks import Past, Waiting
from bot.pipeline.tidings import Tidings, missed
from bot.replies import compile_replies
from bot.understanding.phrasebook import Phrasebook
from tests.channels.web.browser import PDF, PNG
from tests.channels.web.house import LANGUAGES, House, ago
from tests.desk.agent import Agent
from tests.desk.samples import flagged

GREETING = """{{ buyer }}您好，订单 {% if order %}{{ order.number }}{% endif %}{% if parcel %}（{{ parcel.number }}）{% endif %}，我是 {{ agent }}
---
name: 打招呼
tags: 您好 开场
then: snooze 2h
"""
BROKEN = """订单 {{ ordr.number }}
---
name: 坏了的
"""


def shop(**macros: str) -> Contents:
    """With these macros, in Chinese."""
    files = {f"replies/zh/macros/{name}.j2": text for name, text in macros.items()}
    replies, problems = compile_replies(files, languages=LANGUAGES, timezone=UTC)
    told = tuple(problem for problem in problems if "/macros/" in str(problem))
    assert all(isinstance(problem, TemplateError) for problem in told)
    return Contents(Phrasebook(), replies, problems=told)


async def send_files(
    agent: Agent, conversation: int, *files: tuple[str, bytes], **more: Any
) -> httpx.Response:
    act = {"id": str(uuid4()), "act": "say", "conversation": conversation, **more}
    return await agent.client.post(
        "/desk/acts",
        data={"act": json.dumps(act)},
        files=[("files", (name, content, "application/octet-stream")) for name, content in files],
        headers={"X-CSRF-Token": agent.proof},
    )


async def test_an_answer_is_held_back_when_the_buyer_wrote_more_than_the_agent_has_seen() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        seen = house.store.lines[conversation][-1].id
        house.say(conversation, Speaker.BOT, "还在等吗")
        assert (await agent.act("say", conversation, text="好的", seen=seen)).status_code == 202
        new = house.say(conversation, Speaker.BUYER, "<b>算了</b>，不退了")
        for act in ({"text": "给您退了"}, {"text": "/macro refund_time"}):
            held = await agent.act("say", conversation, seen=seen, **act)
            assert (held.status_code, held.json()["error"]) == (409, "error_said_meanwhile")
            assert [(line["id"], line["body"]) for line in held.json()["lines"]] == [
                (new.id, ["<b>算了</b>，不退了"])
            ]
        assert len(house.arrivals) == 1
        assert (await agent.act("note", conversation, text="他不退了", seen=seen)).status_code == 202
        assert (await agent.act("say", conversation, text="好的", seen=new.id)).status_code == 202
        assert len(house.arrivals) == 3


async def test_an_answer_stays_with_the_agent_while_a_colleague_has_the_conversation() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        house.store.change(conversation, holder=Holder.AGENT, agent="小周")
        for act, text in (("say", "您好"), ("say", "/macro photos"), ("send_draft", "")):
            held = await agent.act(act, conversation, text=text)
            assert (held.status_code, held.json()["error"]) == (409, "error_held")
            assert "小周" in held.json()["message"]
        assert house.arrivals == []
        assert (await agent.act("note", conversation, text="我来帮你?")).status_code == 202


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"text": "好了", "then": "close"}, 202),
        ({"text": "我去问", "then": "snooze 2h"}, 202),
        ({"text": "补您", "then": "offer 10", "case": "R7"}, 202),
        ({"text": "好了", "then": "snooze"}, 400),
        ({"text": "好了", "then": "agree"}, 400),
        ({"text": "您的订单 {{ order.number }}"}, 400),
        ({"text": "请在____前寄回"}, 400),
    ],
)
async def test_what_follows_an_answer_is_known_and_no_gap_is_left_in_it(
    more: dict[str, Any], status: int
) -> None:
    async with House().open() as house, Agent(house.url) as agent:
        answer = await agent.act("say", flagged(house), **more)
        assert answer.status_code == status
        acts = [reader.read(arrival.payload).act for arrival in house.arrivals]
        assert acts == ([AgentAct("say", "Mia", **more)] if status == 202 else [])


async def test_files_go_with_an_answer_a_note_or_the_shops_evidence() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        for more in (
            {"text": "看这里"},
            {"text": ""},
            {"text": "", "act": "note"},
            {"text": "/evidence R7"},
        ):
            assert (await send_files(agent, conversation, ("a.png", PNG), **more)).status_code == 202
        assert (await send_files(agent, conversation, ("a.png", PNG), ("b.pdf", PDF))).status_code == 202
        came = [reader.read(arrival.payload) for arrival in house.arrivals]
        assert [(one.act.act, one.act.text) for one in came if one.act] == [
            ("say", "看这里"),
            ("say", ""),
            ("note", ""),
            ("add_evidence", ""),
            ("say", ""),
        ]
        assert {file.name for one in came for file in one.attachments} == {"a.png", "b.pdf"}
        albums = [{file.album for file in one.attachments} for one in came]
        assert albums[0] == {""}
        assert len(albums[-1]) == 1
        assert albums[-1] != {""}
        assert all(house.files.kept[file.ref] for one in came for file in one.attachments)


async def test_files_nobody_may_send_are_refused() -> None:
    limits = DeskLimits(posts=Bounds(files=1, file_bytes=64))
    async with House().open(desk_limits=limits) as house, Agent(house.url) as agent:
        conversation = flagged(house)
        tried = (
            (("a.exe", b"MZ"),),
            (("a.png", PNG + b"x" * 64),),
            (("a.png", PNG), ("b.png", PNG)),
        )
        statuses = [(await send_files(agent, conversation, *files)).status_code for files in tried]
        assert statuses == [415, 413, 413]
        assert (await send_files(agent, conversation, ("a.png", PNG), act="claim")).status_code == 400
        assert (await send_files(agent, 999, ("a.png", PNG))).status_code == 404
        agent.proof = ""
        assert (await send_files(agent, conversation, ("a.png", PNG))).status_code == 403
        assert (house.arrivals, house.files.kept) == ([], {})


async def test_macros_come_filled_with_the_conversations_own_data_and_a_broken_one_says_why() -> None:
    house = House(contents=shop(hello=GREETING, broken=BROKEN))
    async with house.open(), Agent(house.url) as agent:
        conversation = flagged(house)
        good, bad = (await agent.client.get(f"/desk/macros?conversation={conversation}")).json()
        assert good == {
            "name": "hello",
            "title": "打招呼",
            "tags": ["您好", "开场"],
            "then": "snooze 2h",
            "case": "R7",
            "order": "2026110100001",
            "text": "小林您好，订单 2026110100001（SF102938），我是 Mia",
            "problem": "",
        }
        assert (bad["name"], bad["text"]) == ("broken", "")
        assert bad["problem"].startswith("replies/zh/macros/broken.j2:1: this reply has no value 'ordr'")
        assert "did you mean 'order'?" in bad["problem"]
        house.store.change(conversation, language="en")
        assert (await agent.client.get(f"/desk/macros?conversation={conversation}")).json() == []
        for wrong in ("", "?conversation=0", "?conversation=77", "?conversation=x"):
            assert (await agent.client.get(f"/desk/macros{wrong}")).status_code == 404


async def test_a_search_answers_with_conversations_and_how_to_name_them() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        [hit] = (await agent.client.get("/desk/search", params={"words": "转人工"})).json()
        assert (hit["id"], hit["kind"], hit["name"]) == (conversation, "message", "小林")
        assert (await agent.client.get("/desk/search?words=%20")).json() == []


async def test_nobody_finds_reads_or_tells_anything_without_having_signed_in() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        agent.client.cookies.clear()
        got = [
            (await agent.client.get(path)).status_code
            for path in ("/desk/search?words=x", f"/desk/macros?conversation={conversation}")
        ]
        told = await agent.post("/desk/typing", conversation=conversation, still=True)
        assert [*got, told.status_code] == [401, 401, 401]


async def test_colleagues_see_who_else_looks_and_writes_there() -> None:
    async with House().open() as house, Agent(house.url) as mia, Agent(house.url, "xiaozhou") as zhou:
        conversation = flagged(house)
        async with mia.stream(f"/desk/stream?conversation={conversation}") as hers:
            assert (await hers.next("others")).data == []
            async with zhou.stream(f"/desk/stream?conversation={conversation}") as his:
                assert (await his.next("others")).data == [{"agent": "Mia", "typing": False}]
                assert (await hers.next("others")).data == [{"agent": "小周", "typing": False}]
                for still in (True, False):
                    told = await zhou.post("/desk/typing", conversation=conversation, still=still)
                    assert told.status_code == 202
                    assert (await hers.next("others")).data == [{"agent": "小周", "typing": still}]
                assert (await zhou.post("/desk/typing", conversation="1")).status_code == 400
            assert (await hers.next("others")).data == []


def test_who_stops_without_a_word_is_not_writing_for_long() -> None:
    now = [0.0]
    presence = Presence(lambda: now[0])
    with presence.viewing(1, "Mia", lambda: None), presence.viewing(1, "小周", lambda: None):
        presence.typing(1, "小周", still=True)
        presence.typing(2, "Mia", still=True)
        assert presence.others(1, "Mia") == [{"agent": "小周", "typing": True}]
        assert presence.others(2, "Mia") == []
        now[0] = 6.0
        assert presence.others(1, "Mia") == [{"agent": "小周", "typing": False}]
        assert presence.others(1, "小周") == [{"agent": "Mia", "typing": False}]
    assert presence.others(1, "Mia") == []


async def test_who_is_at_the_desk_of_another_process_is_seen_until_they_leave_or_it_is_gone() -> None:
    """Two processes whose words reach each other at once."""
    now, nudged = [0.0], asyncio.Event()

    async def to_there(tidings: Tidings) -> None:
        there.heard(replace(tidings, sender="here"))

    async def to_here(tidings: Tidings) -> None:
        here.heard(replace(tidings, sender="there"))

    here, there = Presence(lambda: now[0], to_there), Presence(lambda: now[0], to_here)
    telling = [asyncio.create_task(one.told()) for one in (here, there)]

    async def seen(found: list[dict[str, object]]) -> None:
        async with asyncio.timeout(5):
            while here.others(1, "Mia") != found:
                nudged.clear()
                await nudged.wait()

    with here.viewing(1, "Mia", nudged.set):
        with there.viewing(1, "小周", lambda: None), there.viewing(2, "小禾", lambda: None):
            await seen([{"agent": "小周", "typing": False}])
            there.typing(1, "小周", still=True)
            await seen([{"agent": "小周", "typing": True}])
            now[0] += 6
            assert here.others(1, "Mia") == [{"agent": "小周", "typing": False}]
            assert there.others(1, "小周") == [{"agent": "Mia", "typing": False}]
        await seen([])
        with there.viewing(1, "小周", lambda: None):
            await seen([{"agent": "小周", "typing": False}])
            telling[1].cancel()
            await seen([])
            here.heard(Tidings(desk={1: {"小禾": False}}, sender="a third, killed now"))
            assert here.others(1, "Mia")
            now[0] += 3 * TOLD_AGAIN
            assert here.others(1, "Mia") == []
    telling[0].cancel()
    await asyncio.gather(*telling, return_exceptions=True)


async def test_who_comes_later_asks_who_is_there_already() -> None:
    told: list[Tidings] = []
    done = asyncio.Event()

    async def announce(tidings: Tidings) -> None:
        told.append(tidings)
        done.set()

    presence = Presence(announce=announce)
    with presence.viewing(1, "Mia", lambda: None):
        telling = asyncio.create_task(presence.told())
        for heard, asks in ((Tidings(asks=True, sender="new"), False), (missed(), True)):
            await done.wait()
            told.clear()
            done.clear()
            presence.heard(heard)
            await done.wait()
            assert told == [Tidings(desk={1: {"Mia": False}}, asks=asks)]
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def test_the_panel_knows_the_buyers_other_conversations_and_scores() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        other = house.store.conversation_at("telegram", "5", ago(days=9), "小林")
        house.store.pasts[conversation] = Past((Waiting(other, "谢谢", ago(days=8)),), {"R7": 4})
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            beside = (await stream.next("panel")).data
        assert [(one["id"], one["channel"], one["last"]) for one in beside["others"]] == [
            (other.id, "telegram", "谢谢")
        ]
        assert beside["scores"] == {"R7": 4}
