"""Cases on the command line: what is open, how one stands, what may be done with it, and what a changed policy would move."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

import click

from bot.cli.caller import caller
from bot.cli.context import Here
from bot.cli.stepping import have_done
from bot.cli.tables import show
from bot.cli.visible import visible
from bot.domain.cases import Act, Case, Entry, Event, Role
from bot.domain.machine import needs, possible
from bot.domain.retiming import Retimed, retimed
from bot.domain.transitions import TRANSITIONS, Needs
from bot.errors import IllegalMove
from bot.flows.agents_words import worded
from bot.pipeline.arrivals import Arrival
from bot.store.clocks import CHANNEL
from bot.store.unit import SqlUnit
from bot.understanding.waybills import holds_waybill

_BY_AGENTS = tuple(dict.fromkeys(row.event for row in TRANSITIONS if Role.AGENT in row.by))


@click.group()
def cases() -> None:
    """Cases: what is open and until when, one from beginning to end, and what a changed policy would move."""


@cases.command("list")
@click.option("--all", "ended", is_flag=True, help="Also those that have ended.")
@click.pass_obj
def list_(here: Here, ended: bool) -> None:
    """Open cases, the soonest deadline first."""
    found = here.look(lambda unit: unit.all_cases(ended=ended))
    if not found:
        click.echo("There is no case." if ended else "No case is open.")
        return
    zone = here.config.shop.timezone
    show(
        ("case", "kind", "state", "order", "amount", "deadline", "then"),
        [_row(case, zone) for case in found],
        [not case.open for case in found],
    )


@cases.command("show")
@click.argument("number")
@click.pass_obj
def show_(here: Here, number: str) -> None:
    """How a case stands, what money it has moved, and what each person may do with it now."""
    case = _case(here, number)
    show((case.number, ""), _facts(case, here.config.shop.timezone))
    for refund in here.look(lambda unit: unit.refunds_of(case.number)):
        purpose = refund.purpose.value
        click.echo(f"money: {refund.amount} for the {purpose}: {refund.state.value} ({refund.key})")
    for role in Role:
        acts = [_act(case, event, role) for event in possible(case, role)]
        if acts:
            click.echo(f"{role.value} may: {', '.join(acts)}")


@cases.command()
@click.argument("number")
@click.pass_obj
def history(here: Here, number: str) -> None:
    """Everything that happened to a case: who, when, from, to, why."""
    case = _case(here, number)
    zone = here.config.shop.timezone
    lines = here.look(lambda unit: unit.history(case.number))
    show(
        ("", "when", "who", "what", "from", "to", "why", "files"),
        [_told(entry, zone) for entry in lines],
    )


@cases.command("do")
@click.argument("number")
@click.argument("act", type=click.Choice([event.value for event in _BY_AGENTS]))
@click.argument("words", nargs=-1)
@click.option("--by", default=caller, show_default="your name on this machine", help="Who does it.")
@click.pass_obj
def do_(here: Here, number: str, act: str, words: tuple[str, ...], by: str) -> None:
    """Do with a case what an agent may do now; `show` tells what that is and what it needs.

    \b
    shouhou cases do R2611200001 agree
    shouhou cases do R2611200001 refuse The seal is broken
    """
    case, text = _case(here, number), " ".join(words).strip()
    _refuse_what_lacks(case, Event(act), text)
    told = have_done(here, act, by, case.number, case.conversation_id, text)
    if told is None:
        click.echo(
            "noted; the shop that is being served does it now. See: shouhou cases history " + case.number
        )
        return
    for line in told:
        click.echo(visible(line))
    after = _case(here, number)
    if after.version == case.version:
        raise click.ClickException(f"{case.number} is still {case.state.value}; nothing was changed")
    click.echo(f"{case.number}: {case.state.value} → {after.state.value}")


_LACKING = {
    Needs.WHY: "a why, which the buyer reads ({act} The seal is broken)",
    Needs.WAYBILL: "a waybill's number ({act} SF1020304050607)",
    Needs.AMOUNT: "an amount, and words for the buyer if you like ({act} 20.50 for the scratch)",
    Needs.CHANGE: "who is at fault, seller, carrier, buyer or undecided, and why ({act} seller the seam was open)",
    Needs.EVIDENCE: "a file: send it at the desk or in the staff group with /evidence {number} as its caption",
}


def _refuse_what_lacks(case: Case, event: Event, text: str) -> None:
    """What its words or the case do not allow is refused here: what the shop that is served refuses, nobody hears who typed it. The sum, and
    who may grant it, only the shop judges."""
    nothing = f"nothing was changed. See: shouhou cases show {case.number}"
    try:
        found = worded(Act(event, Role.AGENT, datetime.now(UTC), why=text), case)
    except IllegalMove as error:
        raise click.ClickException(f"{error}; {nothing}") from error
    if event is Event.SHIP_BACK and not holds_waybill(text):
        found = None
    if found is None:
        need = min(needs(case, event, Role.AGENT))
        lacking = _LACKING[need].format(act=event.value, number=case.number)
        raise click.ClickException(f"{event.value} needs {lacking}; {nothing}")


@cases.command()
@click.option("--apply", "apply_", is_flag=True, help="Move them; each buyer is told the new deadline.")
@click.option("--why", default="", help="Why, as the buyer reads it; needed with --apply.")
@click.pass_obj
def clocks(here: Here, apply_: bool, why: str) -> None:
    """Deadlines that run and would be others by the policy and calendar as they are now. Nothing moves by itself.

    \b
    shouhou cases clocks
    shouhou cases clocks --apply --why "The carriers rest over the Spring Festival."
    """
    now = datetime.now(UTC)
    found = here.look(lambda unit: _retimed(here, unit, now))
    if not found:
        click.echo("Every open deadline is as the policy and the calendar have it now.")
        return
    zone = here.config.shop.timezone
    show(
        ("case", "state", "running since", "deadline now", "would be"),
        [_moved(one, zone) for one in found],
    )
    if not apply_:
        click.echo('Nothing was changed. Move them with: shouhou cases clocks --apply --why "…"')
        return
    if not why.strip():
        raise click.BadParameter("say why, as the buyers will read it", param_hint="--why")
    stored = here.with_database(lambda unit: unit.receive([_order(one, why) for one in found], now))
    click.echo(f"{len(stored)} to be moved as soon as the shop runs; each buyer is told.")


def _retimed(here: Here, unit: SqlUnit, now: datetime) -> list[Retimed]:
    policy = here.config.policy()
    found = (
        retimed(case, unit.history(case.number), unit.order(case.order_number), policy, now)
        for case in unit.all_cases(ended=False, limit=100_000)
    )
    return [one for one in found if one]


def _order(one: Retimed, why: str) -> Arrival:
    """Moved through the one door, like everything that happens to a case."""
    case = one.case
    payload = {
        "kind": Event.RETIME.value,
        "case": case.number,
        "version": case.version,
        "until": one.due_at.isoformat(),
        "why": why.strip(),
    }
    origin = f"{case.number}:{case.version}:{Event.RETIME.value}:{one.due_at.isoformat()}"
    return Arrival(CHANNEL, origin, payload, conversation_id=case.conversation_id)


def _case(here: Here, number: str) -> Case:
    found = here.look(lambda unit: unit.case(number))
    if found is None:
        problem = f"there is no case {number}; see: shouhou cases list --all"
        raise click.BadParameter(problem, param_hint="NUMBER")
    return found


def _row(case: Case, zone: tzinfo) -> tuple[str, ...]:
    return (
        case.number,
        case.kind.value,
        case.state.value + " (locked)" * case.locked,
        case.order_number,
        str(case.amount),
        _moment(case.due_at, zone),
        case.clock.value if case.clock else "-",
    )


def _facts(case: Case, zone: tzinfo) -> list[tuple[str, str]]:
    lines = ", ".join(map(str, case.lines)) or "none"
    deadline = f"{_moment(case.due_at, zone)}, then {case.clock.value}" if case.clock else "none"
    known = [
        ("kind", case.kind.value),
        ("state", case.state.value + " (locked by an intervention)" * case.locked),
        ("order", f"{case.order_number}, lines {lines}"),
        ("reason", f"{case.reason.value}; at fault: {case.responsibility.value}"),
        ("goods", f"{case.goods.value}, {case.phase.value}"),
        ("amount", str(case.amount)),
        ("opened", _moment(case.opened_at, zone)),
        ("deadline", deadline),
        ("evidence", f"{len(case.evidence)} files"),
        ("version", str(case.version)),
    ]
    more = [
        ("rule", case.rule),
        ("subject", case.subject),
        ("offer", str(case.offer or "")),
        ("return postage", str(case.freight or "")),
        ("promised on top", str(case.promised or "")),
        ("return waybill", case.waybill),
        ("new waybill", case.sent_waybill),
    ]
    return [*known, *((name, value) for name, value in more if value)]


def _act(case: Case, event: Event, role: Role) -> str:
    wanted = sorted(need.value for need in needs(case, event, role))
    return event.value + (f" (with {' and '.join(wanted)})" if wanted else "")


def _moved(one: Retimed, zone: tzinfo) -> tuple[str, ...]:
    case = one.case
    return (
        case.number,
        case.state.value,
        _moment(one.since, zone),
        _moment(case.due_at, zone),
        _moment(one.due_at, zone),
    )


def _told(entry: Entry, zone: tzinfo) -> tuple[str, ...]:
    act = entry.act
    what = [act.why, act.waybill, str(act.amount) if act.amount else ""]
    return (
        str(entry.version),
        _moment(act.at, zone),
        f"{act.by.value} {act.who}".strip(),
        act.event.value,
        entry.start.value if entry.start else "-",
        entry.end.value,
        ", ".join(part for part in what if part),
        str(len(act.evidence) or ""),
    )


def _moment(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "-"


COMMANDS = {"cases": cases}
