"""Where a learner is: the question shown last, and the round they practise."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.prompt import Text
from bot.domain.question import AskId, LearnerId, QuestionId


@dataclass(frozen=True, slots=True)
class Round:
    """Practice that a learner chose: what is left of it, and how it went."""

    name: Text
    left: tuple[QuestionId, ...]
    total: int
    done: int = 0
    right: int = 0
    mistakes: bool = False  # of mistakes: each comes again until right once
    ordered: bool = False  # in the paper's order: where it stops is remembered


@dataclass(frozen=True, slots=True)
class Place:
    """Where a learner is: the question shown last, the chosen round, the paper order's position a set.

    ``awaits``: what the next text typed in a room is, instead of an answer: "17 hour", "17 exam", …; "" for an answer.
    "17 renamed:…" is an answer too, and keeps what an undo brings back.
    ``here``: the shared room, by its native id, in which they alone saw that question last; "" in one of their own.
    """

    learner_id: LearnerId
    ask_id: AskId | None = None
    round: Round | None = None
    reached: Mapping[str, int] = field(default_factory=dict)  # set id as text -> last place asked in order
    awaits: str = ""
    here: str = ""
    version: int = 0
