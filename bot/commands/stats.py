"""/stats: progress in words and numbers."""

from collections.abc import Sequence
from datetime import timedelta

from bot.commands import cards
from bot.commands.command import Command, Context, Press, say
from bot.domain.prompt import Text
from bot.ports.chat import Reply
from bot.ports.reads import Progress
from bot.services.progress import streak_of
from bot.services.titles import shortly

WEEK = timedelta(days=7)


async def stats(context: Context, _words: str) -> Sequence[Reply]:
    """Each set, answers, what comes due, the lists, the streak."""
    learner = context.person.learner
    today = context.services.study.house.today(learner)[1]
    found = await context.services.numbers.progress(context.person)
    shelves = [shelf for shelf in await context.services.sets.shelves(context.person) if shelf.taking_part]
    if not shelves:
        return [say("nothing.no_sets")]
    streak = streak_of(learner, found.days, today)
    lines = (
        *(
            Text("stats.set", {"title": shortly(shelf.set), "studied": shelf.studied}, shelf.questions)
            for shelf in shelves
        ),
        _answers(found),
        Text(
            "stats.due",
            {
                "today": sum(count for day, count in found.ahead if day <= today),
                "tomorrow": sum(count for day, count in found.ahead if day == today + timedelta(days=1)),
                "week": sum(count for day, count in found.ahead if day <= today + WEEK),
            },
        ),
        Text("stats.lists", {"missed": found.missed, "mastered": found.mastered, "starred": found.starred}),
        Text("stats.streak", {"freezes": Text("freezes", count=streak.freezes_left)}, streak.length),
    )
    return [Reply(blocks=lines, rows=(row,) if (row := await cards.mistakes(context)) else ())]


def _answers(found: Progress) -> Text:
    return Text(
        "stats.answers",
        {
            "today": found.today[0],
            "today_right": found.today[1],
            "week": found.week[0],
            "week_right": found.week[1],
        },
    )


COMMANDS = (Command("stats", stats, listed=True),)
PRESSES: tuple[Press, ...] = ()
