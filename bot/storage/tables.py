"""Records and tables: which record is which table, and the two turned into each other."""

import sqlite3
from collections.abc import Callable
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, get_type_hints

from bot.domain.question import RevisionId
from bot.ports import broadcasts, daily, groups, people, place, post, rows
from bot.storage.codec import Codec, Turn, column, versioned

# In the order in which rows can be written: a table refers only to tables above it. The second is the key.
TABLES: dict[type, tuple[str, tuple[str, ...]]] = {
    rows.Learner: ("learner", ("id",)),
    rows.Account: ("account", ("id",)),
    rows.Room: ("room", ("id",)),
    rows.Set: ("question_set", ("id",)),
    rows.Question: ("question", ("id",)),
    rows.Revision: ("revision", ("id",)),
    rows.Enrolment: ("enrolment", ("learner_id", "set_id")),
    rows.Ask: ("ask", ("id",)),
    rows.AskState: ("ask_state", ("ask_id", "learner_id")),
    rows.Answer: ("answer", ("id",)),
    rows.Reschedule: ("reschedule", ("id",)),
    rows.Undo: ("undo", ("id",)),
    rows.Mark: ("mark", ("id",)),
    rows.MemoryRow: ("memory", ("learner_id", "question_id")),
    rows.Report: ("report", ("id",)),
    place.Place: ("place", ("learner_id",)),
    daily.Daily: ("daily", ("learner_id",)),
    daily.Push: ("push", ("learner_id", "day", "slot")),
    groups.Course: ("course", ("room_id",)),
    groups.Board: ("board", ("room_id", "day")),
    people.LinkCode: ("link_code", ("account_id",)),
    people.BoardName: ("board_name", ("learner_id", "room_id")),
    people.WrongCode: ("wrong_code", ("id",)),
    broadcasts.Broadcast: ("broadcast", ("id",)),
    broadcasts.Recipient: ("recipient", ("broadcast_id", "learner_id")),
    post.Message: ("message", ("room_id", "slot")),
    post.Arrival: ("inbox", ("id",)),
    post.Outgoing: ("outbox", ("key",)),
    post.Wake: ("wake", ("key",)),
}

Row = TypeVar("Row")


class Shape(NamedTuple):
    """All that is known of a record's table: made once a class, used at every row."""

    name: str
    rank: int  # rows of a lower rank are written first
    key: tuple[str, ...]
    names: tuple[str, ...]
    codecs: tuple[Codec, ...]
    values: Callable[[object], tuple[Any, ...]]
    dumps: tuple[tuple[int, Turn], ...]
    loads: tuple[tuple[int, Turn], ...]
    version_at: int | None  # position of the version among the columns
    key_at: tuple[int, ...]
    insert: str
    update: str


class Shapes(dict[type, Shape]):
    """Every record's shape, made when it is first asked for."""

    def __missing__(self, cls: type) -> Shape:
        self[cls] = shaped(cls)
        return self[cls]


SHAPES = Shapes()


def shape(cls: type) -> Shape:
    """The table of a record; TypeError for a class that is none."""
    return SHAPES[cls]


def shaped(cls: type) -> Shape:
    if cls not in TABLES:
        raise TypeError(f"{cls.__name__} is no record of a table")
    name, key = TABLES[cls]
    names = tuple(get_type_hints(cls))
    codecs = tuple(codec(cls, field) for field in names)
    return Shape(
        name=name,
        rank=list(TABLES).index(cls),
        key=key,
        names=names,
        codecs=codecs,
        values=attrgetter(*names),
        dumps=tuple((at, turns.dump) for at, turns in enumerate(codecs) if turns.dump),
        loads=tuple((at, turns.load) for at, turns in enumerate(codecs) if turns.load),
        version_at=names.index("version") if "version" in names else None,
        key_at=tuple(names.index(part) for part in key),
        insert=insertion(name, names),
        update=replacement(name, names, key),
    )


def codec(cls: type, field: str) -> Codec:
    if (cls, field) == (rows.Revision, "body"):
        return Codec(body_text, None)  # read by kind: see ``load``
    return column(get_type_hints(cls)[field])


def body_text(body: Any) -> str:
    cls: Any = type(body)
    stored: str = versioned(cls).dump(body)
    return stored


def insertion(name: str, names: tuple[str, ...]) -> str:
    listed = ", ".join(names)
    return f"INSERT INTO {name} ({listed}) VALUES ({', '.join('?' * len(names))})"


def replacement(name: str, names: tuple[str, ...], key: tuple[str, ...]) -> str:
    """Sets every column but the key where the key and the version are those given; "" where there is no version."""
    if "version" not in names:
        return ""
    settings = ", ".join(f"{part} = ?" for part in names if part not in key)
    found = " AND ".join(f"{part} = ?" for part in (*key, "version"))
    return f"UPDATE {name} SET {settings} WHERE {found}"


def table(cls: type) -> str:
    """The name of a record's table."""
    return shape(cls).name


@cache
def columns(cls: type, alias: str = "") -> str:
    """A record's columns for a SELECT, in the order ``load`` takes them: ``m.learner_id, m.question_id, …``."""
    prefix = f"{alias}." if alias else ""
    return ", ".join(prefix + name for name in shape(cls).names)


@cache
def width(cls: type) -> int:
    """How many columns a record has: where the next record of a joined row begins."""
    return len(shape(cls).names)


def load(cls: type[Row], row: tuple[Any, ...] | sqlite3.Row, offset: int = 0) -> Row:
    """The record whose columns stand in ``row`` from ``offset`` on, as ``columns`` lists them."""
    known = shape(cls)
    values = list(row[offset : offset + len(known.names)])
    for at, turn in known.loads:
        if values[at] is not None:
            values[at] = turn(values[at])
    if cls is rows.Revision:
        read_body(known.names, values)
    return cls(*values)


def read_body(names: tuple[str, ...], values: list[Any]) -> None:
    """Turns the stored body into the Body of its kind, in place."""
    from bot.domain.kinds import BY_NAME  # noqa: PLC0415 - the kinds are needed only where a body is read

    body = names.index("body")
    if values[body] is not None:
        values[body] = versioned(BY_NAME[values[names.index("kind")]].Body).load(values[body])


def dump(record: object, known: Shape) -> list[Any]:
    """The column values of a record, in the table's order."""
    values = list(known.values(record))
    for at, turn in known.dumps:
        if values[at] is not None:
            values[at] = turn(values[at])
    return values


REVISIONS_KEPT = 2048  # about 2 KB each


class Reader(sqlite3.Connection):
    """A connection that reads, with the revisions it read last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.revision = lru_cache(REVISIONS_KEPT)(partial(fetched, self.execute))


def revision(connection: sqlite3.Connection, id_: RevisionId) -> rows.Revision:
    """A revision, kept by a ``Reader`` once it was read, for it never changes; KeyError where there is none."""
    return connection.revision(id_) if isinstance(connection, Reader) else fetched(connection.execute, id_)


def fetched(execute: Callable[..., sqlite3.Cursor], id_: RevisionId) -> rows.Revision:
    row = execute(f"SELECT {columns(rows.Revision)} FROM revision WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise KeyError(id_)
    return load(rows.Revision, row)
