"""What buyers write: whole visits, of which each message gets one answer. None asks for a person: nobody would be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, cycle, islice

from bot.bench.homophones import Homophones
from bot.bench.typos import mistyped

CHINESE_OF_TEN = 7
"""Of ten buyers, so many write Chinese, the others English."""
MISTYPED = "~"
"""Before words that everybody mistypes in their own way, so that hardly two buyers write the same."""
TYPOS = 0.1
"""The share of their characters that are mistyped."""

VISITS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "zh": (
        ("你好", "~麻烦帮我看一下我的快递到哪了", "{sent}", "好的，谢谢"),
        ("~退款一般多久到账", "~如果是质量问题，退货的运费谁出", "知道了"),
        ("怎么还没发货 {paid}", "麻烦了"),
        ("我要退款", "{signed}", "收到了", "不想要了", "算了，不退了"),
        ("在吗", "~这个月有没有优惠券可以用", "你是机器人吗", "谢谢啦"),
        ("帮我查一下 {signed} 这个订单的物流", "~七天无理由退货是怎么算的", "好的"),
    ),
    "en": (
        ("Hello", "~can you tell me where my parcel is", "{sent}", "ok thanks"),
        ("~How long does a refund usually take?", "~if it is faulty, who pays for sending it back?", "I see"),
        ("why has {paid} not been shipped yet", "thank you"),
        ("I want a refund", "{signed}", "yes, I got it", "I don't want it any more", "never mind"),
        (
            "hi, are you there?",
            "~do you have a coupon I can use this month?",
            "are you a robot?",
            "thanks a lot",
        ),
        ("can you track {signed} for me", "~please tell me what your return policy is", "okay"),
    ),
}


def language_of(number: int) -> str:
    """What the buyer with that number writes."""
    return "zh" if number % 10 < CHINESE_OF_TEN else "en"


def words_of(number: int, orders: Mapping[str, str], homophones: Homophones) -> Iterator[str]:
    """All the buyer with that number ever writes, visit after visit, each buyer's first visit another one."""
    visits, slips = VISITS[language_of(number)], count(number * 1_000_003)
    for visit in islice(cycle(visits), number % len(visits), None):
        for words in visit:
            said = words.removeprefix(MISTYPED)
            yield said.format(**orders) if said == words else mistyped(said, TYPOS, next(slips), homophones)
