"""The proof of the pages: what a page was told was taken stands once, and what stands came to the page once, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.channels.web.rich import nodes
from bot.domain.messages import Speaker
from bot.flows.desk_replies import HELD
from tests.channels.web.browser import text_of
from tests.crash.pages import Pages, Visitor, own
from tests.crash.record import Record


@dataclass(frozen=True, slots=True)
class Screens:
    """Those of visitors and of the agent at the desk."""

    record: Record
    pages: Pages | None

    def violations(self) -> Iterator[str]:
        """What does not hold."""
        if self.pages is None:
            return
        for visitor in self.pages.visitors:
            yield from self._said(visitor)
            yield from self._shown(visitor)
        yield from self._answered(self.pages)

    def _lines(self, visitor: Visitor, *who: Speaker) -> list[tuple[int, str]]:
        assert self.pages
        number, wanted = self.pages.numbers[visitor.name], {one.value for one in who}
        return [
            (line["id"], line["text"])
            for line in self.record.lines
            if line["conversation_id"] == number and line["who"] in wanted
        ]

    def _said(self, visitor: Visitor) -> Iterator[str]:
        """What they were told was taken, once and in the order they wrote it."""
        stored = [text for _, text in self._lines(visitor, Speaker.BUYER)]
        if stored != visitor.said:
            lost, many = Counter(visitor.said) - Counter(stored), Counter(stored) - Counter(visitor.said)
            yield f"{visitor.name}: {[*lost]} are missing, {[*many]} are too many, or the order is another"

    def _shown(self, visitor: Visitor) -> Iterator[str]:
        """Everything that was said to them, once and in the order of the transcript, however often the page was cut off."""
        told = self._lines(visitor, Speaker.BOT, Speaker.AGENT)
        wanted = [(number, text_of(nodes(text))) for number, text in told]
        if (shown := [*own(visitor)]) != wanted:
            yield (
                f"the page of {visitor.name} shows {[*(Counter(shown) - Counter(wanted))]} too often, "
                f"and lacks {[*(Counter(wanted) - Counter(shown))]}, or the order is another"
            )

    def _answered(self, pages: Pages) -> Iterator[str]:
        """What the agent wrote is said once each and in order, but what was refused since a colleague had the conversation."""
        said = [line["text"] for line in self.record.lines if line["who"] == Speaker.AGENT.value]
        theirs = [text for text in said if text in {*pages.answered}]
        refused = sum(line["reply"] == HELD.name for line in self.record.lines)
        if len(theirs) != len({*theirs}) or len(pages.answered) - len(theirs) > refused:
            yield f"at the desk {len(pages.answered)} answers were taken, {len(theirs)} said, {refused} refused"
