"""Learning from phrases: what a handful of them is enough for, and what is admitted not to be known."""

from __future__ import annotations

import io
import string
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.folder.kept import Kept
from bot.folder.learned import Learned
from bot.lexicon import load_lexicon
from bot.understanding import judge, storing
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalise import normalise
from bot.understanding.pieces import Pieces, likeness
from bot.understanding.recogniser import Lesson, Recogniser
from bot.understanding.repair import Repair, slips
from bot.understanding.softmax import learn
from bot.understanding.syllables import sounds, typed

TAUGHT = {
    "lights_on": ["turn on the light", "switch the lamp on", "lights please", "it is too dark in here", "make it bright"],
    "music": ["play some music", "put on a song", "i want to hear jazz", "start the playlist", "sing something"],
    "weather": ["will it rain today", "how is the weather", "do i need an umbrella", "is it cold outside", "forecast"],
    "timer": ["set a timer for ten minutes", "wake me in an hour", "remind me to stir", "count down", "alarm at six"],
    "退款": ["我要退款", "把钱退给我", "申请退钱", "退款怎么弄", "东西不要了退我钱"],
    "查件": ["快递到哪了", "我的包裹呢", "物流怎么不动了", "什么时候送到", "查一下快递"],
    "发票": ["开发票", "发票怎么开", "要一张电子发票", "公司抬头的票", "报销用的发票"],
    "换货": ["换个大一码", "想换颜色", "换一件新的", "能换货吗", "尺码换成四十二"],
}  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def recogniser(lexicon: Lexicon) -> Recogniser:
    lessons = [
        Lesson(normalise(phrase), intent, han=not phrase.isascii())
        for intent, phrases in TAUGHT.items()
        for phrase in phrases
    ]
    return Recogniser.of(lessons, lexicon)


def best(recogniser: Recogniser, text: str) -> str:
    return recogniser.verdict(normalise(text)).chances[0][0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("swich the ligt on plese", "lights_on"),
        ("can you put some jazz music on", "music"),
        ("is it going to rain", "weather"),
        ("a timer of five minutes", "timer"),
        ("申请推宽", "退款"),
        ("tuikuan", "退款"),
        ("kuai di dao na le", "查件"),
        ("快弟到那里了", "查件"),
        ("电子发飘", "发票"),
    ],
)
def test_slips_homophones_and_pinyin_are_heard(recogniser: Recogniser, text: str, intent: str) -> None:
    assert best(recogniser, text) == intent


def test_words_nobody_taught_are_near_to_those_that_were(recogniser: Recogniser) -> None:
    assert best(recogniser, "is it going to snow tomorrow") == "weather"


@pytest.mark.parametrize("text", ["purple monkey dishwasher", "qwxz vbnm", "昨晚的球赛真精彩"])
def test_what_is_none_of_it_gets_less_belief_than_what_is(recogniser: Recogniser, text: str) -> None:
    taught = recogniser.verdict("我要退款" if not text.isascii() else "will it rain today").best
    assert recogniser.verdict(normalise(text)).best < taught / 2


def test_the_same_phrases_teach_the_same_twice(lexicon: Lexicon) -> None:
    lessons = [
        Lesson(phrase, intent, han=False) for intent, each in list(TAUGHT.items())[:4] for phrase in each
    ]
    once, again = Recogniser.of(lessons, lexicon), Recogniser.of(lessons, lexicon)
    assert once.verdict("some music").chances == again.verdict("some music").chances


def test_what_was_learned_comes_back_from_its_bytes(recogniser: Recogniser, lexicon: Lexicon) -> None:
    again = storing.loaded(storing.stored(recogniser), lexicon)
    for text in ("put on a song", "快递到哪了", "nothing of the kind"):
        ours, theirs = recogniser.verdict(text), again.verdict(text)
        assert [intent for intent, _ in ours.chances] == [intent for intent, _ in theirs.chances]
        assert ours.best == pytest.approx(theirs.best, abs=0.01)


def test_bytes_of_something_else_are_refused(lexicon: Lexicon) -> None:
    with pytest.raises(ValueError, match="nothing that was learned"):
        storing.loaded(b"PK\x03\x04 nothing of ours", lexicon)


@pytest.mark.parametrize(
    "told", ["[]", "7", "{", '{"han": {}}', '{"han": 1}', '{"latin": {"blocks": [["spelling"]]}}']
)
def test_learned_bytes_of_another_shape_are_refused(lexicon: Lexicon, told: str) -> None:
    content = io.BytesIO()
    np.savez(content, told=np.frombuffer(told.encode(), np.uint8))
    with pytest.raises(ValueError, match="nothing that was learned"):
        storing.loaded(content.getvalue(), lexicon)


def test_the_start_that_learns_and_the_next_one_answer_the_same(
    lexicon: Lexicon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "_MOST", 12)  # fewer than there are: the rest is still looked up
    lessons = [
        Lesson(normalise(phrase), intent, han=not phrase.isascii())
        for intent, phrases in TAUGHT.items()
        for phrase in phrases
    ]
    first, second = (Learned(Kept(tmp_path))(lessons, lexicon) for _ in range(2))
    for text in ("the playlst please", "alram at six", "umbrela", "jaz", "申请推宽", "kuaidi"):
        assert first.verdict(text).chances == second.verdict(text).chances
        mended = {recogniser.judges["latin"].model.views.repair(text) for recogniser in (first, second)}
        assert len(mended) == 1


def test_words_of_phrases_that_are_not_learned_from_are_mended_all_the_same(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge, "_MOST", 4)
    lessons = [
        Lesson(phrase, intent, han=False) for intent, each in list(TAUGHT.items())[:4] for phrase in each
    ]
    mend = Recogniser.of(lessons, lexicon).judges["latin"].model.views.repair
    assert mend("umbrlla playlsit") == "umbrella playlist"


def test_one_intent_alone_is_nothing_to_choose_from(lexicon: Lexicon) -> None:
    assert Recogniser.of([Lesson("hello", "greeting", han=False)], lexicon).verdict("hello").chances == ()


@given(text=st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_chances_are_chances_whatever_is_said(text: str) -> None:
    chances = [chance for _, chance in _once().verdict(normalise(text)).chances]
    assert all(0 <= chance <= 1 for chance in chances)
    assert sum(chances) <= 1.0001
    assert chances == sorted(chances, reverse=True)


@cache
def _once() -> Recogniser:
    """Not a fixture: what a property test takes is printed when it fails, and this is large."""
    lessons = [
        Lesson(phrase, intent, han=False) for intent, each in list(TAUGHT.items())[:4] for phrase in each
    ]
    return Recogniser.of(lessons, load_lexicon())


def test_the_weights_that_were_learned_fit_the_phrases_they_were_learned_from() -> None:
    chance = np.random.default_rng(3)
    points = chance.normal(size=(60, 5)).astype(np.float32)
    wanted = np.eye(3, dtype=np.float32)[points[:, :3].argmax(axis=1)]
    found, bias = learn(points @ points.T, wanted)
    right = ((points @ points.T) @ found + bias).argmax(axis=1) == wanted.argmax(axis=1)
    assert right.mean() > 0.95


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), min_size=2, max_size=40))
@settings(max_examples=60, deadline=None)
def test_likeness_is_the_cosine_of_every_two(texts: list[list[str]]) -> None:
    pieces = Pieces.of(texts)
    rows = [pieces.weigh(text) for text in texts]
    dense = np.zeros((len(texts), len(pieces.places)), np.float32)
    for at, row in enumerate(rows):
        dense[at, row.places] = row.weights
    assert np.allclose(likeness(rows, len(pieces.places)), dense @ dense.T, atol=1e-5)


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("refnd", "refund"),
        ("refudn", "refund"),
        ("redund", "refund"),
        ("reffund", "refund"),
        ("parcle", "parcel"),
    ],
)
def test_slips_of_the_fingers_are_mended(slip: str, word: str) -> None:
    mend = Repair(["refund my order please", "where is the parcel"], lambda _: False)
    assert mend(slip) == word


def test_a_right_word_nobody_taught_is_left_alone(lexicon: Lexicon) -> None:
    mend = Repair(["where is the parcel"], lexicon.knows)
    assert mend("there were marvels") == "there were marvels"


@given(st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=12))
def test_nothing_has_to_go_wrong_for_the_word_itself(word: str) -> None:
    assert slips(word, word) == 0


@pytest.mark.parametrize(
    ("text", "heard"), [("tuikuan", ("tui", "kuan")), ("zhengfu", ("zen", "fu")), ("xyz", ())]
)
def test_typed_pinyin_falls_into_its_syllables(text: str, heard: tuple[str, ...]) -> None:
    assert typed(text) == heard


def test_characters_that_sound_alike_are_heard_alike(lexicon: Lexicon) -> None:
    assert sounds("退宽", lexicon.syllable) == sounds("推款", lexicon.syllable) == ["tui", "kuan"]
