"""The words of a question: its ids, its parts, and the draft a reader makes of it."""

from dataclasses import dataclass
from typing import Literal, NewType

LearnerId = NewType("LearnerId", int)
AccountId = NewType("AccountId", int)
RoomId = NewType("RoomId", int)
SetId = NewType("SetId", int)
QuestionId = NewType("QuestionId", int)
RevisionId = NewType("RevisionId", int)
AskId = NewType("AskId", int)  # 40 random bits: it stands in buttons
AnswerId = NewType("AnswerId", int)

KindName = str  # the NAME of a module in kinds/
Order = tuple[int, ...]  # shown position -> position in the body


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; ``why`` says what is wrong (or right) with it, following "your answer C"."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """One gap: every accepted answer, the first one shown, and spellings that are asked about."""

    accept: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One question of a case, with its own model answer where the paper gives one."""

    stem: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a person must look at a draft before it is asked: a stable code and a sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as a reader found it, before it has an id.

    Only the fields of its kind are filled: ``options`` and ``right`` for single and multiple, ``truth``
    for boolean, ``blanks`` for blank, ``parts``, ``model_answer`` and ``points`` for case. ``right``
    holds positions in ``options``. A key that the paper lacks is None. A case with an empty ``stem``
    (no situation) is an open question.
    """

    kind: KindName
    stem: str
    options: tuple[Option, ...] = ()
    right: tuple[int, ...] | None = None
    truth: bool | None = None
    blanks: tuple[Blank, ...] | None = None
    any_order: bool = False
    partial: bool = False  # a multiple gives points for some of the right picks: its set says so
    parts: tuple[Part, ...] = ()
    model_answer: str | None = None
    points: tuple[str, ...] = ()
    explanation: str = ""
    contrast: str = ""  # what tempts: told with the explanation unless the chosen option's why is told
    reference: str = ""
    topics: tuple[str, ...] = ()
    section: str = ""
    number: int | None = None
    ref: str = ""  # the author's own id, if there is one
    line: int | None = None  # 1-based line in the file
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to know about a file: where (1-based line), what, and a sentence."""

    line: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two drafts that say the same: 0-based positions, ``exact`` or ``near``."""

    first: int
    second: int
    level: Literal["exact", "near"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a file: the drafts in the file's order and all that is to be told about it."""

    title: str
    drafts: tuple[Draft, ...]
    promised: int | None = None
    remarks: tuple[Remark, ...] = ()
    pairs: tuple[Pair, ...] = ()
    dropped_lines: int = 0
    code: str = ""  # the set's own id, where the file names one
    short_title: str = ""
    language: str = ""  # BCP 47: zh-Hans, zh-Hant, en, ja; "" where unknown
    licence: str = ""
    partial: bool = False  # the set gives points for some of the right picks
