"""What happens in a room that several people share: the bot comes and goes, is asked how it works, is sent a file."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from bot.commands.board import TALK, deep, discussed, wall
from bot.commands.command import Context, button, say
from bot.commands.venue import title, when
from bot.domain.errors import StudyBotError
from bot.domain.hours import parsed_date
from bot.domain.prompt import Text
from bot.ports.chat import Incoming, Reader, Reply
from bot.ports.groups import Venue
from bot.ports.reads import Person
from bot.services.services import Services

PAPERS = frozenset({".txt", ".md", ".yaml", ".yml", ".pdf", ".doc", ".docx"})
ANSWERS = "a"  # the press that is an answer: the only one in a room that makes somebody a learner

Event = Callable[[Services, Incoming, Reader], Awaitable[Sequence[Reply]]]
Pressed = Callable[[Services, Venue, Incoming], Awaitable[Sequence[Reply]]]


def apart(incoming: Incoming) -> bool:
    """Whether that is the room's business, and no learner's."""
    answer = incoming.kind == "press" and incoming.words.partition(":")[0] == ANSWERS
    return incoming.kind == "room" or (bool(incoming.group) and not answer)


async def arrived(services: Services, incoming: Incoming, reader: Reader) -> Sequence[Reply]:
    """What is said to it, in the room or to one person alone."""
    name = incoming.words.partition(" ")[0]
    match incoming.kind:
        case "room":
            return await EVENTS.get(name, _silent)(services, incoming, reader)
        case "press" if name.startswith(f"{TALK}:"):
            return await discussed(services, name.partition(":")[2])
        case "press" | "command" | "file":
            return await _spoken(services, await services.groups.here(incoming), incoming, reader)
        case _:
            return ()


async def _spoken(services: Services, venue: Venue, incoming: Incoming, reader: Reader) -> Sequence[Reply]:
    """What the room itself is asked: in whatever way, one that was gone is back by it."""
    match incoming.kind:
        case "press":
            return await PRESSED.get(incoming.words, _unknown)(services, venue, incoming)
        case "command":
            return await _commanded(services, venue, incoming, reader)
        case _:
            return await _dropped(venue, incoming)


async def reader(services: Services, incoming: Incoming, replies: Sequence[Reply]) -> Reader | None:
    """In whose words it is said where all hear it: the room's, once it has any; None where one person alone does."""
    if all(reply.private for reply in replies):
        return None
    course = await services.groups.home(incoming)
    return None if course is None else Reader(course.language, course.script)


async def spoke(services: Services, person: Person) -> Person:
    """Who speaks in a room that nothing could be sent to: what was to be sent there comes again."""
    if not person.gone:
        return person
    await services.dailies.again(person)
    return await services.groups.returned(person)


async def unheard(context: Context) -> Sequence[Reply]:
    """Who speaks in a shared room while nothing can be sent to their own: told once, if something was to come."""
    person = context.person
    shut = await context.services.dailies.shut(person)
    await context.services.groups.returned(person)
    if not shut:
        return []
    return [say("dm.closed" if await context.services.groups.comes(context.incoming) else "dm.stopped")]


async def _silent(_services: Services, _incoming: Incoming, _reader: Reader) -> Sequence[Reply]:
    return ()


async def _unknown(_services: Services, _venue: Venue, _incoming: Incoming) -> Sequence[Reply]:
    raise StudyBotError(Text("ask.unknown"))


async def _added(services: Services, incoming: Incoming, _reader: Reader) -> Sequence[Reply]:
    """One message; nothing starts by itself, and what had been started goes on, in the chat and in its topics."""
    back = await services.groups.back(incoming)
    if goes_on := [first for venue in back if (first := _first(services, venue)) is not None]:
        at, zone = min(goes_on)
        return [say("group.again", {"day": when(services, at, zone), "time": wall(at, zone)})]
    known = await services.house.storage.venues(incoming.platform, incoming.room)
    if any(_first(services, venue) is not None for venue in known):
        return ()  # it never left: a small group became a big one
    await services.groups.here(incoming)
    rows = ((button("room:pick", "button.choose_set"), button("room:use", "button.usage")),)
    return [Reply(blocks=(Text("group.hello"), Text("group.hello_admins")), rows=rows)]


def _first(services: Services, venue: Venue) -> tuple[datetime, str] | None:
    """When the room's next question comes, and in what zone that is told."""
    moment = services.groups.next(venue)
    return None if moment is None or venue.course is None else (moment.at, venue.course.zone)


async def _gone(services: Services, incoming: Incoming, _reader: Reader) -> Sequence[Reply]:
    await services.groups.gone(incoming)
    return ()


async def _back(services: Services, incoming: Incoming, _reader: Reader) -> Sequence[Reply]:
    person = await services.accounts.known(incoming)
    if person is not None:
        await spoke(services, person)
    return ()


async def _moved(services: Services, incoming: Incoming, _reader: Reader) -> Sequence[Reply]:
    await services.groups.moved(incoming, incoming.words.partition(" ")[2])
    return ()


async def _used(_services: Services, _venue: Venue, _incoming: Incoming) -> Sequence[Reply]:
    return [Reply(blocks=(Text("group.usage"),), private=True)]


async def _picked(services: Services, venue: Venue, incoming: Incoming) -> Sequence[Reply]:
    """An administrator goes on in private; anybody else is told so."""
    if not await services.groups.runs(venue.room, incoming.account):
        return [Reply(blocks=(Text("group.admins"),), private=True)]
    return [Reply(private=True, opens=f"group_{venue.room.id}")]


async def _commanded(services: Services, venue: Venue, incoming: Incoming, reader: Reader) -> Sequence[Reply]:
    """One line, taken away after a minute: what is meant for one person is said in private."""
    name, _, words = incoming.words.partition(" ")
    run = RUN.get(name.partition("@")[0])
    if run is None:
        line = say("group.to_private", rows=((button("/start", "button.start"),),))
    elif not incoming.account or await services.groups.runs(venue.room, incoming.account):
        line = await run(services, venue, words)
    else:
        line = say("group.admins")
    await services.groups.pass_by(venue, line, reader)
    return ()


async def _settings(_services: Services, venue: Venue, _words: str) -> Reply:
    return say("group.to_settings", rows=((deep(f"group_{venue.room.id}", "settings.title"),),))


async def _exam(services: Services, venue: Venue, words: str) -> Reply:
    """The day of the group's exam, typed behind the command; else the way to where it is set."""
    if venue.course is None:
        return await _settings(services, venue, words)
    today = services.house.clock.now().astimezone(ZoneInfo(venue.course.zone)).date()
    day = parsed_date(words, today)
    if day is None:
        return say("group.exam_unclear") if words else await _settings(services, venue, words)
    await services.groups.change(venue, replace(venue.course, exam=day))
    return say("group.exam_done", {**title(venue), "day": day}, count=(day - today).days)


async def _dropped(venue: Venue, incoming: Incoming) -> Sequence[Reply]:
    """A paper, where a course may begin with it; other files are not the bot's business."""
    studied = venue.course is not None and venue.course.set_id is not None
    if studied or PurePath(incoming.words).suffix.lower() not in PAPERS:
        return ()
    return [say("group.paper", rows=((deep("file", "button.review"),),))]


async def paper(_context: Context, _words: str) -> Sequence[Reply]:
    """A file in private: who can read it, and how."""
    return [say("paper.not_yet")]


EVENTS: dict[str, Event] = {"added": _added, "gone": _gone, "back": _back, "moved": _moved}
PRESSED: dict[str, Pressed] = {"room:use": _used, "room:pick": _picked}
RUN: dict[str, Callable[[Services, Venue, str], Awaitable[Reply]]] = {
    "/settings": _settings,
    "/setup": _settings,
    "/exam": _exam,
}
