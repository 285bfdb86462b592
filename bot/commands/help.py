"""/start and /help."""

from collections.abc import Mapping, Sequence

from bot.commands import cards, group, mine, room
from bot.commands.command import Command, Context, Handler, Press
from bot.commands.linking import elsewhere
from bot.commands.study import go_on, resumed, turned, waiting
from bot.commands.venue import whispers
from bot.domain.prompt import Text
from bot.ports.chat import Reply
from bot.ports.reads import Shelf
from bot.services.titles import titled

LINES = ("help.study", "help.daily", "help.stats", "help.undo", "help.pause", "help.report")
LINK, SETUP, MINE = "help.link", "help.setup", "help.mine"
SET = "set_"  # /start set_xai: the set's own link
LINKS: Mapping[str, Handler] = {
    "why_": mine.own,
    "mine_": mine.own,
    "wrong_": mine.wrong,
    "group_": group.opened,
    "file": room.paper,
}


async def start(context: Context, words: str) -> Sequence[Reply]:
    """The first question at once; a set's link adds the set and greets with it, others lead where they say."""
    for prefix, link in LINKS.items():
        if words.startswith(prefix):
            return await link(context, words.removeprefix(prefix))
    if words.startswith(SET):
        shelf = await context.services.sets.add(context.person, words.removeprefix(SET))
        return [_greeting(shelf), *await _first(context, shelf)]
    if context.new:
        shelves = await context.services.sets.shelves(context.person)
        greetings = [_greeting(shelf) for shelf in shelves if shelf.taking_part]
        return [*greetings, *await go_on(context)]
    desk = await context.services.study.desk(context.person)
    await turned(context, desk.place)
    open_ask = waiting(context, desk)
    return await resumed(context, open_ask) if open_ask is not None else await go_on(context)


async def _first(context: Context, shelf: Shelf) -> Sequence[Reply]:
    """The set's next question, whatever else is due: its link was opened for it."""
    asked = await context.services.study.next(context.person, beyond=True, in_set=shelf.set.id)
    return cards.asked(context, asked) if asked is not None else await go_on(context)


def _greeting(shelf: Shelf) -> Reply:
    key = "greeting" if shelf.explained else "greeting.plain"
    return Reply(blocks=(Text(key, {"title": titled(shelf.set)}, shelf.questions),))


async def help_(context: Context, _words: str) -> Sequence[Reply]:
    """What there is here, in a few lines: linking where there is another platform, channels where there are any."""
    several, channels = elsewhere(context), whispers(context)
    pushes = context.incoming.platform in context.services.dailies.platforms
    bare = pushes and not several and not channels  # the reference conversation has the common lines alone there
    lines = (
        *LINES,
        *((LINK,) if several else ()),
        *((SETUP,) if channels else ()),
        *(() if bare else (MINE,)),
    )
    return [Reply(blocks=tuple(map(Text, lines)))]


COMMANDS = (Command("start", start, takes=True), Command("help", help_, listed=True))
PRESSES: tuple[Press, ...] = ()
