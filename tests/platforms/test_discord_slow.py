"""What is slow or breaks on Discord holds up nothing else, and is not seen twice."""

import sqlite3
from datetime import timedelta
from typing import Any

from bot.ports.chat import Incoming, Said
from tests.platforms.campus import Campus, set_up
from tests.platforms.test_discord_speaker import SEND
from tests.services.test_groups import at

SECOND = timedelta(seconds=1)


async def test_a_direct_text_whose_answer_breaks_off(campus: Campus) -> None:
    """Discord took the answer and nobody heard so: said again it is there once."""
    campus.wire.server.drop(SEND, after=True)
    campus.lin.says("/help")
    await campus.wire.quiet(passing=SECOND)

    assert len(campus.wire.server.calls(SEND)) == 2
    assert len(campus.seen(campus.lin)) == 1


async def test_a_form_behind_a_command_that_waits(campus: Campus) -> None:
    """Another process holds the database while the presser's command is being committed: the form opens at once."""
    await campus.uses(campus.lin, "/study")
    message, core, locks = campus.newest(campus.lin), campus.wire.core, list[sqlite3.Connection]()
    assert core is not None

    async def slow(incoming: Incoming) -> Said:
        if incoming.words == "/settings":
            locks.append(sqlite3.connect(campus.wire.engine._path, isolation_level=None))
            locks[0].execute("BEGIN IMMEDIATE")
        return await core(incoming)

    campus.wire.core = slow
    campus.lin.uses("/settings")
    await campus.wire.until(lambda: locks)
    asked = campus.lin.forges("form:", message)
    await campus.wire.until(lambda: asked.answered)
    held = locks[0].in_transaction
    locks[0].close()
    await campus.wire.quiet()

    assert (asked.answered, held) == (9, True)


async def test_a_platform_that_is_connecting(campus: Campus) -> None:
    """The list of servers is not there as a channel's answer is due: a daily question of a minute later comes."""
    await set_up(campus)
    await campus.uses(campus.lin, "/study")
    person = await campus.services.house.storage.person("discord", str(campus.lin.id), f"@{campus.lin.id}")
    assert person is not None
    await campus.services.dailies.at(person, 20 * 60 + 1, here=True)
    await campus.until(at(25, 19, 59))
    before, ready = read(campus), campus.wire.adapter.client._ready
    assert ready is not None
    ready.clear()  # as of a new client whose gateway does not answer
    campus.wire.clock.set(at(25, 20))
    await campus.wire.until(lambda: campus.wire.adapter.busy)
    campus.wire.clock.set(at(25, 20, 1))
    await campus.wire.until(lambda: read(campus) - before)
    waiting = campus.wire.adapter.busy
    ready.set()
    await campus.wire.quiet()

    assert waiting
    assert len(read(campus) - before) == 1


def read(campus: Campus) -> set[int]:
    """The messages that Lin has before them in private."""
    return {one.id for one in campus.seen(campus.lin)}


async def test_a_second_link_within_minutes(campus: Campus) -> None:
    """Linked, taken apart, linked again: who gave the code is told each time, for it is another message."""
    object.__setattr__(campus.services, "platforms", {"discord", "telegram"})
    told = []
    for _ in range(2):
        code = "L-" + (await campus.uses(campus.lin, "/link")).split("L-")[1][:6]
        before = read(campus)
        await elsewhere(campus, f"/link {code}")
        await elsewhere(campus, f"link:yes:{code}", "press")
        told.append([one.text for one in campus.seen(campus.lin) if one.id not in before])
        campus.wire.clock.pass_by(10 * SECOND)
        await campus.uses(campus.lin, "/unlink")
        await campus.presses(campus.lin, "分开")

    assert [len(one) for one in told] == [1, 1]


async def elsewhere(campus: Campus, words: str, kind: Any = "command") -> None:
    """Somebody says it on Telegram."""
    core = campus.wire.core
    assert core is not None
    await core(Incoming(kind, "telegram", "7", "7", words, language="zh-Hans"))
    await campus.wire.quiet()
