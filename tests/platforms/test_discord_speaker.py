"""What people see on Discord of what is said in rooms: mentions, and what the bot says first."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.prompt import Choice, Quote, Text
from bot.platforms.discord.chats import BETWEEN
from bot.platforms.discord.faults import TOO_FAST
from bot.platforms.discord.update import own_room
from bot.ports.chat import Delivery, Reply, Undeliverable
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import CLOSED, EPHEMERAL, STRANGER, Refused, limited
from tests.fakes.discord_rules import TOO_FAST as REFUSED_TOO_FAST
from tests.fakes.wired import READER, text
from tests.fakes.wired_discord import Wired, wired
from tests.platforms.test_telegram_speaker import prompt, says

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
DELETE = "DELETE /channels/{channel_id}/messages/{message_id}"
OPEN_CHAT = "POST /users/@me/channels"
USED = "Answered, for the sender alone."
NEXT = Choice("n:7", Text("button.next"))
PAGES = "".join(f"Reason {number}. " for number in range(900))


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


async def deliver(
    wire: Wired,
    room: Channel | Person,
    reply: Reply,
    *,
    shown: tuple[str, ...] = (),
    delivery: Delivery | None = None,
) -> tuple[str, ...]:
    native = str(room.id) if isinstance(room, Channel) else own_room(str(room.id))
    delivery = replace(delivery or Delivery(), lane="pushed", shown=shown)
    return await wire.adapter.deliver(native, reply, READER, delivery)


async def fault(wire: Wired, room: Channel | Person, reply: Reply, delivery: Delivery | None = None) -> Undeliverable:
    with pytest.raises(Undeliverable) as raised:
        await deliver(wire, room, reply, delivery=delivery)
    return raised.value


def texts(person: Person, channel: Channel | None = None) -> list[str]:
    return [one.text for one in (channel or person.dm).seen(person) if not one.by]


async def mentioned(wire: Wired, lin: Person, daily: Channel, words: str) -> str:
    """What all see below a text typed in the channel."""
    mention = lin.says(f"@Studybot {words}", channel=daily)
    await wire.quiet()
    *_, said = [one for one in daily.messages.values() if one.author is None]
    assert (said.replied, said.flags & EPHEMERAL) == (mention.id, 0)
    return texts(lin, daily)[-1]


async def test_a_text_is_answered_to_who_typed_it_alone(wire: Wired, lin: Person, zhou: Person, daily: Channel) -> None:
    """All see one line with a button; pressed, it says the text again, and what is answered nobody else reads."""
    wire.answers = says(lambda incoming: (text(f"heard {incoming.words}"), text("and more")))
    before = await mentioned(wire, lin, daily, "my secret")
    heard = list(wire.heard)
    asked = lin.presses("Show me", channel=daily)

    assert await wire.done(asked) == 7
    (found,) = wire.heard
    assert (before, heard) == ("For you alone: press here.", [])
    assert (found.kind, found.words, found.room, found.here) == (
        "text",
        "my secret",
        own_room(str(lin.id)),
        str(daily.id),
    )
    assert [(one.text, one.private) for one in daily.seen(lin) if not one.by] == [
        (USED, False),
        ("heard my secret", True),
        ("and more", True),
    ]
    assert texts(zhou, daily) == [USED]
    assert daily.seen(zhou)[-1].keyboard == ()


async def test_a_text_of_somebody_else_is_not_said_again(
    wire: Wired, lin: Person, zhou: Person, daily: Channel
) -> None:
    """Who presses below it is heard as pressing what is theirs not; the core says that it is nothing."""
    wire.answers = says(lambda incoming: (text(incoming.kind, private=True),))
    await mentioned(wire, lin, daily, "my secret")
    zhou.presses("Show me", channel=daily)
    await wire.quiet()

    assert [(one.kind, one.words) for one in wire.heard] == [("press", f"say:{lin.id}:my secret")]
    assert [one.text for one in daily.seen(zhou) if one.private] == ["press"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("/link L-ABC234", "Send the command from the / menu: only you see it."),
        ("x" * 91, "For you alone: press here."),
        ("x" * 92, "That is too long for here. Write it to me in private, or in the question's own form."),
        ("𝄞" * 50, "That is too long for here. Write it to me in private, or in the question's own form."),
    ],
    ids=["command", "fits", "long", "wide"],
)
async def test_what_is_not_said_again(wire: Wired, lin: Person, daily: Channel, words: str, told: str) -> None:
    """A command comes from the menu, where nobody reads its words; what a button cannot hold comes in private."""
    assert await mentioned(wire, lin, daily, words) == told
    assert wire.heard == []
    if told != "For you alone: press here.":
        assert daily.seen(lin)[-1].keyboard == ()


async def test_a_text_in_the_words_of_an_action_is_a_text(wire: Wired, lin: Person, daily: Channel) -> None:
    """Nobody types a form, or anything that is said to all."""
    for words in ("form", "form: x", "/help"):
        lin.says(words)
        await wire.quiet()
    await mentioned(wire, lin, daily, "form")
    lin.presses("Show me", channel=daily)
    await wire.quiet()

    assert [one.words for one in wire.heard] == ["form", "form: x", "/help", "form"]
    assert all(one.id for one in wire.heard)
    assert texts(lin) == ["heard form", "heard form: x", "heard /help"]
    assert [one.private for one in daily.seen(lin) if not one.by] == [False, True]


async def test_where_the_bot_may_not_read_what_was_before(wire: Wired, lin: Person, daily: Channel) -> None:
    """It cannot reply to a message: its own stands below."""
    daily.forbids("read_message_history")
    lin.says("@Studybot hello", channel=daily)
    shown = await wire.seen(lin, daily)

    assert [one.text for one in shown] == ["For you alone: press here."]
    assert wire.adapter.intake.counts.unreachable == 0


async def test_in_the_language_of_the_server(wire: Wired, lin: Person, daily: Channel) -> None:
    """Discord tells no person's language with a text."""
    assert daily.guild is not None
    daily.guild.locale = "zh-CN"
    wire.server.world.sessions.tell("GUILD_UPDATE", daily.guild.about(), guild=daily.guild.id)

    assert await mentioned(wire, lin, daily, "你好") == "只给你看，点这里。"


async def test_a_message_is_sent_and_edited_in_its_slot(wire: Wired, lin: Person, daily: Channel) -> None:
    """Silent where it is to be; the edit may be done again."""
    sent = await deliver(wire, daily, text("first", silent=True))
    before = daily.seen(lin)
    for _ in range(2):
        changed = await deliver(wire, daily, text("second", edit=True), shown=sent)

    assert (changed, [one.silent for one in before]) == (sent, [True])
    assert [(one.text, one.edited) for one in daily.seen(lin)] == [("second", True)]


async def test_an_edit_of_what_was_never_sent_is_sent(wire: Wired, lin: Person, daily: Channel) -> None:
    """But not one of what was taken away: who did that does not want it back."""
    sent = await deliver(wire, daily, text("first", edit=True))
    first = texts(lin, daily)
    daily.change(daily.messages[int(sent[0])], deleted=True)
    again = await deliver(wire, daily, text("second", edit=True), shown=sent)

    assert (first, again) == (["first"], sent)
    assert texts(lin, daily) == []


async def test_an_edit_grows_and_shrinks(wire: Wired, lin: Person, daily: Channel) -> None:
    """Its messages become more, below, and fewer again: the rest are taken away."""
    sent = await deliver(wire, daily, text("short"))
    grown = await deliver(wire, daily, text(PAGES, edit=True), shown=sent)
    long = texts(lin, daily)
    shrunk = await deliver(wire, daily, text("short", edit=True), shown=grown)

    assert (grown[:1], shrunk, len(long) > 2) == (sent, sent, True)
    assert "".join(long).count("Reason 500.") == 1
    assert texts(lin, daily) == ["short"]


async def test_a_message_is_taken_away(wire: Wired, lin: Person, daily: Channel) -> None:
    """However old; one that is gone already is taken away too."""
    sent = await deliver(wire, daily, text("first"))
    wire.clock.pass_by(timedelta(days=31))
    for _ in range(2):
        left = await deliver(wire, daily, Reply(away=True), shown=sent)

    assert left == ()
    assert texts(lin, daily) == []


@pytest.mark.parametrize(("route", "away"), [(EDIT, False), (DELETE, True)])
async def test_what_cannot_be_changed_now_is_told(wire: Wired, daily: Channel, route: str, away: bool) -> None:  # noqa: FBT001 - a column
    """The sender hears that the line broke, and tries again."""
    sent = await deliver(wire, daily, text("first"))
    wire.server.drop(route, times=2)  # aiohttp asks once more to have something deleted
    reply = Reply(away=True) if away else text("second", edit=True)
    with pytest.raises(Undeliverable) as raised:
        await deliver(wire, daily, reply, shown=sent)

    assert (raised.value.permanent, raised.value.unsure) == (False, True)


async def test_what_may_have_arrived_is_not_there_twice(wire: Wired, lin: Person, daily: Channel) -> None:
    """The connection broke after Discord had taken it: sent again within minutes it is known by its number."""
    wire.server.drop(SEND, after=True)
    lost = await fault(wire, daily, text("once"), Delivery(key="k/0"))
    again = await deliver(wire, daily, text("once"), delivery=Delivery(key="k/0"))
    other = await deliver(wire, daily, text("once more"), delivery=Delivery(key="k/1"))

    assert (lost.unsure, len({*again, *other})) == (True, 2)
    assert texts(lin, daily) == ["once", "once more"]


async def test_of_several_pages_the_missing_ones_are_sent(wire: Wired, lin: Person, daily: Channel) -> None:
    """An attempt ended at the second page: the next one begins with that."""
    first, *others = await deliver(wire, daily, text(PAGES))
    shown = texts(lin, daily)
    rest = await deliver(wire, daily, text(PAGES), delivery=Delivery([first], key="k/0"))

    assert (rest[0], len(rest)) == (first, 1 + len(others))
    assert texts(lin, daily) == [*shown, *shown[1:]]


async def test_a_private_chat_is_opened_once_and_at_leisure(
    wire: Wired, lin: Person, zhou: Person, daily: Channel
) -> None:
    """Discord takes many in a second for spam; it is remembered who has one."""
    assert daily.bot_here
    await deliver(wire, lin, text("one"))
    await deliver(wire, lin, text("two"))
    started = wire.clock.now()
    other = wire.server.person("other")
    other.installs()
    soon = asyncio.ensure_future(deliver(wire, zhou, text("three")))
    await wire.until(lambda: wire.clock.next == started + BETWEEN)
    waits = [(await fault(wire, other, text("three"))).retry_at for _ in range(2)]
    before = texts(zhou)
    wire.clock.pass_by(BETWEEN)
    await soon
    wire.clock.pass_by(BETWEEN)
    await deliver(wire, other, text("three"))

    assert waits == [started + 2 * BETWEEN] * 2
    assert (before, texts(zhou), texts(lin)) == ([], ["three"], ["one", "two"])
    assert wire.calls(OPEN_CHAT) == [{"recipient_id": str(person.id)} for person in (lin, zhou, other)]


async def test_a_private_chat_that_somebody_spoke_in_is_known(wire: Wired, lin: Person, zhou: Person) -> None:
    """By a text or a command: it need not be opened."""
    for person in (lin, zhou):
        person.installs()
    lin.says("hello")
    zhou.uses("/study")
    await wire.quiet()
    for person in (lin, zhou):
        await deliver(wire, person, text("one"))

    assert (texts(lin)[-1], texts(zhou)[-1], wire.calls(OPEN_CHAT)) == ("one", "one", [])


async def test_who_takes_no_messages_is_not_asked_again(wire: Wired, lin: Person, daily: Channel) -> None:
    """Closed direct messages, and nobody whom the bot shares a server with: nothing arrives until they speak."""
    assert daily.bot_here
    stranger = wire.server.person("stranger")
    lin.closes_dm()
    closed = await fault(wire, lin, text("hello"))
    wire.clock.pass_by(BETWEEN)
    unknown = await fault(wire, stranger, text("hello"))

    assert (closed.permanent, str(closed)) == (True, f"Forbidden {CLOSED.code}")
    assert (unknown.permanent, str(unknown)) == (True, f"Forbidden {STRANGER.code}")


@pytest.mark.parametrize(
    "gone", [10003, 10004, 50001, 50013, 50083], ids=["channel", "server", "access", "permission", "archived"]
)
async def test_a_channel_that_takes_nothing(wire: Wired, daily: Channel, gone: int) -> None:
    """It is let be, until somebody speaks there."""
    wire.server.fail(SEND, Refused("no", gone, status=403))
    found = await fault(wire, daily, text("hello"))

    assert (found.permanent, found.unsure) == (True, False)


async def test_who_opens_too_many_chats_waits(wire: Wired, lin: Person, daily: Channel) -> None:
    """It arrives later, and whoever it is for was not lost."""
    assert daily.bot_here
    wire.server.fail(OPEN_CHAT, REFUSED_TOO_FAST)
    found = await fault(wire, lin, text("hello"))
    wire.clock.pass_by(TOO_FAST)
    await deliver(wire, lin, text("hello"))

    assert (found.permanent, found.retry_at) == (False, wire.clock.now())
    assert texts(lin) == ["hello"]


async def test_who_opened_too_many_opens_none_for_a_while(wire: Wired) -> None:
    """Discord says that it was too fast: until the minute is over nobody's chat is asked for."""
    people = [wire.server.person(f"p{number}") for number in range(20)]
    for one in people:
        one.installs()
    wire.server.fail(OPEN_CHAT, REFUSED_TOO_FAST, times=99)
    for one in people:
        with pytest.raises(Undeliverable):
            await wire.adapter.deliver(own_room(str(one.id)), text("hello"), READER, Delivery())
        wire.clock.pass_by(timedelta(seconds=1))

    assert len(wire.server.calls(OPEN_CHAT)) == 1


async def test_a_call_that_is_never_answered_ends(wire: Wired, lin: Person, daily: Channel) -> None:
    """The message may have arrived or not: it is sent again under the same number."""
    wire.adapter.calls.longest_s = 0.1
    wire.server.hang(SEND)
    lost = await fault(wire, daily, text("once"), Delivery(key="k/0"))
    wire.adapter.calls.longest_s = 10
    await deliver(wire, daily, text("once"), delivery=Delivery(key="k/0"))

    assert (lost.permanent, lost.unsure) == (False, True)
    assert texts(lin, daily) == ["once"]


async def test_a_limit_that_is_long_is_waited_for_elsewhere(wire: Wired, daily: Channel) -> None:
    """The message goes back to the outbox with its instant, its claim does not run out meanwhile."""
    wire.server.fail(SEND, limited(90))
    found = await fault(wire, daily, text("hello"))

    assert (found.permanent, found.unsure) == (False, False)
    assert found.retry_at == wire.clock.now() + timedelta(seconds=90)


async def test_what_discord_does_not_understand_is_a_fault_of_ours(wire: Wired, daily: Channel) -> None:
    """It is tried a few times, and not taken for a room that is gone."""
    wire.server.fail(SEND, Refused("odd", 1, status=400))
    found = await fault(wire, daily, text("hello"))

    assert (found.permanent, found.unsure, found.retry_at) == (False, False, None)


async def test_the_mark_is_made_before_the_first_request(wire: Wired, daily: Channel) -> None:
    """And for a message that is edited none is made."""
    marks: list[int] = []

    async def mark() -> None:
        marks.append(len(wire.server.calls(SEND)))

    sent = await deliver(wire, daily, text(PAGES), delivery=Delivery(mark=mark))
    await deliver(wire, daily, replace(text(PAGES), edit=True), shown=sent, delivery=Delivery(mark=mark))

    assert marks == [0]


async def test_a_formula_is_a_picture_with_its_words(wire: Wired, lin: Person, daily: Channel) -> None:
    """Who cannot see it has it read to them."""
    asked = prompt("single", "one", "two", stem=(Quote(r"\sum_{i=1}^{n}\frac{x_i+1}{y_i}", "latex"),))
    await deliver(wire, daily, Reply(prompt=asked))
    wire.answers = says(lambda _: (Reply(prompt=asked),))
    lin.uses("/study", channel=daily)
    shown = await wire.seen(lin, daily)

    assert [one.pictures[0][:4] for one in shown] == [b"\x89PNG"] * 2
    assert all(one.told for one in shown)


async def test_the_words_of_a_picture_are_as_many_as_discord_takes(wire: Wired, lin: Person, daily: Channel) -> None:
    """A formula longer than that ends in …, in the message and in its file."""
    sources = [
        r"\sqrt{" + "+".join(f"{letter}_{{{at}}}" for at in range(18)) + "}" for letter in "abcdefghijklmnopqrst"
    ]
    await deliver(wire, daily, Reply((Quote(" ".join(f"\\({one}\\)" for one in sources)),)))
    (shown,) = await wire.seen(lin, daily)

    assert shown.pictures
    assert [one.about[-1:] for message in daily.messages.values() for one in message.files] == ["…"]
