"""answerCallbackQuery."""

from __future__ import annotations

from tests.doubles.bot_api.errors import broken, refused
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.spans import utf16_length
from tests.doubles.bot_api.updates import CALLBACK_LIFETIME
from tests.doubles.bot_api.world import World

TEXT_LIMIT = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@plays("answerCallbackQuery")
def answer_callback_query(world: World, call: Call) -> bool:
    """`text`: 0-200 characters (https://core.telegram.org/bots/api#answercallbackquery); in time."""
    params = call.params
    if utf16_length(params.get("text", "")) > TEXT_LIMIT:
        raise broken("MESSAGE_TOO_LONG")
    tap = world.taps.get(params["callback_query_id"])
    if tap is None or world.clock() - tap.time > CALLBACK_LIFETIME:
        raise refused(TOO_OLD)
    tap.answer = {name: value for name, value in params.items() if name != "callback_query_id"}
    world.waiting.changed()
    return True
