"""`shouhou bench growth` as it is typed."""

from __future__ import annotations

import json

from click.testing import CliRunner

from bot.bench.growth import as_many
from bot.bench.homophones import chinese
from bot.cli import group
from tests.bench.conftest import TEST, TRAIN, Write


def test_the_table_has_a_row_a_size_beside_the_floor(write: Write) -> None:
    train = write("train.csv", [("text", "label"), *TRAIN])
    test = write("test.csv", [("text", "label"), *TEST])
    words = ["bench", "growth", "--train", str(train), "--test", str(test), "--phrases", "6,30", "--json"]
    result = CliRunner().invoke(group, words)
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(row["phrases"], row["matcher"]) for row in rows] == [
        (6, "shouhou"),
        (6, "rapidfuzz ratio"),
        (30, "shouhou"),
        (30, "rapidfuzz ratio"),
    ]
    assert all(0 <= row["accuracy"] <= 1 and row["p50_ms"] > 0 for row in rows)


def test_phrases_beyond_those_given_differ_from_them_and_keep_their_intent() -> None:
    train = [(text, label) for text, label in TRAIN]
    grown = as_many(train, 200, chinese())
    assert len(set(grown)) == 200
    assert grown[: len(train)] == tuple(train)
    assert {label for _, label in grown} == {label for _, label in train}


def test_fewer_phrases_than_given_are_an_even_part_of_them() -> None:
    assert set(as_many(TRAIN, 4, chinese())) < set(TRAIN)
