"""`python -m tests.doubles.bot_api --port N --token T`: the double as a process of its own, for benches."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys

from tests.doubles.bot_api.control import Control
from tests.doubles.bot_api.limits import Limits
from tests.doubles.bot_api.server import BotApi


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.bot_api", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8081, help="where to listen on this machine (0: any free port)"
    )
    parser.add_argument("--token", default="12345:TEST", help="the bot's token")
    parser.add_argument("--limits", action="store_true", help="keep Telegram's flood limits (off by default)")
    parser.add_argument("--seed", type=int, default=0, help="for faults at a rate")
    parser.add_argument("--history", type=int, default=50, help="messages kept of each chat")
    parser.add_argument("--log", type=int, default=10_000, help="requests kept in the log")
    return parser.parse_args()


async def serve(given: argparse.Namespace) -> None:
    """Runs until SIGTERM or SIGINT."""
    over = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, over.set)
    api = BotApi(
        given.token,
        port=given.port,
        limits=Limits() if given.limits else Limits.off(),
        seed=given.seed,
        history=given.history,
        log_limit=given.log,
    )
    api.control = Control(api)
    async with api:
        sys.stdout.write(f"listening, base_url {api.base_url}\n")
        sys.stdout.flush()
        await over.wait()


if __name__ == "__main__":
    asyncio.run(serve(arguments()))
