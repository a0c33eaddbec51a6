"""A buyer of whom something stands in every table, and another one beside them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.cases import Event, Role
from bot.domain.decision import LinkOrder
from bot.domain.feedback import Cause
from bot.domain.messages import Attachment, Medium
from bot.pipeline.arrivals import Arrival
from bot.pipeline.deliveries import STAFF
from bot.store.database import SqlDatabase
from tests.store.samples import HOUR, NOW, commits, moved, opened, order, outturn, parcel
from tests.stores import put

NAME, PHONE, TELEGRAM = "欧阳小满", "13911112222", "424242"
WORDS, PLACE, NOTE = "屏幕碎了", "文三路九号", "难缠"
SECRETS = (NAME, PHONE, TELEGRAM, WORDS, PLACE, NOTE)
"""What may be found nowhere once she is erased."""
PAYMENT = "2026112522001"
"""A payment's own number, as the bank has it."""
BOB = ("王大明", "13733334444", "777000", "我的快递")
"""What has to be there as before."""
SHARED, HERS, BOTS = (hashlib.sha256(content).hexdigest() for content in (b"both", b"hers", b"guide"))
UPLOAD = Attachment(Medium.PHOTO, f"file:{HERS}", f"{NAME}.png")


def update(number: int, chat: str, text: str) -> Arrival:
    """What Telegram brings."""
    message = {
        "message_id": number,
        "chat": {"id": int(chat), "type": "private"},
        "from": {"id": int(chat), "first_name": NAME if chat == TELEGRAM else BOB[0]},
        "text": text,
    }
    payload = {"update_id": number, "message": message}
    return Arrival("telegram", f"update:{number}", payload, chat)


async def two_buyers(database: SqlDatabase, *, ended: bool = True) -> tuple[int, int, int]:
    """Her conversations on Telegram and on the web, and Bob's; her case is over, and paid, unless told otherwise."""
    mine = replace(order("A1", 5_990), buyer_name=NAME, phone=PHONE)
    more = replace(order("A9", 100), buyer_name=NAME, phone=PHONE)
    bobs = replace(order("B1", 5_990), buyer_name=BOB[0], phone=BOB[1])
    await database.write(lambda unit: unit.put_orders([mine, more, bobs]))
    scanned = parcel("SF7", "A1")
    named = replace(scanned, events=(replace(scanned.events[0], text=f"{NAME} {PHONE} 已签收"),))
    await database.write(lambda unit: unit.put_parcels([named, parcel("SF8", "B1")]))
    await database.write(
        lambda unit: unit.receive([update(1, TELEGRAM, WORDS), update(2, BOB[2], BOB[3])], NOW)
    )
    talk = await database.write(lambda unit: unit.conversation_at("telegram", TELEGRAM, NOW))
    web = await database.write(lambda unit: unit.conversation_at("web", "her-browser", NOW, NAME))
    bob = await database.write(lambda unit: unit.conversation_at("telegram", BOB[2], NOW))
    named_talk = replace(talk, name=NAME, personal=(PLACE,), about="A1", language="zh")
    born = opened(talk.id, "R1", "A1")
    case = replace(born.outcome.case, subject=WORDS, evidence=(UPLOAD,))
    entry = replace(born.outcome.entry, act=replace(born.outcome.entry.act, evidence=(UPLOAD,)), born=case)
    told = replace(born, outcome=replace(born.outcome, case=case, entry=entry))
    turns = [
        outturn(talk, LinkOrder("A1", "phone"), told, after=named_talk, said=(f"{NAME} 您好",), key="her"),
        outturn(web, LinkOrder("A1", "link"), said=(WORDS,), key="web"),
        outturn(bob, LinkOrder("B1", "phone"), opened(bob.id, "R2", "B1"), said=(BOB[3],), key="bob"),
    ]
    await database.write(commits(*turns))
    if ended:
        refused = moved(case, Event.REFUSE, Role.AGENT, why=f"{NAME}：照片不清")
        revoked = moved(refused.outcome.case, Event.REVOKE, Role.BUYER)
        await database.write(commits(outturn(named_talk, refused, after=named_talk)))
        await database.write(commits(outturn(named_talk, revoked, after=named_talk)))
    await _everything_else(database, talk.id, bob.id, state="done" if ended else "sent")
    return talk.id, web.id, bob.id


async def _everything_else(database: SqlDatabase, hers: int, bob: int, *, state: str) -> None:
    paid: dict[str, Any] = {"amount": 5_990, "currency": "CNY"}
    due = {"due_at": NOW + HOUR}
    await put(
        database, "refunds", key="refund:R1", case_number="R1", order_number="A1", state=state,
        reference=f"alipay {PHONE}", problem=f"{NAME} closed", created_at=NOW, **paid,
    )  # fmt: skip
    await put(
        database, "refunds", key="refund:R1:freight", case_number="R1", order_number="A1", state="done", purpose="freight",
        reference=PAYMENT, created_at=NOW, **paid,
    )  # fmt: skip
    moves = {"event": "create", "start": "", "end": state, "reference": f"to {NAME}", "why": NOTE}
    await put(database, "ledger", key="refund:R1", version=1, at=NOW, who="Mia", **moves, **paid)
    order_to_pay: dict[str, Any] = {"text": "{}", "buttons": [], "attachments": [], "manner": None}
    going = {"conversation_id": hers, "created_at": NOW, **due}
    await put(
        database,
        "outbox",
        channel="payout",
        address="refund:R1",
        key="refund:R1",
        payload=order_to_pay,
        **going,
    )
    card = {**order_to_pay, "text": f"{NAME} {WORDS}"}
    await put(database, "outbox", channel=STAFF, address=str(hers), key="card", payload=card, **going)
    await put(database, "copies", conversation_id=hers, channel=STAFF, ref="70", source="7", key="her:0")
    await put(database, "topics", conversation_id=hers, thread=55, name=NAME, closed=False)
    said = {"buttons": [], "at": NOW}
    photo = [{"medium": "photo", "ref": f"file:{HERS}", "name": NAME, "size": 4, "album": ""}]
    await put(database, "lines", conversation_id=hers, who="buyer", text=WORDS, attachments=photo, **said)
    await put(database, "lines", conversation_id=hers, who="note", text=NOTE, attachments=[], **said)
    guide = [{**photo[0], "ref": f"file:{BOTS}", "name": ""}]
    await put(database, "lines", conversation_id=hers, who="bot", text="图", attachments=guide, **said)
    kept = {
        "origin": "telegram",
        "medium": "photo",
        "size": 4,
        "album": "",
        "state": "kept",
        "sha256": SHARED,
    }
    for number, name in ((hers, NAME), (bob, "")):
        await put(
            database,
            "files",
            conversation_id=number,
            ref="telegram:p",
            name=name,
            received_at=NOW,
            **due,
            **kept,
        )
    await put(
        database,
        "feedback",
        conversation_id=hers,
        order_number="A1",
        sku="S1",
        cause=Cause.SIZE.value,
        words=WORDS,
        at=NOW,
    )
    await put(database, "scores", case_number="R1", score=2, words=WORDS, at=NOW)
    did = {"account": "staff:1", "name": "Mia", "act": "refuse", "outcome": "done", "before": {}, "after": {}}
    await put(database, "audit", at=NOW, conversation_id=hers, subject=PHONE, **did)
    await put(database, "audit", at=NOW, conversation_id=hers, subject="R1", **did)
    came = {"received_at": NOW, "due_at": NOW}
    stray = {"message": {"chat": {"id": -5, "type": "group"}, "from": {"id": int(TELEGRAM)}, "text": WORDS}}
    await put(database, "inbox", channel="telegram", origin="update:3", payload=stray, state="done", **came)
    shelf = {"payload": {"text": WORDS}, "state": "shunted", "error": f"ValueError: {WORDS}"}
    await put(database, "inbox", channel="web", origin="web:4", conversation_id=hers, **shelf, **came)
    alarm = f"talk:{hers}:answer_late@20261125"
    await put(database, "deadlines", key=alarm, version=0, kind="answer_late", conversation_id=hers, **due)


async def erased(database: SqlDatabase, who: str, now: datetime = NOW + 2 * HOUR) -> Any:
    """Erase whoever that is."""

    def job(unit: Any) -> Any:
        [one] = unit.buyers(who)
        return unit.erase_buyer(one, now)

    return await database.write_alone(job)
