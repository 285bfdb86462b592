"""What every page about a group needs: what is studied there, its name, its buttons, its calendar."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.commands.command import Context, button
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Arg, Choice, Quote, Text
from bot.ports.groups import Course, Venue
from bot.services.services import Services


def studied(venue: Venue) -> bool:
    return venue.course is not None and venue.course.set_id is not None


def course(venue: Venue) -> Course:
    """What the group studies; StudyBotError before it was set up."""
    if venue.course is None:
        raise StudyBotError(Text("ask.unknown"))
    return venue.course


def title(venue: Venue) -> dict[str, Arg]:
    return {"title": Quote(venue.room.title, foreign=True)}


def press(venue: Venue, what: str, key: str, args: dict[str, Arg] | None = None, *, marked: bool = False) -> Choice:
    """A button of a group's pages."""
    act, _, value = what.partition(":")
    action = f"room:{act}:{venue.room.id}" + (f":{value}" if value else "")
    return button(action, key, args or {}, marked=marked)


def when(services: Services, at: datetime, zone: str) -> Text:
    """Today, tomorrow, or the date, by the calendar of a zone."""
    day, today = (one.astimezone(ZoneInfo(zone)).date() for one in (at, services.house.clock.now()))
    days = (day - today).days
    return Text("when.date", {"day": day}) if days > 1 else Text("when.tomorrow" if days else "when.today")


def whispers(context: Context) -> bool:
    return context.services.groups.whispers(context.incoming.platform)
