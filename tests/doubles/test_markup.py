"""The double of the Bot API is as strict as the original: which marks it reads in a text."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    Bot,
)
from telegram.helpers import escape_markdown

from tests.doubles.bot_api import BotApi, User
from tests.doubles.bot_api.html import parse_html
from tests.doubles.bot_api.markdown import parse_markdown
from tests.doubles.clients import Raw


class TestMarkup:
    @pytest.mark.parametrize(
        ("source", "plain", "kinds"),
        [
            ("a &lt;b&gt; &amp; &quot;c&#33;&#x21;", 'a <b> & "c!!', []),
            ("&nbsp; & 5 > 3", "&nbsp; & 5 > 3", []),
            ("<b>粗<i>斜</i></b>", "粗斜", [("bold", 0, 2), ("italic", 1, 1)]),
            ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
            ("<a href='https://a.com?x=1&amp;y=2'>x</a>", "x", [("text_link", 0, 1)]),
            ("<a href='tg://user?id=5'>x</a>", "x", [("text_mention", 0, 1)]),
            ("<a href='nowhere'>x</a>", "x", []),
            ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
            ("<b>a<code>b</code>c</b>", "abc", [("bold", 0, 1), ("code", 1, 1), ("bold", 2, 1)]),
            ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
            ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
            ("<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>", "👍", [("custom_emoji", 0, 2)]),
            (" \n<b> x </b> ", "x", [("bold", 0, 1)]),
            ("<B>x</B><s></s>", "x", [("bold", 0, 1)]),
        ],
    )
    async def test_html(
        self, bot: Bot, buyer: User, source: str, plain: str, kinds: list[tuple[str, int, int]]
    ) -> None:
        message = await bot.send_message(42, source, parse_mode="HTML")

        assert message.text == plain
        assert [(str(e.type), e.offset, e.length) for e in message.entities] == kinds
        again = await bot.send_message(42, message.text_html, parse_mode="HTML")
        assert again.text == plain
        assert [(str(e.type), e.offset, e.length) for e in again.entities] == kinds

    @given(text=st.text(st.characters(exclude_categories=["Cs"])))
    def test_escaped_text_comes_back_as_it_was(self, text: str) -> None:
        assert parse_html(html.escape(text)) == (text, [])
        assert parse_markdown(escape_markdown(text, version=2)) == (text, [])

    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("快<div>x</div>", 'Unsupported start tag "div" at byte offset 3'),
            ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
            ("5 < 3", 'Unsupported start tag "" at byte offset 2'),
            ("5 <3", "Unclosed start tag at byte offset 2"),
            ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
            ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
            ("x</b>", "Unexpected end tag at byte offset 1"),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
            ("<a href=x_y>z</a>", "Unexpected end of name token at byte offset 8"),
            ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
            ("<tg-emoji emoji-id='a'>x</tg-emoji>", "Invalid custom emoji identifier specified"),
            ("&#xD83D;", "Text contains invalid Unicode characters"),
        ],
    )
    async def test_broken_html(self, api: BotApi, raw: Raw, buyer: User, source: str, complaint: str) -> None:
        answer = await raw("sendMessage", data={"chat_id": 42, "text": source, "parse_mode": "HTML"})

        assert answer["description"].startswith(f"Bad Request: can't parse entities: {complaint}")
        assert len(api.violations) == 1

    @pytest.mark.parametrize(
        ("markdown", "plain", "kinds"),
        [
            (r"1\. a\-b\!", "1. a-b!", []),
            ("*粗 _斜_*", "粗 斜", [("bold", 0, 3), ("italic", 2, 1)]),
            ("__u__ ~s~ ||x||", "u s x", [("underline", 0, 1), ("strikethrough", 2, 1), ("spoiler", 4, 1)]),
            ("`a.b` ```py\nx!\n```", "a.b x!", [("code", 0, 3), ("pre", 4, 2)]),
            (r"[x](https://a.com/\))", "x", [("text_link", 0, 1)]),
            ("![👍](tg://emoji?id=5368324170671202286)", "👍", [("custom_emoji", 0, 2)]),
            (">a\n>b\nc", "a\nb\nc", [("blockquote", 0, 4)]),
            (">a\n>b||", "a\nb", [("expandable_blockquote", 0, 3)]),
        ],
    )
    async def test_markdown(
        self, bot: Bot, buyer: User, markdown: str, plain: str, kinds: list[tuple[str, int, int]]
    ) -> None:
        message = await bot.send_message(42, markdown, parse_mode="MarkdownV2")

        assert message.text == plain
        assert [(str(e.type), e.offset, e.length) for e in message.entities] == kinds

    @pytest.mark.parametrize(
        ("markdown", "complaint"),
        [
            ("5.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
            ("a>b", "Character '>' is reserved"),
            ("快*x", "Can't find end of Bold entity at byte offset 3"),
            ("[x](https://a", "Can't find end of a URL at byte offset 4"),
            ("*a _b* c_", "Can't find end of Italic entity at byte offset 8"),
            ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
        ],
    )
    async def test_broken_markdown(self, raw: Raw, buyer: User, markdown: str, complaint: str) -> None:
        answer = await raw("sendMessage", data={"chat_id": 42, "text": markdown, "parse_mode": "MarkdownV2"})

        assert answer["description"].startswith(f"Bad Request: can't parse entities: {complaint}")
