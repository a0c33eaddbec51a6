"""The store, as the pipeline needs it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.domain.audit import Deed
from bot.domain.cases import Case, Entry
from bot.domain.conversation import Conversation
from bot.domain.feedback import Score
from bot.domain.files import Filed
from bot.domain.money import Money
from bot.domain.orders import Order, Parcel
from bot.domain.refunds import LedgerLine, Refund, RefundState
from bot.domain.routing import Colleague
from bot.domain.spoken import Spoken
from bot.domain.staff import Staff, StaffRole
from bot.domain.watch import Attendance
from bot.pipeline.accounts import Credentials, SignedIn
from bot.pipeline.arrivals import Arrival, Claimed, InboxRow
from bot.pipeline.buyers import Buyer, Erased, Stored, UnderWay
from bot.pipeline.chats import Topic
from bot.pipeline.deliveries import Delivery, Sent, Settled
from bot.pipeline.fetching import Fetched, ToFetch
from bot.pipeline.keeping import Over, Page, Rule
from bot.pipeline.looks import Depths, Hit, Past, Shunted, Status, Waiting
from bot.pipeline.turns import Known, Line, Outturn

T = TypeVar("T")


class Unit(Protocol):
    """One open transaction. Every method is synchronous and plain SQL; nothing here waits for anything but the database."""

    # intake
    def receive(self, arrivals: Iterable[Arrival], now: datetime) -> tuple[int, ...]:
        """Store what is new; returns the ids of these rows."""
        ...

    def received(self, channel: str, origins: Iterable[str]) -> bool:
        """True when any of these is stored already."""
        ...

    def conversation_at(self, channel: str, address: str, now: datetime, name: str = "") -> Conversation:
        """The conversation of that address, begun when there is none."""
        ...

    # worker
    def claim(self, now: datetime, limit: int, skip: frozenset[int]) -> list[Claimed]:
        """Conversations whose oldest open row is due, locked for this transaction, with their due rows."""
        ...

    def strays(self, limit: int) -> list[InboxRow]:
        """Due rows that belong to no conversation: nobody can be answered, but each is looked at."""
        ...

    def finish(self, rows: Iterable[InboxRow], now: datetime) -> None:
        """Mark rows done that come to nothing."""
        ...

    def known(self, conversation_ids: Iterable[int]) -> dict[int, Known]: ...
    def order(self, number: str) -> Order | None:
        """Any order, whoever's: only to compare a proof with."""
        ...

    def orders_by_phone(self, phone: str) -> tuple[Order, ...]: ...
    def queue_length(self) -> int: ...
    def buttons(self, conversation_id: int) -> list[tuple[str, str]]:
        """Buttons shown lately in this conversation as (label, payload), newest line first."""
        ...

    def commit(self, turns: Sequence[Outturn], now: datetime) -> None: ...
    def postpone(self, rows: Iterable[InboxRow], until: datetime, error: str) -> None: ...
    def shunt(self, rows: Iterable[InboxRow], error: str) -> None: ...

    # sender
    def lease(self, now: datetime, channels: Iterable[str], limit: int, holder: int = 0) -> list[Delivery]:
        """The oldest open row of each reader, when it is due, held by the process of that number until it is settled."""
        ...

    def settle(self, settled: Iterable[Settled], now: datetime) -> None: ...
    def release_leases(self, now: datetime, *, everyone: bool, holders: Collection[int] = ()) -> int:
        """Rows left in ``sending`` by a killed process go back to the queue, counted as uncertain.

        `everyone`: no other process can be sending; otherwise only leases that ran out, and those of these processes.
        """
        ...

    def bring_forward(self, now: datetime, beyond: timedelta) -> int:
        """Messages, replies and files that wait to be tried later than that from now are tried now; how many."""
        ...

    def holders_gone(self) -> frozenset[int]:
        """Numbers under which rows are held, by processes that are gone."""
        ...

    def sent_since(self, moment: datetime, now: datetime) -> list[Sent]:
        """The messages that went out after that moment, oldest first; what is on its way counts as sent now."""
        ...

    # chats
    def topic(self, conversation_id: int) -> Topic | None:
        """How the conversation's topic in the staff group looks; None when it has none."""
        ...

    def last_card(self, conversation_id: int) -> Delivery | None:
        """The card of the conversation as it was posted last."""
        ...

    def put_topic(self, conversation_id: int, topic: Topic) -> None: ...
    def copies(self, conversation_id: int, channel: str, of: Iterable[str] = (), key: str = "") -> list[str]:
        """The shop's own messages in that chat which carry these messages of the other, or were sent by this key."""
        ...

    def carried(self, conversation_id: int, channel: str, ref: str) -> list[str]:
        """What that message carries over: messages of the other chat."""
        ...

    def twin(self, conversation_id: int, channel: str, mark: str) -> str:
        """The message of that chat which stands for this one of the other, whoever wrote it; empty when there is none."""
        ...

    # files
    def lease_files(
        self, now: datetime, origins: Iterable[str], limit: int, holder: int = 0
    ) -> list[ToFetch]:
        """Files that are due to be fetched from these channels; nobody else is given them for some minutes, unless the process
        of that number is gone."""
        ...

    def release_files(self, now: datetime, holders: Collection[int] | None = None) -> int:
        """Files a killed process was fetching are due at once: those of these processes; without them, everybody's, where no
        other process can be fetching."""
        ...

    def settle_file(self, fetched: Fetched) -> None: ...
    def filed(self, conversation_id: int) -> dict[str, Filed]:
        """Every file of a conversation that was or is to be fetched, by ref."""
        ...

    # deadlines
    def fire(self, now: datetime) -> int:
        """Put each deadline that came due into its conversation's inbox, in order; returns how many."""
        ...

    # looking
    def conversation(self, conversation_id: int) -> Conversation | None: ...
    def find_conversation(self, channel: str, address: str) -> Conversation | None:
        """The conversation of that address; None when nothing came from there yet."""
        ...

    def transcript(self, conversation_id: int, after: int = 0, limit: int = 200) -> list[Line]: ...
    def taken_back(self, conversation_id: int) -> list[int]:
        """Lines that an agent took back, by their ids."""
        ...

    def spoken(self, conversation_id: int, limit: int) -> tuple[Spoken, ...]:
        """The newest lines, oldest first, as an agent looks back at them."""
        ...

    def overheard(self, limit: int = 50_000) -> dict[int, list[Line]]:
        """The newest lines of all conversations but what only the desk read, conversation by conversation, oldest first;
        without what became of those that were sent."""
        ...

    def waiting(self, limit: int = 100) -> list[Waiting]:
        """Conversations for the agents: flagged ones most urgent and longest waiting first, then those whose case waits
        for the shop, soonest deadline first, then held ones, then the newest others."""
        ...

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Conversations by a case's or an order's number, a phone's end, a buyer's name, words in messages: the surest first,
        each conversation once for each kind."""
        ...

    def past(self, conversation_id: int, orders_of: tuple[str, ...], cases_of: tuple[str, ...]) -> Past:
        """What else is known of the buyer with these orders and cases."""
        ...

    def cases(self, conversation_id: int) -> list[Case]: ...
    def case(self, number: str) -> Case | None:
        """Any case, whoever's; None when there is none with this number."""
        ...

    def all_cases(self, *, ended: bool, limit: int = 200) -> list[Case]:
        """Open cases by deadline, soonest first; with those that have ended behind them, newest first."""
        ...

    def history(self, case_number: str) -> list[Entry]: ...
    def score(self, case_number: str) -> Score | None:
        """How well the buyer of a case was served; None while they have not said."""
        ...

    def status(self) -> Status: ...
    def depths(self) -> Depths:
        """How the queues stand, told from indexes alone: its price grows with what waits, not with what there is."""
        ...

    def shunted(self) -> list[Shunted]: ...
    def unshunt(self, row_id: int, now: datetime) -> bool:
        """Back into the inbox for another try; False when there is no such row."""
        ...

    def drop_shunted(self, row_id: int) -> bool: ...

    # money
    def refund(self, key: str) -> tuple[Refund, int] | None:
        """Any refund, with the conversation its news belong to."""
        ...

    def refunds_of(self, case_number: str) -> list[Refund]:
        """The money of a case, first ordered first."""
        ...

    def ordered(self, order: str) -> int | None:
        """The conversation an order to pay belongs to; None when there was none of that key."""
        ...

    def refunds(self, state: RefundState | None = None, order: str = "") -> list[Refund]:
        """All, or those of a state, or about one order; oldest first."""
        ...

    def ledger(self, order_number: str = "") -> list[LedgerLine]:
        """Every line, or those about one order; oldest first."""
        ...

    def paid(self, order_numbers: Iterable[str]) -> dict[str, Money]:
        """What was paid for each order."""
        ...

    # who works here
    def staff_of(self, account: str) -> Staff | None:
        """Whose account that is, such as ``staff:7`` or ``telegram:4242``; None when it is nobody's."""
        ...

    def staff_named(self, name: str) -> bool:
        """True when somebody who has an account goes by that name, in whatever letters."""
        ...

    def staffed(self) -> bool:
        """True when anybody has an account."""
        ...

    def people(self) -> list[Credentials]: ...
    def credentials(self, login: str) -> Credentials | None: ...
    def invited(self, invitation: str) -> Credentials | None: ...
    def vouched(self, subject: str) -> Credentials | None: ...
    def with_email(self, email: str) -> Credentials | None: ...
    def add_staff(self, login: str, name: str, role: StaffRole, now: datetime) -> Staff:
        """A new account, with no way to sign in yet; AccountError when login or name is taken."""
        ...

    def set_role(self, number: int, role: StaffRole) -> None: ...
    def set_telegram(self, number: int, telegram: int | None) -> None: ...
    def set_email(self, number: int, email: str) -> None:
        """What an OIDC provider knows them by, next time: who they were there is forgotten."""
        ...

    def set_subject(self, number: int, subject: str) -> bool:
        """Note who they are at the OIDC provider; False when that was known already."""
        ...

    def set_service(self, number: int, languages: tuple[str, ...], capacity: int | None) -> None: ...
    def set_away(self, number: int, *, away: bool) -> None: ...
    def seen(self, numbers: Iterable[int], now: datetime) -> None:
        """They showed that they are there."""
        ...

    def colleagues(self) -> tuple[Colleague, ...]: ...
    def route(self, now: datetime, wished: Attendance) -> int:
        """Put what may be given to an agent, or was left by one, before the worker; returns how many rows that were."""
        ...

    def disable(self, number: int, now: datetime | None) -> None:
        """Let them do nothing any more, and end their sessions; None: let them again."""
        ...

    def invite(self, number: int, invitation: str, until: datetime) -> None: ...
    def set_password(self, number: int, password: str) -> None: ...
    def redeem(self, invitation: str, password: str) -> bool:
        """Keep the hash of the password an invitation was for; False when it was used meanwhile."""
        ...

    def set_second(self, number: int, nonce: str) -> None: ...
    def use_second(self, number: int, step: int) -> bool:
        """Note the step of a code; False when it, or a later one, was taken already."""
        ...

    def open_session(
        self, token: str, number: int, how: str, browser: str, now: datetime, until: datetime
    ) -> int: ...
    def session(self, token: str, now: datetime) -> SignedIn | None: ...
    def sessions_open(self, numbers: Iterable[int], now: datetime) -> set[int]: ...
    def sessions_of(self, number: int, now: datetime) -> list[SignedIn]: ...
    def touch_session(self, number: int, now: datetime) -> None: ...
    def end_sessions(
        self,
        number: int,
        now: datetime,
        *,
        only: int | None = None,
        besides: int | None = None,
        how: str = "",
    ) -> int:
        """Sign them out everywhere, at one browser, everywhere else, or wherever they came in this way; returns at how many
        that was."""
        ...

    def note_deeds(self, deeds: Iterable[Deed]) -> None: ...
    def deeds(
        self,
        account: str = "",
        conversation: int | None = None,
        subject: str = "",
        before: int | None = None,
        limit: int = 100,
    ) -> list[tuple[int, Deed]]:
        """What people did with its number, newest first."""
        ...

    # buyers as persons
    def buyers(self, who: str) -> list[Buyer]:
        """Everybody who may be meant by a conversation's or an order's number, a phone number or ``channel:address``."""
        ...

    def under_way(self, buyer: Buyer) -> UnderWay: ...
    def stored(self, conversation: Conversation) -> Stored: ...
    def erase_buyer(self, buyer: Buyer, now: datetime) -> Erased:
        """Take them out of all rows; their files are `discarded`, to be removed once this is committed."""
        ...

    def discarded(self) -> dict[str, datetime]:
        """Files of who was erased, by SHA-256, with when that was."""
        ...

    def settle_discarded(self, sha256: Iterable[str]) -> None: ...
    def kept_files(self) -> set[str]:
        """The SHA-256 of every file that anything refers to."""
        ...

    # what is over its time
    def over(self, rule: Rule, before: datetime) -> Over: ...
    def over_page(self, rule: Rule, before: datetime, after: int | str | None, limit: int) -> Page:
        """Those of the next `limit` rows behind that key."""
        ...

    def let_go(self, rule: Rule, keys: Sequence[int | str]) -> int:
        """Delete or empty these rows; returns how many those were."""
        ...

    # orders
    def erased_orders(self, numbers: Iterable[str]) -> frozenset[str]:
        """Those of these orders whose buyer was erased: they are taken without the person, and their parcels not at all."""
        ...

    def put_orders(self, orders: Iterable[Order]) -> tuple[int, int]:
        """Insert or update; returns (new, changed). Parcels are not touched."""
        ...

    def put_parcels(self, parcels: Iterable[Parcel]) -> tuple[int, int]: ...
    def link_order(self, order_number: str, conversation_id: int, how: str, now: datetime) -> None: ...


class Database(Protocol):
    """Runs jobs in transactions."""

    async def write(self, job: Callable[[Unit], T]) -> T:
        """Run the job and commit; jobs that wait at the same time may share one commit, each in its own savepoint."""
        ...

    async def write_alone(self, job: Callable[[Unit], T]) -> T:
        """Run the job in a transaction of its own."""
        ...

    async def read(self, job: Callable[[Unit], T]) -> T:
        """Run a job that only reads."""
        ...
