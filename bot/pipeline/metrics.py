"""What is counted for Prometheus. Labels have few values, and none of them is anybody's data."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

_TURN_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)
_WAIT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300)
_COMMIT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5)

TURNS = Counter(
    "shouhou_turns",
    "Turns taken and committed, by what was wanted or happened, and what came of it",
    ["intent", "outcome"],
)
TURN_SECONDS = Histogram(
    "shouhou_turn_seconds", "Seconds of a turn, from reading to its words", buckets=_TURN_SECONDS
)
WAIT_SECONDS = Histogram(
    "shouhou_wait_seconds",
    "Seconds from taking something in until its turn was committed",
    buckets=_WAIT_SECONDS,
)
UNDERSTOOD = Counter(
    "shouhou_understood", "What was done with buyers' words that came to the bot", ["decision"]
)
FAILED_TURNS = Counter("shouhou_failed_turns", "Turns that failed and were tried again or shunted")
SHUNTED = Counter("shouhou_shunted", "Inbox rows put on the shunt shelf")
SENDS = Counter("shouhou_sends", "Deliveries by channel and outcome", ["channel", "outcome"])
UNCERTAIN = Counter(
    "shouhou_uncertain_sends", "Deliveries whose arrival can't be known and that are repeated"
)
FIRED = Counter("shouhou_deadlines_fired", "Deadlines that came due")
MISSED = Counter("shouhou_clocks_missed", "Clocks the shop let run out, by clock", ["clock"])
FILES = Counter(
    "shouhou_files", "Fetches of buyers' files by channel and what became of them", ["channel", "outcome"]
)
SIGN_IN_FAILURES = Counter(
    "shouhou_sign_in_failures", "People who were not let in at the desk, by way", ["way"]
)
COMMIT_SECONDS = Histogram(
    "shouhou_commit_seconds", "Seconds the database took to commit what was written", buckets=_COMMIT_SECONDS
)
