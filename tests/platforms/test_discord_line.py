"""The first answer to an interaction and those after it: in time, once, and to whom it is meant."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.domain.prompt import Quote
from bot.ports.chat import Incoming, Reply
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import Refused
from tests.fakes.wired import text
from tests.fakes.wired_discord import Wired, wired
from tests.platforms.test_telegram_speaker import on_press, prompt, says

SAY, DEFER, KEEP, UPDATE, OPEN = 4, 5, 6, 7, 9
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW = "POST /webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
PATIENCE, MONTH, TENTH = timedelta(seconds=1.5), timedelta(days=31), timedelta(milliseconds=100)
ASKED = prompt("single", "one", "two")
VERDICT = Reply((Quote("Right."),), prompt=ASKED, edit=True)


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
async def daily(wire: Wired, lin: Person) -> Channel:
    """A channel of a server where the bot is."""
    await wire.quiet()
    return wire.server.guild("school", owner=lin, channels=["daily"]).channels[0]


@pytest.fixture
def own(wire: Wired, lin: Person) -> Channel:
    """Direct messages with somebody who has the bot."""
    del wire
    lin.installs()
    return lin.dm


@dataclass
class Slow:
    """A core that answers when it may."""

    replies: tuple[Reply, ...]
    may: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, _incoming: Incoming) -> tuple[Reply, ...]:
        await self.may.wait()
        return self.replies


async def taken(wire: Wired) -> None:
    """Returns when the core has something to think about."""
    count = len(wire.heard)
    await wire.until(lambda: len(wire.heard) > count)


async def waits(wire: Wired, route: str, count: int = 1) -> None:
    await wire.until(lambda: len([one for one in wire.server.calls(route) if one.status]) >= count)


async def test_a_command_is_answered_at_once(wire: Wired, lin: Person, daily: Channel) -> None:
    """In a channel for who used it alone, in a direct message as any message."""
    shared = lin.uses("/study", channel=daily)
    private = lin.uses("/study")

    assert await wire.done(shared) == await wire.done(private) == SAY
    assert [(one.text, one.private) for one in await wire.seen(lin, daily)] == [("heard /study", True)]
    assert [(one.text, one.private) for one in await wire.seen(lin)] == [("heard /study", False)]


@pytest.mark.parametrize("gone", [False, True], ids=["there", "gone"])
async def test_a_text_said_again_late(wire: Wired, lin: Person, daily: Channel, gone: bool) -> None:  # noqa: FBT001 - a column
    """Its button was put off: it goes all the same, unless somebody was there before; the answer comes once."""
    lin.says("@Studybot hello", channel=daily)
    await wire.quiet()
    wire.answers = core = Slow((text("for you"),))
    asked = lin.presses("Show me", channel=daily)
    assert asked is not None
    await taken(wire)
    wire.clock.pass_by(PATIENCE)
    await waits(wire, CALLBACK)
    if gone:
        wire.server.fail(ORIGINAL, Refused("Unknown Message", 10008, status=404))
    core.may.set()
    line, answer = await wire.seen(lin, daily)

    assert (asked.answered, answer.text, answer.private) == (KEEP, "for you", True)
    assert line.text == ("For you alone: press here." if gone else "Answered, for the sender alone.")


async def test_what_is_for_the_room_is_said_to_all(wire: Wired, lin: Person, daily: Channel) -> None:
    """A command whose answer is for all is put off before all too."""
    wire.answers = core = Slow((text("to all"),))
    asked = lin.uses("/help", channel=daily)
    await taken(wire)
    wire.clock.pass_by(PATIENCE)
    await waits(wire, CALLBACK)
    thinking = daily.seen(lin)
    core.may.set()

    assert await wire.done(asked) == DEFER
    assert [(one.thinking, one.private) for one in thinking] == [(True, False)]
    assert [(one.text, one.private) for one in await wire.seen(lin, daily)] == [("to all", False)]


async def test_a_press_becomes_its_verdict(wire: Wired, lin: Person, own: Channel) -> None:
    """The message that was pressed is changed by the first answer itself."""
    wire.answers = says(on_press(Reply(prompt=ASKED), VERDICT))
    lin.uses("/study")
    (question,) = await wire.seen(lin)
    pressed = lin.presses("A one")
    (shown,) = await wire.seen(lin)

    assert await wire.done(pressed) == UPDATE
    assert (shown.id, shown.edited, shown.keyboard) == (question.id, True, ())
    assert "Right." in shown.text
    assert own is lin.dm


async def test_a_press_may_be_answered_by_a_new_message(wire: Wired, lin: Person, daily: Channel) -> None:
    """What was pressed stays, and the answer stands below it, as private as that."""
    wire.answers = says(on_press(Reply(prompt=ASKED), text("next")))
    lin.uses("/study", channel=daily)
    await wire.quiet()
    pressed = lin.presses("A one", channel=daily)

    assert await wire.done(pressed) == SAY
    assert [(one.text.split("\n")[0], one.private) for one in await wire.seen(lin, daily)] == [
        ("(choose one) Which?", True),
        ("next", True),
    ]


async def test_something_new_may_come_before_the_change(wire: Wired, lin: Person, daily: Channel) -> None:
    """The press is taken first, so that the pressed message can still be changed."""
    wire.answers = says(on_press(Reply(prompt=ASKED), text("first"), VERDICT))
    lin.uses("/study", channel=daily)
    await wire.quiet()
    pressed = lin.presses("A one", channel=daily)
    shown = await wire.seen(lin, daily)

    assert await wire.done(pressed) == KEEP
    assert ["Right." in one.text or one.text == "first" for one in shown] == [True, True]
    assert [one.edited for one in shown] == [True, False]


async def test_a_form_is_opened_at_once(wire: Wired, lin: Person, own: Channel) -> None:
    """It is the first answer, and nothing of it is kept."""
    wire.answers = says(lambda incoming: (Reply(prompt=prompt("blank", fields=2), form=incoming.kind == "press"),))
    lin.uses("/study")
    await wire.quiet()
    pressed = lin.presses("Answer")

    assert await wire.done(pressed) == OPEN
    assert lin.form is not None
    assert await wire.post.owed("discord") == ()
    assert [one.text for one in await wire.seen(lin, own)] == ["(fill in) Which?"]


async def test_where_a_form_is_wanted_a_word_will_do(wire: Wired, lin: Person, daily: Channel) -> None:
    """The question was answered meanwhile: the presser is told, and nobody else."""
    wire.answers = says(
        lambda incoming: (Reply(prompt=prompt("blank", fields=2)) if incoming.kind == "command" else text("done"),)
    )
    lin.uses("/study", channel=daily)
    await wire.quiet()
    pressed = lin.presses("Answer", channel=daily)

    assert await wire.done(pressed) == SAY
    assert [(one.text, one.private) for one in await wire.seen(lin, daily)][1:] == [("done", True)]


@pytest.mark.parametrize(("words", "sort"), [("/study", DEFER), ("A one", KEEP)])
async def test_where_nothing_is_said_nothing_stays(wire: Wired, lin: Person, words: str, sort: int) -> None:
    """Discord wants an answer all the same: a command leaves no message, a press the one it was on."""
    lin.installs()
    wire.answers = says(lambda _: (Reply(prompt=ASKED),))
    lin.uses("/study")
    before = await wire.seen(lin)
    wire.answers = says(lambda _: ())
    asked = lin.uses(words) if words.startswith("/") else lin.presses(words)

    assert await wire.done(asked) == sort
    assert await wire.seen(lin) == before


async def test_an_empty_change_takes_the_press(wire: Wired, lin: Person, own: Channel) -> None:
    """A message is never changed into nothing."""
    wire.answers = says(on_press(Reply(prompt=ASKED), Reply(edit=True)))
    lin.uses("/study")
    before = await wire.seen(lin)

    assert await wire.done(lin.presses("A one")) == KEEP
    assert await wire.seen(lin, own) == before


async def test_what_takes_longer_is_put_off(wire: Wired, lin: Person, daily: Channel) -> None:
    """After a second and a half the presser reads that the answer is to come; then it stands there, as private."""
    wire.answers = core = Slow((text("at last"), text("and more")))
    asked = lin.uses("/study", channel=daily)
    await taken(wire)
    wire.clock.pass_by(PATIENCE - timedelta(milliseconds=1))
    early = asked.answered
    wire.clock.pass_by(timedelta(milliseconds=1))
    await waits(wire, CALLBACK)
    thinking = daily.seen(lin)
    core.may.set()
    shown = await wire.seen(lin, daily)

    assert (early, asked.answered) == (0, DEFER)
    assert [(one.thinking, one.private) for one in thinking] == [(True, True)]
    assert [(one.text, one.thinking, one.private) for one in shown] == [
        ("at last", False, True),
        ("and more", False, True),
    ]


async def test_a_press_that_takes_longer_is_taken_and_changed_later(wire: Wired, lin: Person, own: Channel) -> None:
    """Nothing moves on screen until the verdict is there."""
    wire.answers = says(lambda _: (Reply(prompt=ASKED),))
    lin.uses("/study")
    before = await wire.seen(lin)
    wire.answers = core = Slow((VERDICT,))
    pressed = lin.presses("A one")
    await taken(wire)
    wire.clock.pass_by(PATIENCE)
    await waits(wire, CALLBACK, 2)
    meanwhile = own.seen(lin)
    core.may.set()
    (shown,) = await wire.seen(lin)

    assert await wire.done(pressed) == KEEP
    assert meanwhile == before
    assert "Right." in shown.text


async def test_who_was_answered_is_not_put_off(wire: Wired, lin: Person, own: Channel) -> None:
    """Each has their own patience: who came first, first."""
    lin.uses("/study")
    await wire.quiet()
    wire.clock.pass_by(timedelta(seconds=1))
    wire.answers = core = Slow((text("later"),))
    second = lin.uses("/study")
    await taken(wire)
    wire.clock.pass_by(timedelta(seconds=1))
    await asyncio.sleep(0.02)
    early = second.answered
    wire.clock.pass_by(timedelta(seconds=1))
    await waits(wire, CALLBACK, 2)
    core.may.set()

    assert (early, await wire.done(second)) == (0, DEFER)
    assert len(await wire.seen(lin, own)) == 2


async def test_a_form_cannot_be_put_off(wire: Wired, lin: Person, own: Channel) -> None:
    """One that comes too late is not opened, and the log says so without a word of it."""
    wire.answers = says(lambda _: (Reply(prompt=prompt("blank", fields=2)),))
    lin.uses("/study")
    await wire.quiet()
    wire.answers = core = Slow((Reply(prompt=prompt("blank", fields=2), form=True),))
    pressed = lin.presses("Answer")
    await taken(wire)
    wire.clock.pass_by(timedelta(seconds=4))
    core.may.set()

    assert await wire.done(pressed) == 0
    assert (lin.form, len(await wire.seen(lin, own))) == (None, 1)


@pytest.mark.parametrize("route", [CALLBACK, ORIGINAL], ids=["first", "later"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_an_answer_of_which_nobody_knows_is_there_once(
    wire: Wired,
    lin: Person,
    own: Channel,
    route: str,
    after: bool,  # noqa: FBT001 - a column
) -> None:
    """The connection breaks while it is said: it is said again, and Discord knows which interaction has its answer."""
    if route == ORIGINAL:
        wire.answers = core = Slow((text("answer"),))
        lin.uses("/study")
        await taken(wire)
        wire.clock.pass_by(PATIENCE)
        await waits(wire, CALLBACK)
        core.may.set()
    else:
        wire.answers = says(lambda _: (text("answer"),))
        lin.uses("/study")
    wire.server.drop(route, after=after)
    await wire.quiet(passing=TENTH)

    assert [one.text for one in await wire.seen(lin, own)] == ["answer"]


async def test_what_may_have_arrived_is_said_twice_at_most(wire: Wired, lin: Person, own: Channel) -> None:
    """What comes after the first answer is given up when nobody knows of two, and counted."""
    wire.answers = says(lambda _: (text("first"), text("second")))
    wire.server.drop(FOLLOW, after=True, times=50)
    lin.uses("/study")
    await wire.quiet(passing=TENTH)

    assert [one.text for one in await wire.seen(lin, own)] == ["first", "second", "second"]
    assert wire.adapter.intake.counts.unsure == 1


async def test_a_verdict_of_which_nobody_knows_is_there_once(wire: Wired, lin: Person, own: Channel) -> None:
    """The same for a message that is changed."""
    wire.answers = says(on_press(Reply(prompt=ASKED), VERDICT, text("more")))
    lin.uses("/study")
    await wire.quiet()
    wire.server.drop(CALLBACK, after=True)
    lin.presses("A one")
    await wire.quiet(passing=TENTH)

    assert [one.text.split("\n")[-1] for one in await wire.seen(lin, own)] == ["Right.", "more"]


async def late(wire: Wired, act: Callable[[], Awaitable[None]], replies: tuple[Reply, ...], by: timedelta) -> None:
    """Something is done, put off in time where ``by`` allows it, and answered that much later."""
    wire.answers = core = Slow(replies)
    await act()
    await taken(wire)
    count = len(wire.server.calls(CALLBACK))
    wire.clock.pass_by(PATIENCE if by > timedelta(minutes=1) else by)
    await waits(wire, CALLBACK, count + 1)
    if by > timedelta(minutes=1):
        wire.clock.pass_by(by)
    core.may.set()
    await wire.quiet()


@pytest.mark.parametrize("by", [timedelta(seconds=4), timedelta(minutes=16)], ids=["10062", "50027"])
async def test_too_late_for_an_answer(wire: Wired, lin: Person, daily: Channel, by: timedelta) -> None:
    """Privately the bot writes a message instead; in a channel it would be before all, so that it is only counted."""

    async def alone() -> None:
        lin.uses("/study")

    async def shared() -> None:
        lin.uses("/study", channel=daily)

    await late(wire, alone, (text("alone"),), by)
    await late(wire, shared, (text("shared"),), by)
    silent = [one.text for one in daily.seen(lin) if not one.thinking]

    assert [one.text for one in lin.dm.seen(lin) if not one.thinking] == ["alone"]
    assert (silent, wire.adapter.speaker.late) == ([], 1)


async def test_a_message_is_changed_without_its_interaction(wire: Wired, lin: Person, daily: Channel) -> None:
    """Its token is worth nothing any more: the bot changes its own message, but not one that only the presser sees."""
    for channel in (lin.dm, daily):
        wire.answers = says(lambda _: (Reply(prompt=ASKED),))
        lin.uses("/study", channel=channel)
        await wire.quiet()

        async def act(channel: Channel = channel) -> None:
            lin.presses("A one", channel=channel)

        await late(wire, act, (VERDICT,), timedelta(minutes=16))
    (alone,), (shared,) = lin.dm.seen(lin), daily.seen(lin)

    assert ("Right." in alone.text, "Right." in shared.text) == (True, False)
    assert wire.adapter.speaker.late == 1


async def test_a_press_on_a_message_of_last_month(wire: Wired, lin: Person, own: Channel) -> None:
    """Buttons never grow old: a press brings a token of its own."""
    wire.answers = says(on_press(Reply(prompt=ASKED), VERDICT))
    lin.uses("/study")
    await wire.quiet()
    wire.clock.pass_by(MONTH)
    lin.presses("A one")
    (shown,) = await wire.seen(lin, own)

    assert "Right." in shown.text


@pytest.mark.parametrize("by", [timedelta(), timedelta(seconds=1.5), timedelta(minutes=16)], ids=["7", "6", "none"])
async def test_the_pressed_message_is_gone(wire: Wired, lin: Person, own: Channel, by: timedelta) -> None:
    """What it should have become is said below."""
    wire.answers = says(lambda _: (Reply(prompt=ASKED),))
    lin.uses("/study")
    await wire.quiet()

    async def act() -> None:
        lin.presses("A one")
        question = next(one for one in own.messages.values() if one.author is None)
        own.change(question, deleted=True)

    if by:
        await late(wire, act, (VERDICT, text("more")), by)
    else:
        wire.answers = says(lambda _: (VERDICT, text("more")))
        await act()
    shown = await wire.seen(lin)

    assert ["Right." in one.text or one.text == "more" for one in shown] == [True, True]


async def test_a_guest_adds_five_messages(wire: Wired, lin: Person) -> None:
    """Where only the person has the bot, five may follow the first answer; what is more is counted, and never sent."""
    lin.installs()
    elsewhere = wire.server.guild("elsewhere", owner=lin, channels=["talk"])
    elsewhere.removes_bot()
    apart = elsewhere.channels[0]
    wire.answers = says(lambda _: tuple(text(f"{at}") for at in range(8)))
    lin.uses("/study", channel=apart)

    assert [one.text for one in await wire.seen(lin, apart)] == ["0", "1", "2", "3", "4", "5"]
    assert wire.adapter.speaker.late == 2


async def test_among_friends_all_is_for_one_alone(wire: Wired, lin: Person) -> None:
    """In others' direct messages, too, nobody but the person reads what is answered."""
    lin.installs()
    zhou = wire.server.person("zhou")
    aside = wire.server.aside(lin, zhou)
    lin.uses("/study", channel=aside)

    assert [(one.text, one.private) for one in await wire.seen(lin, aside)] == [("heard /study", True)]
    assert await wire.seen(zhou, aside) == []


async def test_a_private_word_stays_one_in_direct_messages(wire: Wired, lin: Person, own: Channel) -> None:
    """What is for the presser alone can be dismissed there too."""
    wire.answers = says(lambda _: (text("a word", private=True),))
    lin.uses("/study")

    assert [one.private for one in await wire.seen(lin, own)] == [True]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_private_word_never_takes_the_place_of_what_all_wait_for(
    wire: Wired,
    lin: Person,
    daily: Channel,
    lost: bool,  # noqa: FBT001 - a column
) -> None:
    """All saw that an answer is to come; it is for one alone: that goes, once, and the answer is hidden."""
    if lost:
        wire.server.drop("DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original", after=True)
    wire.answers = core = Slow((text("a word", private=True),))
    asked = lin.uses("/help", channel=daily)
    await taken(wire)
    wire.clock.pass_by(PATIENCE)
    await waits(wire, CALLBACK)
    core.may.set()

    assert await wire.done(asked) == DEFER
    assert [(one.text, one.thinking, one.private) for one in await wire.seen(lin, daily)] == [("a word", False, True)]


async def test_a_question_of_several_pages_is_changed_where_it_was_pressed(
    wire: Wired, lin: Person, own: Channel
) -> None:
    """Each page stays what it was, and none is there twice."""
    long = "\n".join(f"PAGE{at} " + "x" * 1900 for at in range(5))
    asked = replace(ASKED, stem=(Quote(long),))
    wire.answers = says(on_press(Reply(prompt=asked), replace(VERDICT, prompt=asked)))
    lin.uses("/study")
    before = await wire.seen(lin, own)
    lin.presses("A one")
    after = await wire.seen(lin, own)

    assert len(before) > 1
    assert [one.id for one in after] == [one.id for one in before]
    assert [one.text for one in after][:-1] == [one.text for one in before][:-1]
    assert "Right." in after[-1].text


async def test_a_long_answer_is_several_messages(wire: Wired, lin: Person, daily: Channel) -> None:
    """In order, each as private as the first; nothing is lost or said twice."""
    why = "".join(f"Reason {number}. " for number in range(900))
    wire.answers = says(lambda _: (text(why),))
    lin.uses("/study", channel=daily)
    shown = await wire.seen(lin, daily)

    assert len(shown) > 2
    assert all(one.private for one in shown)
    assert "".join(one.text for one in shown).count("Reason 500.") == 1


async def test_what_discord_will_not_put_off_is_answered_all_the_same(wire: Wired, lin: Person, own: Channel) -> None:
    """The fault is one line of the log."""
    wire.answers = core = Slow((text("answer"),))
    asked = lin.uses("/study")
    await taken(wire)
    wire.server.fail(CALLBACK, Refused("odd", 1))
    with capture_logs() as logs:
        wire.clock.pass_by(PATIENCE)
        await waits(wire, CALLBACK)
        core.may.set()
        await wire.quiet()

    assert asked.answered == SAY
    assert [one["event"] for one in logs] == ["not put off"]
    assert [one.text for one in own.seen(lin)] == ["answer"]
