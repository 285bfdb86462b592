"""What people see on Discord of threads: begun once, by whoever presses first, whatever breaks meanwhile."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.prompt import Choice, Quote, Text
from bot.ports.chat import Need, Reply, Undeliverable
from tests.fakes.clock import Hands
from tests.fakes.discord import Discord as Server
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import NO_PERMISSION, Refused, limited
from tests.fakes.wired import text
from tests.fakes.wired_discord import Wired, built, wired
from tests.platforms.test_discord_speaker import PAGES, SEND, deliver, texts
from tests.platforms.test_telegram_speaker import says

THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
LOOK = "GET /channels/{channel_id}"
NAME = Text("board.thread", {"topic": Quote("sums")})


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(tmp_path) as running:
        yield running
        await running.quiet()
    assert running.server.violations == []


@pytest.fixture
def lin(wire: Wired) -> Person:
    return wire.server.person("lin")


@pytest.fixture
def zhou(wire: Wired) -> Person:
    return wire.server.person("zhou")


@pytest.fixture
def daily(wire: Wired, lin: Person, zhou: Person) -> Channel:
    """A channel of a server where the bot is."""
    return wire.server.guild("school", owner=lin, members=[zhou], channels=["daily"]).channels[0]


def told(person: Person, channel: Channel) -> list[str]:
    """What somebody was told alone."""
    return [one.text for one in channel.seen(person) if one.private]


async def board(wire: Wired, channel: Channel, first: str = "What do you think?") -> str:
    """A message of the bot's with a button that opens a thread."""
    talk = Choice("talk:7", Text("button.discuss"))
    (sent,) = await deliver(wire, channel, Reply((Quote("The answer is out."),), ((talk,),)))
    wire.answers = says(lambda _: (text(first, thread=NAME),))
    return sent


async def test_a_thread_begins_when_somebody_wants_to_talk(
    wire: Wired, lin: Person, zhou: Person, daily: Channel
) -> None:
    """The first press opens it and says the first word there; a later one is told the way."""
    sent = await board(wire, daily)
    await wire.done(lin.presses("Discuss", channel=daily))
    await wire.done(zhou.presses("Discuss", channel=daily))
    (thread,) = daily.threads

    assert (thread.name, texts(lin, thread)) == ("Discuss: sums", ["What do you think?"])
    assert told(lin, daily) == []
    assert told(zhou, daily) == [f"The discussion is here: <#{sent}>"]


CREATE, SPEAK = "create_public_threads", "send_messages_in_threads"


@pytest.mark.parametrize(
    ("forbidden", "named"),
    [
        ((CREATE,), "“Create Public Threads”"),
        ((SPEAK,), "“Send Messages in Threads”"),
        ((CREATE, SPEAK), "“Create Public Threads”, “Send Messages in Threads”"),
    ],
)
async def test_where_no_thread_may_be_the_presser_is_told(
    wire: Wired, lin: Person, daily: Channel, forbidden: tuple[str, ...], named: str
) -> None:
    """By the name of what is missing and nothing else, and alone."""
    await board(wire, daily)
    daily.forbids(*forbidden)
    asked = lin.presses("Discuss", channel=daily)

    assert await wire.done(asked) == 4
    assert told(lin, daily) == [f"I am not allowed {named} here, so there can be no thread."]


async def test_where_no_thread_may_be_though_nothing_is_missing(wire: Wired, lin: Person, daily: Channel) -> None:
    """Discord refuses it for a reason of its own, or nobody can say what is missing: no permission is named."""
    await board(wire, daily)
    for lacks in (says_nothing, barred):
        wire.adapter.speaker.lacks = lacks
        wire.server.fail(THREAD, NO_PERMISSION)
        await wire.done(lin.presses("Discuss", channel=daily))

    assert told(lin, daily) == ["There can be no thread here now."] * 2


async def test_where_the_message_went_meanwhile_the_presser_is_told(wire: Wired, lin: Person, daily: Channel) -> None:
    """Deleted while it was pressed: no thread begins, and it is no fault of the bot's."""
    await board(wire, daily)
    gone = Refused("Unknown Message", 10008, status=404)
    wire.server.fail(THREAD, gone)
    await wire.done(lin.presses("Discuss", channel=daily))

    assert daily.threads == []
    assert told(lin, daily) == ["There can be no thread here now."]


async def says_nothing(_channel: str) -> tuple[Need, ...]:
    return ()


async def barred(_channel: str) -> tuple[Need, ...]:
    raise Undeliverable("not connected")


async def test_a_thread_that_fails_otherwise_is_tried_again(wire: Wired, lin: Person, daily: Channel) -> None:
    """The connection broke: nobody is told that it may not be."""
    await board(wire, daily)
    wire.server.drop(THREAD)
    lin.presses("Discuss", channel=daily)
    await wire.quiet(passing=timedelta(milliseconds=100))

    assert [texts(lin, thread) for thread in daily.threads] == [["What do you think?"]]


def unseen(server: Server) -> None:
    """Nor is it told what became of it; aiohttp asks once more."""
    server.drop(THREAD, after=True)
    server.drop(LOOK, times=2)


Break = Callable[[Server], None]
BREAKS: dict[str, Break] = {
    "broken": lambda server: server.drop(SEND),
    "arrived": lambda server: server.drop(SEND, after=True),
    "ill": lambda server: server.fail(SEND, Refused("Service Unavailable", status=503)),
    "busy": lambda server: server.fail(SEND, limited(60)),
    "unopened": lambda server: server.drop(THREAD),
    "opened": lambda server: server.drop(THREAD, after=True),
    "unseen": unseen,
}


@pytest.mark.parametrize("name", BREAKS)
async def test_what_breaks_leaves_no_thread_empty(
    wire: Wired, lin: Person, zhou: Person, daily: Channel, name: str
) -> None:
    """Before the thread, between the two calls, or after: it goes on where it stopped, and is begun exactly once."""
    sent = await board(wire, daily)
    BREAKS[name](wire.server)
    lin.presses("Discuss", channel=daily)
    await wire.quiet(passing=timedelta(milliseconds=500))
    wire.clock.pass_by(timedelta(hours=1))  # nobody's number is known any more
    await wire.done(zhou.presses("Discuss", channel=daily))

    assert [texts(lin, thread) for thread in daily.threads] == [["What do you think?"]]
    assert (told(lin, daily), told(zhou, daily)) == ([], [f"The discussion is here: <#{sent}>"])
    assert wire.server.faults == []


async def test_a_first_word_may_be_long(wire: Wired, lin: Person, zhou: Person, daily: Channel) -> None:
    """Of several pages those that did not arrive are sent, each once, and nobody is pointed at half of them."""
    sent = await board(wire, daily, PAGES)
    wire.server.spare(SEND)
    wire.server.drop(SEND)
    lin.presses("Discuss", channel=daily)
    await wire.quiet(passing=timedelta(milliseconds=500))
    await wire.done(zhou.presses("Discuss", channel=daily))
    (thread,) = daily.threads
    shown = texts(lin, thread)

    assert (len(shown) > 2, "".join(shown).count("Reason 500."), len({*shown})) == (True, 1, len(shown))
    assert (told(lin, daily), told(zhou, daily)) == ([], [f"The discussion is here: <#{sent}>"])


async def test_a_killed_program_goes_on_in_the_thread(tmp_path: Path) -> None:
    """It had opened the thread and said nothing there: the next start says the first word, once."""
    clock = Hands()
    async with Server(clock.now) as server:
        lin = server.person("lin")
        daily = server.guild("school", owner=lin, channels=["daily"]).channels[0]
        async with built(tmp_path, server=server, clock=clock) as killed:
            killed.adapter.start(killed.adapter.run())
            await server.until(killed.adapter._connected.is_set)
            await killed.quiet()
            await board(killed, daily)
            server.hang(SEND)
            lin.presses("Discuss", channel=daily)
            await server.until(lambda: daily.threads and not server.faults)
        before = [texts(lin, thread) for thread in daily.threads]
        async with wired(tmp_path, killed.answers, server=server, clock=clock) as again:
            await again.quiet()

        assert (before, [texts(lin, thread) for thread in daily.threads]) == ([[]], [["What do you think?"]])
        assert server.violations == []


async def test_a_thread_that_nobody_could_begin(wire: Wired, lin: Person, zhou: Person, daily: Channel) -> None:
    """It stays empty while the bot may not talk there; who presses later begins it, who is next is shown the way."""
    sent = await board(wire, daily)
    daily.forbids(SPEAK)
    await wire.done(lin.presses("Discuss", channel=daily))
    daily.allows(SPEAK)
    await wire.done(zhou.presses("Discuss", channel=daily))
    await wire.done(lin.presses("Discuss", channel=daily))
    (thread,) = daily.threads

    assert texts(lin, thread) == ["What do you think?"]
    assert (told(zhou, daily), told(lin, daily)[1:]) == ([], [f"The discussion is here: <#{sent}>"])


async def test_two_who_press_at_once(wire: Wired, lin: Person, zhou: Person, daily: Channel) -> None:
    """One opens the thread, the other finds it empty still: what both say there is there once."""
    await board(wire, daily)
    wire.server.drop(SEND)
    for person in (lin, zhou):
        person.presses("Discuss", channel=daily)
    await wire.quiet(passing=timedelta(milliseconds=500))

    assert [texts(lin, thread) for thread in daily.threads] == [["What do you think?"]]


async def test_a_thread_that_went_is_not_pointed_at(wire: Wired, lin: Person, zhou: Person, daily: Channel) -> None:
    """Discord begins no second one below the message."""
    await board(wire, daily)
    await wire.done(lin.presses("Discuss", channel=daily))
    wire.server.fail(LOOK, Refused("Unknown Channel", 10003, status=404))
    await wire.done(zhou.presses("Discuss", channel=daily))

    assert told(zhou, daily) == ["There can be no thread here now."]


async def test_the_mark_stands_before_the_first_word(wire: Wired, lin: Person, daily: Channel) -> None:
    """Of a word that may have arrived no more than one try follows: then it is given up, and counted."""
    await board(wire, daily)
    wire.server.drop(SEND, times=3)
    lin.presses("Discuss", channel=daily)
    await wire.quiet(passing=timedelta(milliseconds=500))

    assert (wire.adapter.intake.counts.unsure, len(wire.server.faults)) == (1, 1)
    wire.server.faults.clear()
