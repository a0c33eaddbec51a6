"""Every setting, declared once: name, type, bounds, default and help stand together.

`config.yaml` is written from this file (`default_yaml`), and so is what `shouhou config` shows.
"""

# ruff: noqa: RUF009 -- `setting` declares a field; its value is made once and can't change

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from bot.config.kinds.kind import Kind
from bot.config.kinds.money import Currency
from bot.config.kinds.number import Kept, Number, Whole
from bot.config.kinds.place import Place, Url, masked
from bot.config.kinds.several import Many, Maybe
from bot.config.kinds.text import Choice, Flag, Text
from bot.config.kinds.when import Clock, Country, Day, Weekday, Zone

T = TypeVar("T")

_HTTP = ("https", "http")
_LANGUAGE = Text("a language code such as zh or en", r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


def setting(default: T, kind: Kind, about: str) -> T:
    """Declare a setting."""
    return field(default=default, metadata={"kind": kind, "about": about})


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop itself."""

    name: str = setting("Shouhou Demo Shop", Text(), "Its name, as buyers read it.")
    phone: str = setting(
        "", Text("a line of text, or empty", r".*"), "The number buyers may call. Empty: there is none."
    )
    email: str = setting(
        "", Text("a line of text, or empty", r".*"), "Where they may write to. Empty: there is none."
    )
    address: str = setting(
        "", Text("a line of text, or empty", r".*"), "Where they may come, in one line. Empty: nowhere."
    )
    languages: tuple[str, ...] = setting(
        ("zh", "en"),
        Many(_LANGUAGE, tuple, at_least=1),
        "Languages it answers in; the first is its main one. Each needs its folders under intents/ and replies/.",
    )
    timezone: ZoneInfo = setting(
        ZoneInfo("Asia/Shanghai"),
        Zone(),
        "Deadlines, opening hours and imported times are told in this time zone.",
    )
    currency: str = setting(
        "CNY",
        Currency(),
        "Currency of imported orders whose file has no column `currency`, or an empty cell.",
    )
    opens: time = setting(time(9), Clock(), "When agents come in. The same as `closes`: they are always in.")
    closes: time = setting(
        time(21), Clock(), "When agents leave. Earlier than `opens`: the hours span midnight."
    )
    closed_on: frozenset[int] = setting(
        frozenset(),
        Many(Weekday(), frozenset),
        "Days of the week no agent is in, such as [saturday, sunday]. Hours over midnight belong to the day they begin.",
    )
    closed_days: frozenset[date] = setting(
        frozenset(),
        Many(Day(), frozenset),
        "Single days no agent is in, such as [2026-12-31]: the shop's own, whatever others do.",
    )
    closed_on_holidays: bool = setting(
        False,
        Flag(),
        "Agents have public holidays off, and come in on make-up workdays, also those that fall on a day of `closed_on`.",
    )
    holidays: str = setting(
        "CN",
        Country(),
        "Whose public holidays and make-up workdays count where a bank or a mediator needs working days, by its ISO 3166 "
        "code; with a region where it has its own, such as DE-BY. Empty: Monday to Friday, no holidays. `shouhou calendar` "
        "shows what the bot believes.",
    )
    extra_holidays: frozenset[date] = setting(
        frozenset(),
        Many(Day(), frozenset),
        "Days that are public holidays too: moved, or announced after this version was made.",
    )
    extra_workdays: frozenset[date] = setting(
        frozenset(),
        Many(Day(), frozenset),
        "Days that are worked too: make-up workdays, or holidays that were moved away.",
    )


@dataclass(frozen=True, slots=True)
class Telegram:
    """Telegram; served when TELEGRAM_BOT_TOKEN is set in the environment."""

    base_url: str = setting(
        "https://api.telegram.org/bot",
        Url(_HTTP),
        "Root of the Bot API; the token is put behind it. Point it at your own Bot API server if you run one.",
    )
    base_file_url: str = setting(
        "https://api.telegram.org/file/bot",
        Url(_HTTP),
        "Root of its file downloads; the token is put behind it.",
    )
    mode: Literal["polling", "webhook"] = setting(
        "polling",
        Choice(("polling", "webhook")),
        "polling: we ask Telegram. webhook: Telegram calls us; needs webhook_url and SHOUHOU_WEBHOOK_SECRET.",
    )
    webhook_url: str = setting(
        "", Url(("https",), may_be_empty=True), "Public https address that Telegram calls in webhook mode."
    )
    staff_chat: int | None = setting(
        None,
        Maybe(Whole(-(10**15), 10**15)),
        "Id of the staff group (a forum; the bot needs the right to manage topics). Empty: agents use the web page.",
    )
    max_connections: int = setting(
        40, Whole(1, 100), "How many updates Telegram may send at the same time in webhook mode."
    )
    messages_per_second: int = setting(
        30,
        Whole(0, 1000),
        "How many messages may leave in a second, over all chats. Telegram takes 30, more from bots that pay for it. "
        "0: keep no limit of any kind, as for a Bot API of your own that has none.",
    )


@dataclass(frozen=True, slots=True)
class Web:
    """The web chat and the agents' page."""

    enabled: bool = setting(True, Flag(), "Serve the web chat and the agents' page.")
    host: str = setting(
        "127.0.0.1",
        Text("a host name or IP address", r"[A-Za-z0-9.:\[\]_-]+"),
        "Address to listen on. 0.0.0.0 is everybody's.",
    )
    port: int = setting(8080, Whole(0, 65535), "Port to listen on; 0 takes any free one.")
    demo: bool = setting(
        True,
        Flag(),
        "Load the sample shop and let a visitor choose to be one of its buyers. Not for a real shop.",
    )
    public_url: str = setting(
        "",
        Url(_HTTP, may_be_empty=True),
        "Address under which buyers reach the web chat; empty: http://host:port.",
    )
    proxies: str = setting(
        "127.0.0.1,::1",
        Text("IP addresses or networks, with commas between", r"[0-9A-Fa-f.:/, ]*"),
        "Reverse proxies that are believed when they say whom they speak for; of all others the limits count the address.",
    )


@dataclass(frozen=True, slots=True)
class Oidc:
    """Signing in at the agents' page with the company's own account, at an OpenID Connect provider."""

    issuer: str = setting(
        "",
        Url(_HTTP, may_be_empty=True),
        "The provider's address, exactly as it names itself; empty: nobody signs in that way.",
    )
    client_id: str = setting(
        "", Text("a line of text, or empty", r".*"), "What the provider calls Shouhou. Needed with `issuer`."
    )
    name: str = setting(
        "",
        Text("a line of text, or empty", r".*"),
        "What people call the provider, for the button. Empty: “your company account”.",
    )


@dataclass(frozen=True, slots=True)
class Storage:
    """Where everything is kept."""

    url: str = field(
        default="sqlite:///data/shouhou.db",
        repr=False,
        metadata={
            "kind": Url(("sqlite", "postgresql+asyncpg")),
            "about": (
                "Database: sqlite:///file for one process, postgresql+asyncpg://user:password@host/name for several. "
                "One with a password belongs into the environment: SHOUHOU_STORAGE__URL."
            ),
        },
    )
    shop: str = setting(
        "main",
        Text("a short name of a-z, 0-9 and -", r"[a-z0-9][a-z0-9-]{0,31}"),
        "What this shop's rows are marked with, where several shops share a database. Changed later, the shop begins anew: "
        "what was kept stays with the old name.",
    )
    files: Path = setting(Path("data/files"), Place(), "Folder for the pictures and documents people send.")
    largest_file_mb: int = setting(
        20,
        Whole(1, 2000),
        "Largest file that is kept, in megabytes. Telegram gives bots none above 20, the web chat takes none above 10.",
    )

    @property
    def largest_file(self) -> int:
        """The same in bytes."""
        return self.largest_file_mb * 2**20

    def __repr__(self) -> str:
        """Without the password the address may hold."""
        return (
            f"Storage(url={masked(self.url)!r}, files={self.files!r}, largest_file_mb={self.largest_file_mb})"
        )


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days each thing is kept; 0: for ever. What it comes to now: `shouhou retention`."""

    raw_days: int = setting(
        14,
        Kept(),
        "What came in, just as the messenger brought it, once it was handled: for looking into mistakes.",
    )
    origins_days: int = setting(
        30,
        Kept(2),
        "By what the same thing is known when a messenger brings it again; Telegram may for a day.",
    )
    sent_days: int = setting(
        30, Kept(3), "What was sent, just as it was sent. What it said stands in the transcript."
    )
    lines_days: int = setting(
        1095,
        Kept(),
        "What was said, in conversations with no open case, no money on its way and nobody attending. Three years: in China "
        "contracts can be disputed for that long, and shops have to keep the records of a sale.",
    )
    files_days: int = setting(1095, Kept(), "What was sent along, in the same conversations.")
    shunted_days: int = setting(
        90, Kept(), "Messages that failed and lie on the shelf (`shouhou shunt`); then they are dropped."
    )
    deadlines_days: int = setting(90, Kept(), "Clocks and reminders that are over.")
    sessions_days: int = setting(90, Kept(), "Who of the staff was signed in where, once that is over.")
    audit_days: int = setting(1095, Kept(), "What people did (`shouhou audit`).")


@dataclass(frozen=True, slots=True)
class Understanding:
    """How sure the bot must be of what a message means: chances from 0 to 1; see `shouhou understand "…"`."""

    act: float = setting(0.6, Number(0, 1), "From this chance of being right on the best guess is acted on.")
    ask: float = setting(
        0.25, Number(0, 1), "From this chance on the buyer is asked; below it nothing was understood."
    )
    margin: float = setting(
        0.04,
        Number(0, 1),
        "How far its chance must be ahead of the second guess's for the best one to be acted on.",
    )


@dataclass(frozen=True, slots=True)
class Carriers:
    """Who knows where the parcels are."""

    source: Literal["stored", "kuaidi100"] = setting(
        "stored",
        Choice(("stored", "kuaidi100")),
        "stored: only what was imported. kuaidi100: the query service of 快递100; needs KUAIDI100_CUSTOMER and "
        "KUAIDI100_KEY.",
    )
    timeout_seconds: float = setting(
        3.0, Number(0.1, 30), "How long a buyer waits for a carrier before older news are told."
    )
    keep_minutes: int = setting(
        30,
        Whole(0, 1440),
        "How long an answer is told again before the carrier is asked again. 快递100 locks a parcel that is asked for "
        "more often than every half hour.",
    )
    base_url: str = setting("https://poll.kuaidi100.com", Url(_HTTP), "Root of the query service of 快递100.")


@dataclass(frozen=True, slots=True)
class Log:
    """What the program says of itself; never names, phone numbers or what buyers wrote."""

    level: Literal["debug", "info", "warning", "error"] = setting(
        "info",
        Choice(("debug", "info", "warning", "error")),
        "The least important lines still written: debug, info, warning or error.",
    )
    format: Literal["text", "json"] = setting(
        "text", Choice(("text", "json")), "text: for people. json: one object a line, for machines."
    )
