"""What a learner is handed over: everything of theirs, nobody else's, made anew whenever it is sent."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.domain.question import LearnerId
from bot.ports.changes import Changes
from bot.ports.chat import File
from bot.ports.groups import Board
from bot.ports.people import EVERYWHERE
from bot.ports.rows import Question, Revision, Set
from bot.services.export import plain
from bot.storage.queries.everything import WHERE
from bot.storage.tables import TABLES
from bot.texts import Words
from tests.services.both import WORDS, Both
from tests.services.test_forgetting import GROUP, TYPED, both, engine, forgotten, lived, rows  # noqa: F401 - fixtures

NOBODY_S = frozenset({Set, Question, Revision, Board})  # the content, and what hangs in groups


async def opened(both: Both, file: File, words: Words = WORDS) -> dict[str, str]:  # noqa: F811
    """The files in the ZIP, by name."""
    with ZipFile(BytesIO(await both.services.export.made(file, words.say))) as zipped:
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
    assert found["summary.txt"].split("\n\n")[-1].splitlines()[:3] == [
        "全部都在这些文件里：",
        "learner.json：设置，1 条",
        "account.json：账号，2 条",
    ]
    assert not any("telegram:hua" in text for text in found.values())


HANS = """\
这里存着的、关于你的一切：

2026 年 11 月 23 日开始学 · 账号：Telegram、Discord
写于 2026 年 11 月 24 日，你那里是北京时间 7:31。
目标：每天 5 题 · 语言：简体中文

一共答了 4 次，对 3 次；答过 4 题，学了 1 天。
连续 1 天，还能补签 2 次。
算术：6 题，学过 4 题

每日一题：每天 7:30。送到 Telegram。
考试：2026 年 12 月 19 日。
暂停到 2026 年 12 月 3 日。
榜上的名字：「榜上的林」
「群」榜上的名字：「榜上的林」、不上榜
"""
HANT = """\
這裡存著的、關於你的一切：

2026 年 11 月 23 日開始學 · 帳號：Telegram、Discord
寫於 2026 年 11 月 24 日，你那裡是北京時間 7:31。
目標：每天 5 題 · 語言：繁體中文

一共答了 4 次，對 3 次；答過 4 題，學了 1 天。
連續 1 天，還能補簽 2 次。
算術：6 題，學過 4 題

每日一題：每天 7:30。送到 Telegram。
考試：2026 年 12 月 19 日。
暫停到 2026 年 12 月 3 日。
榜上的名字：「榜上的林」
「群」榜上的名字：「榜上的林」、不上榜
"""
ENGLISH = """\
Everything that is stored about you:

Studying since 23 November 2026 · Accounts: Telegram, Discord
Written on 24 November 2026; your clock said 7:31 (Beijing).
Goal: 5 questions a day · Language: English

Answers: 4, 3 right; different questions: 4; study days: 1.
1 day in a row, 2 freezes left.
算术: 6 questions, 4 studied

Daily question: every day at 7:30. It comes to Telegram.
Exam: 19 December 2026.
Paused until 3 December 2026.
Name on boards: “榜上的林”
Name on boards in “群”: “榜上的林”, off the boards
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [(WORDS, HANS), (Words("zh-Hant", "zh-Hant"), HANT), (Words("en", "written"), ENGLISH)],
    ids=["zh-Hans", "zh-Hant", "en"],
)
async def test_the_summary_is_for_a_person(lived: Both, words: Words, expected: str) -> None:  # noqa: F811
    """Who studies here and how far they are, their sets, what they have set; the list of files comes last."""
    services = lived.services
    await services.accounts.change(await lived.person(), language=words.language)
    await services.calendar.exam(await lived.person(), date(2026, 12, 19))
    await services.calendar.pause(await lived.person(), date(2026, 12, 3))
    venue = await lived.store.venue_of("telegram", GROUP)
    assert venue is not None
    await services.naming.change(await lived.person(), venue.room.id, hidden=True)
    found = await opened(lived, services.export.file(await lived.person()), words)

    assert found["summary.txt"].rpartition("\n\n")[0] + "\n" == expected


async def test_the_summary_of_who_has_set_nothing(both: Both) -> None:  # noqa: F811
    """No exam, pause or name; the days are those of the learner's own calendar; a set that was left is theirs still."""
    await both.answers("discord", "B")
    await both.services.dailies.adapt(await both.person("discord"), zone="America/New_York")
    await both.services.sets.leave(await both.person("discord"), "sums")
    found = await opened(both, both.services.export.file(await both.person("discord")))

    assert found["summary.txt"].rpartition("\n\n")[0].splitlines()[2:] == [
        "2026 年 11 月 22 日开始学 · 账号：Discord",
        "写于 2026 年 11 月 22 日，你那里是 23:01（纽约）。",
        "目标：每天 5 题 · 语言：简体中文",
        "",
        "一共答了 1 次，对 1 次；答过 1 题，学了 1 天。",
        "连续 1 天，还能补签 2 次。",
        "算术：6 题，学过 1 题（已退出）",
        "",
        "每日一题：不送。",
    ]


async def test_the_summary_tells_what_is_not_over(lived: Both) -> None:  # noqa: F811
    """A pause and an exam that are over are history: they stand in the files alone. Who has no name can be hidden."""
    person = await lived.person()
    learner = replace(person.learner, exam=date(2026, 11, 23), paused_until=date(2026, 11, 23))
    await lived.store.commit(Changes(updates=(learner,)))
    await lived.services.naming.change(person, EVERYWHERE, name="", hidden=True)
    found = await opened(lived, lived.services.export.file(await lived.person()))

    assert found["summary.txt"].split("\n\n")[-2] == "每日一题：每天 7:30。送到 Telegram。\n榜上的名字：不上榜"


async def test_the_summary_of_who_has_no_set(both: Both) -> None:  # noqa: F811
    """Somebody who came by a link to nowhere has no set, and the summary says so."""
    await both.telegram("/start set_nowhere")
    found = await opened(both, both.services.export.file(await both.person()))

    assert found["summary.txt"].split("\n\n")[2].splitlines()[-1] == "还没有题库。"


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
