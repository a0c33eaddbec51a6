"""The methods of the Bot API that the double plays, a file a subject."""

from __future__ import annotations

import inspect
from typing import Any

from tests.doubles.bot_api.errors import broken
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods import (
    callbacks,
    chats,
    commands,
    copying,
    editing,
    files,
    profile,
    sending,
    topics,
    updates,
)
from tests.doubles.bot_api.methods.registry import PLAYED
from tests.doubles.bot_api.schema import check, shape_of
from tests.doubles.bot_api.world import World

__all__ = [
    "callbacks",
    "chats",
    "commands",
    "copying",
    "editing",
    "files",
    "perform",
    "profile",
    "sending",
    "topics",
    "updates",
]


async def perform(world: World, call: Call) -> Any:
    """Checks the request against its method's shape, then does what it asks for."""
    shape = shape_of(call.method)
    call.method = shape.name
    call.params = check(shape, call.params, call.files)
    played = PLAYED.get(shape.name)
    if played is None:
        raise broken(f"{shape.name} is a method of the Bot API, but this double does not play it yet")
    result = played(world, call)
    return await result if inspect.isawaitable(result) else result
