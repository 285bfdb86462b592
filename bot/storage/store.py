"""The storage port over a database: every method is one query on one snapshot, or one commit."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.domain.history import Reason
from bot.domain.question import AccountId, AnswerId, AskId, LearnerId, QuestionId, RoomId, SetId
from bot.ports.broadcasts import Headway, Recipient
from bot.ports.changes import Changes
from bot.ports.daily import Daily, Morning
from bot.ports.groups import Board, Noon, Venue
from bot.ports.people import BoardName, Copy, LinkCode, Side
from bot.ports.place import Place
from bot.ports.reads import (
    Card,
    Desk,
    Group,
    History,
    Menu,
    Notice,
    Opening,
    Person,
    Progress,
    Shelf,
    Sitting,
    Totals,
    Wish,
)
from bot.ports.rows import Account, Answer, Learner, Mark, MemoryRow, Question, Report, Revision, Set
from bot.storage.queries import (
    broadcasts,
    daily,
    everything,
    groups,
    linking,
    lists,
    people,
    post,
    sets,
    sitting,
    study,
)
from bot.storage.turn import Engine, Held

EVERYTHING = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Store:
    """bot.ports.storage.Storage, whose promises hold here."""

    engine: Engine

    async def close(self) -> None:
        await self.engine.close()

    def turn(self) -> "StoreTurn":
        held = Held(self.engine)
        return StoreTurn(held, held)

    async def commit(self, changes: Changes) -> None:
        await self.engine.commit(changes)

    async def person(self, platform: str, native: str, room: str) -> Person | None:
        return await self.engine.read(people.person, platform, native, room)

    async def room(self, platform: str, native: str) -> RoomId | None:
        return await self.engine.read(people.room, platform, native)

    async def learner(self, learner: LearnerId) -> Learner | None:
        return await self.engine.read(people.known, learner)

    async def card(self, question: QuestionId) -> Card | None:
        return await self.engine.read(study.card, question)

    async def sitting(self, ask: AskId, person: Person, *, day: date, now: datetime) -> Sitting | None:
        return await self.engine.read(sitting.sitting, ask, person, day=day, now=now)

    async def opening(self, platform: str, native: str, ask: AskId) -> Opening | None:
        return await self.engine.read(study.opening, platform, native, ask)

    async def desk(
        self, person: Person, *, day: date, now: datetime, long: bool = True, in_set: SetId | None = None
    ) -> Desk:
        wanted = study.Wanted(person.learner.id, long=long, in_set=in_set)
        return await self.engine.read(sitting.desk, person, wanted, day=day, now=now)

    async def days(self, learner: LearnerId) -> tuple[date, ...]:
        return await self.engine.read(study.days, learner)

    async def due(self, learner: LearnerId, *, day: date, now: datetime) -> tuple[MemoryRow, ...]:
        return await self.engine.read(study.due, study.Wanted(learner), day=day, now=now, most=EVERYTHING)

    async def answer(self, answer: AnswerId) -> Answer | None:
        return await self.engine.read(study.answer, answer)

    async def last_answers(self, learner: LearnerId, since: date, limit: int) -> tuple[Answer, ...]:
        return await self.engine.read(study.last_answers, learner, since, limit)

    async def history(self, learner: LearnerId, question: QuestionId) -> History | None:
        return await self.engine.read(study.history, learner, question)

    async def rescheduled(self, learner: LearnerId, reason: Reason, since: datetime) -> Mapping[QuestionId, History]:
        return await self.engine.read(study.rescheduled, learner, reason, since)

    async def place(self, learner: LearnerId) -> Place:
        return await self.engine.read(people.place, learner)

    async def menu(self, learner: LearnerId, *, day: date, now: datetime) -> Menu:
        return await self.engine.read(lists.menu, learner, day=day, now=now)

    async def missed(self, learner: LearnerId, day: date) -> bool:
        return await self.engine.read(study.missed, study.Wanted(learner), day)

    async def groups(
        self, learner: LearnerId, by: Literal["section", "kind", "missed"], *, in_set: SetId | None, day: date
    ) -> tuple[Group, ...]:
        return await self.engine.read(lists.groups, learner, by, in_set=in_set, day=day)

    async def pool(self, learner: LearnerId, wish: Wish, *, day: date, now: datetime) -> tuple[QuestionId, ...]:
        return await self.engine.read(lists.pool, learner, wish, day=day, now=now)

    async def cards(self, questions: Sequence[QuestionId]) -> tuple[Card, ...]:
        return await self.engine.read(lists.cards, questions)

    async def mark(self, learner: LearnerId, question: QuestionId, name: str) -> Mark | None:
        return await self.engine.read(study.mark, learner, question, name)

    async def mark_of(self, mark: int) -> Mark | None:
        return await self.engine.read(sets.mark_of, mark)

    async def report_of(self, report: int) -> Report | None:
        return await self.engine.read(sets.report_of, report)

    async def shelves(self, learner: LearnerId) -> tuple[Shelf, ...]:
        return await self.engine.read(sets.shelves, learner)

    async def progress(self, learner: LearnerId, *, day: date, now: datetime) -> Progress:
        return await self.engine.read(lists.progress, learner, day=day, now=now)

    async def set(self, code: str) -> Set | None:
        return await self.engine.read(sets.by_code, code)

    async def contents(self, set_id: SetId) -> tuple[tuple[Question, Revision], ...]:
        return await self.engine.read(sets.contents, set_id)

    async def totals(self, day: date) -> Totals:
        return await self.engine.read(lists.totals, day)

    async def daily(self, learner: LearnerId) -> Daily | None:
        return await self.engine.read(daily.daily, learner)

    async def morning(self, learner: LearnerId, day: date) -> Morning | None:
        return await self.engine.read(daily.morning, learner, day)

    async def crowd(self, since: datetime, until: datetime) -> int:
        return await self.engine.read(daily.crowd, since, until)

    async def reports(self) -> tuple[tuple[Report, Card], ...]:
        return await self.engine.read(lists.reports)

    async def venue(self, room: RoomId) -> Venue | None:
        return await self.engine.read(groups.venue, room)

    async def venue_of(self, platform: str, native: str) -> Venue | None:
        return await self.engine.read(groups.venue_of, platform, native)

    async def venues(self, platform: str, chat: str) -> tuple[Venue, ...]:
        return await self.engine.read(groups.venues, platform, chat)

    async def told_at(self, room: RoomId, slot: str) -> datetime | None:
        return await self.engine.read(post.told_at, room, slot)

    async def group_sets(self) -> tuple[tuple[Set, int], ...]:
        return await self.engine.read(groups.group_sets)

    async def noon(self, room: RoomId) -> Noon | None:
        return await self.engine.read(groups.noon, room)

    async def board(self, ask: AskId) -> Board | None:
        return await self.engine.read(groups.board, ask)

    async def notice(self, ask: AskId) -> Notice | None:
        return await self.engine.read(groups.notice, ask)

    async def board_name(self, learner: LearnerId, room: RoomId) -> BoardName | None:
        return await self.engine.read(linking.board_name, learner, room)

    async def in_groups(self, learner: LearnerId) -> bool:
        return await self.engine.read(linking.in_groups, learner)

    async def everything(self, learner: LearnerId) -> Mapping[str, tuple[object, ...]]:
        return await self.engine.read(everything.everything, learner)

    async def scrub(self) -> bool:
        return await self.engine.scrub()

    async def emptied(self) -> bool:
        return await self.engine.emptied()

    async def unanswered(self, since: datetime, until: datetime) -> bool:
        return await self.engine.read(post.unanswered, since, until)

    async def copies(self) -> tuple[Copy, ...]:
        return await asyncio.to_thread(self.engine.copies)

    async def side(self, learner: LearnerId) -> Side:
        return await self.engine.read(linking.side, learner)

    async def link_code(self, account: AccountId) -> LinkCode | None:
        return await self.engine.read(linking.link_code, account)

    async def coded(self, digest: str, now: datetime) -> Account | None:
        return await self.engine.read(linking.coded, digest, now)

    async def wrong_codes(self, account: AccountId, since: datetime) -> tuple[int, int, datetime]:
        return await self.engine.read(linking.wrong_codes, account, since)

    async def histories(self, learner: LearnerId) -> Mapping[QuestionId, History]:
        return await self.engine.read(study.histories, learner)

    async def owner(self, account: AccountId | None) -> tuple[RoomId, Learner] | None:
        return await self.engine.read(groups.owner, account)

    async def headway(self, broadcast: int) -> Headway | None:
        return await self.engine.read(broadcasts.headway, broadcast)

    async def recipients(self, broadcast: int, now: datetime, most: int) -> tuple[Recipient, ...]:
        return await self.engine.read(broadcasts.recipients, broadcast, now, most)

    async def unsent(self, broadcast: int) -> tuple[Recipient, ...]:
        return await self.engine.read(broadcasts.unsent, broadcast)


@dataclass(frozen=True, slots=True)
class StoreTurn(Store):
    """bot.ports.storage.Turn: a store whose engine holds its commits back, and knows whose turn it is."""

    held: Held

    @property
    def changed(self) -> Learner | None:
        return self.held.learner

    async def person(self, platform: str, native: str, room: str) -> Person | None:
        found = await Store.person(self, platform, native, room)
        if found is not None:
            self.held.knows(found.learner)
        return found

    async def learner(self, learner: LearnerId) -> Learner | None:
        found = await Store.learner(self, learner)
        if found is not None:
            self.held.knows(found)
        return found

    async def settle(self, more: Changes) -> None:
        await self.held.settle(more)
