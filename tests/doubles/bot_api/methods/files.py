"""getFile."""

from __future__ import annotations

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.world import World


@plays("getFile")
def get_file(world: World, call: Call) -> Json:
    return world.files.link(call.params["file_id"], world.clock())
