"""What the kinds with options share: reading them, showing them, hints, typed letters and texts."""

import re
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import replace

from bot.domain.errors import DraftError
from bot.domain.kind import HINT, UNKNOWN, More, State, Unclear
from bot.domain.letters import rewritten
from bot.domain.prompt import Choice, Quote, Text
from bot.domain.question import Draft, Option, Order
from bot.domain.spelling import equal

MOST = 26  # options: one a letter
TAKEN = 2  # options that a hint takes away at most
_UNKNOWN, _HINT = Choice(UNKNOWN, Text("unknown")), Choice(HINT, Text("hint"))

_ONE_LETTER = re.compile(
    r"[(\[]?(?:选项?|答案是?|option|answer)?[:\s]*([a-z])[\s.,、。)\]]*项?", re.IGNORECASE | re.ASCII
)
_LETTERED = re.compile(r"([a-z])[\s.,、。)）:]+(.+)", re.IGNORECASE | re.DOTALL | re.ASCII)


def options_read(draft: Draft) -> tuple[Option, ...]:
    """The options of a draft, without blanks around them; DraftError when they are no choice."""
    options = tuple(Option(option.text.strip(), option.why.strip()) for option in draft.options)
    if len(options) < 2:  # noqa: PLR2004 - one is no choice
        raise DraftError("few-options", "options", f"{len(options)} found; write two or more")
    if len(options) > MOST:
        raise DraftError("many-options", "options", f"{len(options)} found; write {MOST} or fewer")
    if not all(option.text for option in options):
        raise DraftError("empty-option", "options", "one has no text; write it or take it away")
    if len({option.text for option in options}) < len(options):
        raise DraftError("same-options", "options", "two say the same; change or drop one")
    return options


def right_read(draft: Draft) -> tuple[int, ...]:
    """The positions of the right options, rising; DraftError when there is none or one names no option."""
    if not draft.right:
        raise DraftError("no-key", "right", "no right option is named; name it")
    for position in draft.right:
        if not 0 <= position < len(draft.options):
            raise DraftError("key-outside", "right", f"option {position + 1} of {len(draft.options)} does not exist")
    return tuple(sorted(set(draft.right)))


def stem_read(draft: Draft) -> str:
    """The stem without blanks around it; DraftError when nothing is left."""
    stem = draft.stem.strip()
    if not stem:
        raise DraftError("no-stem", "stem", "it is empty; write the question")
    return stem


def letter(place: int) -> str:
    """The letter of a shown position."""
    return chr(ord("A") + place)


def letter_of(position: int, order: Order) -> str:
    """The letter under which an option of the body is shown."""
    return letter(order.index(position))


def lettered(options: tuple[Option, ...], position: int, order: Order) -> Text:
    """An option as it is named in a sentence: letter and text, without the text's own full stop."""
    text = rewritten(options[position].text, order)
    return Text("option", {"letter": letter_of(position, order), "text": Quote(text.rstrip("。．.；;") or text)})


def letters(positions: Iterable[int], order: Order) -> tuple[str, ...]:
    """The letters of options of the body, in the alphabet's order."""
    return tuple(letter(place) for place in sorted(map(order.index, positions)))


def in_order(positions: Iterable[int], order: Order) -> tuple[int, ...]:
    """Positions of the body, as they follow each other on the screen."""
    return tuple(sorted(positions, key=order.index))


def lettered_all(options: tuple[Option, ...], positions: Iterable[int], order: Order) -> tuple[Text, ...]:
    """Options as they are named in a sentence, in the shown order."""
    return tuple(lettered(options, position, order) for position in in_order(positions, order))


def why(options: tuple[Option, ...], position: int, order: Order) -> Text | None:
    """The chosen option's own reason, if it has one."""
    reason = options[position].why
    if not reason:
        return None
    return Text("why.chosen", {"letter": letter_of(position, order), "why": Quote(rewritten(reason, order))})


def shown(options: tuple[Option, ...], order: Order, state: State) -> tuple[Choice, ...]:
    """The options that are left, each under the letter it has from the start."""
    return tuple(
        Choice(str(place), Quote(rewritten(options[position].text, order)), letter(place), position in state.marked)
        for place, position in enumerate(order)
        if position not in state.gone
    )


def takeable(right: tuple[int, ...], order: Order) -> tuple[int, ...]:
    """The wrong options that a hint takes away: at most TAKEN, and one is left.

    Which ones is drawn from the shown order (CRC-32 of the option and it), so that the same ask always
    gives the same hint and no position is safer than another.
    """
    wrong = [position for position in order if position not in right]
    wrong.sort(key=lambda position: zlib.crc32(bytes((position, *order))), reverse=True)
    return tuple(sorted(wrong[: _spare(right, order)]))


def _spare(right: tuple[int, ...], order: Order) -> int:
    """How many wrong options a hint may take away."""
    return max(0, min(TAKEN, len(order) - len(right) - 1))


def hinted(right: tuple[int, ...], order: Order, state: State) -> More | Unclear:
    """The question with fewer options, once."""
    gone = takeable(right, order)
    if state.hinted or not gone:
        return Unclear(Text("unclear.press"))
    marked = tuple(position for position in state.marked if position not in gone)
    return More(replace(state, hinted=True, gone=gone, marked=marked))


def extras(right: tuple[int, ...], order: Order, state: State) -> tuple[Choice, ...]:
    """Don't know, and the hint where there is one to give."""
    return (_UNKNOWN,) if state.hinted or not _spare(right, order) else (_UNKNOWN, _HINT)


def notes(order: Order, state: State) -> tuple[Text, ...]:
    """What the hint took away."""
    if not state.gone:
        return ()
    letters = [letter(place) for place, position in enumerate(order) if position in state.gone]
    if len(letters) == 1:
        return (Text("hint.gone_one", {"letter": letters[0]}),)
    return (Text("hint.gone_two", {"first": letters[0], "second": letters[1]}),)


def pressed(token: str, order: Order, state: State) -> int | Unclear:
    """The option of a pressed token, as a position in the body."""
    if not (token.isascii() and token.isdecimal() and int(token[:3]) < len(order)):
        return Unclear(Text("unclear.press"))
    place = int(token[:3])
    return Unclear(Text("unclear.press")) if order[place] in state.gone else order[place]


def typed_letter(text: str) -> str:
    """The one letter, upper case, that a typed text is (b, Ｂ, (B), 选B, B.); "" when it is none."""
    found = _ONE_LETTER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return found[1].upper() if found else ""


def typed_option(text: str, options: tuple[Option, ...], order: Order) -> int | None:
    """The option, as a position in the body, whose text was typed, with or without its letter before it."""
    texts = {position: rewritten(options[position].text, order) for position in order}
    for position, own in texts.items():
        if text.strip() == own:
            return position
    alike = [position for position, own in texts.items() if equal(text, own)]
    if alike:
        return alike[0] if len(alike) == 1 else None
    found = _LETTERED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    named = placed(found[1].upper(), order) if found else None
    return named if found and named is not None and equal(found[2], texts[named]) else None


def placed(name: str, order: Order) -> int | None:
    """The option, as a position in the body, that is shown under a letter."""
    place = ord(name) - ord("A")
    return order[place] if place < len(order) else None


def no_letter(given: str, order: Order, state: State, others: tuple[Choice, ...]) -> Unclear:
    """A typed letter that names no option: which ones do, and what else may be typed."""
    letters, labels = _left(order, state), tuple(choice.label for choice in others)
    if state.gone:
        key = "unclear.gone" if placed(given, order) is not None else "unclear.letters"
        return Unclear(Text(key, {"given": given, "letters": letters, "others": labels}))
    ends = {"first": letters[0], "last": letters[-1]}
    return Unclear(Text("unclear.letter", {"given": given, **ends, "others": labels}))


def no_option(order: Order, state: State, others: tuple[Choice, ...]) -> Unclear:
    """A typed text that is no answer: which letters are, and what else may be typed."""
    letters, labels = _left(order, state), tuple(choice.label for choice in others)
    if state.gone:
        return Unclear(Text("unclear.choices", {"letters": letters, "others": labels}))
    return Unclear(Text("unclear.choice", {"first": letters[0], "last": letters[-1], "others": labels}))


def _left(order: Order, state: State) -> tuple[str, ...]:
    return tuple(letter(place) for place, position in enumerate(order) if position not in state.gone)
