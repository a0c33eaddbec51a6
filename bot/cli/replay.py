"""What the bot would do with an update, without doing it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.channels.telegram import arrival
from bot.cli.context import Here
from bot.cli.secret import secret_key
from bot.cli.visible import visible, visible_line
from bot.errors import ShouhouError
from bot.opening import open_shop
from bot.pipeline.arrivals import InboxRow
from bot.pipeline.gather import Gatherer
from bot.pipeline.ports import Unit
from bot.pipeline.shop import Shop
from bot.pipeline.turns import Outturn
from bot.pipeline.walk import Wanted, take_turn
from bot.shop.links import verify


class Rehearsed(Exception):
    """Carries what would come of it out of the transaction, which it rolls back."""

    def __init__(self, outturn: Outturn) -> None:
        super().__init__()
        self.outturn = outturn


@click.command()
@click.argument("update", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--channel", default="telegram", show_default=True, help="telegram, web or desk.")
@click.option("--address", default="", help="The buyer's address, where the update does not tell (web).")
@click.pass_obj
def replay(here: Here, update: Path, channel: str, address: str) -> None:
    """Take a raw update (JSON) through the walk and show what would be said and done. Nothing is stored or sent.

    \b
    shouhou replay update.json
    shouhou replay --channel web --address 5f3c… payload.json
    """
    payload = _payload(update)
    shop, key = open_shop(here.config, here.contents()), secret_key(here.config)
    address = address or (
        arrival(payload, here.config.telegram.staff_chat).address if channel == "telegram" else ""
    )
    if not address:
        raise click.UsageError("this update names no buyer; say whose it is with --address")

    def job(unit: Unit) -> None:
        raise Rehearsed(_rehearse(unit, payload, (channel, address), shop, key))

    try:
        here.with_database(job)
    except Rehearsed as done:
        _tell(done.outturn)


def _payload(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ShouhouError(f"{path} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ShouhouError(f"{path} must hold one update, a JSON object")
    return found


def _rehearse(
    unit: Unit, payload: Mapping[str, Any], place: tuple[str, str], shop: Shop, key: str
) -> Outturn:
    """The turn as it would be taken now, carriers not asked: their last stored news stand in."""
    now = datetime.now(UTC)
    conversation = unit.conversation_at(*place, now)
    known = unit.known((conversation.id,))[conversation.id]
    gatherer = Gatherer(unit, lambda link, at: verify(link, key, at), now, unit.queue_length(), shop.guides)
    row = InboxRow(0, place[0], payload, now)
    stored = {parcel.number: parcel for order in known.orders for parcel in order.parcels}
    result = take_turn((row,), conversation, known, gatherer, shop, stored)
    if isinstance(result, Wanted):
        raise ShouhouError(
            f"this needs news of parcels that are not stored: {[p.number for p in result.parcels]}"
        )
    return result


def _tell(outturn: Outturn) -> None:
    for line in outturn.lines:
        click.echo(f"{line.who.value}: {visible(line.text)}")
        for label, _ in line.buttons:
            click.echo(f"    [{visible_line(label)}]")
    for effect in outturn.effects:
        click.echo(f"would commit: {type(effect).__name__}")
    click.echo("nothing was stored or sent")


COMMANDS = {"replay": replay}
