"""/link and /unlink: one learner on several platforms."""

from collections.abc import Sequence

from bot.commands.command import Command, Context, Press, button, say
from bot.domain.prompt import Text
from bot.ports.chat import Reply
from bot.ports.people import Side
from bot.ports.rows import Account
from bot.services.joining import Pair
from bot.services.titles import called


async def link(context: Context, words: str) -> Sequence[Reply]:
    """A code for the other platform; or, with the code of there, what linking would do."""
    if not words:
        return [await _code(context)]
    pair = await context.services.linking.pair(context.person, words)
    rows = ((button(f"link:yes:{pair.code}", "button.link"), button("link:no", "button.dont_link")),)
    told = (Text("link.ask"), *map(_line, pair.accounts), _settled(pair), *_paused(context, pair))
    return [Reply(blocks=told, rows=rows)]


async def _code(context: Context) -> Reply:
    """A code, where there is a platform on which the learner has no account yet."""
    side = await context.services.house.storage.side(context.person.learner.id)
    if {*context.services.dailies.platforms} - {*side.platforms}:
        return say("link.code", {"code": await context.services.linking.code(context.person)})
    if len(side.accounts) == 1:
        return say("link.nowhere")
    return say("link.already", {"platforms": tuple(map(called, side.platforms))})


def elsewhere(context: Context) -> bool:
    """Whether there is another platform than the one where this is said."""
    return bool({*context.services.dailies.platforms} - {context.incoming.platform})


def _line(account: tuple[Account, int]) -> Text:
    return Text("link.account", {"platform": called(account[0].platform)}, account[1])


def _settled(pair: Pair) -> Text:
    """Whose settings are kept."""
    oldest, _ = pair.older.accounts[0]
    return Text("link.settings", {"platform": called(oldest.platform)})


def _paused(context: Context, pair: Pair) -> tuple[Text, ...]:
    """A pause of either goes on."""
    lasts = (context.services.calendar.paused(side.learner) for side in (pair.older, pair.younger))
    last = max(filter(None, lasts), default=None)
    return () if last is None else (Text("link.paused", {"day": last}),)


async def link_chosen(context: Context, words: str) -> Sequence[Reply]:
    """The buttons below what linking would do."""
    what, _, code = words.partition(":")
    if what != "yes":
        return [say("link.no", edit=True)]
    told = say("link.told", {"platform": called(context.incoming.platform)})
    side = await context.services.linking.link(context.person, code, told)
    platforms = tuple(called(platform) for platform in side.platforms)
    return [say("link.done", {"platforms": platforms}, edit=True, count=side.answers)]


async def unlink(context: Context, _words: str) -> Sequence[Reply]:
    """What taking the account apart would do."""
    side = await context.services.linking.parting(context.person)
    rows = ((button("unlink:yes", "button.unlink"), button("unlink:no", "button.dont_unlink")),)
    asked = Text("unlink.ask", {"platform": called(context.incoming.platform)})
    return [Reply(blocks=(asked, *map(_line, side.accounts), *_daily(side)), rows=rows)]


def _daily(side: Side) -> tuple[Text, ...]:
    """Where the daily question stays, if there is one."""
    found = side.daily
    platform = next((room.platform for room in side.rooms if found and room.id == found.room_id), None)
    if found is None or found.rhythm == "off" or platform is None:
        return (Text("unlink.settings"),)
    return (Text("unlink.daily", {"platform": called(platform)}),)


async def unlink_chosen(context: Context, words: str) -> Sequence[Reply]:
    """The buttons below what taking apart would do."""
    if words != "yes":
        return [say("unlink.no", edit=True)]
    side = await context.services.linking.unlink(context.person)
    return [say("unlink.done", edit=True, count=side.answers)]


COMMANDS = (Command("link", link, takes=True), Command("unlink", unlink))
PRESSES = (Press("link", link_chosen), Press("unlink", unlink_chosen))
