"""Reading files into sets: what is new, revised, as before, gone, and held for review."""

from dataclasses import replace

import pytest

from bot.domain.errors import StudyBotError
from bot.domain.kinds import multiple
from bot.domain.prompt import Quote, Text
from bot.domain.question import Doubt, Draft, Option, Pair, Part, Reading
from bot.ports.changes import Changes, Conflict, NotStored
from bot.services.ids import Ids
from bot.services.importing import Importing
from bot.services.services import Services
from bot.services.titles import short
from bot.services.today import House
from bot.storage.store import Store
from tests.services.conftest import DRAFTS, NewChat, Standing, Straight, reading, single

NUMBERED = tuple(single(f"第{n}题问的是什么东西？", number=n) for n in range(1, 6))


async def test_the_same_again_changes_nothing(services: Services) -> None:
    """Same content, same questions; the set is published once."""
    first = await services.importing.read(reading(*DRAFTS), "sums", source="1")
    again = await services.importing.read(reading(*DRAFTS), "sums", source="1")

    assert (first.new, first.changed) == (6, True)
    assert (again.new, again.revised, again.same, again.archived, again.changed) == (0, 0, 6, 0, False)


async def test_a_changed_question_is_revised(services: Services, store: Store) -> None:
    """At the same section and number, or by the author's id, or a near duplicate: a revision of the same question."""
    key = replace(single("改了答案的题问什么？", number=9), ref="key")
    await services.importing.read(reading(*NUMBERED, key, DRAFTS[5]), "sums", source="1")
    kept = await store.set("sums")
    assert kept is not None
    before = {question.id for question, _ in await store.contents(kept.id)}
    changed = (
        replace(NUMBERED[0], stem="第1题问的是什么东西呢？"),
        replace(NUMBERED[1], number=None, section="乙", options=(*NUMBERED[1].options, Option("四"))),
        *NUMBERED[2:],
        replace(key, right=(0,), number=10),
        DRAFTS[5],
    )
    done = await services.importing.read(reading(*changed), "sums", source="2")

    assert (done.new, done.revised, done.same, done.archived) == (0, 3, 4, 0)
    assert {question.id for question, _ in await store.contents(kept.id)} == before


async def test_a_changed_case_or_open_question_is_revised(services: Services) -> None:
    """What a case asks counts like a stem: with a word changed it is the same question, with another one a new one."""
    case, open_ = DRAFTS[4:]
    await services.importing.read(reading(case, open_), "sums", source="1")
    changed = (replace(case, parts=(Part("怎样平分给两个人？"),)), replace(open_, parts=(Part("这是为什么？"),)))
    revised = await services.importing.read(reading(*changed), "sums", source="2")
    other = replace(open_, parts=(Part("水在几度结冰，又在几度沸腾？"),))
    new = await services.importing.read(reading(changed[0], other), "sums", source="3")

    assert (revised.new, revised.revised) == (0, 2)
    assert (new.new, new.same, new.archived) == (1, 1, 1)


async def test_what_is_missing_is_archived_and_may_come_back(services: Services, store: Store) -> None:
    """A question that is not in the file is not asked; in the file again it is the same one."""
    await services.importing.read(reading(*NUMBERED), "sums", source="1")
    gone = await services.importing.read(reading(*NUMBERED[:4]), "sums", source="2")
    other = replace(NUMBERED[4], stem="完全不同的另外一件事情怎么样？", options=(Option("甲乙"), Option("丙丁")))
    new = await services.importing.read(reading(*NUMBERED[:4], other), "sums", source="3")
    back = await services.importing.read(reading(*NUMBERED), "sums", source="4")
    known = await store.set("sums")
    assert known is not None
    contents = await store.contents(known.id)

    assert (gone.archived, new.new, back.new, back.archived) == (1, 1, 0, 1)
    assert (back.returned, back.same, back.revised) == (1, 4, 0)
    assert sum(question.state == "live" for question, _ in contents) == 5


async def test_another_paper_is_not_read_over_a_set(services: Services, store: Store) -> None:
    """Where more than half of a set would be retired nothing is changed, unless that is what is meant."""
    await services.importing.read(reading(*NUMBERED), "sums", source="1")
    other = reading(*NUMBERED[:2], DRAFTS[5], title="语文")
    with pytest.raises(StudyBotError) as caught:
        await services.importing.read(other, "sums", source="2")
    kept = await store.set("sums")
    done = await services.importing.read(other, "sums", source="2", replacing=True)

    assert caught.value.text.args == {"title": Quote("算术"), "code": "sums", "archived": 3}
    assert kept is not None
    assert (kept.title, kept.digest) == ("算术", "1")
    assert (done.set.title, done.new, done.same, done.archived) == ("语文", 1, 2, 3)


async def test_what_comes_back_is_a_change(services: Services) -> None:
    """A retired question that is in the file again is counted as returned, revised or not."""
    await services.importing.read(reading(*NUMBERED), "sums", source="1")
    await services.importing.read(reading(*NUMBERED[:3]), "sums", source="2")
    revised = replace(NUMBERED[4], explanation="因为。")
    back = await services.importing.read(reading(*NUMBERED[:4], revised), "sums", source="3")

    assert (back.returned, back.revised, back.same, back.changed) == (2, 0, 3, True)


async def test_a_set_is_called_what_its_file_calls_it(services: Services, store: Store) -> None:
    """Title, short title, language, licence and partial credit follow the file, the code stays."""
    await services.importing.read(reading(*DRAFTS), "sums", source="1")
    words = Reading("算术二", DRAFTS, code="x", short_title="二", language="zh-Hant", licence="CC0-1.0", partial=True)
    done = await services.importing.read(words, "sums", source="2")
    known = await store.set("sums")
    assert known is not None
    bodies = [revision.body for _, revision in await store.contents(known.id)]

    assert (known.code, known.title, known.short_title) == ("sums", "算术二", "二")
    assert (known.language, known.licence, known.partial) == ("zh-Hant", "CC0-1.0", True)
    assert (done.changed, done.revised, done.same) == (True, 1, 5)
    assert [body.partial for body in bodies if isinstance(body, multiple.Body)] == [True]


async def test_a_title_alone_is_a_change(services: Services) -> None:
    """A file with another title changes the set, though each question stays."""
    await services.importing.read(reading(*DRAFTS), "sums", source="1")
    done = await services.importing.read(reading(*DRAFTS, title="加法"), "sums", source="2")

    assert (done.same, done.set.title, done.changed) == (6, "加法", True)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("可解释 AI", "可解释 AI"),
        ("2025年可解释AI梯度SHAP值计算测试题(含答案与解析)", "可解释AI梯度SHAP…"),
        ("2024-2025学年语文（含答案）", "语文"),
        ("2025", "2025"),
        ("Final exam in mathematics", "Final exam…"),
        ("高等数学期末考试模拟试卷", "高等数学期末考试模拟试卷"),
        ("高等数学期末考试模拟试卷一", "高等数学期末考试模拟试…"),
    ],
)
def test_a_short_title_ends_where_a_word_ends(title: str, expected: str) -> None:
    """Without the year and (含…), and never in the middle of a term unless it is longer than all there is room for."""
    assert expected == short(title)


async def test_doubtful_ones_are_held(services: Services, store: Store) -> None:
    """A doubt, or a draft that is no question, waits for review with its reason; an accepted doubt lets it in."""
    doubtful = replace(single("可疑的题问什么？"), doubts=(Doubt("cut-off", "breaks off"),))
    keyless = Draft("boolean", "没有答案的话。")
    held = await services.importing.read(reading(doubtful, keyless), "sums", source="1")
    taken = await services.importing.read(reading(doubtful, keyless), "sums", source="2", accept=["cut-off"])
    known = await store.set("sums")
    assert known is not None
    states = [
        (question.state, [doubt.code for doubt in question.doubts]) for question, _ in await store.contents(known.id)
    ]

    assert (held.review, held.live) == (2, 0)
    assert (taken.review, taken.revised, taken.live) == (1, 1, 1)
    assert states == [("live", []), ("review", ["no-key"])]


async def test_exact_repeats_become_one(services: Services) -> None:
    """Of an exact pair the first is kept, of a near one both; a pack keeps its author's order."""
    pairs = (Pair(0, 1, "exact"), Pair(0, 2, "near"))
    drafts = (NUMBERED[0], replace(NUMBERED[0], number=7), NUMBERED[1])
    done = await services.importing.read(replace(reading(*drafts), pairs=pairs), "sums", source="1")

    assert done.new == 2


class Failing(Store):
    """A store whose disk is full from the third commit on."""

    commits = 0

    async def commit(self, changes: Changes) -> None:
        Failing.commits += 1
        if Failing.commits > 2:
            raise NotStored("full")
        await super().commit(changes)


async def test_an_interrupted_import_is_made_whole(services: Services, store: Store) -> None:
    """In pieces: what was cut off is not published, and reading again completes it."""
    Failing.commits = 0
    house = replace(services.study.house, storage=Failing(store.engine))
    with pytest.raises(NotStored):
        await Importing(house, piece=2).read(reading(*NUMBERED), "sums", source="1")
    cut = await store.set("sums")
    done = await services.importing.read(reading(*NUMBERED), "sums", source="1")
    whole = await store.set("sums")

    assert cut is not None
    assert cut.digest == ""
    assert (done.new, done.same) == (3, 2)
    assert whole is not None
    assert whole.digest == "1"


class Crowded(Store):
    """A store in which somebody else reads the same file before each of the first commits."""

    left = 0

    async def commit(self, changes: Changes) -> None:
        if Crowded.left:
            Crowded.left -= 1
            house = House(Store(self.engine), Standing(), Straight(1), Ids(Straight(Crowded.left)))
            await Importing(house).read(reading(*NUMBERED[: 5 - Crowded.left]), "sums", source="1")
        await super().commit(changes)


@pytest.mark.parametrize("others", [1, 2, 4])
async def test_two_imports_at_once_make_one_set(services: Services, store: Store, others: int) -> None:
    """Who comes second reads the set again: every question is there once, and nothing was made to be retired."""
    Crowded.left = others
    house = replace(services.study.house, storage=Crowded(store.engine))
    done = await Importing(house).read(reading(*NUMBERED), "sums", source="1")
    known = await store.set("sums")
    assert known is not None
    contents = await store.contents(known.id)

    assert done.new + done.same == 5
    assert (known.digest, [question.state for question, _ in contents]) == ("1", ["live"] * 5)


class Restless(Store):
    """A store in which every row has just been changed."""

    async def commit(self, changes: Changes) -> None:
        raise Conflict(str(changes))


async def test_a_set_that_never_rests_is_told(services: Services, store: Store) -> None:
    """After five attempts the import gives up, in a sentence."""
    house = replace(services.study.house, storage=Restless(store.engine))
    with pytest.raises(StudyBotError) as caught:
        await Importing(house).read(reading(*NUMBERED), "sums", source="1")

    assert caught.value.text == Text("error.busy")


async def test_history_stays_through_a_revision(new_chat: NewChat, services: Services) -> None:
    """A learner's memory belongs to the question, whatever its revision."""
    lin = await new_chat(*NUMBERED, code="")
    await lin.say("/start")
    await lin.say("B")
    await services.importing.read(
        reading(replace(NUMBERED[0], stem="第1题问的是什么东西呢？"), *NUMBERED[1:]), "sums", source="2"
    )
    lin.clock.pass_by(days=3)

    assert "东西呢" in await lin.say("/study")


async def test_one_stored_question_is_matched_once(services: Services) -> None:
    """Of two near duplicates in the new file one is the stored question, the other is new."""
    one = single("关于这件事情下面哪一个说法是对的？", number=1)
    await services.importing.read(reading(one), "sums", source="1")
    options = (*one.options, Option("四"))
    twins = (
        replace(one, stem="关于这件事情，下面哪个说法是对的？", number=None, section="乙", options=options),
        replace(one, stem="关于这件事情，下面的哪一个说法对？", number=None, section="乙", options=options),
    )
    done = await services.importing.read(reading(*twins), "sums", source="2")

    assert (done.new, done.revised) == (1, 1)
