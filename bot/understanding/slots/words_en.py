"""English words every shop's buyers share: grammar (numerals, weekdays, months, colours) and names of carriers.

They are no wording of the shop's; what buyers call reasons and wishes is taught in the phrase files.
"""

from __future__ import annotations

from collections.abc import Mapping

ORDER_TOLD = (
    r"(?:(?:hi|hello|hey|ok|sure|yes)\W+)?(?:(?:here(?:s| is)|it(?:s| is)|this is|thats|that is|for) )?"
    r"(?:(?:my|the|an?) )?(?:order(?: (?:number|no|nr|id|num))?)?(?: (?:is|was|its))?"
)
"""What stands before an order's number that is only told: "my order is"."""
_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve"
NUMBERS: Mapping[str, int] = {word: value for value, word in enumerate(_TO_TWELVE.split(), 1)} | {
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "a couple": 2,
}
MONEY: Mapping[str, str] = {
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "usd": "USD",
    "us dollars": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "bucks": "USD",
    "buck": "USD",
    "euros": "EUR",
    "euro": "EUR",
    "eur": "EUR",
    "pounds": "GBP",
    "pound": "GBP",
    "quid": "GBP",
    "gbp": "GBP",
    "hkd": "HKD",
    "yen": "JPY",
    "jpy": "JPY",
}
SIGNS: Mapping[str, str] = {
    "us$": "USD",
    "hk$": "HKD",
    "nt$": "TWD",
    "¥": "CNY",
    "￥": "CNY",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
}
DAYS_AGO: Mapping[str, int] = {
    "the day before yesterday": 2,
    "day before yesterday": 2,
    "yesterday": 1,
    "last night": 1,
    "today": 0,
    "this morning": 0,
}
UNITS: Mapping[str, int] = {"day": 1, "week": 7}
"""Days of what people count back in."""
_WEEK = "monday tuesday wednesday thursday friday saturday sunday"
WEEKDAYS: Mapping[str, int] = {name: day for day, name in enumerate(_WEEK.split())} | {
    name[:3]: day for day, name in enumerate(_WEEK.split())
}
"""Monday is 0."""
_YEAR = "january february march april may june july august september october november december"
MONTHS: Mapping[str, int] = (
    {name: month for month, name in enumerate(_YEAR.split(), 1)}
    | {name[:3]: month for month, name in enumerate(_YEAR.split(), 1)}
    | {"sept": 9}
)
FEASTS: Mapping[str, tuple[int, int]] = {"singles day": (11, 11), "singles' day": (11, 11)}
COUNTED = "(?:items?|pieces?|pcs|pairs?|units?|sets?|boxes|copies)"
COLOURS: Mapping[str, str] = {
    "black": "black",
    "white": "white",
    "red": "red",
    "navy": "navy",
    "blue": "blue",
    "green": "green",
    "yellow": "yellow",
    "grey": "grey",
    "gray": "grey",
    "pink": "pink",
    "purple": "purple",
    "orange": "orange",
    "brown": "brown",
    "beige": "beige",
    "khaki": "khaki",
    "silver": "silver",
    "gold": "gold",
}
SIZES: Mapping[str, str] = {
    "extra small": "XS",
    "extra large": "XL",
    "small": "S",
    "medium": "M",
    "large": "L",
}
CARRIERS: Mapping[str, str] = {
    "sf express": "sf",
    "yto": "yto",
    "zto": "zto",
    "yunda": "yunda",
    "jd logistics": "jd",
    "china post": "ems",
    "fedex": "fedex",
    "dhl": "dhl",
    "usps": "usps",
}
CARRIERS_BESIDE: Mapping[str, str] = {"sf": "sf", "sto": "sto", "jd": "jd", "ems": "ems", "ups": "ups"}
"""Words or letters of other things as well: they name a carrier beside a number only."""
TRACKING = r"(?:tracking|waybill|parcel|package|shipment)"
TRACKING_NUMBER = r"(?:(?:tracking|waybill|parcel|package|shipment) (?:number|no|nr|num|id|code)|waybill|return(?:ed|ing)?|sent)"
"""What leaves no doubt that a parcel's number follows."""
ORDER = r"(?:order)"
ORDER_LABEL = r"order(?: (?:number|no|nr|num|id))?(?: is| was)?"
ENDING = r"(?:(?:ending|ends|end) (?:in|with)|last (?:four|five|six|4|5|6)(?: digits)?(?: are| is)?)"
PHONE = r"(?:phone|mobile|cell|tel|whatsapp|(?:call|ring|text)(?: me| us)?(?: at| on)?)"
PHONE_ENDS = (
    r"(?:my |the )?(?:(?:phone|mobile|cell|tel)(?: number| no)?(?: (?:ends|ending|end))?(?: in| with)?"
    r"|last (?:four|4)(?: digits)?(?: of (?:my|the) (?:phone|mobile|cell)(?: number)?)?)"
)
TELLS_WHOSE = (
    "hi|hello|hey|ok|sure|yes|its?|heres?|here|is|are|the|this|thats?|my|for|with|in|of|and|an?|orders?|number|no|nr|num|id"
    "|phone|mobile|cell|tel|ends?|ending|last|four|digits?|please|pls|thanks|thank|you|thx"
)
"""What stands beside an order's number that is only told, perhaps with the end of the phone number."""
MENDS = (
    "sorry|oops|ops|wrong|typo|mistyped|misspelled|misread|mistake|no|not|nope|actually|i|meant|mean|should|be|correct|right|correction"
    "|was|wait|one|missed|forgot|digit|again|try|oh|ah|before|that|to"
)
"""What stands beside a number that mends the one before."""
_SOMEBODY = (
    r"(?:(?:girl|boy)?friend|wife|husband|partner|mother|mom|mum|father|dad|sister|brother|roommate|flatmate|colleague|coworker"
    r"|neighbou?r|son|daughter|cousin|boss|parents?|family)"
)
OTHERS_ORDER = (
    rf"(?:(?:some(?:one|body)|any(?:one|body)) else'?s?|another (?:person|customer|buyer)'?s?|other (?:people|customer|buyer)s?'?s?"
    rf"|(?:my|her|his|our) {_SOMEBODY}(?: \w+)?'?s) (?:\w+ )?(?:orders?|parcels?|packages?|delivery|deliveries|purchases?)\b"
    rf"|(?:order|parcel|package) (?:of|that belongs to) (?:(?:my|her|his|our) {_SOMEBODY}|(?:some|any)(?:one|body) else)\b"
    rf"|(?:it'?s|that'?s) (?:my|her|his|our) {_SOMEBODY}'?s(?=\s*[,.!?]|\s*$)"
)
"""Somebody else's order."""
CAME_BY_MISTAKE = r"(?:got|received|receive|sent|gave|given|delivered|arrived|came|wrong|mistake|instead|is this|gift|present)"
DETAILS_ASKED = (
    r"(?:give|tell|show|send) me (?:the |her |his |their )?(?:buyer'?s |customer'?s )?(?:full )?(?:phone|mobile|address|name|contact|personal)\b"
    r"|(?:phone|mobile|address|name|contact|details?)(?: number| details?| info\w*)? (?:on|for|of|behind|in) (?:the |this |that )?order\b"
    r"|who (?:bought|placed|ordered|made|is behind)\b"
)
"""Who it is that has an order, and where."""
_OWN = (
    r"(?:(?:for|on|of) (?:me\b(?! to\b)|mine)|on (?:file|record)|(?:for|on|in|under) (?:my|this|the) (?:order|account|profile|parcel"
    r"|package|delivery|label|name))"
)
OWN_DETAILS_ASKED = (
    r"(?:(?:what|which)(?:'?s| is| was)?|tell me|show me|give me|do you (?:have|know)|whats) my (?:current |own )?(?:phone|mobile|cell|telephone"
    r"|contact|(?:delivery |shipping )?address)(?: number| no| details)?\b"
    r"|(?:what|which) (?:phone|mobile|cell|contact|(?:delivery |shipping )?address)(?: number)? (?:did i (?:give|put|use|leave|enter)\b"
    rf"|(?:do you have|have you got|is)(?: (?:down|stored|saved|listed))? {_OWN}|(?:do|have) you (?:have |got )?me (?:down|under|with))\b"
    r"|(?:phone|mobile|cell|address)(?: number)? (?:that |which )?(?:you have )?(?:on file|on my (?:order|account)|(?:is )?(?:on|in) my (?:order|account))\b"
)
"""What stands on the buyer's own order; "what phone number do you have?" asks for the shop's."""
TAX_NUMBER = r"(?:(?:tax|vat|ust|tin|ein)(?: ?(?:id|no|nr|number|code|reg\w*))*\.?)"
CHANGED_INTO = r"(?:swap|exchange|change|switch)(?: [a-z]+){0,3}? (?:for|to|into) (?:an? |the )?"
WANTED = r"\b(?:need|want|prefer|send|give|get|take|make it)(?: (?:me|it|them|in|an?|the|one in))*? "
"""What stands before a size that is wished for: "need L"."""
MAIL = r"(?:e-?mail)"
CARD = r"(?:card|account|passport)"
