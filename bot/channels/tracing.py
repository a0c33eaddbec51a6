"""Traces for OpenTelemetry: one for each thing that came in, through its turn, to what was sent for it.

Nothing is handed on from step to step: the trace's id, and that of its first span, are derived from the number of the inbox
row. So the spans of one message join, whichever processes they were measured in, and however often these were killed.
Attributes are numbers and kinds, never what anybody wrote or is called.
"""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from time import time_ns
from typing import Any

from bot.errors import ConfigError
from bot.pipeline.deliveries import Delivery, Outcome, Settled
from bot.pipeline.reports import CHANNEL as REPORT
from bot.pipeline.tracing import UNTRACED, Took, Tracer

WANTED = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Variables of which either switches tracing on."""
_OF_ITSELF = frozenset({"clock", REPORT})
"""Where nobody takes anything in: the turn itself is the first there is of the trace."""


@contextlib.contextmanager
def tracing(environ: Mapping[str, str], secret: str, shop: str) -> Iterator[Tracer]:
    """The tracer that the environment asks for; what it still holds is sent at the end. `secret` is the same in all processes of
    the shop, and tells its traces from another's. ConfigError when what that needs is not installed."""
    wanted = next((name for name in WANTED if environ.get(name)), "")
    if not wanted or environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        yield UNTRACED
        return
    if importlib.util.find_spec("opentelemetry") is None:
        raise ConfigError(f"{wanted}: is set, which needs packages more: pip install './shouhou-….whl[otel]'")
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 -- an extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 -- the same

    tracer = Traces(BatchSpanProcessor(OTLPSpanExporter()), secret, shop)
    try:
        yield tracer
    finally:
        tracer.close()


class Traces:
    """The pipeline's port `Tracer`. All calls come from the event loop's thread."""

    on = True

    def __init__(self, processor: Any, secret: str, shop: str = "") -> None:
        from opentelemetry import trace  # noqa: PLC0415 -- an extra
        from opentelemetry.context import Context  # noqa: PLC0415 -- the same
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 -- the same
        from opentelemetry.sdk.trace import RandomIdGenerator, TracerProvider  # noqa: PLC0415 -- the same

        self._api = trace
        self._nowhere = Context()
        self._ids = _Ids(RandomIdGenerator())
        self._key = blake2b(secret.encode(), digest_size=32).digest()
        named = Resource.create()
        if str(named.attributes["service.name"]).startswith("unknown_service"):
            named = named.merge(Resource({"service.name": "shouhou"}))
        named = named.merge(Resource({"shouhou.shop": shop}))
        self._provider = TracerProvider(resource=named, id_generator=self._ids)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("shouhou")

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def taken_in(self, rows: Iterable[int], channel: str, began: int) -> None:
        """The first span of each row's trace."""
        for row in rows:
            self._first("intake", row, began, {"shouhou.row": row, "shouhou.channel": channel}).end()

    def committed(self, took: Took, began: int) -> None:
        """The turn, with its steps and the commit inside."""
        turn, watch = took.turn, took.watch
        if watch is None:
            return
        row, *joined = turn.rows
        known = {
            "shouhou.row": row.id,
            "shouhou.conversation": turn.conversation.id,
            "shouhou.channel": row.channel,
            "shouhou.about": turn.about,
        }
        if row.channel in _OF_ITSELF:
            span = self._first("turn", row.id, watch.began, known)
        else:
            span = self._tracer.start_span(
                "turn",
                self._within(self._place(row.id)),
                attributes=known,
                links=[self._api.Link(self._place(other.id)) for other in joined],
                start_time=watch.began,
            )
        inside, before = self._within(span.get_span_context()), watch.began
        for step, over in watch.laps:
            self._tracer.start_span(step, inside, start_time=before).end(over)
            before = over
        now = time_ns()
        self._tracer.start_span("commit", inside, start_time=began).end(now)
        span.end(now)

    def delivered(self, delivery: Delivery, settled: Settled, began: int) -> None:
        """One try to send."""
        known = {
            "shouhou.delivery": delivery.id,
            "shouhou.conversation": delivery.conversation_id,
            "shouhou.channel": delivery.channel,
            "shouhou.outcome": settled.outcome.value,
            "shouhou.attempt": delivery.attempts,
            "shouhou.uncertain": settled.uncertain,
        }
        if delivery.row is not None:
            known["shouhou.row"] = delivery.row
        whose = self._within(self._place(delivery.row)) if delivery.row is not None else self._nowhere
        span = self._tracer.start_span("send", whose, attributes=known, start_time=began)
        if settled.outcome is Outcome.FAILED:
            span.set_status(self._api.StatusCode.ERROR)
        span.end()

    def _first(self, name: str, row: int, began: int, known: Mapping[str, Any]) -> Any:
        place = self._place(row)
        with self._ids.next(place.trace_id, place.span_id):
            return self._tracer.start_span(name, self._nowhere, attributes=known, start_time=began)

    def _within(self, place: Any) -> Any:
        """The context in which a span's children begin, wherever that span was measured."""
        return self._api.set_span_in_context(self._api.NonRecordingSpan(place), self._nowhere)

    def _place(self, row: int) -> Any:
        """The first span of a row's trace."""
        digest = blake2b(str(row).encode(), key=self._key, digest_size=24).digest()
        return self._api.SpanContext(
            trace_id=int.from_bytes(digest[:16]),
            span_id=int.from_bytes(digest[16:]),
            is_remote=True,
            trace_flags=self._api.TraceFlags(self._api.TraceFlags.SAMPLED),
        )


class _Ids:
    """Gives spans the ids that were asked for, otherwise random ones."""

    def __init__(self, random: Any) -> None:
        self._random = random
        self._next: tuple[int, int] | None = None

    @contextlib.contextmanager
    def next(self, trace: int, span: int) -> Iterator[None]:
        """The span that begins inside gets these."""
        self._next = (trace, span)
        try:
            yield
        finally:
            self._next = None

    def generate_trace_id(self) -> int:
        """For a span that is a trace's first."""
        return self._next[0] if self._next else int(self._random.generate_trace_id())

    def generate_span_id(self) -> int:
        """For any span."""
        return self._next[1] if self._next else int(self._random.generate_span_id())

    def is_trace_id_random(self) -> bool:
        """As random as a keyed hash."""
        return True
