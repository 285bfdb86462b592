"""A formula said in plain text: LaTeX in, Unicode out."""

import re
from collections import deque
from unicodedata import lookup, normalize

from bot.platforms.symbols import (
    ACCENTS,
    BETWEEN,
    FONTS,
    FRACTIONS,
    GREEK,
    NAMES,
    SIGNS,
    SIZES,
    SPACES,
    SUB,
    SUPER,
    SYMBOLS,
    WORDS,
)

LONGEST = 600  # characters of a formula; a phone shows no longer one, and who sends one means no good
DEEPEST = 12  # brackets within brackets

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_ATOM = re.compile(rf"(\d+(\.\d+)?|\w[{re.escape(''.join({*SUPER.values(), *SUB.values()}))}]*|[A-Za-z]{{2,}})%?")


class _UnsayableError(Exception):
    """Unicode has no way to say it."""


def plain(source: str) -> str | None:
    """The formula as Unicode shows it; None where that would not be read at once."""
    return _said(source, whole=False)


def whole(source: str) -> str | None:
    """The formula on one line, with brackets for what a picture would show; None where even that fails."""
    return _said(source, whole=True)


def linear(source: str) -> str:
    """The formula on one line, else its source."""
    said = whole(source)
    return source if said is None else said


def _said(source: str, *, whole: bool) -> str | None:
    if len(source) > LONGEST:
        return None
    try:
        return " ".join(_Speech(source, whole=whole).sequence().split())
    except _UnsayableError:
        return None


class _Speech:
    """One formula being said; ``whole`` says with brackets what else only a picture shows."""

    def __init__(self, source: str, *, whole: bool) -> None:
        self._tokens: deque[str] = deque(TOKEN.findall(source))
        self._whole = whole
        self._depth = 0

    def sequence(self, end: str = "") -> str:
        parts: list[str] = []
        while self._tokens and self._tokens[0] != end:
            token = self._tokens.popleft()
            part = self._one(token)
            if token[1:] in FRACTIONS and self._crowded("".join(parts)):
                part = self._bracketed(part)
            parts.append(part)
        if end and not self._tokens:
            raise _UnsayableError
        return "".join(parts)

    def _one(self, token: str) -> str:
        if token == "{":  # noqa: S105 - a bracket
            return self._group()
        if token in ("^", "_"):
            return self._script(SUPER if token == "^" else SUB)  # noqa: S105 - a sign
        if token in ("}", "&"):
            raise _UnsayableError
        if token[0] == "\\":
            return self._command(token[1:])
        return {"'": "′", "~": " "}.get(token, token)

    def _command(self, name: str) -> str:
        if name in BETWEEN:
            return f" {BETWEEN[name]} "
        if name in SYMBOLS:
            return self._tight(SYMBOLS[name]) if name in GREEK else SYMBOLS[name]
        if name in NAMES:
            return name + (" " if self._next()[:1].isalnum() or self._next()[:1] == "\\" else "")
        if name in SPACES or name in SIGNS:
            return SPACES.get(name, name)
        if name in SIZES:
            return self._sized(name)
        return self._built(name)

    def _built(self, name: str) -> str:
        """What is made of arguments."""
        if name in FRACTIONS:
            return f"{self._atom()}/{self._atom()}"
        if name == "sqrt":
            return self._root() + self._atom()
        if name in ACCENTS:
            return self._accented(ACCENTS[name])
        if name in WORDS:
            return self._argument()
        if name in FONTS:
            return "".join(_styled(FONTS[name], letter) for letter in self._argument())
        raise _UnsayableError

    def _group(self) -> str:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _UnsayableError
        said = self.sequence("}")
        self._tokens.popleft()
        self._depth -= 1
        return said

    def _argument(self) -> str:
        """The group or the single thing that follows."""
        self._skip()
        if not self._tokens:
            raise _UnsayableError
        self._depth += 1
        if self._depth > DEEPEST:
            raise _UnsayableError
        said = self._one(self._tokens.popleft())
        self._depth -= 1
        return said

    def _atom(self) -> str:
        said = self._argument().strip()
        return said if _ATOM.fullmatch(said) else self._bracketed(said)

    def _bracketed(self, said: str) -> str:
        if not self._whole:
            raise _UnsayableError
        return f"({said})"

    def _script(self, letters: dict[str, str]) -> str:
        said = self._argument().replace(" ", "").replace("∘", "°").replace("−", "-")
        if said and all(letter in letters for letter in said):
            return "".join(letters[letter] for letter in said)
        sign = "^" if letters is SUPER else "_"
        return sign + (said if self._whole and (len(said) == 1 or _ATOM.fullmatch(said)) else self._bracketed(said))

    def _root(self) -> str:
        if self._next() != "[":
            return "√"
        self._skip()
        self._tokens.popleft()
        degree = self.sequence("]")
        self._tokens.popleft()
        if degree not in ("3", "4"):
            raise _UnsayableError
        return "∛" if degree == "3" else "∜"

    def _accented(self, mark: str) -> str:
        said = self._argument()
        if len(said) != 1:
            raise _UnsayableError
        return normalize("NFC", said + mark)

    def _sized(self, name: str) -> str:
        if name in ("left", "right") and self._next() == ".":
            self._skip()
            self._tokens.popleft()
        return ""

    def _tight(self, said: str) -> str:
        """A letter: the space that only ends its command goes."""
        self._skip()
        return said

    def _next(self) -> str:
        return next((token for token in self._tokens if not token.isspace()), "")

    def _skip(self) -> None:
        while self._tokens and self._tokens[0].isspace():
            self._tokens.popleft()

    def _crowded(self, before: str) -> bool:
        """Whether a fraction touches something, so that "1/2x" would say two things."""
        after = self._next()
        follows = after[:1].isalnum() or after in ("(", "^", "_", "{") or after[1:] in GREEK or after[1:] in NAMES
        return follows or before.rstrip()[-1:].isalnum() or before.rstrip()[-1:] in (")", "/")


def _styled(style: str, letter: str) -> str:
    """A letter in a style of mathematics: ℝ, ℒ, 𝐱."""
    if not (letter.isascii() and letter.isalpha()):
        return letter
    case = "CAPITAL" if letter.isupper() else "SMALL"
    name = f"{style} {case} {letter.upper()}"
    try:
        return lookup(name)
    except KeyError:
        return lookup(f"MATHEMATICAL {name}")
