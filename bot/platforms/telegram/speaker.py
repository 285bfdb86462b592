"""What is said, on its way out: replies as calls of the Bot API."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.platforms.drawing import Drawing
from bot.platforms.formulas import Latex
from bot.platforms.intake import Told
from bot.platforms.platform import no_files
from bot.platforms.telegram.faults import Fate, fate
from bot.platforms.telegram.html import text_of
from bot.platforms.telegram.update import Update
from bot.platforms.telegram.view import Page, alert, pages
from bot.platforms.telegram.writer import PHOTO, Place, Writer
from bot.platforms.writing import nearest
from bot.ports.chat import Delivery, Files, Reader, Reply, Said
from bot.texts import Words, language_of

log = structlog.get_logger()

HOURS_TO_DELETE = 48
SHORT = 60  # characters that a toast shows whole; more is an alert to be closed


@dataclass(frozen=True, slots=True)
class Shown:
    """The messages that are edited. ``reads``: the text of one that may have been any page of several."""

    ids: tuple[str, ...]
    reads: str = ""


@dataclass(slots=True)
class Speaker:
    """Says replies in a chat: as new messages, edits, alerts; by the limits of the platform."""

    writer: Writer
    drawing: Drawing
    files: Files = no_files
    late: int = 0  # presses that were too old to be acknowledged
    drawn: int = 0  # pictures that are being drawn

    async def answer(self, update: Update, said: Said, told: Told) -> None:
        """All that is answered to an update; a press is always acknowledged. ``told`` is what was said already."""
        words = spoken(said.reader)
        at = _notice(said.replies, words) if update.press else None
        calls = [self._each(update, said, told, words, but=at)]
        if update.press and not told.acknowledged:
            calls.append(self._acknowledge(update, None if at is None else said.replies[at], words, told))
        faults = await asyncio.gather(*calls, return_exceptions=True)  # both end before either is tried again
        for fault in filter(None, faults):
            raise fault

    async def _each(self, update: Update, said: Said, told: Told, words: Words, *, but: int | None) -> None:
        for at, reply in enumerate(said.replies):
            if at in told.replies or at == but:
                continue  # said, or told with the press
            if reply.private and update.chat < 0:
                await self._privately(update, reply, words, told.delivery)
            else:
                await self._here(update, reply, words, told.delivery)
            told.done(at, reply, newly_in="" if reply.edit or update.chat < 0 else update.incoming.room)

    async def _here(self, update: Update, reply: Reply, words: Words, delivery: Delivery) -> None:
        """In the room; in the one that it became, where it is just becoming another."""
        place = Place(update.chat, update.thread)
        try:
            if reply.edit and update.message is not None:
                shown = Shown((f"{update.message}{PHOTO if update.photo else ''}",), update.text)
                await self.edit(place, shown, reply, words=words, delivery=delivery)
            else:
                await self.send(place, reply, words, delivery)
        except ChatMigrated as error:
            await self.send(replace(place, chat=error.new_chat_id), replace(reply, edit=False), words, delivery)

    async def _privately(self, update: Update, reply: Reply, words: Words, delivery: Delivery) -> None:
        """What is one person's, never said before all: who pressed finds it in their own chat, if there is one."""
        if not update.press:
            return
        try:
            await self.send(Place(int(update.incoming.account)), replace(reply, edit=False), words, delivery)
        except TelegramError as error:
            if fate(error) is not Fate.CLOSED:
                raise

    async def _acknowledge(self, update: Update, notice: Reply | None, words: Words, told: Told) -> None:
        """Ends the press's waiting, with a notice or without."""
        text = None if notice is None else alert(notice, words)
        link = f"https://t.me/{self.writer.me}?start={notice.opens}" if notice is not None and notice.opens else None
        loud = text is not None and (update.chat < 0 or len(text) > SHORT)
        try:
            await self.writer.bot.answer_callback_query(update.press, text, show_alert=loud, url=link)
        except TelegramError as error:
            await self._not_acknowledged(update, notice, words, error)
        told.acknowledged = True

    async def _not_acknowledged(self, update: Update, notice: Reply | None, words: Words, error: TelegramError) -> None:
        """Raises what can be tried again. A press that is too old is counted, and its notice is a message then."""
        match fate(error):
            case Fate.LOST | Fate.BUSY:
                raise error
            case Fate.LATE:
                if notice is not None:
                    await self._privately(update, notice, words, Delivery())
                self.late += 1
            case _:
                log.warning("press not acknowledged", reason=error.message)

    async def send(self, place: Place, reply: Reply, words: Words, delivery: Delivery) -> tuple[str, ...]:
        """New messages; their ids, with those that a try before sent."""
        place = replace(place, silent=place.silent or reply.silent)
        try:
            return await self._sent(place, reply, words, delivery)
        except BadRequest as error:
            return await self._sent(_plain(place, error), reply, words, delivery)

    async def _sent(self, place: Place, reply: Reply, words: Words, delivery: Delivery) -> tuple[str, ...]:
        found = await self._pages(place, reply, words)
        if reply.file is not None and not delivery.sent:
            data = await self.files(reply.file, words.say)
            delivery.sent.append(await self.writer.document(place, found[0], (reply.file.name, data), delivery))
        await self._send_rest(place, found, delivery)
        return tuple(delivery.sent)

    async def _send_rest(self, place: Place, found: Sequence[Page], delivery: Delivery) -> None:
        for page in found[len(delivery.sent) :]:
            delivery.sent.append(await self.writer.send(place, page, delivery))

    async def edit(
        self, place: Place, shown: Shown, reply: Reply, *, words: Words, delivery: Delivery
    ) -> tuple[str, ...]:
        """The messages as they are to be; pages that are more are sent below, those that are less are taken away."""
        try:
            return await self._edited(place, shown, reply, words=words, delivery=delivery)
        except BadRequest as error:
            return await self._edited(_plain(place, error), shown, reply, words=words, delivery=delivery)

    async def _edited(
        self, place: Place, shown: Shown, reply: Reply, *, words: Words, delivery: Delivery
    ) -> tuple[str, ...]:
        """A picture cannot become a text: it loses its buttons, and what is new is sent below. Likewise for no page."""
        found = await self._pages(place, reply, words)
        found = found[nearest([text_of(page.html) for page in found], shown.reads) :]
        pairs = [*zip(shown.ids, found, strict=False)]
        if not found or any(one.endswith(PHOTO) and page.picture is None for one, page in pairs):
            await self.writer.strip(place, shown.ids[-1])
            fresh = replace(reply, prompt=reply.prompt if reply.redraw else None, kept=(), edit=False)
            return (*shown.ids, *await self.send(place, fresh, words, delivery))
        for one, page in pairs[len(delivery.sent) :]:
            delivery.sent.append(await self.writer.turned(place, one, page, delivery))
        await self.take_away(place, shown.ids[len(found) :], age_hours=0)
        await self._send_rest(place, found, delivery)
        return tuple(delivery.sent)

    async def take_away(self, place: Place, shown: Sequence[str], *, age_hours: float) -> None:
        """Deletes the messages; what is too old to be deleted loses its buttons."""
        for one in shown:
            if age_hours >= HOURS_TO_DELETE or not await self.writer.deleted(place, one):
                await self.writer.strip(place, one)

    async def _pages(self, place: Place, reply: Reply, words: Words) -> tuple[Page, ...]:
        """The pages, their formulas drawn, once and for all; as their sources where one cannot be, or is not taken."""
        found = []
        for page in pages(reply, words, draw=place.pictures):
            if isinstance(page.picture, Latex):
                picture = await self._drawn(page.picture)
                if picture is None:
                    return _worded(pages(reply, words, draw=False))
                page = replace(page, picture=picture)  # noqa: PLW2901 - the same page
            found.append(page)
        return _worded(found)

    async def _drawn(self, latex: Latex) -> bytes | None:
        self.drawn += 1
        try:
            return await self.drawing.png(latex)
        finally:
            self.drawn -= 1


def _plain(place: Place, error: BadRequest) -> Place:
    """The place as one that takes no pictures; raises a refusal that says anything else."""
    if fate(error) is not Fate.PLAIN or not place.pictures:
        raise error
    return replace(place, pictures=False)


def spoken(reader: Reader) -> Words:
    return Words(language_of(reader.language), reader.script)


def _notice(replies: Sequence[Reply], words: Words) -> int | None:
    """Which reply the press itself is answered with: the first that opens a chat, or is private and short."""
    fits = (at for at, one in enumerate(replies) if one.opens or (one.private and alert(one, words) is not None))
    return next(fits, None)


def _worded(found: Sequence[Page]) -> tuple[Page, ...]:
    """The pages without the pictures of which there are only words: nothing keeps their bytes yet."""
    plain = [replace(page, picture=None) if isinstance(page.picture, str) else page for page in found]
    return tuple(page for page in plain if page.html or page.picture is not None)
