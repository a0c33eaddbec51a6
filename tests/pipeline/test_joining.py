"""Posts that go out as one: all of each, in order, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from bot.domain.manner import Manner
from bot.domain.messages import Attachment, Medium
from bot.pipeline.deliveries import Delivery
from bot.pipeline.joining import LONGEST, joined

PHOTO = (Attachment(Medium.PHOTO, "telegram:A"),)

waiting = some.lists(
    some.tuples(
        some.text(max_size=LONGEST // 2), some.booleans(), some.booleans(), some.sampled_from(["", "5"])
    ),
    min_size=1,
    max_size=12,
)


@given(waiting)
def test_nothing_is_lost_doubled_or_out_of_order(given_rows: list[tuple[str, bool, bool, str]]) -> None:
    left = [
        Delivery(
            number,
            1,
            "staff",
            "1",
            text,
            (),
            PHOTO if file else (),
            attempts=1,
            manner=Manner(joins=joins, of=(str(number),), answers=answers),
        )
        for number, (text, joins, file, answers) in enumerate(given_rows)
    ]
    rows, gone = list(left), []
    while left:
        post = joined(left[0], left[1:])
        together = [post.id, *post.joined]
        assert post.text == "\n".join(rows[number].text for number in together)
        assert post.manner.of == tuple(map(str, together))
        if post.joined:
            assert len(post.text) <= LONGEST
            assert all(rows[number].manner.joins and not rows[number].attachments for number in together)
            assert not any(rows[number].manner.answers for number in post.joined)
        gone += together
        left = left[len(together) :]
    assert gone == list(range(len(rows)))
