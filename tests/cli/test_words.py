"""What the owner sees of phrases and replies on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Call
from tests.copies import reworded


def test_understand_names_the_intent_the_phrase_what_carried_it_and_the_runners_up(call: Call) -> None:
    said = call("understand", "it broke after a day, i want my money back").output
    assert "acts on request_refund" in said
    assert "money" in said
    assert "message" in said or "clause" in said
    assert "quality_issue" in said
    assert "acts from 0.60" in said


def test_understand_tells_slots_as_the_asked_question_has_them(call: Call) -> None:
    assert "amount=20" in call("understand", "--asking", "amount", "二十块").output


def test_understand_reads_lines_and_writes_one_json_object_a_line(call: Call) -> None:
    result = call("understand", stdin="我的快递到哪了\nasdkjh qwe\n")
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert list(first) == ["text", "intent", "confidence", "candidates", "slots", "language"]
    assert first["intent"] == "track_parcel"
    assert first["candidates"][0] == {"intent": "track_parcel", "confidence": first["confidence"]}
    assert first["language"] == "zh"
    assert second["intent"] is None
    assert second["text"] == "asdkjh qwe"


def test_a_guess_that_would_be_asked_about_is_an_intent_and_one_below_is_none(call: Call, shop: Path) -> None:
    shop.joinpath("config.yaml").write_text("understanding: {act: 1.0, ask: 0.5}", "utf-8")
    asked = json.loads(call("understand", "--json", "where has my parcel gone to").stdout)
    assert asked["intent"] == "track_parcel"
    shop.joinpath("config.yaml").write_text("understanding: {act: 1.0, ask: 1.0}", "utf-8")
    unknown = json.loads(call("understand", "--json", "where has my parcel gone to").stdout)
    assert unknown["intent"] is None
    assert unknown["candidates"] == asked["candidates"]


def test_a_message_given_with_json_is_told_as_a_line_of_the_stream_is(call: Call) -> None:
    (streamed,) = call("understand", stdin="track 2600018003\n").stdout.splitlines()
    assert call("understand", "--json", "track", "2600018003").stdout.splitlines() == [streamed]


def test_lines_of_nothing_are_skipped_and_bytes_that_are_no_text_are_replaced(call: Call) -> None:
    said = b"\xef\xbb\xbfthanks\r\n\n   \n\xff\xfe thanks\nlast\xe2\x80\xa8line"
    result = call("understand", stdin=said)
    texts = [json.loads(line)["text"] for line in result.stdout.splitlines()]
    assert texts == ["thanks", "\ufffd\ufffd thanks", "last\u2028line"]


def test_the_conversations_language_can_be_given(call: Call) -> None:
    assert json.loads(call("understand", "--lang", "zh", "--json", "42").stdout)["language"] == "zh"


def test_the_starter_shop_lints_clean(call: Call) -> None:
    result = call("lint", "--strict")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("0 to mend, 0 to consider")


def test_lint_finds_a_slip_in_a_template_and_offers_the_nearest_name(call: Call, unworded_shop: Path) -> None:
    path = unworded_shop / "replies/en/request_refund/received.j2"
    path.write_text("About {{ order.nubmer }}: have you received it?", "utf-8")
    result = call("lint")
    assert result.exit_code == 1
    told = [line for line in result.output.splitlines() if "request_refund/received.j2:1" in line]
    assert any("'nubmer' — did you mean 'number'?" in line for line in told)


def test_lint_finds_a_phrase_that_two_intents_claim(call: Call, unworded_shop: Path) -> None:
    path = unworded_shop / "intents/en/escalate.yaml"
    path.write_text(
        path.read_text("utf-8").replace("phrases:", "phrases:\n  - where is my parcel", 1), "utf-8"
    )
    (told,) = [line for line in call("lint").output.splitlines() if "'where is my" in line]
    assert told.startswith("error: intents/en/")
    assert "escalate" in told
    assert "track_parcel" in told


def test_lint_names_phrases_that_add_nothing_and_asks_for_no_mend(call: Call, unworded_shop: Path) -> None:
    path = unworded_shop / "intents/en/thanks.yaml"
    path.write_text(path.read_text("utf-8").replace("phrases:", "phrases:\n  - THANK YOU!!", 1), "utf-8")
    told = [line for line in call("lint").output.splitlines() if "intents/en/thanks.yaml" in line]
    assert any(line.startswith("warning: ") and "adds nothing" in line for line in told)


def test_lint_phrases_names_a_phrase_that_another_intent_steals(call: Call, small_shop: Path) -> None:
    path = small_shop / "intents/en/thanks.yaml"
    for other in small_shop.glob("intents/*/*.yaml"):
        if other not in (path, path.with_name("track_parcel.yaml")):
            other.unlink()
    shutil.rmtree(small_shop / "replies")
    stray = "where is my parcel, when does my parcel arrive"
    path.write_text(path.read_text("utf-8").replace("phrases:", f"phrases:\n  - {stray}", 1), "utf-8")
    result = call("lint", "--phrases")
    assert f"warning: intents/en/thanks.yaml: {stray!r} reads like track_parcel" in result.stdout
    assert "part 10 of 10" in result.stderr
    assert "reads like" not in call("lint").stdout


def test_lint_names_the_line_of_a_phrase_file_that_can_not_be_read(call: Call, unworded_shop: Path) -> None:
    path = unworded_shop / "intents/zh/thanks.yaml"
    path.write_text("phrases:\n  - 谢谢\n  - '谢谢[啦'\n", "utf-8")
    result = call("lint")
    assert result.exit_code == 1
    (told,) = [line for line in result.output.splitlines() if line.startswith("intents/zh/thanks.yaml:3: ")]
    assert "never closed" in told


def test_a_shop_whose_replies_are_broken_is_not_started_and_every_problem_is_named(
    call: Call, shop: Path
) -> None:
    reworded(shop / "replies/en/thanks/welcome.j2", "{% for x in %}")
    result = call("run")
    assert result.exit_code != 0
    assert "replies/en/thanks/welcome.j2" in str(result.exception)


def test_preview_shows_a_reply_with_its_buttons_in_each_language(call: Call) -> None:
    said = call("preview", "request_refund/confirm").output
    assert "确认提交" in said
    assert "Send it" in said


def test_preview_of_a_broken_reply_says_where_it_is_broken_and_shows_no_other_language_for_it(
    call: Call, small_shop: Path
) -> None:
    reworded(small_shop / "replies/zh/greeting/hello.j2", "您好\n{{ shop.nmae }")
    alone = call("preview", "greeting/hello", "--lang", "zh")
    assert alone.exit_code == 1
    assert "replies/zh/greeting/hello.j2:2: " in alone.stderr
    assert alone.stdout == ""
    both = call("preview", "greeting/hello")
    assert both.exit_code == 1
    assert both.stdout == call("preview", "greeting/hello", "--lang", "en").stdout != ""


def test_preview_says_that_the_words_of_values_are_broken(call: Call, small_shop: Path) -> None:
    reworded(small_shop / "replies/zh/words.yaml", "state:\n  - [")
    result = call("preview", "request_refund/confirm", "--lang", "zh")
    assert (result.exit_code, "replies/zh/words.yaml:" in result.stderr) == (1, True)


def test_preview_of_an_unknown_reply_offers_the_nearest(call: Call) -> None:
    result = call("preview", "request_refund/confrm")
    assert "request_refund/confirm" in result.output + str(result.exception)


def test_a_slip_in_a_command_is_met_with_the_nearest_one(call: Call) -> None:
    assert "Did you mean 'understand'" in call("understnad", "x").output


def test_a_folder_without_a_shop_is_told_how_to_get_one(call: Call, tmp_path: Path) -> None:
    result = call("-C", str(tmp_path), "status")
    assert "shouhou init" in str(result.exception)


def test_understand_tells_which_entry_of_the_guides_answers_and_how_surely(call: Call) -> None:
    said = call("understand", "how do i conect the headphones to my phone").output
    assert "from the guides: told" in said
    assert "headphones.pair" in said
    assert "told from 0.50, offered from 0.20" in said


def test_understand_looks_in_one_guide_where_that_is_asked_for(call: Call) -> None:
    assert "speaker.pair" in call("understand", "--product", "speaker", "how do i pair it").output
    wrong = call("understand", "--product", "spaker", "how do i pair it")
    assert wrong.exit_code == 1
    assert "there is no guide 'spaker'" in wrong.output


def test_lint_reads_the_guides_too(call: Call, unworded_shop: Path) -> None:
    (unworded_shop / "replies/en/faq/lamp.yaml").unlink()
    (unworded_shop / "replies/zh/faq/air_fryer-clean.png").unlink()
    said = call("lint").output
    assert "error: replies/en/faq/lamp.yaml: is missing; copy replies/zh/faq/lamp.yaml" in said
    assert "the picture 'air_fryer-clean.png' is not there" in said
