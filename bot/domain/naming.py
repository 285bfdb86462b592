"""What somebody calls themselves, or a set: what may stand in a name."""

import re
import unicodedata

LONGEST = 32  # characters of a name on boards

_MENTION = re.compile(r"<[@#][!&]?\d+>|@+")  # of Discord, and what any platform would make one of


def cleaned(typed: str, longest: int = LONGEST) -> str | None:
    """The name in what was typed, without mentions, controls and what has no width; None where too little is left.

    None too where it is longer than so many characters: a name is not cut behind its owner's back.
    """
    plain = _MENTION.sub("", unicodedata.normalize("NFC", typed))
    visible = "".join(one if not unicodedata.category(one).startswith("C") else " " * one.isspace() for one in plain)
    name = " ".join(visible.split())
    return name if 0 < len(name) <= longest else None
