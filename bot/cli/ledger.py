"""The money's ledger on the command line: every line, what they come to, and whether that is so."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.domain.ledger import Running, problems, running, sums_of
from bot.domain.money import Money
from bot.domain.refunds import LedgerLine, Refund, RefundState

if TYPE_CHECKING:
    from bot.store.unit import SqlUnit

HEADER = (
    *("at", "refund", "version", "order", "for", "event", "from", "to", "amount", "currency"),
    *("who", "reference", "why", *(f"total_{state.value}" for state in RefundState)),
)
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet would take for a formula, at the beginning of somebody's words."""

Books = tuple[list[Refund], list[LedgerLine], Mapping[str, Money]]


@click.command()
@click.option("--order", default="", help="Only what concerns this order.")
@click.option("--csv", "as_csv", is_flag=True, help="Every column as CSV, for a spreadsheet.")
@click.pass_obj
def ledger(here: Here, order: str, as_csv: bool) -> None:
    """Every move of every refund, with running totals by currency and state; then a check that all of it adds up.

    \b
    shouhou ledger
    shouhou ledger --order 2600018001
    shouhou ledger --csv > ledger.csv
    """
    refunds, lines, paid = here.look(lambda unit: _books(unit, order))
    known = {refund.key: refund for refund in refunds}
    zone = here.config.shop.timezone
    if as_csv:
        _write(running(lines), known, zone)
    else:
        _show(running(lines), zone)
        _totals(refunds)
    found = list(problems(refunds, lines, paid))
    for problem in found:
        click.echo(problem, err=True)
    if found:
        click.echo(f"{len(found)} things do not add up", err=True)
        sys.exit(1)
    click.echo(
        f"It adds up (refunds: {len(refunds)}, lines: {len(lines)}): none left twice, none is above what was paid.",
        err=as_csv,
    )


def _books(unit: SqlUnit, order: str) -> Books:
    refunds = unit.refunds(order=order)
    return refunds, unit.ledger(order), unit.paid({refund.order_number for refund in refunds})


def _show(lines: Iterable[Running], zone: tzinfo) -> None:
    rows = [
        (
            f"{one.line.act.at.astimezone(zone):%Y-%m-%d %H:%M}",
            one.line.key,
            one.line.act.event.value,
            _moved(one.line),
            str(one.line.amount),
            one.line.act.who,
            one.line.act.reference or one.line.act.why,
            _so_far(one),
        )
        for one in lines
    ]
    if rows:
        header = ("at", "refund", "event", "state", "amount", "who", "reference or why", "totals so far")
        show(header, rows)


def _so_far(one: Running) -> str:
    return " · ".join(
        f"{state.value} {one.sums[state].decimal}" for state in RefundState if one.sums.get(state)
    )


def _moved(line: LedgerLine) -> str:
    return f"{line.start.value} → {line.end.value}" if line.start else line.end.value


def _totals(refunds: Iterable[Refund]) -> None:
    for currency, sums in sorted(sums_of(refunds).items()):
        told = (f"{sums[state].decimal} {state.value}" for state in RefundState if state in sums)
        click.echo(f"{currency}: {', '.join(told)}")


def _write(lines: Iterable[Running], known: Mapping[str, Refund], zone: tzinfo) -> None:
    table = csv.writer(sys.stdout)
    table.writerow(HEADER)
    for one in lines:
        line, refund = one.line, known.get(one.line.key)
        table.writerow(
            (
                line.act.at.astimezone(zone).isoformat(),
                _harmless(line.key),
                line.version,
                _harmless(refund.order_number) if refund else "",
                refund.purpose.value if refund else "",
                line.act.event.value,
                line.start.value if line.start else "",
                line.end.value,
                line.amount.decimal,
                line.amount.currency,
                *map(_harmless, (line.act.who, line.act.reference, line.act.why)),
                *(one.sums.get(state, Money(0, line.amount.currency)).decimal for state in RefundState),
            )
        )


def _harmless(words: str) -> str:
    return f"'{words}" if words.startswith(_FORMULA) else words


COMMANDS = {"ledger": ledger}
