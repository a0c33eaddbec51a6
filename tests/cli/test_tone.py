"""What `shouhou lint` tells an owner about the tone of replies."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import group, words
from tests.cli.conftest import Call
from tests.copies import reworded

ROOT = Path(__file__).parents[2]
NO_CASES = "command/no_cases"
"""Needs a next step, and has one button."""
AGREED = "case/goods_intact"
"""Needs a deadline and thanks; has an amount and days."""
BUTTON = "\n---\nrequest_refund: {}\n"

Lint = Callable[..., str]


class Shop:
    """A folder with a reply or two and the shipped lists of tone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.languages("en")

    def languages(self, *codes: str) -> None:
        self.write("config.yaml", f"shop: {{languages: [{', '.join(codes)}]}}")

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text, "utf-8")

    def say(self, language: str, reply: str, text: str) -> None:
        if not (self.folder / f"replies/{language}").exists():
            self.write(f"replies/{language}/tone.yaml", tone_of(language))
        self.write(f"replies/{language}/{reply}.j2", text)

    def lint(self, *options: str) -> Result:
        return CliRunner().invoke(group, ["-C", str(self.folder), "lint", *options])

    def told(self, path: str = "") -> list[str]:
        """What lint says of a file; that the other replies of the bot are missing here is left out."""
        lines = self.lint().stdout.splitlines()
        return [line for line in lines if path in line and "replies/" in line and "is missing" not in line]

    def told_of(self, language: str, reply: str, text: str) -> list[str]:
        self.say(language, reply, text)
        path = f"replies/{language}/{reply}.j2"
        return [line.removeprefix(f"{path}:") for line in self.told(path)]


def tone_of(language: str) -> str:
    return (ROOT / f"replies/{language}/tone.yaml").read_text("utf-8")


@pytest.fixture
def small(tmp_path: Path) -> Shop:
    """An English shop of a few files."""
    return Shop(tmp_path)


# -- what is never said -----------------------------------------------------------------------------------------------

PROMISES = [
    ("en", "We guarantee a refund. How can I help?", "“guarantee” (absolutes)"),
    ("en", "You're ALWAYS right. How can I help?", "“always” (absolutes)"),
    ("en", "It is 100% safe. How can I help?", "“100%” (absolutes)"),
    ("en", "It's <b>guar</b>anteed. How can I help?", "“guaranteed” (absolutes)"),
    ("en", "A discount for your next review! What now?", "“discount … review” (reviews)"),
    ("en", "Could you change your review, please?", "“change your review” (reviews)"),
    ("en", "That was your own mistake. What now?", "“your own mistake” (blame)"),
    ("en", "You didn’t read the page. What now?", "“you didn't read” (blame)"),
    ("zh", "我们保证退款。请问还要办什么？", "“保证” (absolutes)"),
    ("zh", "１００％ 正品，请问要办什么？", "“100%” (absolutes)"),
    ("zh", "不好意思，一定退给您。请问还要办什么？", "“一定” (absolutes)"),
    ("zh", "给五星好评，晒图就返 5 元，您可以看看。", "“五星好评” (reviews)"),
    ("zh", "好评截图发来就返现，请问要吗？", "“好评…返” (reviews)"),
    ("zh", "请您把评价改一下，删差评有礼。", "“删差评” (reviews)"),
    ("zh", "您不用担心我们保证退，请点下面。", "“保证” (absolutes)"),
    ("zh", "您没看清说明。请问要办什么？", "“您没看清” (blame)"),
]


@pytest.mark.parametrize(("language", "text", "told"), PROMISES, ids=lambda value: value[:30])
def test_a_promise_a_paid_review_and_blame_are_named_with_their_line_why_and_mend(
    small: Shop, language: str, text: str, told: str
) -> None:
    small.languages(language)
    found = small.told_of(language, NO_CASES, f"{{# note #}}\n{text}" + BUTTON.format("💰"))
    (line,) = (line for line in found if told in line)
    assert line.startswith("2: warning: ")
    assert line.count(";") + line.count("；") >= 2, "what, why and how to mend it"


FINE = [
    ("en", "We can't guarantee a date. How can I help?"),
    ("en", "Nobody here can always be quick. How can I help?"),
    ("en", "It's not your fault. How can I help?"),
    ("en", "As always, how can I help?"),
    ("en", "The hallways, guaranteeing, perfection. How can I help?"),
    ("en", "Leave a review if you like. What now?"),
    ("en", "A discount is not ours to give. Tell me what happened. An honest review is welcome."),
    ("zh", "到账时间我们不能保证，请您留意短信。"),
    ("zh", "这一步我没有办法向您保证，请问还要办什么？"),
    ("zh", "不一定能退，请问要试试吗？"),
    ("zh", "麻烦您如实评价，我们认真看。"),
    ("zh", "最晚明天、最多两次、最近的订单，请问是哪个？"),
]


@pytest.mark.parametrize(("language", "text"), FINE, ids=lambda value: value[:30])
def test_negations_longer_words_and_honest_requests_pass(small: Shop, language: str, text: str) -> None:
    small.languages(language)
    assert small.told_of(language, NO_CASES, text + BUTTON.format("💰")) == []


def test_a_negation_in_another_clause_or_far_away_turns_nothing_round(small: Shop) -> None:
    for text in (
        "Don't worry, we guarantee it. Ask me?",
        "Not that it matters to us at all here we guarantee it?",
    ):
        assert any("“guarantee”" in line for line in small.told_of("en", NO_CASES, text + BUTTON.format("x")))


def test_buttons_values_in_words_and_texts_inside_braces_are_read_too(small: Shop) -> None:
    assert small.told_of("en", NO_CASES, "What now?" + BUTTON.format("Refund guaranteed"))[0].startswith(
        "3: warning: “guaranteed”"
    )
    text = (
        '{{ "We guarantee it" if case.due_at else "Soon" }}. Thank you. Sorry, {{ days_max }} business days.'
    )
    assert any("“guarantee”" in line for line in small.told_of("en", AGREED, text))
    small.write(
        "replies/en/words.yaml", "rule:\n  # always: as it is\n  unshipped: we always refund # always\n"
    )
    assert any("words.yaml:3: warning: “always”" in line for line in small.told("words.yaml"))


def test_what_agents_read_may_be_blunt(small: Shop) -> None:
    text = "{{ agent }} always guarantees it"
    assert small.told_of("en", "desk/claimed", text) == []


def test_a_marked_line_is_allowed_and_shown_as_such(small: Shop) -> None:
    marked = "The maker guarantees it. {# tone: allow, their card says so #}\nWhat now?" + BUTTON.format("x")
    (line,) = small.told_of("en", NO_CASES, marked)
    assert line.startswith("1: allowed: “guarantees”")
    above = "{# tone: allow #}\nThe maker guarantees it.\nIt always works. What now?" + BUTTON.format("x")
    allowed, other = small.told_of("en", NO_CASES, above)
    assert allowed.startswith("2: allowed: “guarantees”")
    assert other.startswith("3: warning: “always”")
    assert "1 to consider, 1 allowed on purpose" in small.lint().stdout


def test_a_mark_that_allows_nothing_is_told(small: Shop) -> None:
    (line,) = small.told_of("en", NO_CASES, "{# tone: allow #}\nWhat now?" + BUTTON.format("x"))
    assert line.startswith("1: warning: this mark allows nothing")


# -- what has to be said ----------------------------------------------------------------------------------------------

LEFT_OUT = [
    ("en", "greeting/hello", "How can I help?", "no greeting"),
    ("en", "track_parcel/no_news", "No number yet. Tap below.", "no apology"),
    ("en", NO_CASES, "You have no requests.", "no next step"),
    ("en", AGREED, "Agreed, {{ case.amount|money }} within a few business days.", "no thanks"),
    ("en", AGREED, "Agreed: {{ case.amount|money }}. Thank you.", "no deadline"),
    ("zh", "greeting/hello", "请问有什么可以帮您？", "no greeting"),
    ("zh", "track_parcel/no_news", "还没有单号，请点下面。", "no apology"),
    ("zh", NO_CASES, "您没有售后申请。", "no next step"),
    ("zh", AGREED, "已同意，{{ case.amount|money }} 几个工作日到账。", "no thanks"),
    ("zh", AGREED, "已同意，退 {{ case.amount|money }}，谢谢您。", "no deadline"),
]


@pytest.mark.parametrize(("language", "reply", "text", "told"), LEFT_OUT)
def test_what_a_reply_of_its_kind_leaves_out_is_named(
    small: Shop, language: str, reply: str, text: str, told: str
) -> None:
    small.languages(language)
    found = small.told_of(language, reply, text)
    assert [line for line in found if f"1: warning: {told}; " in line], found
    assert sum("warning: no " in line for line in found) == 1


def test_an_apology_in_one_case_is_none_in_the_other(small: Shop) -> None:
    text = "Tap below.\n{% if order.shipped_at %}\nSorry about that.\n{% else %}\nWait.\n{% endif %}"
    found = small.told_of("en", "track_parcel/no_news", text)
    assert any(line.startswith("2: warning: no apology in some cases") for line in found)
    both = text.replace("Wait.", "I'm sorry, wait.")
    assert not any("apology" in line for line in small.told_of("en", "track_parcel/no_news", both))
    outside = "Apologies! " + text
    assert not any("apology" in line for line in small.told_of("en", "track_parcel/no_news", outside))


def test_a_deadline_is_a_time_however_it_is_written(small: Shop) -> None:
    said = "Thank you. {% if case.due_at %}By {{ case.due_at|moment }}.{% endif %}"
    assert small.told_of("en", AGREED, said) == []


def test_days_typed_in_where_a_value_says_them_are_told_with_that_value(small: Shop) -> None:
    (line,) = small.told_of("en", AGREED, "Thank you. It takes\n3 business days.")
    assert line.startswith("2: warning: “3 business days” is typed in")
    assert "days_min" in line
    small.languages("zh")
    found = small.told_of("zh", AGREED, "谢谢您，三天到账，退 ¥59.9，最多 20 元，不是七天无理由。")
    assert set(re.findall("“(.*?)” is typed in", "\n".join(found))) == {"三天", "¥59.9", "20 元"}


def test_a_number_that_no_value_could_say_stays(small: Shop) -> None:
    assert small.told_of("en", NO_CASES, "Our desk answers in 2 hours. What now?" + BUTTON.format("x")) == []


# -- what only one language has ---------------------------------------------------------------------------------------


def test_a_deadline_that_one_language_alone_tells_is_named_in_the_other(small: Shop) -> None:
    small.languages("zh", "en")
    small.say(
        "zh", "revoke_refund/kept", "好的，{% if case.due_at %}最晚 {{ case.due_at|moment }}{% endif %}。"
    )
    (line,) = small.told_of("en", "revoke_refund/kept", "All right. It takes some business days.")
    assert line.startswith(
        "1: warning: 'case.due_at' plays no part here, but does in replies/zh/revoke_refund/kept"
    )


def test_loops_and_names_given_to_values_are_seen_through(small: Shop) -> None:
    small.languages("zh", "en")
    zh = "{% for one in cases %}{{ one.number }} {% if one.due_at %}{{ one.due_at|day }}{% endif %}{% endfor %}完"
    en = "{% for case in cases[:3] %}{% set n = case.number %}{{ n }} {% if case.due_at %}{{ case.due_at|day }}{% endif %}{% endfor %}."
    small.say("zh", "command/cases", zh)
    assert small.told_of("en", "command/cases", en) == []


def test_a_text_left_in_the_other_language_is_told(small: Shop) -> None:
    small.languages("zh", "en")
    small.say("zh", "talk/instead", "Got it, {{ product }}.")
    (line,) = small.told_of("en", "talk/instead", "Got it, {{ product }}.")
    assert "the same words as in replies/zh/talk/instead.j2" in line


def test_an_answer_taught_in_one_language_alone_is_told(call: Call, unworded_shop: Path) -> None:
    path = unworded_shop / "intents/en/request_refund.yaml"
    path.write_text(re.sub(r"(?m)^ +late:.*\n(?: +- .*\n)*", "", path.read_text("utf-8")), "utf-8")
    found = [line for line in call("lint").stdout.splitlines() if "is taught in" in line]
    (line,) = found
    assert line.startswith(
        "warning: intents/en/request_refund.yaml: slots: reason: 'late' is taught in intents/zh/"
    )


def test_a_third_language_without_its_list_is_told_what_it_lacks_and_served_all_the_same(small: Shop) -> None:
    small.languages("en", "fr")
    small.say("en", NO_CASES, "What now?" + BUTTON.format("Refund"))
    small.write(f"replies/fr/{NO_CASES}.j2", "C'est garanti." + BUTTON.format("Remboursement"))
    (line,) = small.told("replies/fr/tone.yaml") + small.told("replies/fr/command")
    assert line.startswith("replies/fr/tone.yaml:1: warning: nothing says how this language greets")
    assert "copy replies/en/tone.yaml" in line


def test_a_third_languages_own_list_is_followed(small: Shop) -> None:
    small.languages("en", "fr")
    small.say("en", NO_CASES, "What now?" + BUTTON.format("Refund"))
    small.write(
        "replies/fr/tone.yaml",
        "says: {apology: [désolé], next_step: [cliquez]}\nnot: [ne]\n"
        "never:\n  absolutes: {why: on tient parole, instead: dites ce qui est sûr, words: [garanti]}\n",
    )
    small.write(f"replies/fr/{NO_CASES}.j2", "C'est GARANTI." + BUTTON.format("Remboursement"))
    told = "\n".join(small.told("replies/fr"))
    assert "no_cases.j2:1: warning: “garanti” (absolutes); on tient parole; dites ce qui est sûr" in told
    assert "no_cases.j2:1: warning: no next step" in told
    for name in ("greeting", "thanks", "deadline"):
        assert f"tone.yaml:1: warning: no words for {name!r}" in told
    for name in ("reviews", "blame", "numbers"):
        assert f"tone.yaml:1: warning: no list {name!r} here, but replies/en/tone.yaml has one" in told


# -- the lists --------------------------------------------------------------------------------------------------------


def test_an_owners_own_group_is_looked_for(small: Shop) -> None:
    own = "\n  haste:\n    why: it is no time\n    instead: say by when\n    words: [very soon]\n    unless: [not very soon at all]\n"
    small.write("replies/en/tone.yaml", tone_of("en").replace("\nnever:", f"\nnever:{own}"))
    text = "Very soon. How?" + BUTTON.format("x")
    assert small.told_of("en", NO_CASES, text) == [
        "1: warning: “very soon” (haste); it is no time; say by when"
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("says: [a]", "1: warning: write `name:` lines here"),
        ("says: {apologie: [a]}", "there is no 'apologie' here — did you mean 'apology'?"),
        ("says: {apology: sorry}", "write a list here"),
        ("says: {apology: [[a]]}", "this entry is no word"),
        ("says: {apology: ['a…']}", "needs words on both sides of …"),
        (f"says: {{apology: [{'x' * 61}]}}", "is longer than 60 characters"),
        (f"not: [{', '.join(['x'] * 700)}]", "more than 600 entries"),
        ("never: {rude: {words: [shut up]}}", "'rude' has no `why:`"),
        ("says: {apology: [a}", "tone.yaml:1: warning: "),
        ("x" * 70_000, "the file has more than 65536 characters"),
        ("says: &a [*a]", "references are not taken"),
    ],
)
def test_a_list_that_can_not_be_read_is_told_and_stops_nobody(small: Shop, content: str, told: str) -> None:
    small.write("replies/en/tone.yaml", content)
    found = small.told("tone.yaml")
    assert any(told in line for line in found), found
    assert all(": warning: " in line for line in found)


# -- how it ends ------------------------------------------------------------------------------------------------------


def test_tone_is_to_consider_and_fails_only_a_strict_lint(
    call: Call, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reworded(shop / "replies/en/thanks/welcome.j2", "You're always welcome!")
    found: list[str] = []
    look = words._quick

    def look_once(*at: Any) -> list[str]:
        """A whole shop takes seconds, and how strict one is changes nothing of what is found."""
        found.extend(() if found else look(*at))
        return [*found]

    monkeypatch.setattr(words, "_quick", look_once)
    loose, strict = call("lint"), call("lint", "--strict")
    assert "0 to mend, 1 to consider" in loose.stdout
    assert (loose.exit_code, strict.exit_code) == (0, 1)
