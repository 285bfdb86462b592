"""What is said before all to a text typed in a channel: who typed it presses, and hears the answer alone."""

from bot.domain.prompt import Choice, Text
from bot.platforms.discord.components import ACTION_LETTERS
from bot.platforms.discord.raw import SAY
from bot.platforms.writing import units
from bot.ports.chat import Incoming, Reader, Reply, Said
from bot.texts import LANGUAGES, Words, language_of

ASK = Text("here.ask")


def here(incoming: Incoming, reader: Reader | None = None) -> Said:
    """One line without a word of an answer, for ``reader``; where they are not known, in the server's language."""
    return Said((_asked(incoming),), reader or Reader(language_of(incoming.language), "written"))


def used(line: str) -> str | None:
    """What takes the place of that line and its button; None where it is another message: whoever forges the button."""
    for language in LANGUAGES:
        words = Words(language, "written")
        if words.say(ASK) == line:
            return words.say(Text("here.done"))
    return None


def _asked(incoming: Incoming) -> Reply:
    """With a button that says the text again, by its account alone: all see it already."""
    again = f"{SAY}{incoming.account}:{incoming.words}"
    if incoming.words.startswith("/"):
        return Reply((Text("here.slash"),))
    if units(again) > ACTION_LETTERS:
        return Reply((Text("here.long"),))
    return Reply((ASK,), ((Choice(again, Text("button.here")),),))
