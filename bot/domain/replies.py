"""What a flow can say, declared: the reply's name, its buttons, and the type of each value its template may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

from bot.domain.decision import Audience, Say
from bot.domain.messages import Attachment, Button


class Tone(Flag):
    """What the reader of a reply has to find in it, whatever the language. Each language says in its ``tone.yaml`` which
    words count as that; the linter looks for them.
    """

    PLAIN = 0
    """Nothing by itself: an agent reads it, or it stands beside another reply."""
    GREETING = auto()
    """It opens the conversation."""
    APOLOGY = auto()
    """The buyer has trouble, waited, or hears a no."""
    THANKS = auto()
    """The buyer waits, or did something for us."""
    NEXT_STEP = auto()
    """Somebody has to do something now: the buyer, the shop, a person."""
    DEADLINE = auto()
    """It happens by some time, or takes so long."""


@dataclass(frozen=True)
class Reply:
    """A reply a flow declares. Calling it fills it in."""

    name: str
    """``<intent>/<reply>``, the template's path below ``replies/<lang>/`` without ``.j2``."""
    values: Mapping[str, Any]
    """Value name to its type; the linter walks templates against these."""
    tone: Tone
    """What each language's text must not leave out."""
    labels: tuple[str, ...] = ()
    """Button labels each language's template must word."""
    label_values: Mapping[str, Any] | None = None
    """What the labels' templates may use besides `values`."""
    to: Audience = Audience.BUYER
    personal: frozenset[str] = frozenset()
    """Values that are personal data, whatever they look like: the staff group does not show them."""

    def __call__(
        self,
        *,
        buttons: tuple[Button, ...] = (),
        token: str = "",
        attachments: tuple[Attachment, ...] = (),
        **values: Any,
    ) -> Say:
        """The reply with its values; TypeError when they are not the declared ones."""
        if values.keys() != self.values.keys():
            raise TypeError(f"{self.name} takes {sorted(self.values)}, not {sorted(values)}")
        if unworded := {button.label for button in buttons} - set(self.labels):
            raise TypeError(f"{self.name} declares no label {sorted(unworded)}")
        return Say(self.name, values, buttons, token, self.to, attachments)


def reply(
    name_: str,
    /,
    *labels: str,
    tone: Tone,
    option: Mapping[str, Any] | None = None,
    to: Audience = Audience.BUYER,
    personal: tuple[str, ...] = (),
    **values: Any,
) -> Reply:
    """Declare a reply: its name, its button labels, what its reader has to find in it, and its values' types."""
    return Reply(name_, values, tone, labels, option, to, frozenset(personal))
