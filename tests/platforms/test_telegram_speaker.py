"""What people see of replies, over the wire: each kind answered by hand, pages, pictures, presses, rooms."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest

from bot.domain.prompt import Block, Choice, Picture, Prompt, Quote, Text
from bot.domain.question import KindName, LearnerId
from bot.platforms.drawing import Drawing
from bot.platforms.formulas import Latex
from bot.platforms.platform import no_files
from bot.ports.chat import Delivery, File, Incoming, Reply, Undeliverable
from tests.fakes.telegram import Telegram as Server
from tests.fakes.telegram_chats import Chat, Person
from tests.fakes.telegram_rules import Refused
from tests.fakes.wired import READER, Wired, text, wired

EXTRAS = (Choice("a:7:x", Text("unknown")),)
Script = Callable[[Incoming], tuple[Reply, ...]]


def prompt(kind: KindName = "single", *labels: str, marked: str = "", **more: Any) -> Prompt:
    takes = {"single": "one", "multiple": "many", "boolean": "one", "blank": "texts", "case": "writing"}[kind]
    letters = "ABCDEFGH" if kind in {"single", "multiple"} else [""] * 8
    choices = tuple(
        Choice(f"a:7:{at}", Quote(label), letter, marked=letter != "" and letter in marked)
        for at, (label, letter) in enumerate(zip(labels, letters, strict=False))
    )
    given: dict[str, Any] = {"stem": (Quote("Which?"),), "takes": takes, "extras": EXTRAS}
    return Prompt(kind, choices=choices, **(given | more))


def says(script: Script) -> Callable[[Incoming], Awaitable[tuple[Reply, ...]]]:
    async def answers(incoming: Incoming) -> tuple[Reply, ...]:
        return script(incoming)

    return answers


def play(wire: Wired, script: Script) -> Person:
    """Somebody before a core that answers by the script."""
    wire.answers = says(script)
    return wire.server.person("lin")


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wired]:
    async with wired(tmp_path) as running:
        yield running
        await running.quiet()
    assert running.server.violations == []


async def presses(wire: Wired, person: Person, label: str, chat: Chat | None = None) -> None:
    """A press, and all that comes of it."""
    query = person.presses(label, chat=chat)
    assert query
    await wire.server.until(lambda: wire.server.world.queries[query.id].words is not None)
    await wire.quiet()


def on_press(first: Reply, *then: Reply) -> Script:
    return lambda incoming: then if incoming.kind == "press" else (first,)


async def test_a_choice_is_pressed_and_becomes_its_verdict(wire: Wired) -> None:
    """A question with a button an option; the press is acknowledged, the message becomes the verdict."""
    asked = prompt("single", "one", "two")
    verdict = Reply((Quote("Right."),), ((Choice("n:7", Text("button.next")),),), prompt=asked, edit=True)
    lin = play(wire, on_press(Reply(prompt=asked), verdict))
    lin.says("/study")
    (question,) = await wire.seen(lin.chat)
    await presses(wire, lin, "B two")
    (shown,) = await wire.seen(lin.chat)

    assert question.keyboard == (("A one",), ("B two",), ("Don't know",))
    assert wire.heard[-1].words == "a:7:1"
    assert (shown.id, shown.edited, shown.keyboard) == (question.id, True, (("Next",),))
    assert "Right." in shown.text


async def test_toggles_are_edited_in_place(wire: Wired) -> None:
    """Two options are ticked one after the other, in the one message."""
    marks = iter(["A", "AC"])

    def script(incoming: Incoming) -> tuple[Reply, ...]:
        pressed = incoming.kind == "press"
        found = prompt("multiple", "one", "two", "three", marked=next(marks) if pressed else "")
        return (Reply(prompt=found, edit=pressed, redraw=pressed),)

    lin = play(wire, script)
    lin.says("/study")
    await wire.seen(lin.chat)
    await presses(wire, lin, "A one")
    await presses(wire, lin, "C three")
    (shown,) = await wire.seen(lin.chat)

    assert shown.keyboard[:3] == (("✓ A one",), ("B two",), ("✓ C three",))


async def test_true_and_false_are_pressed(wire: Wired) -> None:
    """Two buttons without letters."""
    lin = play(wire, on_press(Reply(prompt=prompt("boolean", "True", "False")), text("done")))
    lin.says("/study")
    await wire.seen(lin.chat)
    await presses(wire, lin, "False")

    assert [one.text for one in await wire.seen(lin.chat, 2)][1] == "done"
    assert wire.heard[-1].words == "a:7:1"


async def test_blanks_are_typed_in_one_message(wire: Wired) -> None:
    """What is typed comes as it is, in one piece with its lines."""
    lin = play(
        wire, lambda incoming: (Reply(prompt=prompt("blank", fields=2)) if incoming.kind == "command" else text("ok"),)
    )
    lin.says("/study")
    await wire.seen(lin.chat)
    lin.says("first\nsecond，third")
    await wire.seen(lin.chat, 2)

    assert (wire.heard[-1].kind, wire.heard[-1].words) == ("text", "first\nsecond，third")


async def test_a_case_is_written_and_its_points_are_ticked(wire: Wired) -> None:
    """Writing first, then the key points as toggles below the model answer."""
    points = prompt("case", "split it", "share it", stem=(Quote("Which points?"),), takes="points")
    ticked = prompt("case", "split it", "share it", stem=(Quote("Which points?"),), takes="points")
    script: dict[str, Reply] = {
        "command": Reply(prompt=prompt("case")),
        "text": Reply(prompt=points),
        "press": Reply((Quote("1 of 2"),), prompt=ticked, edit=True, redraw=True),
    }
    lin = play(wire, lambda incoming: (script[incoming.kind],))
    lin.says("/study")
    await wire.seen(lin.chat)
    lin.says("I would share them.")
    await wire.seen(lin.chat, 2)
    await presses(wire, lin, "split it")

    assert [one.kind for one in wire.heard] == ["command", "text", "press"]
    assert "1 of 2" in (await wire.seen(lin.chat, 2))[1].text


async def test_long_options_stand_above_as_texts(wire: Wired) -> None:
    """An option longer than a button is read in the text, and pressed by its letter, all letters in a row."""
    lin = play(wire, lambda _: (Reply(prompt=prompt("single", "long " * 30, "short")),))
    lin.says("/study")
    (shown,) = await wire.seen(lin.chat)

    assert shown.keyboard == (("A", "B"), ("Don't know",))
    assert "A " + "long " * 29 in shown.text


async def test_a_long_stem_is_split_and_edited_page_by_page(wire: Wired) -> None:
    """A stem of three messages: the buttons below the last, and the verdict becomes that one; nothing is said twice."""
    stem = "".join(f"Sentence {number} of the story. " for number in range(400))
    asked = prompt("single", "one", "two", stem=(Quote(stem),))
    verdict = Reply((Quote("Right."),), prompt=asked, edit=True)
    lin = play(wire, on_press(Reply(prompt=asked), verdict))
    lin.says("/study")
    before = await wire.seen(lin.chat, 3)
    await presses(wire, lin, "A one")
    after = await wire.seen(lin.chat, 3)

    assert len(before) == len(after) == 3
    assert [one.edited for one in after] == [False, False, True]
    assert after[2].text.endswith("Right.")
    assert "".join(one.text for one in before).count("Sentence 200 of") == 1


async def test_an_edit_that_grows_sends_the_rest_below(wire: Wired) -> None:
    """A question of one page whose explanation is long: the first page in its place, the others below, in order."""
    why = "".join(f"Reason {number}. " for number in range(700))
    asked = prompt("single", "one", "two")
    lin = play(wire, on_press(Reply(prompt=asked), Reply((Quote(why),), prompt=asked, edit=True)))
    lin.says("/study")
    (question,) = await wire.seen(lin.chat)
    await presses(wire, lin, "A one")
    shown = await wire.seen(lin.chat, 2)

    assert shown[0].id == question.id
    assert "Which?" in shown[0].text
    assert "".join(one.text for one in shown).count("Reason 500.") == 1


async def test_a_formula_is_a_picture_and_stays_one(wire: Wired) -> None:
    """A formula that text cannot say is drawn; the verdict changes the caption below it."""
    asked = prompt("single", "one", "two", stem=(Quote(r"\sum_{i=1}^{n}\frac{x_i+1}{y_i}", "latex"),))
    lin = play(wire, on_press(Reply(prompt=asked), Reply((Quote("Right."),), prompt=asked, edit=True)))
    lin.says("/study")
    (question,) = await wire.seen(lin.chat)
    await presses(wire, lin, "A one")
    (shown,) = await wire.seen(lin.chat)

    assert question.photo == shown.photo
    assert (question.photo or b"")[:4] == b"\x89PNG"
    assert shown.text.endswith("Right.")


class Failing(Drawing):
    """Draws so often, then never again; keeps nothing."""

    def __init__(self, wire: Wired, times: int) -> None:
        super().__init__(wire.clock)
        self.times = times

    async def png(self, latex: Latex) -> bytes | None:
        self.times -= 1
        picture = await super().png(latex) if self.times >= 0 else None
        self._pictures.clear()
        return picture


@pytest.mark.parametrize("times", [0, 1])
async def test_words_go_where_drawing_fails(wire: Wired, *, times: int) -> None:
    """Whether it fails at once or at the verdict: the press is answered, the formula is its source."""
    asked = prompt("single", "one", "two", stem=(Quote(r"\sum_{i=1}^{n}\frac{x_i+1}{y_i}", "latex"),))
    lin = play(wire, on_press(Reply(prompt=asked), Reply((Quote("Right."),), prompt=asked, edit=True)))
    wire.adapter.speaker.drawing = Failing(wire, times)
    lin.says("/study")
    (question,) = await wire.seen(lin.chat)
    await presses(wire, lin, "A one")
    shown = await wire.seen(lin.chat)
    await wire.adapter.speaker.drawing._end()

    assert (question.photo is not None) == bool(times)
    assert shown[-1].text.endswith("Right.")
    assert wire.calls("answerCallbackQuery")


PHOTOS_BARRED = Refused("not enough rights to send photos to the chat")


@pytest.mark.parametrize("method", ["sendPhoto", "editMessageMedia"])
async def test_words_go_where_pictures_are_barred(wire: Wired, method: str) -> None:
    """A group that takes no pictures gets the formula's source, as a new message or as an edit; it is not gone."""
    formula = Reply((Quote(r"\sum_{i=1}^{n}\frac{x_i+1}{y_i}", "latex"),), edit=method != "sendPhoto")
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    shown = await deliver(wire, str(lin.id), text("plain")) if formula.edit else ()
    wire.server.fail(method, PHOTOS_BARRED)
    sent = await deliver(wire, str(lin.id), formula, *shown)
    await wire.adapter.speaker.drawing._end()

    assert len(wire.calls(method)) == 1
    assert (await wire.seen(lin.chat))[-1].text.startswith(r"\sum")
    assert len(sent) == 1


async def test_who_says_that_pictures_are_barred_to_a_text_is_not_believed(wire: Wired) -> None:
    """A text that is refused in such words is tried as a text once more, and then it is told."""
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    wire.server.fail("sendMessage", PHOTOS_BARRED, times=2)
    with pytest.raises(Undeliverable) as caught:
        await deliver(wire, str(lin.id), text("x"))

    assert not caught.value.permanent


async def test_a_picture_cannot_become_a_text(wire: Wired) -> None:
    """It loses its buttons, and what is new is said below."""
    asked = prompt("single", "one", "two", stem=(Quote(r"\sum_{i=1}^{n}\frac{x_i+1}{y_i}", "latex"),))
    lin = play(wire, on_press(Reply(prompt=asked), Reply((Quote("Gone on."),), edit=True)))
    lin.says("/study")
    await wire.seen(lin.chat)
    await presses(wire, lin, "A one")
    picture, below = await wire.seen(lin.chat, 2)

    assert (picture.keyboard, below.text) == ((), "Gone on.")


async def test_a_picture_without_bytes_is_its_words(wire: Wired) -> None:
    """Nothing keeps the bytes of a picture yet: what it shows is said in words."""
    lin = play(wire, lambda _: (Reply((Picture("00", Quote("a curve")), Quote("below"))),))
    lin.says("/study")
    (shown,) = await wire.seen(lin.chat)

    assert shown.text.splitlines() == ["a curve", "below"]


async def test_a_topic_is_answered_in_the_topic(wire: Wired) -> None:
    """What is said in a topic of a forum is answered there, and the room is the topic."""
    lin = wire.server.person("lin")
    forum = wire.server.group("Forum", admins=[lin], topics=["Maths"])
    lin.adds_bot(forum)
    lin.says("/help", chat=forum, thread=2)
    shown = await wire.seen(forum, 2)

    assert shown[-1].thread == 2
    assert wire.heard[-1].room == f"{forum.id}/2"


async def test_a_link_into_the_private_chat(wire: Wired) -> None:
    """A button that says a command opens the private chat with the bot's own name, and is pressed without a query."""
    lin = play(wire, lambda _: (Reply((Quote("x"),), ((Choice("/start why_7", Text("button.next")),),)),))
    lin.says("/study")
    await wire.seen(lin.chat)
    query = lin.presses("Next")
    await wire.server.until(lambda: len(wire.heard) == 2)

    assert query is None
    assert (wire.heard[1].kind, wire.heard[1].words) == ("command", "/start why_7")


@pytest.fixture
async def room(wire: Wired) -> Chat:
    """A group with the bot in it and a question with one button."""
    wei = wire.server.person("wei", number=9001)
    wei.says("/start")
    await wire.seen(wei.chat)
    wire.answers = says(lambda _: (Reply((Quote("asked"),), ((Choice("g:1", Text("button.next")),),)),))
    found = wire.server.group("Room", admins=[wei])
    wei.adds_bot(found)
    await wire.seen(found)
    return found


async def test_what_is_private_is_an_alert_in_a_group(wire: Wired, room: Chat) -> None:
    """The presser sees the words in a window, the group sees nothing new."""
    lin = play(wire, lambda _: (text("for your eyes only", private=True),))
    await presses(wire, lin, "Next", room)

    assert lin.alerts == ["for your eyes only"]
    assert len(await wire.seen(room)) == 1


async def test_what_is_private_and_long_goes_to_the_private_chat(wire: Wired, room: Chat) -> None:
    """Too long for an alert: to the presser's own chat where there is one, and never before all."""
    lin = play(wire, lambda _: (text("secret " * 60, private=True),))
    await presses(wire, lin, "Next", room)
    stranger = len(lin.chat.messages)
    wei = wire.server.world.people[9001]
    await presses(wire, wei, "Next", room)

    assert stranger == 0
    assert "secret" in list(wei.chat.messages.values())[-1].text
    assert not [one for one in room.messages.values() if "secret" in one.text]


async def test_a_press_may_open_the_private_chat(wire: Wired, room: Chat) -> None:
    """A reply that opens it answers the press with a link of the bot's own."""
    lin = play(wire, lambda incoming: (Reply(opens="why_1"),) if incoming.kind == "press" else ())
    await presses(wire, lin, "Next", room)
    await wire.server.until(lambda: wire.heard[-1].kind == "command")

    assert wire.heard[-1].words == "/start why_1"


async def test_a_late_press_is_counted_and_its_answer_shown(wire: Wired) -> None:
    """Older than fifteen seconds: no second try, one count; the edit is made all the same."""
    lin = play(wire, on_press(Reply(prompt=prompt("single", "one")), text("edited", edit=True)))
    lin.says("/study")
    await wire.seen(lin.chat)
    wire.server.world.query_life = timedelta(seconds=-1)
    lin.presses("A one")
    await wire.server.until(lambda: lin.chat.messages[2].text == "edited")
    await wire.quiet()

    assert wire.adapter.speaker.late == 1
    assert len(wire.calls("answerCallbackQuery")) == 1


async def test_what_a_late_press_was_to_be_told_is_a_message(wire: Wired, room: Chat) -> None:
    """No window opens any more: the words come to the presser's own chat, where there is one, and to nobody else."""
    lin = play(wire, lambda _: (text("for your eyes only", private=True),))
    wei = wire.server.world.people[9001]
    wire.server.world.query_life = timedelta(seconds=-1)
    for person in (lin, wei):
        person.presses("Next", chat=room)
    await wire.server.until(lambda: len(wire.calls("sendMessage")) == 4)
    await wire.quiet()

    assert wire.adapter.speaker.late == 2
    assert [one.text for one in wei.chat.messages.values()][-1] == "for your eyes only"
    assert len(lin.chat.messages) == 0
    assert len(await wire.seen(room)) == 1


async def test_a_late_press_without_words_is_only_counted(wire: Wired, room: Chat) -> None:
    """Where nothing was to be told nothing is said."""
    play(wire, lambda _: ())
    wei = wire.server.world.people[9001]
    before = len(wei.chat.messages)
    wire.server.world.query_life = timedelta(seconds=-1)
    wei.presses("Next", chat=room)
    await wire.server.until(lambda: wire.calls("answerCallbackQuery"))
    await wire.quiet()

    assert wire.adapter.speaker.late == 1
    assert len(wei.chat.messages) == before


@pytest.mark.parametrize("how", ["same", "gone", "old"])
async def test_a_message_that_cannot_be_edited(wire: Wired, how: str) -> None:
    """Unchanged is well; gone or too old: said anew below."""
    lin = play(
        wire, on_press(Reply(prompt=prompt("single", "one")), text("edited" if how != "same" else "x", edit=True))
    )
    if how == "same":
        wire.answers = says(lambda _: (Reply((Quote("x"),), ((Choice("g:1", Text("button.next")),),), edit=True),))
    lin.says("/study")
    (first,) = await wire.seen(lin.chat)
    if how == "old":
        wire.server.editable_for = timedelta(seconds=-1)
    query = lin.presses("Next" if how == "same" else "A one")
    assert query
    if how == "gone":
        lin.chat.change(lin.chat.messages[first.id], deleted=True)
    await wire.server.until(lambda: wire.server.world.queries[query.id].words is not None)
    await wire.quiet()

    assert [one.text for one in await wire.seen(lin.chat)] == {"same": ["x"], "gone": ["edited"]}.get(
        how, [first.text, "edited"]
    )


async def test_a_429_is_obeyed(wire: Wired) -> None:
    """Telegram asks for seven seconds: nothing goes to that chat before they are over, then all is said once."""
    lin = wire.server.person("lin")
    lin.says("warm")
    await wire.seen(lin.chat)
    began = wire.clock.now()
    wire.server.fail("sendMessage", Refused("Too Many Requests: retry after 7", code=429, retry_after=7))
    lin.says("x")
    shown = await wire.seen(lin.chat, 2)
    calls = [call.at for call in wire.server.log if call.method == "sendMessage"]

    assert [one.text for one in shown] == ["heard warm", "heard x"]
    assert calls[-1] - began >= timedelta(seconds=7)


async def test_a_429_holds_the_chat_that_it_came_from(wire: Wired, room: Chat) -> None:
    """What a press in a group brings to a private chat is refused there: the group waits for nothing."""
    play(wire, lambda _: (text("secret " * 60, private=True),))
    wei = wire.server.world.people[9001]
    until = wire.clock.now() + timedelta(seconds=30)
    wire.server.fail("sendMessage", Refused("Too Many Requests: retry after 30", code=429, retry_after=30))
    await presses(wire, wei, "Next", room)
    await wire.server.until(lambda: len(wei.chat.messages) == 3)

    assert wire.adapter.limiter.held_until(wei.id) >= until
    assert wire.adapter.limiter.held_until(room.id) < until


async def test_a_group_that_becomes_another_is_answered_there(wire: Wired, room: Chat) -> None:
    """A press in flight while the group turns into a supergroup: its reply is said in the new one."""
    lin = play(wire, lambda incoming: (text("after", edit=True),) if incoming.kind == "press" else ())
    query = lin.presses("Next", chat=room)
    assert query
    grown = room.migrates()
    await wire.server.until(lambda: [one for one in grown.messages.values() if one.text == "after"])
    await wire.quiet()

    assert [one.words for one in wire.heard if one.kind == "room"][-1] == f"moved {grown.id}"


async def test_a_move_that_no_update_told_is_told_by_its_refusal(wire: Wired, room: Chat) -> None:
    """The update was lost: the first message that is refused says the new name, and can be tried again."""
    grown = room.migrates()
    wire.server.world.updates.clear()
    with pytest.raises(Undeliverable) as caught:
        await deliver(wire, str(room.id), text("x"))

    assert not caught.value.permanent
    assert (wire.heard[-1].kind, wire.heard[-1].room) == ("room", str(room.id))
    assert wire.heard[-1].words == f"moved {grown.id}"


async def deliver(
    wire: Wired, room: str, reply: Reply, *shown: str, age_hours: float = 0, delivery: Delivery | None = None
) -> tuple[str, ...]:
    delivery = replace(delivery or Delivery(), lane="pushed", shown=shown, age_hours=age_hours)
    return await wire.adapter.deliver(room, reply, READER, delivery)


async def test_what_is_said_first_is_sent_edited_and_taken_away(wire: Wired) -> None:
    """Two pages become one and are one message then; away deletes, or strips what is two days old."""
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    long = text("word " * 1000, rows=((Choice("g:1", Text("button.next")),),), silent=True)
    two = await deliver(wire, str(lin.id), long)
    silent = [one.silent for one in await wire.seen(lin.chat, 3)][1:]
    one = await deliver(wire, str(lin.id), text("short", edit=True), *two)
    three = await deliver(wire, str(lin.id), text("word " * 2000, edit=True), *one)
    gone = await deliver(wire, str(lin.id), Reply(away=True), *three[1:])

    assert (len(two), len(one), len(three)) == (2, 1, 3)
    assert silent == [True, True]
    assert (two[0], gone) == (three[0], ())
    assert len(await wire.seen(lin.chat)) == 2


async def test_a_message_begins_when_its_turn_has_come(wire: Wired) -> None:
    """While a chat has to wait nothing is marked; a new message is before it goes, an edit and away never."""
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    marks = []

    async def mark() -> None:
        marks.append((wire.clock.now(), len(wire.calls("sendMessage"))))

    wire.adapter.limiter.hold(lin.id, timedelta(seconds=30))
    turn = wire.clock.now() + timedelta(seconds=30)
    sent = await deliver(wire, str(lin.id), text("word " * 1000), delivery=Delivery(mark=mark))
    await deliver(wire, str(lin.id), text("word " * 1000, edit=True), *sent, delivery=Delivery(mark=mark))
    await deliver(wire, str(lin.id), Reply(away=True), *sent, delivery=Delivery(mark=mark))

    assert (len(sent), marks) == (2, [(turn, 1)])


async def test_a_message_of_pages_goes_on_where_it_was_refused(wire: Wired) -> None:
    """The second of two pages is refused: the next attempt sends that one alone, and knows both."""
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    short = await deliver(wire, str(lin.id), text("short"))
    delivery, long = Delivery(), text("word " * 1000, edit=True)
    wire.server.fail("sendMessage", Refused("Internal Server Error", code=500))
    with pytest.raises(Undeliverable):
        await deliver(wire, str(lin.id), long, *short, delivery=delivery)
    first = tuple(delivery.sent)
    both = await deliver(wire, str(lin.id), long, *short, delivery=Delivery([*first]))

    assert first == short == both[:1]
    assert len(both) == 2
    assert len(wire.calls("editMessageText")) == 1


FAULTS: list[tuple[Refused, bool]] = [
    (Refused("bot was blocked by the user", code=403), True),
    (Refused("user is deactivated", code=403), True),
    (Refused("chat not found"), True),
    (Refused("can't parse entities"), False),
    (Refused("Internal Server Error", code=500), False),
    (Refused("Too Many Requests: retry after 3", code=429, retry_after=3), False),
]


@pytest.mark.parametrize(("refused", "permanent"), FAULTS, ids=[str(fault) for fault, _ in FAULTS])
async def test_the_sender_is_told_why(wire: Wired, refused: Refused, *, permanent: bool) -> None:
    """Blocked, deleted, unknown: nothing more goes there. Anything else may be tried again; a 429 when it said."""
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    wire.server.fail("sendMessage", refused)
    with pytest.raises(Undeliverable) as caught:
        await deliver(wire, str(lin.id), text("x"))

    assert caught.value.permanent == permanent
    assert (caught.value.retry_at is not None) == (refused.code == 429)
    assert not isinstance(caught.value, BadRequest)


@pytest.mark.parametrize("after", [False, True])
async def test_a_message_that_may_have_arrived_is_unsure(wire: Wired, *, after: bool) -> None:
    """The connection broke: nobody knows, and the sender is told so."""
    lin = wire.server.person("lin")
    lin.says("/start")
    await wire.seen(lin.chat)
    wire.server.drop("sendMessage", after=after)
    with pytest.raises(Undeliverable) as caught:
        await deliver(wire, str(lin.id), text("x"))

    assert caught.value.unsure


async def test_administrators_run_a_room(wire: Wired, room: Chat) -> None:
    """Its owner and administrators, nobody else; where Telegram does not say, nobody."""
    lin = wire.server.person("lin")

    assert await wire.adapter.runs(str(room.id), "9001")
    assert not await wire.adapter.runs(str(room.id), str(lin.id))
    assert not await wire.adapter.runs("-77", "9001")


async def test_the_menu_is_offered_in_each_language(wire: Wired) -> None:
    """Private chats and groups have their own; everybody who reads no Chinese gets English."""
    await wire.server.until(lambda: len(wire.server.commands) == 4)

    assert {language for _, language in wire.server.commands} == {"", "zh"}
    assert {len(listed) for listed in wire.server.commands.values()} == {1, 2}
    assert {listed[-1]["description"] for listed in wire.server.commands.values()} == {
        "怎么用，有哪些命令",
        "How it works and what you can send",
    }


TOO_MANY = Refused("Too Many Requests: retry after 3", code=429, retry_after=3)


@pytest.mark.parametrize(("refused", "offered"), [(TOO_MANY, 4), (Refused("", code=502), 4), (Refused("no"), 3)])
async def test_a_menu_that_is_refused_is_offered_again(tmp_path: Path, refused: Refused, offered: int) -> None:
    """Where Telegram was busy or out of reach; what it will never take is left out, and the others come."""
    async with Server() as server:
        server.fail("setMyCommands", refused)
        async with wired(tmp_path, server=server) as wire:
            await server.until(lambda: len(server.commands) == offered)
            await wire.quiet()

            assert len(server.commands) == offered
            assert len(wire.calls("setMyCommands")) == (4 if offered == 3 else 5)


async def test_a_file_is_sent_with_its_words(wire: Wired) -> None:
    """What a reply names is made when it is sent, in the reader's words; its caption and its buttons come with it."""

    async def made(file: File, say: Callable[[Block], str]) -> bytes:
        return f"{file.learner} {say(Text('unknown'))}".encode()

    wire.adapter.speaker.files = made
    rows = ((Choice("go", Text("button.next")),),)
    lin = play(wire, lambda _: (Reply((Quote("Here <it> is."),), rows, file=File("all.zip", LearnerId(7))),))
    lin.says("/mydata")
    (shown,) = await wire.seen(lin.chat)

    assert (shown.text, shown.keyboard) == ("Here <it> is.", (("Next",),))
    assert shown.document is not None
    assert (shown.document.name, shown.document.data) == ("all.zip", b"7 Don't know")


async def test_a_program_without_files() -> None:
    """Nothing is made of a file by who was given none to make."""
    with pytest.raises(LookupError):
        await no_files(File("all.zip", LearnerId(7)), str)
