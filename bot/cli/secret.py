"""The key that signs cookies and links."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from bot.config import Config
from bot.config.sections import Storage
from bot.store.private import private_folder

FILE = Path("data/secret.key")


def secret_key(config: Config, folder: Path = Path()) -> str:
    """The owner's key, or one made once for this folder and kept readable by its owner only.

    Several shops may be given the same: what each signs with is made from it and its name, so that none takes another's
    signature for its own.
    """
    key = config.secrets.secret_key or _kept(folder / FILE)
    shop = config.storage.shop
    if shop == Storage().shop:
        return key
    return hmac.new(key.encode(), shop.encode(), "sha256").hexdigest()


def _kept(path: Path) -> str:
    if path.is_file():
        return path.read_text(encoding="ascii").strip()
    private_folder(path.parent)
    key = secrets.token_urlsafe(32)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key)
    return key
