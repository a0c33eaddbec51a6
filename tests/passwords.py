"""The password that everybody signs in with at the desks of tests, kept in no time: it is of no worth."""

from __future__ import annotations

from functools import partial

from argon2 import PasswordHasher

QUICK = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "open sesame"
KEPT = QUICK().hash(PASSWORD)
