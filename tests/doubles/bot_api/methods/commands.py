"""The list of commands (https://core.telegram.org/bots/api#setmycommands)."""

from __future__ import annotations

import json
import re

from tests.doubles.bot_api.errors import broken
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.places import known_chat
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.spans import utf16_length
from tests.doubles.bot_api.world import World

NAME = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"[a-z]{2}")
DESCRIPTION_LIMIT = 256
COMMANDS_LIMIT = 100


def language_of(params: Json) -> str:
    """Docs: "A two-letter ISO 639-1 language code", or none for everybody."""
    code = str(params.get("language_code", ""))
    if code and not LANGUAGE.fullmatch(code):
        raise broken("invalid language code specified")
    return code


def _place(world: World, call: Call) -> tuple[str, str]:
    scope: Json = call.params.get("scope") or {"type": "default"}
    if "chat_id" in scope:
        known_chat(world, scope["chat_id"])
    return json.dumps(scope, sort_keys=True), language_of(call.params)


@plays("setMyCommands")
def set_my_commands(world: World, call: Call) -> bool:
    commands: list[Json] = call.params["commands"]
    if len(commands) > COMMANDS_LIMIT:
        raise broken(f"at most {COMMANDS_LIMIT} commands can be specified")
    for command in commands:
        _check(command)
    world.commands[_place(world, call)] = commands
    return True


def _check(command: Json) -> None:
    """1-32 characters of a-z, 0-9 and _; description of 1-256 (https://core.telegram.org/bots/api#botcommand)."""
    if not NAME.fullmatch(command["command"]):
        raise broken("BOT_COMMAND_INVALID")
    if not command["description"].strip():
        raise broken("command description must be non-empty")
    if utf16_length(command["description"]) > DESCRIPTION_LIMIT:
        raise broken("BOT_COMMAND_DESCRIPTION_INVALID")


@plays("getMyCommands")
def get_my_commands(world: World, call: Call) -> list[Json]:
    """Docs: "If commands aren't set, an empty list is returned"."""
    return world.commands.get(_place(world, call), [])


@plays("deleteMyCommands")
def delete_my_commands(world: World, call: Call) -> bool:
    world.commands.pop(_place(world, call), None)
    return True
