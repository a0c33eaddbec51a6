"""Keyboards: their rules, and what of them stays on a message."""

from __future__ import annotations

from tests.doubles.bot_api.errors import broken
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.links import checked_link, user_id_of
from tests.doubles.bot_api.spans import utf16_length

CALLBACK_LIMIT = 64
COPY_LIMIT = 256
BUTTONS_LIMIT = 100
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
PRIVATE_ONLY = {
    "request_contact": "phone number can be requested in private chats only",
    "request_location": "location can be requested in private chats only",
    "request_users": "users can be requested in private chats only",
    "request_chat": "chats can be requested in private chats only",
    "web_app": "Web App buttons can be used in private chats only",
}


def check_markup(markup: Json | None, *, private: bool) -> None:
    """The rules of https://core.telegram.org/bots/api#inlinekeyboardbutton and #keyboardbutton."""
    if markup is None:
        return
    if "inline_keyboard" in markup:
        check_inline(markup, private=private)
    elif "keyboard" in markup:
        for button in _buttons(markup["keyboard"]):
            _check_reply_button(button, private)


def check_inline(markup: Json | None, *, private: bool) -> None:
    """Only an inline keyboard may stand under an edited message."""
    if markup is None:
        return
    if "inline_keyboard" not in markup:
        raise broken("inline keyboard expected")
    for button in _buttons(markup["inline_keyboard"]):
        _check_inline_button(button, private)


def _buttons(rows: list[list[Json]]) -> list[Json]:
    buttons = [button for row in rows for button in row]
    if len(buttons) > BUTTONS_LIMIT:
        raise broken("reply markup is too long")
    return buttons


def _check_reply_button(button: Json, private: bool) -> None:
    if not button.get("text"):
        raise broken("keyboard button text must be non-empty")
    for key, complaint in PRIVATE_ONLY.items():
        if button.get(key) and not private:
            raise broken(complaint)


def _check_inline_button(button: Json, private: bool) -> None:
    """Docs: "Exactly one of the fields other than text, icon_custom_emoji_id, and style must be used"."""
    if not button.get("text"):
        raise broken("inline keyboard button text must be non-empty")
    actions = [name for name in ACTIONS if button.get(name) not in (None, "")]
    if not actions:
        raise broken("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise broken(f'inline keyboard button "{button["text"]}" has more than one action: {sorted(actions)}')
    _check_action(button, actions[0], private)


def _check_action(button: Json, action: str, private: bool) -> None:
    value = button[action]
    if action == "callback_data" and not 1 <= len(value.encode()) <= CALLBACK_LIMIT:
        raise broken("BUTTON_DATA_INVALID")
    if action == "url" and user_id_of(value) is None and not checked_link(value):
        raise broken(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if action == "web_app" and not private:
        raise broken("BUTTON_TYPE_INVALID")
    if action == "web_app" and not value["url"].startswith("https://"):
        raise broken(
            f"inline keyboard button Web App URL '{value['url']}' is invalid: Only HTTPS links are allowed"
        )
    if action == "copy_text" and not 1 <= utf16_length(value["text"]) <= COPY_LIMIT:
        raise broken("BUTTON_COPY_TEXT_INVALID")


def standing(markup: Json | None) -> Json:
    """What a message shows of its markup: an inline keyboard with buttons, or nothing."""
    if not markup or not any(markup.get("inline_keyboard", [])):
        return {}
    return {"reply_markup": {"inline_keyboard": markup["inline_keyboard"]}}
