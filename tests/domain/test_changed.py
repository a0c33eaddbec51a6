"""Copies of frozen data with something changed."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.changed import replace
from bot.domain.conversation import Conversation
from bot.understanding.phrasebook import SlotWord


def test_a_copy_is_as_the_standard_library_makes_it_and_the_original_stays() -> None:
    before = Conversation(1, "web", "ann", misses=1)
    changed = replace(before, misses=2, language="en")
    assert changed == dataclasses.replace(before, misses=2, language="en")
    assert (before.misses, before.language) == (1, "")
    assert replace(before) == before


def test_a_field_that_is_not_there_or_follows_from_others_is_refused() -> None:
    with pytest.raises(TypeError, match="Conversation has no field 'mises' to change"):
        replace(Conversation(1, "web", "ann"), mises=2)
    with pytest.raises(TypeError, match="needle"):
        replace(SlotWord("cup", "kind", "cup", "en"), needle="x")


def test_what_follows_from_a_field_follows_the_change() -> None:
    assert replace(SlotWord("cup", "kind", "cup", "en"), text="lamp").needle == " lamp "
