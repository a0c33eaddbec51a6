"""A template can't reach out of its sandbox, nor eat the shop's CPU and memory."""

from __future__ import annotations

import time

import pytest

from bot.domain.replies import Reply, Tone, reply
from bot.domain.samples import Sampler
from bot.errors import TemplateError
from bot.flows import REPLIES
from bot.replies import compile_replies

WHERE = REPLIES["track_parcel/where"]

BOMBS = [
    "{{ 'a' * 500000000 }}",
    "{{ 'a' * 5 * 100000000 }}",
    "{{ ['a'] * 500000000 }}",
    "{{ '%999999999d' % 1 }}",
    "{{ '{:>999999999}'.format(1) }}",
    "{{ 'a'.center(999999999) }}",
    "{{ 'a'|center(999999999) }}",
    "{{ order.title|short(999999999) }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 1 << 99999 }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% for i in 'abc' %}x{% endfor %}",
    "{% for i in (1, 2, 3) %}x{% endfor %}",
    "{% for i in parcels recursive %}{{ loop(parcels) }}{% endfor %}",
    "{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "{% set a = 'ab' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "{% set a = [order, order]|join %}",
    "{% set a %}x{% endset %}{{ a }}",
    "{% for a in parcels %}{% for b in parcels %}{% for c in parcels %}{% for d in parcels %}x"
    + "{% endfor %}" * 4,
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{% if order %}" * 300 + "{% endif %}" * 300,
    "{{ " + "not " * 3000 + "order }}",
    "{{ " + "9" * 6000 + " }}",
    "x" * 20_000,
]

ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ order.__class__.__mro__ }}",
    "{{ order['__class__'] }}",
    "{{ order['title'] }}",
    "{{ order|attr('__class__') }}",
    "{{ order._private }}",
    "{{ __name__ }}",
    "{{ self }}",
    "{{ self.__init__.__globals__ }}",
    "{{ cycler('a', 'b') }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ joiner() }}",
    "{{ namespace(a=1) }}",
    "{{ lipsum() }}",
    "{{ dict(a=1) }}",
    "{{ range }}",
    "{{ loop }}",
    "{{ order.pick(1) }}",
    "{{ order.title.upper() }}",
    "{{ order.pick }}",
    "{{ caller() }}",
    "{% for p in parcels %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for p in parcels %}{{ loop.__class__ }}{% endfor %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% include 'zh/words.yaml' %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'x' %}",
    "{% block a %}{% endblock %}",
    "{% macro a() %}{% endmacro %}",
    "{% call order() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% autoescape false %}{{ order.title }}{% endautoescape %}",
    "{{ order.title|safe }}",
    "{{ order.title|format }}",
    "{{ order.title|map }}",
    "{{ order.title is sameas order }}",
    "{% with a = 1 %}{% endwith %}",
    "{% set order.title = 1 %}",
    "{{ {'a': 1} }}",
    "{{ the language }}",
]

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "<a href=https://example.com>x</a>",
    '<a href="https://example.com" onclick="x">x</a>',
    '<a href="{{ order.title }}">x</a>',
    "<b onclick=x>x</b>",
    "<b {{ order.title }}>x</b>",
    "<{{ order.title }}>",
    "1 < 2",
    "<b>open",
    "closed</b>",
    "<b><i>crossed</b></i>",
    "<b>{% if parcels %}</b>{% endif %}",
    "{% for p in parcels %}<b>{% endfor %}</b>",
    "{% if parcels %}<b>{% else %}<i>{% endif %}",
    "{% raw %}<u>{% endraw %}",
]


def refused(text: str, declared: Reply = WHERE) -> str:
    """What the compiler says about a template; fails when it takes it."""
    labels = "".join(f"\n{label}: x" for label in declared.labels)
    path = f"replies/en/{declared.name}.j2"
    replies, errors = compile_replies({path: f"{text}\n---{labels}\n"}, declared={declared.name: declared})
    assert not replies.sheets, "it was taken"
    first = str(errors[0])
    assert first.startswith(f"{path}:"), first
    return first


@pytest.mark.parametrize("text", [*BOMBS, *ESCAPES, *MARKUP], ids=lambda text: text[:40])
def test_refuses_what_a_reply_has_no_business_with(text: str) -> None:
    begun = time.process_time()
    refused(text)
    assert time.process_time() - begun < 1, "refusing took too long"


def test_hidden_names_are_refused_even_where_types_say_nothing() -> None:
    declared = reply("test/any", tone=Tone.PLAIN, thing=object)
    assert "names that begin with _ are not for templates" in refused("{{ thing.__class__ }}", declared)
    assert "names that begin with _ are not for templates" in refused("{{ thing.a._b }}", declared)


@pytest.mark.parametrize("label", ["{{ 'a' * 500000000 }}", "{{ order.__class__ }}", "{{ cycler(1) }}"])
def test_buttons_are_no_back_door(label: str) -> None:
    path = "replies/en/track_parcel/where.j2"
    replies, errors = compile_replies(
        {path: f"Hello\n---\nhuman: {label}\nanother: Another\nnot_received: No\nhurry: Hurry\nlost: Lost\n"},
        declared={WHERE.name: WHERE},
    )
    assert not replies.sheets
    assert str(errors[0]).startswith(f"{path}:3:")


def test_loops_have_a_common_budget() -> None:
    """Each loop is small; inside each other over a long list they are not."""
    declared = reply("test/loops", tone=Tone.PLAIN, parcels=WHERE.values["parcels"])
    loops = "{% for a in parcels %}{% for b in parcels %}{% for c in parcels %}{% endfor %}{% endfor %}{% endfor %}x"
    replies, errors = compile_replies({"replies/en/test/loops.j2": loops}, declared={"test/loops": declared})
    assert not errors
    few = Sampler().value(WHERE.values["parcels"]) * 5
    assert replies(declared(parcels=few), "en").text == "x"
    with pytest.raises(TemplateError, match=r"loops\.j2:1: the loops take more than"):
        replies(declared(parcels=few * 40), "en")


def test_output_is_bounded() -> None:
    declared = reply("test/long", tone=Tone.PLAIN, lines=tuple[str, ...])
    long = "{% for line in lines %}{{ line }}{% endfor %}"
    replies, errors = compile_replies({"replies/en/test/long.j2": long}, declared={"test/long": declared})
    assert not errors
    with pytest.raises(TemplateError, match="comes to more than"):
        replies(declared(lines=("x" * 8_000,) * 100), "en")
