"""What the owner may set about Telegram."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.channels.telegram.pace import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything but the token, which is a secret and travels alone."""

    base_url: str = "https://api.telegram.org/bot"
    """The Bot API's root with ``/bot``; the token is appended. A self-hosted server's goes here."""
    base_file_url: str = "https://api.telegram.org/file/bot"
    """Where files are downloaded from."""
    mode: Literal["polling", "webhook"] = "polling"
    """Whether updates are fetched, or brought by Telegram to `webhook_url`."""
    staff_chat: int | None = None
    """The agents' forum group, such as -1001234567890; none when agents work on the web desk only."""
    webhook_url: str = ""
    """Where Telegram brings updates: https, on port 443, 80, 88 or 8443."""
    secret: str = field(default="", repr=False)
    """Proves that an update comes from Telegram; derived from the token when empty."""
    max_connections: int = 40
    """Updates Telegram may bring at the same time in webhook mode."""
    connections: int = 64
    """Requests under way at once; each keeps its connection alive."""
    timeout: float = 20
    """Seconds to wait for an answer before a send counts as uncertain."""
    poll_seconds: int = 25
    """How long Telegram holds a getUpdates that has nothing to bring."""
    limits: Limits = field(default_factory=Limits)
    """How much may be sent, before Telegram has to say so."""
