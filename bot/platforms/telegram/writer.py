"""Pages written to a chat: sent, turned into others, stripped of their buttons, deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import RetryAfter, TelegramError

from bot.platforms.telegram.faults import Fate, fate, pause
from bot.platforms.telegram.limiter import Limiter
from bot.platforms.telegram.view import Keys, Page
from bot.ports.chat import Delivery, Lane

PHOTO = "p"  # stands behind the id of a message that is a picture with a caption
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat, its topic, how urgent what goes there is, and whether it takes pictures."""

    chat: int
    thread: int | None = None
    lane: Lane = "answer"
    silent: bool = False
    pictures: bool = True

    @property
    def group(self) -> bool:
        return self.chat < 0


@dataclass(slots=True)
class Writer:
    """One page, one call, in its turn. A message's id is Telegram's, with PHOTO behind that of a picture."""

    bot: Bot
    limiter: Limiter
    me: str = ""

    async def turned(self, place: Place, shown: str, page: Page, delivery: Delivery) -> str:
        """One message turned into a page; anew where it is gone."""
        try:
            await self.limiter.turn(place.chat, group=place.group, lane=place.lane)
            with self._heeding(place):
                return await self._edited(place, shown, page)
        except TelegramError as error:
            match fate(error):
                case Fate.SAME:
                    return shown
                case Fate.GONE:
                    return await self.send(place, page, delivery)
                case _:
                    raise

    async def deleted(self, place: Place, shown: str) -> bool:
        """Whether it is deleted; False where it cannot be, or where it is not there."""
        try:
            with self._heeding(place):
                return await self.bot.delete_message(place.chat, number(shown))
        except TelegramError as error:
            if fate(error) is not Fate.GONE:
                raise
            return False

    async def strip(self, place: Place, shown: str) -> None:
        try:
            await self.limiter.turn(place.chat, group=place.group, lane=place.lane)
            with self._heeding(place):
                await self.bot.edit_message_reply_markup(place.chat, number(shown), reply_markup=None)
        except TelegramError as error:
            if fate(error) not in (Fate.GONE, Fate.SAME):
                raise

    async def send(self, place: Place, page: Page, delivery: Delivery) -> str:
        await self.limiter.turn(place.chat, group=place.group, lane=place.lane)
        await delivery.begin()
        with self._heeding(place):
            return await self._sent(place, page)

    async def _sent(self, place: Place, page: Page) -> str:
        if not isinstance(page.picture, bytes):
            sent = await self.bot.send_message(
                place.chat,
                page.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                disable_notification=place.silent or None,
                message_thread_id=place.thread,
                reply_markup=self._markup(page.keys),
            )
            return str(sent.message_id)
        sent = await self.bot.send_photo(
            place.chat,
            page.picture,
            caption=page.html or None,
            parse_mode=ParseMode.HTML,
            disable_notification=place.silent or None,
            message_thread_id=place.thread,
            reply_markup=self._markup(page.keys),
        )
        return f"{sent.message_id}{PHOTO}"

    async def document(self, place: Place, page: Page, file: tuple[str, bytes], delivery: Delivery) -> str:
        """A file (its name, and what is in it) with a caption."""
        name, data = file
        await self.limiter.turn(place.chat, group=place.group, lane=place.lane)
        await delivery.begin()
        with self._heeding(place):
            sent = await self.bot.send_document(
                place.chat,
                data,
                filename=name,
                caption=page.html or None,
                parse_mode=ParseMode.HTML,
                disable_notification=place.silent or None,
                message_thread_id=place.thread,
                reply_markup=self._markup(page.keys),
            )
        return str(sent.message_id)

    async def _edited(self, place: Place, shown: str, page: Page) -> str:
        markup = self._markup(page.keys)
        if not isinstance(page.picture, bytes):
            await self.bot.edit_message_text(
                page.html,
                place.chat,
                number(shown),
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=markup,
            )
            return shown
        media = InputMediaPhoto(page.picture, page.html or None, ParseMode.HTML)
        await self.bot.edit_message_media(media, place.chat, number(shown), reply_markup=markup)
        return f"{number(shown)}{PHOTO}"

    @contextmanager
    def _heeding(self, place: Place) -> Iterator[None]:
        """Where Telegram asks to wait, it is the chat of that very call that waits."""
        try:
            yield
        except RetryAfter as error:
            self.limiter.hold(place.chat, pause(error))
            raise

    def _markup(self, keys: Keys) -> InlineKeyboardMarkup | None:
        if not keys:
            return None
        return InlineKeyboardMarkup([[self._button(key.label, key.action) for key in row] for row in keys])

    def _button(self, label: str, action: str) -> InlineKeyboardButton:
        if not action.startswith("/"):
            return InlineKeyboardButton(label, callback_data=action)
        payload = action.removeprefix("/start").strip()
        return InlineKeyboardButton(label, url=f"https://t.me/{self.me}" + (f"?start={payload}" if payload else ""))


def number(shown: str) -> int:
    """The message's id on Telegram."""
    return int(shown.removesuffix(PHOTO))
