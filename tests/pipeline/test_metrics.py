"""What is counted, as Prometheus reads it after things happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from bot.channels.health import measure
from bot.errors import Uncertain
from bot.flows import BY_INTENT
from bot.opening import open_folder  # noqa: F401 -- with it everything that counts is there
from bot.pipeline.deliveries import Outcome
from tests.pipeline.rig import Rig, unshipped

Grown = Callable[..., float]


@pytest.fixture
def grown() -> Grown:
    """How much a counter grew since the test began."""
    before = {(s.name, *sorted(s.labels.items())): s.value for m in REGISTRY.collect() for s in m.samples}

    def since(name: str, **labels: str) -> float:
        now = REGISTRY.get_sample_value(name, labels) or 0.0
        return now - before.get((name, *sorted(labels.items())), 0.0)

    return since


async def test_turns_are_counted_by_what_was_wanted_and_what_came_of_it(rig: Rig, grown: Grown) -> None:
    await rig.write("ann", "你好")
    await rig.write("bob", "转人工")
    await rig.work()
    assert grown("shouhou_turns_total", intent="greeting", outcome="answered") == 1
    assert grown("shouhou_turns_total", intent="escalate", outcome="handed_over") == 1
    assert grown("shouhou_turn_seconds_count") == 2
    assert grown("shouhou_turn_seconds_sum") > 0
    assert grown("shouhou_commit_seconds_count") >= 3, "two that were stored, one transaction of both turns"


async def test_how_long_somebody_waited_counts_from_intake_to_commit(rig: Rig, grown: Grown) -> None:
    await rig.write("ann", "你好")
    rig.clock.advance(seconds=4)
    await rig.work()
    assert grown("shouhou_wait_seconds_sum") == pytest.approx(4)
    assert grown("shouhou_wait_seconds_count") == 1


@pytest.mark.parametrize(
    ("words", "decision"),
    [
        ("你好", "recognised"),
        ("转人工", "handed_over"),
        ("qwzx vrrp", "not_understood"),
        ("讲个笑话吧", "out_of_scope"),
    ],
)
async def test_what_was_done_with_words(rig: Rig, grown: Grown, words: str, decision: str) -> None:
    await rig.write("ann", words)
    await rig.work()
    assert grown("shouhou_understood_total", decision=decision) == 1


async def test_words_to_a_person_and_taps_are_no_decision_of_the_bots(rig: Rig, grown: Grown) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款")
    await rig.work()
    before = _decisions(grown)
    await rig.do("ann", "claim")
    await rig.work()
    await rig.write("ann", "在吗")
    await rig.work()
    assert _decisions(grown) == before


def _decisions(grown: Grown) -> float:
    kinds = ("recognised", "asked", "not_understood", "handed_over", "out_of_scope")
    return sum(grown("shouhou_understood_total", decision=kind) for kind in kinds)


async def test_an_answer_that_comes_late_is_a_clock_missed(rig: Rig, grown: Grown) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    rig.clock.advance(days=3)
    await rig.deadlines.step()
    await rig.work()
    assert grown("shouhou_clocks_missed_total", clock="answer") == 1
    assert grown("shouhou_deadlines_fired_total") >= 1


async def test_an_application_nobody_decided_is_a_clock_missed(rig: Rig, grown: Grown) -> None:
    await rig.owns("ann", unshipped())
    await rig.write("ann", "我要退款,不想要了")
    await rig.work()
    await rig.tap("ann", (await rig.buttons("ann"))[0].rpartition(":")[2])
    await rig.work()
    for _ in range(3):
        rig.clock.advance(days=10)
        await rig.deadlines.step()
        await rig.work()
    assert grown("shouhou_clocks_missed_total", clock="case") == 1


async def test_sends_retries_and_the_uncertain_are_counted(rig: Rig, grown: Grown) -> None:
    await rig.write("ann", "你好")
    await rig.work()
    rig.channel.faults.append(Uncertain("no answer in time"))
    sender = rig.sender()
    for _ in range(2):
        await sender.step()
        await sender.drain()
        rig.clock.advance(seconds=5)
    assert grown("shouhou_sends_total", channel="web", outcome="retry") == 1
    assert grown("shouhou_sends_total", channel="web", outcome="sent") == 1
    assert grown("shouhou_uncertain_sends_total") == 1


async def test_a_turn_that_breaks_is_counted_each_time_and_when_it_is_shelved(rig: Rig, grown: Grown) -> None:
    rig.words.broken.add("thanks/welcome")
    await rig.write("ann", "谢谢")
    await rig.work_patiently()
    assert grown("shouhou_failed_turns_total") == 3
    assert grown("shouhou_shunted_total") == 1
    assert grown("shouhou_turns_total", intent="thanks", outcome="answered") == 0


async def test_depths_and_ages_are_those_of_what_waits(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    rig.clock.advance(seconds=30)
    await rig.write("bob", "你好")
    measure(await rig.database.read(lambda unit: unit.depths()), rig.clock())
    assert REGISTRY.get_sample_value("shouhou_queue_depth", {"queue": "inbox"}) == 2
    assert REGISTRY.get_sample_value("shouhou_queue_oldest_seconds", {"queue": "inbox"}) == 30

    await rig.work()
    rig.clock.advance(minutes=5)
    measure(await rig.database.read(lambda unit: unit.depths()), rig.clock())
    assert REGISTRY.get_sample_value("shouhou_queue_depth", {"queue": "inbox"}) == 0
    assert REGISTRY.get_sample_value("shouhou_queue_oldest_seconds", {"queue": "inbox"}) == 0
    assert REGISTRY.get_sample_value("shouhou_queue_depth", {"queue": "outbox"}) == 2
    assert REGISTRY.get_sample_value("shouhou_queue_depth", {"queue": "people"}) == 1
    assert REGISTRY.get_sample_value("shouhou_queue_oldest_seconds", {"queue": "people"}) == 300
    assert REGISTRY.get_sample_value("shouhou_queue_oldest_seconds", {"queue": "deadlines"}) == 0


async def test_the_age_of_deadlines_is_how_late_the_firing_is(rig: Rig) -> None:
    await rig.write("ann", "转人工")
    await rig.work()
    due = (await rig.status()).next_deadline
    assert due
    rig.clock.now = due + timedelta(seconds=90)
    measure(await rig.database.read(lambda unit: unit.depths()), rig.clock())
    assert REGISTRY.get_sample_value("shouhou_queue_oldest_seconds", {"queue": "deadlines"}) == 90


def test_labels_have_few_values_and_none_is_anybodys_data() -> None:
    allowed = {
        "intent": {*BY_INTENT, "none", "unknown", "tap", "command", "act", "clock", "news", "file", "other"},
        "outcome": {
            *Outcome,
            "answered",
            "silent",
            "handed_over",
            "kept",
            "waiting",
            "too_big",
            "refused",
            "gone",
        },
        "decision": {"recognised", "asked", "not_understood", "handed_over", "out_of_scope"},
        "clock": {"case", "answer", "settlement"},
        "channel": {"web", "telegram", "staff", "payout", "terminal", "desk"},
        "way": {"password", "code", "key", "oidc", "telegram"},
        "queue": {"inbox", "outbox", "shunt", "files", "deadlines", "people"},
        "le": None,
    }
    samples = [s for m in REGISTRY.collect() if m.name.startswith("shouhou_") for s in m.samples]
    assert samples
    for sample in samples:
        for label, value in sample.labels.items():
            known = allowed[label]
            assert known is None or value in known, f"{sample.name}: {label}={value!r}"


def test_names_and_helps_are_as_prometheus_has_them() -> None:
    for metric in REGISTRY.collect():
        if metric.name.startswith("shouhou_"):
            assert metric.documentation[0].isupper(), metric.name
            timed = metric.type == "histogram" or "Age" in metric.documentation
            assert metric.name.endswith("_seconds") is timed, metric.name
