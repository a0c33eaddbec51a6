"""getUpdates and the webhook (https://core.telegram.org/bots/api#getting-updates)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from tests.doubles.bot_api.errors import broken, conflict
from tests.doubles.bot_api.json_type import Json
from tests.doubles.bot_api.log import Call
from tests.doubles.bot_api.methods.registry import plays
from tests.doubles.bot_api.polling import OTHER_POLL, SET_WEBHOOK
from tests.doubles.bot_api.webhook import Setting
from tests.doubles.bot_api.world import World

LONGEST_POLL = 50
PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]*")
WEBHOOK_IS_SET = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@plays("getUpdates")
async def get_updates(world: World, call: Call) -> list[Json]:
    """Does "not work if an outgoing webhook is set up"; a second poll ends the first with 409."""
    if world.webhook.setting is not None:
        raise conflict(WEBHOOK_IS_SET)
    params = call.params
    world.updates.allow(params.get("allowed_updates"))
    world.polling.end(OTHER_POLL)
    world.updates.expire()
    world.updates.confirm(params.get("offset", 0))
    world.waiting.changed()
    await world.polling.wait(world.updates, min(max(params.get("timeout", 0), 0), LONGEST_POLL))
    return [update.body for update in world.updates.batch(min(max(params.get("limit", 100), 1), 100))]


@plays("setWebhook")
def set_webhook(world: World, call: Call) -> Any:
    params = call.params
    setting = _setting(params)
    world.updates.allow(params.get("allowed_updates"))
    if params.get("drop_pending_updates"):
        _drop(world)
    world.polling.end(SET_WEBHOOK)
    world.webhook.set(setting)
    call.description = "Webhook was set" if setting else "Webhook was deleted"
    return True


def _setting(params: Json) -> Setting | None:
    """The rules for the address and the secret; "use an empty string to remove webhook integration"."""
    if not params.get("url"):
        return None
    _check_url(params["url"])
    secret = params.get("secret_token", "")
    if len(secret) > 256:
        raise broken("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise broken("secret token contains unallowed characters")
    return Setting(
        url=params["url"],
        secret=secret,
        max_connections=min(max(params.get("max_connections", 40), 1), 100),
        ip_address=params.get("ip_address", ""),
        certificate="certificate" in params,
    )


def _check_url(url: str) -> None:
    """HTTPS on one of four ports; relaxed for this machine itself, where tests listen."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise broken("invalid webhook URL specified") from None
    if parts.hostname is None:
        raise broken("invalid webhook URL specified")
    if parts.hostname in ("127.0.0.1", "localhost", "::1") and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise broken("bad webhook: An HTTPS URL must be provided for webhook")
    if (port or 443) not in PORTS:
        raise broken("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _drop(world: World) -> None:
    world.webhook.forget()
    world.updates.clear()


@plays("deleteWebhook")
def delete_webhook(world: World, call: Call) -> Any:
    if call.params.get("drop_pending_updates"):
        _drop(world)
    call.description = "Webhook was deleted" if world.webhook.setting else "Webhook is already deleted"
    world.webhook.set(None)
    return True


@plays("getWebhookInfo")
def get_webhook_info(world: World, _: Call) -> Json:
    return world.webhook.info()
