"""What is answered: the shop's templates, checked, compiled and filled in."""

from __future__ import annotations

from bot.replies.compile import compile_replies
from bot.replies.replies import Replies

__all__ = ["Replies", "compile_replies"]
