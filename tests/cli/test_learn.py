"""Buyers say what the bot does not know yet; the owner teaches it from what they said."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import click
import pytest

from bot.config import load
from bot.folder.shop_folder import Contents, ShopFolder
from tests.cli.conftest import Call
from tests.copies import reworded
from tests.play.clock import StageClock
from tests.play.people import WebBuyer
from tests.play.stage import served

ODD = "zorp blimey kerfuffle"
"""Nothing that was taught."""
TRACK = "Track a parcel"


def contents_of(shop: Path) -> Contents:
    """The shop's phrases and replies."""
    settings = load(None, {}).shop
    return ShopFolder(shop, settings.languages, settings.timezone).read()


async def overheard(shop: Path, *talks: tuple[str, ...]) -> None:
    """Buyers come one after another; what begins with a star is tapped."""
    found = load(None, {})
    (shop / "data").mkdir(exist_ok=True)
    url = f"sqlite:///{shop / 'data/shouhou.db'}"
    config = replace(found, storage=replace(found.storage, url=url, files=shop / "data/files"))
    async with served(config, StageClock(), contents_of(shop)) as stage:
        for talk in talks:
            buyer = WebBuyer(stage, "en")
            for said in talk:
                await (buyer.taps(said[1:]) if said.startswith("*") else buyer.says(said))
                await stage.quiet()


@pytest.fixture
def heard(small_shop: Path) -> Path:
    """The small shop after three buyers were not understood."""
    talks = (
        (f"{ODD} 13800138000", f"*{TRACK}"),
        ("where is my parcel", "thanks"),
        (f"{ODD} 13912345678", f"*{TRACK}"),
        ("quux frobnicate wibble",),
    )
    asyncio.run(overheard(small_shop, *talks))
    return small_shop


def test_what_was_not_understood_is_listed_without_what_is_private_the_most_frequent_first(
    call: Call, heard: Path
) -> None:
    said = call("learn").output
    first, second = (line for line in said.splitlines() if "│" in line)
    assert f"{ODD} …" in first
    assert [cell.strip() for cell in first.split("│")][3:5] == ["2", "track_parcel"]
    assert "quux frobnicate wibble" in second
    assert "138" not in said
    assert "where is my parcel" not in said


def test_a_shop_without_trouble_has_nothing_to_learn(call: Call, small_shop: Path) -> None:
    assert "Nothing to learn" in call("learn").output


def test_an_accepted_message_is_added_to_its_file_and_understood_from_then_on(
    call: Call, heard: Path
) -> None:
    path = heard / "intents/en/track_parcel.yaml"
    before = path.read_text("utf-8")
    call("learn")
    result = call("learn", "accept", "1", "--yes")
    assert result.exit_code == 0, result.output
    assert "intents/en/track_parcel.yaml gets one more phrase" in result.output
    added = [line for line in path.read_text("utf-8").splitlines() if line not in before.splitlines()]
    assert added == [f"  - {ODD} …"]
    assert json.loads(call("understand", "--json", ODD).stdout)["intent"] == "track_parcel"
    assert ODD not in call("learn").output


def test_who_says_no_to_what_it_would_change_keeps_the_files_as_they_are(call: Call, heard: Path) -> None:
    path = heard / "intents/en/invoice.yaml"
    before = path.read_bytes()
    call("learn")
    result = call("learn", "accept", "2", "--intent", "invoice", stdin="n\n")
    assert "taught phrases whose words would speak for another intent" in result.output
    assert "Nothing was changed" in result.output
    assert path.read_bytes() == before


def test_what_the_owner_saved_while_the_question_stood_there_is_not_lost(
    call: Call, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = heard / "intents/en/track_parcel.yaml"
    saved = path.read_text("utf-8") + "  - and what about my box\n"

    def decides(_: str) -> bool:
        path.write_text(saved, "utf-8")
        return True

    monkeypatch.setattr(click, "confirm", decides)
    call("learn")
    result = call("learn", "accept", "1")
    assert "was saved in the meantime: nothing was changed" in result.output
    assert path.read_text("utf-8") == saved


def test_the_mark_an_editor_begins_its_files_with_stays(call: Call, heard: Path) -> None:
    path = heard / "intents/en/track_parcel.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    call("learn")
    assert call("learn", "accept", "1", "--yes").exit_code == 0
    assert path.read_bytes().count(b"\xef\xbb\xbf") == 1
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_file_in_another_encoding_is_told_and_left_alone(call: Call, heard: Path) -> None:
    path = heard / "intents/en/track_parcel.yaml"
    call("learn")
    written = path.read_bytes() + "  - 快递到哪了\n".encode("gb18030")
    path.write_bytes(written)
    result = call("learn", "accept", "1", "--intent", "track_parcel", "--yes")
    assert "intents/en/track_parcel.yaml is not UTF-8" in result.output
    assert path.read_bytes() == written


def test_a_list_of_no_lines_is_not_asked_for(call: Call, small_shop: Path) -> None:
    assert "--limit" in call("learn", "--limit", "-1").output


def test_numbers_stand_for_the_list_that_was_seen(call: Call, heard: Path) -> None:
    call("learn")
    talk = ("quux frobnicate wibble",)
    asyncio.run(overheard(heard, talk, talk, talk))
    shown = call("learn", "accept", "1", stdin="n\n").output
    assert ODD in shown


def test_a_reply_reworded_before_or_since_hides_nothing(call: Call, heard: Path) -> None:
    for path in (heard / "replies").glob("*/talk/*.j2"):
        text = path.read_text("utf-8")
        if "---" in text:
            reworded(path, "Pardon me?\n---" + text.split("---", 1)[1])
    said = ("flibber gibbet xyzzy",)
    asyncio.run(overheard(heard, said))
    for path in (heard / "replies").glob("*/talk/*.j2"):
        reworded(path, path.read_text("utf-8").replace("Pardon me?", "Come again?"))
    listed = call("learn").output
    assert said[0] in listed
    assert ODD in listed


def test_a_rejected_message_is_not_suggested_again(call: Call, heard: Path) -> None:
    call("learn")
    assert ODD in call("learn", "reject", "1").output
    again = call("learn").output
    assert ODD not in again
    assert "quux" in again
    assert "no number 7" in call("learn", "reject", "7").output


def test_a_slip_in_the_intent_is_met_with_the_nearest(call: Call, heard: Path) -> None:
    call("learn")
    result = call("learn", "accept", "1", "--intent", "track_parcle")
    assert "did you mean 'track_parcel'" in result.output
