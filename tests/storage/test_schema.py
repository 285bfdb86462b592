"""The schema: the same as the records, strict, and quick where it must be."""

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints

import pytest
from alembic import command
from alembic.config import Config

from bot.domain.kinds import boolean
from bot.storage.migrate import known, shipped
from bot.storage.queries import post, study
from bot.storage.queries.post import NEXT_WAKE
from bot.storage.tables import TABLES, Reader, revision, shape
from tests.storage import world


@pytest.fixture
def connection(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        yield connection


def offline(dialect: str) -> str:
    """All migrations as SQL for a database that is not there."""
    written = io.StringIO()
    config = Config(output_buffer=written)
    config.set_main_option("script_location", str(shipped("migrations")))
    config.set_main_option("dialect", dialect)
    command.upgrade(config, "head", sql=True)
    return written.getvalue()


def test_columns_are_the_records_fields(connection: sqlite3.Connection) -> None:
    """Every record has its table, and their columns are its fields."""
    found = {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in names(connection)
    }

    assert {shape(cls).name: sorted(shape(cls).names) for cls in TABLES} | {
        "item_count": ["n", "name", "revision_id"]
    } == {table: sorted(columns) for table, columns in found.items()}


def names(connection: sqlite3.Connection) -> list[str]:
    return [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        if name != "alembic_version"
    ]


def test_columns_are_empty_where_the_record_says_so(connection: sqlite3.Connection) -> None:
    """A column takes NULL exactly where its field may be None."""
    for cls in TABLES:
        hints = get_type_hints(cls)
        info = connection.execute(f"PRAGMA table_info({shape(cls).name})").fetchall()

        assert {name for name, hint in hints.items() if NoneType in get_args(hint)} == {
            row[1] for row in info if not row[3]
        }


def test_keys_are_the_records_keys(connection: sqlite3.Connection) -> None:
    """The key that guards an update is the table's primary key."""
    for cls in TABLES:
        info = connection.execute(f"PRAGMA table_info({shape(cls).name})").fetchall()

        assert set(shape(cls).key) == {row[1] for row in info if row[5]}


def test_parents_stand_before_children(connection: sqlite3.Connection) -> None:
    """A table refers only to tables that are written before it, so any order of records in a batch will do."""
    order = [shape(cls).name for cls in TABLES]
    refers = {(child, row[2]) for child in order for row in connection.execute(f"PRAGMA foreign_key_list({child})")}

    assert all(order.index(parent) < order.index(child) for child, parent in refers)
    assert len(refers) > 20


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    """SQLite keeps the types of every table of ours."""
    strict = {row[1]: row[5] for row in connection.execute("PRAGMA table_list") if row[1] in names(connection)}

    assert set(strict.values()) == {1}
    assert len(strict) == 30


def test_postgresql_takes_the_same(connection: sqlite3.Connection) -> None:
    """The DDL compiles for PostgreSQL: the same tables, its own types, the partial indexes, nothing of SQLite's."""
    ddl = offline("postgresql")
    tables = re.findall(r"CREATE TABLE (\w+)", ddl)
    indexes = re.findall(r"CREATE (?:UNIQUE )?INDEX (\w+)", ddl)
    here = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql <> ''")]

    assert sorted(tables) == sorted([*names(connection), "alembic_version"])
    dropped = re.findall(r"DROP INDEX (\w+)", ddl)

    assert sorted(indexes) == sorted([*here, *dropped])
    assert "id BIGINT NOT NULL" in ddl
    assert "stability_days DOUBLE PRECISION" in ddl
    assert "ON answer (ask_id, account_id) WHERE undone_by IS NULL" in ddl
    assert not re.search(r"STRICT|ROWID|SERIAL|\bINTEGER\b|\bREAL\b", ddl)


def test_postgresql_makes_parents_first() -> None:
    """Every REFERENCES names a table that was made above it, as PostgreSQL demands."""
    made: set[str] = set()
    for table, body in re.findall(r"CREATE TABLE (\w+) \((.*?)\n\);", offline("postgresql"), re.DOTALL):
        assert set(re.findall(r"REFERENCES (\w+)", body)) <= made
        made.add(table)

    assert len(made) == 31


def test_migrations_are_one_line() -> None:
    """Files are numbered, each follows the one before, and none goes back."""
    previous = None
    for path in sorted(shipped("migrations").joinpath("versions").glob("[0-9]*.py")):
        text = path.read_text("utf-8")

        assert f'revision = "{path.name[:4]}"\n' in text
        assert f"down_revision = {previous}\n" in text
        assert "def downgrade" not in text
        previous = f'"{path.name[:4]}"'
    assert previous == f'"{known(shipped("migrations"))[-1]}"'


DUE = "SELECT question_id FROM memory WHERE learner_id = 1 AND aside IS NULL AND due_day <= '2026-03-14'"
QUICK = {
    "next due": (
        f"{DUE} ORDER BY due_day LIMIT 1",
        "USING INDEX memory_due (learner_id=? AND due_day<?)",
    ),
    "next due of the active sets": (
        f"{DUE} AND set_id IN (4, 5) ORDER BY due_day LIMIT 1",
        "USING INDEX memory_due (learner_id=? AND due_day<?)",
    ),
    "next step": (
        "SELECT question_id FROM memory WHERE learner_id = 1 AND aside IS NULL AND due_at <= 5 ORDER BY due_at LIMIT 1",
        "USING INDEX memory_step (learner_id=? AND due_at<?)",
    ),
    "the list of mistakes": (
        "SELECT question_id FROM memory WHERE learner_id = 1 AND missed < 2",
        "USING COVERING INDEX memory_missed (learner_id=? AND missed<?)",
    ),
    "one memory": ("SELECT * FROM memory WHERE learner_id = 1 AND question_id = 2", "USING PRIMARY KEY"),
    "answers of a day": (
        "SELECT * FROM answer WHERE account_id = 1 AND day = '2026-03-14'",
        "USING INDEX answer_day (account_id=? AND day=?)",
    ),
    "study days": ("SELECT DISTINCT day FROM answer WHERE account_id = 1", "USING COVERING INDEX answer_day"),
    "a question's history": (
        "SELECT * FROM answer WHERE account_id = 1 AND question_id = 2",
        "USING INDEX answer_question (account_id=? AND question_id=?)",
    ),
    "the answer to an ask": (
        "SELECT * FROM answer WHERE ask_id = 1 AND account_id = 1 AND undone_by IS NULL",
        "USING INDEX answer_once (ask_id=? AND account_id=?)",
    ),
    "the next new question": (
        "SELECT id FROM question WHERE set_id = 1 ORDER BY turn",
        "USING COVERING INDEX question_turn",
    ),
    "the paper's order": ("SELECT id FROM question WHERE set_id = 1 AND place > 3 ORDER BY place", "question_place"),
    "a section": ("SELECT id FROM question WHERE set_id = 1 AND section = 'x' ORDER BY place", "question_section"),
    "the author's id": ("SELECT id FROM question WHERE set_id = 1 AND ref = 'q' AND ref <> ''", "question_ref"),
    "today's daily": (
        "SELECT id FROM ask WHERE learner_id = 1 AND purpose = 'daily' ORDER BY asked_at DESC LIMIT 1",
        "USING INDEX ask_daily (learner_id=?)",
    ),
}


@pytest.mark.parametrize("what", QUICK)
def test_queries_go_by_an_index(connection: sqlite3.Connection, what: str) -> None:
    """What is asked at every step is found in an index that has it in order: no scan, no sorting."""
    query, plan = QUICK[what]
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}")]

    assert len(steps) == 1, steps
    assert plan in steps[0]


def test_a_form_goes_by_indexes(connection: sqlite3.Connection) -> None:
    """It opens by one query, and finds each of its rows by an index."""
    given = {"platform": "discord", "native": "1", "ask": 7}
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {study.OPENING}", given)]

    assert [step for step in steps if step.startswith("SCAN")] == []
    assert len(steps) > 4


def test_what_is_owed_to_one_goes_by_an_index(connection: sqlite3.Connection) -> None:
    """Nothing of what others have sent is looked at, and what was taken in first is found first."""
    given = {"platform": "telegram", "account": "1", "most": 50}
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {post.OWED_TO}", given)]

    assert steps == ["SEARCH i USING INDEX inbox_account (account=?)", "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"]


def test_what_waits_elsewhere_is_not_looked_at(connection: sqlite3.Connection) -> None:
    """However much waits for one platform, another's next message is found without it."""
    given = {"platform": "discord", "now": 9, "lease": 5, "most": 64}
    for query in (post.NEXT_LETTER, post.VOID, post.UNSURE, post.CLAIMED):
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", given)]
        found = [step for step in steps if "outbox" in step]

        assert all("outbox_platform_at (platform=?" in step or "PRIMARY KEY (key=?)" in step for step in found), found
        assert found


def test_next_due_costs_the_same_among_many(connection: sqlite3.Connection) -> None:
    """Among a hundred times the memories the next due is found in as many steps of SQLite's machine."""

    def fill(first: int, last: int) -> None:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO memory SELECT i % 100, i, 4, 1, 5, 'review', NULL, 0, 1, NULL, date(i * 7 % 900 + 2460000.5),"
            " NULL, NULL, NULL, NULL, 1 FROM n",
            (first, last),
        )

    due = QUICK["next due of the active sets"][0].replace("2026", "2030")
    fill(1, 1_000)
    few = cost(connection, due)
    fill(1_001, 100_000)

    assert cost(connection, due) <= few + 5


def test_the_next_timer_costs_the_same_among_many(connection: sqlite3.Connection) -> None:
    """Among a hundred times the timers the next one is found in as many steps; a leased one counts by its lease."""

    def fill(first: int, last: int) -> None:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO wake SELECT 'k' || i, i, 0, NULL FROM n",
            (first, last),
        )

    fill(10, 1_000)
    connection.execute("UPDATE wake SET lease_until = 11 WHERE at = 10")
    few = cost(connection, NEXT_WAKE)
    fill(1_001, 100_000)

    assert cost(connection, NEXT_WAKE) <= few + 5
    assert connection.execute(NEXT_WAKE).fetchone() == (11,)


def cost(connection: sqlite3.Connection, query: str) -> int:
    """Steps of SQLite's machine until the first row, which is there."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 1)
    row = connection.execute(query).fetchone()
    connection.set_progress_handler(None, 0)
    assert row is not None
    return steps


def test_a_revision_is_read_once(database: Path) -> None:
    """A reading connection keeps the revisions it read; a plain one asks again; an unknown one is a KeyError."""
    with closing(sqlite3.connect(database, factory=Reader)) as reader, closing(sqlite3.connect(database)) as plain:
        plain.execute("INSERT INTO revision VALUES (200, 100, 'boolean', ?, NULL, '', '', '', '', 0)", (TRUE,))
        plain.commit()
        id_ = world.revision(0).id

        assert revision(reader, id_).body == boolean.Body("s", truth=True)
        assert revision(reader, id_) is revision(reader, id_)
        assert revision(plain, id_) == revision(reader, id_)
        with pytest.raises(KeyError):
            revision(reader, world.revision(1).id)


TRUE = '{"v":1,"stem":"s","truth":true}'
