"""The command line."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from bot import log
from bot.app import STDIN, App, code_of, connected, opened, read
from bot.commands import COMMANDS
from bot.commands.command import plain
from bot.domain.doubts import ACCEPTABLE
from bot.domain.errors import StudyBotError
from bot.domain.prompt import Arg, Text
from bot.domain.question import Reading
from bot.formats.format import LIMIT_BYTES, UnreadableError
from bot.platforms.console import Console, Keys, Speaker, silence
from bot.platforms.console import chat as talk
from bot.platforms.platform import Command, Unusable
from bot.ports.changes import AlreadyDone, Conflict, NotStored
from bot.ports.chat import Incoming, Said
from bot.ports.reads import Card
from bot.ports.rows import Report
from bot.router import ATTEMPTS
from bot.services.accounts import SCRIPTS
from bot.services.importing import Imported, entry
from bot.services.matching import once
from bot.services.titles import titled
from bot.settings import Settings, SettingsError, settings
from bot.texts import Language, Words, language_of, locale_tag

STDERR = 2  # the last of the three streams that every program is given
EX_USAGE, EX_DATAERR, EX_NOINPUT, EX_IOERR, EX_CONFIG = 64, 65, 66, 74, 78

program = typer.Typer(
    name="studybot",
    help="Turns a real exam paper into a course in your chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """The console script: a fault is one sentence and an exit code, never a traceback."""
    reopen()
    try:
        program()
    except SettingsError as error:
        leave(str(error), EX_CONFIG)
    except StudyBotError as error:
        leave(_words(settings(Settings)).say(error.text), EX_USAGE)
    except NotStored as error:
        leave(str(error), getattr(error, "exit_code", EX_IOERR))
    except UnreadableError as error:
        leave(error.message, EX_DATAERR)
    except ExceptionGroup as group:
        unusable(group)
    except OSError as error:
        silence()
        leave(f"The output cannot be written: {error.strerror}.", EX_IOERR)
    except KeyboardInterrupt:
        sys.exit(130)


def reopen() -> None:
    """Streams that were closed before the start lead nowhere; left closed, the database could get their numbers."""
    while (free := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        pass
    os.close(free)
    sys.stdin = sys.stdin or os.fdopen(0, "r")
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(STDERR, "w")


def unusable(group: ExceptionGroup[Exception]) -> None:
    """Ends the program for a platform that cannot be connected; anything else is a bug, and is raised again."""
    found = group.subgroup(Unusable)
    if found is None:
        raise group
    fault: Exception = found
    while isinstance(fault, ExceptionGroup):
        fault = fault.exceptions[0]
    leave(str(fault), EX_CONFIG)


def leave(words: str, code: int) -> None:
    """Ends the program with one sentence."""
    typer.echo(words, err=True)
    sys.exit(code)


@program.command()
def run() -> None:
    """Start the bot on every platform that the settings name; the chat in this terminal where they name none."""
    chosen = started()
    names = tuple(name.capitalize() for name in sorted(connected(chosen)))
    if not names:
        if _attended():
            typer.echo(_words(chosen).say(Text("run.alone")))
        asyncio.run(_chat(chosen, None))
        return
    typer.echo(_words(chosen).say(Text("run.connected", {"platforms": names})))
    asyncio.run(_serve(chosen))


@program.command()
def chat(
    paper: Annotated[str | None, typer.Argument(metavar="FILE", help="A paper to read first and study.")] = None,
) -> None:
    """Study in this terminal; through a pipe, each line is an utterance."""
    asyncio.run(_chat(started(), paper))


@program.command("import")
def import_(  # noqa: PLR0913 - Typer makes an option of each argument
    paper: Annotated[str, typer.Argument(metavar="FILE", help="An exam paper or a pack; - is standard input.")],
    *,
    set_: Annotated[
        str, typer.Option("--set", metavar="NAME", help="The code of the set to read into (else of the file's name).")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be read.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a report.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Import without asking, also where most of the set would go.")
    ] = False,
    accept: Annotated[list[str] | None, typer.Option(metavar="CODE", help="A kind of doubt to pass over.")] = None,
) -> None:
    """Read an exam paper (or a pack of questions) into a set."""
    for doubt in set(accept or ()).difference(ACCEPTABLE):
        raise StudyBotError(Text("import.accept", {"code": doubt, "codes": ACCEPTABLE}))
    data, name = _bytes(paper)
    reading = _read(data, name, quiet=as_json)
    if dry_run:
        _tell(reading, name, None, as_json=as_json)
        return
    chosen = started()
    words = _words(chosen)
    code = code_of(reading, name, chosen=set_)
    if not as_json:
        _tell(reading, name, None, as_json=False)
    ask = _question(reading, code, accept or ())
    if not yes and _attended() and not typer.confirm(words.say(ask)):
        typer.echo(words.say(Text("import.cancelled")))
        return
    done = asyncio.run(_import(chosen, reading, code, data=data, accept=accept or [], replacing=yes or bool(set_)))
    if as_json:
        _tell(reading, name, done, as_json=True)
        return
    from bot.platforms.console import report  # noqa: PLC0415 - only an import draws it

    report.show(report.outcome(done, words))


@program.command()
def stats(*, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Say how much is studied, and what learners report about questions."""
    found, reports = asyncio.run(_stats(started()))
    if as_json:
        typer.echo(json.dumps({**found, "reports": reports}, ensure_ascii=False))
        return
    for name, value in found.items():
        typer.echo(f"{name:<12} {value}")
    for report in reports:
        typer.echo(f"report       {report['at']}  {report['set']}  {report['reason']}: {report['question']}")


@program.command()
def migrate() -> None:
    """Bring the database to the newest schema, with a copy made before."""
    from bot.storage.migrate import migrate as migrated  # noqa: PLC0415 - the command has the same name

    path = started().database
    typer.echo(f"{path}: migrated." if migrated(path) else f"{path}: was current.")


@program.command()
def backup(
    target: Annotated[Path, typer.Argument(metavar="PATH", help="The file to write.")],
    *,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
) -> None:
    """Copy the database, also while the bot runs: whole and checked, or not at all."""
    from bot.storage.backup import backup as copied  # noqa: PLC0415 - the command has the same name

    copied(started().database, target, overwrite=overwrite)
    typer.echo(f"{target}: written and checked.")


@program.command()
def doctor() -> None:
    """Check the settings, the database, the disk, the time zones, the platforms and the way to them."""
    from bot.doctor import findings  # noqa: PLC0415 - only here

    chosen = settings(Settings)
    found = [*findings(chosen)]
    for name, ok, detail in found:
        typer.echo(f"{'✓' if ok else '✗'} {name}: {detail}")
    if not all(ok for _, ok, _ in found):
        raise typer.Exit(1)


def started() -> Settings:
    """The settings, with the log set up as they say."""
    chosen = settings(Settings)
    log.to_file(chosen.database.with_name("studybot.log"), chosen.log_level)
    return chosen


def menu() -> list[Command]:
    """What a platform offers after a slash."""
    return [
        Command(
            name,
            Text(f"command.{name}"),
            Text(f"command.{name}.about"),
            listed=one.listed,
            takes=Text(f"command.{name}.takes") if one.takes else None,
        )
        for name, one in COMMANDS.items()
    ]


def _attended() -> bool:
    """Whether a person sits before a keyboard and a screen."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _words(chosen: Settings) -> Words:
    language = language_of(chosen.language or locale_tag(os.environ))
    return Words(language, SCRIPTS[language])


def greeting(chosen: Settings) -> Callable[[str | None], Language]:
    """The language of a first hello: as the platform tells it, where it tells none as it is set."""
    return lambda tag: language_of(tag or chosen.language)


def _bytes(paper: str) -> tuple[bytes, str]:
    """The file, or as much of it as shows that it is too large, and its name as it can be printed."""
    if paper == STDIN:
        return sys.stdin.buffer.read(LIMIT_BYTES + 1), STDIN
    name = os.fsencode(paper).decode(errors="replace")
    try:
        with Path(paper).open("rb") as file:
            return file.read(LIMIT_BYTES + 1), Path(name).name
    except OSError as error:
        leave(f"{name}: cannot be read ({error.strerror}).", EX_NOINPUT)
        raise


def _read(data: bytes, name: str, *, quiet: bool) -> Reading:
    """The reading, with a bar on the screen while a long file takes its time."""
    if quiet or not sys.stderr.isatty():
        return read(data, name)
    from rich.console import Console  # noqa: PLC0415 - only for a person before the screen
    from rich.progress import Progress  # noqa: PLC0415 - the same

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        return read(data, name, lambda done, total: bar.update(task, completed=done, total=total))


def _question(reading: Reading, code: str, accept: Collection[str]) -> Text:
    """Whether to import: how many questions, and how many of them cannot be asked yet."""
    drafts = once(reading)
    held = sum(bool(entry(draft, accept, partial=reading.partial).doubts) for draft in drafts)
    args: dict[str, Arg] = {"code": code, "held": held}
    return Text("import.ask_held" if held else "import.ask", args, count=len(drafts))


def _tell(reading: Reading, source: str, done: Imported | None, *, as_json: bool) -> None:
    if as_json:
        from bot.formats.paper.report import as_json as described  # noqa: PLC0415 - only here

        found = described(reading, source)
        if done is not None:
            numbers = {
                name: getattr(done, name) for name in ("new", "revised", "returned", "same", "archived", "review")
            }
            found["imported"] = {"set": done.set.code, **numbers}
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    from bot.platforms.console import report  # noqa: PLC0415 - only an import draws it

    words = _words(settings(Settings))
    report.show_table(reading, words)
    report.show(report.summary(reading, words))


async def _serve(chosen: Settings) -> None:
    """Runs until it is told to end; what is under way is finished first. Told once more, it ends at once."""
    from bot.app import Over, serve  # noqa: PLC0415 - with its platforms

    end, loop = asyncio.Event(), asyncio.get_running_loop()

    def told(sign: signal.Signals) -> None:
        end.set()
        loop.remove_signal_handler(sign)

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, told, sign)
    try:
        await serve(chosen, greeting(chosen), menu(), end=end)
    except* Over:
        pass  # as it was told


async def _import(  # noqa: PLR0913 - the command's options, as they were given
    chosen: Settings, reading: Reading, code: str, *, data: bytes, accept: Sequence[str], replacing: bool
) -> Imported:
    async with opened(chosen, language_of) as app:
        return await app.take(reading, code, data, accept=accept, replacing=replacing)


async def _stats(chosen: Settings) -> tuple[dict[str, int], list[dict[str, str]]]:
    async with opened(chosen, language_of) as app:
        totals, streak_days = await app.services.numbers.totals()
        reports = await app.store.reports()
    numbers = {
        "learners": totals.learners,
        "answers": totals.answers,
        "due": totals.due,
        "streak_days": streak_days,
        "sets": totals.sets,
        "questions": totals.questions,
    }
    return numbers, [described(report, card) for report, card in reports]


def described(report: Report, card: Card) -> dict[str, str]:
    """A learner's report, for the operator."""
    at = report.at.isoformat(timespec="minutes")
    return {"at": at, "set": card.set.code, "reason": report.reason, "question": plain(card)}


async def _chat(chosen: Settings, paper: str | None) -> None:
    async with opened(chosen, language_of) as app:
        await app.bundle()
        seat = Seat(app, chosen.language or locale_tag(os.environ))
        opening = "/start" if paper is None else await _opened(seat, paper)
        await talk(
            seat.handle,
            lambda: seat.words,
            speaker=seat.speaker,
            keys=Keys(menu(), chosen.database.with_name("history"), opening),
            files=app.services.export.made,
        )


async def _opened(seat: "Seat", paper: str) -> str:
    """Reads a paper for who sits there, who then has its set; what is said for them first."""
    data, name = _bytes(paper)
    reading = _read(data, name, quiet=False)
    done = await seat.app.take(reading, code_of(reading, name), data)
    if not done.live:
        why = tuple(
            Text(f"doubt.{code}") for code in sorted({one.code for draft in reading.drafts for one in draft.doubts})
        )
        raise StudyBotError(Text("import.nothing", {"title": titled(done.set), "why": why}, done.review))
    if not _attended():
        await seat.join(done.set.code)
    else:
        from bot.platforms.console import report  # noqa: PLC0415 - only a person reads it

        report.show(report.summary(reading, seat.words))
    return f"/start set_{done.set.code}"


class Seat:
    """Who sits at the terminal: their words follow what they set."""

    def __init__(self, app: App, tag: str | None) -> None:
        self.app = app
        self.speaker = Speaker(account="local", room="local", language=tag)
        self._language = language_of(tag)
        self.words = Words(self._language, SCRIPTS[self._language])

    async def handle(self, incoming: Incoming) -> Said:
        said = await self.app.router.handle(incoming)
        self.words = Words(language_of(said.reader.language), said.reader.script)
        return said

    async def join(self, code: str) -> None:
        """Has a set take part, without a word; a new learner has only that one."""
        services, who = self.app.services, self.speaker
        hello = Incoming("command", Console.name, who.account, who.room, "/start", language=who.language)
        for _ in range(ATTEMPTS):
            with suppress(AlreadyDone, Conflict):
                person = await services.accounts.known(hello)
                person = person or await services.accounts.welcomed(hello, self._language, with_set=False)
                await services.sets.add(person, code)
                return


if __name__ == "__main__":
    main()
