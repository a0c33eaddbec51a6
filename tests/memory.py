"""Temporary files in memory: a disk takes longer to make, flush and remove them than most tests take."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
"""Linux's own; elsewhere, and in most containers, there is none or hardly any."""
_ROOM = 8 * 1024**3
"""Bytes it must have. Tests leave a third of that, as much again from the run before."""


def in_memory() -> None:
    """From now on, in this process and in those it starts; unless `TMPDIR` says where, or there is too little room."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # whoever asked before was told another place
