"""Addresses inside texts and buttons: which ones Telegram takes."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"^(?:[\w-]+\.)+[\w-]{2,}$|^\d{1,3}(?:\.\d{1,3}){3}$|^\[[0-9a-fA-F:.]+\]$")


def user_id_of(url: str) -> int | None:
    """The user of an inline mention, `tg://user?id=…` (https://core.telegram.org/bots/api#html-style)."""
    found = re.fullmatch(r"tg://(?:/)?user/?\?id=(\d+)", url.strip())
    return int(found[1]) if found else None


def checked_link(url: str) -> str:
    """The link as Telegram keeps it, or an empty string where it would silently drop the link."""
    url = url.strip()
    if not url or re.search(r"\s", url):
        return ""
    if re.match(r"(?:tg|ton|tonsite)://\S", url, re.IGNORECASE):
        return url
    with_scheme = url if re.match(r"https?://", url, re.IGNORECASE) else f"http://{url}"
    return _normal(with_scheme)


def _normal(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("http", "https") or not _HOST.match(shown):
        return ""
    return url if parts.path or parts.query or parts.fragment else f"{url}/"
