"""How times are told: a clock and where it hangs, and when a learner's daily question comes."""

from datetime import date, datetime

from bot.domain import clocks
from bot.domain.prompt import Arg, Text
from bot.domain.pushes import weekday
from bot.ports.daily import Daily
from bot.ports.rows import Learner


def clock_time(minutes: int) -> str:
    """7:30, as it is said in every language."""
    return f"{minutes // 60}:{minutes % 60:02}"


def clock(now: datetime, zone: str, *, guessed: bool = False) -> dict[str, Arg]:
    """What a clock shows, and where it hangs, as an argument; where it is guessed the time alone may do."""
    time = clock_time(clocks.wall(now, zone))
    place = clocks.city(zone)
    city = Text(f"city.{place}") if zone in clocks.NAMED else place.replace("_", " ")
    key = clocks.clock(zone)
    if key != "clock.city":
        return {"clock": Text(key, {"time": time})}
    return {
        "clock": Text("clock.guessed", {"time": time}) if guessed else Text("clock.city", {"time": time, "city": city})
    }


def dated(day: date) -> Text:
    """A day with its year, for what may be read much later."""
    return Text("date.year", {"year": str(day.year), "day": day})


def is_off(daily: Daily) -> bool:
    return daily.rhythm not in ("daily", "weekly") or not daily.hours


def brief(daily: Daily, learner: Learner) -> Arg:
    """When it comes, in a few words."""
    if is_off(daily):
        return Text("hours.none")
    return Text("hours.weekday", _weekly(daily, learner)) if daily.rhythm == "weekly" else _times(daily)


def told(daily: Daily, learner: Learner) -> Text:
    """When it comes, in a sentence."""
    if is_off(daily):
        return Text("hours.off")
    if daily.rhythm == "weekly":
        return Text("hours.weekly", _weekly(daily, learner))
    if learner.off_days:
        days = tuple(Text(f"weekday.{day}") for day in learner.off_days)
        return Text("hours.but", {"hours": _times(daily), "days": days})
    return Text("hours.daily", {"hours": _times(daily)})


def _times(daily: Daily) -> tuple[str, ...]:
    return tuple(clock_time(minutes) for minutes in daily.hours)


def _weekly(daily: Daily, learner: Learner) -> dict[str, Arg]:
    return {"day": Text(f"weekday.{weekday(learner.off_days)}"), "time": clock_time(daily.hours[0])}
