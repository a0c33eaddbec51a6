"""Signing in at an OIDC provider: who has an account here is let in, nobody gets one by coming."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web.bucket import Buckets, Rate
from bot.channels.web.guard import caller
from bot.channels.web.text import word
from bot.desk.entrance import Entrance
from bot.desk.office import Office
from bot.desk.trip import PATH, Trip, Trips
from bot.domain.audit import Deed, Outcome
from bot.domain.staff import Staff
from bot.errors import LookupUnavailable, NotVouched
from bot.pipeline.metrics import SIGN_IN_FAILURES
from bot.pipeline.ports import Unit

if TYPE_CHECKING:
    from bot.desk.provider import Person, Provider

BACK = f"{PATH}/back"

log = structlog.get_logger(__name__)


class Oidc:
    """Sends browsers to the provider, and lets in whom it vouches for when they come back."""

    def __init__(
        self, office: Office, provider: Provider, entrance: Entrance, secret: str, rate: Rate
    ) -> None:
        self._office = office
        self._provider = provider
        self._entrance = entrance
        self._trips = Trips(secret, office.clock)
        self._leaving = Buckets(rate)
        self._coming = Buckets(rate)

    def routes(self) -> list[Route]:
        """Open to everybody: here it is found out who they are."""
        return [
            Route(PATH, self.leave, methods=["GET"]),
            Route(BACK, self.come_back, methods=["GET"]),
        ]

    async def leave(self, request: Request) -> Response:
        """To the provider."""
        if self._leaving.wait(caller(request)):
            return self._entrance.door(request, 429, "sign_in_too_often")
        trip = Trip.begin()
        try:
            address = await self._provider.address(trip, self._back(request))
        except LookupUnavailable as error:
            return self._down(request, error)
        response = RedirectResponse(address, 303)
        self._trips.keep(trip, response, https=self._office.sessions.https(request))
        return response

    async def come_back(self, request: Request) -> Response:
        """From the provider, with a code or an excuse."""
        if self._coming.wait(caller(request)):
            return self._entrance.door(request, 429, "sign_in_too_often")
        trip = self._trips.of(request)
        if trip is None or not trip.goes_on(request.query_params.get("state", "")):
            return self._entrance.door(request, 403, "oidc_again")
        response = await self._arrived(request, trip)
        self._trips.end(response)
        return response

    async def _arrived(self, request: Request, trip: Trip) -> Response:
        said = request.query_params
        try:
            if said.get("iss", self._provider.issuer) != self._provider.issuer:  # RFC 9207
                raise NotVouched("another provider sent them back")
            if said.get("error") == "access_denied":
                return self._entrance.door(request, 403, "oidc_denied")
            if "error" in said:
                raise NotVouched(f"it says {word(said['error'], 60)}")
            person = await self._provider.person(said.get("code", ""), trip, self._back(request))
        except LookupUnavailable as error:
            return self._down(request, error)
        except NotVouched as error:
            log.warning("desk.oidc_not_vouched", reason=str(error))
            SIGN_IN_FAILURES.labels("oidc").inc()
            return self._entrance.door(request, 403, "oidc_failed")
        now = self._office.clock()
        staff = await self._office.database.write_alone(lambda unit: recognised(unit, person, now))
        if isinstance(staff, str):
            log.warning("desk.oidc_stranger", reason=staff)
            SIGN_IN_FAILURES.labels("oidc").inc()
            return self._entrance.door(request, 403, staff, email=person.email)
        response = RedirectResponse("/desk", 303)
        await self._office.sessions.begin(request, response, staff, "oidc")
        return response

    def _down(self, request: Request, error: LookupUnavailable) -> Response:
        log.error("desk.oidc_down", reason=str(error))
        return self._entrance.door(request, 503, "oidc_down")

    def _back(self, request: Request) -> str:
        """Where the provider sends browsers back to: it compares letter by letter."""
        return f"{self._office.reached(request)}{BACK}"


def recognised(unit: Unit, person: Person, now: datetime) -> Staff | str:
    """Whose account that is: theirs from before, otherwise the one that names their e-mail address, which is theirs from now
    on. The wording of what is wrong when it is nobody's."""
    known = unit.vouched(person.subject)
    if known is None and person.email:
        known = unit.with_email(person.email)
    if known is None:
        return _stranger(person)
    staff = known.staff

    def note(act: str, outcome: Outcome = Outcome.DONE) -> None:
        unit.note_deeds([Deed(now, staff.account, staff.name, act, outcome, subject="oidc")])

    if staff.disabled:
        note("sign_in", Outcome.REFUSED)
        return _stranger(person)
    if known.subject == person.subject:
        return staff
    if not unit.set_subject(staff.id, person.subject):
        note("sign_in", Outcome.REFUSED)
        return "oidc_other"
    note("oidc_link")
    return staff


def _stranger(person: Person) -> str:
    return "oidc_stranger" if person.email else "oidc_unverified"
