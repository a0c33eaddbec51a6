"""A double of 快递100's real-time query over real HTTP, as strict as the original.

async with Kuaidi100() as service:
    service.knows("zhongtong", "73100012345678", state="0", phone="19900001234", scans=[("2026-11-20 08:01:00", "已揽收", "浙江,杭州市")])
    ... Kuaidi100 client with service.url, service.customer, service.key ...
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

PHONE_NEEDED = frozenset({"shunfeng", "shunfengkuaiyun", "zhongtong"})
CARRIERS = frozenset(
    {"shunfeng", "yuantong", "zhongtong", "shentong", "yunda", "jd", "ems", "ups", "fedex", "dhl", "usps"}
)
FIELDS = frozenset(
    {"com", "num", "phone", "from", "to", "resultv2", "show", "order", "lang", "needCourierInfo"}
)

NO_RESULT = ("500", "查询无结果，请隔段时间再查")
NO_COMPANY = ("400", "找不到对应公司")
INCOMPLETE = ("400", "提交的数据不完整，或者贵公司没授权")
PHONE = ("408", "快递公司参数异常：验证码错误")
TROUBLE = ("501", "服务器错误")
BUSY = ("502", "服务器繁忙")
SIGNATURE = ("503", "验证签名失败")
EXPIRED = ("601", "key已过期")

Scan = tuple[str, str, str]
"""Time (China), text, area."""


@dataclass(frozen=True, slots=True)
class Known:
    """A parcel the service has news of."""

    state: str
    scans: tuple[Scan, ...]
    phone: str


@dataclass(slots=True)
class Kuaidi100:
    """The service. `fault` makes it misbehave: error, html, garbage, drop, slow (until `go_on`), or a (code, message)."""

    customer: str = "CUSTOMER00112233"
    key: str = "kEy12345"
    fault: str | tuple[str, str] = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The `param` of each request whose signature was right."""
    requests: int = 0
    url: str = ""
    _parcels: dict[tuple[str, str], Known] = field(default_factory=dict)
    _go_on: asyncio.Event = field(default_factory=asyncio.Event)
    _runner: web.AppRunner | None = None

    def knows(self, com: str, num: str, *, state: str, scans: Sequence[Scan] = (), phone: str = "") -> None:
        """Teach it news of a parcel, oldest scan first; `phone` is the receiver's."""
        self._parcels[com, num] = Known(state, tuple(scans), phone)

    def go_on(self) -> None:
        """Let slow answers out."""
        self._go_on.set()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/poll/query.do", self._query)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on()
        if self._runner:
            await self._runner.cleanup()

    # -- answering

    async def _query(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        if self.fault == "slow":
            await self._go_on.wait()
        if self.fault == "drop" and request.transport:
            request.transport.abort()
        if self.fault == "error":
            return web.Response(status=500, text="<html>Internal Server Error</html>")
        if self.fault == "html":
            return web.Response(text="<html>maintenance</html>", content_type="text/html")
        if self.fault == "garbage":
            return web.Response(text="[" * 100_000, content_type="application/json")
        if isinstance(self.fault, tuple):
            return _refusal(self.fault)
        return await self._answer(request)

    async def _answer(self, request: web.Request) -> web.Response:
        if request.content_type != "application/x-www-form-urlencoded":
            return _refusal(INCOMPLETE)
        form = {name: str(value) for name, value in (await request.post()).items()}
        if not {"customer", "sign", "param"} <= set(form) <= {"customer", "sign", "param", "signType"}:
            return _refusal(INCOMPLETE)
        if form["customer"] != self.customer or form["sign"] != self._signature(form["param"]):
            return _refusal(SIGNATURE)
        problem = _problem(form["param"])
        if problem:
            return _refusal(problem)
        param: dict[str, str] = json.loads(form["param"])
        self.asked.append(param)
        return self._tell(param)

    def _signature(self, param: str) -> str:
        return (
            hashlib.md5((param + self.key + self.customer).encode(), usedforsecurity=False)
            .hexdigest()
            .upper()
        )

    def _tell(self, param: dict[str, str]) -> web.Response:
        com, num = param["com"], param["num"]
        known = self._parcels.get((com, num))
        if com in PHONE_NEEDED and not _same_phone(param.get("phone", ""), known.phone if known else ""):
            return _refusal(PHONE)
        if known is None:
            return _refusal(NO_RESULT)
        return web.json_response(_news(param, known))


def _problem(param: str) -> tuple[str, str] | None:
    try:
        fields = json.loads(param)
    except ValueError:
        return INCOMPLETE
    if not isinstance(fields, dict) or not all(isinstance(value, str) for value in fields.values()):
        return INCOMPLETE
    if not set(fields) <= FIELDS or not 6 <= len(fields.get("num", "")) <= 32:
        return INCOMPLETE
    if fields.get("show", "0") != "0" or fields.get("order", "desc") not in ("desc", "asc"):
        return INCOMPLETE  # the double answers in JSON only
    if fields.get("resultv2", "") not in ("", "1", "4", "8"):
        return INCOMPLETE
    return None if fields.get("com") in CARRIERS else NO_COMPANY


def _same_phone(told: str, phone: str) -> bool:
    """The whole number or its last four digits; of a parcel it does not know any will do."""
    if not (told.isdigit() and len(told) >= 4):
        return False
    return not phone or told == phone or told == phone[-4:]


def _news(param: dict[str, str], known: Known) -> dict[str, Any]:
    data = [_scan(param, known.state, scan) for scan in known.scans]
    if param.get("order", "desc") == "desc":
        data.reverse()
    return {
        "message": "ok",
        "nu": param["num"],
        "ischeck": "1" if known.state.startswith("3") else "0",
        "com": param["com"],
        "status": "200",
        "data": data,
        "state": known.state,
        "condition": "00",
    }


def _scan(param: dict[str, str], state: str, scan: Scan) -> dict[str, str]:
    at, text, area = scan
    told = {"time": at, "ftime": at, "context": text}
    return told | {"areaName": area, "status": state} if param.get("resultv2") else told


def _refusal(reason: tuple[str, str]) -> web.Response:
    code, message = reason
    return web.json_response({"result": False, "returnCode": code, "message": message})
