"""What is counted for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter

TURNS = Counter("shouhou_turns", "Turns taken and committed")
FAILED_TURNS = Counter("shouhou_failed_turns", "Turns that failed and were tried again or shunted")
SHUNTED = Counter("shouhou_shunted", "Inbox rows put on the shunt shelf")
SENDS = Counter("shouhou_sends", "Deliveries by channel and outcome", ["channel", "outcome"])
UNCERTAIN = Counter(
    "shouhou_uncertain_sends", "Deliveries whose arrival can't be known and that are repeated"
)
FIRED = Counter("shouhou_deadlines_fired", "Deadlines that came due")
FILES = Counter(
    "shouhou_files", "Fetches of buyers' files by channel and what became of them", ["channel", "outcome"]
)
