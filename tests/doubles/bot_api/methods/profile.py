"""What the bot says about itself."""

from __future__ import annotations

from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.commands import language_of
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.text import at_most
from tests.doubles.bot_api.world import World

LIMITS = {"name": 64, "description": 512, "short_description": 120}


@plays("getMe")
def get_me(world: World, _: Call) -> Json:
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


def _set(world: World, call: Call, name: str) -> bool:
    """0-64, 0-512 and 0-120 characters; empty removes the text for the language."""
    value = str(call.params.get(name, ""))
    at_most(LIMITS[name], name, value)
    world.profile[name, language_of(call.params)] = value
    return True


def _get(world: World, call: Call, name: str) -> Json:
    return {name: world.profile.get((name, language_of(call.params))) or world.profile.get((name, ""), "")}


@plays("setMyName")
def set_my_name(world: World, call: Call) -> bool:
    return _set(world, call, "name")


@plays("setMyDescription")
def set_my_description(world: World, call: Call) -> bool:
    return _set(world, call, "description")


@plays("setMyShortDescription")
def set_my_short_description(world: World, call: Call) -> bool:
    return _set(world, call, "short_description")


@plays("getMyName")
def get_my_name(world: World, call: Call) -> Json:
    return {"name": _get(world, call, "name")["name"] or world.bot["first_name"]}


@plays("getMyDescription")
def get_my_description(world: World, call: Call) -> Json:
    return _get(world, call, "description")


@plays("getMyShortDescription")
def get_my_short_description(world: World, call: Call) -> Json:
    return _get(world, call, "short_description")
