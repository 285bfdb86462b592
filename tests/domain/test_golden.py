"""Our own golden list: histories with the memory and the intervals they led to, under two sets of parameters.

The list pins what a release gives: what was decided for a learner must not change by accident. It is written
anew, where a change is meant, by ``python -m tests.domain.test_golden`` from the root of the project: stability
and difficulty come from the formulas below, which share nothing with the code under test.
"""

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import exp
from pathlib import Path
from typing import Any

import pytest
from fsrs.scheduler import DEFAULT_PARAMETERS

from bot.domain.history import fold
from bot.domain.kind import Outcome
from bot.domain.memory import AGAIN, HARD, Answered, Graded, Memory, MemorySettings, answered, fuzz_range

GOLDEN = Path(__file__).parent / "golden" / "histories.json"
START = date(2026, 11, 23)
# Somebody who forgets faster and gains less: round numbers within the bounds of FSRS-6.
QUICK = (0.1, 0.8, 1.9, 6.0, 6.8, 0.7, 2.5, 0.02, 1.6, 0.2, 0.7, 1.6, 0.05, 0.3, 1.9, 0.5, 2.0, 0.6, 0.15, 0.1, 0.3)
PARAMETERS = {"default": DEFAULT_PARAMETERS, "quick": QUICK}

Step = tuple[int, int]  # days since the answer before, rating
State = tuple[float, float]  # stability in days, difficulty


def formula(state: State | None, step: Step, w: tuple[float, ...]) -> State:
    """Stability and difficulty after an answer: FSRS-6 as fsrs-rs has it (src/model.rs), written from the formulas."""
    gap, rating = step
    if state is None:
        return w[rating - 1], bounded(first_difficulty(rating, w))
    stability, difficulty = state
    moved = difficulty - w[6] * (rating - 3) * (10 - difficulty) / 9
    after = bounded(w[7] * first_difficulty(4, w) + (1 - w[7]) * moved)
    if gap == 0:
        growth = exp(w[17] * (rating - 3 + w[18])) * stability ** -w[19]
        return stability * (growth if rating == AGAIN else max(1.0, growth)), after
    chance = (1 + (0.9 ** (-1 / w[20]) - 1) * gap / stability) ** -w[20]
    if rating == AGAIN:
        forgotten = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * exp(w[14] * (1 - chance))
        return min(forgotten, stability / exp(w[17] * w[18])), after
    bonus = w[15] if rating == HARD else w[16] if rating > 3 else 1.0
    gain = exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (exp(w[10] * (1 - chance)) - 1) * bonus
    return stability * (1 + gain), after


def first_difficulty(rating: int, w: tuple[float, ...]) -> float:
    """Difficulty after a first answer, before it is bounded."""
    return w[4] - exp(w[5] * (rating - 1)) + 1


def bounded(difficulty: float) -> float:
    """Difficulty within 1..10."""
    return min(max(difficulty, 1.0), 10.0)


def plain_interval(stability: float, retention: float, w: tuple[float, ...]) -> int:
    """Whole days until the chance of remembering falls to the retention: before fuzz, 1..365."""
    days = float(stability / (0.9 ** (-1 / w[20]) - 1) * (retention ** (-1 / w[20]) - 1))
    return min(max(1, round(days)), 365)


def replayed(history: dict[str, Any]) -> list[tuple[Answered, Memory]]:
    """What each answer of a golden history leads to."""
    settings = MemorySettings(history["retention"], PARAMETERS[history["parameters"]])
    day, state, found = START, None, []
    for number, (gap, rating) in enumerate(history["answers"]):
        day += timedelta(days=gap)
        at = datetime(day.year, day.month, day.day, 12, number, tzinfo=UTC)
        outcome: Outcome = "right" if rating > AGAIN else "wrong"
        graded = Graded(history["question"], at, day, rating, outcome, history["steps"])
        taken, state = answered(state, graded, settings)
        found.append((replace(taken, id=number), state))
    return found


def states(history: dict[str, Any]) -> list[State]:
    """Stability and difficulty after each answer, by the formulas above."""
    state, found = None, []
    for gap, rating in history["answers"]:
        state = formula(state, (gap, rating), PARAMETERS[history["parameters"]])
        found.append(state)
    return found


def histories() -> list[dict[str, Any]]:
    """The histories of the list: those that the stories tell of, and random ones, always the same."""
    dice = random.Random(2026)  # noqa: S311 - the same list each time
    told = {
        "right at once": [(0, 3)],
        "wrong, then right": [(0, 1), (0, 3)],
        "right, right, forgotten, right": [(0, 3), (2, 3), (11, 1), (0, 3), (1, 3)],
        "hard all along": [(0, 2), (1, 2), (1, 2), (3, 2)],
        "ten lapses": [(0, 3), *[(2, 1), (0, 3)] * 10],
        "away for a year": [(0, 3), (2, 3), (365, 3), (400, 3)],
    }
    for number in range(34):
        steps = [(dice.choice((0, 1, 1, 2, 5, 13, 40)), dice.choice((1, 2, 3, 3, 3, 4))) for _ in range(7)]
        told[f"random {number}"] = [(0, steps[0][1]), *steps[1:]]
    return [
        {
            "name": name,
            "question": 1_000_003 * (place + 1),
            "retention": (0.9, 0.9, 0.8, 0.95)[place % 4] if place > 5 else 0.9,
            "parameters": "quick" if place % 3 == 2 and place > 5 else "default",
            "steps": place % 5 != 4,
            "answers": answers,
        }
        for place, (name, answers) in enumerate(told.items())
    ]


def line(state: State, taken: Answered, memory: Memory) -> dict[str, Any]:
    """What the list says about one answer."""
    return {
        "stability_days": round(state[0], 12),
        "difficulty": round(state[1], 12),
        "interval_days": taken.interval_days,
        "phase": memory.phase,
        "lapses": memory.lapses,
        "missed": memory.missed,
        "aside": memory.aside,
    }


def written() -> None:
    """Writes the list."""
    whole = [
        {
            **history,
            "expect": [line(*one) for one in zip(states(history), *zip(*replayed(history), strict=True), strict=True)],
        }
        for history in histories()
    ]
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text("[\n" + ",\n".join(json.dumps(one) for one in whole) + "\n]\n", encoding="utf-8")


def listed() -> list[Any]:
    """The list, one case a history."""
    return [pytest.param(one, id=one["name"]) for one in json.loads(GOLDEN.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("history", listed())
def test_a_history_leads_to_what_is_listed(history: dict[str, Any]) -> None:
    """The same answers give the same memory, intervals and places on the lists as in every release before."""
    found = replayed(history)
    lines = [line((state.stability_days or 0, state.difficulty or 0), taken, state) for taken, state in found]

    assert [one | {"stability_days": 0, "difficulty": 0} for one in history["expect"]] == [
        one | {"stability_days": 0, "difficulty": 0} for one in lines
    ]
    for name in ("stability_days", "difficulty"):
        assert [one[name] for one in history["expect"]] == pytest.approx([one[name] for one in lines], rel=1e-8)


@pytest.mark.parametrize("history", listed())
def test_the_list_follows_the_formulas(history: dict[str, Any]) -> None:
    """What is listed comes from the published formulas, not from the code; intervals lie within their fuzz."""
    expect, found = history["expect"], states(history)

    assert [one["stability_days"] for one in expect] == pytest.approx([stability for stability, _ in found], rel=1e-8)
    assert [one["difficulty"] for one in expect] == pytest.approx([difficulty for _, difficulty in found], rel=1e-8)
    for one, (stability, _), (_, rating) in zip(expect, found, history["answers"], strict=True):
        low, high = fuzz_range(plain_interval(stability, history["retention"], PARAMETERS[history["parameters"]]))
        days = one["interval_days"]
        assert low <= days <= high if rating > AGAIN else days == (None if history["steps"] else 1)


@pytest.mark.parametrize("history", listed())
def test_replaying_a_history_gives_its_memory(history: dict[str, Any]) -> None:
    """The fold over the stored answers, in any order, is the memory after the last of them."""
    found = replayed(history)
    settings = MemorySettings(history["retention"], PARAMETERS[history["parameters"]])

    assert found[-1][1] == fold([taken for taken, _ in reversed(found)], settings)


if __name__ == "__main__":
    written()
