"""What a buyer is handed out when they ask what is kept of them."""

from bot.desk.export.holdings import Holdings, gather
from bot.desk.export.page import write

__all__ = ["Holdings", "gather", "write"]
