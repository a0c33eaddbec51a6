"""What the policy says to an order, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

import click

from bot.cli.context import Here
from bot.cli.tables import show
from bot.domain.book import Book
from bot.domain.cases import Reason
from bot.domain.offers import Offer, offers
from bot.domain.policy import Policy
from bot.domain.verdicts import Verdict, goods_of, judged, reasons_for
from bot.store.unit import SqlUnit


@click.group()
def policy() -> None:
    """What the shop grants."""


@policy.command()
@click.argument("order")
@click.option(
    "--line", "lines", multiple=True, type=int, help="Only these lines of it, such as --line 1 --line 2."
)
@click.option("--at", type=click.DateTime(["%Y-%m-%d"]), help="As if it were that day, at noon in the shop.")
@click.pass_obj
def check(here: Here, order: str, lines: tuple[int, ...], at: datetime | None) -> None:
    """Explain what may be applied for on an order, by which rule, and what would be offered.

    \b
    shouhou policy check 2600018006
    shouhou policy check 2600018006 --at 2026-12-24
    """
    now_held = here.config.policy()
    zone = now_held.timezone
    now = at.replace(hour=12, tzinfo=zone).astimezone(UTC) if at else datetime.now(UTC)
    book = here.look(lambda unit: _book(unit, order))
    if book is None:
        raise click.BadParameter(f"there is no order {order}", param_hint="ORDER")
    _say_order(book, now_held)
    words = here.contents().replies.words(here.config.shop.languages[-1], "rule")
    goods = goods_of(book.order, book.order.delivered)
    for reason in reasons_for(goods):
        verdict = judged(book, lines, goods, reason, now, now_held.of(book.order))
        _say(reason, verdict, offers(book, lines, goods, reason, now, now_held), zone, words)


def _book(unit: SqlUnit, number: str) -> Book | None:
    order = unit.order(number)
    if order is None:
        return None
    cases = unit.cases_over(order.number)
    return Book.of(order, cases, [refund for case in cases for refund in unit.refunds_of(case.number)])


def _say_order(book: Book, now_held: Policy) -> None:
    order, held = book.order, now_held.of(book.order)
    day = order.placed_at.astimezone(now_held.timezone).date()
    until = [f"the one that held until {last}" for last, one in now_held.earlier if one is held]
    show(
        ("order", order.number),
        [
            ("placed", f"{day}; judged by the policy of that day: {until[0] if until else 'as it is now'}"),
            ("paid", f"{order.paid}, left to refund {book.left()}"),
            ("goods", goods_of(order, order.delivered).value),
            ("open cases", ", ".join(case.number for case in book.cases if case.open) or "none"),
        ],
    )


def _say(
    reason: Reason, verdict: Verdict, offered: tuple[Offer, ...], zone: tzinfo, words: Mapping[str, str]
) -> None:
    click.echo(f"\n{reason.value}: {'yes' if verdict.allowed else 'no'}")
    for step in verdict.steps:
        until = f" (until {step.until.astimezone(zone):%Y-%m-%d %H:%M})" if step.until else ""
        click.echo(f"  {'✓' if step.holds else '✗'} {words.get(step.rule, step.rule)}{until}")
    for one in offered:
        amount = f" {one.amount}" if one.amount else ""
        click.echo(f"  → {one.option.value}{amount}, postage: {one.freight.value}{', at once' * one.at_once}")


COMMANDS = {"policy": policy}
