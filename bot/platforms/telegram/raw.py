"""Raw updates of any shape as rows of the inbox."""

import json

from bot.platforms.telegram.update import LONGEST, Raw, sender, whole

LARGE = 65_536  # characters of an update past which its texts are cut to what is read of them
MOST = 100  # things in a list of so large a one
OUR_NAME = "telegram"


def numbered(raw: object) -> int | None:
    """An update's number; None for what is no update."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if isinstance(number, str) and number.isdecimal():
        number = int(number[:LONGEST])  # whoever wrote it so will not bring the next one before it is confirmed
    try:
        return whole(number)
    except ValueError:
        return None


def id_of(raw: Raw) -> str:
    """Its row in the inbox."""
    return f"{OUR_NAME}:{numbered(raw)}"


def number_of(id_: str) -> int:
    return int(id_.removeprefix(f"{OUR_NAME}:"))


def whose(raw: Raw) -> str:
    """The person whose turn it takes: malformed updates wait behind one another, not behind a person."""
    try:
        return sender(raw)
    except (AttributeError, TypeError, ValueError):
        return ""


def kept(raw: Raw) -> str:
    """An update as the inbox keeps it: whole in Unicode, and without what nobody reads of a text of a megabyte.

    One that is nested beyond anything Telegram sends is kept as its number.
    """
    try:
        text = json.dumps(raw, ensure_ascii=False)
        if len(text) > LARGE:
            text = json.dumps(_cut(raw), ensure_ascii=False)
    except RecursionError:
        text = json.dumps({"update_id": numbered(raw)})
    return text.encode("utf-8", "replace").decode()


def _cut(value: object) -> object:
    match value:
        case str():
            return value[:LONGEST]
        case dict():
            return {name[:LONGEST]: _cut(one) for name, one in value.items()}
        case list():
            return [_cut(one) for one in value[:MOST]]
        case _:
            return value
