"""What an agent does in a conversation's topic of the staff group: typed (`bot.channels.typed`), or by a button."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Message, User

from bot.channels.telegram.cleaning import clean
from bot.channels.telegram.media import attachments
from bot.channels.typed import NOT_SEEN, UNKNOWN, typed
from bot.domain.cases import Event
from bot.domain.messages import AgentAct, Choice, Incoming
from bot.domain.names import one_line
from bot.flows.crossing import REACT
from bot.flows.taking_back import EDIT
from bot.understanding.waybills import holds_waybill

AGENT_NAME = 64


@dataclass(frozen=True, slots=True)
class StaffReader:
    """Reads one message or tap; None when it is nothing the desk acts on."""

    username: str = ""

    def message(self, message: Message) -> Incoming | None:
        """Words, files or a command in a topic; the General topic, notices and bots are left alone."""
        agent = _agent(message)
        text, files = clean(message.text or message.caption or "").strip(), attachments(message)
        if not agent or not message.is_topic_message or not (text or files):
            return None
        act = self._act(text, agent)
        person = message.from_user
        account = (
            f"telegram:{person.id}" if person and not message.sender_chat else f"group:{message.chat.id}"
        )
        if act is None:
            return None
        return Incoming(
            act=act,
            attachments=files,
            account=account,
            ref=str(message.message_id),
            answers=answered(message),
            posted=True,
        )

    def edited(self, message: Message) -> Incoming | None:
        """Other words for what was sent to the buyer; a note or a command that is changed does nothing a second time."""
        said = self.message(message)
        if said is None or said.act is None or said.act.act != "say":
            return None
        return replace(said, act=replace(said.act, act=EDIT), attachments=())

    def reaction(self, mark: str, emoji: str, person: User | None) -> Incoming | None:
        """A reaction of an agent; nobody's where they are hidden behind the group, and a bot's is none."""
        if person is None or person.is_bot:
            return None
        act = AgentAct(REACT, _name(person), text=emoji)
        return Incoming(act=act, answers=mark, account=f"telegram:{person.id}")

    def tap(self, choice: Choice, person: User) -> Incoming | None:
        """``desk|act|agree:R123:4`` or ``desk|act|claim``; the version is the one the button was made for."""
        if (choice.token, choice.slot) != ("desk", "act") or not choice.value:
            return None
        act, _, about = choice.value.partition(":")
        case, _, version = about.rpartition(":")  # the key of a refund has a colon of its own
        seen = int(version) if version.isdecimal() and len(version) < 10 else NOT_SEEN
        return Incoming(act=AgentAct(act, _name(person), case, seen), account=f"telegram:{person.id}")

    def _act(self, text: str, agent: str) -> AgentAct | None:
        act = typed(text, agent, self.username)
        if act and act.act == Event.SHIP_BACK and act.text and not holds_waybill(act.text):
            return AgentAct(UNKNOWN, agent, text=text)
        return act


def answered(message: Message) -> str:
    """The mark of the message it replies to. All that is written in a topic "replies" to the notice that opened it."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None or replied.chat.id != message.chat.id:
        return ""
    return str(replied.message_id)


def _agent(message: Message) -> str:
    """Who speaks; an administrator hidden behind the group is the group, bots and channels are nobody."""
    if message.sender_chat is not None:
        hidden = message.sender_chat.id == message.chat.id
        return (
            clean(message.author_signature or message.chat.title or "", AGENT_NAME).strip() if hidden else ""
        )
    person = message.from_user
    return _name(person) if person is not None and not person.is_bot else ""


def _name(person: User) -> str:
    return one_line(clean(person.first_name))[:AGENT_NAME] or str(person.id)
