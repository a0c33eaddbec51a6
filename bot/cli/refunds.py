"""Refunds on the command line: how they stand, and what an agent may do about them."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from bot.cli.caller import caller
from bot.cli.context import Here
from bot.cli.stepping import console, have_done
from bot.cli.tables import show
from bot.cli.visible import visible
from bot.domain.refunds import Refund, RefundAct, RefundEvent, RefundState, move
from bot.errors import IllegalMove
from bot.flows.payment import NEED_WHY

_BY = click.option("--by", default=caller, show_default="your name on this machine", help="Who does it.")


@click.group()
def refunds() -> None:
    """Money that is to leave: look at it, approve it, say that it is paid, try it again, call it off.

    \b
    shouhou refunds list --state failed
    shouhou refunds approve refund:R2611200001 --by boss
    shouhou refunds paid refund:R2611200001 --reference W20261120
    """


@refunds.command("list")
@click.option(
    "--state", type=click.Choice([state.value for state in RefundState]), help="Only those of this state."
)
@click.pass_obj
def list_(here: Here, state: str | None) -> None:
    """All refunds, oldest first."""
    found = here.look(lambda unit: unit.refunds(RefundState(state) if state else None))
    if not found:
        click.echo("There are no refunds." if state is None else f"There are no refunds that are {state}.")
        return
    show(
        ("key", "order", "for", "amount", "state", "approved", "try", "reference or problem", "since"),
        [_row(here, refund) for refund in found],
        [refund.state in (RefundState.DONE, RefundState.CANCELLED) for refund in found],
    )


@refunds.command()
@click.argument("key")
@click.option("--by", required=True, help="Who approves: another person than before.")
@click.pass_obj
def approve(here: Here, key: str, by: str) -> None:
    """Approve money above the limit for two people."""
    _act(here, key, RefundEvent.APPROVE, by)


@refunds.command()
@click.argument("key")
@click.option("--reference", default="", help="The transfer's own number.")
@_BY
@click.pass_obj
def paid(here: Here, key: str, reference: str, by: str) -> None:
    """Say that the money has been transferred by hand; the buyer is told."""
    _act(here, key, RefundEvent.SUCCEED, by, reference)


@refunds.command()
@click.argument("key")
@_BY
@click.pass_obj
def retry(here: Here, key: str, by: str) -> None:
    """Have a payment that failed made again."""
    _act(here, key, RefundEvent.RETRY, by)


@refunds.command()
@click.argument("key")
@click.option("--why", required=True, help="Kept in the ledger.")
@_BY
@click.pass_obj
def cancel(here: Here, key: str, why: str, by: str) -> None:
    """Call money off that has not left."""
    _act(here, key, RefundEvent.CANCEL, by, why)


def _act(here: Here, key: str, event: RefundEvent, by: str, text: str = "") -> None:
    known = here.look(lambda unit: unit.refund(key))
    if known is None:
        raise click.ClickException(f"there is no refund {key!r}; see: shouhou refunds list")
    before, conversation_id = known
    _refuse_what_cant_be(before, event, by, text)
    told = have_done(here, event.value, by, key, conversation_id, text)
    if told is None:
        click.echo("noted; the shop that is being served does it now. See: shouhou refunds list")
        return
    for words in told:
        click.echo(visible(words))
    after = here.look(lambda unit: unit.refund(key))
    if after is None or after[0].version == before.version:
        raise click.ClickException(f"{key} is still {before.state.value}; nothing was changed")
    click.echo(f"{key}: {before.state.value} → {after[0].state.value}")


def _refuse_what_cant_be(refund: Refund, event: RefundEvent, by: str, text: str) -> None:
    """What the refund does not allow is refused here: what the shop that is served refuses, nobody hears who typed it. Whether the money
    is on its way only the shop looks."""
    if event in NEED_WHY and not text.strip():
        raise click.BadParameter("say why, as the ledger will keep it", param_hint="--why")
    try:
        move(refund, RefundAct(event, datetime.now(UTC), who=console(by)))
    except IllegalMove as error:
        still = f"{refund.key} is still {refund.state.value}; nothing was changed"
        raise click.ClickException(f"{error}. {still}") from error


def _row(here: Here, refund: Refund) -> tuple[str, ...]:
    approved = f"{len(refund.approved)} of {refund.people}" if refund.people else "-"
    since = refund.created_at.astimezone(here.config.shop.timezone)
    return (
        refund.key,
        refund.order_number,
        refund.purpose.value,
        str(refund.amount),
        refund.state.value,
        approved,
        str(refund.tries),
        refund.problem or refund.reference,
        f"{since:%Y-%m-%d %H:%M}",
    )


COMMANDS = {"refunds": refunds}
