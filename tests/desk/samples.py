"""A conversation with an order and a case, for the desk to show."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.cases import Case, Goods, Kind, Reason, State
from bot.domain.conversation import Flag, FlagReason, Holder, Priority
from bot.domain.explanation import Explanation
from bot.domain.machine import apply
from bot.domain.meaning import Candidate, Sureness
from bot.domain.messages import Attachment, Medium, Speaker
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine, Parcel, ParcelEvent, ParcelState
from tests.channels.web.house import House, ago
from tests.domain.samples import TERMS

PHONE = "13800001234"
REFUND = Explanation(
    "zh",
    Sureness.ACT,
    (
        Candidate("request_refund", 0.97, "我要退款", "message: sound, odds ×2"),
        Candidate("quality_issue", 0.446, "毛衣起球起得不能看", "clause: spelling, turned round"),
    ),
    {"reason": "quality", "order_number": "2600018003"},
)
"""What 卫衣起球了 我要退款 means."""


def order() -> Order:
    scan = ParcelEvent(ago(hours=30), "已签收", "上海")
    parcel = Parcel("SF102938", "sf", "2026110100001", ParcelState.DELIVERED, events=(scan,))
    line = OrderLine(1, "W-1", "云朵羊毛围巾", 1, Money(12900, "CNY"))
    return Order(
        "2026110100001",
        "CNY",
        ago(days=6),
        "小林",
        PHONE,
        paid_at=ago(days=6),
        lines=(line,),
        parcels=(parcel,),
    )


def case(state: State = State.WAIT_SELLER_AGREE, kind: Kind = Kind.RETURN_REFUND, **more: Any) -> Case:
    photo = Attachment(Medium.PHOTO, "file:aa", "box.png", 9)
    fresh = Case(
        "R7",
        1,
        "2026110100001",
        (1,),
        kind,
        State.WAIT_SELLER_AGREE,
        Goods.RECEIVED,
        Reason.QUALITY,
        Money(12900, "CNY"),
        ago(hours=1),
        evidence=(photo,),
    )
    return replace(apply(fresh, TERMS)[0], state=state, **more)


def flagged(house: House) -> int:
    """A buyer who waits for a person about a refund."""
    store = house.store
    conversation = store.conversation_at("web", "buyer-1", ago(minutes=20), "小林").id
    mark = Flag(FlagReason.BUYER_ASKS, Priority.HIGH, ago(minutes=12), "转人工")
    store.change(conversation, holder=Holder.QUEUED, language="zh", flag=mark)
    house.say(conversation, Speaker.BUYER, "转人工", at=ago(minutes=12))
    house.say(conversation, Speaker.BOT, "好的，<b>马上</b>为您转接", at=ago(minutes=12), delivery="sent")
    store.orders[conversation] = [order()]
    store.their_cases[conversation] = [case(conversation_id=conversation)]
    store.histories["R7"] = [apply(case(), TERMS)[1]]
    return conversation
