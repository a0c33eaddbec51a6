"""Handles over HTTP for a double that runs in a process of its own, under /control/….

POST inject {"messages", "users", "rate", "text", "first_user"}; GET stats; GET transcript?chat=…;
POST faults {"rates": [{"name", "share", "methods", "retry_after", "hold"}]} (in place of the former);
POST reset.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from tests.doubles.bot_api.faults import Fault
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.load import Load, Plan
from tests.doubles.bot_api.server import BotApi
from tests.doubles.bot_api.wire import json_answer

FAULTS: dict[str, Callable[[Json], Fault]] = {
    "too_many": lambda given: Fault.too_many(int(given.get("retry_after", 1))),
    "server_error": lambda _: Fault.server_error(),
    "bad_gateway": lambda _: Fault.bad_gateway(),
    "dropped": lambda _: Fault.dropped(),
    "accepted_then_dropped": lambda _: Fault.accepted_then_dropped(),
    "accepted_then_timeout": lambda given: Fault.accepted_then_timeout(float(given.get("hold", 3600))),
    "garbage": lambda _: Fault.garbage(),
}


@dataclass(slots=True)
class Control:
    """Routes a request to what it asks for; mistakes are answered with 400 and a sentence."""

    api: BotApi
    load: Load = field(init=False)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.load = Load(self.api)

    async def serve(self, request: web.BaseRequest) -> web.Response:
        routes: dict[tuple[str, str], Callable[[Json], Json]] = {
            ("POST", "inject"): self._inject,
            ("POST", "faults"): self._faults,
            ("POST", "reset"): self._reset,
            ("GET", "stats"): lambda _: self.load.stats(),
            ("GET", "transcript"): self._transcript,
        }
        name = request.path.removeprefix("/control/")
        route = routes.get((request.method, name))
        if route is None:
            known = ", ".join(f"{method} {path}" for method, path in routes)
            return json_answer(404, {"error": f"no {request.method} {name}; there are: {known}"})
        try:
            body = json.loads(await request.read() or b"{}") | dict(request.rel_url.query)
            return json_answer(200, route(body))
        except (ValueError, TypeError, KeyError) as error:
            return json_answer(400, {"error": f"{name}: {error}"})

    def _inject(self, body: Json) -> Json:
        plan = Plan(**body)
        task = asyncio.create_task(self.load.inject(plan))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return {"started": plan.messages}

    def _faults(self, body: Json) -> Json:
        rates = body.get("rates", [])
        self.api.faults.clear()
        for rate in rates:
            fault = FAULTS[rate["name"]](rate)
            self.api.faults.rate(fault, float(rate["share"]), str(rate.get("methods", "send*")))
        return {"rates": len(rates)}

    def _reset(self, _: Json) -> Json:
        self.load.reset()
        self.api.violations.clear()
        return {"reset": True}

    def _transcript(self, body: Json) -> Json:
        return {"transcript": self.api.chat(int(body["chat"])).transcript}
