"""The carriers we know: what people call them, where a parcel can be looked up by anyone, what 快递100 calls them.

A link holds the number where the carrier's page takes one; where it does not (yto, sto, yunda) it is the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from bot.domain.orders import Parcel


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier."""

    code: str
    """Our code, as in `Parcel.carrier`."""
    zh: str
    en: str
    page: str
    """Public tracking page; ``{number}`` stands for the tracking number."""
    kuaidi100: str
    """Its code at 快递100 (their table of carrier codes)."""
    asks_phone: bool = False
    """It tells news of a parcel only to who knows the last digits of sender's or receiver's phone."""
    aliases: tuple[str, ...] = ()
    """Other names people and shop systems write."""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it is called."""
        return (self.code, self.zh, self.en, self.kuaidi100, *self.aliases)


CARRIERS: tuple[Carrier, ...] = (
    Carrier(
        "sf",
        "顺丰速运",
        "SF Express",
        "https://www.sf-express.com/chn/sc/waybill/waybill-detail/{number}",
        "shunfeng",
        asks_phone=True,
        aliases=("顺丰", "顺丰快递", "sfexpress"),
    ),
    Carrier(
        "yto", "圆通速递", "YTO Express", "https://www.yto.net.cn/", "yuantong", aliases=("圆通", "圆通快递")
    ),
    Carrier(
        "zto",
        "中通快递",
        "ZTO Express",
        "https://www.zto.com/express/expressCheck.html?txtBill={number}",
        "zhongtong",
        asks_phone=True,
        aliases=("中通",),
    ),
    Carrier("sto", "申通快递", "STO Express", "https://www.sto.cn/", "shentong", aliases=("申通",)),
    Carrier(
        "yunda",
        "韵达快递",
        "Yunda Express",
        "https://www.yundaex.com/",
        "yunda",
        aliases=("韵达", "韵达速递"),
    ),
    Carrier(
        "jd",
        "京东物流",
        "JD Logistics",
        "https://www.jdl.com/orderSearch/?waybillCodes={number}",
        "jd",
        aliases=("京东", "京东快递", "jdl"),
    ),
    Carrier(
        "ems",
        "中国邮政 EMS",
        "China EMS",
        "https://www.ems.com.cn/queryList?mailNum={number}",
        "ems",
        aliases=("邮政", "中国邮政", "邮政ems"),
    ),
    Carrier("ups", "UPS", "UPS", "https://www.ups.com/track?tracknum={number}", "ups"),
    Carrier(
        "fedex",
        "联邦快递",
        "FedEx",
        "https://www.fedex.com/fedextrack/?trknbr={number}",
        "fedex",
        aliases=("联邦",),
    ),
    Carrier(
        "dhl", "DHL", "DHL", "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}", "dhl"
    ),
    Carrier(
        "usps", "美国邮政", "USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}", "usps"
    ),
)

_BY_CODE = {carrier.code: carrier for carrier in CARRIERS}


def _by_name(carriers: Iterable[Carrier]) -> dict[str, str]:
    return {_folded(name): carrier.code for carrier in carriers for name in carrier.names}


def _folded(name: str) -> str:
    return "".join(name.lower().split())


_BY_NAME = _by_name(CARRIERS)


def carrier_of(code: str) -> Carrier | None:
    """The carrier of that code; None when we don't know it."""
    return _BY_CODE.get(code)


def code_for(name: str) -> str:
    """Our code for what somebody calls a carrier (顺丰, SF Express, shunfeng); empty when we don't know it."""
    return _BY_NAME.get(_folded(name), "")


def names() -> tuple[str, ...]:
    """All names we know."""
    return tuple(_BY_NAME)


def link_for(parcel: Parcel) -> str:
    """The page where anyone can look this parcel up; empty when we know none."""
    carrier = carrier_of(parcel.carrier)
    return carrier.page.format(number=quote(parcel.number, safe="")) if carrier else ""


def with_link(parcel: Parcel) -> Parcel:
    """The parcel with its link, where it has none of its own."""
    return parcel if parcel.link else replace(parcel, link=link_for(parcel))
