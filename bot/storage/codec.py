"""Columns of Python values: instants, days, and records as JSON. Chosen once by annotation, then cached."""

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, NewType, Union, get_args, get_origin, get_type_hints

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TUPLES_KEPT = 512  # of each column, with their JSON: the same few come again and again, mostly the empty one
BODY_VERSION = 1  # of a record stored as JSON: raised with a migration when a record changes its shape

Turn = Callable[[Any], Any]


class Codec(NamedTuple):
    """How a value is written and read again; None where it is taken as it is. Never asked about None."""

    dump: Turn | None
    load: Turn | None


PLAIN = Codec(None, None)


class Both(NamedTuple):
    """A codec of which both directions are needed."""

    dump: Turn
    load: Turn


def micros(instant: datetime) -> int:
    """Microseconds since 1970 UTC, exact; TypeError for an instant without a zone."""
    span = instant - EPOCH
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def instant(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


INSTANT = Codec(micros, instant)
DAY = Codec(date.isoformat, date.fromisoformat)
BOOLEAN = Codec(int, bool)
SCALARS: Mapping[object, Codec] = {
    int: PLAIN,
    str: PLAIN,
    float: PLAIN,
    bool: BOOLEAN,
    datetime: INSTANT,
    date: DAY,
}


def bare(kind: Any) -> Any:
    """The annotation without NewType, without ``None``, and with a Literal's values as their type."""
    if isinstance(kind, NewType):
        return bare(kind.__supertype__)
    if get_origin(kind) is Literal:
        return type(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        members = {bare(member) for member in get_args(kind) if member is not type(None)}
        return members.pop() if len(members) == 1 else kind
    return kind


def column(kind: Any) -> Codec:
    """The codec of a column with this annotation: a scalar, or text that holds JSON."""
    kind = bare(kind)
    if kind in SCALARS:
        return SCALARS[kind]
    if is_record(kind):
        return Codec(*versioned(kind))
    turns = text(part(kind))
    return Codec(*map(lru_cache(TUPLES_KEPT), turns)) if get_origin(kind) is tuple else Codec(*turns)


def is_record(kind: Any) -> bool:
    return is_dataclass(kind)


def text(inner: Codec) -> Both:
    """JSON text of what ``inner`` makes."""
    dump, load = inner
    return Both(
        (lambda value: compact(dump(value))) if dump else compact,
        (lambda stored: load(json.loads(stored))) if load else json.loads,
    )


# One encoder: json.dumps with options builds a new one at every call (measured three times as slow).
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@cache
def versioned(cls: Any) -> Both:
    """A record as a JSON object that carries the version of its shape as ``v``."""
    dump, load = record(cls)

    def written(value: Any) -> str:
        return compact({"v": BODY_VERSION, **dump(value)})

    def read(stored: str) -> Any:
        found = json.loads(stored)
        if found.pop("v", None) != BODY_VERSION:
            raise ValueError(f"a stored {cls.__name__} is of another version than {BODY_VERSION}")
        return load(found)

    return Both(written, read)


@cache
def record(cls: Any) -> Both:
    """A dataclass as a mapping of its fields: one that has its default is left out, an unknown one is a bug.

    So a new default is a new shape: what was stored with the old one would take it.
    """
    hints = get_type_hints(cls)
    parts = {field.name: part(hints[field.name]) for field in fields(cls)}
    dumps = tuple((field.name, parts[field.name].dump, default_of(field)) for field in fields(cls))
    loads = {name: turns.load for name, turns in parts.items() if turns.load}

    def dump(value: Any) -> dict[str, Any]:
        stored = {}
        for name, turn, default in dumps:
            found = getattr(value, name)
            if found is not default and found != default:
                stored[name] = turned(turn, found)
        return stored

    def load(stored: dict[str, Any]) -> Any:
        return cls(**{name: turned(loads.get(name), value) for name, value in stored.items()})

    return Both(dump, load)


def default_of(field: Field[Any]) -> Any:
    """What the field has where nothing is said; MISSING where something must be."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def turned(turn: Turn | None, value: Any) -> Any:
    return value if turn is None or value is None else turn(value)


def part(kind: Any) -> Codec:
    """The codec of a value inside JSON; TypeError for an annotation that it does not know."""
    kind = bare(kind)
    if kind in (int, str, float, bool):
        return PLAIN
    if is_record(kind):
        return Codec(*record(kind))
    if get_origin(kind) in (Union, types.UnionType):
        return tagged(frozenset(named(kind)))
    return SCALARS.get(kind) or contained(kind)


def contained(kind: Any) -> Codec:
    """Tuples as lists, mappings as objects."""
    origin, inside = get_origin(kind), get_args(kind)
    if origin is tuple:
        return several(inside)
    if origin in (dict, Mapping):
        return mapped(part(inside[1]))
    raise TypeError(f"no codec for {kind!r}")


def several(inside: tuple[Any, ...]) -> Codec:
    """A tuple: every place has the same codec, or none is needed."""
    turns = {part(member) for member in inside if member is not Ellipsis}
    if len(turns) != 1:
        raise TypeError(f"a tuple of different things has no codec: {inside!r}")
    dump, load = turns.pop()
    return Codec(
        (lambda value: [turned(dump, each) for each in value]) if dump else None,
        (lambda value: tuple([turned(load, each) for each in value])) if load else tuple,
    )


def mapped(inner: Codec) -> Codec:
    dump, load = inner
    return Codec(
        lambda value: {key: turned(dump, each) for key, each in value.items()},
        (lambda value: {key: turned(load, each) for key, each in value.items()}) if load else None,
    )


def named(kind: Any) -> list[Any]:
    """The records among a union's members."""
    return [member for member in get_args(kind) if is_record(member)]


@cache
def tagged(records: frozenset[Any]) -> Codec:
    """A union: what JSON has stands as it is, a tuple as a list, a day or a record as ``{its name: …}``."""
    by_name = {cls.__name__: cls for cls in records}

    def dump(value: Any) -> Any:
        cls: Any = type(value)
        if cls in records:
            return {cls.__name__: record(cls).dump(value)}
        if cls is tuple:
            return [dump(each) for each in value]
        return {"date": value.isoformat()} if cls is date else value

    def load(stored: Any) -> Any:
        if isinstance(stored, list):
            return tuple(load(each) for each in stored)
        if isinstance(stored, dict):
            ((name, inside),) = stored.items()
            return date.fromisoformat(inside) if name == "date" else record(by_name[name]).load(inside)
        return stored

    return Codec(dump, load)
