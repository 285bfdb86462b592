"""Zones chosen among clocks: as in the stories, and in every zone at any time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.clocks import NAMED, city, clock, clocks, nearest, offered, suggestions, wall

UNTIMED = settings(deadline=None)  # the machine may be busy; zones are read from disk
LANGUAGES = st.sampled_from(("zh-Hans", "zh-Hant", "en"))
ZONES = st.sampled_from(sorted(available_timezones()))
WORLD = [ZoneInfo(zone) for zone in sorted(available_timezones())]
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def local(text: str, zone: str) -> datetime:
    """The instant of a wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def told(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-Hans", "Asia/Shanghai"), ("zh", "Asia/Shanghai"), ("zh-hans", "Asia/Shanghai"),
        ("zh_CN.UTF-8", "Asia/Shanghai"), ("zh-Hant", "Asia/Taipei"), ("zh_TW.UTF-8", "Asia/Taipei"),
        ("zh-Hant-HK", "Asia/Hong_Kong"), ("yue", "Asia/Hong_Kong"), ("zh-Hans-SG", "Asia/Singapore"),
        ("en", "Europe/Vienna"), ("en-GB", "Europe/London"), ("en_US.UTF-8", "America/New_York"),
        ("en-AU", "Australia/Sydney"), ("pt-br", "America/Sao_Paulo"), ("pt", "Europe/Lisbon"), ("ja", "Asia/Tokyo"),
        ("ko", "Asia/Seoul"), ("de", "Europe/Berlin"), ("fr-CA", "America/Toronto"), ("C.UTF-8", "Europe/Vienna"),
        ("", "Europe/Vienna"), (None, "Europe/Vienna"),
    ],
)  # fmt: skip
def test_the_first_guess(tag: str | None, expected: str) -> None:
    """The language tag's region, else its script or language, else where the server is."""
    assert expected == offered(tag, "Europe/Vienna")


@pytest.mark.parametrize(
    ("now", "language", "shown", "expected"),
    [
        ("2026-11-23 20:12", "en", "Europe/London", ["21:12", "22:12", "15:12", "12:12", "1:42", "4:12"]),
        ("2026-11-23 20:12", "zh-Hans", "Asia/Shanghai", ["21:12", "19:12", "12:12", "7:12", "4:12", "23:12"]),
        ("2026-11-27 20:40", "zh-Hans", "Asia/Shanghai", ["21:40", "19:40", "12:40", "7:40", "4:40", "23:40"]),
        ("2026-11-23 20:12", "zh-Hant", "Asia/Taipei", ["21:12", "19:12", "12:12", "7:12", "4:12", "23:12"]),
    ],
)
def test_six_clocks(now: str, language: str, shown: str, expected: list[str]) -> None:
    """The stories' clocks, in their order."""
    found = clocks(local(now, shown), language, shown=shown)

    assert expected == [told(minutes) for minutes, _ in found]


@pytest.mark.parametrize(
    ("language", "shown", "zone"),
    [("en", "Europe/London", "Europe/Berlin"), ("zh-Hans", "Asia/Shanghai", "America/New_York")],
)
def test_a_clock_that_was_pressed(language: str, shown: str, zone: str) -> None:
    """21:12 is Berlin's in the English story, 7:12 New York's in the Chinese one."""
    now = local("2026-11-23 20:12", shown)

    assert (wall(now, zone), zone) in clocks(now, language, shown=shown)


def test_home_is_among_the_clocks_elsewhere() -> None:
    """Who pressed a wrong clock finds the likeliest one among the next six."""
    now = local("2026-11-23 20:12", "Asia/Shanghai")

    assert clocks(now, "zh-Hans", shown="America/New_York")[0] == (1212, "Asia/Shanghai")


@UNTIMED
@given(INSTANTS, LANGUAGES, ZONES)
def test_six_clocks_differ_always(now: datetime, language: str, shown: str) -> None:
    """In every season: six times, each told by its zone's clock, none twice and none that was shown."""
    found = clocks(now, language, shown=shown)

    assert len({minutes for minutes, _ in found} - {wall(now, shown)}) == 6
    assert [wall(now, zone) for _, zone in found] == [minutes for minutes, _ in found]


@pytest.mark.parametrize(
    ("typed", "language", "expected"),
    [
        (821, "zh-Hans", "Europe/Berlin"),  # 13:41, the story's
        (821, "en", "Europe/Berlin"),
        (761, "en", "Europe/London"),
        (1240, "zh-Hant", "Asia/Taipei"),
        (1240, "en", "Asia/Singapore"),
        (1104, "en", "Asia/Kathmandu"),  # 18:24 where Kathmandu's clock says 18:25, and Kolkata's 18:10
        (157, "en", "Pacific/Honolulu"),  # 2:37
        (0, "zh-Hans", "Australia/Sydney"),  # 23:40 is nearest, over midnight
    ],
)
def test_the_nearest_zone(typed: int, language: str, expected: str) -> None:
    """The nearest clock; of several that show the same, the likeliest for the language."""
    assert expected == nearest(local("2026-11-27 20:40", "Asia/Shanghai"), typed, language=language)


@UNTIMED
@given(INSTANTS, LANGUAGES)
@example(datetime(2026, 1, 1, tzinfo=UTC), "en")
@example(datetime(2026, 7, 1, tzinfo=UTC), "en")
@example(datetime(2026, 10, 28, tzinfo=UTC), "en")  # summer time has ended in Europe and not yet in America
def test_every_clock_of_the_world_is_known(now: datetime, language: str) -> None:
    """Whatever a clock shows somewhere, a zone is found that shows just that."""
    shown = sorted({60 * at.hour + at.minute for at in map(now.astimezone, WORLD)})

    assert shown == [wall(now, nearest(now, minutes, language=language)) for minutes in shown]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("20:12", ("20:10", "7:30")), ("7:12", ("7:10", "20:00")), ("13:40", ("13:40", "7:30")),
        ("20:40", ("20:40", "7:30")), ("20:50", ("20:50", "7:30")), ("21:06", ("21:00", "7:30")),
        ("21:12", ("21:10", "7:30")), ("7:30", ("7:30", "20:00")), ("11:59", ("11:50", "20:00")),
        ("12:00", ("12:00", "7:30")), ("3:59", ("3:50", "7:30")), ("4:00", ("4:00", "20:00")),
    ],
)  # fmt: skip
def test_two_hours_are_offered(now: str, expected: tuple[str, str]) -> None:
    """The present hour, for it suits now, and one of the other end of the day."""
    hour, minute = now.split(":")
    at = local(f"2026-11-23 {int(hour):02}:{minute}", "Europe/Berlin")
    first, second = suggestions(at, "Europe/Berlin")

    assert expected == (told(first), told(second))


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Europe/Berlin", "Berlin"), ("America/Argentina/Buenos_Aires", "Buenos_Aires"), ("UTC", "UTC")],
)
def test_a_zones_city(zone: str, name: str) -> None:
    """The last part of its name."""
    assert name == city(zone)


def test_every_zone_that_can_be_offered_has_a_name() -> None:
    """No two of them share a city, each exists, and each is known to the catalogues by it."""
    assert len(NAMED) == len({city(zone) for zone in NAMED})
    assert available_timezones() >= NAMED
    assert {"Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Asia/Tashkent", "Pacific/Auckland"} <= NAMED


@pytest.mark.parametrize(
    ("zone", "key"),
    [("Asia/Shanghai", "clock.Shanghai"), ("Asia/Taipei", "clock.Taipei"), ("Asia/Hong_Kong", "clock.city")],
)
def test_how_a_time_is_told(zone: str, key: str) -> None:
    """Two zones have a name for their time; elsewhere the city stands with it."""
    assert key == clock(zone)
