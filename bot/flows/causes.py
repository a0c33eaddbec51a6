"""What a suggestion is about, by the words for it; the first that is named counts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.feedback import Cause

_WORDS: Mapping[Cause, str] = {
    Cause.SIZE: r"偏[大小]|尺[码寸碼]|鞋码|码数|[大小]码|领口|袖子|裤腰|太[短长]|长一点"
    r"|\b(?:runs? (?:small|large|big)|siz(?:es?|ing)|tight|narrow|longer|shorter|too (?:long|short))\b",
    Cause.PACKAGING: r"[包裝装]装|泡沫|袋子|[纸盒]箱|盒子|封口|胶带|[环環]保"
    r"|\b(?:pack(?:ag(?:e|ing)|ing)|plastic|box(?:es)?|wrapping)\b",
    Cause.DELIVERY: r"快[递遞]|物流|配送|送货|发货|\b(?:courier|delivery|shipping|tracking|carrier)\b",
    Cause.PRICE: r"价格|便宜|太?[贵貴]|优惠|打折|\b(?:prices?|pricey|cheaper|expensive|discounts?)\b",
    Cause.PAGE: r"详情页|页面|说明书|实拍图|教程|小程序|网[页站]"
    r"|\b(?:website|web ?page|product page|app|manual|instructions|checkout|apple pay|your page)\b",
    Cause.SERVICE: r"客服|服[务務]|回复|售后|\b(?:service|staff|support|(?:reply|answer) faster)\b",
    Cause.QUALITY: r"做工|[质質]量|面料|材[质質]|拉[链鏈]|按键|结实|太薄|掉色|[重硬]了?点|有点[重硬]"
    r"|\b(?:quality|zips?|seams?|stitching|straps?|sturd(?:y|ier)|material|fabric|lid|handle|buttons?|durable)\b",
    Cause.CHOICE: r"[颜顏]色|款式|口味|小颗粒|新款|下一代|多出|再?出个"
    r"|\b(?:colou?rs?|bring back|refills?|pockets?|versions?|variants?|dimmer)\b",
}
_PATTERNS = {cause: re.compile(words, re.IGNORECASE) for cause, words in _WORDS.items()}
_ONLY_THAT = re.compile(
    r"(?:我?(?:想|要|可以)?(?:有|提|给你们提)(?:一?[个個点點])?(?:建[议議]|意[见見])[吗嗎呢啊]?)"
    r"|(?:i(?:'d| would)? (?:have|like to give) (?:a|an|some) (?:suggestion|idea|feedback))"
    r"|(?:(?:just )?(?:some |a |an )?(?:suggestion|feedback|idea)(?: for (?:you|your shop|u))?)"
    r"|(?:can i (?:suggest something|make a suggestion|give (?:some )?feedback))"
    r"|(?:(?:some )?advice for your product)",
    re.IGNORECASE,
)


def cause_of(words: str) -> Cause:
    """What the words are about."""
    return next((cause for cause, pattern in _PATTERNS.items() if pattern.search(words)), Cause.OTHER)


def says_nothing_yet(words: str) -> bool:
    """ "I have a suggestion", and not which."""
    return _ONLY_THAT.fullmatch(words.strip(" \t\n,，.。!！?？~～")) is not None
