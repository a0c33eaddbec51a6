"""The double of the Bot API is as strict as the original: what a buyer and a bot say to each other."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
)

from tests.doubles.bot_api import BotApi, Group, NoSuchButton, NotHeard, User
from tests.doubles.bot_api.media import TINY_PICTURE
from tests.doubles.clients import STAFF, Clock, keyboard


class TestConversation:
    async def test_a_buyer_asks_and_hears_the_answer(self, api: BotApi, bot: Bot, buyer: User) -> None:
        await buyer.says("我的快递到哪了")

        updates = await bot.get_updates()
        message = updates[-1].message
        assert message
        assert message.text
        assert message.from_user
        await bot.send_message(message.chat_id, f"{message.from_user.first_name}, 在路上")

        assert (await buyer.hears("在路上")).text == "小林, 在路上"
        assert not api.violations

    async def test_commands_are_marked_as_entities(self, bot: Bot, buyer: User) -> None:
        await buyer.commands("/start payload")

        *_, update = await bot.get_updates()
        assert update.message
        assert update.message.parse_entities() == {
            MessageEntity(type="bot_command", offset=0, length=6): "/start"
        }

    async def test_hears_returns_each_message_once_in_order(self, bot: Bot, buyer: User) -> None:
        for text in ("one", "two", "three", "four"):
            await bot.send_message(42, text)

        assert (await buyer.hears()).text == "one"
        assert [message.text for message in await buyer.hears(n=2)] == ["two", "three"]
        assert [message.text for message in buyer.unheard()] == ["four"]

    async def test_what_is_not_said_shows_the_chat(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "你好", reply_markup=keyboard("退款"))

        with pytest.raises(NotHeard, match=r"#2 bot: 你好 \[退款\]"):
            await buyer.hears("再见", timeout=0.01)

    async def test_a_tap_reaches_the_bot_and_is_answered(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "要退款吗？", reply_markup=keyboard("要", "不要"))
        tap = await buyer.taps("要")

        *_, update = await bot.get_updates()
        assert update.callback_query
        assert update.callback_query.data == "do:要"
        await update.callback_query.answer("好的", show_alert=True)
        await update.callback_query.edit_message_text("已申请")

        await tap.answered()
        assert (tap.text, tap.alert) == ("好的", True)
        assert (await buyer.sees("已申请")).labels == []

    async def test_a_button_that_is_not_there_cannot_be_tapped(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "要退款吗？", reply_markup=keyboard("要"))

        with pytest.raises(NoSuchButton, match='no button "退货"; visible: "要" on #2'):
            await buyer.taps("退货")

    async def test_the_newest_button_of_a_label_is_tapped(self, bot: Bot, buyer: User) -> None:
        await bot.send_message(42, "old", reply_markup=keyboard("ok"))
        new = await bot.send_message(42, "new", reply_markup=keyboard("ok"))

        assert (await buyer.taps("ok")).message.id == new.message_id

    async def test_the_reply_keyboard_shares_the_own_contact(self, bot: Bot, buyer: User) -> None:
        keys = ReplyKeyboardMarkup([[KeyboardButton("手机号", request_contact=True)], ["算了"]])
        await bot.send_message(42, "怎么联系您？", reply_markup=keys)
        await buyer.presses("手机号")
        await buyer.presses("算了")

        *_, contact, text = await bot.get_updates()
        assert contact.message
        assert contact.message.contact
        assert contact.message.contact.user_id == 42
        assert text.message
        assert text.message.text == "算了"

    async def test_an_album_is_as_many_updates_with_one_group(self, bot: Bot, buyer: User) -> None:
        await buyer.sends_album(3, caption="破损")

        _, *parts = [update.message for update in await bot.get_updates()]
        assert [part.caption for part in parts if part] == ["破损", None, None]
        assert len({part.media_group_id for part in parts if part}) == 1

    async def test_all_kinds_of_messages_arrive_readable(self, bot: Bot, buyer: User) -> None:
        await buyer.sends_document()
        await buyer.sends_voice()
        await buyer.sends_sticker()
        await buyer.sends_location()
        await buyer.sends_video("看这里")
        await buyer.shares_contact("+8613800000000", own=False)

        _, *parts = [update.message for update in await bot.get_updates()]
        assert all(part and part.effective_attachment for part in parts)
        assert len(parts) == 6

    async def test_edits_reach_the_bot_and_deletions_do_not(self, api: BotApi, bot: Bot, buyer: User) -> None:
        message = await buyer.says("订单 123")
        await buyer.edits(message, "订单 124")
        await buyer.deletes(message)

        *_, said, edited = await bot.get_updates()
        assert said.message
        assert said.message.text == "订单 123"
        assert edited.edited_message
        assert edited.edited_message.text == "订单 124"
        assert message not in api.chat(42).messages

    async def test_a_photo_can_be_downloaded(self, bot: Bot, buyer: User, clock: Clock) -> None:
        message = await buyer.sends_photo(content=TINY_PICTURE)

        file = await bot.get_file(message.file_id)
        assert bytes(await file.download_as_bytearray()) == TINY_PICTURE
        clock.moves(3601)
        with pytest.raises(InvalidToken):
            await file.download_as_bytearray()


class TestSending:
    async def test_users_must_write_first_and_may_block(self, api: BotApi, bot: Bot) -> None:
        stranger = api.user(5)
        with pytest.raises(Forbidden, match=r"(?i)bot can't initiate conversation with a user"):
            await bot.send_message(5, "hi")

        await stranger.says("hi")
        await bot.send_message(5, "hi")
        await stranger.blocks_bot()
        with pytest.raises(Forbidden, match=r"(?i)bot was blocked by the user"):
            await bot.send_message(5, "hi")

        await stranger.unblocks_bot()
        await bot.send_message(5, "hi")
        changes = [u.my_chat_member for u in await bot.get_updates() if u.my_chat_member]
        assert [str(change.new_chat_member.status) for change in changes] == ["kicked", "member"]

    async def test_files_are_uploaded_and_sent_again(self, bot: Bot, buyer: User) -> None:
        sent = await bot.send_photo(42, TINY_PICTURE, caption="<b>x</b>", parse_mode="HTML")
        again = await bot.send_photo(42, sent.photo[-1].file_id)

        assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
        with pytest.raises(BadRequest, match=r"(?i)can't use file of type photo as document"):
            await bot.send_document(42, sent.photo[-1].file_id)
        with pytest.raises(BadRequest, match=r"[Ww]rong file identifier"):
            await bot.send_photo(42, "AgAC")

    async def test_every_kind_of_file(self, api: BotApi, bot: Bot, buyer: User) -> None:
        await bot.send_document(42, b"%PDF", filename="label.pdf", caption="退货标签")
        await bot.send_video(42, b"video")
        await bot.send_voice(42, b"OggS")
        await bot.send_sticker(42, b"RIFF")

        assert [m.media for m in await buyer.hears(n=4)] == ["document", "video", "voice", "sticker"]
        assert not api.violations

    async def test_files_must_be_files(self, bot: Bot, buyer: User) -> None:
        with pytest.raises(BadRequest, match=r"(?i)file must be non-empty"):
            await bot.send_document(42, b"")
        with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
            await bot.send_photo(42, b"no picture")
        with pytest.raises(BadRequest, match=r"(?i)message caption is too long"):
            await bot.send_photo(42, TINY_PICTURE, caption="x" * 1025)

    async def test_albums(self, api: BotApi, bot: Bot, buyer: User) -> None:
        photos = [InputMediaPhoto(TINY_PICTURE, caption=str(number)) for number in range(3)]
        sent = await bot.send_media_group(42, photos)

        assert len({message.media_group_id for message in sent}) == 1
        assert [message.text for message in await buyer.hears(n=3)] == ["0", "1", "2"]
        wrong: list[list[InputMediaPhoto | InputMediaDocument]] = [
            [photos[0]],
            [*photos * 4],
            [photos[0], InputMediaDocument(b"x")],
        ]
        for media in wrong:
            with pytest.raises(BadRequest):
                await bot.send_media_group(42, media)
        assert len(api.violations) == 3

    async def test_copies_keep_albums_and_skip_what_is_gone(
        self, api: BotApi, bot: Bot, buyer: User, group: Group
    ) -> None:
        album = [message.id for message in await buyer.sends_album(2)]
        copies = await bot.copy_messages(STAFF, 42, [*album, 999])

        copied = [group.find(copy.message_id) for copy in copies]
        albums = {message.album for message in copied if message}
        assert len(copies) == 2
        assert len(albums) == 1
        with pytest.raises(BadRequest, match="strictly increasing"):
            await bot.copy_messages(STAFF, 42, list(reversed(album)))

    async def test_a_copy_has_no_author_and_a_forward_has(self, bot: Bot, buyer: User, group: Group) -> None:
        message = await buyer.says("你好")
        copy = await bot.copy_message(STAFF, 42, message.id)
        forward = await bot.forward_message(STAFF, 42, message.id)

        copied = group.find(copy.message_id)
        assert copied
        assert copied.text == "你好"
        assert "forward_origin" not in copied.raw
        assert forward.forward_origin
        with pytest.raises(BadRequest, match=r"(?i)message to copy not found"):
            await bot.copy_message(STAFF, 42, 999)

    async def test_editing(self, api: BotApi, bot: Bot, buyer: User) -> None:
        sent = await bot.send_message(42, "a", reply_markup=keyboard("x"))
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await sent.edit_text("a", reply_markup=keyboard("x"))
        with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
            await sent.edit_reply_markup(keyboard("x"))
        await sent.edit_text("b")
        with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
            await bot.edit_message_text("c", 42, 1)
        with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
            await bot.edit_message_text("c", 42, 999)

        (standing,) = [message for message in api.chat(42).messages if message.from_bot]
        assert (standing.text, standing.labels, standing.edited) == ("b", [], True)

    async def test_deleting(self, api: BotApi, bot: Bot, buyer: User, clock: Clock) -> None:
        first = await bot.send_message(42, "a")
        late = await bot.send_message(42, "b")
        assert await first.delete()
        with pytest.raises(BadRequest, match=r"(?i)message to delete not found"):
            await first.delete()
        clock.moves(48 * 3600 + 1)
        with pytest.raises(BadRequest, match=r"(?i)message can't be deleted"):
            await late.delete()

        assert [message.text for message in api.chat(42).messages] == ["/start", "b"]

    async def test_replies(self, api: BotApi, bot: Bot, buyer: User) -> None:
        question = await buyer.says("?")
        await bot.send_message(42, "!", reply_to_message_id=question.id)
        assert (await buyer.hears()).reply_to == question.id
        with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
            await bot.send_message(42, "!", reply_to_message_id=999)
        await bot.send_message(42, "!", reply_to_message_id=999, allow_sending_without_reply=True)

    async def test_reactions_actions_and_pins(self, api: BotApi, bot: Bot, buyer: User) -> None:
        message = await buyer.says("thanks")
        await bot.set_message_reaction(42, message.id, "👍")
        with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
            await bot.set_message_reaction(42, message.id, ReactionTypeEmoji("🧦"))
        assert await bot.send_chat_action(42, "typing")
        with pytest.raises(BadRequest, match=r"(?i)wrong parameter action"):
            await bot.send_chat_action(42, "dancing")
        assert await bot.pin_chat_message(42, message.id)

        assert message.pinned
        assert message.reactions == [{"type": "emoji", "emoji": "👍"}]
        notices = [one for one in buyer.chat.messages if "pinned_message" in one.raw]
        assert await bot.pin_chat_message(42, message.id)
        assert len(notices) == 1, "once"
        await buyer.blocks_bot()
        with pytest.raises(Forbidden, match="blocked"):
            await bot.set_message_reaction(42, message.id, "👎")

    async def test_round_videos_are_a_kind_of_their_own(self, api: BotApi, bot: Bot, buyer: User) -> None:
        note = await buyer.sends_video_note()
        told = (await bot.get_updates())[-1].message
        assert told
        assert told.video_note
        assert told.video_note.length == 240
        sent = await bot.send_video_note(42, note.file_id)
        assert sent.video_note
        with pytest.raises(BadRequest, match=r"(?i)can't use file of type videonote as video"):
            await bot.send_video(42, note.file_id)

    async def test_an_app_that_lags_behind_taps_what_is_no_longer_shown(
        self, api: BotApi, bot: Bot, buyer: User
    ) -> None:
        await buyer.says("hi")
        sent = await bot.send_message(42, "old", reply_markup=keyboard("a"))
        (shown,) = [one for one in buyer.chat.messages if one.id == sent.message_id]
        await bot.edit_message_text("new", 42, sent.message_id)
        await buyer.forges("a", shown)
        tap = (await bot.get_updates())[-1].callback_query
        assert tap
        assert tap.data == "a"
        assert tap.message
        assert tap.message.message_id == sent.message_id
