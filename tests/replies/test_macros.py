"""Macros: read, checked and offered like replies, with a name, tags and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest

from bot.domain.conversation import Conversation
from bot.domain.macros import Macro
from bot.flows.agents_words import AFTERWARDS, follows
from bot.flows.macros import values
from bot.folder.shop_folder import ShopFolder
from bot.pipeline.macros import filled
from bot.replies import compile_replies
from bot.replies.lint import lint
from tests.desk.samples import case, order

PATH = "replies/en/macros/hello.j2"
GOOD = """{# Says hello. #}
Hello {{ buyer }}{% if case %}, about {{ case.number }}: {{ case.amount|money }} &amp; <b>more</b>{% endif %}!
---
name: Say hello
tags: hi  greeting
then: close
"""


def wrong(text: str) -> list[str]:
    """What the linter says about the macro, without the replies that are missing here."""
    found = lint({PATH: text}, languages=("en",))
    return [f"{one.line}: {one.message}" for one in found if one.path == PATH]


def test_a_macro_is_known_by_name_title_and_tags() -> None:
    replies, _ = compile_replies({PATH: GOOD}, languages=("en",), timezone=UTC)
    [macro] = replies.macros("en")
    assert macro == Macro("hello", "Say hello", ("hi", "greeting"), "close")
    assert [macro.called(word) for word in ("hello", "HELLO", " say hello ", "hell")] == [
        True,
        True,
        True,
        False,
    ]
    assert replies.macros("zh") == ()


def test_it_is_filled_with_the_conversations_own_and_comes_as_plain_words() -> None:
    replies, _ = compile_replies({PATH: GOOD}, languages=("en",), timezone=UTC)
    talk = Conversation(1, "web", "a", name="<i>Ann")
    with_case = values(talk, (order(),), (case(),), "Mia")
    assert filled(replies, "hello", "en", with_case) == "Hello <i>Ann, about R7: CN¥129.00 & more!"
    assert filled(replies, "hello", "en", values(talk, (), (), "Mia")) == "Hello <i>Ann!"


def test_the_order_that_is_meant_is_the_one_asked_for_talked_of_disputed_or_newest() -> None:
    newest, disputed, about = (replace(order(), number=number) for number in ("3", "2", "1"))
    orders, cases = (newest, disputed, about), (case(order_number="2"),)
    talk = Conversation(1, "web", "a")
    assert values(talk, orders, (), "Mia")["order"] is newest
    assert values(talk, orders, cases, "Mia")["order"] is disputed
    talked_of = values(replace(talk, about="1"), orders, cases, "Mia")
    assert (talked_of["order"], talked_of["case"]) == (about, None)
    asked_for = values(replace(talk, about="1"), orders, cases, "Mia", "2")
    assert (asked_for["order"], asked_for["case"]) == (disputed, cases[0])
    assert values(replace(talk, about="9"), (), (), "Mia")["order"] is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hi {{ byer }}\n---\nname: Hi", "1: this reply has no value 'byer' — did you mean 'buyer'?"),
        ("{{ order.number }}\n---\nname: Hi", "1: 'order' may be missing; put it inside {% if order %}"),
        ("Hi", "2: the macro has no name for the agents' list; below --- add a line `name: …`"),
        ("Hi\n---\nname: Hi\ntag: x", "4: a macro has no 'tag' — did you mean 'tags'?"),
        ("Hi\n---\nname: Hi\nthen: agree", "4: 'agree' is nothing that can follow an answer; write one of"),
        ("Hi\n---\nname: Hi\nthen: snooze soon", "4: 'snooze soon' is nothing that can follow"),
        (f"Hi\n---\nname: {'x' * 41}", "3: the name is longer than 40 characters"),
        ("{{ buyer.__class__ }}\n---\nname: Hi", "1: '__class__': names that begin with _"),
        ("{{ range(9) }}\n---\nname: Hi", "1: "),
    ],
)
def test_a_slip_is_named_before_anybody_sends_it(text: str, said: str) -> None:
    [found, *_] = wrong(text)
    assert found.startswith(said)


def test_a_good_one_is_not_complained_about_but_the_language_that_lacks_it_is_named() -> None:
    assert wrong(GOOD) == []
    found = lint({PATH: GOOD}, languages=("zh", "en"))
    lacking = [one for one in found if one.path == "replies/zh/macros/hello.j2"]
    assert [one.message for one in lacking] == [
        f"agents have this macro in 'en' only; copy {PATH} and translate it"
    ]


@pytest.mark.parametrize("words", AFTERWARDS)
def test_what_is_said_to_follow_an_answer_does(words: str) -> None:
    assert follows(words)


@pytest.mark.parametrize(
    "words", ["", "claim", "close now", "snooze 0m", "offer", "offer all", "agree", "note x"]
)
def test_nothing_else_follows(words: str) -> None:
    assert not follows(words)


def test_a_macro_broken_while_the_shop_is_open_is_listed_with_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "replies/en/macros").mkdir(parents=True)
    (tmp_path / PATH).write_text(GOOD, encoding="utf-8")
    folder = ShopFolder(tmp_path, ("en",), UTC)
    before = folder.read()
    assert [macro.title for macro in before.macros("en")] == ["Say hello"]
    (tmp_path / PATH).write_text(GOOD.replace("buyer", "byer"), encoding="utf-8")
    [macro] = folder.read(before).macros("en")
    assert macro.name == "hello"
    assert macro.problem.startswith(f"{PATH}:2: this reply has no value 'byer'")
