"""One trace from what came in to what went out, drawn by the SDK of OpenTelemetry itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiohttp import web

from bot.channels.tracing import Traces, tracing
from bot.errors import ConfigError, Refused
from bot.pipeline.arrivals import Arrival
from bot.pipeline.sender import Sender
from bot.pipeline.tracing import UNTRACED
from tests.doubles.site import site
from tests.pipeline.rig import Rig
from tests.stores import rows

PHONE, WORDS = "13800138000", "我要退款，我叫王小明"
STEPS = ["read", "understand", "gather", "decide", "render", "commit"]


class Drawn:
    """What was exported."""

    def __init__(self) -> None:
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor  # noqa: PLC0415 -- takes long
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import (  # noqa: PLC0415 -- the same
            InMemorySpanExporter,
        )

        self._exporter = InMemorySpanExporter()
        self._processor = SimpleSpanProcessor(self._exporter)

    def tracer(self, secret: str = "of this shop") -> Traces:  # noqa: S107 -- invented
        """As another process of the shop has one, too."""
        return Traces(self._processor, secret)

    def spans(self, name: str = "") -> list[Any]:
        return [span for span in self._exporter.get_finished_spans() if name in ("", span.name)]


@pytest.fixture
def drawn() -> Drawn:
    return Drawn()


def traced(rig: Rig, drawn: Drawn) -> Sender:
    """Intake, worker and sender as three processes, each with a tracer of its own."""
    rig.intake.tracer = drawn.tracer()
    rig.worker.tracer = drawn.tracer()
    return Sender(rig.database, [rig.channel], rig.clock, rig.to_send, alone=True, tracer=drawn.tracer())


async def test_a_message_is_one_trace_from_intake_to_send_across_processes(rig: Rig, drawn: Drawn) -> None:
    sender = traced(rig, drawn)
    await rig.write("ann", f"{WORDS} {PHONE}")
    await rig.work()
    await sender.step()
    await sender.drain()

    [intake], [turn], [send] = (drawn.spans(name) for name in ("intake", "turn", "send"))
    assert {span.context.trace_id for span in drawn.spans()} == {intake.context.trace_id}
    assert intake.parent is None
    assert {turn.parent.span_id, send.parent.span_id} == {intake.context.span_id}
    inside = [span for span in drawn.spans() if span.parent and span.parent.span_id == turn.context.span_id]
    assert [span.name for span in sorted(inside, key=lambda span: span.start_time)] == STEPS
    assert all(turn.start_time <= span.start_time <= span.end_time <= turn.end_time for span in inside)
    assert intake.start_time <= turn.start_time <= send.start_time
    [row] = await rows(rig.database, "inbox")
    assert intake.attributes["shouhou.row"] == row["id"] == send.attributes["shouhou.row"]
    assert (turn.attributes["shouhou.about"], send.attributes["shouhou.outcome"]) == (
        "request_refund",
        "sent",
    )
    assert PHONE not in str([span.to_json() for span in drawn.spans()])
    assert "王小明" not in str([span.to_json() for span in drawn.spans()])


async def test_pieces_of_one_thought_are_linked_and_two_buyers_are_two_traces(rig: Rig, drawn: Drawn) -> None:
    traced(rig, drawn)
    await rig.write("ann", "耳机")
    await rig.write("ann", "坏了")
    await rig.write("bob", "你好")
    await rig.work()
    anns, anns_second, bobs = drawn.spans("intake")
    whole = next(turn for turn in drawn.spans("turn") if turn.parent.span_id == anns.context.span_id)
    assert [link.context.trace_id for link in whole.links] == [anns_second.context.trace_id]
    assert len({span.context.trace_id for span in (anns, anns_second, bobs)}) == 3
    assert len(drawn.spans("turn")) == 2


async def test_another_shop_draws_other_traces_for_the_same_row(rig: Rig, drawn: Drawn) -> None:
    for secret in ("of this shop", "of that shop", "of this shop"):
        drawn.tracer(secret).taken_in([1], "web", 1)
    this, that, again = drawn.spans("intake")
    assert this.context.trace_id == again.context.trace_id != that.context.trace_id


async def test_what_came_by_itself_begins_with_its_turn_and_what_failed_is_marked(
    rig: Rig, drawn: Drawn
) -> None:
    sender = traced(rig, drawn)
    await rig.write("ann", "转人工")
    await rig.work()
    rig.channel.faults.append(Refused("the channel will not have it"))
    await sender.step()
    await sender.drain()
    [send] = drawn.spans("send")
    assert send.status.status_code.name == "ERROR"

    number = (await rig.conversation("ann")).id
    payload = {"kind": "give", "case": "", "version": 0}
    arrival = Arrival("clock", "give:1", payload, conversation_id=number)
    await rig.database.write(lambda unit: unit.receive([arrival], rig.clock()))
    await rig.work()
    assert [span.parent for span in drawn.spans("turn")][-1] is None


async def test_traces_leave_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[tuple[str, str, bytes]] = []

    async def collects(request: web.BaseRequest) -> web.Response:
        came.append((request.path, request.content_type, await request.read()))
        return web.Response(content_type="application/x-protobuf")

    async with site(collects) as url:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", url)

        def draw() -> None:
            with tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": url}, "of this shop", "main") as tracer:
                assert tracer.on
                tracer.taken_in([7], "web", 1)

        await asyncio.to_thread(draw)
    [(path, kind, sent)] = came
    assert (path, kind) == ("/v1/traces", "application/x-protobuf")
    assert b"intake" in sent
    assert b"service.name" in sent
    assert b"shouhou" in sent


def test_nobody_who_did_not_ask_is_traced() -> None:
    for environ in ({}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}):
        with tracing(environ, "of this shop", "main") as tracer:
            assert tracer is UNTRACED


def test_what_tracing_needs_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    asked = tracing({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, "of this shop", "main")
    with pytest.raises(ConfigError, match=r"OTEL_EXPORTER_OTLP_ENDPOINT.*shouhou.*\[otel\]"):
        asked.__enter__()
