"""One buyer's data on the command line: handed out, or erased."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from bot.cli.caller import console
from bot.cli.context import Here
from bot.cli.kept import retention_of
from bot.cli.tables import show
from bot.cli.visible import visible_line
from bot.desk.dossier import Labels
from bot.desk.export import gather, write
from bot.domain.audit import Deed
from bot.errors import BuyerError, NoSuchBuyer, StillOpen
from bot.pipeline.buyers import ERASED, Buyer, Erased, UnderWay
from bot.pipeline.ports import Unit
from bot.store.files import FileStore

_BECOMES = (
    ("lines", "what was said", "deleted"),
    ("files", "files they and the agents sent", "deleted, also from the disk unless another buyer sent the same"),
    ("outbox", "replies and posts, sent and waiting", "deleted; what waits is not sent"),
    ("copies", "which message stands where in the chats", "deleted"),
    ("topics", "how their topic in the staff group looks", "deleted; the topic itself is yours to delete"),
    ("deadlines", "clocks and reminders", "deleted: nothing comes due any more"),
    ("order_links", "proofs that orders are theirs", "deleted"),
    ("parcels", "parcels with their scans", "deleted"),
    ("inbox", "what came in", "emptied; its mark stays, so that the same is not taken again"),
    ("conversations", "conversations", "without name, address and memory; cases and money refer to their numbers"),
    ("orders", "orders", "without name and phone; number, goods, amounts and dates stay for bookkeeping"),
    ("cases", "cases", "without words, files and waybills; what was asked, how it ended and amounts stay for bookkeeping"),
    ("case_history", "steps of cases", "the same"),
    ("refunds", "refunds", "amounts, states and payments' own numbers stay for bookkeeping; reasons in words go"),
    ("ledger", "lines of the ledger", "the same"),
    ("scores", "scores", "without words"),
    ("feedback", "suggestions", "without words and order; product and cause stay"),
)  # fmt: skip
"""Table, what its rows are, what becomes of them."""


@click.group()
def buyer() -> None:
    """What is kept of one buyer: hand it out to them, or erase it.

    WHO is a conversation's number, an order's number, a phone number, or where they write from, such as telegram:4242. What
    may mean several is told apart as conversation:12, order:2600018001 or phone:13800001234.

    \b
    shouhou buyer export 12
    shouhou buyer erase 13800001234
    """


@buyer.command()
@click.argument("who")
@click.option(
    "--to",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    show_default="buyer-….zip in the shop's folder",
    help="A file that is not there yet; meant from the current folder, whatever -C says.",
)
@click.option("--lang", default="", show_default="theirs", help="The language of its page.")
@click.pass_obj
def export(here: Here, who: str, to: Path | None, lang: str) -> None:
    """Write everything kept of a buyer into one ZIP: a page to read, JSON for machines, their files with hashes.

    Their conversations in other channels are in it where the same order was proven in both. Read it before you hand it out:
    what agents noted among themselves is in it too.

    \b
    shouhou buyer export 2600018001 --to lin.zip
    """
    to = to.absolute() if to else None
    languages = here.config.shop.languages
    if lang and lang not in languages:
        raise click.UsageError(f"the shop does not answer in {lang!r}, only in {', '.join(languages)}")
    one = _meant(here, who)
    _tell(one)
    now = datetime.now(UTC)
    held = here.look(lambda unit: gather(unit, one, now))
    path = to or Path(f"buyer-{_name(one)}.zip").absolute()
    if path.exists():
        raise BuyerError(
            f"{path} is there already, and was left as it is: move it away, or name another with --to"
        )
    spoken = [talk.language for talk in one.conversations if talk.language in languages]
    words = here.folder().replies().words
    labels = Labels(lang or (spoken or languages)[0], words, here.config.shop.timezone)
    digest = asyncio.run(write(path, held, FileStore(here.config.storage.files), labels))
    here.with_database(lambda unit: unit.note_deeds(_deeds(one, "export", now)))
    click.echo(f"{path}\nSHA-256 {digest}")


class _Rehearsed(Exception):
    """What erasing would come to; raised to roll it back."""

    def __init__(self, erased: Erased) -> None:
        super().__init__()
        self.erased = erased


@buyer.command()
@click.argument("who")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.option(
    "--even-so",
    is_flag=True,
    help="Also while a case is open or money is on its way: both go on without them.",
)
@click.pass_obj
def erase(here: Here, who: str, yes: bool, even_so: bool) -> None:
    """Erase a buyer: what they said and sent goes, cases and money stay without the person. Asks first, and shows what goes.

    It can't be undone. Backups, the messenger's own copies and your payment service's are not reached.

    \b
    shouhou buyer erase telegram:4242
    """
    one = _meant(here, who)
    _tell(one)
    _refuse_open(here.look(lambda unit: unit.under_way(one)), even_so)
    planned = _rehearsed(here, one)
    if _nothing_left(here, one, planned):
        click.echo(
            "Nothing of this buyer is left: they were erased before. What stays for bookkeeping names nobody."
        )
        return
    counts = {**planned.rows, "files": planned.files}
    rows = [(what, str(counts[name]), becomes) for name, what, becomes in _BECOMES if counts[name]]
    show(("what", "rows", "what becomes of it"), rows)
    if not yes:
        click.confirm("Erase this buyer?", abort=True)
    erased = here.with_database(partial(_erase, who, one, even_so))
    files = asyncio.run(retention_of(here, lambda retention: retention.finish_erasing()))
    click.echo(f"Erased. Files off the disk: {files} of {erased.files}.")
    for left in _left(erased):
        click.echo(f"Not reached: {left}")


def _meant(here: Here, who: str) -> Buyer:
    found = here.look(lambda unit: unit.buyers(who))
    if not found:
        raise NoSuchBuyer(
            f"nobody is known by {who!r}: give a conversation's number, an order's number, a phone number, or where they "
            "write from, such as telegram:4242"
        )
    if len(found) > 1:
        lines = [f"{who!r} may mean several; be exact:", *(f"  {_exactly(one)}" for one in found)]
        raise NoSuchBuyer("\n".join(lines))
    return found[0]


def _exactly(one: Buyer) -> str:
    exact = f"conversation:{one.numbers[0]}" if one.numbers else f"order:{one.order_numbers[0]}"
    return f"{exact}   {'; '.join(_described(one))}"


def _described(one: Buyer) -> Iterator[str]:
    for talk in one.conversations:
        yield f"conversation {talk.id} ({talk.channel}, {talk.name or 'no name'})"
    for order in one.orders:
        yield f"order {order.number} ({order.buyer_name or 'no name'})"
    for order in one.unproven:
        yield f"order {order.number} ({order.buyer_name or 'no name'}; proven by nobody)"


def _tell(one: Buyer) -> None:
    for line in _described(one):
        click.echo(visible_line(line))


def _refuse_open(found: UnderWay, even_so: bool) -> None:
    """StillOpen, unless that is wished."""
    open_ = [f"case {case.number} is open ({case.state.value})" for case in found.cases]
    owed = [f"{refund.key}: {refund.amount} is {refund.state.value}" for refund in found.refunds]
    if not (open_ or owed):
        return
    told = "\n".join(f"  {line}" for line in (*open_, *owed))
    if not even_so:
        raise StillOpen(
            f"something is under way for this buyer:\n{told}\nSettle it first: afterwards nobody can tell them how it ends, "
            "or see what it was about. With --even-so it goes on without them: open cases have no clock any more and wait for "
            "an agent, and what is owed is still paid"
        )
    click.echo(f"under way, and going on without them:\n{told}")


def _rehearsed(here: Here, one: Buyer) -> Erased:
    def job(unit: Unit) -> None:
        raise _Rehearsed(unit.erase_buyer(one, datetime.now(UTC)))

    try:
        here.with_database(job)
    except _Rehearsed as rehearsed:
        return rehearsed.erased
    raise AssertionError("a rehearsal ends by being rolled back")


def _nothing_left(here: Here, one: Buyer, planned: Erased) -> bool:
    """They were erased, and nothing was said or sent since."""
    strangers = all(talk.channel == ERASED for talk in one.conversations)
    gone = {name for name, _, becomes in _BECOMES if becomes.startswith("deleted")}
    if not strangers or planned.files or any(planned.rows.get(name) for name in gone):
        return False
    return here.look(lambda unit: unit.erased_orders(one.order_numbers)) == set(one.order_numbers)


def _erase(who: str, shown: Buyer, even_so: bool, unit: Unit) -> Erased:
    """What was shown, if it still is so."""
    now = datetime.now(UTC)
    known = {(one.numbers, one.order_numbers) for one in unit.buyers(who)}
    if known != {(shown.numbers, shown.order_numbers)}:
        raise StillOpen(
            "more, or less, is known of this buyer than was shown: look again, nothing was erased"
        )
    if not even_so:
        _refuse_open(unit.under_way(shown), even_so)
    erased = unit.erase_buyer(shown, now)
    unit.note_deeds(_deeds(shown, "erase", now))
    return erased


def _left(erased: Erased) -> Iterator[str]:
    yield "your backups; what the messenger keeps in its own chats; your payment service and carriers; what was exported"
    for thread in erased.topics:
        yield f"topic {thread} of the staff group: delete it there"


def _deeds(one: Buyer, act: str, now: datetime) -> list[Deed]:
    """One for each conversation; of somebody who never wrote one for their orders. Nothing in it tells who it was."""
    account, name = console()
    numbers: Iterable[int | None] = one.numbers or (None,)
    after = {"orders": len(one.order_numbers)}
    return [Deed(now, account, name, act, conversation=number, after=after) for number in numbers]


def _name(one: Buyer) -> str:
    """A file's name: the first number, whatever stands in it."""
    return str(one.numbers[0]) if one.numbers else re.sub(r"[^\w-]", "_", one.order_numbers[0])


COMMANDS = {"buyer": buyer}
