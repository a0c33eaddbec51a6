"""A shop's folder as `shouhou init` lays it out, and the command line to use in it."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import group
from tests.stores import migrate, postgres_bare_address, postgres_cluster

__all__ = ["postgres_bare_address", "postgres_cluster"]

Call = Callable[..., Result]
FEW = ("track_parcel", "revoke_refund", "escalate", "thanks", "invoice", "coupon")


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly laid out shop with an empty database, for all tests to copy."""
    folder = tmp_path_factory.mktemp("laid_out") / "myshop"
    result = CliRunner().invoke(group, ["init", str(folder)])
    assert result.exit_code == 0, result.output
    asyncio.run(migrate(f"sqlite:///{folder / 'data/shouhou.db'}"))
    return folder


@pytest.fixture
def shop(laid_out: Path, tmp_path: Path) -> Path:
    """A freshly laid out shop of the test's own."""
    return shutil.copytree(laid_out, tmp_path / "myshop", copy_function=shutil.copyfile)


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
