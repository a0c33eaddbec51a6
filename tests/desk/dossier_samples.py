"""A case with everything a dossier shows, in a real store, written by people who try to break out of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.desk.dossier import Labels, Material, gather
from bot.domain.calendar import Calendar
from bot.domain.cases import Event, Role
from bot.domain.conversation import Conversation
from bot.domain.decision import LinkOrder, OpenCase
from bot.domain.files import FileState
from bot.domain.messages import Attachment, Medium, Speaker
from bot.domain.policy import Policy
from bot.pipeline.deliveries import Draft
from bot.pipeline.fetching import Fetched
from bot.pipeline.ports import Unit
from bot.pipeline.turns import Line, Outturn
from bot.store.database import SqlDatabase
from bot.store.files import FileStore
from tests.channels.web.house import words
from tests.store.samples import NOW, moved, opened, order, parcel, talk

EVIL = "\u202e</td></table><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7*7 }} \"'&"
PICTURE = b"\x89PNG\r\n\x1a\n a box"
PROGRAM = b"MZ\x90 <script>alert(3)</script>"
SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = Policy(Calendar(SHANGHAI), Calendar(SHANGHAI))
ALBUM = tuple(Attachment(Medium.PHOTO, f"telegram:A{n}", "", 9, "album-7") for n in range(3))
LYING = Attachment(Medium.DOCUMENT, "telegram:B1", "../../etc/<b>x</b>.jpg", 9)
FILM = Attachment(Medium.VIDEO, "telegram:C1", "", 30 << 20)
SECRET = "小王的秘密"
"""What another buyer says; it must never be read in this case's dossier."""


async def stocked(database: SqlDatabase, files: FileStore) -> Conversation:
    """Buyer, order, case R1 refused once, files in every state, and another buyer beside them."""
    ann, bob = await talk(database, "ann"), await talk(database, "bob")
    uploaded = await files.save(PICTURE + b" by web", "箱子.png", "image/png")
    fresh = opened(ann.id)
    case, entry = replace(fresh.outcome.case, evidence=ALBUM), fresh.outcome.entry
    told = replace(entry, act=replace(entry.act, evidence=ALBUM), born=case)
    given = OpenCase(replace(fresh.outcome, case=case, entry=told))
    refused = moved(case, Event.REFUSE, Role.AGENT, at=NOW + timedelta(hours=1), why=f"照片不清楚 {EVIL}")
    draft = Draft("web", "ann", "said", "hello")
    said = (
        _line(Speaker.BUYER, f"我要退款 {EVIL}", 0, files=ALBUM),
        _line(Speaker.BOT, "收到，<b>谢谢</b> &lt;3", 1, key="said", buttons=((f"好的 {EVIL}", "x|y|z"),)),
        _line(Speaker.SYSTEM, "内部备注：难缠", 2),
        _line(Speaker.NOTE, "内部备注：别再让步", 2),
        _line(Speaker.AGENT, "您好", 3, name=f"小周 {EVIL}"),
        _line(Speaker.BUYER, "", 4, files=(LYING, FILM, uploaded)),
        _line(Speaker.BUYER, "", 5, files=(Attachment(Medium.LOCATION, "", f"31.23,121.47 {EVIL}"),)),
    )
    other = opened(bob.id, "R2", "B2")
    await database.write(lambda unit: unit.put_orders([order(), order("B2")]))
    await database.write(lambda unit: unit.put_parcels([parcel(), parcel("YT9", "B2")]))
    turns = [
        Outturn((), ann, ann, (LinkOrder("A1", "phone"), given, refused), said, (draft,)),
        Outturn((), bob, bob, (other,), (_line(Speaker.BUYER, SECRET, 0, files=(_bobs(),)),)),
    ]
    await database.write_alone(lambda unit: unit.commit(turns, NOW))
    await _fetched(database, files)
    return ann


async def _fetched(database: SqlDatabase, files: FileStore) -> None:
    leased = await database.write_alone(lambda unit: unit.lease_files(NOW, ["telegram"], 99))
    for number, file in enumerate(leased):
        if file.ref == FILM.ref:
            outcome = Fetched(file.id, FileState.TOO_BIG, error="Telegram gives bots no file above 20 MB")
        else:
            content = PROGRAM if file.ref == LYING.ref else PICTURE + bytes([number])
            kept = await files.save(content, "", "")
            mime = "application/octet-stream" if file.ref == LYING.ref else "image/png"
            sha256 = kept.ref.removeprefix("file:")
            outcome = Fetched(file.id, FileState.KEPT, sha256, mime, len(content))
        await database.write(partial(_settle, outcome))


def _settle(outcome: Fetched, unit: Unit) -> None:
    unit.settle_file(outcome)


def _line(
    who: Speaker,
    text: str,
    minute: int,
    *,
    files: tuple[Attachment, ...] = (),
    key: str = "",
    name: str = "",
    buttons: tuple[tuple[str, str], ...] = (),
) -> Line:
    at = NOW + timedelta(minutes=minute)
    return Line(who, text, at, name, files, buttons, key=key)


def _bobs() -> Attachment:
    return Attachment(Medium.PHOTO, "telegram:BOB", f"{SECRET}.png", 9)


async def material_of(database: SqlDatabase, number: str = "R1") -> Material:
    found = await database.read(lambda unit: gather(unit, number, POLICY))
    assert found
    return found


def labels(language: str) -> Labels:
    return Labels(language, words, SHANGHAI)
