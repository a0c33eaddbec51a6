"""Files to be fetched are rows: written with their message, leased to one fetcher, and settled once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.conversation import Conversation
from bot.domain.files import FileState
from bot.domain.messages import Attachment, Medium, Speaker
from bot.errors import StoreError
from bot.pipeline.arrivals import InboxRow
from bot.pipeline.fetching import Fetched, ToFetch
from bot.pipeline.turns import Line, Outturn
from bot.store import schema
from bot.store.database import SqlDatabase
from bot.store.filing import LEASE
from tests.store.samples import NOW, claim, message, receive, talk
from tests.stores import everything, put_then, rows

PHOTO = Attachment(Medium.PHOTO, "telegram:AgAC1", "", 900, "album-1")
OTHER = Attachment(Medium.DOCUMENT, "telegram:BQAC2", "收据.pdf", 80)
OURS = Attachment(Medium.PHOTO, f"file:{'0' * 64}", "box.png", 9)
PLACE = Attachment(Medium.LOCATION, "", "31.23,121.47")
SHA = "ab" * 32


def sent(conversation: Conversation, *files: Attachment, rows: tuple[InboxRow, ...] = ()) -> Outturn:
    return Outturn(rows, conversation, conversation, lines=(Line(Speaker.BUYER, "", NOW, attachments=files),))


async def commit(database: SqlDatabase, *turns: Outturn) -> None:
    await database.write_alone(lambda unit: unit.commit(turns, NOW))


async def lease(database: SqlDatabase, at: timedelta = timedelta(), limit: int = 10) -> list[ToFetch]:
    return await database.write_alone(lambda unit: unit.lease_files(NOW + at, ["telegram"], limit))


async def settle(database: SqlDatabase, fetched: Fetched) -> None:
    await database.write(lambda unit: unit.settle_file(fetched))


async def test_what_only_the_messenger_has_is_to_be_fetched_and_nothing_else(database: SqlDatabase) -> None:
    ann = await talk(database)
    await commit(database, sent(ann, PHOTO, OURS, PLACE, OTHER))
    assert [(file.ref, file.conversation_id, file.size) for file in await lease(database)] == [
        (PHOTO.ref, ann.id, 900),
        (OTHER.ref, ann.id, 80),
    ]
    filed = await database.read(lambda unit: unit.filed(ann.id))
    assert [one.attachment for one in filed.values()] == [PHOTO, OTHER]
    assert {one.received_at for one in filed.values()} == {NOW}


async def test_a_message_whose_turn_is_rolled_back_leaves_no_file_behind(database: SqlDatabase) -> None:
    await receive(database, message("看", 1))
    [claimed] = await claim(database)
    await commit(database, sent(claimed.conversation, rows=claimed.rows))
    before = await everything(database)
    with pytest.raises(StoreError):
        await commit(database, sent(claimed.conversation, PHOTO, rows=claimed.rows))
    assert await everything(database) == before


async def test_the_same_file_again_is_one_row_in_its_conversation(database: SqlDatabase) -> None:
    ann, bob = await talk(database), await talk(database, "bob")
    await commit(database, sent(ann, PHOTO), sent(ann, PHOTO), sent(bob, PHOTO))
    assert [row["conversation_id"] for row in await rows(database, "files")] == [ann.id, bob.id]


async def test_nobody_else_is_given_a_leased_file_until_the_lease_is_over(database: SqlDatabase) -> None:
    await commit(database, sent(await talk(database), PHOTO))
    [first] = await lease(database)
    assert await lease(database) == []
    assert await lease(database, LEASE - timedelta(seconds=1)) == []
    [again] = await lease(database, LEASE)
    assert (first.attempts, again.attempts) == (1, 2)


async def test_what_a_killed_process_was_fetching_is_due_at_once_and_what_waits_its_pause_is_not(
    database: SqlDatabase,
) -> None:
    await commit(database, sent(await talk(database), PHOTO, OTHER))
    [lost, paused] = await lease(database)
    retry = Fetched(paused.id, FileState.WAITING, error="no connection", retry_at=NOW + LEASE)
    await settle(database, retry)
    assert await database.write(lambda unit: unit.release_files(NOW)) == 1
    assert [file.id for file in await lease(database)] == [lost.id]


async def test_files_of_a_channel_that_is_not_served_wait(database: SqlDatabase) -> None:
    await commit(database, sent(await talk(database), PHOTO))
    assert await database.write_alone(lambda unit: unit.lease_files(NOW, [], 10)) == []
    assert (await database.read(lambda unit: unit.status())).files_waiting == 1


async def test_a_kept_file_is_known_by_its_content_and_stays_kept(database: SqlDatabase) -> None:
    ann = await talk(database)
    await commit(database, sent(ann, PHOTO))
    [file] = await lease(database)
    await settle(database, Fetched(file.id, FileState.KEPT, SHA, "image/png", 512))
    await settle(database, Fetched(file.id, FileState.GONE, error="late news of another fetcher"))
    [one] = (await database.read(lambda unit: unit.filed(ann.id))).values()
    assert (one.state, one.sha256, one.mime, one.size) == (FileState.KEPT, SHA, "image/png", 512)
    assert one.kept
    assert (one.kept.ref, one.kept.name) == (f"file:{SHA}", "photo-abababab.png")
    assert await lease(database, timedelta(days=1)) == []


async def test_a_fetch_to_be_tried_again_waits_for_its_time(database: SqlDatabase) -> None:
    await commit(database, sent(await talk(database), PHOTO))
    [file] = await lease(database)
    retry = Fetched(file.id, FileState.WAITING, error="no connection", retry_at=NOW + timedelta(seconds=30))
    await settle(database, retry)
    assert await lease(database, timedelta(seconds=29)) == []
    assert len(await lease(database, timedelta(seconds=30))) == 1


async def test_each_conversation_sees_its_own_files_only(database: SqlDatabase) -> None:
    ann, bob = await talk(database), await talk(database, "bob")
    await commit(database, sent(ann, PHOTO), sent(bob, OTHER))
    assert list(await database.read(lambda unit: unit.filed(bob.id))) == [OTHER.ref]


async def test_files_sent_before_they_were_fetched_are_fetched_after_the_upgrade(bare_address: str) -> None:
    async with SqlDatabase(bare_address) as database:
        await database._writer.runner.run(lambda connection: schema.upgrade(connection, "0005"))
        born = {"created_at": NOW, "updated_at": NOW}
        await put_then(database, "conversations", id=1, channel="telegram", address="7", state={}, **born)
        said = {"conversation_id": 1, "who": "buyer", "text": "", "buttons": [], "at": NOW}
        old = {"medium": "photo", "ref": PHOTO.ref, "name": "", "size": 900}
        await put_then(database, "lines", attachments=[old, {**old, "ref": OURS.ref}], **said)
        await put_then(database, "lines", attachments=[old], **said)
        await database.migrate()
        assert [(file.ref, file.size) for file in await lease(database)] == [(PHOTO.ref, 900)]
