"""What buyers say after it is solved, and what is put off to another moment."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from bot.domain.dues import Due
from bot.domain.feedback import Cause, Feedback, Score
from bot.store.clocks import due_row
from bot.store.part import Part, of_shop
from bot.store.tables import deadlines, feedback, scores


class SaidAfter(Part):
    """Suggestions and scores."""

    def suggestions(self, cause: Cause | None = None, limit: int = 200) -> list[Feedback]:
        """What buyers would have otherwise, newest first; of one cause, where one is named."""
        query = select(feedback).where(of_shop(feedback)).order_by(feedback.c.id.desc()).limit(limit)
        if cause:
            query = query.where(feedback.c.cause == cause.value)
        return [feedback_of(row) for row in self._run(query).mappings()]

    def score(self, case_number: str) -> Score | None:
        """How well the buyer of a case was served; None while they have not said."""
        query = select(scores).where(of_shop(scores), scores.c.case_number == case_number)
        row = self._run(query).mappings().first()
        return Score(row["case_number"], row["score"], row["words"], row["at"]) if row else None

    def _keep_feedback(self, said: Feedback) -> None:
        row = {
            "conversation_id": said.conversation_id,
            "order_number": said.order_number,
            "sku": said.sku,
            "cause": said.cause.value,
            "words": said.words,
            "at": said.at,
        }
        self._add(feedback, [row])

    def _keep_score(self, told: Score) -> None:
        self._run(delete(scores).where(of_shop(scores), scores.c.case_number == told.case))
        row = {"case_number": told.case, "score": told.score, "words": told.words, "at": told.at}
        self._add(scores, [row])

    def _put_off(self, due: Due) -> None:
        later = due_row(due, put_off=True)
        waiting = update(deadlines).where(
            of_shop(deadlines),
            deadlines.c.case_number == due.case,
            deadlines.c.kind == due.kind,
            deadlines.c.state == "waiting",
        )
        self._run(waiting.values(state="dropped"))
        self._insert_new(deadlines, [later])
        again = update(deadlines).where(
            of_shop(deadlines), deadlines.c.key == later["key"], deadlines.c.state == "dropped"
        )
        self._run(again.values(state="waiting"))  # put off to that very moment before


def feedback_of(row: Any) -> Feedback:
    """What a buyer suggested."""
    return Feedback(
        row["conversation_id"],
        row["order_number"],
        row["sku"],
        Cause(row["cause"]),
        row["words"],
        row["at"],
    )
