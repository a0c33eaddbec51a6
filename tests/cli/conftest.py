"""A shop's folder as `shouhou init` lays it out, and the command line to use in it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import group
from bot.folder.shop_folder import ShopFolder
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.phrases import PhraseFile
from tests.copies import copied, left_alone
from tests.stores import migrate, postgres_bare_address, postgres_cluster

__all__ = ["postgres_bare_address", "postgres_cluster"]

Call = Callable[..., Result]
FEW = ("track_parcel", "revoke_refund", "escalate", "thanks", "invoice", "coupon")


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A freshly laid out shop with an empty database, for all tests to copy; in the end it is as it was."""
    folder = tmp_path_factory.mktemp("laid_out") / "myshop"
    result = CliRunner().invoke(group, ["init", str(folder)])
    assert result.exit_code == 0, result.output
    asyncio.run(migrate(f"sqlite:///{folder / 'data/shouhou.db'}"))
    with left_alone(folder):
        yield folder


@pytest.fixture
def shop(laid_out: Path, tmp_path: Path) -> Path:
    """A freshly laid out shop of the test's own."""
    return copied(laid_out, tmp_path / "myshop")


@pytest.fixture
def small_shop(shop: Path) -> Path:
    """The same with what buyers say of a few intents only: quick to learn anew."""
    for path in shop.glob("intents/*/*.yaml"):
        if path.stem not in FEW:
            path.unlink()
    return shop


@pytest.fixture
def unworded_shop(shop: Path) -> Path:
    """The same without templates of replies: quick to lint."""
    for path in shop.glob("replies/*/**/*.j2"):
        path.unlink()
    return shop


_MOST = 8
"""Phrasebooks remembered."""
_BOOKS: dict[object, tuple[object, Phrasebook]] = {}
"""By identity of the phrase files, which stand beside for as long as that is to be nobody else's."""


@pytest.fixture(autouse=True)
def phrases_learned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that find the same phrases as others before, with the languages of the same shop, have the same phrasebook."""
    compiled = ShopFolder._compiled

    def compiled_once(folder: ShopFolder, files: dict[str, PhraseFile]) -> Phrasebook:
        spoken = [file for file in files.values() if file.language in folder._languages]
        key = tuple(map(id, spoken))
        if key not in _BOOKS:
            if len(_BOOKS) >= _MOST:
                _BOOKS.clear()
            _BOOKS[key] = spoken, compiled(folder, files)
        return _BOOKS[key][1]

    monkeypatch.setattr(ShopFolder, "_compiled", compiled_once)


@pytest.fixture
def call(shop: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Call]:
    """Call `shouhou` in the shop's folder."""
    before = Path.cwd()
    for name in [name for name in os.environ if name.startswith(("SHOUHOU_", "TELEGRAM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(group, ["-C", str(shop), *words], input=stdin)

    yield run
    os.chdir(before)
