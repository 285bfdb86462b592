"""What an answer means to memory: the outcome as an FSRS rating."""

from typing import Final

from bot.domain.kind import Verdict
from bot.domain.kinds import BY_NAME
from bot.domain.question import KindName

AGAIN: Final = 1
HARD: Final = 2
GOOD: Final = 3  # 4, Easy, is never given by itself


def rating(kind: KindName, verdict: Verdict, *, guessed: bool) -> int:
    """The rating 1..3 of a first attempt.

    Exact is Good, after a hint Hard, anything else Again; of a case's points all, some, none are Good, Hard,
    Again. A guess that was right is forgotten to memory, whatever the outcome says. (FSRS's author: map right
    to Good and wrong to Again; Hard is a pass, so a wrong answer is never Hard.)
    """
    if guessed or verdict.outcome in ("wrong", "unknown"):
        return AGAIN
    if verdict.outcome == "partial":
        return HARD if BY_NAME[kind].PASSES else AGAIN
    return HARD if verdict.hinted else GOOD
