"""What a story's ``given`` line says in plain words, as a history that the house itself makes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from bot.domain.memory import GOOD, Graded, Memory, MemorySettings, answered
from bot.domain.question import QuestionId
from bot.ports.chat import Incoming
from bot.ports.rows import Changes, Question, Reschedule, Revision
from bot.ports.storage import Person
from bot.services import remembering
from tests.stories.player import Player

DAY = timedelta(days=1)
Stored = tuple[Question, Revision]


@dataclass(frozen=True, slots=True)
class Given:
    """A learner's past: study days in a row before today, answers today (``wrong`` of them so), and what is due.

    ``due`` is the part of a stem by which its question is known, and the interval that a right answer today shall
    give it; without it nothing is due.
    """

    who: str = "lin"
    days: int = 4
    today: int = 0
    wrong: int = 0
    due: tuple[str, int] | None = None


GIVEN = {
    "02b-morning-multiple.zh": Given(today=1),
    "02c-morning-boolean.zh": Given(today=2, due=("LoRA 训练时会改动原始权重", 6)),
    "02d-morning-blank.zh": Given(today=3, due=("混合精度训练常把大部分计算", 8)),
    "02e-morning-case.zh": Given(today=4, wrong=1),
}


async def build(player: Player, given: Given) -> None:
    """Answers as that learner did, day after day; then the story's own clock goes on."""
    now = player.clock.now()
    player.clock.instant = now - 20 * DAY
    person = await _person(player, given.who)
    player.clock.instant = now
    questions = await _questions(player)
    shown = "\n".join(line.text for line in player.story.lines)
    fillers = iter([one for one in questions if _stem(one[1]) not in shown and one[0].kind in ("single", "boolean")])
    past = {} if given.due is None else _past(player, questions, given.due)
    for ago in range(20, 0, -1):
        if ago in past:
            target, right = past[ago]
            await _answer(player, person, target, now - ago * DAY, right=right)
        elif ago <= given.days:
            await _right(player, person, next(fillers), now - ago * DAY)
    for place in range(given.today):
        await _answer(player, person, next(fillers), now - timedelta(minutes=30), right=place >= given.wrong)
    player.clock.instant = now
    await _put_off(player, person, questions, given)


async def _person(player: Player, who: str) -> Person:
    await player.router.handle(Incoming("command", "telegram", who, who, "/help", language="zh-Hans"))
    found = await player.store.person("telegram", who, who)
    assert found is not None
    return found


async def _questions(player: Player) -> list[Stored]:
    found = await player.store.set("xai")
    assert found is not None
    return list(await player.store.contents(found.id))


def _stem(revision: Revision) -> str:
    body: Any = revision.body
    return str(body.stem)


async def _right(player: Player, person: Person, one: Stored, at: datetime) -> None:
    await _answer(player, person, one, at, right=True)


async def _answer(player: Player, person: Person, one: Stored, at: datetime, *, right: bool) -> None:
    """The question asked and answered at an instant, as anybody would."""
    question, revision = one
    body: Any = revision.body
    player.clock.instant = at
    who = next(line.who for line in player.story.lines if line.kind == "said")
    study = player.services.study
    now_known = replace(person, learner=await player.store.learner(person.learner.id))
    asked = await study.ask(now_known, question.id, await player.store.place(person.learner.id), purpose="study")
    said = _words(revision, right=right)
    action = f"a:{asked.ask.id}:x" if said is None else f"a:{asked.ask.id}:{said}"
    values = tuple(blank.accept[0] for blank in body.blanks) if right and question.kind == "blank" else ()
    kind = "form" if values else "press"
    words = f"a:{asked.ask.id}:" if values else action
    incoming = Incoming(kind, "telegram", who, who, words, values)  # type: ignore[arg-type]
    await player.router.handle(incoming)


def _words(revision: Revision, *, right: bool) -> str | None:
    """The token of the right answer; None for "don't know", and for a blank, which is typed."""
    if not right or revision.kind == "blank":
        return None
    body: Any = revision.body
    if revision.kind == "boolean":
        return "0" if body.truth else "1"
    return str(body.right)


def _past(player: Player, questions: list[Stored], due: tuple[str, int]) -> dict[int, tuple[Stored, bool]]:
    """A past of that question after which a right answer today gives the interval told: by days ago."""
    part, interval_days = due
    one = next(one for one in questions if part in _stem(one[1]))
    found = next(past for past in pasts() if _interval(one[0].id, past, player) == interval_days)
    return {ago: (one, right) for ago, right in found}


def pasts() -> Iterator[tuple[tuple[int, bool], ...]]:
    """Short pasts: one or two answers, right or not, up to 20 days ago, the older first."""
    for ago, right in product(range(1, 20), (True, False)):
        yield ((ago, right),)
    for first, second in product(range(2, 20), range(1, 19)):
        if first > second:
            for rights in product((True, False), repeat=2):
                yield ((first, rights[0]), (second, rights[1]))


def _interval(question: QuestionId, past: tuple[tuple[int, bool], ...], player: Player) -> int | None:
    memory: Memory | None = None
    now = player.clock.now()
    for ago, right in (*past, (0, True)):
        at = now - ago * DAY
        day = (at - timedelta(hours=4 - 8)).date()  # Asia/Shanghai's study day
        graded = Graded(question, at, day, GOOD if right else 1, "right" if right else "unknown")
        taken, memory = answered(memory, graded, MemorySettings())
    return taken.interval_days


async def _put_off(player: Player, person: Person, questions: list[Stored], given: Given) -> None:
    """The story's question is due today, and nothing else is."""
    now = player.clock.now()
    learner = await player.store.learner(person.learner.id)
    day = player.services.study.house.today(learner)[1]
    for question, revision in questions:
        history = await player.store.history(learner.id, question.id)
        if history is None or history.memory is None:
            continue
        wanted = given.due is not None and given.due[0] in _stem(revision)
        due_day = day if wanted else day + 20 * DAY
        move = Reschedule(
            player.services.study.house.ids.new(now), person.account_id, question.id, now, due_day, "exam"
        )
        moved = replace(history, reschedules=(*history.reschedules, move))
        row = remembering.folded(learner, moved, question.id)
        await player.store.commit(Changes(inserts=(move,), updates=(row,)))
