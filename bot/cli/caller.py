"""Who calls a command."""

from __future__ import annotations

import getpass
import os
import sys


def caller() -> str:
    """Their name on this machine; their number where it has no name, as in many a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "?" if sys.platform == "win32" else f"uid {os.getuid()}"


def console() -> tuple[str, str]:
    """Under which account what they do is written down, and their name."""
    name = caller()
    return f"console:{name}"[:64], name
