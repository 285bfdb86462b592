"""The command line."""

import asyncio
import os
import sys
from collections.abc import Sequence

import typer

from bot import log
from bot.app import App, opened
from bot.commands import COMMANDS
from bot.domain.prompt import Text
from bot.platforms.console import Speaker
from bot.platforms.console import chat as talk
from bot.ports.chat import Incoming, Reply
from bot.ports.rows import NotStored
from bot.services.accounts import SCRIPTS
from bot.settings import Settings, SettingsError, settings
from bot.texts import Words, language_of, locale_tag

program = typer.Typer(
    name="studybot",
    help="Turns a real exam paper into a course in your chat.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """The console script: a fault is one sentence and an exit code, never a traceback."""
    try:
        program()
    except SettingsError as error:
        leave(str(error), 78)  # EX_CONFIG
    except NotStored as error:
        leave(str(error), getattr(error, "exit_code", 74))  # EX_IOERR
    except KeyboardInterrupt:
        sys.exit(130)


def leave(words: str, code: int) -> None:
    print(words, file=sys.stderr)  # noqa: T201 - the command line's own voice
    sys.exit(code)


@program.command()
def run() -> None:
    """Start the bot: while no platform is connected, the chat in this terminal."""
    chat()


@program.command()
def chat() -> None:
    """Study in this terminal. Through a pipe each line is an utterance: printf '/study\\nA\\n' | studybot chat"""
    chosen = started()
    asyncio.run(_chat(chosen))


def started() -> Settings:
    """The settings, with the log set up as they say."""
    chosen = settings(Settings)
    log.to_file(chosen.database.with_name("studybot.log"), chosen.log_level)
    return chosen


async def _chat(chosen: Settings) -> None:
    async with opened(chosen, language_of) as app:
        await app.bundle()
        reader = Reader(app, chosen.language or locale_tag(dict(os.environ)))
        commands = [(name, Text(f"command.{name}")) for name, command in COMMANDS.items() if command.listed]
        await talk(
            reader.handle,
            lambda: reader.words,
            speaker=reader.speaker,
            commands=commands,
            history=chosen.database.with_name("history"),
        )


class Reader:
    """Who sits at the terminal: their words follow what they set."""

    def __init__(self, app: App, tag: str | None) -> None:
        self._app = app
        self.speaker = Speaker(account="local", room="local", language=tag)
        language = language_of(tag)
        self.words = Words(language, SCRIPTS[language])

    async def handle(self, incoming: Incoming) -> Sequence[Reply]:
        replies = await self._app.router.handle(incoming)
        person = await self._app.services.accounts.known(incoming)
        if person is not None:
            self.words = Words(language_of(person.learner.language), person.learner.script)
        return replies


if __name__ == "__main__":
    main()
