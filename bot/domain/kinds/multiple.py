"""Several right options: toggles and submit, or letters typed together."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.kind import HINT, SUBMIT, UNKNOWN, Done, Given, More, Outcome, State, Taken, Unclear, Verdict
from bot.domain.kinds import choices
from bot.domain.letters import LAST
from bot.domain.prompt import Arg, Choice, Prompt, Quote, Text
from bot.domain.question import Draft, KindName, Option, Order

NAME: KindName = "multiple"
CHOSEN = True
LONG = False
PASSES = False
SHARES = True

_BETWEEN = re.compile(r"[\s,，、;；|/+&.和与與及]+|(?i:\band\b)")
_SPLIT = re.compile(r"[\n,，、;；|]+")


@dataclass(frozen=True, slots=True)
class Body:
    """``right`` holds the positions of all right options, rising; ``partial``: some of them give points."""

    stem: str
    options: tuple[Option, ...]
    right: tuple[int, ...]
    partial: bool = False


def read(draft: Draft) -> Body:
    return Body(choices.stem_read(draft), choices.options_read(draft), choices.right_read(draft), draft.partial)


def order(body: Body, shuffled: tuple[int, ...]) -> Order:  # noqa: ARG001 - the kinds' common shape
    return shuffled


def show(body: Body, order: Order, state: State) -> Prompt:
    return Prompt(
        NAME,
        (Quote(body.stem),),
        "many",
        choices=choices.shown(body.options, order, state),
        extras=(Choice(SUBMIT, Text("submit")), *choices.extras(body.right, order, state)),
        notes=choices.notes(order, state),
    )


def take(body: Body, order: Order, state: State, given: Given) -> Taken:
    if given.token == UNKNOWN:
        answers = choices.lettered_all(body.options, body.right, order)
        told = (Text("verdict.multiple.unknown", {"answers": answers}),)
        return Done(Verdict("unknown", 0.0, told, hinted=state.hinted))
    if given.token == HINT:
        return choices.hinted(body.right, order, state)
    if given.token == SUBMIT:
        return _chosen(body, order, state, given.texts)
    if given.token:
        return _toggled(order, state, given.token)
    return _typed(body, order, state, given)


def options(body: Body) -> int:
    return len(body.options)


def plain(body: Body) -> str:
    return " ".join(body.stem.split())


def right(body: Body) -> tuple[int, ...]:
    return body.right


def named(body: Body, order: Order, positions: Iterable[int]) -> tuple[Text, ...]:
    return choices.lettered_all(body.options, positions, order)


def given(order: Order, marked: tuple[int, ...], texts: tuple[str, ...]) -> Arg | None:  # noqa: ARG001 - the kinds' common shape
    return choices.letters(marked, order) or None


def score(body: Body, marked: tuple[int, ...]) -> float:
    """1 for exactly the right ones, else 0; under 少选得分 (``partial``) right picks of all right ones, 0..1."""
    share = len(marked) / len(body.right) if set(marked) <= set(body.right) else 0.0
    return share if body.partial or share == 1 else 0.0


def _toggled(order: Order, state: State, token: str) -> Taken:
    chosen = choices.pressed(token, order, state)
    if isinstance(chosen, Unclear):
        return chosen
    return More(replace(state, marked=tuple(sorted({chosen} ^ set(state.marked)))))


def _chosen(body: Body, order: Order, state: State, tokens: tuple[str, ...]) -> Taken:
    """Submitted: what was toggled before, or what was chosen together just now."""
    found = [choices.pressed(token, order, state) for token in tokens]
    if any(isinstance(one, Unclear) for one in found):
        return Unclear(Text("unclear.press"))
    together = tuple(sorted({one for one in found if isinstance(one, int)}))
    return _submitted(body, order, state, together if tokens else state.marked)


def _submitted(body: Body, order: Order, state: State, marked: tuple[int, ...]) -> Taken:
    if not marked:
        return Unclear(Text("unclear.choose_first"))
    outcome, told = _told(body, order, marked)
    extra = choices.in_order(set(marked) - set(body.right), order)
    return Done(
        Verdict(
            outcome,
            score(body, marked),
            told,
            marked=marked,
            why=choices.why(body.options, extra[0], order) if extra else None,
            hinted=state.hinted,
        )
    )


def _told(body: Body, order: Order, marked: tuple[int, ...]) -> tuple[Outcome, tuple[Text, ...]]:
    answers = choices.lettered_all(body.options, body.right, order)
    extra = choices.lettered_all(body.options, set(marked) - set(body.right), order)
    missing = choices.lettered_all(body.options, set(body.right) - set(marked), order)
    second = Text("verdict.multiple.answer", {"answers": answers})
    if extra:
        return "wrong", (Text("verdict.multiple.wrong", {"extra": extra}), second)
    if missing:
        return "partial", (Text("verdict.multiple.missing", {"missing": missing}), second)
    return "right", (Text("verdict.multiple.right", {"answers": answers}),)


def _typed(body: Body, order: Order, state: State, given: Given) -> Taken:
    text = "\n".join(given.texts)
    others = choices.extras(body.right, order, state)
    by_text = _by_text(body, order, text)
    names = "" if by_text and len(text.strip()) > 1 else _letters(text, order)
    marked = {choices.placed(name, order) for name in names} or by_text
    for name in names:
        if choices.placed(name, order) in (None, *state.gone):
            return choices.no_letter(name, order, state, others)
    positions = tuple(sorted(position for position in marked if position is not None))
    if not positions or set(positions) & set(state.gone):
        return choices.no_option(order, state, others)
    return _submitted(body, order, state, positions)


def _letters(text: str, order: Order) -> str:
    """The letters typed, upper case, in any of the ways to type several (ac, A、C, A 和 C); "" when it is a text."""
    letters = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    last = choices.letter(max(len(order), LAST) - 1)
    if all("A" <= name <= last for name in letters) or _misses(letters, order):
        return letters
    return choices.typed_letter(text)


def _misses(letters: str, order: Order) -> bool:
    """Whether these are letters, one of which names no option (AZ), and no word."""
    known = [name for name in letters if "A" <= name <= choices.letter(len(order) - 1)]
    each = letters.isascii() and letters.isalpha() and len(set(letters)) == len(letters) <= len(order)
    return each and (len(letters) == 1 or bool(known))


def _by_text(body: Body, order: Order, text: str) -> set[int | None]:
    """The options whose texts were typed: one, or several in one message."""
    whole = choices.typed_option(text, body.options, order)
    if whole is not None:
        return {whole}
    found = {choices.typed_option(part, body.options, order) for part in _SPLIT.split(text) if part.strip()}
    return set() if None in found else found
