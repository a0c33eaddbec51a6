"""Guides as owners write them: what is read, what is refused and how to mend it, what lint tells, what a reload does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.config import load
from bot.domain.guides import Guide, Measure, Range
from bot.domain.money import Money
from bot.domain.orders import OrderLine
from bot.errors import GuideError
from bot.folder.guides import GuideFile, read_guide
from bot.folder.kept import Kept
from bot.folder.lint import lint_guides
from bot.folder.shop_folder import ShopFolder
from tests.copies import copied
from tests.play.stage import ROOT

SHOP = load(None, {}).shop
PNG = (ROOT / "replies/zh/faq/air_fryer-clean.png").read_bytes()
KITE = """\
product: Kite
names: [dragon]
for: {skus: [KT-*], categories: [toys]}
entries:
  fly:
    questions: [How do I fly it, it won't fly, how to launch the kite]
    steps:
      - Stand with your back to the wind.
      - Let it go.
    pictures: [kite.png]
    parts: [Spare line, $3]
    sizes:
      S: {height: 120-150, weight: 40}
      42: {height: 150.5 – 180}
"""


def read(folder: Path, text: str, language: str = "en", name: str = "kite") -> GuideFile:
    """What a guide file of this text holds."""
    return read_guide(folder, Path(f"replies/{language}/faq/{name}.yaml"), text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop's folder with a picture in it."""
    for language in ("zh", "en"):
        (tmp_path / f"replies/{language}/faq").mkdir(parents=True)
    (tmp_path / "replies/zh/faq/kite.png").write_bytes(PNG)
    return tmp_path


def test_all_that_is_written_is_read(folder: Path) -> None:
    """The picture stands beside the Chinese guide only, and serves both."""
    file = read(folder, KITE)
    (entry,) = file.guide.entries
    assert (entry.id, entry.title, len(entry.steps)) == ("kite.fly", "How do I fly it", 2)
    assert [row.size for row in entry.sizes] == ["S", "42"]
    assert entry.sizes[0].ranges == (Range(Measure.HEIGHT, 120, 150), Range(Measure.WEIGHT, 40, 40))
    assert entry.sizes[1].ranges[0].text == "150.5–180"
    (picture,) = file.pictures
    assert picture.path == folder / "replies/zh/faq/kite.png"
    assert entry.pictures == (picture.attachment,)
    assert picture.attachment.size == len(PNG)


@pytest.mark.parametrize(
    ("sku", "category", "covered"),
    [("KT-1", "", True), ("kt-red-2", "", True), ("XKT-1", "", False), ("A", "Toys", True), ("A", "", False)],
)
def test_a_guide_is_for_products_by_sku_or_category(
    folder: Path, sku: str, category: str, covered: bool
) -> None:
    line = OrderLine(1, sku, "a title", 1, Money(1, "CNY"), category)
    assert read(folder, KITE).guide.covers(line) is covered


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("for: {skus: [KT-*], categories: [toys]}", "for: toys", ":3: tell which products"),
        ("for: {skus: [KT-*], categories: [toys]}\n", "", ":1: tell which products"),
        ("  fly:", "  Fly!:", ":5: an entry is called by"),
        ("    steps:", "    step:", ":7: unknown name 'step' — did you mean 'steps'?"),
        ("[How do I fly it, it won't fly, how to launch the kite]", "[]", ":5: 'fly' needs `questions:`"),
        ("[How do I fly it, it won't fly, how to launch the kite]", "often", ":5: `questions:` is a list"),
        (
            "[kite.png]",
            "[kites.png]",
            ":10: the picture 'kites.png' is not there; put it into replies/en/faq/",
        ),
        ("[kite.png]", "[../../kite.png]", ":10: '../../kite.png' is no picture's name"),
        ("[kite.png]", "[a.png, b.png, c.png, d.png, e.png]", "more than 4 lines"),
        ("120-150", "150-120", "runs backwards"),
        ("120-150", "tall", "write a number or 158-166"),
        ("height: 120-150", "depth: 3", "unknown name 'depth'"),
        ("Let it go.", "3", "3 under `steps:` is not read as words; put it in quotes"),
        ("Let it go.", "x" * 300, "longer than 200 characters"),
        ("product: Kite", "product: *kite", ":1: & and * references are not taken"),
        ("product: Kite", "product: [", ":"),
        ("product: Kite", "product: K\ufffd", ":1: holds a character"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_its_mend(
    folder: Path, before: str, after: str, told: str
) -> None:
    assert before in KITE
    with pytest.raises(GuideError) as wrong:
        read(folder, KITE.replace(before, after, 1))
    assert str(wrong.value).startswith("replies/en/faq/kite.yaml:")
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<svg onload='alert(1)'/>", "no JPEG or PNG picture, whatever its name"),
        (b"%PDF-1.7", "no JPEG or PNG picture"),
        (PNG + bytes(1024 * 1024), "larger than 1024 KiB; make it smaller"),
    ],
)
def test_a_picture_that_is_none_or_too_heavy_is_refused(folder: Path, content: bytes, told: str) -> None:
    (folder / "replies/en/faq/kite.png").write_bytes(content)
    with pytest.raises(GuideError, match=told):
        read(folder, KITE)


def lint(folder: Path, zh: str, en: str) -> list[str]:
    """What lint tells of a Chinese and an English kite."""
    files = {
        f"replies/{language}/faq/kite.yaml": read(folder, text, language)
        for language, text in (("zh", zh), ("en", en))
        if text
    }
    return lint_guides(files, ["zh", "en"])


def test_guides_that_agree_say_nothing(folder: Path) -> None:
    assert lint(folder, KITE, KITE) == []


def test_a_guide_that_one_language_lacks_is_told(folder: Path) -> None:
    (finding,) = lint(folder, KITE, "")
    assert finding == (
        "error: replies/en/faq/kite.yaml: is missing; copy replies/zh/faq/kite.yaml and translate it"
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("  fly:", "  soar:", "error: replies/en/faq/kite.yaml: has no entry 'fly', which replies/zh"),
        ("KT-*", "KT-1", "`for:` tells other products"),
        ("    pictures: [kite.png]\n", "", "warning: replies/en/faq/kite.yaml: 'fly' has no picture"),
        ("120-150", "120-155", "the sizes of 'fly' differ"),
        (", it won't fly, how to launch the kite", "", "1 wordings of 'fly' are few"),
    ],
)
def test_guides_that_differ_are_told(folder: Path, before: str, after: str, told: str) -> None:
    assert any(told in finding for finding in lint(folder, KITE, KITE.replace(before, after)))


def test_a_question_that_two_entries_claim_is_told(folder: Path) -> None:
    twice = KITE + "  land:\n    questions: [how to land, get it down, It WON'T fly!]\n    steps: [Pull.]\n"
    (finding,) = [finding for finding in lint(folder, twice, "") if "also" in finding]
    assert '"It WON\'T fly!" is also asked in kite.fly' in finding


def test_the_shipped_guides_have_nothing_to_mend() -> None:
    files, problems = ShopFolder(ROOT, SHOP.languages, SHOP.timezone).guide_files()
    assert (problems, lint_guides(files, SHOP.languages)) == ([], [])


# -- while the shop is open


@pytest.fixture
def shop(tmp_path: Path, kept: Kept, replies: Path) -> ShopFolder:
    """A copy of the shop's files, with few intents."""
    copied(replies, tmp_path / "replies")
    (tmp_path / "intents/en").mkdir(parents=True)
    shutil.copy(ROOT / "intents/en/thanks.yaml", tmp_path / "intents/en")
    return ShopFolder(tmp_path, SHOP.languages, SHOP.timezone, kept=kept)


def lamp(shop: ShopFolder) -> Path:
    return shop.path / "replies/en/faq/lamp.yaml"


def told(guides: tuple[Guide, ...]) -> str:
    """The first step of the lamp's first answer."""
    return next(guide for guide in guides if guide.name == "lamp").entries[0].steps[0]


def test_an_edited_guide_is_told_from_then_on(shop: ShopFolder) -> None:
    before = shop.read()
    lamp(shop).write_text(lamp(shop).read_text("utf-8").replace("A short press", "One tap"), "utf-8")
    after = shop.read(before)
    assert told(after.guides.in_language("en")).startswith("One tap")
    assert after.phrasebook is before.phrasebook


def test_a_broken_edit_keeps_the_last_good_guide(shop: ShopFolder) -> None:
    before = shop.read()
    lamp(shop).write_text("product: Lamp\nentries: nothing\nfor: all\n", "utf-8")
    after = shop.read(before)
    assert after.guides.in_language("en") == before.guides.in_language("en")
    assert str(after.problems[-1]).startswith("replies/en/faq/lamp.yaml:2: `entries:` maps")


def test_a_picture_that_is_drawn_anew_is_another_picture(shop: ShopFolder) -> None:
    before = shop.read()
    (shop.path / "replies/zh/faq/air_fryer-clean.png").write_bytes(PNG + b"\0")
    after = shop.read(before)
    old, new = (contents.guides.entry("air_fryer.clean", "en") for contents in (before, after))
    assert old
    assert new
    assert old.pictures[0].ref != new.pictures[0].ref


def test_a_question_that_is_new_is_found(shop: ShopFolder) -> None:
    before = shop.read()
    text = lamp(shop).read_text("utf-8")
    lamp(shop).write_text(
        text.replace("questions:", "questions:\n      - make it glow like a campfire", 1), "utf-8"
    )
    after = shop.read(before)
    (hit,) = after.guides.search("Make it glow like a campfire!", ["lamp.dim", "lamp.timer"])
    assert (hit.entry, hit.same) == ("lamp.dim", True)
