"""/sets: which sets take part; adding and leaving them."""

from collections.abc import Awaitable, Callable, Sequence

from bot.commands import run
from bot.commands.command import Command, Context, Press, button, number, say
from bot.domain.prompt import Arg, Choice
from bot.domain.question import SetId
from bot.ports.chat import Reply
from bot.ports.reads import Shelf
from bot.services.titles import shortly, titled


async def sets(context: Context, words: str) -> Sequence[Reply]:
    """The learner's sets; a tick for those that take part."""
    shelves = await context.services.sets.shelves(context.person)
    mine = [shelf for shelf in shelves if shelf.mine]
    rows = [(_row(shelf, "open", marked=shelf.taking_part),) for shelf in mine]
    if any(not shelf.taking_part for shelf in mine):
        rows.append((button("s:all", "sets.all"),))
    if len(mine) < len(shelves):
        rows.append((button("s:add", "sets.add"),))
    return [say("sets.mine" if mine else "sets.none", rows=tuple(rows), edit=bool(words))]


def _row(shelf: Shelf, act: str, *, marked: bool = False) -> Choice:
    name = shortly(shelf.set)
    return button(f"s:{act}:{shelf.set.id}", "sets.row", {"title": name}, count=shelf.questions, marked=marked)


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the list."""
    what, _, rest = words.partition(":")
    if what == "add":
        return [await _offered(context)]
    if what == "all":
        await context.services.sets.all(context.person)
    if what in ACTS:
        return await ACTS[what](context, await _shelf(context, rest))
    return await sets(context, "back")


async def _shelf(context: Context, words: str) -> Shelf:
    return await context.services.sets.shelf_of(context.person, SetId(number(words)))


async def _offered(context: Context) -> Reply:
    others = [shelf for shelf in await context.services.sets.shelves(context.person) if not shelf.mine]
    rows = tuple((_row(shelf, "join"),) for shelf in others)
    return say("sets.which", rows=(*rows, (_back(),)), edit=True)


async def _opened(context: Context, shelf: Shelf) -> Sequence[Reply]:
    only, leave = await _only_this(context, shelf), button(f"s:leave:{shelf.set.id}", "sets.leave")
    args: dict[str, Arg] = {"title": titled(shelf.set), "studied": shelf.studied}
    rows = ((*only, leave), *await run.row(context, shelf.set), (_back(),))
    return [say("sets.one", args, rows=rows, edit=True, count=shelf.questions)]


async def _only_this(context: Context, shelf: Shelf) -> tuple[Choice, ...]:
    """The way to study this set alone, where one has others."""
    mine = [other for other in await context.services.sets.shelves(context.person) if other.mine]
    return (button(f"s:only:{shelf.set.id}", "sets.only"),) if len(mine) > 1 else ()


async def _joined(context: Context, shelf: Shelf) -> Sequence[Reply]:
    await context.services.sets.add(context.person, shelf.set.code)
    only, undo = await _only_this(context, shelf), button(f"s:leave:{shelf.set.id}", "button.undo")
    title = titled(shelf.set)
    return [say("sets.added", {"title": title}, rows=((*only, undo), (_back(),)), edit=True, count=shelf.questions)]


async def _only(context: Context, shelf: Shelf) -> Sequence[Reply]:
    await context.services.sets.only(context.person, shelf.set.code)
    return await sets(context, "back")


async def _left(context: Context, shelf: Shelf) -> Sequence[Reply]:
    await context.services.sets.leave(context.person, shelf.set.code)
    rows = ((button(f"s:join:{shelf.set.id}", "button.undo"), _back()),)
    return [say("sets.left", {"title": titled(shelf.set)}, rows=rows, edit=True)]


def _back() -> Choice:
    return button("s:back", "button.back")


ACTS: dict[str, Callable[[Context, Shelf], Awaitable[Sequence[Reply]]]] = {
    "open": _opened,
    "join": _joined,
    "only": _only,
    "leave": _left,
}
COMMANDS = (Command("sets", sets, listed=True),)
PRESSES = (Press("s", chosen),)
