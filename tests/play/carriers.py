"""The carrier behind a scene's parcels."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from tests.doubles.kuaidi100 import Kuaidi100

NEWS = (("2026-11-20 08:40:00", "快件已到达【长沙岳麓营业部】", "湖南,长沙市"),)
"""What only the carrier knows, of parcel YT7300018003001."""


@contextlib.asynccontextmanager
async def carrier(how: str) -> AsyncIterator[tuple[dict[str, str], Kuaidi100 | None]]:
    """The settings to be played with: ``stored`` news only, or 快递100 that is ``online``, ``silent`` or ``slow``."""
    if how == "stored":
        yield {}, None
        return
    async with Kuaidi100() as service:
        service.fault = {"online": "", "silent": "drop", "slow": "slow"}[how]
        service.knows("yuantong", "YT7300018003001", state="5", scans=NEWS)
        environ = {
            "SHOUHOU_CARRIERS__SOURCE": "kuaidi100",
            "SHOUHOU_CARRIERS__BASE_URL": service.url,
            "SHOUHOU_CARRIERS__TIMEOUT_SECONDS": "0.2" if how == "slow" else "3",
            "KUAIDI100_CUSTOMER": service.customer,
            "KUAIDI100_KEY": service.key,
        }
        yield environ, service
