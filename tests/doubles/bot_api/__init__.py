"""A double of the Telegram Bot API over real HTTP, as strict as the original.

async with BotApi(token="12345:TEST") as api:
    buyer = api.user(42, first_name="小林", language_code="zh-hans")
    await buyer.says("我的快递到哪了")
    answer = await buyer.hears("快递")
"""

from tests.doubles.bot_api.chat import Chat
from tests.doubles.bot_api.faults import Fault
from tests.doubles.bot_api.group import Group
from tests.doubles.bot_api.limits import Limits
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.message import Button, Message
from tests.doubles.bot_api.server import BotApi
from tests.doubles.bot_api.tap import NoSuchButton, Tap
from tests.doubles.bot_api.user import User
from tests.doubles.bot_api.waiting import NotHeard
from tests.doubles.bot_api.webhook import Backoff

__all__ = [
    "Backoff",
    "BotApi",
    "Button",
    "Call",
    "Chat",
    "Fault",
    "Group",
    "Limits",
    "Message",
    "NoSuchButton",
    "NotHeard",
    "Tap",
    "User",
]
