"""What Discord refuses of forms and of commands."""

import re
from collections.abc import Sequence

from tests.fakes.discord_rules import (
    BOX,
    BOXES,
    CHOICE,
    INPUT,
    LABEL,
    RADIO,
    ROW,
    SELECTS,
    TEXT,
    UPLOAD,
    Json,
    check_components,
    check_counts,
    invalid,
    nested,
)

TITLE_CHARS, FIELD_CHARS, INPUT_CHARS, PARTS, COMMANDS, COMMAND_CHARS = 45, 45, 4000, 5, 100, 8000
LOCALES = {
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
    "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
}  # fmt: skip
_NAME = re.compile(r"[-_'\w]{1,32}")
_FIELDS = SELECTS | {INPUT, UPLOAD, RADIO, BOXES, BOX}
_LIST_SIZES = {RADIO: (2, 10), BOXES: (1, 10)}


def check_form(form: Json) -> None:
    """Refused where a form may not be so."""
    if not 1 <= len(form["title"]) <= TITLE_CHARS:
        raise invalid("data.title", f"Must be between 1 and {TITLE_CHARS} in length.")
    if not 1 <= len(form["custom_id"]) <= 100:
        raise invalid("data.custom_id", "Must be between 1 and 100 in length.")
    if not 1 <= len(form["components"]) <= PARTS:
        raise invalid("data.components", f"Must be between 1 and {PARTS} in length.")
    check_components(form["components"], {ROW, TEXT, LABEL})
    for path, component in nested(form["components"]):
        _check_field(path, component)


def _check_field(path: str, field: Json) -> None:
    if field["type"] == LABEL:
        _check_label(path, field)
    elif field["type"] == INPUT:
        _check_input(path, field)
    elif field["type"] in _LIST_SIZES:
        _check_list(path, field)
    elif field["type"] == CHOICE:
        check_counts(path, field, len(field["options"]))


def _check_label(path: str, label: Json) -> None:
    if not 1 <= len(label["label"]) <= FIELD_CHARS:
        raise invalid(f"{path}.label", f"Must be between 1 and {FIELD_CHARS} in length.")
    if len(label.get("description") or "") > 100:
        raise invalid(f"{path}.description", "Must be 100 or fewer in length.")
    if label["component"]["type"] not in _FIELDS:
        raise invalid(f"{path}.component", "This component may not be in a label")


def _check_input(path: str, field: Json) -> None:
    least, most = field.get("min_length") or 0, field.get("max_length") or INPUT_CHARS
    if not 0 <= least <= most <= INPUT_CHARS:
        raise invalid(f"{path}.max_length", f"Must be between {least} and {INPUT_CHARS}")
    value = field.get("value") or ""
    if value and not least <= len(value) <= most:
        raise invalid(f"{path}.value", f"Must be between {least} and {most} in length.")
    if len(field.get("placeholder") or "") > 100:
        raise invalid(f"{path}.placeholder", "Must be 100 or fewer in length.")


def _check_list(path: str, field: Json) -> None:
    least, most = _LIST_SIZES[field["type"]]
    options = len(field["options"])
    if not least <= options <= most:
        raise invalid(f"{path}.options", f"Must be between {least} and {most} in length.")
    if field["type"] == BOXES:
        check_counts(path, field, options)


def check_commands(commands: Sequence[Json]) -> None:
    """Refused where the commands may not be so, one by one or together."""
    names = [(one.get("type") or 1, one["name"]) for one in commands]
    if len(set(names)) < len(names):
        raise invalid("", "Application command names must be unique")
    if sum(sort == 1 for sort, _ in names) > COMMANDS:
        raise invalid("", f"Maximum number of application commands reached ({COMMANDS}).")
    for place, command in enumerate(commands):
        _check_command(f"{place}", command)


def _check_command(path: str, command: Json) -> None:
    _check_names(path, command)
    _check_described(path, command)
    for name in ("contexts", "integration_types"):
        given = command.get(name)
        most = {"contexts": 2, "integration_types": 1}[name]
        if given is not None and (not given or not set(given) <= set(range(most + 1))):
            raise invalid(f"{path}.{name}", f"Must be some of 0 to {most}.")
    options = command.get("options") or []
    needed = [bool(one.get("required")) for one in options]
    if needed != sorted(needed, reverse=True):
        raise invalid(f"{path}.options", "Required options must be placed before non-required options")
    for place, option in enumerate(options):
        _check_names(f"{path}.options.{place}", option)
        _check_described(f"{path}.options.{place}", option)
    if sum(len(one["name"]) + len(one.get("description") or "") for one in [command, *options]) > COMMAND_CHARS:
        raise invalid(path, f"Command exceeds maximum size ({COMMAND_CHARS})")


def _check_names(path: str, command: Json) -> None:
    localised = _localised(path, command, "name_localizations")
    for name in (command["name"], *localised.values()):
        if not _NAME.fullmatch(name) or name != name.lower():
            raise invalid(f"{path}.name", "Command name is invalid")


def _check_described(path: str, command: Json) -> None:
    localised = _localised(path, command, "description_localizations")
    for words in (command.get("description") or "", *localised.values()):
        if not 1 <= len(words) <= 100:
            raise invalid(f"{path}.description", "Must be between 1 and 100 in length.")


def _localised(path: str, command: Json, name: str) -> dict[str, str]:
    found: dict[str, str] = command.get(name) or {}
    if not set(found) <= LOCALES:
        raise invalid(f"{path}.{name}", f"Unknown locale: {sorted(set(found) - LOCALES)}")
    return found
