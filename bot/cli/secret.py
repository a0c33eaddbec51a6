"""The key that signs cookies and links."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from bot.config import Config
from bot.config.sections import Storage
from bot.errors import ConfigError
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
    try:
        if not path.is_file():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(
            f"{path} can't be read or written: {error.strerror}. Make room, let the bot's user write there, or set SHOUHOU_SECRET_KEY"
        ) from None
    if not key:
        raise ConfigError(
            f"{path} is empty: delete it, and the next start makes a key; everybody signs in again"
        )
    return key


def _make(path: Path) -> None:
    """Whole or not at all; of several processes that do it at once the first one's stays."""
    private_folder(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
        ) as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        _put(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _put(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:  # a disk that has no links
        draft.replace(path)
