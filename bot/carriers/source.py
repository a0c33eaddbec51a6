"""What the tracker needs of a carrier source."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.config.secrets import Secrets
from bot.config.sections import Carriers
from bot.domain.orders import Parcel
from bot.errors import LookupUnavailable


class ParcelRefused(LookupUnavailable):
    """The carrier was reached and will not tell about this one parcel (wrong phone, unknown carrier)."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What sources are made of."""

    settings: Carriers
    secrets: Secrets
    now: Callable[[], datetime]
    phone_of: Callable[[str], Awaitable[str]]
    """The receiver's phone by order number, empty when unknown: some carriers ask for it."""


class Source(Protocol):
    """Somebody who knows where parcels are. One file each; `bot.carriers.SOURCES` lists them."""

    async def ask(self, parcel: Parcel) -> Parcel:
        """The newest news of the parcel.

        A carrier that knows nothing of it yet is an answer: the parcel as it was. `ParcelRefused` when it will not
        tell about this parcel, `LookupUnavailable` when it can't be asked at all.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
