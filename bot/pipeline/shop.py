"""The shop as a turn sees it: its words, phrases and policy at this moment. Replaced whole when a file changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.policy import Policy
from bot.pipeline.ports import Reader, Render
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.recognise import Thresholds


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything the owner decides."""

    languages: tuple[str, ...]
    """Main one first; desk posts are written in it."""
    phrasebook: Phrasebook
    thresholds: Thresholds
    policy: Policy
    render: Render
    readers: Mapping[str, Reader]
    """Channel name to how its payloads are read."""
    staff: bool
    """There is a staff group to post to."""
