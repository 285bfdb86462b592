"""What Discord refuses, and with which numbers: words, components, what a message may hold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]

EPHEMERAL, LOADING, SILENT, HAS_THREAD, V2 = 1 << 6, 1 << 7, 1 << 12, 1 << 5, 1 << 15
SETTABLE = EPHEMERAL | SILENT | V2 | 1 << 2  # flags that a bot may set; the last hides embeds
CONTENT_CHARS, COMPONENTS, DISPLAY_CHARS = 2000, 40, 4000
ROWS, ROW_BUTTONS, OPTIONS, LABEL_CHARS, OPTION_CHARS, ID_CHARS, NONCE_CHARS = 5, 5, 25, 80, 100, 100, 25
EMBED_CHARS = 6000
ROW, BUTTON, CHOICE, SECTION, TEXT, CONTAINER, LABEL = 1, 2, 3, 9, 10, 17, 18
INPUT, CHANNEL_CHOICE, UPLOAD, RADIO, BOXES, BOX = 4, 8, 19, 21, 22, 23
SELECTS = {CHOICE, 5, 6, 7, CHANNEL_CHOICE}
LINK = 5  # the style of a button that opens an address
_PLAIN = {ROW}
_TOP = {ROW, SECTION, TEXT, 12, 13, 14, CONTAINER}


class Refused(Exception):  # noqa: N818 - what it says
    """What Discord answers instead of a result: its own ``code``, the ``status`` of HTTP, what is wrong where."""

    def __init__(
        self,
        message: str,
        code: int = 0,
        *,
        status: int = 400,
        errors: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(": ".join([message, *(f"{path}: {words}" for path, words in (errors or {}).items())]))
        self.message = message
        self.code = code
        self.status = status
        self.errors = errors or {}
        self.retry_after = retry_after
        self.scope = "user"  # of a 429: user, global, shared

    def payload(self) -> Json:
        told: Json = {"message": self.message, "code": self.code}
        if self.errors:
            told["errors"] = _nested(self.errors)
        if self.retry_after is not None:
            told |= {"retry_after": self.retry_after, "global": self.scope == "global"}
        return told


def _nested(errors: Mapping[str, str]) -> Json:
    """Faults by their path, as Discord nests them."""
    tree: Json = {}
    for path, words in errors.items():
        place = tree
        for name in filter(None, path.split(".")):
            place = place.setdefault(name, {})
        place["_errors"] = [{"code": "INVALID", "message": words}]
    return tree


def unknown(what: str, code: int) -> Refused:
    return Refused(f"Unknown {what}", code, status=404)


def invalid(path: str, words: str) -> Refused:
    return Refused("Invalid Form Body", 50035, errors={path: words})


def limited(retry_after: float, scope: str = "user") -> Refused:
    """A 429: of the bot's own limit, the global one, or one that is shared with others."""
    refused = Refused("You are being rate limited.", status=429, retry_after=retry_after)
    refused.scope = scope
    return refused


CLOSED = Refused("Cannot send messages to this user", 50007, status=403)
STRANGER = Refused("Cannot send messages to this user due to having no mutual guilds", 50278, status=403)
TOO_FAST = Refused("You are opening direct messages too fast", 40003)
NO_ACCESS = Refused("Missing Access", 50001, status=403)
NO_PERMISSION = Refused("Missing Permissions", 50013, status=403)


def nested(components: Sequence[Json], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Each component with its path, whoever holds it, in their order."""
    for place, component in enumerate(components):
        here = f"{path}.{place}"
        yield here, component
        yield from nested(component.get("components", ()), f"{here}.components")
        for name in ("accessory", "component"):
            if name in component:
                yield f"{here}.{name}", component[name]


def numbered(components: Sequence[Json]) -> list[Json]:
    """The components with a number each, as Discord answers them."""
    taken = [one["id"] for _, one in nested(components) if one.get("id")]
    if len(set(taken)) < len(taken):
        raise invalid("components", "Component id cannot be duplicated")
    free = (number for number in range(1, 10_000) if number not in taken)
    return [_numbered(one, free) for one in components]


def _numbered(component: Json, free: Iterator[int]) -> Json:
    copy = {"type": component["type"], "id": component.get("id") or next(free)} | {
        name: value for name, value in component.items() if name not in {"type", "id"}
    }
    if "components" in copy:
        copy["components"] = [_numbered(one, free) for one in copy["components"]]
    for name in {"accessory", "component"} & copy.keys():
        copy[name] = _numbered(copy[name], free)
    return copy


def check_message(told: Json) -> None:
    """Refused where a message may not be so: content, embeds, poll, components, flags and files."""
    if len(told["content"]) > CONTENT_CHARS:
        raise invalid("content", f"Must be {CONTENT_CHARS} or fewer in length.")
    if sum(map(_embedded, told["embeds"])) > EMBED_CHARS:
        raise invalid("embeds", f"Embed size exceeds maximum size of {EMBED_CHARS}")
    if told["flags"] & V2:
        _check_second(told)
    elif len(told["components"]) > ROWS:
        raise invalid("components", f"Must be {ROWS} or fewer in length.")
    if not any(told[name] for name in ("content", "embeds", "poll", "components", "files")):
        raise Refused("Cannot send an empty message", 50006)
    check_components(told["components"], _TOP if told["flags"] & V2 else _PLAIN)


def _embedded(embed: Json) -> int:
    texts = [embed.get("title"), embed.get("description"), embed.get("footer", {}).get("text")]
    texts += [field[name] for field in embed.get("fields", ()) for name in ("name", "value")]
    return sum(len(text or "") for text in texts)


def _check_second(told: Json) -> None:
    """The rules of the second kind of components."""
    for name in ("content", "embeds", "poll"):
        if told[name]:
            raise invalid(name, f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
    every = [one for _, one in nested(told["components"])]
    if len(every) > COMPONENTS:
        raise invalid("components", f"The number of components cannot exceed {COMPONENTS}")
    if sum(len(one["content"]) for one in every if one["type"] == TEXT) > DISPLAY_CHARS:
        raise invalid("components", f"Total size of displayable text exceeds maximum size of {DISPLAY_CHARS}")


def check_components(components: Sequence[Json], top: Iterable[int]) -> None:
    """Refused where one of them may not be so, or not there, or two have one id."""
    for place, component in enumerate(components):
        if component["type"] not in top:
            raise invalid(f"components.{place}.type", f'Value of field "type" must be one of {tuple(sorted(top))}.')
    ids: set[str] = set()
    for path, component in nested(components):
        _CHECKS.get(component["type"], lambda _path, _component: None)(path, component)
        own = component.get("custom_id")
        if own is not None and not 1 <= len(own) <= ID_CHARS:
            raise invalid(f"{path}.custom_id", f"Must be between 1 and {ID_CHARS} in length.")
        if own in ids:
            raise invalid(f"{path}.custom_id", "Component custom id cannot be duplicated")
        ids |= {own} if own else set()


def _check_row(path: str, row: Json) -> None:
    types = [one["type"] for one in row["components"]]
    alone = len(types) == 1 and types[0] in SELECTS | {INPUT}
    if not alone and (set(types) != {BUTTON} or len(types) > ROW_BUTTONS):
        raise invalid(f"{path}.components", f"Must be one select, or between 1 and {ROW_BUTTONS} buttons.")


def _check_button(path: str, button: Json) -> None:
    if len(button.get("label") or "") > LABEL_CHARS:
        raise invalid(f"{path}.label", f"Must be {LABEL_CHARS} or fewer in length.")
    if not button.get("label") and not button.get("emoji"):
        raise invalid(path, "A button must have a label or emoji")
    opens = button["style"] == LINK
    if bool(button.get("url")) != opens or bool(button.get("custom_id")) == opens:
        raise invalid(path, "A custom id and url cannot both be specified, and one of them is required")


def _check_section(path: str, section: Json) -> None:
    texts = section["components"]
    if not 1 <= len(texts) <= 3 or any(one["type"] != TEXT for one in texts) or "accessory" not in section:
        raise invalid(path, "A section has 1 to 3 texts and an accessory")


def _check_container(path: str, container: Json) -> None:
    if any(one["type"] not in _TOP - {CONTAINER} for one in container["components"]):
        raise invalid(f"{path}.components", "This component may not be in a container")


def _check_text(path: str, text: Json) -> None:
    if not 1 <= len(text["content"]) <= DISPLAY_CHARS:
        raise invalid(f"{path}.content", f"Must be between 1 and {DISPLAY_CHARS} in length.")


def _check_choice(path: str, choice: Json) -> None:
    options = choice["options"]
    values = [one["value"] for one in options]
    if not 1 <= len(options) <= OPTIONS:
        raise invalid(f"{path}.options", f"Must be between 1 and {OPTIONS} in length.")
    if len(set(values)) < len(values):
        raise invalid(f"{path}.options", "The specified option value is already used")
    for place, option in enumerate(options):
        for name in ("label", "value", "description"):
            if len(option.get(name) or "") > OPTION_CHARS:
                raise invalid(f"{path}.options.{place}.{name}", f"Must be {OPTION_CHARS} or fewer in length.")
    check_counts(path, choice, len(options))


def check_counts(path: str, choice: Json, options: int) -> None:
    """Refused where more would have to be chosen than there are."""
    least, most = bounds(choice, options if choice["type"] == BOXES else 1)
    if not least <= most <= options:
        raise invalid(f"{path}.max_values", f"Must be between {least} and {options}")


def bounds(choice: Json, usual: int = 1) -> tuple[int, int]:
    """How many have to be chosen, and may be: ``usual`` unless it says otherwise."""
    least, most = choice.get("min_values"), choice.get("max_values")
    return 1 if least is None else least, usual if most is None else most


_CHECKS = {
    ROW: _check_row,
    BUTTON: _check_button,
    CHOICE: _check_choice,
    SECTION: _check_section,
    TEXT: _check_text,
    CONTAINER: _check_container,
}
