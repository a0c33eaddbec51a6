"""The desk over real HTTP."""

import base64
import hashlib
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest

from bot.desk import reader
from bot.desk.settings import DeskLimits
from bot.domain.files import Filed, FileState
from bot.domain.messages import AgentAct, Attachment, Medium, Speaker
from bot.flows.desk import STAFF_COMMANDS
from bot.pipeline.deliveries import Rendered
from tests.channels.web.browser import Browser
from tests.channels.web.house import House, ago, words
from tests.desk.agent import Agent
from tests.desk.samples import REFUND, case, flagged


async def test_nobody_reads_or_acts_without_having_signed_in() -> None:
    async with House().open() as house, Browser(house.url, "/desk") as browser:
        conversation = flagged(house)
        statuses = [
            (await browser.client.get(f"/desk/stream?conversation={conversation}")).status_code,
            (
                await browser.post("/desk/acts", id=str(uuid4()), act="claim", conversation=conversation)
            ).status_code,
            (await browser.client.get("/desk/files/x")).status_code,
        ]
        assert statuses == [401, 401, 401]
        assert "转人工" not in (await browser.load()).text


async def test_a_visitors_cookie_is_no_key_to_the_desk() -> None:
    async with House().open() as house, Browser(house.url) as browser:
        browser.client.cookies.set("shouhou_desk", browser.client.cookies["shouhou_visitor"], path="/desk")
        assert (await browser.client.get("/desk/stream")).status_code == 401


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("claim", {}),
        ("release", {}),
        ("say", {"text": "您好，我来看看"}),
        ("note", {"text": "老客户，/refuse 先别点"}),
        ("agree", {"case": "R7", "version": 1}),
        ("refuse", {"case": "R7", "version": 1, "text": "照片看不清"}),
    ],
)
async def test_what_an_agent_does_goes_into_the_inbox(act: str, more: dict[str, Any]) -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        assert (await agent.act(act, conversation, **more)).status_code == 202
        [arrival] = house.arrivals
        assert (arrival.channel, arrival.conversation_id) == ("desk", conversation)
        assert arrival.origin.startswith("desk:")
        assert reader.read(arrival.payload).act == AgentAct(act, "Mia", **more)


@pytest.mark.parametrize(
    ("act", "more", "status"),
    [
        ("say", {"text": " "}, 400),
        ("refuse", {"case": "R7", "version": 1}, 400),
        ("ship_back", {"case": "R7", "version": 1, "text": ""}, 400),
        ("revoke", {"case": "R7", "version": 1}, 400),
        ("seller_timeout", {"case": "R7", "version": 1}, 400),
        ("dance", {}, 400),
        ("claim", {"conversation": 999}, 404),
        ("claim", {"conversation": "1"}, 400),
        ("claim", {"conversation": True}, 400),
        ("agree", {"case": "R7", "version": "1"}, 400),
        ("claim", {"id": "x"}, 400),
    ],
)
async def test_what_makes_no_sense_is_refused_at_the_door(
    act: str, more: dict[str, object], status: int
) -> None:
    async with House().open() as house, Agent(house.url) as agent:
        body: dict[str, Any] = {"id": str(uuid4()), "act": act, "conversation": flagged(house), **more}
        assert (await agent.post("/desk/acts", **body)).status_code == status
        assert house.arrivals == []


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("/refuse r7 照片看不清", AgentAct("refuse", "Mia", "R7", text="照片看不清")),
        ("/release 交还助手", AgentAct("release", "Mia")),
        ("／claim", AgentAct("claim", "Mia")),
        ("/agree R7", AgentAct("agree", "Mia", "R7")),
        ("// 买家很急，/refuse 先别点", AgentAct("note", "Mia", text="买家很急，/refuse 先别点")),
        ("/note 买家很急", AgentAct("note", "Mia", text="买家很急")),
        ("/macro refund_time", AgentAct("macro", "Mia", text="refund_time")),
        ("/waybill R7 顺丰 SF2000011112222", AgentAct("ship_back", "Mia", "R7", text="顺丰 SF2000011112222")),
        ("/refuse R7", AgentAct("refuse", "Mia", "R7")),  # told in the conversation what is missing
    ],
)
async def test_a_typed_command_is_the_act_it_is_in_the_staff_group(text: str, act: AgentAct) -> None:
    async with House().open() as house, Agent(house.url) as agent:
        assert (await agent.act("say", flagged(house), text=text)).status_code == 202
        [arrival] = house.arrivals
        assert reader.read(arrival.payload).act == act


@pytest.mark.parametrize(
    ("act", "text", "error"),
    [
        ("say", "/dance now", "error_command"),
        ("say", "/say 您好", "error_command"),
        ("say", "//", "error_command"),
        ("say", "您好\n/release", "error_command"),
        ("say", "/refuse：R7 破损", "error_command"),
        ("refuse", "/refuse R7 破损", "error_command"),
        ("ship_back", "abc", "error_waybill"),
        ("ship_back", "已经寄了", "error_waybill"),
        ("say", "/waybill R7 abc", "error_waybill"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_slip_is_told_in_clear_words_and_nothing_happens(
    act: str, text: str, error: str, language: str
) -> None:
    async with House().open() as house, Agent(house.url) as agent:
        agent.client.headers["Accept-Language"] = language
        answer = await agent.act(act, flagged(house), case="R7", version=1, text=text)
        said = words(language, "page")[error].replace("{commands}", " ".join(f"/{n}" for n in STAFF_COMMANDS))
        assert (answer.status_code, answer.json()) == (400, {"error": error, "message": said})
        assert house.arrivals == []


async def test_another_site_can_act_for_nobody() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        body: dict[str, Any] = {"id": str(uuid4()), "act": "agree", "conversation": conversation}
        assert (await agent.post("/desk/acts", {"Origin": "https://evil.example"}, **body)).status_code == 403
        agent.proof = ""
        assert (await agent.post("/desk/acts", **body)).status_code == 403
        assert house.arrivals == []


async def test_the_stream_tells_the_list_the_conversation_and_all_beside_it() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        house.say(
            house.store.conversation_at("telegram", "5", ago(minutes=1), "Jonas").id,
            Speaker.BOT,
            "<b>Hello</b> &amp; bye",
        )
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            rows = (await stream.next("list")).data
            beside = (await stream.next("panel")).data
            await stream.next("ready")
            assert [(row["name"], row["reason"], row["priority"]) for row in rows] == [
                ("小林", "buyer_asks", "high"),
                ("Jonas", "", ""),
            ]
            assert rows[1]["last"] == "Hello & bye"
            assert [one["number"] for one in beside["cases"]] == ["R7"]
            assert [entry["event"] for entry in beside["cases"][0]["history"]] == ["apply"]
            assert stream.texts()[0] == "转人工"

            house.say(conversation, Speaker.SYSTEM, "Mia 接手了")
            assert (await stream.next("line")).data["who"] == "system"
            house.store.their_cases[conversation] = [case(version=2, locked=True)]
            house.hub.publish(conversation)
            assert (await stream.next("panel")).data["cases"][0]["version"] == 2


async def test_the_agent_is_told_what_the_buyers_words_were_understood_to_mean() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            await stream.next("ready")
            assert [line.data["understood"] for line in stream.seen if line.name == "line"] == [None, None]
            house.say(conversation, Speaker.BUYER, "卫衣起球了 我要退款", meaning=REFUND)
            told = (await stream.next("line")).data["understood"]
        assert (told["sureness"], told["language"]) == ("act", "zh")
        assert told["guesses"][1] == {
            "intent": "quality_issue",
            "confidence": 0.446,
            "phrase": "毛衣起球起得不能看",
            "by": [["clause", ""], ["spelling", ""], ["turned_round", ""]],
        }
        assert told["slots"] == [["reason", "quality"], ["order_number", "2600018003"]]


async def test_notes_are_read_in_the_language_of_the_page() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        english = Rendered("Mia has taken it", (("I'll take it", "desk|act|claim"),))
        house.say(conversation, Speaker.SYSTEM, "Mia 已接手", also={"en": english})
        house.say(conversation, Speaker.SYSTEM, "从前的记录")
        for language, notes in (
            ("zh", ["Mia 已接手", "从前的记录"]),
            ("en", ["Mia has taken it", "从前的记录"]),
        ):
            agent.client.headers["Accept-Language"] = language
            async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
                await stream.next("ready")
                assert stream.texts()[-2:] == notes
                seen = [event.data["buttons"] for event in stream.seen if event.name == "line"]
                assert seen[-2] == ([["I'll take it", "desk|act|claim"]] if language == "en" else [])


async def test_a_stream_without_a_conversation_tells_the_list_only() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        flagged(house)
        for asked in ("", "?conversation=0", "?conversation=99999999999999999999", "?conversation=-1"):
            async with agent.stream(f"/desk/stream{asked}") as stream:
                await stream.next("ready")
                assert [event.name for event in stream.seen] == ["list", "ready"]


async def test_the_agent_sees_what_became_of_each_line() -> None:
    async with House().open(desk_limits=DeskLimits(tick=0.05)) as house, Agent(house.url) as agent:
        conversation = flagged(house)
        line = house.say(conversation, Speaker.AGENT, "您好", name="Mia", delivery="queued")
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            await stream.next("ready")
            house.store.settle(conversation, line.id, "blocked")
            assert (await stream.next("delivery")).data == {"id": line.id, "state": "blocked"}


async def test_the_agent_opens_what_the_buyer_sent_and_the_buyer_not_by_the_desks_link() -> None:
    async with House().open() as house, Agent(house.url) as agent, Browser(house.url) as buyer:
        conversation = flagged(house)
        house.files.kept["file:aa"] = b"\x89PNG\r\n\x1a\n"
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            [[file]] = (await stream.next("panel")).data["cases"][0]["evidence"]
        assert (await agent.client.get(file["url"])).headers["content-type"] == "image/png"
        assert (await buyer.client.get(file["url"])).status_code == 401
        assert (await buyer.client.get(file["url"].replace("/desk/", "/chat/"))).status_code == 404


class Elsewhere:
    """A file that the buyer's messenger has, and what becomes of it."""

    REF = "telegram:AgACAgIA1"
    CONTENT = b"\xff\xd8\xff\xe0 a box"

    def __init__(self, house: House, conversation: int) -> None:
        self.house, self.conversation = house, conversation
        self.file = Attachment(Medium.PHOTO, self.REF)
        self.stands(FileState.WAITING)

    def stands(self, state: FileState) -> None:
        sha256 = hashlib.sha256(self.CONTENT).hexdigest() if state is FileState.KEPT else ""
        filed = Filed(self.conversation, self.REF, Medium.PHOTO, state, ago(), sha256, "image/jpeg", 9)
        self.house.store.files[self.conversation] = {self.REF: filed}
        if sha256:
            self.house.files.kept[f"file:{sha256}"] = self.CONTENT
        self.house.hub.publish(self.conversation)


async def test_a_file_that_is_being_fetched_has_its_place_and_comes_by_itself() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        elsewhere = Elsewhere(house, conversation)
        house.say(conversation, Speaker.BUYER, attachments=(elsewhere.file,))
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            shown = [(await stream.next("line")).data for _ in range(3)][-1]["files"]
            assert [(file["url"], file["state"], file["image"]) for file in shown] == [("", "waiting", False)]
            elsewhere.stands(FileState.KEPT)
            come = (await stream.next("file")).data
            assert (come["key"], come["state"], come["image"]) == (shown[0]["key"], "", True)
        answer = await agent.client.get(come["url"])
        assert (answer.content, answer.headers["content-type"]) == (elsewhere.CONTENT, "image/jpeg")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert Elsewhere.REF.removeprefix("telegram:") not in come["url"]


async def test_who_comes_back_to_the_page_is_told_what_became_of_a_file_meanwhile() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        elsewhere = Elsewhere(house, conversation)
        line = house.say(conversation, Speaker.BUYER, attachments=(elsewhere.file,))
        elsewhere.stands(FileState.TOO_BIG)
        async with agent.stream(f"/desk/stream?conversation={conversation}&after={line.id}") as stream:
            told = (await stream.next("file")).data
        assert (told["url"], told["state"]) == ("", "too_big")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_said_in_words_where_a_file_is_that_is_not_here(language: str) -> None:
    assert all(words(language, "file")[state] for state in FileState)


async def test_what_is_no_picture_by_content_is_a_download_whatever_it_is_called() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        page = b"<html><script>alert(1)</script>"
        house.files.kept["file:bb"] = page
        house.say(
            conversation, Speaker.BUYER, attachments=(Attachment(Medium.PHOTO, "file:bb", "box.png", 9),)
        )
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            [file] = [(await stream.next("line")).data for _ in range(3)][-1]["files"]
        answer = await agent.client.get(file["url"])
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")


async def test_an_album_stands_together_in_the_case() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        alone = Attachment(Medium.PHOTO, "file:aa", "box.png")
        album = tuple(Attachment(Medium.PHOTO, f"file:a{n}", "box.png", album="9") for n in range(3))
        house.store.their_cases[conversation] = [case(evidence=(alone, *album, alone))]
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            evidence = (await stream.next("panel")).data["cases"][0]["evidence"]
        assert [len(files) for files in evidence] == [1, 3, 1]


async def test_a_mediator_gets_the_dossier_of_a_case_from_who_is_signed_in() -> None:
    async with House().open() as house, Agent(house.url) as agent, Browser(house.url) as buyer:
        conversation = flagged(house)
        async with agent.stream(f"/desk/stream?conversation={conversation}") as stream:
            link = (await stream.next("panel")).data["cases"][0]["dossier"]
        answer = await agent.client.get(f"{link}?language=en")
        assert answer.headers["content-type"] == "application/zip"
        assert 'filename="dossier-R7-en.zip"' in answer.headers["content-disposition"]
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        with ZipFile(BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            assert 'lang="en"' in archive.read("index.html").decode()
            assert "马上" in archive.read("index.html").decode()
        assert (await agent.client.get("/desk/cases/R8/dossier")).status_code == 404
        assert (await agent.client.get("/desk/cases/..%2F..%2Fetc/dossier")).status_code == 404
        assert (await buyer.client.get(link)).status_code == 401


async def test_a_line_that_was_taken_back_is_marked_where_it_stands_at_once_and_after_a_reload() -> None:
    async with House().open() as house, Agent(house.url) as agent:
        conversation = flagged(house)
        said = house.say(conversation, Speaker.AGENT, "不是我们的错", name="Mia")
        path = f"/desk/stream?conversation={conversation}"
        async with agent.stream(path) as stream:
            await stream.next("ready")
            house.take_back(conversation, said.id)
            assert (await stream.next("gone")).data == {"id": said.id}
            house.say(conversation, Speaker.BUYER, "什么？")
            await stream.next("line")
            assert [event.name for event in stream.seen].count("gone") == 1
        for last in (None, said.id):
            async with agent.stream(path, last) as stream:
                assert (await stream.next("gone")).data == {"id": said.id}
        assert "不是我们的错" not in stream.texts()
        async with agent.stream(path) as stream:
            await stream.next("gone")
            assert stream.texts()[-2:] == ["不是我们的错", "什么？"]
