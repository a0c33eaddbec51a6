"""A message as it stands in a chat."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles.bot_api.json_type import Json

MEDIA = ("photo", "document", "video", "video_note", "voice", "sticker", "audio", "location", "contact")
SERVICE = (
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "pinned_message",
)


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(slots=True, eq=False)
class Message:
    """`raw` is the message as the Bot API shows it: replaced, never changed, so updates keep what they saw."""

    raw: Json
    from_bot: bool
    deleted: bool = False
    pinned: bool = False
    reactions: list[Json] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.raw["chat"]["id"])

    @property
    def thread_id(self) -> int | None:
        """The topic it stands in, if any."""
        return self.raw.get("message_thread_id")

    @property
    def date(self) -> int:
        return int(self.raw["date"])

    @property
    def text(self) -> str:
        """The text, or the caption of a picture."""
        return str(self.raw.get("text", self.raw.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        found: list[Json] = self.raw.get("entities") or self.raw.get("caption_entities") or []
        return found

    @property
    def media(self) -> str:
        """What is in it ("photo", "document", …), or an empty string for a plain text."""
        return next((kind for kind in MEDIA if kind in self.raw), "")

    @property
    def file_id(self) -> str:
        """The file of a picture (its largest size), document, video, voice note or sticker."""
        content = self.raw.get(self.media)
        if isinstance(content, list):
            content = content[-1]
        return str(content.get("file_id", "")) if isinstance(content, dict) else ""

    @property
    def album(self) -> str:
        """The media_group_id shared by the parts of an album."""
        return str(self.raw.get("media_group_id", ""))

    @property
    def reply_to(self) -> int | None:
        answered = self.raw.get("reply_to_message")
        return int(answered["message_id"]) if answered else None

    @property
    def is_service(self) -> bool:
        return any(kind in self.raw for kind in SERVICE)

    @property
    def edited(self) -> bool:
        return "edit_date" in self.raw

    @property
    def buttons(self) -> list[list[Button]]:
        rows = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return [[_button(button) for button in row] for row in rows]

    @property
    def labels(self) -> list[str]:
        return [button.text for row in self.buttons for button in row]

    def button(self, label: str) -> Button | None:
        """The button with this label."""
        return next((button for row in self.buttons for button in row if button.text == label), None)

    def __str__(self) -> str:
        who = "bot" if self.from_bot else self.raw.get("from", {}).get("first_name", "?")
        what = next((f"({kind})" for kind in SERVICE if kind in self.raw), "")
        kind = f"[{self.media}] " if self.media else ""
        labels = "".join(f" [{label}]" for label in self.labels)
        place = f" in topic {self.thread_id}" if self.thread_id else ""
        return f"#{self.id} {who}{place}: {kind}{what}{self.text}{labels}{' (edited)' if self.edited else ''}"


def _button(raw: Json) -> Button:
    return Button(raw["text"], raw.get("callback_data", ""), raw.get("url", ""))
