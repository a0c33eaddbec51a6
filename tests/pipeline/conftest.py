from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from bot.folder.shop_folder import Contents
from bot.store.database import SqlDatabase
from tests.doubles.payment_service import PaymentService
from tests.pipeline.paying import Paying
from tests.pipeline.rig import Rig
from tests.play.fixtures import contents
from tests.stores import (
    address,
    bare_address,
    database,
    postgres_address,
    postgres_bare_address,
    postgres_cluster,
    sqlite_template,
)

__all__ = [
    "address",
    "bare_address",
    "contents",
    "database",
    "postgres_address",
    "postgres_bare_address",
    "postgres_cluster",
    "sqlite_template",
]


@pytest.fixture
def rig(database: SqlDatabase, contents: Contents) -> Rig:
    """The pipeline over a fresh store."""
    return Rig(database, contents)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What is logged of provoked trouble is not printed: its pictures of the stack take seconds to draw."""
    with structlog.testing.capture_logs():
        yield


@pytest.fixture
async def paying(rig: Rig) -> AsyncIterator[Paying]:
    async with Paying.open(rig) as opened:
        yield opened
        assert opened.service.violations == []
        assert await rig.shelf() == []


@pytest.fixture
def service(paying: Paying) -> PaymentService:
    return paying.service
