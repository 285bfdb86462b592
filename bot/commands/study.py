"""/study, /daily, and what happens to an answer."""

from collections.abc import Sequence
from datetime import timedelta

from bot.commands import board, cards, elsewhere
from bot.commands.command import Command, Context, Press, button, number, say
from bot.commands.daily import offer
from bot.commands.practice import choose, comes, menu
from bot.domain.errors import StudyBotError
from bot.domain.kind import Given, State, Unclear
from bot.domain.prompt import Text
from bot.domain.question import AnswerId, AskId
from bot.ports.chat import Reply, Rows
from bot.ports.place import Place
from bot.ports.reads import Desk, Sitting
from bot.ports.rows import Purpose
from bot.services.study import Continued, Repeated, Told, shown

TAP = timedelta(seconds=0.8)  # a second tap of the same thumb comes within that


async def study(context: Context, _words: str) -> Sequence[Reply]:
    """What is due, at once; sent again in the same place before an answer, the menu."""
    desk = await context.services.study.desk(context.person)
    await turned(context, desk.place)
    open_ask = waiting(context, desk)
    if open_ask is None:
        return await go_on(context)
    return await menu(context, "") if seen(context, open_ask) else await resumed(context, open_ask)


def seen(context: Context, sitting: Sitting) -> bool:
    """Whether the question that waits is before the learner where they speak."""
    there, person = (sitting.ask.room_id, sitting.place.here), context.person
    return there == (person.room_id, person.here) and not context.incoming.first


async def daily(context: Context, _words: str) -> Sequence[Reply]:
    """Today's question, or the day's result once something was answered."""
    desk = await context.services.study.desk(context.person)
    if desk.tally.answered:
        return [await result(context, desk)]
    await turned(context, desk.place)
    open_ask = waiting(context, desk)
    if open_ask is not None and open_ask.ask.purpose == "daily":
        return await resumed(context, open_ask)
    return await go_on(context, purpose="daily")


async def turned(context: Context, place: Place) -> None:
    """Back at the questions, the next text is an answer again: what was asked for here is not awaited any more."""
    if place.awaits.startswith(f"{context.person.room_id} "):
        await context.services.study.wait_for(context.person, "")


async def following(context: Context, words: str) -> Sequence[Reply]:
    """The next one: of the round where the answered question was of one, else what is due or new."""
    before = await context.services.study.sitting(context.person, AskId(number(words)))
    if tapped_twice(context, before):
        return []
    desk = await context.services.study.desk(context.person)
    await turned(context, desk.place)
    open_ask = waiting(context, desk)
    if open_ask is not None:
        return await resumed(context, open_ask)
    if before.ask.purpose == "round":
        asked = await context.services.rounds.go_on(context.person)
        if asked is not None:
            return cards.asked(context, asked)
    return await go_on(context)


def tapped_twice(context: Context, sitting: Sitting) -> bool:
    """Whether the verdict came under a thumb that was tapping already."""
    if not context.incoming.thumb or sitting.answer is None:
        return False
    return context.services.house.clock.now() - sitting.answer.at < TAP


async def more(context: Context, _words: str) -> Sequence[Reply]:
    """One more, beyond the goal."""
    return await go_on(context, beyond=True)


async def go_on(context: Context, *, beyond: bool = False, purpose: Purpose = "study") -> Sequence[Reply]:
    asked = await context.services.study.next(context.person, beyond=beyond, purpose=purpose)
    return cards.asked(context, asked) if asked is not None else [await nothing(context)]


def waiting(context: Context, desk: Desk) -> Sitting | None:
    """The question that waits for an answer since some time today."""
    if desk.open is None:
        return None
    house, learner = context.services.study.house, context.person.learner
    today = house.today(learner)[1]
    return desk.open if house.day_of(learner, desk.open.ask.asked_at) == today else None


def repeated(context: Context, sitting: Sitting) -> Sequence[Reply]:
    """A question that waits, shown again."""
    return [cards.continued(context, sitting, shown(sitting.card, sitting.ask, sitting.state or State()))]


async def resumed(context: Context, sitting: Sitting) -> Sequence[Reply]:
    """A question that waits, shown again; where it waits in another room it is asked anew in this one."""
    study = context.services.study
    if sitting.ask.room_id == context.person.room_id:
        await study.brought(context.person)
        return repeated(context, sitting)
    place, question = await study.place(context.person), sitting.card.question.id
    return cards.asked(context, await study.ask(context.person, question, place, purpose=sitting.ask.purpose))


async def nothing(context: Context) -> Reply:
    """Nothing to ask: the day's result while new questions are left, else when the next one comes."""
    desk = await context.services.study.desk(context.person)
    if desk.new is not None:
        return await result(context, desk)
    found = await context.services.rounds.menu(context.person)
    if not found.sets:
        return say("nothing.no_sets")
    next_one = await comes(context)
    rows = (await choose(context),)
    return say("nothing.at_all", rows=rows) if next_one is None else say("nothing.left", {"next": next_one}, rows=rows)


async def result(context: Context, desk: Desk) -> Reply:
    """How the day went: done, or how far."""
    tally, goal = desk.tally, context.person.learner.goal
    if tally.answered < goal and (desk.due or desk.new is not None):
        rows: Rows = ((button("m", "button.next"),), (button("p:menu", "button.choose"),))
        return say("daily.answered", {"right": tally.right}, rows=rows, count=tally.answered)
    row = await choose(context)
    rows = ((button("m", "button.more"),), row) if desk.new is not None else (row,)
    next_one = await comes(context)
    if next_one is None:
        return say("nothing.goal_only", {"right": tally.right}, rows=rows, count=tally.answered)
    return say("nothing.goal", {"right": tally.right, "next": next_one}, rows=rows, count=tally.answered)


async def pressed(context: Context, words: str) -> Sequence[Reply]:
    """A button of a question: an option, submit, don't know, hint, count it; in a group, of its board."""
    if context.incoming.group:
        return await board.pressed(context, words)
    ask, _, token = words.partition(":")
    return await answered(context, AskId(number(ask)), Given(token=token, texts=context.incoming.values))


async def typed(context: Context, words: str) -> Sequence[Reply]:
    """A typed text: the answer to the question that waits."""
    desk = await context.services.study.desk(context.person)
    if desk.open is None:
        raise StudyBotError(Text("ask.none"))
    if desk.open.ask.room_id != context.person.room_id:  # whoever types here has not seen it
        return await resumed(context, desk.open)
    return await answered(context, desk.open.ask.id, Given(texts=(words,), label=context.incoming.label))


async def answered(context: Context, ask: AskId, given: Given) -> Sequence[Reply]:
    outcome = await context.services.study.answer(context.person, ask, given)
    match outcome:
        case Told():
            await told_elsewhere(context, outcome)
            return [await verdict(context, outcome), *await offer(context, outcome)]
        case Continued(sitting, prompt, step):
            await turned(context, sitting.place)
            shown_again = cards.continued(context, sitting, prompt)
            return [shown_again if step.fresh else cards.edited(shown_again, context)]
        case Repeated():
            return [cards.already(outcome)]
        case Unclear(said):
            return [Reply(blocks=(said,), private=True)]


async def told_elsewhere(context: Context, found: Told) -> None:
    """The daily question follows where its learner answers; where the same question waits it says that it was.

    What one hears in a shared room is no place to send anything to: nobody has asked for private messages by it.
    """
    if not context.incoming.here:
        await context.services.dailies.follow(found, context.incoming.platform)
    await elsewhere.told(context, found)


async def verdict(context: Context, found: Told) -> Reply:
    """The verdict below its question, or in the place of "count it?"."""
    state = found.sitting.state
    near = state is not None and state.step == "near"
    return Reply(
        prompt=found.prompt if context.pressed and not near else None,
        blocks=cards.told(found),
        rows=cards.buttons(found),
        slot=cards.slot(found.sitting.ask.id),
        edit=context.pressed,
    )


async def guessed(context: Context, words: str) -> Sequence[Reply]:
    """It was right, and a guess."""
    found = await context.services.undoing.guessed(context.person, AnswerId(number(words)))
    return [await verdict(context, found)]


COMMANDS = (Command("study", study, listed=True), Command("daily", daily, listed=True))
PRESSES = (
    Press("a", pressed),
    Press("n", following),
    Press("m", more),
    Press("g", guessed),
)
