"""From files to replies: fallbacks, and a broken edit that leaves the last good version standing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.cases import State
from bot.domain.decision import Say
from bot.domain.messages import Attachment, Button, Medium
from bot.domain.replies import Reply, Tone, reply
from bot.errors import TemplateError
from bot.pipeline.deliveries import Render
from bot.replies import Replies, compile_replies

HELLO = reply("talk/hello", "go", tone=Tone.PLAIN, name=str)
BYE = reply("talk/bye", tone=Tone.PLAIN, option={"at": datetime}, when=datetime | None)
DECLARED = {declared.name: declared for declared in (HELLO, BYE)}

GOOD = {
    "replies/zh/talk/hello.j2": "您好，{{ name }}\n---\ngo: 去 {{ name }}\n",
    "replies/en/talk/hello.j2": "Hello {{ name }}\n---\ngo: Go\n",
    "replies/zh/talk/bye.j2": "再见",
}


def compiled(
    files: dict[str, str], previous: Replies | None = None
) -> tuple[Replies, tuple[TemplateError, ...]]:
    return compile_replies(files, previous, languages=("zh", "en"), declared=DECLARED)


def good() -> Replies:
    replies, errors = compiled(GOOD)
    assert not errors
    return replies


def hello(replies: Replies, language: str = "en", name: str = "Alex") -> str:
    return replies(HELLO(name=name), language).text


def test_says_it_in_the_language_asked_for() -> None:
    render: Render = good()
    assert render(HELLO(name="Alex"), "en").text == "Hello Alex"
    assert render(HELLO(name="Alex"), "zh").text == "您好，Alex"


@pytest.mark.parametrize("language", ["en", "fr", ""])
def test_falls_back_to_the_main_language(language: str) -> None:
    assert good()(BYE(when=None), language).text == "再见"


def test_falls_back_to_another_language_when_the_main_one_lacks_it() -> None:
    replies, errors = compiled(
        {path: text for path, text in GOOD.items() if path != "replies/zh/talk/hello.j2"}
    )
    assert not errors
    assert hello(replies, "zh") == "Hello Alex"


def test_a_reply_no_language_can_say_is_an_error() -> None:
    replies, errors = compiled({path: text for path, text in GOOD.items() if "bye" not in path})
    assert [str(error) for error in errors] == [
        "replies/zh/talk/bye.j2:1: no language has a usable template for 'talk/bye'; write one here"
    ]
    with pytest.raises(TemplateError, match="talk/bye"):
        replies(BYE(when=None), "en")


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (
            "Hi {{ nmae }}\n---\ngo: Go",
            "talk/hello.j2:1: this reply has no value 'nmae' — did you mean 'name'?",
        ),
        ("Hi\n\n{% if name %}\n---\ngo: Go", "talk/hello.j2:3: "),
        ("Hi {{ name }}", "talk/hello.j2:2: the button 'go' has no words; below --- add a line `go: …`"),
        ("Hi\n---\ngo: Go\nstay: Stay", "talk/hello.j2:4: this reply has no button 'stay'"),
        ("Hi\n---\ngo: Go\ngo: Go", "talk/hello.j2:4: the button 'go' is worded twice; keep one"),
        ("Hi\n---\njust words", "talk/hello.j2:3: below --- each line is a button"),
        ("Hi\n---\ngo: {{ nme }}", "talk/hello.j2:3: this reply has no value 'nme' — did you mean 'name'?"),
        ("Hi\n<b>x\n---\ngo: Go", "talk/hello.j2:2: <b> is not closed"),
        ("Hi {{ name|shrt(3) }}\n---\ngo: Go", "there is no filter 'shrt' — did you mean 'short'?"),
        ("Hi {{ name|short }}\n---\ngo: Go", "write title|short(20)"),
    ],
)
def test_a_broken_edit_keeps_the_last_good_version(broken: str, told: str) -> None:
    before = good()
    edited = {**GOOD, "replies/en/talk/hello.j2": broken, "replies/zh/talk/bye.j2": "慢走"}
    after, errors = compiled(edited, before)
    assert hello(after) == "Hello Alex", "the broken file still says what it said"
    assert after(BYE(when=None), "zh").text == "慢走", "the good edit of the same reload counts"
    assert any(told in str(error) for error in errors)
    assert all(str(error).startswith("replies/en/") for error in errors)


def test_a_broken_file_stays_reported_until_it_is_mended() -> None:
    broken = {**GOOD, "replies/en/talk/hello.j2": "Hi {{ nmae }}\n---\ngo: Go"}
    once, _ = compiled(broken, good())
    twice, errors = compiled(broken, once)
    assert len(errors) == 1
    assert hello(twice) == "Hello Alex"
    mended, errors = compiled({**GOOD, "replies/en/talk/hello.j2": "Hi {{ name }}\n---\ngo: Go"}, twice)
    assert not errors
    assert hello(mended) == "Hi Alex"


def test_a_broken_file_at_the_first_start_falls_back() -> None:
    replies, errors = compiled({**GOOD, "replies/en/talk/hello.j2": "Hi {{ nmae }}"})
    assert errors
    assert hello(replies, "en") == "您好，Alex"


def test_a_file_taken_away_is_gone() -> None:
    after, _ = compiled(
        {path: text for path, text in GOOD.items() if path != "replies/en/talk/hello.j2"}, good()
    )
    assert hello(after, "en") == "您好，Alex"


def test_a_reload_leaves_the_old_replies_as_they_were() -> None:
    before = good()
    compiled({**GOOD, "replies/en/talk/hello.j2": "Changed\n---\ngo: Go"}, before)
    assert hello(before) == "Hello Alex"


def test_broken_words_keep_the_last_good_ones() -> None:
    words = "replies/zh/words.yaml"
    before, errors = compiled({**GOOD, words: "state:\n  SUCCESS: 成了\n"})
    assert not errors
    after, errors = compiled({**GOOD, words: "state:\n  SUCCESS: [\n"}, before)
    assert after.words("zh", "state") == {"SUCCESS": "成了"}
    assert str(errors[0]).startswith("replies/zh/words.yaml:")


def test_values_are_escaped_in_the_text_and_plain_on_buttons() -> None:
    say = HELLO(name="<b>&'", buttons=(Button("start", "go", "go"),))
    rendered = good()(say, "zh")
    assert rendered.text == "您好，&lt;b&gt;&amp;&#39;"
    assert rendered.buttons == (("去 <b>&'", "|start|go"),)


def test_a_buttons_payload_carries_the_talks_token() -> None:
    say = HELLO(name="", buttons=(Button("order", "42", "go"),), token="7")
    assert good()(say, "en").buttons == (("Go", "7|order|42"),)


def test_a_payload_of_64_bytes_passes_and_65_do_not() -> None:
    fits = Button("order", "é" * 28, "go")  # 1 + 1 + 5 + 1 + 56
    assert len(good()(HELLO(name="", buttons=(fits,), token="7"), "en").buttons[0][1].encode()) == 64
    with pytest.raises(TemplateError, match="talk/hello: the button 'go' would carry 65 bytes"):
        good()(HELLO(name="", buttons=(replace(fits, value=fits.value + "x"),), token="7"), "en")


def test_a_long_label_is_cut() -> None:
    say = HELLO(name="x" * 200, buttons=(Button("start", "go", "go"),))
    label, _ = good()(say, "zh").buttons[0]
    assert len(label) == 64
    assert label.endswith("…")


def test_nothing_to_say_is_an_error_unless_a_file_says_it() -> None:
    replies, _ = compiled({**GOOD, "replies/en/talk/hello.j2": "{{ name }}\n---\ngo: Go"})
    with pytest.raises(TemplateError, match=r"talk/hello\.j2:1: the reply came out empty"):
        replies(HELLO(name=""), "en")
    photo = Attachment(Medium.PHOTO, "file:1")
    assert replies(HELLO(name="", attachments=(photo,)), "en").text == ""


def test_an_error_at_run_time_names_file_and_line() -> None:
    """What the types promised and a flow did not keep."""
    replies, _ = compiled({**GOOD, "replies/en/talk/hello.j2": "Hi\nthere\n{{ name }}\n---\ngo: Go"})
    with pytest.raises(TemplateError, match=r"^replies/en/talk/hello\.j2:3: a NoneType can't be shown"):
        replies(Say("talk/hello", {"name": None}), "en")


def test_files_that_are_no_replies_are_left_alone() -> None:
    others = {
        "replies/README.md": "{{",
        "replies/zh/talk/hello.j2~": "{{",
        "replies/zh/talk/unknown.j2": "{{",
    }
    _, errors = compiled({**GOOD, **others})
    assert not errors


def lines(template: str, **values: Any) -> list[str]:
    declared = Reply("talk/x", {name: type(value) for name, value in values.items()}, Tone.PLAIN)
    replies, errors = compile_replies({"replies/en/talk/x.j2": template}, declared={"talk/x": declared})
    assert not errors, errors
    return replies(declared(**values), "en").text.split("\n")


def test_lines_of_tags_leave_nothing_and_tags_at_a_lines_end_keep_it() -> None:
    template = (
        "{# for the owner\n   only #}\none{% if yes %} two{% endif %}\n{% if yes %}\nthree\n{% endif %}\nfour"
    )
    assert lines(template, yes=True) == ["one two", "three", "four"]
    assert lines(template, yes=False) == ["one", "four"]


def test_blank_lines_never_pile_up() -> None:
    assert lines("a\n{% if no %}\nb\n{% endif %}\n\n\n\n{# x #}\nc  \n\n", no=False) == ["a", "", "c"]


def test_compares_enums_by_their_value() -> None:
    assert lines('{% if state == "SUCCESS" %}y{% else %}n{% endif %}', state=State.SUCCESS) == ["y"]
    assert lines('{% if state in ("CLOSED", "SUCCESS") %}y{% else %}n{% endif %}', state=State.CLOSED) == [
        "y"
    ]


def test_the_timezone_is_the_shops(shipped: Replies) -> None:
    midnight = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    say = Say("escalate/queued", {"position": 1, "minutes": 120, "back_at": midnight})
    assert "11月25日 00:30" in shipped(say, "zh").text
    assert "25 Nov, 00:30" in shipped(say, "en").text
