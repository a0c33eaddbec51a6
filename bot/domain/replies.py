"""What a flow can say, declared: the reply's name, its buttons, and the type of each value its template may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.decision import Audience, Say
from bot.domain.messages import Attachment, Button


@dataclass(frozen=True)
class Reply:
    """A reply a flow declares. Calling it fills it in."""

    name: str
    """``<intent>/<reply>``, the template's path below ``replies/<lang>/`` without ``.j2``."""
    values: Mapping[str, Any]
    """Value name to its type; the linter walks templates against these."""
    labels: tuple[str, ...] = ()
    """Button labels each language's template must word."""
    label_values: Mapping[str, Any] | None = None
    """What the labels' templates may use besides `values`."""
    to: Audience = Audience.BUYER

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
    option: Mapping[str, Any] | None = None,
    to: Audience = Audience.BUYER,
    **values: Any,
) -> Reply:
    """Declare a reply: its name, its button labels and its values' types."""
    return Reply(name_, values, labels, option, to)
