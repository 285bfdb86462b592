"""A group's question of the day: how it hangs there, what a press on it is told, and the reveal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.commands import cards, elsewhere
from bot.commands.command import Context, Timer, button, number, say
from bot.domain import clocks
from bot.domain.kind import SUBMIT, UNKNOWN, Given, State, Unclear, Verdict
from bot.domain.kinds import BY_NAME, choices
from bot.domain.prompt import Arg, Block, Choice, Quote, Text, quoted
from bot.domain.question import AskId, RoomId
from bot.ports.chat import Reply
from bot.ports.reads import Notice
from bot.ports.rows import Ask, Revision
from bot.services.boards import HUNG, Closed, Due
from bot.services.effects import COUNT
from bot.services.groups import REVEAL, WAKE
from bot.services.services import Services
from bot.services.study import Continued, Repeated, Told, shown
from bot.services.times import clock_time

ALERT = 200  # characters that a private alert takes
WORDS = 110  # of them at most are the interface's, in the language that needs most
TALK = "talk"  # the button that opens a thread
BARE = ("verdict.single.right", "verdict.multiple.right")  # end with an option, that is, without a full stop
FEW = 3  # answers: below it nothing is told that could be somebody's alone


async def pressed(context: Context, words: str) -> Sequence[Reply]:
    """An option, or submit: told to the presser alone; with all that belongs to it where the platform whispers."""
    ask, _, token = words.partition(":")
    given = Given(token=token, texts=context.incoming.values)
    boards, whispers = context.services.boards, context.services.groups.whispers(context.incoming.platform)
    if whispers:
        notice = await boards.notice(AskId(number(ask)))
        await boards.adopt(context.person, notice.card.set.id)
    found = await boards.answer(context.person, AskId(number(ask)), given)
    if isinstance(found, Told):
        await elsewhere.told(context, found)
    return [_whispered(found) if whispers else Reply(blocks=(alert(found),), private=True)]


def _whispered(found: Told | Continued | Repeated | Unclear | Closed) -> Reply:
    """The verdict as anywhere, for the presser alone."""
    match found:
        case Told():
            return Reply(blocks=cards.told(found), rows=cards.buttons(found), private=True)
        case Repeated():
            return cards.already(found)
        case _:
            return Reply(blocks=(alert(found),), private=True)


def alert(found: Told | Continued | Repeated | Unclear | Closed) -> Text:
    """What a press comes to, in one short text."""
    match found:
        case Told(verdict=verdict):
            said = _joined(verdict)
            return brief(Text("board.alert_right" if said.key in BARE else "board.alert", {"verdict": said}))
        case Continued(sitting=sitting, more=more):
            letters = _letters(sitting.ask, more.state)
            return Text("board.marked", {"letters": letters}) if letters else Text("board.unmarked")
        case Repeated(sitting=sitting, answer=answer):
            return Text("ask.done", {"given": cards.given(sitting, answer) or ()})
        case Closed(sitting=sitting):
            return brief(Text("board.closed", {"answer": right(sitting.ask, sitting.card.revision)}))
        case Unclear(said=said):
            return said


def _joined(verdict: Verdict) -> Text:
    if len(verdict.told) == 1:
        return verdict.told[0]
    return Text("board.two", {"first": verdict.told[0], "second": verdict.told[1]})


def _letters(ask: Ask, state: State) -> tuple[str, ...]:
    return tuple(choices.letter_of(position, ask.shown) for position in choices.in_order(state.marked, ask.shown))


def brief(text: Text) -> Text:
    """The text as it is where its options leave room for the words around them, else with their letters alone."""
    return text if _content(text) <= ALERT - WORDS else _lettered(text)


def _content(arg: Arg) -> int:
    """How many characters of an alert are content, in UTF-16 units as a platform may count them."""
    match arg:
        case Text(args=args):
            return sum(map(_content, args.values()))
        case tuple():
            return sum(_content(one) + 2 for one in arg)
        case Quote(text=text):
            return len(text.encode("utf-16-le")) // 2
        case _:
            return len(str(arg))


def _lettered(text: Text) -> Text:
    def short(arg: Arg) -> Arg:
        match arg:
            case Text(key="option", args=args):
                return args["letter"]
            case Text():
                return _lettered(arg)
            case tuple():
                return tuple(map(short, arg))
            case _:
                return arg

    return replace(text, args={name: short(arg) for name, arg in text.args.items()})


def named(ask: Ask, revision: Revision, positions: Sequence[int]) -> Arg:
    """Options as they stand in a sentence: letter and text, or true and false."""
    return BY_NAME[revision.kind].named(revision.body, ask.shown, positions)


def right(ask: Ask, revision: Revision) -> Arg:
    """The right answer, in a sentence."""
    return named(ask, revision, key_of(revision))


def key_of(revision: Revision) -> tuple[int, ...]:
    """The right options, by their places in the body."""
    return BY_NAME[revision.kind].right(revision.body)


def wall(at: datetime, zone: str) -> str:
    """What a clock there shows then."""
    return clock_time(clocks.wall(at, zone))


def deep(link: str, key: str) -> Choice:
    """A button that opens the private chat with that link."""
    return button(f"/start {link}", key)


def hung(notice: Notice, *, whispers: bool, edit: bool = False) -> Reply:
    """The question with its options, when the answer is told, and how many have answered.

    Who is told no more than a verdict finds the rest in private; and has no way to say that they do not know.
    """
    prompt = shown(notice.card, notice.ask, State())
    taken = {SUBMIT, UNKNOWN} if whispers else {SUBMIT}
    extras = tuple(choice for choice in prompt.extras if choice.action in taken)
    time = wall(notice.board.reveal_at, notice.course.zone)
    line = Text("board.count", {"time": time}, notice.answers) if notice.answers else Text("board.none", {"time": time})
    return Reply(
        prompt=cards.pressable(replace(prompt, extras=extras), notice.ask.id),
        blocks=_ahead(notice),
        footer=line,
        rows=() if whispers else ((deep(f"why_{notice.ask.id}", "button.why"),),),
        slot=f"{HUNG}{notice.ask.id}",
        edit=edit,
        redraw=edit,  # it still waits for answers
        silent=edit or not notice.course.sound,
    )


def _ahead(notice: Notice) -> tuple[Text, ...]:
    """The days before the group's exam, once a week: on Mondays, or with each question where it is weekly."""
    exam, day = notice.course.exam, notice.board.day
    if exam is None or exam <= day or not (notice.course.weekly or day.weekday() == 0):
        return ()
    return (Text("exam.left", count=(exam - day).days),)


def told(notice: Notice, *, talks: bool) -> Reply:
    """The reveal: how many chose what, what is right, and why; with a way to talk about it where there can be one."""
    ask = notice.ask.id
    reasons = cards.explained(Verdict("unknown", 0.0, ()), notice.card, notice.ask.shown)
    talk = (button(f"{TALK}:{ask}", "button.discuss"),) if talks else ()
    return Reply(
        prompt=replace(shown(notice.card, notice.ask, State()), choices=(), extras=(), open=False),
        blocks=(*_counts(notice), _turnout(notice), *reasons),
        rows=((deep(f"mine_{ask}", "button.mine"), deep(f"wrong_{ask}", "button.report"), *talk),),
        slot=f"{HUNG}{ask}",
        edit=True,
        redraw=True,
        silent=True,
    )


def _turnout(notice: Notice) -> Text:
    if not notice.answers:
        return Text("board.nobody")
    if notice.answers < FEW:
        return Text("board.few", count=notice.answers)
    return Text("board.told", {"right": notice.right}, notice.answers)


def _counts(notice: Notice) -> tuple[Block, ...]:
    """The options, a line each, with what was answered where that is nobody's secret."""
    order, rights = notice.ask.shown, key_of(notice.card.revision)
    options = shown(notice.card, notice.ask, State()).choices
    places = [order[int(choice.action)] if order else int(choice.action) for choice in options]
    return tuple(
        _counted(notice, _lined(choice), place, right=place in rights)
        for choice, place in zip(options, places, strict=True)
    )


def _lined(choice: Choice) -> Text | Quote:
    return Text("option", {"letter": choice.letter, "text": choice.label}) if choice.letter else choice.label


def _counted(notice: Notice, text: Text | Quote, place: int, *, right: bool) -> Text | Quote:
    if notice.answers < FEW:
        return Text("board.right", {"text": text}) if right else text
    key = "board.option_right" if right else "board.option"
    return Text(key, {"text": text}, notice.picked.get(place, 0))


async def hour(services: Services, words: str, _at: datetime) -> None:
    """A group's hour has come."""
    due = await services.boards.due(RoomId(number(words)))
    if due is None:
        return
    if due.notice is not None:
        whispers = services.groups.whispers(due.notice.room.platform)
        await services.boards.hang(due, due.notice, hung(due.notice, whispers=whispers))
    else:
        await services.boards.close(due, ended(due))


def ended(due: Due) -> Reply:
    """Why nothing more comes."""
    if due.decided == "close":
        return say("group.exam_over")
    room = due.noon.venue.room
    rows = ((button(f"room:sets:{room.id}", "button.other_set"),),)
    return say("group.empty", {"title": Quote(room.title, foreign=True)}, rows=rows)


async def count(services: Services, words: str, _at: datetime) -> None:
    """More have answered than the message says."""
    notice = await services.boards.counted(words)
    if notice is not None:
        whispers = services.groups.whispers(notice.room.platform)
        await services.boards.recount(notice, words, hung(notice, whispers=whispers, edit=True))


async def reveal(services: Services, words: str, _at: datetime) -> None:
    """The answer is told."""
    notice = await services.boards.revealed(words)
    if notice is not None:
        talks = await services.groups.talks(notice.room)
        await services.boards.reveal(notice, told(notice, talks=talks), worry(notice))


async def discussed(services: Services, ask: str) -> Sequence[Reply]:
    """A thread about a question whose answer was told, opened by who wants to talk first."""
    notice = await services.boards.notice(AskId(number(ask)))
    card = notice.card
    topic = next(reversed(card.question.topics), "") or card.question.section or card.set.short_title
    name = Text("board.thread", {"topic": quoted(Quote(topic), card.set.language)})
    return [Reply(blocks=(Text("board.talk"),), thread=name)]


def worry(notice: Notice) -> Reply:
    """Few answer: what shall become of it?"""
    room = notice.room
    weekly = (button(f"room:weekly:{room.id}", "button.weekly"),)
    other = (button(f"room:sets:{room.id}", "button.other_set"), button(f"room:stop:{room.id}", "button.stop"))
    rows = (other,) if notice.course.weekly else ((*weekly, *other),)
    return say("group.thin", {"title": Quote(room.title, foreign=True)}, rows=rows)


TIMERS = (Timer(WAKE, hour), Timer(COUNT, count), Timer(REVEAL, reveal))
