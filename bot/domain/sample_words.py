"""What samples say, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """The sample's words in one language."""

    name: str
    titles: tuple[str, str]
    scans: tuple[tuple[str, str], ...]
    """Place and text, newest first."""
    carrier: str
    currency: str
    order: str
    tracking: str
    why: str
    text: str
    agent: str
    address: str
    named: Mapping[str, str]
    """Other texts, by the name of the value they stand for."""


WORDINGS: Mapping[str, Wording] = {
    "zh": Wording(
        name="林小满",
        titles=("透气网面运动鞋 白色 42 码", "纯棉中筒袜 三双装"),
        scans=(
            ("杭州", "快件已到达【杭州余杭集散中心】"),
            ("上海", "快件已从【上海青浦】发出"),
            ("上海", "已揽收"),
        ),
        carrier="sf",
        currency="CNY",
        order="202611250012345",
        tracking="SF1234567890123",
        why="商品吊牌已剪，影响二次销售",
        text="鞋子右脚开胶了，能退吗？",
        agent="小周",
        address="杭州市余杭区良睦路 18 号 售后组收",
        named={
            "email": "service@example.com",
            "opens": "09:00",
            "closes": "21:00",
            "subject": "右脚鞋底开胶了",
            "question": "怎么清洗",
            "questions": "怎么清洗",
            "steps": "用软刷蘸温水轻刷，阴凉处晾干。",
            "parts": "备用鞋带，5 元一副",
            "product": "透气网面运动鞋",
            "products": "透气网面运动鞋",
            "notes": "脚背高的，请选大一码。",
            "waybill": "SF1234567890123",
            "phone": "0571-12345678",
            "title": "杭州小满贸易有限公司",
            "tax_number": "91330100MA2B1C2D3E",
            "words": "等得有点久",
            "colleague": "小林",
        },
    ),
    "en": Wording(
        name="Alex Morgan",
        titles=("Mesh running shoes, white, size 42", "Cotton socks, pack of three"),
        scans=(("Leeds", "Arrived at sorting centre"), ("London", "Left the depot"), ("London", "Picked up")),
        carrier="dhl",
        currency="USD",
        order="US-20261125-0042",
        tracking="JD014600003828000000",
        why="The tags have been removed, so it can't be sold again",
        text="The sole of the right shoe came off, can I get a refund?",
        agent="Robin",
        address="Returns, 18 Mill Lane, Leeds LS1 4AB",
        named={
            "email": "service@example.com",
            "opens": "09:00",
            "closes": "21:00",
            "subject": "The sole of the right shoe came off",
            "question": "How to clean them",
            "questions": "How to clean them",
            "steps": "Brush them with lukewarm water and let them dry in the shade.",
            "parts": "Spare laces, $2 a pair",
            "product": "Mesh running shoes",
            "products": "Mesh running shoes",
            "notes": "With a high instep, take one size more.",
            "waybill": "JD014600003828000000",
            "phone": "+44 113 496 0000",
            "title": "Morgan Trading Ltd",
            "tax_number": "GB999999973",
            "words": "It took rather long",
            "colleague": "Sam",
        },
    ),
}
