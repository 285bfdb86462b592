"""What is due next, among few and very many memories."""

import sqlite3
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.question import LearnerId
from bot.storage.migrate import migrate
from bot.storage.queries import study
from bot.storage.tables import Reader
from tests.bench.figure import Figure

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TIMES = 300


def filled(path: Path, memories: int) -> None:
    """A learner with so many memories, a hundredth of them due."""
    migrate(path)
    connection = sqlite3.connect(path)
    connection.execute(
        "INSERT INTO learner VALUES (1, 0, 'en', 'written', 'UTC', 5, 0.9, NULL, '[]', '[]', NULL, NULL, '[]', 1)"
    )
    connection.execute("INSERT INTO question_set VALUES (1, 's', 's', 's', 'en', '', 0, '1', 0, 1)")
    connection.execute("INSERT INTO enrolment VALUES (1, 1, 1, 0, 0, 1)")
    connection.executemany(
        "INSERT INTO question VALUES (?, 1, ?, 'single', '', '', NULL, ?, ?, '[]', 'live', '[]', 1)",
        ((n, n, n, n) for n in range(1, memories + 1)),
    )
    connection.executemany(
        "INSERT INTO memory VALUES"
        " (1, ?, 1, 5.0, 5.0, 'review', NULL, 0, 1, '2026-11-01', ?, NULL, NULL, NULL, NULL, 1)",
        ((n, (TODAY + timedelta(days=n % 100)).isoformat()) for n in range(1, memories + 1)),
    )
    connection.commit()
    connection.close()


def milliseconds(path: Path) -> tuple[float, float]:
    """Of the query as it runs, rows made into records; and of one look-up by primary key."""
    connection = sqlite3.connect(path, factory=Reader, cached_statements=512)
    wanted = study.Wanted(LearnerId(1))
    study.due(connection, wanted, day=TODAY, now=NOW, most=1)
    began = time.perf_counter()
    for _ in range(TIMES):
        assert study.due(connection, wanted, day=TODAY, now=NOW, most=1)
    query = time.perf_counter() - began
    began = time.perf_counter()
    for n in range(1, TIMES + 1):
        connection.execute("SELECT * FROM memory WHERE learner_id = 1 AND question_id = ?", (n,)).fetchone()
    look = time.perf_counter() - began
    connection.close()
    return query / TIMES * 1000, look / TIMES * 1000


def figures(folder: Path, *, sizes: tuple[int, int]) -> list[Figure]:
    """At both sizes, and how much slower the larger one is."""
    found = []
    for memories in sizes:
        path = folder / f"due{memories}.db"
        filled(path, memories)
        found.append(milliseconds(path))
        path.unlink()
    listed = [
        Figure(f"next due, {memories:,} memories", value, floor, "ms", "< 1 ms", "one row by its primary key")
        for memories, (value, floor) in zip(sizes, found, strict=True)
    ]
    growth = Figure("next due, the larger one", found[1][0], found[0][0], "ms", "≤ 1.50", "the smaller one")
    return [*listed, growth]
