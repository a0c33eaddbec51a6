"""The numbers of PostgreSQL's advisory locks, which belong to a whole database: others may use some there, too."""

from __future__ import annotations

import hashlib

NUMBERS = 0x53484F55
"""The first half of the locks on processes' numbers."""


def lock_of(what: str) -> int:
    """The lock on doing this."""
    digest = hashlib.blake2b(f"shouhou/{what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
