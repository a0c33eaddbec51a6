"""The ladder of section 7: which step is open, and what comes after."""

from __future__ import annotations

from bot.domain.cases import Event, Kind
from bot.domain.ladder import LADDER, Rung, stands_on, to_come
from tests.domain.samples import Story, fresh


def test_without_a_case_the_agent_comes_first() -> None:
    assert stands_on(None) is Rung.AGENT
    assert to_come(None) == (Rung.SENIOR, Rung.PLATFORM, Rung.HOTLINE, Rung.AUTHORITY)


def test_each_step_supposes_the_one_before() -> None:
    story = Story(fresh(Kind.REFUND_ONLY))
    assert stands_on(story.case) is Rung.SENIOR
    story.agent(Event.REFUSE, "not faulty")
    assert stands_on(story.case) is Rung.PLATFORM
    story.buyer(Event.INTERVENE)
    assert stands_on(story.case) is Rung.HOTLINE
    story.agent(Event.RULE_FOR_SELLER)
    assert stands_on(story.case) is Rung.AUTHORITY
    assert to_come(story.case) == ()


def test_what_the_buyer_took_back_is_no_step_up() -> None:
    assert stands_on(Story(fresh(Kind.REFUND_ONLY)).buyer(Event.REVOKE).case) is Rung.SENIOR


def test_no_step_stands_twice() -> None:
    assert [step.rung for step in LADDER] == list(Rung)


def test_a_case_keeps_why_it_was_refused_and_what_ended_it() -> None:
    story = Story(fresh(Kind.RETURN_REFUND)).agent(Event.REFUSE, "worn")
    assert (story.case.refused, story.case.ended_by) == ("worn", None)
    assert story.buyer(Event.REVOKE).case.ended_by is Event.REVOKE
