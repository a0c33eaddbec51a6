"""A database that can't be used says so in words: where it was looked for, without the password, and how to mend it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import cli
from bot.errors import StoreAway, StoreError
from bot.store.database import SqlDatabase

SECRET = "open-sesame"


async def refusal(url: str) -> StoreError:
    """What is said when this database is opened."""
    with pytest.raises(StoreError) as caught:
        async with SqlDatabase(url) as database:
            await database.migrate()
    assert SECRET not in str(caught.value)
    assert "storage.url" in str(caught.value)
    return caught.value


@pytest.mark.parametrize("place", ["127.0.0.1:1/shop", "shop.invalid/shop", "/shop?host=/nowhere"])
async def test_a_postgresql_that_does_not_answer_may_answer_later(place: str) -> None:
    said = await refusal(f"postgresql+asyncpg://shop:{SECRET}@{place}")
    assert isinstance(said, StoreAway)
    assert f"PostgreSQL can't be reached at postgresql+asyncpg://shop:***@{place}: " in str(said)
    assert "Look whether it runs there" in str(said)


@pytest.mark.parametrize("wrong", ["/nothing", "someone"])
async def test_a_postgresql_that_does_not_know_us_needs_a_person(postgres_address: str, wrong: str) -> None:
    whole, _, options = postgres_address.partition("?")
    base = whole.rpartition("/")[0].replace("postgres@", f"postgres:{SECRET}@")
    url = f"{base}{wrong}" if wrong[0] == "/" else base.replace("postgres:", f"{wrong}:") + "/postgres"
    said = await refusal(f"{url}?{options}")
    assert not isinstance(said, StoreAway)
    assert "does not let us in" in str(said)


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "shop.db").write_text("a letter to grandmother, long enough to be one" * 9)
    assert "shop.db can't be used as a database: file is not a database" in str(
        await refusal(f"sqlite:///{tmp_path / 'shop.db'}")
    )


async def test_a_folder_that_can_not_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    said = await refusal(f"sqlite:///{tmp_path / 'taken' / 'shop.db'}")
    assert "shop.db can't be made or opened: " in str(said)


def test_a_start_without_its_database_ends_as_one_to_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    CliRunner().invoke(cli.group, ["init", str(tmp_path / "shop")])
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOUHOU_STORAGE__URL", f"postgresql+asyncpg://shop:{SECRET}@127.0.0.1:1/shop")
    monkeypatch.setattr(sys, "argv", ["shouhou", "-C", str(tmp_path / "shop"), "status"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "shouhou: PostgreSQL can't be reached at postgresql+asyncpg://shop:***@127.0.0.1:1/shop: "
    )
    assert said.count("\n") == 1
