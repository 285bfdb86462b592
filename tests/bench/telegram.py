"""What a press costs on Telegram, side by side: our program, python-telegram-bot's and aiogram's two calls alone."""

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.bench.answers import prepared
from tests.bench.beside import LEARNERS, Best, beside, run, timed
from tests.bench.figure import Figure

SERVER = "tests.bench.canned"
AIOGRAM = Path("build/aiogram")  # an environment of its own: it wants an older pydantic than we do
PINNED = "aiogram==3.31.0"
AIMS = {"ptb": "≤ 0.30", "aiogram": "≤ 1.50"}


def updates(presses: Sequence[Sequence[str]]) -> list[dict[str, object]]:
    """The learners' presses as updates, each learner's first, then each one's second."""
    rounds = [(person, actions[turn]) for turn in range(len(presses[0])) for person, actions in enumerate(presses)]
    return [update(number, person, action) for number, (person, action) in enumerate(rounds, 1)]


def update(number: int, person: int, action: str) -> dict[str, object]:
    who = {"id": person, "is_bot": False, "first_name": "p", "language_code": "zh-hans"}
    chat = {"id": person, "type": "private", "first_name": "p"}
    message = {"message_id": number, "date": 1, "chat": chat, "text": "Question?"}
    query = {"id": str(number), "from": who, "chat_instance": "1", "message": message, "data": action}
    return {"update_id": number, "callback_query": query}


def aiogram() -> str | None:
    """The interpreter of aiogram's environment, made at the first time; None where it cannot be had."""
    python = AIOGRAM / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(AIOGRAM)], check=True)  # noqa: S603 - our own
        install = [str(python), "-m", "pip", "install", "--quiet", PINNED]
        if subprocess.run(install, check=False).returncode:  # noqa: S603 - our own
            shutil.rmtree(AIOGRAM)
            return None
    return str(python)


def crowded(database: Path, learners: int) -> None:
    """So many more learners, each with an account, a room, and a daily question that is planned."""
    numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?) "
    other = {"learner": {"id": "n"}, "room": {"id": "n", "native": "'x' || n"}}
    other["account"] = {"id": "n", "learner_id": "n", "native": "'x' || n"}
    with closing(sqlite3.connect(database)) as connection, connection:
        for table in ("learner", "room", "account"):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(other[table].get(name, name) for name in names)
            one = f"(SELECT * FROM {table} LIMIT 1)"  # noqa: S608 - the same
            connection.execute(f"{numbers} INSERT INTO {table} SELECT {values} FROM n, {one}", (learners,))  # noqa: S608
        dailies = (
            "INSERT INTO daily (learner_id, room_id, hours, rhythm, unanswered, offers, offering, version)"
            " SELECT n, n, '[450]', 'daily', 0, 1, 0, 1 FROM n"
        )
        connection.execute(numbers + dailies, (learners,))
        wakes = "INSERT INTO wake SELECT 'daily:' || n, 9000000000000000, 0, NULL FROM n"
        connection.execute(numbers + wakes, (learners,))


def resident(folder: Path, listed: Path, database: Path, *, learners: int) -> Figure:
    """Memory after the presses, with few learners known and with very many."""
    few, many = folder / "few.db", folder / "many.db"
    shutil.copy(database, few)
    shutil.copy(database, many)
    crowded(many, learners)
    found = [run(sys.executable, "ours", listed, path, server=SERVER) for path in (many, few)]
    value, floor = (0.0 if one is None else one["resident_mb"] for one in found)
    return Figure(
        f"resident, {learners:,} learners known", value, floor, "MB", "≤ 150 MB", f"{LEARNERS} learners known"
    )


def figures(
    folder: Path, *, each: int, times: int = 3, learners: int = 100_000, others: Sequence[str] = tuple(AIMS)
) -> list[Figure]:
    """CPU of one press, ours beside the others', the best of ``times`` runs of each; memory with many learners."""
    database, listed = folder / "press.db", folder / "updates.json"
    presses = asyncio.run(prepared(database, LEARNERS, each, platform="telegram"))
    listed.write_text(json.dumps(updates([[press.words for press in mine] for mine in presses])), encoding="utf-8")
    best: Best = {}
    for _ in range(times):
        for name in ("ours", *others):
            python = aiogram() if name == "aiogram" else sys.executable
            if python is not None:
                timed(name, listed, database, best, server=SERVER, python=python)
    found = [figure for name in others for figure in _beside(best, name, LEARNERS * each)]
    return [*found, resident(folder, listed, database, learners=learners)]


def _beside(best: Best, name: str, total: int) -> list[Figure]:
    note = f"{name}, an empty handler making the same two calls"
    return beside(best, name, total, ours="ours", where="Telegram", aim=AIMS[name], note=note)
