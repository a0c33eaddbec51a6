"""What buyers write: whole visits, of which each message gets one answer. None asks for a person: nobody would be there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

CHINESE_OF_TEN = 7
"""Of ten buyers, so many write Chinese, the others English."""

VISITS = {
    "zh": (
        ("你好", "我的快递到哪了", "{sent}", "好的，谢谢"),
        ("退款一般多久到账", "退货运费谁出", "知道了"),
        ("怎么还没发货 {paid}", "麻烦了"),
        ("我要退款", "{signed}", "收到了", "不想要了", "算了，不退了"),
        ("在吗", "有没有优惠券", "可以开发票吗", "谢谢啦"),
        ("帮我查一下 {signed} 这个订单的物流", "七天无理由退货怎么算", "好的"),
    ),
    "en": (
        ("Hello", "where is my parcel", "{sent}", "ok thanks"),
        ("How long does a refund take?", "who pays for sending it back?", "I see"),
        ("why has {paid} not been shipped yet", "thank you"),
        ("I want a refund", "{signed}", "yes, I got it", "I don't want it any more", "never mind"),
        ("hi, are you there?", "do you have a coupon for me?", "can I get an invoice?", "thanks a lot"),
        ("can you track {signed} for me", "what is your return policy?", "okay"),
    ),
}


def language_of(number: int) -> str:
    """What the buyer with that number writes."""
    return "zh" if number % 10 < CHINESE_OF_TEN else "en"


def words_of(number: int, orders: dict[str, str]) -> Iterator[str]:
    """All the buyer with that number ever writes, visit after visit, each buyer's first visit another one."""
    visits = VISITS[language_of(number)]
    for visit in islice(cycle(visits), number % len(visits), None):
        for words in visit:
            yield words.format(**orders)
