"""The words we ship: complete in both languages, whatever the values are."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.cases import Case, Goods, Kind, Reason, State
from bot.domain.evidence import wanted
from bot.domain.messages import Button, Medium
from bot.domain.money import Money
from bot.domain.orders import ParcelState
from bot.domain.pins import pin
from bot.domain.samples import Sampler, Size
from bot.domain.tags import plain
from bot.errors import TemplateError
from bot.flows import INTENTS, REPLIES
from bot.flows.commands import NAMES
from bot.flows.flow import UNASKED
from bot.replies import Replies
from bot.replies.markup import MAX_UNITS, balanced, units
from bot.replies.preview import preview, sample_of
from bot.replies.tongue import ENUMS

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("family", sorted({name.partition("/")[0] for name in REPLIES}))
def test_every_reply_can_be_said(shipped: Replies, family: str, language: str) -> None:
    names = (name for name in REPLIES if name.startswith(f"{family}/"))
    for name, size in product(names, Size):
        rendered = sample_of(shipped, name, language, size)
        assert plain(rendered.text).strip(), (name, size)
        assert balanced(rendered.text), (name, size)
        assert units(rendered.text) <= MAX_UNITS, (name, size)
        assert all(label.strip() and len(label) <= 64 for label, _ in rendered.buttons), (name, size)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("group", ENUMS)
def test_every_value_has_words_of_its_own(shipped: Replies, group: str, language: str) -> None:
    words = shipped.words(language, group)
    assert set(words) == {member.value for member in ENUMS[group]}
    assert len(set(words.values())) == len(words), "two values read the same"


@pytest.mark.parametrize("language", LANGUAGES)
def test_intents_commands_and_languages_have_words(shipped: Replies, language: str) -> None:
    assert set(shipped.words(language, "intent")) == INTENTS - {"none"} | UNASKED
    assert list(shipped.words(language, "command")) == list(NAMES)
    assert all(len(words) <= 256 for words in shipped.words(language, "command").values())
    assert shipped.words(language, "language") == {"zh": "简体中文", "en": "English"}


def test_both_languages_word_the_same_things(shipped: Replies) -> None:
    zh, en = (shipped.wordlists[language].groups for language in LANGUAGES)
    assert {group: sorted(words) for group, words in zh.items()} == {
        group: sorted(words) for group, words in en.items()
    }


def test_words_fall_back_to_the_main_language_and_then_to_the_key(shipped: Replies) -> None:
    assert shipped.words("fr", "state") == shipped.words("zh", "state")
    assert shipped.words("en", "nothing") == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_chinese_is_chinese_and_english_is_english(shipped: Replies, language: str) -> None:
    """No reply was left in the other language; names and the language question aside."""
    for name in REPLIES.keys() - {"command/language"}:
        rendered = sample_of(shipped, name, language)
        text = rendered.text + "".join(label for label, _ in rendered.buttons)
        told = text.replace("简体中文", "")
        chinese = any("\u4e00" <= char <= "\u9fff" for char in told)
        assert chinese is (language == "zh"), name


# -- the tone: what a buyer must be told, in words ------------------------------------------------------------------


def said(replies: Replies, name: str, language: str, **values: Any) -> str:
    return plain(sample_of(replies, name, language, **values).text)


def parcel(**changes: Any) -> Any:
    (sample,) = Sampler().values({"parcels": REPLIES["track_parcel/where"].values["parcels"]})["parcels"]
    return replace(sample, **changes)


def test_news_that_is_old_says_since_when(shipped: Replies) -> None:
    asked = datetime(2026, 11, 20, 1, 5, tzinfo=UTC)
    old = (parcel(unavailable=True, as_of=asked),)
    assert "11月20日 09:05" in said(shipped, "track_parcel/where", "zh", parcels=old)
    assert "20 Nov, 09:05" in said(shipped, "track_parcel/where", "en", parcels=old)
    fresh = (parcel(unavailable=False, as_of=asked),)
    assert "11月20日 09:05" not in said(shipped, "track_parcel/where", "zh", parcels=fresh)


def test_an_unknown_arrival_is_owned_up_to(shipped: Replies) -> None:
    text = said(shipped, "track_parcel/where", "en", parcels=(parcel(eta=None),))
    assert "hasn't given a delivery date" in text
    assert "Expected" not in text


def test_several_parcels_are_counted_and_told_apart(shipped: Replies) -> None:
    text = said(shipped, "track_parcel/where", "en", parcels=(parcel(), parcel(number="SECOND")))
    assert "2 parcels" in text
    assert "Parcel 2 · DHL SECOND" in text
    assert "Parcel 1" not in said(shipped, "track_parcel/where", "en", parcels=(parcel(),))


def test_a_seventh_parcel_is_not_passed_over_in_silence(shipped: Replies) -> None:
    assert "There are 2 more" in said(shipped, "track_parcel/where", "en", parcels=(parcel(),) * 7)


def test_only_web_links_are_links(shipped: Replies) -> None:
    text = sample_of(shipped, "track_parcel/where", "en", parcels=(parcel(link="javascript:alert(1)"),)).text
    assert "javascript" not in text
    quoted = sample_of(
        shipped, "track_parcel/where", "en", parcels=(parcel(link='https://x.example/"onclick="y'),)
    ).text
    assert "onclick" not in quoted
    linked = sample_of(
        shipped, "track_parcel/where", "en", parcels=(parcel(link="https://x.example/?a=1&b=2"),)
    ).text
    assert '<a href="https://x.example/?a=1&amp;b=2">' in linked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["escalate/queued", "talk/two_misses", "order/too_many", "revoke_refund/seller_asked"]
)
def test_out_of_hours_says_when_and_in_hours_says_how_long(
    shipped: Replies, name: str, language: str
) -> None:
    back = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    closed = said(shipped, name, language, back_at=back, minutes=120)
    opened = said(shipped, name, language, back_at=None, minutes=120)
    when, wait = {"zh": ("11月26日 09:00", "2小时"), "en": ("26 Nov, 09:00", "2 hours")}[language]
    assert when in closed
    assert wait not in closed
    assert wait in opened
    assert when not in opened


def test_an_application_ends_with_its_number_and_deadline(shipped: Replies) -> None:
    due = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
    text = said(shipped, "request_refund/opened", "zh", due=due, evidence_missing=False)
    assert "R2611250042" in text
    assert "11月28日 14:30" in text
    assert "照片" not in text
    assert "照片" in said(shipped, "request_refund/opened", "zh", due=due, evidence_missing=True)


def test_who_pays_the_postage_follows_the_fault(shipped: Replies) -> None:
    def postage(kind: Kind, *, buyer_pays: bool) -> str:
        return said(shipped, "request_refund/confirm", "en", kind=kind, buyer_pays=buyer_pays)

    assert "yours to pay" in postage(Kind.RETURN_REFUND, buyer_pays=True)
    assert "we pay" in postage(Kind.RETURN_REFUND, buyer_pays=False)
    assert "postage" not in postage(Kind.REFUND_ONLY, buyer_pays=False)


def test_evidence_is_asked_for_or_counted(shipped: Replies) -> None:
    assert "label" in said(
        shipped,
        "request_refund/evidence",
        "en",
        reason=Reason.DAMAGED,
        wanted=wanted(Reason.DAMAGED),
        count=0,
    )
    assert "Got 1 file," in said(
        shipped,
        "request_refund/evidence",
        "en",
        reason=Reason.DAMAGED,
        wanted=wanted(Reason.DAMAGED),
        count=1,
    )
    assert "Got 3 files," in said(
        shipped,
        "request_refund/evidence",
        "en",
        reason=Reason.DAMAGED,
        wanted=wanted(Reason.DAMAGED),
        count=3,
    )


@pytest.mark.parametrize("medium", Medium)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_of_file_gets_an_answer(shipped: Replies, medium: Medium, language: str) -> None:
    text = said(shipped, "talk/file_only", language, medium=medium.value)
    assert medium.value not in text or language == "en"


def test_the_card_offers_the_commands_that_fit(shipped: Replies) -> None:
    def card(state: State, locked: bool = False) -> str:
        case = replace(Sampler().value(Case), state=state, locked=locked)
        return said(shipped, "desk/card", "en", cases=(case,))

    assert "/refuse R2611250042" in card(State.WAIT_SELLER_AGREE)
    assert "/waybill" not in card(State.WAIT_SELLER_AGREE)
    assert "/waybill R2611250042" in card(State.WAIT_BUYER_RETURN_GOODS)
    assert "/reject R2611250042" in card(State.WAIT_SELLER_CONFIRM_GOODS)
    assert "R2611250042 reason" not in card(State.WAIT_SELLER_AGREE, locked=True)
    assert "/release" in card(State.SELLER_REFUSE_BUYER)


@pytest.mark.parametrize(
    ("language", "words", "pays"),
    [
        ("zh", "右脚鞋底开胶了", "来回运费由我们承担"),
        ("en", "The sole of the right shoe came off", "we pay the postage both ways"),
    ],
)
def test_a_previewed_request_holds_together(shipped: Replies, language: str, words: str, pays: str) -> None:
    """What is faulty is not sent back at the buyer's cost, and is told in words."""
    shown = preview(shipped, "request_refund/confirm", language)
    assert words in shown
    assert "R2611250042" not in shown
    assert pays in shown


def test_preview_shows_plain_text_with_its_buttons(shipped: Replies) -> None:
    shown = preview(shipped, "request_refund/dropped", "en")
    assert shown.startswith("All right, nothing was sent")
    shown = preview(shipped, "track_parcel/not_shipped", "en")
    assert shown.endswith("\n\n[ 💰 Cancel and refund ]")
    assert "<" not in shown
    with pytest.raises(TemplateError, match="did you mean 'track_parcel/where'"):
        preview(shipped, "track_parcel/were", "en")


# -- whatever the values ---------------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.text(max_size=60).filter(lambda text: "{{" not in text),  # a mark of ours, looked for below
    st.sampled_from(
        [
            "<b>bold</b>",
            "</b></code><script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "&lt;b&gt; &amp; &",
            "{{ order.phone }}{% for %}",
            "\u202eolleh\u2066",
            "\x00\x07nul",
            "🧦" * 300,
            "👩‍👩‍👧‍👦" * 50,
            "---\nhuman: x",
            "\n\n\n",
        ]
    ),
)
MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CODES = {"currency", "language", "flow", "medium"}
"""Texts that are always one of a few the bot itself writes."""
DRAWN: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 10**6),
    str: HOSTILE,
    datetime: MOMENTS,
}


def spoilt(value: Any, draw: st.DrawFn, name: str = "") -> Any:
    """The same value with other texts, numbers, moments and enum members drawn into it."""
    if isinstance(value, Enum):
        return draw(st.sampled_from(type(value)))
    if isinstance(value, Money):
        return replace(value, minor=draw(st.integers(0, 10**12)))
    if name == "number" and type(value) is str:
        return f"7{draw(HOSTILE)}"  # a number of a case, an order, a parcel is never empty
    if type(value) in DRAWN:
        return value if name in CODES or value == "" else draw(DRAWN[type(value)])
    if isinstance(value, tuple):
        return tuple(spoilt(item, draw) for item in value * draw(st.integers(0, 2)))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: spoilt(getattr(value, f.name), draw, f.name) for f in fields(value)})
    return value


@st.composite
def says(draw: st.DrawFn) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    name, language = draw(st.sampled_from(sorted(REPLIES))), draw(st.sampled_from(LANGUAGES))
    sampler = Sampler(draw(st.sampled_from((Size.PLAIN, Size.BARE))), language)
    values = {key: spoilt(value, draw, key) for key, value in sampler.values(REPLIES[name].values).items()}
    options = sampler.values(REPLIES[name].label_values or {})
    return name, language, values, {key: spoilt(value, draw, key) for key, value in options.items()}


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(drawn=says())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_breaks_a_reply_or_gets_out_of_its_quotes(shipped: Replies, drawn: Any) -> None:
    name, language, values, options = drawn
    buttons = tuple(Button("sample", "1", label, options) for label in REPLIES[name].labels)
    rendered = shipped(REPLIES[name](buttons=buttons, **values), language)
    assert balanced(rendered.text)
    assert "<script" not in rendered.text
    assert "<img" not in rendered.text
    assert not set("\x00\u202e\u2066") & set(rendered.text)
    assert not set("\x00\u202e\u2066") & set("".join(label for label, _ in rendered.buttons))
    assert "{{" not in rendered.text.replace("{{ o", "")  # a spoilt value, perhaps cut


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["desk/buyer_says", "desk/agent_says"])
def test_4097_emoji_go_through_whole(shipped: Replies, name: str, language: str) -> None:
    """The channel splits what is too long for one message; nobody's words are cut here."""
    text = "🧦" * 4_097
    assert said(shipped, name, language, text=text).count("🧦") == 4_097


@pytest.mark.parametrize("language", LANGUAGES)
def test_4097_emoji_in_a_name_are_cut(shipped: Replies, language: str) -> None:
    text = sample_of(shipped, "greeting/hello", language, Size.PLAIN, name="🧦" * 4_097).text
    assert 0 < text.count("🧦") <= 20


def test_the_phone_of_an_order_is_told_to_none_but_an_agent_who_asks(shipped: Replies) -> None:
    for name, declared in REPLIES.items():
        if name == "desk/personal":
            continue
        for language in LANGUAGES:
            values = pin(Sampler(Size.PLAIN, language).values(declared.values), Goods.RECEIVED)
            rendered = sample_of(shipped, name, language, **values)
            assert "13800001234" not in rendered.text, name


@pytest.mark.parametrize("state", ParcelState)
def test_each_parcel_state_reads_well_in_both_languages(shipped: Replies, state: ParcelState) -> None:
    for language in LANGUAGES:
        text = said(shipped, "track_parcel/where", language, parcels=(parcel(state=state),))
        assert shipped.words(language, "parcel")[state.value] in text
