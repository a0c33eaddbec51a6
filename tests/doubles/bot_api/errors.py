"""What the double answers when it refuses: `{"ok": false, "error_code": …, "description": …}`.

Two kinds of 400 are told apart: a *violation* is a request no careful bot sends (an unknown parameter, a text
that is too long), and is kept in `api.violations`; the rest (a user blocked the bot, a topic is gone) may happen
to anyone.
"""

from __future__ import annotations

from tests.doubles.bot_api.json_type import Json


class ApiError(Exception):
    """The request is refused, in the words the bot will read."""

    def __init__(
        self, code: int, description: str, *, retry_after: int | None = None, violation: bool = False
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.violation = violation

    def body(self) -> Json:
        """The answer as JSON; `parameters` as in https://core.telegram.org/bots/api#responseparameters."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def refused(reason: str) -> ApiError:
    """400 for something that can happen to a careful bot."""
    return ApiError(400, f"Bad Request: {reason}")


def broken(reason: str) -> ApiError:
    """400 for a request that breaks a rule of the documentation."""
    return ApiError(400, f"Bad Request: {reason}", violation=True)


def forbidden(reason: str) -> ApiError:
    """403: the chat exists, but the bot may not write there."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """409: two ways of getting updates at once."""
    return ApiError(409, f"Conflict: {reason}")


def too_many(retry_after: int) -> ApiError:
    """429: flood control; the bot must wait `retry_after` seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def no_such_method() -> ApiError:
    """404: the method name is not one of the Bot API."""
    return ApiError(404, "Not Found: method not found", violation=True)


def unauthorized() -> ApiError:
    """401: the token is not this bot's."""
    return ApiError(401, "Unauthorized", violation=True)
