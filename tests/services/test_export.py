"""What a learner is handed over: everything of theirs, nobody else's, made anew whenever it is sent."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.domain.question import LearnerId
from bot.ports.chat import File
from bot.ports.groups import Board
from bot.ports.rows import Question, Revision, Set
from bot.services.export import plain
from bot.storage.queries.everything import WHERE
from bot.storage.tables import TABLES
from tests.services.both import WORDS, Both
from tests.services.test_forgetting import TYPED, both, engine, forgotten, lived, rows  # noqa: F401 - fixtures

NOBODY_S = frozenset({Set, Question, Revision, Board})  # the content, and what hangs in groups


async def opened(both: Both, file: File) -> dict[str, str]:  # noqa: F811
    """The files in the ZIP, by name."""
    with ZipFile(BytesIO(await both.services.export.made(file, WORDS.say))) as zipped:
        return {name: zipped.read(name).decode() for name in zipped.namelist()}


async def test_everything_that_is_deleted_was_handed_over(lived: Both) -> None:  # noqa: F811
    """As many rows of each table as go when the learner is forgotten: what is stored is told."""
    found = await opened(lived, lived.services.export.file(await lived.person()))
    before = await rows(lived)
    handed = {name.removesuffix(".json"): len(json.loads(text)) for name, text in found.items() if "json" in name}
    await forgotten(lived)
    after = await rows(lived)

    stays = {
        "course",
        "wrong_code",
        "recipient",
    }  # without the learner; who got what the learner announced is not theirs
    timers = {"wake", "inbox"}  # one is set for the scrub; two arrived meanwhile
    gone = {name: before[name] - after[name] for name in handed if name not in stays | timers}
    assert gone == {name: count for name, count in handed.items() if name not in stays | timers}
    assert handed["answer"] == 5
    assert {handed["course"], handed["wrong_code"]} == {1}


async def test_what_is_in_it(lived: Both) -> None:  # noqa: F811
    """JSON with what was typed, instants in words, and a summary in the reader's language; nothing of anybody else."""
    file = lived.services.export.file(await lived.person())
    found = await opened(lived, file)
    answers = json.loads(found["answer.json"])

    assert file.name == "studybot-2026-11-24.zip"
    assert [TYPED] in [one["texts"] for one in answers]
    assert answers[0]["at"] == "2026-11-23T04:01:00+00:00"
    assert found["summary.txt"].splitlines()[:3] == [
        "这里存着的、关于你的一切：",
        "learner.json：设置，1 条",
        "account.json：账号，2 条",
    ]
    assert not any("telegram:hua" in text for text in found.values())


async def test_the_conversation(both: Both) -> None:  # noqa: F811
    """One message with a file, of which only the name is kept: the bytes are made when it is sent."""
    said = await both.telegram("/mydata")

    assert said == "bot: 这是这里存着的、关于你的一切。先看 summary.txt。\n(file studybot-2026-11-23.zip)"


async def test_who_is_forgotten_meanwhile(both: Both) -> None:  # noqa: F811
    """A file that is sent again after a restart, to nobody any more, is empty but for its summary."""
    found = await opened(both, File("x.zip", LearnerId(1)))

    assert {text for name, text in found.items() if name != "summary.txt"} == {"[]"}
    assert found["summary.txt"] == "这里存着的、关于你的一切："


def test_every_table_is_somebody_s_or_nobody_s() -> None:
    """A new table is handed over, or is named as one that is about nobody."""
    assert set(TABLES) == set(WHERE) | NOBODY_S


@pytest.mark.parametrize(("value", "expected"), [(frozenset({1}), [1]), ({2: (3,)}, {"2": [3]}), (None, None)])
def test_values_as_json_has_them(value: object, expected: object) -> None:
    """Sets and tuples are lists, keys are words."""
    assert plain(value) == expected
