"""A platform's way out that keeps what arrived, and fails when it is told to."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Literal

from bot.ports.chat import Delivery, Lane, Need, Reader, Reply, Undeliverable

TOO_OLD_HOURS = 48  # an older message is not taken away: it only loses its buttons


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody in a room saw happen to a message."""

    room: str
    id: str
    what: Literal["new", "edited", "deleted", "stripped"]
    reply: Reply
    reader: Reader
    lane: Lane


class Screens:
    """bot.ports.chat.Wire, kept to its promise. ``faults`` are raised by the next deliveries to a room, in turn.

    ``admins``: who runs which room, besides those of their own; ``needs``: what the bot lacks in a room.
    """

    remembers = timedelta()

    def __init__(self, *, whispers: bool = False) -> None:
        self.whispers = whispers
        self.needs: dict[str, tuple[Need, ...]] = {}
        self.seen: list[Seen] = []
        self.shown: dict[str, Seen] = {}  # what is on screen now, by its native id
        self.faults: dict[str, list[Exception]] = {}
        self.admins: set[tuple[str, str]] = set()  # room, account
        self.open = asyncio.Event()  # while it is not set nothing gets through
        self.open.set()
        self.begun = asyncio.Event()  # something has got through
        self.landing = asyncio.Event()  # while it is not set nothing that has begun arrives
        self.landing.set()
        self._ids = count(1)

    async def deliver(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        await self.open.wait()
        if not (delivery.shown and reply.edit) and not reply.away:
            await delivery.begin()
        self.begun.set()
        await self.landing.wait()
        fault = next(iter(self.faults.get(room, ())), None)
        if fault is None or (isinstance(fault, Undeliverable) and fault.unsure):
            native = self._happened(room, reply, reader, delivery)
        if fault is not None:
            self.faults[room].remove(fault)
            raise fault
        return native

    async def runs(self, room: str, account: str) -> bool:
        return room == account or (room, account) in self.admins

    async def lacks(self, room: str) -> tuple[Need, ...]:
        return self.needs.get(room, ())

    def taken(self) -> list[Seen]:
        """What happened since it was asked last."""
        seen, self.seen = self.seen, []
        return seen

    def _happened(self, room: str, reply: Reply, reader: Reader, delivery: Delivery) -> tuple[str, ...]:
        changed = tuple(delivery.shown) if reply.edit or reply.away else ()
        native = changed if changed or reply.away else (f"{room}:{next(self._ids)}",)
        what = _act(reply, delivery.age_hours) if changed else "new"
        for id_ in native:
            seen = Seen(room, id_, what, reply, reader, delivery.lane)
            self.seen.append(seen)
            self.shown[id_] = seen
            if what == "deleted":
                del self.shown[id_]
        return native


def _act(reply: Reply, age_hours: float) -> Literal["edited", "deleted", "stripped"]:
    if not reply.away:
        return "edited"
    return "deleted" if age_hours < TOO_OLD_HOURS else "stripped"
