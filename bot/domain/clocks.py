"""A learner's zone, chosen among clocks: nobody has to know what a zone is called."""

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

CLOCKS = 6  # to choose from
GROUP_SUGGESTIONS = (540, 720)  # minutes after midnight: what a group is offered

_A_DAY, _NOON, _NIGHT = 1_440, 720, 240  # minutes after midnight; the night belongs to the evening
_MORNING_HOUR, _EVENING_HOUR, _STEP = 450, 1_200, 10

# For each language the likeliest first: its home, six clocks in the keyboard's order, and what takes the place of
# one that shows the same time as another.
_CHINESE = (
    "Asia/Tokyo", "Asia/Bangkok", "Europe/London", "America/New_York", "America/Los_Angeles", "Australia/Sydney",
    "Europe/Berlin", "Asia/Dubai", "America/Chicago", "Pacific/Auckland",
)  # fmt: skip
_LIKELY = {
    "zh-Hans": ("Asia/Shanghai", *_CHINESE),
    "zh-Hant": ("Asia/Taipei", *_CHINESE),
    "en": (
        "Europe/London", "Europe/Berlin", "Europe/Athens", "America/New_York", "America/Los_Angeles", "Asia/Kolkata",
        "Asia/Singapore", "Australia/Sydney", "America/Chicago", "Asia/Dubai",
    ),
}  # fmt: skip
# Together they show every time that a clock somewhere shows, at any season.
_WORLD = (
    "Africa/Lagos", "Africa/Johannesburg", "Africa/Cairo", "Europe/Athens", "Europe/Moscow", "Asia/Kolkata",
    "Asia/Shanghai", "Asia/Tokyo", "Asia/Bangkok", "America/Sao_Paulo", "America/Mexico_City", "America/Bogota",
    "America/Denver", "America/Phoenix", "Asia/Karachi", "Asia/Dhaka", "Asia/Tehran", "Asia/Yangon",
    "Asia/Kathmandu", "Asia/Kabul", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin",
    "America/Halifax", "America/Caracas", "America/Anchorage", "Pacific/Honolulu", "Pacific/Fiji",
    "America/St_Johns", "Africa/Accra", "Pacific/Noumea", "Atlantic/Azores", "Atlantic/Cape_Verde",
    "America/Noronha", "Pacific/Pago_Pago", "Pacific/Chatham", "Pacific/Gambier", "Pacific/Marquesas",
    "Australia/Lord_Howe", "Australia/Eucla",
)  # fmt: skip
_REGIONS = {
    "ar": "America/Argentina/Buenos_Aires", "au": "Australia/Sydney", "br": "America/Sao_Paulo",
    "ca": "America/Toronto", "cl": "America/Santiago", "cn": "Asia/Shanghai", "co": "America/Bogota",
    "eg": "Africa/Cairo", "gb": "Europe/London", "hk": "Asia/Hong_Kong", "ie": "Europe/Dublin", "in": "Asia/Kolkata",
    "ke": "Africa/Nairobi", "mo": "Asia/Macau", "mx": "America/Mexico_City", "my": "Asia/Kuala_Lumpur",
    "ng": "Africa/Lagos", "nz": "Pacific/Auckland", "ph": "Asia/Manila", "pk": "Asia/Karachi", "sg": "Asia/Singapore",
    "tw": "Asia/Taipei", "us": "America/New_York", "za": "Africa/Johannesburg",
}  # fmt: skip
_LANGUAGES = {
    "ar": "Africa/Cairo", "bn": "Asia/Dhaka", "cmn": "Asia/Shanghai", "cs": "Europe/Prague", "da": "Europe/Copenhagen",
    "de": "Europe/Berlin", "el": "Europe/Athens", "es": "Europe/Madrid", "fa": "Asia/Tehran", "fi": "Europe/Helsinki",
    "fr": "Europe/Paris", "he": "Asia/Jerusalem", "hi": "Asia/Kolkata", "hu": "Europe/Budapest", "id": "Asia/Jakarta",
    "it": "Europe/Rome", "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "ms": "Asia/Kuala_Lumpur", "my": "Asia/Yangon",
    "nb": "Europe/Oslo", "ne": "Asia/Kathmandu", "nl": "Europe/Amsterdam", "pl": "Europe/Warsaw",
    "pt": "Europe/Lisbon", "ro": "Europe/Bucharest", "ru": "Europe/Moscow", "sv": "Europe/Stockholm",
    "th": "Asia/Bangkok", "tr": "Europe/Istanbul", "uk": "Europe/Kyiv", "ur": "Asia/Karachi",
    "uz": "Asia/Tashkent", "vi": "Asia/Ho_Chi_Minh", "yue": "Asia/Hong_Kong", "zh": "Asia/Shanghai",
}  # fmt: skip

NAMED = frozenset(
    {*_REGIONS.values(), *_LANGUAGES.values(), *_WORLD, *(zone for row in _LIKELY.values() for zone in row)}
)


def offered(tag: str | None, server: str) -> str:
    """The first guess at a zone: by the language tag (en-GB, zh_TW.UTF-8, pt-br, ja), else the server's own."""
    language, *parts = re.split("[-_.@]", (tag or "").casefold())
    region = next((_REGIONS[part] for part in parts if part in _REGIONS), None)
    if region is None and "hant" in parts:
        return "Asia/Taipei"
    return region or _LANGUAGES.get(language, server)


def clocks(now: datetime, language: str, *, shown: str) -> tuple[tuple[int, str], ...]:
    """Six clocks, as minutes after midnight and a zone, each of another time, and none of the time that was shown.

    ``language`` is the interface's: zh-Hans, zh-Hant, en.
    """
    times = {wall(now, shown): shown}
    for zone in _ranked(language):
        times.setdefault(wall(now, zone), zone)
    return tuple(list(times.items())[1 : CLOCKS + 1])


def nearest(now: datetime, minutes: int, *, language: str) -> str:
    """The zone whose clock is nearest to the typed time (minutes after midnight); the likeliest of several."""
    return min(_ranked(language), key=lambda zone: _apart(wall(now, zone), minutes))


def suggestions(now: datetime, zone: str) -> tuple[int, int]:
    """The two hours offered: the present one, in full ten minutes, and the other end of the day."""
    minutes = wall(now, zone)
    other = _EVENING_HOUR if _NIGHT <= minutes < _NOON else _MORNING_HOUR
    return minutes - minutes % _STEP, other


def wall(now: datetime, zone: str) -> int:
    """What a clock in a zone shows, in minutes after midnight."""
    local = now.astimezone(_zone(zone))
    return local.hour * 60 + local.minute


def city(zone: str) -> str:
    """A zone's city as its name has it: New_York. Where the zone is NAMED, the catalogues know it: city.New_York."""
    return zone.rpartition("/")[2]


def clock(zone: str) -> str:
    """The catalogue key that tells a time there: 北京时间 20:12, 台北時間 20:12, or 13:40（柏林）."""
    return {"Asia/Shanghai": "clock.Shanghai", "Asia/Taipei": "clock.Taipei"}.get(zone, "clock.city")


@lru_cache(maxsize=128)  # zoneinfo itself keeps eight, and would read the others again for every row of clocks
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _ranked(language: str) -> tuple[str, ...]:
    return (*_LIKELY[language], *_WORLD)


def _apart(one: int, other: int) -> int:
    """Minutes between two times, the short way round."""
    gap = abs(one - other) % _A_DAY
    return min(gap, _A_DAY - gap)
