"""What a person reads about a file that was read: a table, what is doubtful, what was done."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from bot.domain.prompt import Arg, Quote, Text, quoted
from bot.domain.question import Draft, Reading
from bot.platforms.console.view import clean
from bot.platforms.console.wrap import wrapped
from bot.services.importing import Imported
from bot.services.titles import titled
from bot.texts import Words

if TYPE_CHECKING:
    from rich.table import Table

MOST_LISTED = 20  # doubts and remarks told one by one; of the rest only how many


def show(lines: Iterable[str]) -> None:
    """Prints lines, on a screen broken where words end; a pipe gets them as they are."""
    from rich.console import Console  # noqa: PLC0415 - only an import draws

    screen = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    for line in lines:
        hang = 2 * (len(line) - len(line.lstrip()))
        for part in wrapped(line, screen.width, hang) if screen.is_terminal else (line,):
            screen.print(part)


def show_table(reading: Reading, words: Words) -> None:
    """Prints the title and a row a section and kind: how many questions, how many of them are doubtful."""
    from rich.console import Console  # noqa: PLC0415 - only an import draws

    screen = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    screen.print(clean(words.say(quoted(Quote(reading.title), reading.language))), style="bold")
    screen.print(table(reading, words))


def table(reading: Reading, words: Words) -> "Table":
    """A row a section and kind; without sections, a row a kind."""
    from rich.table import Table  # noqa: PLC0415 - only an import draws tables

    drawn = Table(box=None, pad_edge=False)
    sections = any(draft.section for draft in reading.drafts)
    for key in COLUMNS if sections else COLUMNS[1:]:
        drawn.add_column(words.say(Text(key)), justify="right" if key in NUMBERS else "left")
    counts = Counter((draft.section, draft.kind) for draft in reading.drafts)
    doubtful = Counter((draft.section, draft.kind) for draft in reading.drafts if draft.doubts)
    for (section, kind), count in counts.items():
        cells = (words.say(Text(f"kind.{kind}")), str(count), str(doubtful[section, kind] or ""))
        drawn.add_row(*((clean(words.say(quoted(Quote(section), reading.language))),) if sections else ()), *cells)
    return drawn


PAIRS = {"exact": "report.exact", "near": "report.near"}
COLUMNS = ("report.section", "report.kind", "report.questions", "report.doubtful")
NUMBERS = ("report.questions", "report.doubtful")


def summary(reading: Reading, words: Words) -> Iterator[str]:
    """What the file holds, what it promised, what repeats, and every doubt with its line."""
    if any(remark.code == "count" for remark in reading.remarks):  # every heading promised
        yield _say(words, "report.promised", {"promised": reading.promised or 0}, count=len(reading.drafts))
    else:
        yield _say(words, "report.found", count=len(reading.drafts))
    if reading.dropped_lines:
        yield _say(words, "report.dropped", count=reading.dropped_lines)
    yield from _pairs(reading, words)
    yield from _remarks(reading, words)
    yield from _doubts(reading, words)


def _pairs(reading: Reading, words: Words) -> Iterator[str]:
    for pair in reading.pairs[:MOST_LISTED]:
        names = {"a": _placed(reading, pair.first), "b": _placed(reading, pair.second)}
        yield _say(words, PAIRS[pair.level], names)
    if len(reading.pairs) > MOST_LISTED:
        yield _say(words, "report.more", count=len(reading.pairs) - MOST_LISTED)


def _placed(reading: Reading, place: int) -> Text:
    """A question's name, with its line where another one is called the same: numbers restart in a section."""
    draft, name = reading.drafts[place], _named(reading, place)
    alike = sum(one.kind == draft.kind and one.number == draft.number for one in reading.drafts)
    if alike == 1 or draft.number is None or draft.line is None:
        return name
    return Text("report.name_line", {"name": name, "line": draft.line})


def _remarks(reading: Reading, words: Words) -> Iterator[str]:
    """What was noticed besides, each with its line; the count of all questions is told first."""
    told = [remark for remark in reading.remarks if remark.code != "count"]
    for one in told[:MOST_LISTED]:
        message = Text(f"remark.{one.code}")
        if one.line is not None:
            message = Text("report.remark", {"line": one.line, "message": message})
        yield clean(words.say(message))
    if len(told) > MOST_LISTED:
        yield _say(words, "report.more", count=len(told) - MOST_LISTED)


def _doubts(reading: Reading, words: Words) -> Iterator[str]:
    listed = [(place, doubt) for place, draft in enumerate(reading.drafts) for doubt in draft.doubts]
    if not listed:
        return
    yield _say(words, "report.review", count=sum(bool(draft.doubts) for draft in reading.drafts))
    for place, doubt in listed[:MOST_LISTED]:
        line = reading.drafts[place].line or 0
        args: dict[str, Arg] = {"line": line, "question": _named(reading, place), "code": doubt.code}
        yield _say(words, "report.doubt", {**args, "message": Text(f"doubt.{doubt.code}")})
    if len(listed) > MOST_LISTED:
        yield _say(words, "report.more", count=len(listed) - MOST_LISTED)


def _named(reading: Reading, place: int) -> Text:
    draft: Draft = reading.drafts[place]
    return Text("report.name", {"kind": Text(f"kind.{draft.kind}"), "number": draft.number or place + 1})


def outcome(done: Imported, words: Words) -> Iterator[str]:
    """What the import did, and how to study the set."""
    title = titled(done.set)
    if not done.changed:
        yield _say(words, "report.unchanged", {"title": title})
    else:
        numbers: dict[str, Arg] = {"new": done.new, "revised": done.revised, "archived": done.archived}
        numbers |= {"returned": done.returned, "same": done.same}
        yield _say(words, "report.imported", {"title": title, **numbers})
    if done.review:
        yield _say(words, "report.held", count=done.review)
    yield _say(words, "report.study", {"code": done.set.code})


def _say(words: Words, key: str, args: Mapping[str, Arg] | None = None, *, count: int | None = None) -> str:
    return clean(words.say(Text(key, args or {}, count)))
