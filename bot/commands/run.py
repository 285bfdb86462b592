"""Running a set, for bot admins in private: another title, and what learners report about its questions."""

import json
from collections.abc import Awaitable, Callable, Sequence

from bot.commands.command import Awaited, Command, Context, Press, button, number, plain, say, typable
from bot.domain.errors import StudyBotError, clipped
from bot.domain.naming import cleaned
from bot.domain.prompt import Choice, Quote, Text, quoted
from bot.domain.question import SetId
from bot.ports.chat import Reply, Rows
from bot.ports.rows import Set
from bot.services.marks import Reported
from bot.services.titles import titled

LONGEST = 64  # characters of a title that is typed
NEWEST = 10  # reports that are listed


async def row(context: Context, of: Set) -> Rows:
    """What a bot admin finds on a set's page besides; a title that was asked for is not awaited any more."""
    if not context.services.runs_sets(context.incoming):
        return ()
    if (await context.services.study.awaited(context.person)).startswith("title:"):
        await context.services.study.wait_for(context.person, "")
    count = sum(one.times for one in await context.services.marks.reported(of.id))
    reports = (button(f"run:reports:{of.id}", "sets.reports", count=count),) if count else ()
    return ((button(f"run:title:{of.id}", "sets.rename"), *reports),)


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of that row, or below what came of one; nobody else's is known."""
    what, _, rest = words.partition(":")
    if what not in ACTS or not context.services.runs_sets(context.incoming):
        raise StudyBotError(Text("ask.unknown"))
    return await ACTS[what](context, await _set(context, rest.partition(":")[0]))


async def _set(context: Context, words: str) -> Set:
    return (await context.services.sets.shelf_of(context.person, SetId(number(words)))).set


async def _asked(context: Context, of: Set) -> Sequence[Reply]:
    """The next text is the title."""
    await context.services.study.wait_for(context.person, f"title:{of.id}")
    return [typable(say("sets.rename_ask", {"title": titled(of)}, rows=((_back(of),),), edit=True))]


async def typed(context: Context, words: str) -> Sequence[Reply]:
    """The title; what it was is kept for the undo, as long as nothing else is asked."""
    awaits = await context.services.study.awaited(context.person)
    if not context.services.runs_sets(context.incoming):  # no longer
        await context.services.study.wait_for(context.person, "")
        raise StudyBotError(Text("ask.unknown"))
    before, title = await _set(context, awaits.partition(":")[2]), cleaned(words, LONGEST)
    if title is None:
        return [typable(say("sets.rename_unclear", rows=((_back(before),),)))]
    after = await context.services.sets.rename(before, title)
    kept = json.dumps([before.title, before.short_title])
    await context.services.study.wait_for(context.person, f"renamed:{after.id}:{after.version} {kept}")
    undo = button(f"run:undo:{after.id}:{after.version}", "button.undo")
    return [say("sets.renamed", {"title": titled(after)}, rows=((undo, _back(after)),))]


async def _undone(context: Context, of: Set) -> Sequence[Reply]:
    """The title before it; not where anything changed the set since, or the undo is that of an earlier one."""
    head, _, kept = (await context.services.study.awaited(context.person)).partition(" ")
    last = f"{of.id}:{of.version}"
    if head != f"renamed:{last}" or context.incoming.words != f"run:undo:{last}":
        raise StudyBotError(Text("sets.rename_stays"))
    title, short_title = json.loads(kept)
    await context.services.study.wait_for(context.person, "")
    back = await context.services.sets.rename(of, title, short_title)
    return [say("sets.rename_undone", {"title": titled(back)}, rows=((_back(back),),), edit=True)]


async def _reports(context: Context, of: Set) -> Sequence[Reply]:
    """The newest reports of the set."""
    found = await context.services.marks.reported(of.id)
    head = Text("sets.reported", {"title": titled(of)}, sum(one.times for one in found))
    lines = (_report(one) for one in found[:NEWEST])
    return [Reply(blocks=(head, *lines), rows=((_back(of),),), edit=True)]


def _report(one: Reported) -> Text:
    stem = quoted(Quote(clipped(plain(one.card))), one.card.set.language)
    return Text(
        "sets.report",
        {"kind": Text(f"kind.{one.card.revision.kind}"), "stem": stem, "reason": Text(f"report.{one.reason}")},
        one.times,
    )


def _back(of: Set) -> Choice:
    return button(f"s:open:{of.id}", "button.back")


ACTS: dict[str, Callable[[Context, Set], Awaitable[Sequence[Reply]]]] = {
    "title": _asked,
    "undo": _undone,
    "reports": _reports,
}
COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("run", chosen),)
AWAITED = (Awaited("title", typed),)
