"""The name on boards, in /settings: for who has answered in a group."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Awaited, Command, Context, Press, button, number, say, typable
from bot.commands.daily import awaiting
from bot.domain.errors import StudyBotError
from bot.domain.naming import cleaned
from bot.domain.prompt import Choice, Quote, Text
from bot.domain.question import RoomId
from bot.ports.chat import Reply
from bot.ports.people import BoardName

BACK = button("c:more", "button.back")


async def row(context: Context) -> tuple[Choice, ...]:
    """What can be set about boards; nothing for who has never answered where others do, or in a room unknown."""
    incoming, storage = context.incoming, context.services.house.storage
    if not incoming.here and not await storage.in_groups(context.person.learner.id):
        return ()
    if await _room(context) is None:
        return ()
    known = await _known(context)
    return (button("name", "settings.name"), button("c:hide", "settings.hidden", marked=known.hidden))


async def hide(context: Context) -> None:
    """Off the boards, or on them again."""
    known = await _known(context)
    await context.services.naming.change(context.person, known.room_id, hidden=not known.hidden)


async def _room(context: Context) -> RoomId | None:
    return await context.services.naming.room(context.incoming.platform, context.incoming.here)


async def _known(context: Context) -> BoardName:
    room = await _room(context)
    if room is None:
        raise StudyBotError(Text("ask.unknown"))
    return await context.services.naming.of(context.person, room)


async def ask(context: Context, _words: str) -> Sequence[Reply]:
    """What is the name? The next text is it."""
    known = await _known(context)
    asked = await awaiting(context, f"name:{known.room_id}", "name.ask", back="c:more")
    if not known.name:
        return asked
    present = Text("name.now", {"name": Quote(known.name, foreign=True)})
    return [replace(reply, blocks=(*reply.blocks, present)) for reply in asked]


async def typed(context: Context, words: str) -> Sequence[Reply]:
    """The name, for the room that it was asked for."""
    name = cleaned(words)
    if name is None:
        return [typable(say("name.unclear", rows=((BACK,),)))]
    awaits = await context.services.study.awaited(context.person)
    await context.services.study.wait_for(context.person, "")
    await context.services.naming.change(context.person, RoomId(number(awaits.partition(":")[2])), name=name)
    return [say("name.done", {"name": Quote(name, foreign=True)}, rows=((BACK,),))]


COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("name", ask),)
AWAITED = (Awaited("name", typed),)
