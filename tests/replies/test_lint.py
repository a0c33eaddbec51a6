"""The linter finds what a buyer would otherwise find."""

from __future__ import annotations

import pytest

from bot.domain.cases import Case
from bot.domain.orders import Order, Parcel
from bot.domain.replies import Reply, Tone, reply
from bot.flows import REPLIES
from bot.replies.finding import Finding, Severity
from bot.replies.lint import lint

WHERE = reply("track/where", tone=Tone.PLAIN, order=Order, parcels=tuple[Parcel, ...])
PICK = reply("track/pick", "order", tone=Tone.PLAIN, option={"order": Order}, case=Case)


FEW = {name: declared for name, declared in REPLIES.items() if name.startswith(("thanks/", "order/"))}
"""Replies enough for what concerns whole folders; all of them take the linter seconds."""


@pytest.fixture
def few(files: dict[str, str]) -> dict[str, str]:
    """The shipped files of these replies, and the words."""
    kept = ("/thanks/", "/order/", "words.yaml")
    return {path: text for path, text in files.items() if any(part in path for part in kept)}


def found(template: str, declared: Reply = WHERE) -> list[Finding]:
    """Findings about one template, the language's words left out."""
    findings = lint({f"replies/en/{declared.name}.j2": template}, declared={declared.name: declared})
    return [finding for finding in findings if not finding.path.endswith("words.yaml")]


def message(template: str, declared: Reply = WHERE) -> str:
    findings = found(template, declared)
    assert len(findings) == 1, findings
    return f"{findings[0].line}: {findings[0].message}"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ ordr.number }}", "1: this reply has no value 'ordr' — did you mean 'order'?"),
        ("\n{{ order.titel }}", "2: 'order' has no 'titel' — did you mean 'title'?"),
        (
            "{% for parcel in parcels %}\n{{ parcel.trackng }}\n{% endfor %}x",
            "2: 'parcel' has no 'trackng'; there is ",
        ),
        (
            "{% for parcel in order.parcels[:2] %}\n{% for event in parcel.events %}{{ event.plce }}{% endfor %}{% endfor %}x",
            "2: 'event' has no 'plce' — did you mean 'place'?",
        ),
        (
            "{% set first = order.lines[0] %}{{ first.titel }}",
            "1: 'first' has no 'titel' — did you mean 'title'?",
        ),
        ("{{ order.title.length }}", "1: 'order.title' has no 'length'"),
        ("{{ order.paid }}", "1: 'order.paid' can't be shown as it is; write {{ order.paid|money }}"),
        (
            "{{ order.placed_at }}",
            "1: 'order.placed_at' can't be shown as it is; write {{ order.placed_at|moment }}",
        ),
        ("{{ order.shipped }}", "1: 'order.shipped' can't be shown as it is; it is yes or no"),
        ("{{ order.lines }}", "1: 'order.lines' can't be shown as it is; write {% for one in order.lines %}"),
        ("{{ order }}", "1: 'order' can't be shown as it is; name one of its parts: order.number"),
        (
            "{{ order.paid_at|moment }}",
            "1: 'order.paid_at' may be missing; put it inside {% if order.paid_at %}",
        ),
        ("{{ order.phone }}", "1: 'order.phone' proves whose order it is and is never shown"),
        ("{{ order.title|money }}", "1: the filter 'money' is not for this value"),
        (
            "{{ order.paid|short(3) }}",
            "1: the filter 'short' is not for this value; write {{ order.paid|money }}",
        ),
        ("{{ order.title|word }}", '1: say which words: |word("carrier")'),
        ("{{ order.title|carrrier }}", "1: there is no filter 'carrrier' — did you mean 'carrier'?"),
        ("{% for x in order %}x{% endfor %}y", "1: 'order' is not a list; there is nothing to loop over"),
        ("{{ order[0] }}", "1: 'order' is not a list; it has no items"),
        (
            '{% for p in parcels %}{% if p.state == "delivred" %}x{% endif %}{% endfor %}y',
            "1: 'p.state' is never 'delivred' — did you mean 'delivered'?",
        ),
        ('{{ "a" if order.shipped }}', "1: an `if` inside {{ }} needs its else"),
        ("<em>x {{ order.number }}", "1: <em> is not shown by messengers"),
        ("{{ order.title", "1: "),
        ("x {{ parcels[0].number }}", "1: on some values it fails: "),
        ("{% if parcels %}x{% endif %}", "1: on some values it fails: the reply came out empty"),
        ("{% for p in parcels %}{{ p.number }}{% endfor %}x", "1: it can come to more than 4096 characters"),
    ],
)
def test_names_line_trouble_and_mend(template: str, told: str) -> None:
    findings = found(template)
    assert told in f"{findings[0].line}: {findings[0].message}"
    assert findings[0].severity is Severity.ERROR


@pytest.mark.parametrize(
    "template",
    [
        "{% if order.paid_at %}{{ order.paid_at|moment }}{% endif %}x",
        "{% if not order.paid_at %}x{% else %}{{ order.paid_at|moment }}{% endif %}",
        "{% if not order.paid_at %}x{% elif order.shipped %}{{ order.paid_at|day }}{% endif %}x",
        "{% if order.shipped and order.paid_at %}{{ order.paid_at|moment }}{% endif %}x",
        "{% if not order.paid_at or order.shipped %}x{% else %}{{ order.paid_at|moment }}{% endif %}",
        "{% if order.paid_at is not none %}{{ order.paid_at|moment }}{% endif %}x",
        '{{ order.paid_at|moment if order.paid_at else "x" }}',
        "{% for p in parcels[:2] %}{% if p.last_event %}{{ p.last_event.at|time }}{% endif %}{% endfor %}x",
        "{% for p in parcels[:2] if p.eta %}{{ p.eta|day }}{% endfor %}x",
        "{{ order.phone|mask }}x",
        "{{ parcels|count - 1 }}",
    ],
)
def test_takes_what_is_safe(template: str) -> None:
    assert found(template) == []


@pytest.mark.parametrize(
    "template",
    [
        "{% if order.paid_at or order.shipped %}{{ order.paid_at|moment }}{% endif %}x",
        "{% if not order.paid_at or order.shipped %}{{ order.paid_at|moment }}{% endif %}x",
        "{% if order.paid_at %}y{% endif %}{{ order.paid_at|moment }}x",
        "{% if not order.paid_at %}{{ order.paid_at|moment }}{% endif %}x",
        "{% if order.shipped_at %}{{ order.paid_at|moment }}{% endif %}x",
    ],
)
def test_is_not_fooled_by_an_if_that_proves_nothing(template: str) -> None:
    assert "'order.paid_at' may be missing" in message(template)


def test_buttons_are_checked_like_texts() -> None:
    assert message("x\n---\norder: {{ order.titel }}", PICK).startswith("3: 'order' has no 'titel'")
    assert message("x", PICK).startswith("2: the button 'order' has no words")
    assert (
        message("x\n---\norder: y\nordr: y", PICK)
        == "4: this reply has no button 'ordr' — did you mean 'order'?"
    )


def test_a_label_that_can_grow_too_long_is_a_warning() -> None:
    (finding,) = found("x\n---\norder: {{ order.title }}", PICK)
    assert finding.severity is Severity.WARNING
    assert finding.line == 3
    assert "more than 64 characters" in finding.message


def test_every_value_of_an_enum_is_tried() -> None:
    """Only a closed case makes this one fall silent."""
    silent = '{% if case.state != "CLOSED" %}x{% endif %}\n---\norder: y'
    assert "came out empty" in message(silent, PICK)


def test_missing_files_and_unequal_languages(few: dict[str, str]) -> None:
    fewer = {path: text for path, text in few.items() if path != "replies/en/thanks/welcome.j2"}
    assert [str(finding) for finding in lint(fewer, languages=("zh", "en"), declared=FEW)] == [
        "replies/en/thanks/welcome.j2:1: error: this reply is missing; copy replies/zh/thanks/welcome.j2 and translate it"
    ]


def test_files_nobody_asks_for(few: dict[str, str]) -> None:
    more = {
        "replies/en/thanks/welcom.j2": "x",
        "replies/fr/thanks/welcome.j2": "x",
        "replies/notes.txt": "x",
        "replies/README.md": "x",
    }
    told = {finding.path: finding for finding in lint({**few, **more}, languages=("zh", "en"), declared=FEW)}
    assert set(told) == set(more) - {"replies/README.md"}
    assert "did you mean 'thanks/welcome'?" in told["replies/en/thanks/welcom.j2"].message
    assert "does not answer in 'fr'" in told["replies/fr/thanks/welcome.j2"].message
    assert {finding.severity for finding in told.values()} == {Severity.WARNING}


def test_a_language_without_words(few: dict[str, str]) -> None:
    fewer = {path: text for path, text in few.items() if path != "replies/en/words.yaml"}
    assert any(
        f.path == "replies/en/words.yaml" and "no words" in f.message
        for f in lint(fewer, languages=("zh", "en"), declared=FEW)
    )


@pytest.mark.parametrize(
    ("old", "new", "line_of", "told"),
    [
        ("  SUCCESS: granted and settled\n", "", "state:", "state: 'SUCCESS' has no words; add `SUCCESS: …`"),
        ("  SUCCESS: ", "  SUCESS: ", "state:", "state: nobody asks for 'SUCESS' — did you mean 'SUCCESS'?"),
        ("\nreason:\n", "\nreson:\n", "reson:", "nobody asks for the group 'reson' — did you mean 'reason'?"),
        ("  sf: SF Express\n", "", "carrier:", "carrier: 'sf' has no words; add `sf: …`"),
        ("  sf: SF Express\n", "  sf:\n", "  sf:", "'sf' needs its words on the same line"),
        ("  sf: SF Express\n", "  sf: a\n  sf: b\n", "  sf: b", "'sf' stands here twice, first on line "),
        ("  day: d MMM\n", "  day: qqqqqq\n", "format:", "format 'day' is no day pattern"),
        (
            "  help: What I can do\n",
            "  help: &x What\n  more: *x\n",
            "  more: *x",
            "& and * references are not taken",
        ),
    ],
)
def test_words_that_are_missing_or_wrong(
    few: dict[str, str], old: str, new: str, line_of: str, told: str
) -> None:
    path = "replies/en/words.yaml"
    assert old in few[path]
    edited = few[path].replace(old, new, 1)
    findings = [
        f for f in lint({**few, path: edited}, languages=("zh", "en"), declared=FEW) if f.path == path
    ]
    (finding,) = [f for f in findings if told in f.message]
    expected = edited.splitlines().index(line_of) + 1 if line_of else 1
    assert finding.line == expected


def test_findings_come_in_a_stable_order(few: dict[str, str]) -> None:
    broken = {path: f"{text}\n{{{{ nobody }}}}" for path, text in few.items()}
    once = lint(broken, languages=("zh", "en"), declared=FEW)
    again = lint(dict(reversed(broken.items())), languages=("zh", "en"), declared=FEW)
    assert once == again == tuple(sorted(once))
    assert len({finding.path for finding in once}) == len(few)
