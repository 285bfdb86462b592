"""kill -9 of the running bot under busy learners: killed, looked into, started again."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.life.busy import Learner
from tests.life.crowd import CODE, Waiting, moved_in
from tests.life.ends import End
from tests.life.hand import Gone
from tests.life.phones import Phone
from tests.life.town import SECOND, Platform, Town, town

BUSY, SLEEPERS = 50, 200
A_KILL = timedelta(seconds=1.3)  # passes on the town's clock between two, by the way
MORNING = datetime(2026, 11, 24, 7, tzinfo=UTC)
DAILY = "Daily question"  # stands in the last line of one
STEP_CALLS = 75  # a cut comes within so many calls of the bot, a kill within as many: with fewer nobody gets on
ADDED = 10_000  # to a sleeper's place: their number on Telegram

OWED = "SELECT count(*) FROM inbox"
ANSWERS = "SELECT ask_id FROM answer WHERE undone_by IS NULL"
TWICE = "SELECT ask_id FROM answer WHERE undone_by IS NULL GROUP BY ask_id, account_id HAVING count(*) > 1"
COUNTED = "SELECT coalesce(sum(n), 0) FROM item_count WHERE name IN ('right', 'partial', 'wrong', 'unknown')"
COUNTING = "SELECT count(*) FROM answer WHERE counts = 1 AND undone_by IS NULL"
# What had begun, not what merely had its place in the queue: only that can have arrived, and come again. How often:
# what two kills found so is given up by the next start.
IN_FLIGHT = "SELECT r.native, o.unsure FROM outbox o JOIN room r ON r.id = o.room_id WHERE o.unsure > 0"


@dataclass
class Torment:
    """A town whose bot is killed again and again, within so many calls; ``sleepers`` by their numbers."""

    town: Town
    learners: list[Learner]
    sleepers: dict[str, Phone]
    dice: Random
    in_flight: dict[str, int] = field(default_factory=dict)  # to whom something was being sent, at how many kills
    kills: int = 0
    step_calls: int = STEP_CALLS

    async def bustle(self) -> None:
        """Everybody acts, and time passes, until the program is gone."""
        hand = self.town.hand
        assert hand is not None
        try:
            while True:
                for learner in self.learners:
                    learner.acts()
                following = await hand.move(hand.now)
                ahead = hand.now + SECOND
                await hand.move(ahead if following is None else min(following, ahead))
        except Gone:
            return

    async def kill(self) -> None:
        """After any number of calls and any moment more; every line was cut on the way."""
        end = self.dice.choice(self.town.ends)
        await self._calls(end)
        for one in self.town.ends:
            one.breaks()
        await self._calls(end)
        await asyncio.sleep(self.dice.uniform(0, 0.02))
        await self.town.program.kill()
        self.kills += 1

    async def _calls(self, end: End) -> None:
        calls = end.calls() + self.dice.randrange(self.step_calls)
        await end.until(lambda: end.calls() >= calls)

    async def survives(self) -> None:
        """One kill, what must hold right after it, and the next start."""
        await asyncio.gather(self.bustle(), self.kill())
        await asyncio.to_thread(self.looks)
        await self.town.open()

    def looks(self) -> None:
        rows = self.town.program.rows
        answered = {ask for (ask,) in rows(ANSWERS)}
        self.in_flight |= {native.lstrip("@"): times for native, times in rows(IN_FLIGHT)}
        lost = {ask for one in self.learners for ask in one.acknowledged | one.told} - answered

        assert lost == set()
        assert rows(TWICE) == []
        assert rows(COUNTED) == rows(COUNTING)
        assert rows("PRAGMA integrity_check") == [("ok",)]

    def dailies(self) -> Counter[str]:
        """How many daily questions each sleeper has seen."""
        return Counter({number: phone.reads(DAILY) for number, phone in self.sleepers.items()})

    @property
    def missing(self) -> set[str]:
        """Who has seen none."""
        return {number for number, times in self.dailies().items() if not times}

    @property
    def given_up(self) -> set[str]:
        """Whom two kills met between the mark of their message and its request: it is sent again once at most."""
        return {native for native, times in self.in_flight.items() if times > 1}

    @property
    def twice(self) -> set[str]:
        """Who has seen two: what the next start sends again had its mark at the kill."""
        return {number for number, times in self.dailies().items() if times > 1}

    @property
    def answers(self) -> int:
        """How many answers were acknowledged."""
        return sum(len(one.acknowledged) for one in self.learners)

    def __str__(self) -> str:
        lost = f"{len(self.twice)} of them twice, {len(self.missing)} of {len(self.given_up)} given up"
        return f"{self.kills} kills, {self.answers} answers, {self.dailies().total()} daily questions, {lost}"


async def torment(folder: Path, kills: int, *, on: Sequence[Platform]) -> Torment:
    """Busy learners and sleepers with a daily question in the minutes of the kills; in the end nothing is owed."""
    length = kills * A_KILL
    crowd = [
        Waiting(ADDED + place, MORNING + place * length / SLEEPERS, on[place % len(on)]) for place in range(SLEEPERS)
    ]
    await moved_in(folder / "study.db", crowd, questions=60 * kills)
    async with town(folder, MORNING, on=on, opened=False) as found:
        ends = dict(zip(on, found.ends, strict=True))
        sleepers = {
            str(one.number): ends[one.platform].phone(f"sleeper{one.number}", number=one.number) for one in crowd
        }
        await found.open()
        phones = [found.ends[n % len(on)].phone(f"busy{n}") for n in range(BUSY)]
        learners = [Learner(phone, Random(n)) for n, phone in enumerate(phones)]  # noqa: S311 - choices
        for learner in learners:
            learner.phone.opens(CODE)
        await found.settle()
        done = Torment(found, learners, sleepers, Random(kills))  # noqa: S311 - moments
        for _ in range(kills):
            await done.survives()
        await found.wait(crowd[-1].at + timedelta(minutes=15))
        done.looks()

        assert found.program.rows(OWED) == [(0,)]
        assert [one.phone.newest() for one in learners if not one.acts()] == []
    return done
