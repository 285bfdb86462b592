"""The commands behind the slash, as Discord takes them: named and described in three languages."""

from collections.abc import Sequence
from typing import Any

from bot.domain.prompt import Text
from bot.platforms.platform import Command
from bot.texts import Language, Words

TAGS: dict[str, Language] = {"zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}
EVERYWHERE = [0, 1, 2]  # in servers, in private with the bot, in other private chats
INSTALLS = [0, 1]  # by a server, by a person
DESCRIPTION, NAME = 100, 32  # characters
WORDS = "words"  # the one option: what stands behind the command


def menu(commands: Sequence[Command]) -> list[dict[str, Any]]:
    """All commands, whole: what is not among them goes."""
    return [_command(one) for one in commands]


def _command(command: Command) -> dict[str, Any]:
    called = {tag: Words(language, "written").say(command.called) for tag, language in TAGS.items()}
    found: dict[str, Any] = {
        "type": 1,
        "name": command.name,
        "name_localizations": {tag: "".join(text.split()).casefold()[:NAME] for tag, text in called.items()},
        **_described(command.about),
        "contexts": EVERYWHERE,
        "integration_types": INSTALLS,
    }
    if command.takes is not None:
        found["options"] = [_option(command.takes)]
    return found


def _option(takes: Text) -> dict[str, Any]:
    return {"type": 3, "name": WORDS, **_described(takes), "required": False, "max_length": DESCRIPTION}


def _described(words: Text) -> dict[str, Any]:
    """What something does, in three languages."""
    return {
        "description": Words("en", "written").say(words)[:DESCRIPTION],
        "description_localizations": {
            tag: Words(language, "written").say(words)[:DESCRIPTION] for tag, language in TAGS.items()
        },
    }
