"""The menu of /study: what to practise, chosen by the learner."""

import re
import zlib
from collections.abc import Sequence

from bot.commands import cards
from bot.commands.command import Command, Context, Press, button, number, paired, say
from bot.domain.kinds import BY_NAME
from bot.domain.prompt import Choice, Quote, Text, quoted
from bot.domain.question import SetId
from bot.ports.chat import Reply, Rows
from bot.ports.place import Round
from bot.ports.reads import Group, Wish
from bot.services.titles import shortly

A_PAGE = 3  # sections on one page: they stay in reach of the thumb
_NUMBER = re.compile(r"^[一二三四五六七八九十百]+[、.．]\s*")


async def menu(context: Context, words: str) -> Sequence[Reply]:
    """What there is to practise; a row with nothing behind it is left out."""
    found = await context.services.rounds.menu(context.person)
    if not found.sets:
        return [say("nothing.no_sets")]
    rows = list(_go_on(found.place.round))
    counted = [("due", found.due), ("new", found.new), ("missed", found.missed), ("starred", found.starred)]
    rows += paired([button(f"p:{pool}", f"button.{pool}", count=count) for pool, count in counted if count])
    rows.append((button("p:sections", "button.by_section"), button("p:kinds", "button.by_kind")))
    rows.append((await _in_order(context, [one.id for one in found.sets]),))
    return [say("menu.ask", rows=tuple(rows), edit=words == "back")]


def _go_on(practice: Round | None) -> Rows:
    if practice is None or not practice.left or practice.ordered:
        return ()
    return ((button("p:go", "button.go_on", {"name": practice.name}, count=len(practice.left)),),)


async def _in_order(context: Context, sets: Sequence[SetId]) -> Choice:
    if len(sets) > 1:
        return button("p:orders", "button.in_order_plain")
    start = await context.services.rounds.place_in_order(context.person, sets[0])
    return button(f"p:order:{sets[0]}", "button.in_order", {"number": start})


async def choose(context: Context) -> tuple[Choice, ...]:
    """Practise mistakes, where there are any, and choose oneself."""
    return (*await cards.mistakes(context), button("p:menu", "button.choose"))


async def comes(context: Context) -> Text | None:
    """When the next questions come due, and how many; None where none ever will."""
    house, learner = context.services.study.house, context.person.learner
    found = await context.services.numbers.upcoming(context.person)
    if found is None:
        return None
    now, today = house.today(learner)
    days = (found.day - today).days
    if found.at is not None:
        when = Text("when.minutes", count=max(1, -(-int((found.at - now).total_seconds()) // 60)))
    elif days == 1:
        when = Text("when.tomorrow")
    else:
        when = Text("when.date", {"day": found.day})
    return Text("nothing.next", {"when": when}, found.count)


async def chosen(context: Context, words: str) -> Sequence[Reply]:
    """A button of the menu."""
    what, _, rest = words.partition(":")
    if what in ("menu", "back"):
        return await menu(context, what)
    if what == "go":
        return await _resumed(context)
    if what in ("due", "new", "starred"):
        return await begin(context, Wish(what), Text(f"round.{what}"))  # type: ignore[arg-type]
    if what == "missed":
        return await begin(context, Wish("missed"), Text("round.missed"))
    return await _page(context, what, rest)


async def _page(context: Context, what: str, rest: str) -> Sequence[Reply]:
    if what == "kinds":
        return [await _kinds(context)]
    if what == "kind" and rest in BY_NAME:
        return await begin(context, Wish("kind", name=rest), Text(f"round.kind.{rest}"))
    if what == "sections":
        return await _sections(context, rest)
    if what == "section":
        return await _section(context, rest)
    if what == "orders":
        return [await _which_set(context, "order")]
    return await _order(context, SetId(number(rest)))


async def _kinds(context: Context) -> Reply:
    counts = {group.name: group.count for group in await context.services.rounds.groups(context.person, "kind")}
    listed = [button(f"p:kind:{kind}", f"button.kind.{kind}", count=counts[kind]) for kind in BY_NAME if kind in counts]
    return say("menu.which_kind", rows=(*paired(listed), (back(),)), edit=True)


async def _which_set(context: Context, then: str) -> Reply:
    found = await context.services.rounds.menu(context.person)
    rows = tuple((Choice(f"p:{then}:{one.id}", shortly(one)),) for one in found.sets)
    return say("menu.which_set", rows=(*rows, (back(),)), edit=True)


async def _sections(context: Context, words: str) -> Sequence[Reply]:
    """The sections of a paper (topics where it has none), a page at a time."""
    found = await context.services.rounds.menu(context.person)
    if not found.sets:
        return [say("nothing.no_sets")]
    if not words and len(found.sets) > 1:
        return [await _which_set(context, "sections")]
    set_word, _, page_word = words.partition(":")
    in_set = SetId(number(set_word)) if set_word else found.sets[0].id
    groups = await context.services.rounds.groups(context.person, "section", in_set)
    start = number(page_word) if page_word else 0
    rows = tuple((section(group, f"p:section:{in_set}"),) for group in groups[start : start + A_PAGE])
    after = start + A_PAGE if start + A_PAGE < len(groups) else 0
    turn = (button(f"p:sections:{in_set}:{after}", "button.more_groups"),) if len(groups) > A_PAGE else ()
    return [say("menu.which_section", rows=(*rows, (*turn, back())), edit=True)]


def section(group: Group, prefix: str) -> Choice:
    """A section's button: 64 bytes do not hold every name, so its fingerprint stands for it."""
    return button(f"{prefix}:{print_of(group.name)}", "button.group", {"name": heading(group)}, count=group.count)


def heading(group: Group) -> Quote:
    """A section's name without its number in the paper: 一、单选题 is 单选题."""
    return quoted(Quote(_NUMBER.sub("", group.name) or group.name), group.language)


def print_of(name: str) -> str:
    return format(zlib.crc32(name.encode()), "x")


async def _section(context: Context, words: str) -> Sequence[Reply]:
    set_word, _, wanted = words.partition(":")
    in_set = SetId(number(set_word))
    for group in await context.services.rounds.groups(context.person, "section", in_set):
        if print_of(group.name) == wanted:
            name = Text("name", {"name": heading(group)})
            return await begin(context, Wish("section", name=group.name, in_set=in_set), name)
    return [say("menu.empty")]


async def _order(context: Context, in_set: SetId) -> Sequence[Reply]:
    start = await context.services.rounds.place_in_order(context.person, in_set)
    return await begin(context, Wish("order", in_set=in_set, start=start), Text("round.order"))


async def _resumed(context: Context) -> Sequence[Reply]:
    asked = await context.services.rounds.go_on(context.person)
    return cards.asked(context, asked) if asked is not None else [say("round.over")]


async def begin(context: Context, wish: Wish, name: Text, *, edit: bool = True) -> Sequence[Reply]:
    """A round: what it is (in the place of the menu), and its first question."""
    started = await context.services.rounds.start(context.person, wish, name)
    if started is None:
        return [say("menu.empty", edit=edit)]
    practice, asked = started
    said = Reply(blocks=(_started(wish, practice),), edit=edit)
    return [said, *cards.asked(context, asked)]


def _started(wish: Wish, practice: Round) -> Text:
    name = practice.name
    if wish.pool == "order":
        return Text("round.order_started", {"number": wish.start})
    if wish.pool == "missed" and wish.name:
        return Text("round.mistakes_started", {"name": name}, practice.total)
    if wish.pool == "missed":
        return Text("round.all_mistakes_started", count=practice.total)
    mixed = wish.pool in ("section", "kind", "starred")
    return Text("round.started" if mixed else "round.started_plain", {"name": name}, practice.total)


def back() -> Choice:
    return button("p:back", "button.back")


COMMANDS: tuple[Command, ...] = ()
PRESSES = (Press("p", chosen),)
