"""A company's name, told by how it ends (有限公司, Ltd), where nothing announces it: whom an invoice is made out to."""

from __future__ import annotations

import re

from bot.understanding.slots.context import Context
from bot.understanding.slots.found import Found
from bot.understanding.slots.said import DETAILS, Said

_MAIL = re.compile(r"[\w.+-]{1,64}@\S{1,80}")
_NAME = re.compile(
    r"[\u4e00-\u9fff（）()·A-Za-z0-9]{2,40}?(?:有限责任公司|有限公司|股份公司|分公司|事务所|工作室|经营部|商行)"
    r"|[A-Z][\w&.'’-]*,? (?:(?:[A-Z][\w&.'’-]*|&),? ){0,5}(?:Ltd|Limited|Inc|LLC|LLP|PLC|GmbH|AG|Corp|Co|S\.?A|B\.?V|S\.?r\.?l)\b\.?"
)
_BEFORE = re.compile(
    r"^(?:.*(?:开给|票给|抬头|名称)(?:是|为|写|开|:)?|给|开|(?:(?:Company|Name|For|To|Invoice|Please),? )+)"
)
"""What is run together with a name and is none of it."""


def company_named(text: str) -> str:
    """The first company a text names; empty when it names none."""
    found = _NAME.search(_MAIL.sub(" ", text))
    return _BEFORE.sub("", found[0]).strip() if found else ""


def company(said: Said, context: Context, found: Found) -> None:
    """Whom an invoice is made out to, unless words announce it."""
    if context.reads("title") and (name := company_named(said.text[:DETAILS])):
        found.put("title", name)
