"""A question and its verdict as replies: the same for every command that asks or tells."""

from collections.abc import Iterator
from dataclasses import replace

from bot.commands.command import Context, button
from bot.domain.kind import Verdict
from bot.domain.kinds import BY_NAME
from bot.domain.letters import rewritten
from bot.domain.memory import MASTERED
from bot.domain.prompt import Arg, Block, Choice, Prompt, Quote, Text, addressed, quoted
from bot.domain.question import AskId, Order
from bot.ports.chat import Reply, Rows
from bot.ports.reads import Card, Sitting
from bot.ports.rows import Answer, Ask, Revision
from bot.services.calendar import days_left
from bot.services.progress import streak_of
from bot.services.study import Asked, Repeated, Told
from bot.services.titles import shortly

ABOUT_AN_ANSWER = ("points", "grade")  # what a prompt takes that is no question any more
LEAST_STREAK = 2  # days: shorter ones are not told


def slot(ask: AskId) -> str:
    """The name of the message that shows an ask."""
    return f"ask:{ask}"


def pressable(prompt: Prompt, ask: AskId) -> Prompt:
    """The prompt with every button addressed to its ask."""
    prefix = f"a:{ask}"
    return replace(
        prompt,
        choices=tuple(addressed(choice, prefix) for choice in prompt.choices),
        extras=tuple(addressed(choice, prefix) for choice in prompt.extras),
    )


def question(prompt: Prompt, ask: Ask, *, footer: Block | None = None, later: bool = False) -> Reply:
    """The question with its buttons; ``later``: it may be put off."""
    shown = pressable(prompt, ask.id)
    if later:
        shown = replace(shown, extras=(*shown.extras, button(f"z:{ask.id}", "button.later")))
    return Reply(prompt=shown, slot=slot(ask.id), footer=footer)


def asked(context: Context, found: Asked) -> list[Reply]:
    """A question; the daily one says that it is, and may be put off."""
    return [_asked(found, later=may_wait(context, found.ask, found.prompt))]


def pushed(found: Asked) -> Reply:
    """A daily question as it is sent."""
    return _asked(found, later=True)


def _asked(found: Asked, *, later: bool) -> Reply:
    return question(found.prompt, found.ask, footer=_last_line(found.ask, found.card), later=later)


def continued(context: Context, sitting: Sitting, prompt: Prompt) -> Reply:
    """A question that goes on: some of it chosen, a hint given; or what is asked about the answer."""
    if prompt.takes in ABOUT_AN_ANSWER:
        return question(prompt, sitting.ask)
    later = may_wait(context, sitting.ask, prompt)
    return question(prompt, sitting.ask, footer=_last_line(sitting.ask, sitting.card), later=later)


def may_wait(context: Context, ask: Ask, prompt: Prompt) -> bool:
    """Whether a question can be put off: the day's, or one that takes time, where it can be sent again.

    Not in a shared room: it would come to a private one, and nobody is written to there who did not ask for it.
    """
    if context.incoming.here or context.incoming.platform not in context.services.dailies.platforms:
        return False
    return ask.purpose == "daily" or BY_NAME[prompt.kind].LONG


def _last_line(ask: Ask, card: Card) -> Block | None:
    return Text("daily.last_line", {"set": shortly(card.set)}) if ask.purpose == "daily" else None


def explained(verdict: Verdict, card: Card, order: Order) -> tuple[Block, ...]:
    """The explanation, led by the chosen option's own reason or followed by what tempts, and the source."""
    return quoted(tuple(_explained(verdict, card.revision, order)), card.set.language)


def _explained(verdict: Verdict, revision: Revision, order: Order) -> Iterator[Block]:
    text = Quote(rewritten(revision.explanation, order))
    contrast = Quote(rewritten(revision.contrast, order))
    if verdict.why is not None and text.text:
        yield Text("explanation.why", {"why": verdict.why, "gap": gap(verdict.why.args["why"]), "text": text})
    elif verdict.why is not None:
        yield Text("explanation", {"text": verdict.why})
    elif text.text and contrast.text:
        yield Text("explanation.contrast", {"text": text, "gap": gap(text), "contrast": contrast})
    elif text.text:
        yield Text("explanation", {"text": text})
    else:
        yield Text("explanation.none")
    if revision.reference:
        yield Text("source", {"text": Quote(revision.reference)})


def gap(before: Arg) -> str:
    """What stands between two sentences of content: a space after a Latin one, whatever the interface speaks."""
    return " " if isinstance(before, Quote) and before.text.rstrip()[-1:].isascii() else ""


def told(found: Told) -> tuple[Block, ...]:
    """The verdict, line by line: verdict, explanation, source, what comes next."""
    sitting = found.sitting
    return (
        *found.verdict.told,
        *explained(found.verdict, sitting.card, sitting.ask.shown),
        *tail(found),
        *after(found),
    )


def tail(found: Told) -> tuple[Text, ...]:
    """When it comes again, what is left, how many days in a row: one line, or none."""
    parts = [*_next(found), *_left(found), *_streak(found)]
    if len(parts) <= 1:
        return tuple(parts)
    names = ("a", "b", "c")
    return (Text("tail.two" if len(parts) == 2 else "tail.three", dict(zip(names, parts, strict=False))),)  # noqa: PLR2004


def _next(found: Told) -> Iterator[Text]:
    """When it comes again; a leech does not."""
    if found.memory.aside != "leech":
        yield Text("tail.as_missed" if found.answer.guessed else "tail.next", {"when": again(found)})


def again(found: Told) -> Text:
    """When the question comes again, seen from the answer."""
    answer, memory = found.answer, found.memory
    if answer.due_at is not None:
        return Text("when.minutes", count=max(1, -(-int((answer.due_at - answer.at).total_seconds()) // 60)))
    days = 1 if memory.due_day is None else (memory.due_day - answer.day).days
    return Text("when.tomorrow") if days <= 1 else Text("when.days", count=days)


def in_round(found: Told) -> bool:
    return found.sitting.ask.purpose == "round" and found.place.round is not None


def rest(found: Told) -> int:
    """Questions left of the day's goal, as far as there are any."""
    return max(0, min(found.person.learner.goal - found.tally.answered, found.sitting.available))


def finished(found: Told) -> bool:
    """Whether this answer ended the round, or the day's goal."""
    if in_round(found) and found.place.round is not None:
        return not found.place.round.left
    return rest(found) == 0


def _left(found: Told) -> Iterator[Text]:
    practice, tally = found.place.round, found.tally
    if in_round(found) and practice is not None:
        if practice.left:
            yield Text("tail.round_rest", count=len(practice.left))
        elif practice.mistakes:
            yield Text("tail.mistakes_done", count=practice.total)
        else:
            yield Text("tail.round_done", {"right": practice.right}, practice.total)
    elif rest(found) and tally.earlier:
        yield Text("tail.rest", count=rest(found))
    elif not rest(found) and tally.answered <= found.person.learner.goal:
        yield Text("tail.done", {"right": tally.right}, tally.answered)


def _streak(found: Told) -> Iterator[Text]:
    """The streak, unless a freeze that was just used tells it."""
    if not found.days:
        return
    streak = streak_of(found.person.learner, found.days, found.answer.day)
    if streak.length >= LEAST_STREAK and not streak.just_frozen:
        yield Text("tail.streak", count=streak.length)


def after(found: Told) -> Iterator[Text]:
    """What else there is to know: a freeze that was used, a leech set aside, the list of mistakes, days to the exam."""
    if found.days:
        yield from _frozen(found)
    before, memory = found.sitting.memory, found.memory
    if memory.aside == "leech" and (before is None or before.aside is None):
        yield Text("leech.aside", count=memory.lapses)
    if in_round(found) and found.place.round is not None and found.place.round.mistakes:
        yield from _mistake(found)
    left = days_left(found.person.learner, found.days, found.answer.day) if found.days else None
    if left is not None:
        yield Text("exam.left", count=left)


def _frozen(found: Told) -> Iterator[Text]:
    streak = streak_of(found.person.learner, found.days, found.answer.day)
    if not streak.just_frozen:
        return
    days = len(streak.just_frozen)
    key = "freeze.used" if days == 1 else "freeze.used_days"
    yield Text(key, {"streak": streak.length, "days": days}, streak.freezes_left)


def _mistake(found: Told) -> Iterator[Text]:
    before = found.sitting.memory
    if found.verdict.outcome != "right" or found.answer.guessed or before is None or before.missed is None:
        return
    if found.memory.missed == 2 and before.missed < 2:  # noqa: PLR2004 - right on two days: mastered
        yield Text("mistake.left")
    elif found.memory.missed == 1:
        yield Text("mistake.once")


def guessable(found: Told) -> bool:
    """Whether the learner may still say that it was a guess."""
    kind = BY_NAME[found.sitting.card.revision.kind]
    return kind.CHOSEN and found.verdict.outcome == "right" and not found.answer.guessed


def buttons(found: Told) -> Rows:
    """What may be pressed below a verdict."""
    answer, ask = found.answer, found.sitting.ask.id
    below = [button(f"u:{answer.id}", "button.undo"), button(f"r:{ask}", "button.report")]
    if guessable(found):
        below.insert(0, button(f"g:{answer.id}", "button.guessed"))
    return (forward(found), tuple(below))


def forward(found: Told) -> tuple[Choice, ...]:
    """The way on: the next question, or what there is when the goal or the round is done."""
    if not finished(found):
        return (button(f"n:{found.sitting.ask.id}", "button.next"),)
    own = found.memory.missed is not None and found.memory.missed < MASTERED and found.memory.aside is None
    return (button("m", "button.more"), *practise(any_missed=found.sitting.others_missed or own))


def practise(*, any_missed: bool) -> tuple[Choice, ...]:
    return (button("x:practise", "button.mistakes"),) if any_missed else ()


async def mistakes(context: Context) -> tuple[Choice, ...]:
    """The way to the mistakes, where there are any."""
    return practise(any_missed=await context.services.rounds.missed(context.person))


def behind(sitting: Sitting) -> bool:
    """Whether another question was shown since: what is said of this one names it."""
    return sitting.place.ask_id != sitting.ask.id


def edited(reply: Reply, context: Context) -> Reply:
    """The reply in the place of the message that was pressed; below, where it was typed."""
    return replace(reply, edit=True, redraw=True) if context.pressed else reply


def given(sitting: Sitting, answer: Answer) -> Arg | None:
    """What was answered, in few words; None where there are none."""
    revision, order = sitting.card.revision, sitting.ask.shown
    said = BY_NAME[revision.kind].given(order, answer.marked, answer.texts)
    return said and quoted(said, sitting.card.set.language)


def already(found: Repeated) -> Reply:
    """An old button pressed again: what was answered, and how to take it back while that is possible."""
    what = given(found.sitting, found.answer)
    key = "ask.done_undo" if found.reachable else "ask.done"
    if what is None:
        return Reply(blocks=(Text(f"{key}_silent"),), private=True)
    return Reply(blocks=(Text(key, {"given": what}),), private=True)
