"""What is said, on its way out: replies as answers to interactions, and as messages of channels."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bot.domain.prompt import Text
from bot.platforms.discord.calls import QUIET, V2, Body, Calls, File
from bot.platforms.discord.components import text
from bot.platforms.discord.drawn import SILENT, Attached, Drawn, attaching, begins, body
from bot.platforms.discord.faults import WIRE, Fate, fate
from bot.platforms.discord.here import used
from bot.platforms.discord.line import Line
from bot.platforms.discord.modal import modal
from bot.platforms.discord.update import Update
from bot.platforms.discord.view import File as Picture
from bot.platforms.discord.view import pages
from bot.platforms.discord.whispers import whisper
from bot.platforms.drawing import Drawing
from bot.platforms.formulas import Latex
from bot.platforms.intake import Told
from bot.platforms.platform import no_files
from bot.platforms.writing import nearest
from bot.ports.chat import THREADS, Answers, Delivery, Files, Need, Reader, Reply, Said, Undeliverable
from bot.texts import Words, language_of

log = structlog.get_logger()


@dataclass(slots=True)
class Speaker:
    """Says replies by the line of their interaction while it holds, else in the channel, where that gives nothing away.

    ``answers`` tells of an action's name how it is answered, ``lacks`` of a channel what the bot may not there.
    """

    calls: Calls
    drawing: Drawing
    answers: Mapping[str, Answers]
    lacks: Callable[[str], Awaitable[Sequence[Need]]]
    files: Files = no_files
    invitation: str = ""  # where the bot is added to a server
    lines: dict[str, Line] = field(default_factory=dict)  # of what came and is not answered yet
    drawing_now: int = 0  # replies whose pictures are being drawn
    late: int = 0  # answers that nobody could be given any more

    def line(self, update: Update) -> Line:
        """The line of an interaction, the same one until it is answered."""
        id_ = update.incoming.id
        if id_ not in self.lines:
            name = update.incoming.words.partition(" ")[0].partition(":")[0]
            if len(self.lines) >= LINES:  # of what was set aside
                del self.lines[next(iter(self.lines))]
            acts = bool(update.token) and update.incoming.kind != "text"  # a text that looks like an action is none
            self.lines[id_] = Line(update, self.calls, self.answers.get(name, "private") if acts else "private")
        return self.lines[id_]

    def heard(self, id_: str) -> Update | None:
        """What came under that id since the start and is not answered yet."""
        return self.lines[id_].update if id_ in self.lines else None

    async def answer(self, update: Update, said: Said, told: Told) -> None:
        """All that is answered; an interaction is always taken. ``told`` is what was said already."""
        words, line, replies = spoken(said.reader), self.line(update), update.placed(said.replies)
        done = used(update.reads) if update.again else None
        if done is not None and line.holds() and not told.acknowledged:
            await self._used(line, done)
            told.acknowledged = True
        if line.holds() and update.edits and _turns_back(replies) and not told.replies:
            await self._by(line, line.take)
        for at, reply in enumerate(replies):
            if at not in told.replies:
                told.delivery.key = told.delivery.key or f"{update.incoming.id}/{at}"
                await self._one(line, reply, words, told.delivery)
                told.done(at, reply, newly_in="" if reply.edit or update.incoming.group else update.incoming.room)
        if line.holds() and line.state in {"new", "waits"}:
            await self._by(line, line.end)

    async def _used(self, line: Line, done: str) -> None:
        """The button that said a text again goes with the first answer: it has done its work."""
        try:
            await self._by(line, line.change, {"components": [text(done)], **SILENT}, ())
        except WIRE as error:
            if fate(error) is not Fate.GONE:
                raise

    def forget(self, id_: str) -> None:
        """Nothing more is said to that."""
        self.lines.pop(id_, None)

    async def _by(self, line: Line, act: Any, *given: Any, **more: Any) -> Any:
        """What a line does; None where it can do nothing any more. Raises what can be tried again."""
        try:
            return await act(*given, **more)
        except WIRE as error:
            if line.ended_by(error):
                return None
            raise

    async def _one(self, line: Line, reply: Reply, words: Words, delivery: Delivery) -> None:
        update = line.update
        if reply.form and line.answers == "form":
            await self._by(line, line.form, modal(reply, words, asked=update.reads))
        elif reply.thread is not None:
            await self._in_thread(line, reply, words, delivery)
        elif reply.edit and update.edits:
            found = await self.drawn(reply, words)
            found = found[nearest([begins(one) for one in found], update.reads) :]
            await (self._edited(line, found, delivery) if found else line.take())
        else:
            found = await self.drawn(replace(reply, edit=False), words)
            await self._said(line, found, delivery, hidden=line.hidden or reply.private)

    async def _edited(self, line: Line, found: Sequence[Drawn], delivery: Delivery) -> None:
        """The pressed message changed, further pages below it; all anew where it is out of reach."""
        update, sent = line.update, delivery.sent
        if not sent and not await self._changed(line, found[0]):
            await self._said(line, found, delivery, hidden=line.hidden)
            return
        if not sent:
            sent.append(update.message)
        await self._said(line, found[1:], delivery, hidden=line.hidden, done=1)

    async def _changed(self, line: Line, page: Drawn) -> bool:
        """Whether the pressed message was: by the line, or else in its channel where it is no one person's."""
        update = line.update
        data, files = body(page)
        try:
            if line.holds():
                await self._by(line, line.change, data, files)
            if not line.holds() and not update.own:
                await self.calls.change(update.channel, update.message, {**data, "flags": V2}, files)
        except WIRE as error:
            if fate(error) is not Fate.GONE:
                raise
            return False
        return line.holds() or not update.own

    async def _said(
        self, line: Line, found: Sequence[Drawn], delivery: Delivery, *, hidden: bool, done: int = 0
    ) -> None:
        for page in found[len(delivery.sent) - done :]:
            delivery.sent.append(await self._new(line, page, delivery, hidden=hidden) or "")

    async def _new(self, line: Line, page: Drawn, delivery: Delivery, *, hidden: bool) -> str | None:
        """One more message: by the line, else in a private chat; what is one person's is never said before all."""
        update = line.update
        data, files = body(page)
        if line.holds():
            sent: str | None = await self._by(line, line.say, data, files, hidden=hidden, delivery=delivery)
            if sent is not None:
                return whisper(update.app, update.token, sent) if update.open and hidden else sent
            if line.holds():
                return None
        shown = {**data, "flags": V2, **known(delivery)}
        if update.open and not update.aloud:
            self._too_late(update)
            return None
        await delivery.begin()
        if update.aloud:
            return await self._below(update, shown, files)
        return await self.calls.send(update.channel, shown, files)

    async def _below(self, update: Update, shown: Body, files: Sequence[File]) -> str:
        """A message in reply to what was typed in a channel; a plain one where the bot may not read what was before."""
        reference = {"message_id": update.interaction, "fail_if_not_exists": False}
        try:
            return await self.calls.send(update.channel, {**shown, "message_reference": reference}, files)
        except WIRE as error:
            if fate(error) is not Fate.UNREAD:
                raise
        return await self.calls.send(update.channel, shown, files)

    async def _in_thread(self, line: Line, reply: Reply, words: Words, delivery: Delivery) -> None:
        """A thread below the pressed message, begun with the reply; who cannot begin it is told why, or the way."""
        update, told = line.update, ""
        name = "" if reply.thread is None else words.say(reply.thread)[:THREAD]
        try:
            if delivery.begun or await self._opened(update, name):
                delivery.key = f"thread:{update.message}"  # whoever begins it, Discord knows its first words again
                found = await self.drawn(replace(reply, thread=None), words)
                await self._rest(update.message, found, delivery, silent=False)
            else:
                told = f"{words.say(Text('board.talk_there'))} <#{update.message}>"
        except WIRE as error:
            if fate(error) not in {Fate.CLOSED, Fate.GONE}:
                raise
            told = words.say(await self._barred(update.channel))
        if told:
            shown = {"components": [text(told)], **SILENT}
            await self._by(line, line.say, shown, (), hidden=True, delivery=Delivery())
        await self._by(line, line.take)

    async def _opened(self, update: Update, name: str) -> bool:
        """Whether nothing was said yet in the thread below the pressed message, which has that message's id."""
        try:
            await self.calls.thread(update.channel, update.message, name)
        except WIRE as error:
            if fate(error) is not Fate.TWICE:
                raise
            return await self.calls.said_in(update.message) == 0  # who opened it got no further
        return True

    async def _barred(self, channel: str) -> Text:
        """Why no thread can be begun there: what the bot may not, by name."""
        try:
            lacks = [need for need in await self.lacks(channel) if need in THREADS]
        except Undeliverable:
            lacks = []
        needs = tuple(Text("need.quoted", {"need": Text(f"need.{one}")}) for one in lacks)
        return Text("board.no_thread", {"needs": needs}) if needs else Text("board.no_talk")

    def _too_late(self, update: Update) -> None:
        self.late += 1
        log.info("answered too late", id=update.incoming.id)

    async def drawn(self, reply: Reply, words: Words) -> list[Drawn]:
        """The messages with what is in their files; without pictures where one cannot be had."""
        self.drawing_now += 1
        try:
            found = await self._pictured(reply, words)
            if reply.file is not None:
                data = await self.files(reply.file, words.say)
                found[0] = attaching(found[0], Attached(reply.file.name, "", data))
            return found
        finally:
            self.drawing_now -= 1

    async def _pictured(self, reply: Reply, words: Words) -> list[Drawn]:
        found = pages(reply, words, invitation=self.invitation)
        content = [await self._content(one) for page in found for one in page.files]
        if None in content:
            bare = pages(reply, words, draw=False, invitation=self.invitation)
            return [Drawn(page.components) for page in bare]
        rest = iter(filter(None, content))
        return [
            Drawn(page.components, tuple(Attached(one.name, one.alt, next(rest)) for one in page.files))
            for page in found
        ]

    async def _content(self, file: Picture) -> bytes | None:
        """Nothing keeps the bytes of pictures that are no formulas yet."""
        return await self.drawing.png(file.picture) if isinstance(file.picture, Latex) else None

    async def send(self, channel: str, reply: Reply, words: Words, delivery: Delivery) -> tuple[str, ...]:
        """New messages of a channel; their ids, with those that a try before sent."""
        await self._rest(channel, await self.drawn(replace(reply, edit=False), words), delivery, silent=reply.silent)
        return tuple(delivery.sent)

    async def _rest(self, channel: str, found: Sequence[Drawn], delivery: Delivery, *, silent: bool) -> None:
        for page in found[len(delivery.sent) :]:
            delivery.sent.append(await self._fresh(channel, page, delivery, silent=silent))

    async def _fresh(self, channel: str, page: Drawn, delivery: Delivery, *, silent: bool) -> str:
        """One more message, which Discord knows again if it comes twice within minutes."""
        data, files = body(page)
        shown = {**data, "flags": V2 | (QUIET if silent else 0), **known(delivery)}
        await delivery.begin()
        return await self.calls.send(channel, shown, files)

    async def turn(
        self, channel: str, shown: Sequence[str], reply: Reply, *, words: Words, delivery: Delivery
    ) -> tuple[str, ...]:
        """The messages as they are to be, those that are too many taken away; WIRE's fault where one is gone."""
        found = await self.drawn(reply, words)
        for one, page in [*zip(shown, found, strict=False)][len(delivery.sent) :]:
            data, files = body(page)
            await self.calls.change(channel, one, {**data, "flags": V2}, files)
            delivery.sent.append(one)
        await self.take_away(channel, shown[len(found) :])
        await self._rest(channel, found, delivery, silent=True)
        return tuple(delivery.sent)

    async def take_away(self, channel: str, shown: Sequence[str]) -> None:
        for one in shown:
            try:
                await self.calls.delete(channel, one)
            except WIRE as error:
                if fate(error) is not Fate.GONE:
                    raise


LINES = 10_000
THREAD = 100  # characters of a thread's name
NONCE = 10  # bytes; in hexadecimal Discord takes 25 characters


def known(delivery: Delivery) -> dict[str, Any]:
    """What Discord knows the next message of a delivery by, if it comes twice within minutes."""
    return {"nonce": nonce(f"{delivery.key}/{len(delivery.sent)}"), "enforce_nonce": True} if delivery.key else {}


def nonce(key: str) -> str:
    """What tells Discord that a message is the one that was sent before."""
    return hashlib.blake2b(key.encode(), digest_size=NONCE).hexdigest()


def spoken(reader: Reader) -> Words:
    return Words(language_of(reader.language), reader.script)


def _turns_back(replies: Sequence[Reply]) -> bool:
    """Whether something new is said before the pressed message is changed."""
    return any(one.edit for one in replies[1:]) and not replies[0].edit
