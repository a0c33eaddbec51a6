"""Who works here, on the command line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click

from bot.cli.caller import console
from bot.cli.context import Here
from bot.cli.tables import show
from bot.desk.hiring import Hiring
from bot.desk.passwords import Passwords, weakness
from bot.domain.staff import Staff, StaffRole
from bot.errors import AccountError
from bot.pipeline.accounts import Credentials
from bot.pipeline.ports import Unit

_ROLE = click.Choice([role.value for role in StaffRole])
_WEAK = {
    "password_short": "a password has at least 10 characters",
    "password_long": "a password has at most 200 characters",
    "password_weak": "that is too easy to guess; choose another",
}


@click.group()
def staff() -> None:
    """Who works here: accounts, roles, invitations.

    \b
    shouhou staff add mia --name Mia                    prints a link by which she chooses her password
    shouhou staff add boss --name "Ms Chen" --role owner --password
    shouhou staff role mia senior
    shouhou staff disable mia
    """


@staff.command("list")
@click.pass_obj
def list_(here: Here) -> None:
    """Everybody who has an account."""
    now = datetime.now(UTC)
    found = here.look(lambda unit: [(one, unit.sessions_of(one.staff.id, now)) for one in unit.people()])
    if not found:
        click.echo("Nobody has an account yet; add one: shouhou staff add")
        return
    show(
        ("login", "name", "role", "telegram", "signs in by", "signed in"),
        [_row(one, len(sessions), now) for one, sessions in found],
        [one.staff.disabled for one, _ in found],
    )


@staff.command()
@click.argument("login")
@click.option("--name", required=True, help="What buyers and colleagues read.")
@click.option(
    "--role", type=_ROLE, default=StaffRole.AGENT.value, show_default=True, help="What they may do."
)
@click.option(
    "--telegram", default="", help="Their Telegram id: a number they learn from a bot such as yours."
)
@click.option("--email", default="", help="What they are known by at your OIDC provider.")
@click.option("--password", is_flag=True, help="Ask for a password here instead of printing an invitation.")
@click.pass_obj
def add(here: Here, login: str, name: str, role: str, telegram: str, email: str, password: bool) -> None:
    """Add somebody."""
    kept = _asked(login, name) if password else ""

    def job(unit: Unit) -> str:
        hiring = _hiring(unit)
        new = hiring.hire(login, name, StaffRole(role), telegram, email)
        if kept:
            hiring.set_password(new, kept)
            return ""
        return hiring.invite(new)

    invitation = here.with_database(job)
    click.echo(f"{login.lower()} ({name}) is {_a(StaffRole(role))} now.")
    if invitation:
        _say_link(here, name, invitation)


@staff.command()
@click.argument("login")
@click.argument("role", type=_ROLE)
@click.pass_obj
def role(here: Here, login: str, role: str) -> None:
    """Give somebody another role, from the next thing they do."""
    someone = _do(here, login, lambda hiring, known: hiring.appoint(known, StaffRole(role)))
    click.echo(f"{someone.login}: {someone.role.value} → {role}")


@staff.command()
@click.argument("login")
@click.pass_obj
def disable(here: Here, login: str) -> None:
    """Let somebody do nothing any more: they are signed out everywhere, at once."""
    click.echo(f"{_do(here, login, Hiring.disable).login} is switched off and signed out.")


@staff.command()
@click.argument("login")
@click.pass_obj
def enable(here: Here, login: str) -> None:
    """Let somebody work here again."""
    click.echo(f"{_do(here, login, Hiring.enable).login} may sign in again.")


@staff.command()
@click.argument("login")
@click.argument("number", metavar="ID", default="")
@click.pass_obj
def telegram(here: Here, login: str, number: str) -> None:
    """Say who somebody is on Telegram, by their user id; without an id: nobody."""
    someone = _do(here, login, lambda hiring, known: hiring.on_telegram(known, number))
    click.echo(f"{someone.login} is {number or 'nobody'} on Telegram now.")


@staff.command()
@click.argument("login")
@click.argument("address", default="")
@click.pass_obj
def email(here: Here, login: str, address: str) -> None:
    """Say by which e-mail address your OIDC provider knows somebody; without one: they don't sign in there.

    It is asked for the first time they come. Who they are at the provider is kept from then on; given again, also the same,
    it forgets that."""
    someone = _do(here, login, lambda hiring, known: hiring.known_as(known, address))
    click.echo(
        f"{someone.login} signs in as {address} next time."
        if address
        else f"{someone.login} has no address now."
    )


@staff.command()
@click.argument("login")
@click.option("--languages", default="", help="Such as zh,en; empty: all.")
@click.option("--capacity", default="", help="Conversations they are given at most; empty: as the shop says.")
@click.pass_obj
def serves(here: Here, login: str, languages: str, capacity: str) -> None:
    """Say what somebody is given where conversations are given in turn."""
    someone = _do(here, login, lambda hiring, known: hiring.serve(known, languages, capacity))
    click.echo(
        f"{someone.login} serves in {languages or 'all languages'}, {capacity or 'as many as the shop says'} at a time."
    )


@staff.command()
@click.argument("login")
@click.pass_obj
def invite(here: Here, login: str) -> None:
    """Print a new link by which somebody chooses a password: the first, or one they forgot. They are signed out, and a
    second step they had is off."""
    made: list[str] = []
    someone = _do(here, login, lambda hiring, known: made.append(hiring.invite(known)))
    _say_link(here, someone.name, made[0])


@staff.command()
@click.argument("login")
@click.pass_obj
def password(here: Here, login: str) -> None:
    """Set somebody's password here; it is asked for, and never shown."""
    known = _known(here, login)
    kept = _asked(known.staff.login, known.staff.name)

    def job(unit: Unit) -> None:
        _hiring(unit).set_password(known.staff, kept)

    here.with_database(job)
    click.echo(f"{known.staff.login} signs in with the new password; they were signed out everywhere.")


def _do(here: Here, login: str, change: Callable[[Hiring, Staff], Any]) -> Staff:
    """Change something about somebody; who it was, as they were before."""
    known = _known(here, login).staff
    here.with_database(lambda unit: change(_hiring(unit), known))
    return known


def _known(here: Here, login: str) -> Credentials:
    known = here.look(lambda unit: unit.credentials(login))
    if known is None:
        raise AccountError(f"nobody has the login {login!r}; see: shouhou staff list", "error_not_found")
    return known


def _hiring(unit: Unit) -> Hiring:
    return Hiring(unit, *console(), datetime.now(UTC))


def _asked(login: str, name: str) -> str:
    """The hash of a password typed here, twice."""
    typed = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if weak := weakness(typed, login, name):
        raise AccountError(_WEAK[weak], weak)
    return Passwords().kept(typed)


def _say_link(here: Here, name: str, invitation: str) -> None:
    web = here.config.web
    base = web.public_url.rstrip("/") or f"http://{web.host}:{web.port}"
    click.echo(f"Give {name} this link; it opens once, within 3 days, and lets them choose a password:")
    click.echo(f"{base}/desk/welcome?invitation={invitation}")


def _a(role: StaffRole) -> str:
    return f"{'an' if role.value[0] in 'ao' else 'a'} {role.value}"


def _row(one: Credentials, sessions: int, now: datetime) -> tuple[str, ...]:
    ways = [
        *(["password"] if one.password else []),
        *(["second step"] if one.second else []),
        *(["Telegram"] if one.staff.telegram else []),
        *(["OIDC" if one.subject else "OIDC next time"] if one.email else []),
        *(["invited"] if one.invited_until and one.invited_until > now else []),
    ]
    return (
        one.staff.login,
        one.staff.name,
        "switched off" if one.staff.disabled else one.staff.role.value,
        str(one.staff.telegram or "-"),
        ", ".join(ways) or "-",
        f"{sessions} ×" if sessions else "-",
    )


COMMANDS = {"staff": staff}
