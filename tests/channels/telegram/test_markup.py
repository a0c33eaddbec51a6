"""Splitting: every part is a message Telegram takes, and together they say what was said."""

from __future__ import annotations

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.cleaning import clean, shorten, units
from bot.channels.telegram.markup import MESSAGE, MOST_BYTES, Run, plain, runs, split
from tests.doubles.bot_api.html import parse_html
from tests.doubles.bot_api.spans import utf16_length

characters = st.text(
    st.one_of(
        st.sampled_from("a好😀 \n<>&\"'é\u200d\ufe0f🏽🇨。.!"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"),
    ),
    max_size=60,
)
tags = st.lists(
    st.sampled_from(["b", "i", "u", "s", "code", 'a href="https://example.com/?a=1&amp;b=2"']),
    max_size=3,
    unique=True,
)


@st.composite
def marked(draw: st.DrawFn) -> str:
    """Well-formed markup, as the renderer makes it."""
    parts = []
    for _ in range(draw(st.integers(0, 6))):
        words, opened = draw(characters), draw(tags)
        before = "".join(f"<{tag}>" for tag in opened)
        after = "".join(f"</{tag.split()[0]}>" for tag in reversed(opened))
        parts.append(f"{before}{escape(words, quote=False)}{after}")
    return "".join(parts) * draw(st.integers(1, 3))


def seen(text: str) -> list[tuple[str, frozenset[str]]]:
    """Each visible character that is no blank, with the tags it stands under."""
    return [(c, frozenset(run.tags)) for run in runs(text) for c in run.words if not c.isspace()]


@given(marked(), st.integers(10, 200))
def test_parts_fit_are_well_formed_and_lose_nothing(text: str, most: int) -> None:
    parts = split(text, most)
    for part in parts:
        words, _ = parse_html(part)
        assert 0 < utf16_length(words.strip()) <= utf16_length(words) <= most or len(words) == 1
        assert words.encode()
    assert [c for part in parts for c in seen(part)] == seen(text)


@given(marked())
def test_the_double_and_we_see_the_same_words(text: str) -> None:
    assert parse_html(text)[0] == plain(text)


@given(st.text(max_size=300))
def test_broken_markup_raises_nothing(text: str) -> None:
    plain(text)
    for part in split(clean(text), 20):
        parse_html(part) if units(clean(text).strip()) > 20 else part.encode()


@given(st.text(max_size=100), st.integers(2, 50))
def test_shortened_texts_fit(text: str, most: int) -> None:
    short = shorten(clean(text), most)
    assert units(short) <= most
    short.encode()


def test_a_text_that_fits_is_left_as_it_is() -> None:
    assert split("<b>a</b> &lt;") == ["<b>a</b> &lt;"]


def test_it_is_cut_between_paragraphs_then_lines_then_words() -> None:
    assert split("a" * 30 + "\n\n" + "b" * 25, 50) == ["a" * 30, "b" * 25]
    assert split("a" * 30 + "\n" + "b c" * 10, 50) == ["a" * 30, "b c" * 10]
    assert split("word " * 20, 50) == [("word " * 10).strip()] * 2
    assert split("好" * 30 + "。" + "吗" * 30, 50) == ["好" * 30 + "。", "吗" * 30]


def test_tags_are_closed_at_the_cut_and_opened_behind_it() -> None:
    text = '<b>one <a href="https://a.b/?c=1&amp;d=2">two three</a></b>'
    assert split(text, 8) == [
        '<b>one </b><b><a href="https://a.b/?c=1&amp;d=2">two</a></b>',
        '<b><a href="https://a.b/?c=1&amp;d=2">three</a></b>',
    ]


def test_what_a_reader_sees_as_one_character_stays_whole() -> None:
    family = "👨‍👩‍👧‍👦"
    for part in split(family * 20, 50):
        assert part.replace(family, "") == ""
    for part in split("🇨🇳" * 40 + "e\u0301" * 40, 33):
        assert not part.startswith("\u0301")


def test_4097_emoji_come_as_three_messages() -> None:
    parts = split("😀" * 4097)
    assert [len(part) for part in parts] == [2048, 2048, 1]


def test_tags_can_not_push_a_part_over_what_the_server_reads() -> None:
    link = '<a href="https://example.com/a/long/way/to/go">x</a>'
    other = '<a href="https://example.com/b/long/way/to/go">y</a>'
    parts = split((link + other) * 2000)
    assert max(len(part.encode()) for part in parts) <= MOST_BYTES
    assert max(units(plain(part)) for part in parts) <= MESSAGE
    assert len(seen("".join(parts))) == 4000


def test_unknown_tags_are_dropped_and_known_ones_kept() -> None:
    assert runs("<script>x</script><strong>y</strong><br>z") == [
        Run("x", ()),
        Run("y", ("b",)),
        Run("\n", ()),
        Run("z", ()),
    ]
