"""What the log says of an error: where it happened, and nothing of anybody's row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from bot.cli.logs import set_up_logs
from bot.config import Log
from bot.store.database import SqlDatabase
from tests.store.samples import NOW
from tests.stores import postgres_address, postgres_cluster, put

__all__ = ["postgres_address", "postgres_cluster"]

BORN = {"channel": "telegram", "address": "424242", "name": "欧阳小满", "state": {}}


@pytest.fixture
def reset() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["text", "json"])
async def test_a_row_that_can_not_be_stored_is_not_quoted(
    postgres_address: str, form: Literal["text", "json"], capsys: pytest.CaptureFixture[str], reset: None
) -> None:
    set_up_logs(Log(format=form))
    async with SqlDatabase(postgres_address) as database:
        row = {**BORN, "created_at": NOW, "updated_at": NOW}
        await put(database, "conversations", **row)
        try:
            await put(database, "conversations", **row)
        except IntegrityError:
            structlog.get_logger("test").exception("a row could not be stored")
    said = capsys.readouterr().err
    assert "a row could not be stored" in said
    assert "Traceback" in said
    assert "uq_conversations_shop_channel_address" in said
    assert [secret for secret in ("424242", "欧阳小满") if secret in said] == []
