"""`shouhou bench understanding` as it is typed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from bot.bench import contenders
from bot.bench.dataset import DatasetError
from bot.bench.figures import FIGURES
from bot.cli import bench, group, progress
from tests.bench.conftest import OUTSIDE, TEST, TRAIN, Write

Call = Callable[..., Result]


@pytest.fixture
def call(write: Write, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call it on the small data set."""
    monkeypatch.setenv("COLUMNS", "200")
    train = write("train.csv", [("text", "label", "lang"), *((*row, "en") for row in TRAIN)])
    test = write("test.csv", [("text", "label"), *TEST])

    def run(*words: str) -> Result:
        files = ("--train", str(train), "--test", str(test))
        return CliRunner().invoke(group, ["bench", "understanding", *files, *words])

    return run


@pytest.fixture
def oos(write: Write) -> str:
    return str(write("oos.csv", [("text",), *OUTSIDE]))


def test_the_table_shows_every_figure_beside_the_floor(call: Call, oos: str) -> None:
    result = call("--oos", oos, "--k", "2")
    assert result.exit_code == 0, result.output
    assert "3 intents, at most 2 phrases each (6); 4 messages asked, 3 out of scope" in result.stdout
    cached = "learning, from the cache"
    assert all(figure.title in result.stdout for figure in FIGURES if figure.title != cached)
    assert "rapidfuzz ratio" in result.stdout
    assert "ratio" in result.stdout


def test_json_is_one_object_with_figures_setting_ranges_and_ratios(call: Call, oos: str) -> None:
    result = call("--oos", oos, "--seed", "0,1", "--seed", "2", "--typos", "0.1", "--limit", "3", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    settings = {"k": 10, "seeds": [0, 1, 2], "typos": 0.1, "limit": 3, "intents": 3, "phrases": 9}
    assert found.items() >= (settings | {"messages": 3, "out_of_scope": 3, "not_taught": []}).items()
    assert found.keys() == settings.keys() | {"messages", "out_of_scope", "not_taught"} | {
        *(figure.key for figure in FIGURES),
        "range",
        "matchers",
        "best_peer",
        "ratio",
    }
    assert found["matchers"].keys() == {"shouhou", "rapidfuzz ratio"}
    low, high = found["range"]["accuracy"]
    assert 0 <= low <= found["accuracy"] <= high <= 1


def test_without_out_of_scope_messages_their_figures_are_null(call: Call) -> None:
    found = json.loads(call("--json").stdout)
    assert found["auroc"] is None
    assert found["caught_at_95"] is None
    assert found["out_of_scope"] == 0


def test_with_peers_all_of_them_are_shown(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    peers = [peer for peer in contenders.PEERS if not peer.needs][:2]  # importing what others need takes long
    monkeypatch.setattr(bench, "PEERS", peers)
    result = call("--peers")
    assert result.exit_code == 0, result.output
    assert all(peer.name in result.stdout for peer in peers)


def test_peers_that_are_not_installed_are_told_with_the_extra_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contenders, "find_spec", lambda _: None)
    error = call("--peers").exception
    assert isinstance(error, contenders.PackageMissing)
    assert "pip install 'shouhou[bench]'" in str(error)


def test_a_label_that_no_phrase_teaches_is_pointed_out(call: Call, write: Write) -> None:
    test = write("more.csv", [("text", "label"), *TEST, ("an invoice please", "invoice")])
    said = call("--test", str(test)).stdout
    assert "labels of the test that no phrase teaches, counted as wrong: invoice" in said


def test_a_data_set_of_one_intent_is_refused(call: Call, write: Write) -> None:
    error = call("--train", str(write("one.csv", [("text", "label"), *TRAIN[:3]]))).exception
    assert isinstance(error, DatasetError)
    assert "every row has the same label" in str(error)


def test_a_column_that_is_missing_is_told_with_file_and_line(call: Call, write: Write) -> None:
    error = call("--test", str(write("bad.csv", [("text", "intent"), ("a", "b")]))).exception
    assert isinstance(error, DatasetError)
    assert "bad.csv:1: there is no column 'label'" in str(error)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--test", "gone.csv"), "File 'gone.csv' does not exist"),
        (("--seed", "0,x"), "a whole number, or several with commas"),
        (("--k", "0"), "--k"),
        (("--typos", "2"), "--typos"),
    ],
)
def test_a_wrong_option_is_told(call: Call, words: tuple[str, ...], told: str) -> None:
    result = call(*words)
    assert result.exit_code == 2
    assert told in result.stderr


def test_progress_is_told_on_standard_error_when_it_takes_long(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    result = call("--json")
    assert "2/2 done" in result.stderr
    assert json.loads(result.stdout)


def test_help_shows_examples() -> None:
    said = CliRunner().invoke(group, ["bench", "understanding", "--help"]).stdout
    assert "shouhou bench understanding --train train.csv --test test.csv --oos oos.csv" in said
    assert "shouhou[bench]" in said
