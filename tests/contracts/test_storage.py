"""What every storage promises, whatever database is behind it: one adapter a line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.kind import State
from bot.domain.prompt import Quote, Text
from bot.domain.question import AnswerId, AskId, QuestionId
from bot.ports.changes import AlreadyDone, Changes, Conflict
from bot.ports.people import Tried, WrongCode
from bot.ports.place import Place, Round
from bot.ports.reads import Opening, Person, Tally
from bot.ports.rows import AskState, Mark, Report, Reschedule, Undo
from bot.ports.storage import Storage
from bot.storage.migrate import migrate
from bot.storage.sqlite import SqliteStorage
from bot.storage.store import Store
from tests.storage import world

PERSON = Person(world.learner(1), world.ACCOUNT, world.ROOM)
HOUR = timedelta(hours=1)
QUESTION, ASK, ANSWER = QuestionId(100), AskId(300), AnswerId(400)


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Storage]:
    path = folder / "studybot.db"
    migrate(path)
    store = Store(await SqliteStorage.open(path, synchronous="NORMAL"))
    yield store
    await store.close()


Adapter = Callable[[Path], AbstractAsyncContextManager[Storage]]
ADAPTERS: dict[str, Adapter] = {"sqlite": sqlite}


@pytest.fixture(params=ADAPTERS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    adapter = ADAPTERS[request.param]
    async with adapter(tmp_path) as storage:
        await storage.commit(world.people())
        await storage.commit(world.contents())
        yield storage


async def test_person_comes_back(storage: Storage) -> None:
    """A person is found by the platform's own ids, with the version that the first commit gave."""
    found = await storage.person("terminal", "me", "tty")

    assert found == PERSON


async def test_learner_comes_back_whole(storage: Storage) -> None:
    """Days, optional fields, lists and pairs of a learner come back as they were stored."""
    told = replace(
        world.learner(1),
        day=date(2026, 3, 14),
        off_days=(),
        quiet=(0, 1439),
        exam=date(2026, 6, 1),
        pauses=(("2026-01-01", "2026-01-09"),),
    )
    await storage.commit(Changes(updates=(told,)))

    assert await storage.learner(world.LEARNER) == replace(told, version=2)


async def test_card_comes_back_whole(storage: Storage) -> None:
    """A question comes back with its set and its revision, whose body is its kind's."""
    card = await storage.card(QUESTION)

    assert card is not None
    assert card.question == replace(world.question(0), version=1)
    assert card.revision == world.revision(0)
    assert card.set.partial is True


async def test_opening_comes_back_whole(storage: Storage) -> None:
    """What a form needs of one's own question, with how far it was answered; not of an answered one."""
    ask, state = replace(world.ask(0), learner_id=world.LEARNER), State(hinted=True)
    fresh = await storage.opening("terminal", "me", ask.id)
    await storage.commit(Changes(updates=(AskState(ask.id, world.LEARNER, state),)))
    found = await storage.opening("terminal", "me", ask.id)
    learner = await world.known(storage)

    assert fresh == Opening(learner, ask, world.revision(0), None)
    assert found == Opening(learner, ask, world.revision(0), state)
    assert await storage.opening("terminal", "you", ask.id) is None
    await storage.commit(Changes(inserts=(world.answer(0),)))
    assert await storage.opening("terminal", "me", ask.id) is None


async def test_place_comes_back_whole(storage: Storage) -> None:
    """A round keeps its name with all arguments: numbers, days, quoted content, lists of them."""
    name = Text("round.section", {"name": Quote("LoRA"), "n": 3, "on": date(2026, 3, 14), "of": ("a", Text("b"))}, 2)
    place = Place(world.LEARNER, ASK, Round(name, (QUESTION,), 3, right=1), {"4": 2}, version=1)
    await storage.commit(Changes(updates=(place,)))

    assert await storage.place(world.LEARNER) == replace(place, version=2)


async def test_answer_comes_back_whole(storage: Storage) -> None:
    """Instants keep their microseconds; what was given keeps its order."""
    given = replace(world.answer(0), texts=("梯度", 'a "b"\n'), marked=(2, 0), due_at=datetime.max.replace(tzinfo=UTC))
    await storage.commit(Changes(inserts=(given,)))

    assert await storage.answer(ANSWER) == given


async def test_history_comes_back_whole(storage: Storage) -> None:
    """Answers, reschedules, marks and memory of one question are what was committed together."""
    moved = Reschedule(1, world.ACCOUNT, QUESTION, world.NOW, date(2026, 4, 1), "exam")
    star = Mark(2, world.ACCOUNT, QUESTION, "star", world.NOW)
    changes = world.answered(0)
    await storage.commit(replace(changes, inserts=(*changes.inserts, moved), updates=(*changes.updates, star)))

    history = await storage.history(world.LEARNER, QUESTION)

    assert history is not None
    assert history.answers == (world.answer(0),)
    assert history.reschedules == (moved,)
    assert history.marks == (replace(star, version=1),)
    assert history.memory == replace(world.memory(0), version=1)


async def test_what_was_rescheduled_is_found(storage: Storage) -> None:
    """By its reason and since an instant, until it ends; then the history does not know it any more."""
    moved = Reschedule(1, world.ACCOUNT, QUESTION, world.NOW, date(2026, 4, 1), "exam")
    changes = world.answered(0)
    await storage.commit(replace(changes, inserts=(*changes.inserts, moved)))
    later = world.NOW + timedelta(seconds=1)

    found = await storage.rescheduled(world.LEARNER, "exam", world.NOW)
    others = [await storage.rescheduled(world.LEARNER, *one) for one in (("pause", world.NOW), ("exam", later))]
    await storage.commit(Changes(updates=(replace(moved, ended_at=later),)))
    history = await storage.history(world.LEARNER, QUESTION)

    assert {question: history.reschedules for question, history in found.items()} == {QUESTION: (moved,)}
    assert others == [{}, {}]
    assert await storage.rescheduled(world.LEARNER, "exam", world.NOW) == {}
    assert history is not None
    assert history.reschedules == ()


async def test_reports_come_back(storage: Storage) -> None:
    """A report is found by its id until and after it is withdrawn, but listed only before."""
    report = Report(9, world.ACCOUNT, QUESTION, world.revision(0).id, "key", world.NOW)
    await storage.commit(Changes(updates=(report,)))
    listed = await storage.reports()
    await storage.commit(Changes(updates=(replace(report, withdrawn_at=world.NOW, version=1),)))

    assert [found.id for found, _ in listed] == [9]
    assert await storage.reports() == ()
    assert await storage.report_of(9) == replace(report, withdrawn_at=world.NOW, version=2)


async def test_same_insert_twice_is_already_done(storage: Storage) -> None:
    """The second of two equal commits is refused and leaves nothing, its counts neither."""
    await storage.commit(Changes(inserts=(world.answer(0),)))

    with pytest.raises(AlreadyDone):
        await storage.commit(Changes(inserts=(world.answer(1), world.answer(0))))
    assert await storage.answer(AnswerId(401)) is None


async def test_one_answer_to_an_ask(storage: Storage) -> None:
    """A second answer of the same account to the same ask is refused, under another id too."""
    await storage.commit(world.answered(0))

    with pytest.raises(AlreadyDone):
        await storage.commit(Changes(inserts=(world.answer(0, id_=499),)))


async def test_a_question_counts_once_a_day(storage: Storage) -> None:
    """By its first answer of the day: who was wrong and then right has answered one question, and none right."""
    again = replace(world.ask(0), id=AskId(309))
    wrong = replace(world.answer(0), outcome="wrong")
    right = replace(world.answer(0, id_=409), ask_id=again.id)
    await storage.commit(Changes(inserts=(again, wrong, right, world.answer(1))))

    found = await storage.desk(PERSON, day=world.DAY, now=world.NOW)
    assert found.tally == Tally(answered=2, right=1, earlier=False)


async def test_undone_answer_makes_room(storage: Storage) -> None:
    """Within one commit an answer is taken back and another takes its place: a guess replaces what it was."""
    await storage.commit(world.answered(0))
    undo = Undo(7, world.ACCOUNT, ANSWER, world.NOW, "guessed")
    await storage.commit(Changes(inserts=(undo, world.answer(0, id_=499)), undone=((ANSWER, 7),)))

    assert await storage.answer(ANSWER) == world.answer(0, undone_by=7)
    assert await storage.answer(AnswerId(499)) == world.answer(0, id_=499)


async def test_undone_once(storage: Storage) -> None:
    """An answer that is taken back cannot be taken back again."""
    await storage.commit(world.answered(0))
    await storage.commit(Changes(undone=((ANSWER, 7),)))

    with pytest.raises(AlreadyDone):
        await storage.commit(Changes(undone=((ANSWER, 8),)))


async def test_version_guards(storage: Storage) -> None:
    """Of two who read the same version, the second conflicts, and the first one's word stays."""
    await storage.commit(Changes(updates=(world.learner(1, goal=10),)))

    with pytest.raises(Conflict):
        await storage.commit(Changes(updates=(world.learner(1, goal=20),)))
    assert (await world.known(storage)).goal == 10


async def test_new_row_conflicts(storage: Storage) -> None:
    """Of two who write the same new row, the second conflicts."""
    await storage.commit(Changes(updates=(world.memory(0),)))

    with pytest.raises(Conflict):
        await storage.commit(Changes(updates=(world.memory(0, lapses=3),)))


async def test_missing_row_conflicts(storage: Storage) -> None:
    """A change of a row that is not there conflicts: nothing is made from it."""
    with pytest.raises(Conflict):
        await storage.commit(Changes(updates=(world.memory(0, version=4),)))


async def test_marks_once_until_ended(storage: Storage) -> None:
    """A question is starred once; ended, it may be starred again, and a restore never stands in the way."""
    star = Mark(1, world.ACCOUNT, QUESTION, "star", world.NOW)
    await storage.commit(Changes(updates=(star,)))
    with pytest.raises(Conflict):
        await storage.commit(Changes(updates=(replace(star, id=2),)))
    await storage.commit(Changes(updates=(replace(star, ended_at=world.NOW, version=1), replace(star, id=2))))
    restores = (replace(star, id=3, name="restore"), replace(star, id=4, name="restore"))
    await storage.commit(Changes(updates=restores))

    assert await storage.mark(world.LEARNER, QUESTION, "star") == replace(star, id=2, version=1)


async def test_all_or_nothing(storage: Storage) -> None:
    """A commit whose last part conflicts leaves nothing of its first."""
    changes = world.answered(0)

    with pytest.raises(Conflict):
        await storage.commit(replace(changes, updates=(*changes.updates, world.learner(7))))
    assert await storage.answer(ANSWER) is None


async def test_many_at_once(storage: Storage) -> None:
    """Of many commits at once exactly those succeed that could one after another."""
    results = await asyncio.gather(
        *(storage.commit(world.answered(number)) for number in (0, 1, 0, 2, 1, 0)), return_exceptions=True
    )

    assert [type(result) for result in results].count(AlreadyDone) == 3
    assert results.count(None) == 3
    assert [await storage.answer(AnswerId(400 + number)) for number in range(3)] == [*map(world.answer, range(3))]


async def test_tries_at_once(storage: Storage) -> None:
    """Of many wrong codes at once so many are taken as may be, of one account and of all; then no right one either."""

    def tried(id_: int, *, own: int = 9, everybody: int = 9) -> Changes:
        wrong = (WrongCode(id_, world.ACCOUNT, world.NOW),) if id_ else ()
        return Changes(inserts=wrong, tries=(Tried(world.ACCOUNT, world.NOW - HOUR, own, everybody),))

    first = await asyncio.gather(*(storage.commit(tried(n, own=2)) for n in (1, 2, 3)), return_exceptions=True)
    then = await asyncio.gather(*(storage.commit(tried(n, everybody=4)) for n in (4, 5, 6)), return_exceptions=True)
    last = await asyncio.gather(storage.commit(tried(0, everybody=4)), storage.commit(tried(0)), return_exceptions=True)

    assert [type(one) for one in (*first, *then)] == [type(None), type(None), Conflict] * 2
    assert [type(one) for one in last] == [Conflict, type(None)]
    assert await storage.wrong_codes(world.ACCOUNT, world.NOW - HOUR) == (4, 4, world.NOW)


async def test_read_sees_what_was_committed(storage: Storage) -> None:
    """A commit that returned is seen by every read that is asked after it."""
    for version in range(1, 30):
        await storage.commit(Changes(updates=(world.learner(version, goal=version),)))

        assert (await world.known(storage)).goal == version


async def test_state_of_an_ask(storage: Storage) -> None:
    """How far one is in an ask comes back with the version to change it."""
    state = AskState(ASK, world.LEARNER, State("near", texts=("SHAP", "")))
    await storage.commit(Changes(updates=(state,)))

    sitting = await storage.sitting(ASK, PERSON, day=world.DAY, now=world.NOW)

    assert sitting is not None
    assert (sitting.state, sitting.state_version) == (state.state, 1)
