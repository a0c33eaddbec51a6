"""Posts that go out as one: all of each, in order, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from bot.channels.telegram.pieces import pieces
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
            assert len(post.text.encode("utf-16-le", "surrogatepass")) <= 2 * LONGEST
            assert all(rows[number].manner.joins and not rows[number].attachments for number in together)
            assert not any(rows[number].manner.answers for number in post.joined)
        gone += together
        left = left[len(together) :]
    assert gone == list(range(len(rows)))


def test_what_is_joined_fits_one_message_also_when_it_is_all_emoji() -> None:
    """Else its first part may have arrived, and a line that joins only the next try would never be read."""
    rows = [
        Delivery(number, 1, "staff", "1", "😀" * 700, (), (), attempts=1, manner=Manner(joins=True))
        for number in range(4)
    ]
    post = joined(rows[0], rows[1:])
    assert post.joined == (1,)
    assert len(pieces(post)) == 1
