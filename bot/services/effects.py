"""What an answer changes: the day's tally, the learner's place, the item's counters, a group's counter."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.kind import Verdict
from bot.domain.question import QuestionId
from bot.ports.changes import Changes, Count
from bot.ports.place import Place, Round
from bot.ports.reads import Sitting, Tally
from bot.ports.rows import Answer, Ask, Learner, MemoryRow

COUNT = "count"  # "count:17:3": the third time that the counter of a group's ask 17 may be edited
COUNT_EVERY = timedelta(seconds=10)


def changes_of(learner: Learner, sitting: Sitting, answer: Answer, *, memory: MemoryRow, place: Place) -> Changes:
    """All that is committed with an answer, but for a due day that it moves."""
    updates: tuple[object, ...] = (memory,)
    if place is not sitting.place:
        updates += (place,)
    if learner.day != answer.day:
        updates += (replace(learner, day=answer.day),)
    if sitting.daily is not None and sitting.daily.unanswered:
        updates += (replace(sitting.daily, unanswered=0),)
    return Changes(
        inserts=(answer,),
        updates=updates,
        counts=counts_of(answer, by=1),
        outbox=dict.fromkeys(sitting.needless),
        wakes=recount(sitting.ask, answer.at),
    )


def counts_of(answer: Answer, *, by: int) -> tuple[Count, ...]:
    """The item's counters that an answer changes; none where it does not count for them."""
    if not answer.counts:
        return ()
    picked = tuple(Count(answer.revision_id, f"option:{option}", by) for option in answer.marked)
    return (Count(answer.revision_id, answer.outcome, by), *picked)


def counted(sitting: Sitting, verdict: Verdict, day: date) -> Tally:
    """The day's tally after the answer: a question counts once, by its first answer of the day."""
    tally = sitting.tally
    if sitting.memory is not None and sitting.memory.last_day == day:
        return tally
    return Tally(tally.answered + 1, tally.right + (verdict.outcome == "right"), tally.earlier)


def recount(ask: Ask, at: datetime) -> dict[str, datetime | None]:
    """The timer of a group's counter: one every ten seconds, however many answer, and none where nobody does.

    Each has a key of its own: one that runs does not take away what an answer has set meanwhile.
    """
    if ask.purpose != "group":
        return {}
    times = (at - ask.asked_at) // COUNT_EVERY + 1
    return {f"{COUNT}:{ask.id}:{times}": ask.asked_at + times * COUNT_EVERY}


def advanced(sitting: Sitting, verdict: Verdict) -> Place:
    """The place after an answer: a round goes on, a missed question of a round of mistakes goes to its end."""
    place, question = sitting.place, sitting.ask.question_id
    if sitting.ask.purpose != "round" or place.round is None or question not in place.round.left:
        return place
    reached = place.reached
    if place.round.ordered:
        reached = {**reached, str(sitting.card.set.id): sitting.card.question.place}
    return replace(place, round=_stepped(place.round, question, right=verdict.outcome == "right"), reached=reached)


def _stepped(practice: Round, question: QuestionId, *, right: bool) -> Round:
    left = tuple(other for other in practice.left if other != question)
    if practice.mistakes and not right:
        return replace(practice, left=(*left, question))
    return replace(practice, left=left, done=practice.done + 1, right=practice.right + right)
