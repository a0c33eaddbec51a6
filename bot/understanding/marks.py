"""Small words that turn a meaning round: taking back, and no.

Letter likeness can't see them: "refund the socks" is like "stop the refund", 我不同意 is like 我同意. A message and a
wording that disagree about such a mark are not alike, however many letters they share. Both sides are looked at, so a
wording without a mark asks for none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.understanding.normalise import clauses, normalise

_THING = r"(?:ref\w+|rfund|return\w*|money)"
_TAKES_BACK = re.compile(
    # cancel, withdraw, drop … the refund; not "cancel the order, refund me"
    r"\b(?:canc\w+|withdr\w+|revok\w*|undo|void|stop|call off|take back|drop|close|remove|ignore|forget|against"
    r"|never mind|nvm)(?: (?!(?:and|order|it|to|for|then|please|but|i)\b)\w+){0,3}"
    rf" (?:{_THING}|request|application|cancellation)\b"
    # no refund, don't want to return
    r"|\b(?:dont|do not|no|not|never|without)(?: (?:want|need|needed|wanna|longer|to|be|a|any|the|my|give|me|really))"
    rf"{{0,6}} {_THING}\b"
    r"|\b(?:dont|do not|not) canc\w+"
    # never asked for a refund, it's not about the refund
    r"|\b(?:didnt|did not|never|havent|wasnt|not|isnt) (?:ask\w*|say|said|mention\w*|request\w*|about|talking about)"
    rf"(?: (?:for|to|want|about|a|any|the|my|get))* {_THING}\b"
    # a refund by mistake; not "refund, ordered by mistake"
    rf"|\b{_THING}(?: (?!(?:ordered|bought|order|it|this|me|please|i)\b)\w+){{0,3}} (?:mistake|accident|not needed)\b"
    # keep it
    r"|(?<!not )(?<!want to )(?<!wanna )(?<!wont )\b(?:keeping|keep (?:it|them|the|my|this|that|one|both|all)\b)"
    # 撤, 取消退款, 退款取消; not 取消订单,退款
    r"|撤|(?:取消|作废|关闭|关掉|cancel|quxiao) ?(?:(?!订单|訂單|单).){0,8}?(?:退|tui|申请|申請|售后)"
    r"|(?:退|售后)(?:(?!订单|訂單).){0,8}?(?:取消|作废|关掉|关闭|cancel)(?!.{0,3}(?:订单|訂單|单))"
    r"|退款点错|(?:不小心|手滑)点了?退|cexiao|\bbu tui\b"
    # 不退, 别退, 不想退; not 还不退, 再不退, 要不退了吧, 不退不行
    r"|(?<![还還再么麼能要])(?:不|别|別|甭)(?:用|要|想|需要|必|再|给我|給我|给|打算){0,3} ?(?:退|refund|tui)"
    r"(?!.{0,3}(?:不行|就))"
    # 没说要退款, 不是要退; not 不是说要退吗
    r"|(?:[没沒](?:有)?(?:说|說|讲|講|提|想|打算|申请|申請)(?:过|過|了)?|(?<!是)不是)(?:要|想|来|來|打算)退(?!.{0,4}[吗嗎嘛么麼])"
    # 留着, 别取消, 照常发
    r"|留[着著](?!.{0,2}[没沒无無])|(?:不|别|別|不要|不用)取消|继续发|照常发"
)
_NEGATIVE = re.compile(
    r"不(?![错錯])|别|別|[没沒](?![错錯问問关關事])"
    r"|\b(?:dont|do not|not(?! bad)|no(?! (?:problem|worries|prob))|never(?! mind)|cant|cannot|wont|nope)\b"
)
_NAMED: Mapping[str, str] = {
    "change_address": r"改地址|换地址|地址|address",
    "complaint": r"投诉|complain\w*|complaint",
    "counterfeit": r"假货|假的|冒牌|山寨|fakes?|counterfeit|knock ?off",
    "coupon": r"优惠券|券|coupon|voucher",
    "escalate": r"人工|真人|客服|human|person|agent|representative|manager",
    "exchange_goods": r"换货|换个|换一|换|exchang\w*|swap|replacement",
    "invoice": r"发票|invoice|receipt",
    "partial_refund": r"补偿|赔偿|compensation|partial",
    "platform_intervention": r"平台|介入|12315|platform|involved|step in",
    "price_protection": r"保价|差价|price",
    "quality_issue": r"质量|坏|broken|defect\w*|faulty",
    "review_bad": r"差评|bad review|one star|1 star",
    "warranty_repair": r"维修|返修|修|repair\w*|fix",
}
"""What an intent is called when it is refused."""
_REFUSED = (
    r"(?:不用|不要|不需要|不必|无需|别|別|甭|不想|不是要|不是想|不是|没想|没有要|没说要|并非|勿|不会|不打算)"
    r"(?:再|给我|帮我|去|要|来|找|转|叫|给)?.{{0,2}}(?:{0})"
    r"|\b(?:dont|do not|no need|not|never|wont|will not|no longer|without|isnt|arent)"
    r"(?: (?!but\b)\w+){{0,4}} (?:{0})\b"
    # no repair needed, no invoice please; not "there was no invoice in the box"
    r"|\bno(?: \w+)? (?:{0}) (?:needed|required|necessary|wanted|please|thanks|thank you|for me|after all|anymore)\b"
    r"|^no(?: \w+)? (?:{0})$"
    # 地址没写错
    r"|(?:{0}).{{0,2}}没(?:有)?[写填弄搞选]错"
)
_TAKES_BACK_IN_KIND = (
    # cancel the exchange, call off that repair; 取消那个换货, 换货取消; not 取消退款换货
    r"\b(?:canc\w+|withdr\w+|revok\w*|undo|void|stop|call off|drop|forget)(?: (?!(?:and|order|to|then|but|i)\b)\w+){{0,3}}"
    r" (?:{0})\b"
    r"|(?:撤|取消|作废|关掉|关闭)(?:(?!退|订单|訂單).){{0,6}}?(?:{0})|(?:{0})(?:(?!退).){{0,4}}?(?:撤|取消|作废|关掉|关闭|不要了|不用了)"
)
_BARE_NO = r"|(?<![能要可是换修])不(?:{0})(?!不|行|可以|.{{0,2}}[吗嗎嘛么麼行就])"
"""不换了, 不修; not 能不能换, 要不换一个, 不换不行."""
_IN_KIND: Mapping[str, tuple[str, str]] = {
    "exchange_goods": (r"换货|exchange|swap|replacement", "换"),
    "warranty_repair": (r"维修|返修|repair", "修"),
}
"""What is taken back by name, and what is done without by a bare 不 before it."""
_BY_INTENT: Mapping[str, re.Pattern[str]] = (
    {
        "request_refund": _TAKES_BACK,
        "revoke_refund": re.compile(
            f"{_TAKES_BACK.pattern}|{_TAKES_BACK_IN_KIND.format('|'.join(name for name, _ in _IN_KIND.values()))}"
        ),
        "affirm": _NEGATIVE,
    }
    | {intent: re.compile(_REFUSED.format(names)) for intent, names in _NAMED.items()}
    | {
        intent: re.compile(
            f"{_REFUSED.format(_NAMED[intent])}{_BARE_NO.format(verb)}|{_TAKES_BACK_IN_KIND.format(name)}"
        )
        for intent, (name, verb) in _IN_KIND.items()
    }
)

REFUSED = _BY_INTENT.keys() - {"revoke_refund"} | {"return_goods"}
"""What nobody gets who says no to it."""


_ASKS = re.compile(
    r"^\W*(?:(?:and|so|ok|okay|but|then|well|hi|hello)[, ]+)*(?:what|how|when|where|why|who)(?:s|re|'s|'re)?\b"
    r"|什么时候|啥时候|怎么[办样回弄能会要没不]|为什么|为啥|多久|几天|哪[里儿天]",
    re.IGNORECASE,
)
_ENDS_AS_QUESTION = re.compile(r"[?？]\W*$")
_ASKS_WHETHER = re.compile(
    r"(?:[吗嗎]|(?<![什怎那这這要多])[么麼])\W*$"
    r"|^\W*(?:(?:and|so|ok|okay|but|then|well|wait|hi|hello)[, ]+)*"
    # not "do it", "have the lamp here"
    r"(?:(?:do|did|are|were|have) (?:i|you|u|we|they)|(?:does|did|is|are|was|were|has) (?:it|this|that|the|my)"
    r"|(?:shall|should|can|could|may|must) (?:i|we))\b",
    re.IGNORECASE,
)


def ends_as_question(text: str) -> bool:
    """True for a text with a question mark at its end."""
    return _ENDS_AS_QUESTION.search(text) is not None


def asks_whether(text: str) -> bool:
    """True for a question that a yes or a no answers, with or without its mark: 提交吗, "shall I send it"; not a wish that is
    put as one ("can you send it")."""
    return ends_as_question(text) or _ASKS_WHETHER.search(text) is not None


def negative(text: str) -> bool:
    """True when a message says no, not or don't."""
    return _marked(_NEGATIVE, text)


def asks(text: str) -> bool:
    """True when a text asks how, when, where or why, with or without a question mark; a wish may be put as "could I"."""
    return _ASKS.search(text) is not None


def takes_back(text: str) -> bool:
    """True when a message cancels or withdraws a refund."""
    return _marked(_TAKES_BACK, text)


_BARE = re.compile(
    r"(?:请?(?:帮我|给我)?(?:取消|撤)(?:掉|了|吧|一下)*|quxiao|(?:please )?cancel(?: (?:it|that|this|please))*)"
)
"""Cancel, and not a word of what."""


def names_nothing(text: str) -> bool:
    """True for a mere "cancel" (normal form): what it takes back is what there is to take back."""
    return _BARE.fullmatch(text) is not None


def agree(text: str, wording: str, intent: str) -> bool:
    """True when message and wording (normal form) say the same about what turns the intent round.

    A message that takes back is no request; for the reverse see the wordings of each intent.
    """
    pattern = _BY_INTENT.get(intent)
    return pattern is None or (pattern.search(wording) is not None) == _marked(pattern, text)


def _marked(pattern: re.Pattern[str], text: str) -> bool:
    return any(pattern.search(part) for part in clauses(text, 1) or (normalise(text),))
