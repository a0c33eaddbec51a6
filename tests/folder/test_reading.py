"""Whatever stands in a shop's folder is read, left aside, or named with its mend; nothing of it ends the serving."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.errors import PhraseError, Problems
from bot.flows.small_talk import WELCOME
from bot.folder.kept import Kept
from bot.folder.phrases import read_phrase_file
from bot.folder.reading import MAX_BYTES
from bot.folder.shop_folder import Contents, ShopFolder
from tests.copies import copied
from tests.folder.conftest import EDITED
from tests.play.stage import ROOT

SHOP = load(None, {}).shop
PHRASES = "intents/en/thanks.yaml"
REPLY = "replies/en/thanks/welcome.j2"
WORDS = "replies/en/words.yaml"
TAUGHT = ("greeting", "thanks", "track_parcel")
FILE = Path(PHRASES)


@pytest.fixture
def folder(tmp_path: Path, kept: Kept, replies: Path) -> ShopFolder:
    """A shop that understands little, so that it is learned at once."""
    for name in TAUGHT:
        target = tmp_path / "shop/intents/en" / f"{name}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "intents/en" / target.name, target)
    copied(replies, tmp_path / "shop/replies", EDITED)
    return ShopFolder(tmp_path / "shop", SHOP.languages, SHOP.timezone, kept=kept)


@pytest.fixture
def before(folder: ShopFolder) -> Contents:
    """What the shop holds while all is well."""
    found = folder.read()
    assert found.problems == ()
    return found


def welcome(contents: Contents) -> str:
    """What the bot says to thanks, in English."""
    return contents.replies(WELCOME(), "en").text


def same(contents: Contents, before: Contents) -> bool:
    """It understands and says what it did."""
    return (
        contents.phrase_files == before.phrase_files
        and contents.replies.sheets == before.replies.sheets
        and contents.replies.wordlists == before.replies.wordlists
    )


# -- what is no file of the owner's


@pytest.mark.parametrize("place", ["intents/en/{}.yaml", "replies/en/thanks/{}.j2", "replies/{}/words.yaml"])
def test_what_editors_leave_beside_a_file_is_none_of_it(
    folder: ShopFolder, before: Contents, place: str
) -> None:
    for name in (".#thanks", ".thanks"):
        path = folder.path / place.format(name)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to("somebody@somewhere.1234:5678")
    for name in (".#note", ".draft"):
        path = folder.path / place.format(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("phrases: [half a", "utf-8")
    found = folder.read(before)
    assert found.problems == ()
    assert same(found, before)


@pytest.mark.parametrize(
    "place", ["intents/en/more.yaml", "replies/en/thanks/more.j2", "replies/de/words.yaml"]
)
def test_folders_and_links_that_lead_nowhere_are_no_files(
    folder: ShopFolder, before: Contents, place: str
) -> None:
    (folder.path / place).mkdir(parents=True)
    link = (folder.path / place).with_name("gone" + Path(place).suffix)
    link.symlink_to("nowhere")
    found = folder.read(before)
    assert found.problems == ()
    assert same(found, before)


def test_a_file_that_goes_while_it_is_looked_at_is_gone(
    folder: ShopFolder, before: Contents, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def late(path: Path, *how: Any, **more: Any) -> object:
        if path.name in ("thanks.yaml", "welcome.j2"):
            path.unlink()
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", late)
    found = folder.read(before)
    assert PHRASES not in found.phrase_files
    assert ("en", "thanks/welcome") not in found.replies.sheets


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(folder: ShopFolder, before: Contents) -> None:
    os.mkfifo(folder.path / "intents/en/pipe.yaml")
    assert folder.read(before).problems == ()


# -- what can't be read


@pytest.mark.parametrize("name", [PHRASES, REPLY, WORDS])
def test_a_file_that_may_not_be_read_keeps_what_it_held_and_is_named(
    folder: ShopFolder, before: Contents, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def closed(path: Path, *how: Any, **more: Any) -> object:
        if path == folder.path / name:
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", closed)
    found = folder.read(before)
    (problem,) = found.problems
    assert str(problem) == f"{name}: can't be read (Permission denied); let the bot's user read it"
    assert same(found, before)
    assert welcome(found) == welcome(before)
    if name != PHRASES:
        with pytest.raises(Problems, match="Permission denied"):
            folder.reply_texts()


@pytest.mark.parametrize("name", [PHRASES, REPLY, WORDS])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
def test_a_file_that_is_too_large_is_refused_and_never_cut(
    folder: ShopFolder, before: Contents, name: str, mark: str
) -> None:
    path = folder.path / name
    good = path.read_text("utf-8")
    filling = "# so it goes on\n" if name != REPLY else "{# so it goes on #}\n"
    filled = mark + good + filling * (MAX_BYTES // len(filling))
    path.write_text(filled, "utf-8")
    found = folder.read(before)
    assert f"{name}: larger than 256 KiB; split it" in map(str, found.problems)
    assert same(found, before)


@pytest.mark.parametrize("name", [PHRASES, REPLY, WORDS])
def test_odd_bytes_are_told_with_their_line_and_not_taught(
    folder: ShopFolder, before: Contents, name: str
) -> None:
    path = folder.path / name
    path.write_bytes(path.read_bytes().split(b"\n---\n")[0].rstrip(b"\n") + "\n# café\n".encode("latin-1"))
    lines = path.read_bytes().count(b"\n")
    found = folder.read(before)
    told = f"{name}:{lines}: holds a character that could not be read (\ufffd); save the file as UTF-8"
    assert any(told in str(problem) for problem in found.problems)
    assert same(found, before)


# -- what is written wrongly


def test_a_list_of_phrases_that_begins_twice_is_refused_instead_of_half_forgotten() -> None:
    with pytest.raises(
        PhraseError, match=rf"{PHRASES}:3: 'phrases' stands here twice, first on line 1; keep one"
    ):
        read_phrase_file(FILE, "phrases:\n  - ta\nphrases:\n  - cheers\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("phrases:\n  - &a ta\n  - *a\n", "3: & and * references are not taken; write the words out"),
        (
            "phrases: [ta]\nwords: [also]\n",
            "2: `words:` maps more, and, empty, refuse, sum, sum_end, points to their words",
        ),
        (
            "phrases: [ta]\nwords:\n  plus: [also]\n",
            "3: unknown words 'plus'; there are more, and, empty, refuse, sum, sum_end, points",
        ),
        ("phrases: [ta]\nwords:\n  more:\n    - (also\n", "4: phrase '(also': '(' is never closed"),
        (
            "phrases: [ta]\nslots:\n  title:\n    after: [name is]\n    company: [ltd]\n",
            "5: 'title' is told by what follows the words under `after`, so 'company' can't be a value of it; leave it out",
        ),
        (
            "phrases:\n  - a: b: c\n",
            "2: mapping values are not allowed in this context; put words with : or #",
        ),
        (f"phrases: {'[' * 99}", "1: lists are nested too deeply; write one list, a line each"),
        ("phrases:\n  - ta\n  - 2026-13-45\n", "3: '2026-13-45' can't be read"),
    ],
)
def test_each_slip_is_told_with_its_own_mend(text: str, told: str) -> None:
    with pytest.raises(PhraseError) as caught:
        read_phrase_file(FILE, text)
    assert str(caught.value).startswith(f"{PHRASES}:{told}")
