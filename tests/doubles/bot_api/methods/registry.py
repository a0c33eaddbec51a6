"""Which function plays which method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.world import World

Method = Callable[[World, Call], Any]
PLAYED: dict[str, Method] = {}


def plays(name: str) -> Callable[[Method], Method]:
    """The function below is what happens when a bot calls this method."""

    def register(method: Method) -> Method:
        PLAYED[name] = method
        return method

    return register
