"""What `python -m tests.crash short` does not play, and the least trial that shows that the trials run."""

from __future__ import annotations

import asyncio
import hashlib
import re
from functools import partial
from pathlib import Path
from typing import Any

from bot.store.database import SqlDatabase
from tests.crash.place import Place, storage
from tests.crash.process import STAFF, Served
from tests.crash.run import PATIENCE, Trial, run
from tests.crash.shop import Shop
from tests.doubles.bot_api import BotApi, Fault, Limits
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.stores import rows


async def test_any_of_several_processes_killed_while_buyers_write(
    tmp_path: Path, postgres_address: str
) -> None:
    """Two would take in by asking: one does, and the other takes over."""
    roles = ("intake", "intake", "worker", "sender")
    trial = Trial(strikes=2, rate=20, seconds=4, buyers=6, roles=roles)
    outcome = await run(trial, tmp_path, Place.at(postgres_address))
    assert outcome.violations == []
    assert outcome.numbers["cases opened"], "nothing was at stake"
    assert outcome.numbers["refunds paid"], "no money was at stake"


async def test_killed_while_it_fetches_files_each_is_kept_once(tmp_path: Path) -> None:
    """Two albums of eight; each time the process dies with four downloads under way."""
    pictures = [TINY_PICTURE + bytes([number]) for number in range(16)]
    with storage("sqlite", tmp_path) as place:
        url = place.url
        shop = Shop.lay_out(tmp_path, url, 1)
        await shop.open()
        async with BotApi(limits=Limits.off()) as api:
            api.forum_group(STAFF)
            served = Served(shop, api, tmp_path / "shop.log")
            await served.start()
            for first in (0, 8):
                api.faults.next("download", *[Fault.accepted_then_timeout()] * 4)
                begun = len(api.log.of("download"))
                await api.user(shop.buyers[0]).sends_album(8, contents=pictures[first : first + 8])
                await api.wait_for(partial(_downloads, api, begun + 4), PATIENCE, "downloads are under way")
                await served.kill()
                api.faults.clear()
                await served.start()
            found = await _all_fetched(url, 16)
            assert await served.stop() == 0
            assert not api.violations
    assert {row["state"] for row in found} == {"kept"}
    assert [row["sha256"] for row in found] == [hashlib.sha256(picture).hexdigest() for picture in pictures]
    names = _names_below(tmp_path / "data/files")  # the guides' pictures are kept there too
    assert {row["sha256"] for row in found} <= set(names)
    assert len(names) == len(set(names))
    assert all(re.fullmatch("[0-9a-f]{64}", name) for name in names), "a part of a file was left behind"


def _downloads(api: BotApi, count: int) -> bool:
    return len(api.log.of("download")) >= count


async def _all_fetched(url: str, count: int) -> list[dict[str, Any]]:
    async with SqlDatabase(url, exclusive=False) as database, asyncio.timeout(PATIENCE):
        while True:
            found = await rows(database, "files")
            if len(found) == count and all(row["state"] != "waiting" for row in found):
                return found
            await asyncio.sleep(0.05)


def _names_below(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]
