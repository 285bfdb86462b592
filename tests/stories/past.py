"""What a learner did before a story begins, as the rows that it would have left behind."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

from bot.domain.hours import instant, upcoming
from bot.domain.kind import Outcome
from bot.domain.memory import AGAIN, GOOD, HARD, STEP, Answered, Graded, Memory, MemorySettings, after, answered
from bot.domain.question import AnswerId, AskId
from bot.ports.changes import Changes
from bot.ports.daily import Daily, Push
from bot.ports.place import Place
from bot.ports.post import Message
from bot.ports.reads import History, Person
from bot.ports.rows import Answer, Ask, Mark, Question, Revision
from bot.services.daily import WAKE
from bot.services.remembering import folded
from bot.services.study import FIRST_ANSWERS
from bot.services.today import House

SETTINGS = MemorySettings()
NOON = time(12)


@dataclass(frozen=True, slots=True)
class Did:
    """One answer, so many study days ago; of several on one day the first was given first."""

    ago: int
    outcome: Outcome = "right"
    guessed: bool = False
    hinted: bool = False

    @property
    def rating(self) -> int:
        if self.guessed or self.outcome in ("wrong", "unknown"):
            return AGAIN
        return GOOD if self.outcome == "right" and not self.hinted else HARD


Pattern = tuple[Did, ...]


def missed(ago: int) -> Pattern:
    """Wrong, and right a quarter of an hour later: one right day on the list of mistakes."""
    return Did(ago, "wrong"), Did(ago)


def rights(days: Collection[int]) -> Iterator[Pattern]:
    """Every way of being right once, twice or three times on these days, so many days ago."""
    for count in (1, 2, 3):
        for chosen in combinations(sorted(days, reverse=True), count):
            yield tuple(map(Did, chosen))


def with_hints(days: Collection[int]) -> Iterator[Pattern]:
    """The same, each time after a hint."""
    for pattern in rights(days):
        yield tuple(replace(one, hinted=True) for one in pattern)


def missed_often(days: Collection[int]) -> Iterator[Pattern]:
    """Missed on each of two or more of these days, with no right answer in between; right once since."""
    for count in (1, 2, 3):
        for *before, last, right in combinations(sorted(days, reverse=True), count + 1):
            yield (*(Did(ago, "wrong") for ago in (*before, last)), Did(right))


@dataclass
class Past:
    """One learner's past with one set, collected and then written in one commit.

    ``questions`` are the set's, in its order; those in ``spared`` are left alone by ``others``.
    """

    house: House
    person: Person
    questions: Sequence[tuple[Question, Revision]]

    def __post_init__(self) -> None:
        self.now, self.today = self.house.today(self.person.learner)
        self.done: dict[int, tuple[Pattern, int]] = {}  # by question: the answers, and when it is due from today
        self.spared: set[int] = set()
        self.stars: list[Question] = []
        self.reached = 0
        self.daily: Daily | None = None

    def of(self, stem: str) -> Question:
        """The question whose stem begins so, or that has this reference."""
        return next(one for one, revision in self.questions if stem == one.ref or _stem(revision).startswith(stem))

    def spare(self, *stems: str) -> None:
        self.spared |= {self.of(stem).id for stem in stems}

    def did(self, stem: str, *answers: Did, due: int = 0) -> None:
        """That question was answered so, and is due in so many days."""
        self.done[self.of(stem).id] = answers, due

    def so_that(self, stem: str, patterns: Iterable[Pattern], *, told: int, due: int = 0, ahead: int = 0) -> None:
        """One of the patterns, by which a right answer ``ahead`` days from now brings it back after ``told`` days."""
        question = self.of(stem)
        for pattern in patterns:
            if self._next(question, pattern, due, timedelta(days=ahead)) == told:
                self.done[question.id] = pattern, due
                return
        raise AssertionError(f"no past brings {stem} back after {told} days")

    def others(self, count: int, *answers: Did, due: int = 0, section: str = "", kind: str = "") -> None:
        """So many other questions, from the front of the set, were answered so; cases only where they are meant."""
        free = [
            question
            for question, _ in self.questions
            if question.id not in self.done and question.id not in self.spared
            if question.kind == kind or (not kind and question.kind != "case")
            if section in ("", question.section)
        ]
        assert len(free) >= count, f"{len(free)} questions are left, {count} are wanted"
        self.done |= {question.id: (answers, due) for question in free[:count]}

    def every_day(self, hour: int, minute: int = 0, *, unanswered: int = 0) -> None:
        """A daily question at that hour, from the next time on that the clock shows it; the last ones unanswered."""
        self.daily = Daily(
            learner_id=self.person.learner.id,
            room_id=self.person.room_id,
            hours=(hour * 60 + minute,),
            rhythm="daily",
            unanswered=unanswered,
            offering=False,
        )

    async def write(self) -> None:
        """All of it, oldest first, with the memories that replay makes of it."""
        given = sorted(
            (self._at(one, place, len(pattern)), question, place)
            for question, (pattern, _) in self.done.items()
            for place, one in enumerate(pattern)
        )
        rows: list[tuple[Ask, Answer]] = [self._row(at, question, place) for at, question, place in given]
        marks = [self._star(question) for question in self.stars]
        place = Place(self.person.learner.id, reached={str(self.questions[0][0].set_id): self.reached})
        learner = replace(self.person.learner, day=max((answer.day for _, answer in rows), default=None))
        memories = [
            folded(learner, self._history(question, [answer for _, answer in rows]), question.id)
            for question, _ in self.questions
            if question.id in self.done
        ]
        inserts = (*(one for pair in rows for one in pair), *marks)
        changes = Changes(inserts=inserts, updates=(*memories, learner, place))
        await self.house.storage.commit(changes + self._dailies(len(rows)))

    def _dailies(self, answers: int) -> Changes:
        """The daily question as it stands; who answered three without having one did not want it."""
        learner = self.person.learner
        if self.daily is None:
            refused = Daily(learner.id, self.person.room_id, offers=1, offering=False)
            return Changes(updates=(refused,) if answers >= FIRST_ANSWERS else ())
        rows = [self._sent(ago) for ago in range(1, self.daily.unanswered + 1)]
        last = [Message(push.room_id, f"ask:{ask.id}", ("past",), push.at) for ask, push in rows[:1]]
        moment = upcoming(self.now - timedelta.resolution, self.daily.hours, ZoneInfo(learner.zone))
        assert moment is not None
        inserts = (*(one for pair in rows for one in pair), *last)
        return Changes(inserts=inserts, updates=(self.daily,), wakes={f"{WAKE}:{learner.id}": moment.at})

    def _sent(self, ago: int) -> tuple[Ask, Push]:
        """A daily question of so many days ago that nobody answered."""
        assert self.daily is not None
        question, revision = self.questions[-ago]
        day = self.today - timedelta(days=ago)
        at = instant(day, self.daily.hours[0], ZoneInfo(self.person.learner.zone))
        room, learner = self.person.room_id, self.person.learner.id
        ask = Ask(AskId(self.house.ids.ask()), question.id, revision.id, (), room, learner, "daily", at)
        return ask, Push(learner, day, 0, ask.id, room, at)

    def _history(self, question: Question, answers: Sequence[Answer]) -> History:
        own = tuple(answer for answer in answers if answer.question_id == question.id)
        return History(own, (), (), None, question.kind, question.set_id)

    def _at(self, one: Did, place: int, of: int) -> datetime:
        """Noon of an earlier day, or the last minutes; a second answer of a day a quarter of an hour later."""
        if not one.ago:
            return self.now - timedelta(minutes=1 + 15 * (of - 1 - place))
        day = datetime.combine(self._day(one), NOON, ZoneInfo(self.person.learner.zone))
        return day + timedelta(minutes=15 * place)

    def _day(self, one: Did) -> date:
        return self.today - timedelta(days=one.ago)

    def _taken(self, question: Question, pattern: Pattern, due: int, place: int) -> Answered:
        """What was decided with an answer: until the next one, the last one until the day it is due."""
        one = pattern[place]
        until = pattern[place + 1].ago if place + 1 < len(pattern) else -due
        at, again = self._at(one, place, len(pattern)), one.rating == AGAIN
        steps = again and question.kind != "case"
        interval = None if steps else 1 if again else max(1, one.ago - until)
        return Answered(at, self._day(one), one.rating, one.outcome, interval, at + STEP if steps else None)

    def _next(self, question: Question, pattern: Pattern, due: int, ahead: timedelta) -> int | None:
        memory: Memory | None = None
        for place in range(len(pattern)):
            memory = after(memory, self._taken(question, pattern, due, place), SETTINGS)
        graded = Graded(question.id, self.now + ahead, self.today + ahead, GOOD, "right")
        return answered(memory, graded, SETTINGS)[0].interval_days

    def _row(self, at: datetime, question_id: int, place: int) -> tuple[Ask, Answer]:
        pattern, due = self.done[question_id]
        question, revision = next(one for one in self.questions if one[0].id == question_id)
        taken = self._taken(question, pattern, due, place)
        ask = Ask(
            id=AskId(self.house.ids.ask()),
            question_id=question.id,
            revision_id=revision.id,
            shown=tuple(range(len(getattr(revision.body, "options", ())))),
            room_id=self.person.room_id,
            learner_id=self.person.learner.id,
            purpose="study",
            asked_at=at,
        )
        answer = Answer(
            id=AnswerId(self.house.ids.new(self.now)),
            ask_id=ask.id,
            question_id=question.id,
            revision_id=revision.id,
            account_id=self.person.account_id,
            at=at,
            day=taken.day,
            outcome=taken.outcome,
            score=float(taken.outcome == "right"),
            marked=(),
            texts=(),
            hinted=pattern[place].hinted,
            guessed=pattern[place].guessed,
            rating=taken.rating,
            interval_days=taken.interval_days,
            due_at=taken.due_at,
            counts=True,
        )
        return ask, answer

    def _star(self, question: Question) -> Mark:
        now = self.now
        return Mark(self.house.ids.new(now), self.person.account_id, question.id, "star", now, version=1)


def _stem(revision: Revision) -> str:
    return str(getattr(revision.body, "stem", ""))
