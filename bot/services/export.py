"""What is stored about a learner, as a file of their own."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.domain.prompt import Block, Text
from bot.ports.chat import File
from bot.ports.reads import Person
from bot.services.summary import Tables, paragraphs
from bot.services.today import House

SUMMARY = "summary.txt"


@dataclass(frozen=True, slots=True)
class Export:
    """A ZIP: a file of JSON for each table, and a summary to be read. It is made at the moment it is sent."""

    house: House

    def file(self, person: Person) -> File:
        return File(f"studybot-{self.house.today(person.learner)[1]}.zip", person.learner.id)

    async def made(self, file: File, say: Callable[[Block], str]) -> bytes:
        """The file's bytes; ``say`` tells the summary in the reader's language."""
        tables, now = await self.house.storage.everything(file.learner), self.house.clock.now()
        parts = ((Text("mydata.title"),), *await paragraphs(self.house, tables), tuple(listed(tables)))
        summary = "\n\n".join("\n".join(map(say, part)) for part in parts if part)
        return await asyncio.to_thread(_zipped, tables, summary, now)


def listed(tables: Tables) -> Iterator[Block]:
    """The files beside the summary, line by line; one without rows is left out."""
    if any(tables.values()):
        yield Text("mydata.files")
    for name, rows in tables.items():
        if rows:
            yield Text("mydata.table", {"file": f"{name}.json", "what": Text(f"table.{name}")}, len(rows))


def _zipped(tables: Tables, summary: str, now: datetime) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as zipped:
        for name, rows in tables.items():
            text = json.dumps([plain(row) for row in rows], ensure_ascii=False, indent=1)
            zipped.writestr(_entry(f"{name}.json", now), text)
        zipped.writestr(_entry(SUMMARY, now), summary)
    return written.getvalue()


def _entry(name: str, now: datetime) -> ZipInfo:
    """A ZIP knows the wall's time only: that of UTC."""
    entry = ZipInfo(name, now.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


def plain(value: Any) -> Any:
    """A record as JSON has it: instants and days in words of ISO 8601."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, tuple | frozenset):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
