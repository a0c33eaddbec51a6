"""What lint tells of phrase files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.folder.lint import lint_phrases, lint_thefts
from bot.understanding.phrases import PhraseFile
from bot.understanding.teaching import Stolen

WORDS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet")


def told(phrases: Mapping[str, Sequence[str]]) -> list[str]:
    """What lint says of these phrases, but that other intents are missing."""
    files = {
        f"intents/en/{intent}.yaml": PhraseFile("en", intent, tuple(said)) for intent, said in phrases.items()
    }
    return [finding for finding in lint_phrases(files, ["en"]) if "is missing" not in finding]


def test_phrases_that_differ_say_nothing() -> None:
    assert told({"thanks": WORDS[:5], "invoice": WORDS[5:]}) == []


def test_a_phrase_that_adds_nothing_is_to_consider() -> None:
    (finding,) = told({"thanks": (*WORDS, "Alpha!")})
    assert finding == (
        "warning: intents/en/thanks.yaml: 'Alpha!' adds nothing to 'alpha'; leave one of them out"
    )


def test_a_phrase_that_stands_there_twice_is_told_as_that() -> None:
    (finding,) = told({"thanks": (*WORDS, "alpha")})
    assert "'alpha' stands there twice" in finding


def test_an_intent_with_few_phrases_is_told() -> None:
    (finding,) = told({"thanks": WORDS[:4]})
    assert "4 phrases are few; write at least 5" in finding


def test_an_intent_that_the_others_would_drown_is_told() -> None:
    many = {
        name: [f"{name} {a} {b}" for a in WORDS[:6] for b in WORDS[:6]]
        for name in ("invoice", "coupon", "deny")
    }
    (finding,) = told({**many, "thanks": WORDS[:6]})
    assert finding == (
        "warning: intents/en/thanks.yaml: 6 phrases are few beside the 36 that other intents have; write more"
    )


def test_a_phrase_that_two_intents_claim_in_different_characters_is_to_mend() -> None:
    files = {
        "intents/zh/track_parcel.yaml": PhraseFile("zh", "track_parcel", ("快递到哪里了",)),
        "intents/zh/hurry_parcel.yaml": PhraseFile("zh", "hurry_parcel", ("快遞到哪裡了",)),
    }
    assert (
        "error: intents/zh/hurry_parcel.yaml: '快遞到哪裡了' is also taught in intents/zh/track_parcel.yaml; "
        "keep it in one of them"
    ) in lint_phrases(files, ["zh", "en"])


def test_a_phrase_that_two_intents_claim_in_different_languages_is_to_mend() -> None:
    files = {
        "intents/zh/thanks.yaml": PhraseFile("zh", "thanks", ("ok thx",)),
        "intents/en/affirm.yaml": PhraseFile("en", "affirm", ("OK, thx",)),
    }
    (found,) = (finding for finding in lint_phrases(files, ["zh", "en"]) if "also taught" in finding)
    assert found.startswith(
        "error: intents/en/affirm.yaml: 'OK, thx' is also taught in intents/zh/thanks.yaml"
    )
    assert not any("also taught" in finding for finding in lint_phrases(files, ["en"]))


def test_stolen_phrases_are_told_file_by_file_and_ten_of_each_are_enough() -> None:
    thefts = [Stolen("en", "thanks", f"cheers {n}", "goodbye", 0.99 - n / 100, "cheerio") for n in range(13)]
    findings = list(lint_thefts([*thefts, Stolen("en", "deny", "not now", "goodbye", 0.9, "bye now")]))
    assert findings[0] == (
        "warning: intents/en/deny.yaml: 'not now' reads like goodbye (0.90), whose nearest phrase is 'bye now'"
    )
    assert len(findings) == 1 + 10 + 1
    assert findings[-1] == "warning: intents/en/thanks.yaml: and 3 more go to other intents"


def test_a_word_of_which_nearly_nothing_is_heard_is_told() -> None:
    slots = {"threat": {"yes": ("bbb", "a lawyer", "soooo angry")}}
    files = {"intents/en/none.yaml": PhraseFile("en", "none", WORDS, slots)}
    (found,) = (finding for finding in lint_phrases(files, ["en"]) if "is heard as" in finding)
    assert found == (
        "warning: intents/en/none.yaml: slots: threat: 'bbb' is heard as 'b'; leave it out, or write it out"
    )
