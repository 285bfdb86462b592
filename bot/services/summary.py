"""What is stored about a learner, in words: who they are here, how far they have come, what they have set."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.prompt import Arg, Block, Quote, Text
from bot.ports.daily import Daily
from bot.ports.groups import Venue
from bot.ports.people import BoardName
from bot.ports.reads import Shelf
from bot.ports.rows import Account, Answer, Learner, Room
from bot.services.calendar import ahead
from bot.services.progress import streak_of
from bot.services.times import clock, dated, is_off, told
from bot.services.titles import called, titled
from bot.services.today import House

Tables = Mapping[str, tuple[object, ...]]
Row = TypeVar("Row")


async def paragraphs(house: House, tables: Tables) -> tuple[Sequence[Block], ...]:
    """Of the rows that are stored now; nothing where there is no learner any more."""
    learner = next(_rows(tables, "learner", Learner), None)
    if learner is None:
        return ()
    shelves = await house.storage.shelves(learner.id)
    sets = tuple(_set(one) for one in shelves if one.enrolment is not None) or (Text("sets.none"),)
    settings = (*_daily(learner, tables), *_dates(house, learner), *await _names(house, tables))
    return _person(house, learner, tables), (*await _studies(house, learner, tables), *sets), settings


def _person(house: House, learner: Learner, tables: Tables) -> Sequence[Block]:
    """Since when, with which accounts; at what time this was written; what is asked a day, and in which language."""
    now, zone = house.clock.now(), learner.zone
    platforms = tuple(called(account.platform) for account in _rows(tables, "account", Account))
    return (
        Text("mydata.since", {"day": _day(learner.created_at, zone), "platforms": platforms}),
        Text("mydata.now", {"day": _day(now, zone), **clock(now, zone)}),
        Text("settings.line", {"language": Text(f"language.{learner.language}")}, learner.goal),
    )


async def _studies(house: House, learner: Learner, tables: Tables) -> Sequence[Block]:
    """Answers that were not taken back, and the streak."""
    now, today = house.today(learner)
    progress = await house.storage.progress(learner.id, day=today, now=now)
    streak = streak_of(learner, progress.days, today)
    answers = [answer for answer in _rows(tables, "answer", Answer) if answer.undone_by is None]
    counts: dict[str, Arg] = {
        "answers": len(answers),
        "right": sum(answer.outcome == "right" for answer in answers),
        "questions": len({answer.question_id for answer in answers}),
        "days": len(progress.days),
    }
    freezes = Text("freezes", count=streak.freezes_left)
    return Text("mydata.answers", counts), Text("stats.streak", {"freezes": freezes}, streak.length)


def _set(shelf: Shelf) -> Block:
    line = Text("stats.set", {"title": titled(shelf.set), "studied": shelf.studied}, shelf.questions)
    return line if shelf.mine else Text("mydata.left", {"set": line})


def _daily(learner: Learner, tables: Tables) -> Sequence[Block]:
    """When the daily question comes, and where; or that there is none."""
    daily = next(_rows(tables, "daily", Daily), None)
    if daily is None or is_off(daily):
        return (Text("hours.off"),)
    when = told(daily, learner)
    rooms = [room for room in _rows(tables, "room", Room) if room.id == daily.room_id]
    return [Text("mydata.where", {"daily": when, "platform": called(room.platform)}) for room in rooms] or [when]


def _dates(house: House, learner: Learner) -> Iterator[Block]:
    """The exam, and the pause, that are not over."""
    today = house.today(learner)[1]
    for key, day in (("mydata.exam", learner.exam), ("mydata.paused", learner.paused_until)):
        if (coming := ahead(day, today)) is not None:
            yield Text(key, {"day": dated(coming)})


async def _names(house: House, tables: Tables) -> Sequence[Block]:
    """On boards: everywhere, and where another was chosen for one room."""
    rows = [row for row in _rows(tables, "board_name", BoardName) if row.name or row.hidden]
    venues = [await house.storage.venue(row.room_id) for row in rows]
    return [_name(row, venue) for row, venue in zip(rows, venues, strict=True)]


def _name(row: BoardName, venue: Venue | None) -> Block:
    name: tuple[Arg, ...] = (Text("quoted", {"text": Quote(row.name, foreign=True)}),) if row.name else ()
    if row.hidden:
        name = (*name, Text("mydata.hidden"))
    if venue is None:
        return Text("mydata.name", {"name": name})
    return Text("mydata.name_in", {"title": Quote(venue.room.title, foreign=True), "name": name})


def _day(instant: datetime, zone: str) -> Text:
    """The day on the learner's calendar."""
    return dated(instant.astimezone(ZoneInfo(zone)).date())


def _rows(tables: Tables, name: str, cls: type[Row]) -> Iterator[Row]:
    return (row for row in tables.get(name, ()) if isinstance(row, cls))
