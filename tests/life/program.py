"""The real program as a process of its own, on one database file: started, ended, killed, started again."""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import Coroutine, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BOT = ("bot", "run")


@dataclass
class Program:
    """The bot in a folder of its own, with settings beside those that every test needs."""

    folder: Path
    settings: dict[str, str]
    command: Sequence[str] = BOT
    process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def database(self) -> Path:
        return self.folder / "study.db"

    @property
    def errors(self) -> Path:
        """What the process wrote to its standard error, of every start."""
        return self.folder / "stderr.txt"

    @property
    def environment(self) -> dict[str, str]:
        base = {
            "HOME": str(self.folder),
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
            "STUDYBOT_DATABASE_URL": f"sqlite:///{self.database}",
            "STUDYBOT_SEED": "7",
        }
        return base | self.settings

    async def start(self) -> None:
        with self.errors.open("a") as errors:
            self.process = await asyncio.create_subprocess_exec(
                *self._line(self.command), cwd=self.folder, env=self.environment, stdout=errors, stderr=errors
            )

    async def lives(self, until: Coroutine[object, object, object]) -> None:
        """Waits for something that a living program brings about."""
        assert self.process is not None
        waiting, end = asyncio.ensure_future(until), asyncio.ensure_future(self.process.wait())
        await asyncio.wait({waiting, end}, return_when=asyncio.FIRST_COMPLETED)
        end.cancel()
        if not waiting.done():
            waiting.cancel()
            raise AssertionError(f"the program ended: {self.errors.read_text(encoding='utf-8')}")
        waiting.result()

    async def kill(self) -> None:
        """As the machine does it: without a word."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def runs(self, *words: str) -> str:
        """What another command of the program writes, beside the one that runs."""
        process = await asyncio.create_subprocess_exec(
            *self._line(("bot", *words)),
            cwd=self.folder,
            env={**self.environment, "STUDYBOT_CLOCK": ""},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        return said.decode()

    def rows(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        """What stands in the database now."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(query, given).fetchall()

    def bugs(self) -> list[str]:
        """What the log holds of errors, and what was written to standard error after the line that greets."""
        log = self.folder / "studybot.log"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        told = [line for line in lines if not line.startswith("{") or json.loads(line)["level"] == "error"]
        written = self.errors.read_text(encoding="utf-8").splitlines() if self.errors.exists() else []
        greets = ("Telegram", "Discord")
        return [*told, *(line for line in written if not any(one in line for one in greets))]

    @staticmethod
    def _line(words: Sequence[str]) -> tuple[str, ...]:
        return (sys.executable, "-W", "error", "-m", *words)
