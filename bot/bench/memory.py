"""How much memory this process has needed."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_MIB = 1024 * 1024


def peak_memory() -> float | None:
    """The most resident memory so far, in MiB; None where the system does not tell (Windows).

    On Linux it is VmHWM and not getrusage's ru_maxrss, which a new process takes over from the one that started it.
    """
    if _STATUS.is_file():
        line = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / _MIB
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 -- not there on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MIB if sys.platform == "darwin" else peak * 1024 / _MIB


def resident_memory() -> float | None:
    """What is resident now, in MiB; None where the system does not tell (all but Linux)."""
    if not _STATUS.is_file():
        return None
    line = next(line for line in _STATUS.read_text("ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / _MIB
