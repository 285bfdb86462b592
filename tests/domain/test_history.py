"""Replay: whatever happened, the stored memory is the fold over what survives of it."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.history import Event, Marked, Reason, Rescheduled, applied, fold
from bot.domain.kind import Outcome
from bot.domain.memory import AGAIN, Answered, Graded, Memory, MemorySettings, answered

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DEFAULT = MemorySettings()
SETTINGS = (
    DEFAULT,
    MemorySettings(0.8),
    MemorySettings(0.97),
    MemorySettings(
        0.9, tuple(share * 1.05 if 0 < place < 6 else share for place, share in enumerate(DEFAULT_PARAMETERS))
    ),
)
MARKS: tuple[Literal["suspend", "unsuspend", "restore"], ...] = ("suspend", "unsuspend", "restore")
STEP_NAMES = ("answer", "answer", "answer", "answer", "undo", "guess", "settings", "reschedule", "mark", "merge")


@dataclass
class Diary:
    """A learner and one question as the services keep them: events, and the memory that is stored beside them."""

    dice: random.Random
    settings: MemorySettings = DEFAULT
    events: list[Event] = field(default_factory=list)
    memory: Memory | None = None
    day: date = TODAY
    at: datetime = NOON
    ids: int = 0

    def moment(self) -> tuple[datetime, int]:
        """The next instant, sometimes the same one, and a greater id."""
        self.at += timedelta(seconds=self.dice.choice((0, 1, 900)))
        self.ids += 1
        return self.at, self.ids

    def refold(self) -> None:
        self.memory = fold(self.events, self.settings)

    def answer(self) -> None:
        at, number = self.moment()
        self.day += timedelta(days=self.dice.choice((-3, 0, 0, 1, 2, 9, 70)))
        rating = self.dice.choice((1, 1, 2, 3, 3, 3, 4))
        outcome: Outcome = "right" if rating > AGAIN else self.dice.choice(("wrong", "unknown", "partial"))
        graded = Graded(7, at, self.day, rating, outcome, steps=self.dice.random() < 0.8)
        taken, self.memory = answered(self.memory, graded, self.settings)
        self.events.append(replace(taken, id=number))

    def merge(self) -> None:
        """An answer of another account, given before everything here."""
        _, number = self.moment()
        early = Graded(7, NOON - timedelta(days=self.ids), TODAY - timedelta(days=self.ids), 3, "right")
        taken, _ = answered(None, early, self.settings)
        self.events.append(replace(taken, id=number))
        self.refold()

    def undo(self) -> None:
        at, number = self.moment()
        answers = [event for event in self.events if isinstance(event, Answered)]
        if answers:
            self.events.remove(self.dice.choice(answers[-3:]))
            self.events.append(Rescheduled(at, self.day + timedelta(days=1), "undo", number))
            self.refold()

    def guess(self) -> None:
        """The newest right answer becomes a guess: decided anew, in its place."""
        _, number = self.moment()
        right = [event for event in self.events if isinstance(event, Answered) and event.outcome == "right"]
        if right:
            self.events.remove(right[-1])
            before = fold(
                [one for one in self.events if (one.at, one.id) < (right[-1].at, right[-1].id)], self.settings
            )
            taken, _ = answered(before, Graded(7, right[-1].at, right[-1].day, AGAIN, "right"), self.settings)
            self.events.append(replace(taken, id=number))
            self.refold()

    def change_settings(self) -> None:
        """The intervals that were decided stay; only what the formulas give is told anew."""
        before = self.memory
        self.settings = self.dice.choice(SETTINGS)
        self.refold()

        assert before is None or before == replace(
            self.memory or Memory(), stability_days=before.stability_days, difficulty=before.difficulty
        )

    def reschedule(self) -> None:
        at, number = self.moment()
        self.add(
            Rescheduled(
                at, self.day + timedelta(days=self.dice.randrange(40)), self.dice.choice(get_args(Reason)), number
            )
        )

    def mark(self) -> None:
        at, number = self.moment()
        self.add(Marked(at, self.dice.choice(MARKS), number))

    def add(self, event: Event) -> None:
        self.memory = applied(self.memory, event, self.settings)
        self.events.append(event)

    def happen(self, name: str) -> None:
        {
            "answer": self.answer,
            "undo": self.undo,
            "guess": self.guess,
            "settings": self.change_settings,
            "reschedule": self.reschedule,
            "mark": self.mark,
            "merge": self.merge,
        }[name]()


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.sampled_from(STEP_NAMES), max_size=25), st.integers(0, 2**32))
def test_the_stored_memory_is_the_fold(names: list[str], seed: int) -> None:
    """After each of any answers, undos, guesses, merges, marks and settings, replaying gives the stored state."""
    diary = Diary(random.Random(seed))  # noqa: S311 - the dice of a test
    for name in names:
        diary.happen(name)
        shuffled = diary.dice.sample(diary.events, len(diary.events))

        assert diary.memory == fold(shuffled, diary.settings)


def given_answer(rating: int, day: date) -> Answered:
    """An answer to question 7 as it is stored, at noon of a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return answered(None, Graded(7, at, day, rating, "right" if rating > AGAIN else "wrong"), DEFAULT)[0]


def test_nothing_happened() -> None:
    """No event, no memory."""
    assert fold([], DEFAULT) is None


def test_an_undone_first_answer_leaves_a_new_question_for_the_next_day() -> None:
    """As if never asked, but seen: nothing is remembered, and it is due on the next study day."""
    tomorrow = TODAY + timedelta(days=1)

    assert fold([Rescheduled(NOON, tomorrow, "undo")], DEFAULT) == Memory(due_day=tomorrow)


def test_the_answer_after_an_undo_counts_as_the_first() -> None:
    """Nothing of the undone answer is left in the memory."""
    back = Rescheduled(NOON, TODAY + timedelta(days=1), "undo")
    first = given_answer(3, TODAY + timedelta(days=1))

    assert fold([back, first], DEFAULT) == fold([first], DEFAULT)


def test_a_reschedule_ends_a_step_and_gives_way_to_the_next_answer() -> None:
    """The due day that was set last holds: an answer's, or one decided since."""
    wrong = given_answer(1, TODAY)
    later = Rescheduled(NOON + timedelta(hours=1), TODAY + timedelta(days=5), "return")
    moved = fold([wrong, later], DEFAULT)
    right = fold([wrong, later, given_answer(3, TODAY + timedelta(days=6))], DEFAULT)

    assert moved is not None
    assert (moved.due_day, moved.due_at, moved.phase) == (TODAY + timedelta(days=5), None, "learning")
    assert right is not None
    assert (right.last_day, right.phase) == (TODAY + timedelta(days=6), "review")


@pytest.mark.parametrize(
    ("names", "aside"),
    [(["suspend"], "suspend"), (["suspend", "unsuspend"], None), (["unsuspend"], None)],
)
def test_marks_set_aside_and_bring_back(names: list[Literal["suspend", "unsuspend"]], aside: str | None) -> None:
    """A suspended question is not asked, one brought back is due as before; marks of one instant keep their order."""
    first = given_answer(3, TODAY)
    folded = fold([first, *(Marked(NOON, name) for name in names)], DEFAULT)

    assert folded is not None
    assert (folded.aside, folded.due_day) == (aside, TODAY + timedelta(days=2))


def test_a_leech_is_brought_back() -> None:
    """Restoring or unsuspending lifts a leech; its lapses stay. What the learner suspended is not restored."""
    state = Memory(20.0, 5.0, "review", lapses=8, answers=20, last_day=TODAY, due_day=TODAY, aside="leech")

    suspended = replace(state, aside="suspend")

    assert applied(state, Marked(NOON, "restore"), DEFAULT) == replace(state, aside=None)
    assert applied(state, Marked(NOON, "unsuspend"), DEFAULT) == replace(state, aside=None)
    assert applied(suspended, Marked(NOON, "restore"), DEFAULT) == suspended


def test_a_question_brought_back_unanswered_is_due_in_every_zone() -> None:
    """Suspended before its first answer and brought back, it is not lost: due at once."""
    folded = fold([Marked(NOON, "suspend"), Marked(NOON, "unsuspend")], DEFAULT)

    assert folded == Memory(due_day=TODAY - timedelta(days=1))


def test_a_mastered_question_is_brought_back_to_the_mistakes() -> None:
    """Restoring puts a mastered question on the list again, and does nothing to any other."""
    days = [TODAY + timedelta(days=gap) for gap in range(3)]
    events = [given_answer(1, days[0]), given_answer(3, days[1]), given_answer(3, days[2])]
    restore = Marked(NOON + timedelta(days=9), "restore")
    mastered, once = fold(events, DEFAULT), fold(events[:2], DEFAULT)

    assert mastered is not None
    assert once is not None
    assert mastered.missed == 2
    assert applied(mastered, restore, DEFAULT) == replace(mastered, missed=0, right_day=None)
    assert applied(once, restore, DEFAULT) == once
