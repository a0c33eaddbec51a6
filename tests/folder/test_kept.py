"""What is kept between two starts only ever saves time: it answers as if it were not there."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.config import load
from bot.flows.small_talk import WELCOME
from bot.folder.kept import Kept
from bot.folder.shop_folder import Contents, ShopFolder
from bot.understanding.recognise import recognise
from tests.copies import copied
from tests.folder.conftest import EDITED
from tests.play.stage import ROOT

SHOP = load(None, {}).shop
TAUGHT = ("greeting", "request_refund", "thanks", "track_parcel")
ASKED = "kuaidi 什么时候能到呀"


@dataclass(frozen=True)
class Start:
    """What the first start found, and left."""

    shop: Path
    kept: Path
    contents: Contents
    learned: list[int]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, replies: Path) -> Start:
    """Of a shop that understands little, so that it is learned at once."""
    folder = tmp_path_factory.mktemp("first")
    for name in TAUGHT:
        target = folder / "shop/intents/zh" / f"{name}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "intents/zh" / target.name, target)
    copied(replies, folder / "shop/replies", EDITED)
    return Start(folder / "shop", folder / "kept", *opened(folder / "shop", folder / "kept"))


@pytest.fixture
def shop(first: Start, tmp_path: Path) -> Path:
    """The same shop, for a test to edit."""
    return copied(first.shop, tmp_path / "shop", EDITED)


@pytest.fixture
def kept(first: Start, tmp_path: Path) -> Path:
    """What that start kept."""
    return shutil.copytree(first.kept, tmp_path / "kept")


def opened(shop: Path, kept: Path) -> tuple[Contents, list[int]]:
    """The shop as a start finds it, and how many phrases it had to learn."""
    learned: list[int] = []
    folder = ShopFolder(shop, SHOP.languages, SHOP.timezone, kept=Kept(kept), tell=learned.append)
    return folder.read(), learned


def guesses(contents: Contents) -> list[tuple[str, float]]:
    """What it makes of a message, to two digits: what is kept is rounded."""
    found = recognise(ASKED, contents.phrasebook).candidates
    return [(guess.intent, round(guess.confidence, 2)) for guess in found]


def thanks(contents: Contents) -> str:
    """What it says to thanks."""
    return contents.replies(WELCOME(), "en").text


def test_the_second_start_learns_nothing_and_answers_the_same(first: Start, kept: Path) -> None:
    assert first.learned
    assert first.contents.problems == ()
    second, learned = opened(first.shop, kept)
    assert not learned
    assert second.problems == ()
    assert guesses(second) == guesses(first.contents)
    assert guesses(second)[0][0] == "track_parcel"
    assert second.replies.sheets == first.contents.replies.sheets
    assert thanks(second) == thanks(first.contents)


def test_what_was_damaged_is_made_anew(first: Start, kept: Path) -> None:
    files = list(kept.iterdir())
    assert {path.suffix for path in files} == {".npz", ".replies"}
    for path in files:
        path.write_bytes(path.read_bytes()[:100])
    second, learned = opened(first.shop, kept)
    assert learned
    assert guesses(second) == guesses(first.contents)
    assert thanks(second) == thanks(first.contents)


def test_an_edited_reply_is_said_after_a_restart(shop: Path, kept: Path) -> None:
    (shop / "replies/en/thanks/welcome.j2").write_text("Any time.", "utf-8")
    assert thanks(opened(shop, kept)[0]) == "Any time."


def test_a_broken_reply_is_told_though_the_good_one_was_kept(shop: Path, kept: Path) -> None:
    (shop / "replies/en/thanks/welcome.j2").write_text("Any time.\n{{ order.number }}", "utf-8")
    for _ in range(2):
        problems = opened(shop, kept)[0].problems
        assert "replies/en/thanks/welcome.j2:2" in str(problems[0])


def test_a_place_that_can_not_be_written_to_only_costs_time(first: Start, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder", "utf-8")
    for _ in range(2):
        contents, learned = opened(first.shop, tmp_path / "taken")
        assert learned
        assert contents.problems == ()


def test_what_another_user_wrote_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Kept(tmp_path)
    kept.put("a.replies", b"ours")
    assert kept.get("a.replies") == b"ours"
    monkeypatch.setattr("os.geteuid", lambda: (tmp_path / "a.replies").stat().st_uid + 1)
    assert kept.get("a.replies") is None


def test_of_each_kind_the_newest_dozen_stay(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.put("one.npz", b"")
    for number in range(15):
        kept.put(f"{number}.replies", b"")
        os.utime(tmp_path / f"{number}.replies", (number, number))
    assert len(list(tmp_path.glob("*.replies"))) == 12
    assert kept.get("14.replies") == b""
    assert kept.get("one.npz") == b""


def test_what_is_used_again_and_again_stays_however_old(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.put("shop.npz", b"learned")
    for number in range(15):
        kept.put(f"{number}.npz", b"")
        os.utime(tmp_path / f"{number}.npz", (number, number))
        os.utime(tmp_path / "shop.npz", (0, 0))
        assert kept.get("shop.npz") == b"learned"


def test_the_owner_asked_about_is_that_of_the_file_that_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at the name first would be of another file than the one that is read a moment later."""
    kept = Kept(tmp_path)
    kept.put("a.replies", b"ours")
    monkeypatch.setattr(Path, "stat", lambda _: pytest.fail("looked at by its name"))
    assert kept.get("a.replies") == b"ours"


def test_a_user_without_a_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    kept = Kept()
    kept.put("a.replies", b"ours")
    assert kept.get("a.replies") is None


def test_what_could_not_be_kept_leaves_no_half_behind(tmp_path: Path) -> None:
    (tmp_path / "a.npz").mkdir()  # nothing can take this place
    Kept(tmp_path).put("a.npz", b"half")
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]
