"""The key that signs cookies and links."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.config import Config

FILE = Path("data/secret.key")


def secret_key(config: Config) -> str:
    """The owner's key, or one made once for this folder and kept readable by its owner only."""
    if config.secrets.secret_key:
        return config.secrets.secret_key
    if FILE.is_file():
        return FILE.read_text(encoding="ascii").strip()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(32)
    with os.fdopen(os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key)
    return key
