"""The web chat as a way to reach readers."""

from __future__ import annotations

from bot.channels.web.hub import Hub
from bot.pipeline.deliveries import Delivery

NAME = "web"


class WebChannel:
    """Delivering is waking the browser: the line stands in the transcript, and the browser reads on from its last."""

    name = NAME
    limit = None

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def deliver(self, delivery: Delivery) -> str:
        """Wake the conversation's streams."""
        self._hub.publish(delivery.conversation_id)
        return str(delivery.id)
