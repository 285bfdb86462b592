"""Links out of a group to the private chat: one's own answer to its question, and what is wrong with that."""

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import board, cards, marks
from bot.commands.command import Context, number, say
from bot.commands.study import resumed
from bot.domain.kinds import BY_NAME
from bot.domain.prompt import Block, Text
from bot.domain.question import AskId
from bot.ports.chat import Incoming, Reply
from bot.ports.groups import Course
from bot.ports.reads import Notice
from bot.services.services import Services
from bot.services.study import Told

LINKS = ("why_", "mine_", "wrong_")  # of an ask: who comes by one comes out of its group


async def home(services: Services, incoming: Incoming) -> Course | None:
    """What is studied in the group that a new person comes out of; None for who comes by themselves."""
    if incoming.group:
        return (await services.groups.here(incoming)).course
    link, _, ask = incoming.words.removeprefix("/start ").partition("_")
    if incoming.kind != "command" or f"{link}_" not in LINKS:
        return None
    return (await services.boards.notice(AskId(number(ask)))).course


async def own(context: Context, words: str) -> Sequence[Reply]:
    """The own answer, explained unless the room's message does that; else the question, privately, after the reveal."""
    notice = await context.services.boards.notice(AskId(number(words)))
    found = await _answered(context, notice)
    if found is not None:
        return [whispered(found) if context.incoming.here else shown(found)]
    if context.services.house.clock.now() < notice.board.reveal_at:
        return [say("board.first", {"time": board.wall(notice.board.reveal_at, notice.course.zone)})]
    return await _asked(context, notice)


async def wrong(context: Context, words: str) -> Sequence[Reply]:
    """What is wrong with the question? For who has answered it."""
    notice = await context.services.boards.notice(AskId(number(words)))
    found = await _answered(context, notice)
    if found is None:
        return await own(context, words)
    asked = await marks.report(context, str(found.sitting.ask.id))
    return [replace(reply, edit=False, blocks=(Text("report.ask"),)) for reply in asked]  # the stem stands above


async def _answered(context: Context, notice: Notice) -> Told | None:
    """The answer told again, after the group's set became one of the person's own."""
    boards = context.services.boards
    if await boards.own(context.person, notice) is None:
        return None
    await boards.adopt(context.person, notice.card.set.id)
    sitting = await boards.own(context.person, notice)
    if sitting is None or sitting.answer is None or sitting.memory is None:
        return None
    return context.services.study.told_again(context.person, sitting, sitting.answer, sitting.memory)


def shown(found: Told) -> Reply:
    """One's own answer below the question's stem."""
    sitting = found.sitting
    reasons = cards.explained(found.verdict, sitting.card, sitting.ask.shown)
    return Reply(
        prompt=replace(found.prompt, choices=(), extras=()),
        blocks=(*_given(found), *reasons, *cards.tail(found)),
        rows=cards.buttons(found),
        slot=cards.slot(sitting.ask.id),
    )


def whispered(found: Told) -> Reply:
    """One's own answer where the question hangs with its explanation."""
    return Reply(blocks=tuple(_given(found, wrong="mine.whispered")), private=True)


def _given(found: Told, *, wrong: str = "mine.wrong") -> Sequence[Block]:
    """What was chosen, and what is right."""
    ask, revision, answer = found.sitting.ask, found.sitting.card.revision, found.answer
    right = board.right(ask, revision)
    if not answer.marked:
        return found.verdict.told
    given = board.named(ask, revision, answer.marked)
    if not BY_NAME[revision.kind].options(revision.body):  # nothing has a letter, and the verdict says what is right
        return (Text("mine.boolean", {"given": given, "verdict": found.verdict.told[0]}),)
    if answer.outcome == "right":
        return (Text("mine.right", {"given": given}),)
    return (Text(wrong, {"given": given, "answer": right}),)


async def _asked(context: Context, notice: Notice) -> Sequence[Reply]:
    """The room's question, and its set, as the person's own; as it stands where it waits already."""
    study = context.services.study
    await context.services.boards.adopt(context.person, notice.card.set.id)
    desk = await study.desk(context.person)
    if desk.open is not None and desk.open.card.question.id == notice.ask.question_id:
        return await resumed(context, desk.open)
    return cards.asked(context, await study.ask(context.person, notice.ask.question_id, desk.place, purpose="study"))
