"""FSRS-6 as other libraries' test suites have it: the published vectors, read from ../shared."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fsrs import Rating

from bot.domain import memory
from bot.domain.memory import Answered, Graded, Memory, MemorySettings, answered, fuzz_range

SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "fsrs6_vectors.json"
VECTORS: dict[str, Any] = json.loads(SHARED.read_text()) if SHARED.exists() else {}
ABSENT = pytest.mark.skipif(not VECTORS, reason="NOT CHECKED: ../shared/vectors/fsrs6_vectors.json is absent")

OUTSIDE = {
    "fuzz_pyfsrs": "fuzz by the global random number generator: ours is seeded by question and answers",
    "from_sm2": "conversion from SM-2: nothing is imported with SM-2 numbers",
    "migrate_params_45_to_6": "migration of FSRS-4.5 parameters: only FSRS-6 parameters are taken",
    "migrate_params_5_to_6": "migration of FSRS-5 parameters: only FSRS-6 parameters are taken",
}
FORCED_ORDER = {
    "long_term_lt2": "ts-fsrs forces Hard < Good < Easy intervals apart; its memory is checked",
    "long_term_lt3": "ts-fsrs forces Hard < Good < Easy intervals apart; its memory is checked",
}
UNBOUNDED_DAYS = 10**7
START = date(2000, 1, 1)


def vectors(*kinds: str) -> list[Any]:
    """The official vectors of some kinds, those outside our promise marked with the reason."""
    found = [one for one in VECTORS.get("official", ()) if one["kind"] in kinds]
    return [
        pytest.param(
            one, id=one["id"], marks=[pytest.mark.skip(reason=OUTSIDE[one["id"]])] if one["id"] in OUTSIDE else []
        )
        for one in found
    ] or [pytest.param({}, id="absent", marks=ABSENT)]


def settings_of(vector: dict[str, Any]) -> MemorySettings:
    """The settings that a vector was made with."""
    return MemorySettings(vector.get("desired_retention", 0.9), tuple(vector["parameters"]))


def graded(rating: int, day: date) -> Graded:
    """An answer at noon of a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Graded(7, at, day, rating, "wrong" if rating == memory.AGAIN else "right")


def walked(ratings: Sequence[int], gaps: Sequence[int], settings: MemorySettings) -> list[tuple[Answered, Memory]]:
    """What each of some answers led to, ``gaps`` days after the one before."""
    day, known, found = START, None, []
    for rating, gap in zip(ratings, gaps, strict=True):
        day += timedelta(days=gap)
        taken, known = answered(known, graded(rating, day), settings)
        found.append((taken, known))
    return found


def formulas(ratings: Sequence[int], gaps: Sequence[int], parameters: Sequence[float]) -> list[tuple[float, int]]:
    """Stability and the interval before fuzz, without a longest interval, as the wrapped library tells them."""
    day, known, found = START, None, []
    scheduler = memory._scheduler(tuple(parameters), 0.9, UNBOUNDED_DAYS)
    for rating, gap in zip(ratings, gaps, strict=True):
        day += timedelta(days=gap)
        formula = memory._formula(known or memory.EMPTY, rating, day, scheduler)
        known = answered(known, graded(rating, day), MemorySettings(0.9, tuple(parameters)))[1]
        found.append((formula.stability_days, formula.interval_days))
    return found


def remembered(stability_days: float, difficulty: float = 5.0) -> Memory:
    """A memory in review, answered last on the first day."""
    return Memory(stability_days=stability_days, difficulty=difficulty, phase="review", answers=3, last_day=START)


@pytest.mark.parametrize("vector", vectors("memory_state"))
def test_memory_states(vector: dict[str, Any]) -> None:
    """A history leads to the stability and difficulty that three libraries agree on."""
    state = walked(vector["ratings"], vector["delta_t"], settings_of(vector))[-1][1]

    expect = (vector["expect"]["stability"], vector["expect"]["difficulty"])
    assert expect == pytest.approx((state.stability_days, state.difficulty), abs=vector["tol_abs"])


@pytest.mark.parametrize("vector", vectors("next_from_state"))
def test_next_state(vector: dict[str, Any]) -> None:
    """A known state and one answer lead to the published state."""
    before = remembered(vector["state"]["stability"], vector["state"]["difficulty"])
    day = START + timedelta(days=vector["delta_t"])
    for rating, expect in vector["expect"].items():
        state = answered(before, graded(int(rating), day), settings_of(vector))[1]

        assert (expect["stability"], expect["difficulty"]) == pytest.approx(
            (state.stability_days, state.difficulty), abs=vector["tol_abs"]
        )


@pytest.mark.parametrize("vector", vectors("next_from_history"))
def test_next_states(vector: dict[str, Any]) -> None:
    """Each of the four ratings after a history leads to the published state and, rounded, interval."""
    for rating, expect in vector["expect"].items():
        ratings, gaps = [*vector["ratings"], int(rating)], [*vector["delta_t"], vector["next_delta_t"]]
        state = walked(ratings, gaps, settings_of(vector))[-1][1]
        interval = formulas(ratings, gaps, vector["parameters"])[-1][1]

        assert (expect["stability"], expect["difficulty"]) == pytest.approx(
            (state.stability_days, state.difficulty), abs=vector["tol_abs"]
        )
        assert round(expect["interval"]) == interval


@pytest.mark.parametrize("vector", vectors("retrievability"))
def test_retrievability(vector: dict[str, Any]) -> None:
    """The chance of remembering falls along the published curve."""
    for elapsed, stability, expect in zip(vector["elapsed"], vector["stability"], vector["expect"], strict=True):
        day = START + timedelta(days=elapsed)
        chance = memory.retrievability(remembered(stability), day, settings_of(vector))

        assert expect == pytest.approx(chance, abs=vector["tol_abs"])


@pytest.mark.parametrize("vector", vectors("interval"))
def test_intervals_by_retention(vector: dict[str, Any]) -> None:
    """A stability of one day gives the published interval at each retention, also outside what settings allow."""
    parameters = (*vector["parameters"][:2], vector["stability"], *vector["parameters"][3:])
    for retention, expect in zip(vector["desired_retention"], vector["expect"], strict=True):
        scheduler = memory._scheduler(parameters, retention, UNBOUNDED_DAYS)
        formula = memory._formula(memory.EMPTY, memory.GOOD, date(1, 1, 1), scheduler)

        assert expect == pytest.approx(formula.interval_days, rel=vector["tol_rel"])


@pytest.mark.parametrize("vector", vectors("first_review"))
def test_first_answers(vector: dict[str, Any]) -> None:
    """A first answer begins with the published stability and difficulty of its rating."""
    for rating, expect in vector["expect"].items():
        state = answered(None, graded(int(rating), START), settings_of(vector))[1]

        assert (expect["stability"], expect["difficulty"]) == pytest.approx(
            (state.stability_days, state.difficulty), abs=vector["tol_abs"]
        )


@pytest.mark.parametrize("vector", vectors("next_difficulty"))
def test_difficulties(vector: dict[str, Any]) -> None:
    """Difficulty moves as published, after mean reversion."""
    for rating, expect in enumerate(vector["expect"], start=1):
        state = answered(remembered(5.0, vector["difficulty"]), graded(rating, START), settings_of(vector))[1]

        assert expect == pytest.approx(state.difficulty, abs=vector["tol_abs"])


@pytest.mark.parametrize("vector", vectors("s_recall", "s_forget"))
def test_stability_after_recall_and_after_forgetting(vector: dict[str, Any]) -> None:
    """The library's formulas give the published values at retrievabilities that no whole day has."""
    scheduler = memory._scheduler(tuple(vector["parameters"]), 0.9)
    for place, expect in enumerate(vector["expect"]):
        difficulty, chance = float(vector["difficulty"][place]), vector["retrievability"][place]
        if vector["kind"] == "s_recall":
            stability = scheduler._next_recall_stability(
                difficulty=difficulty,
                stability=vector["stability"],
                retrievability=chance,
                rating=Rating(vector["ratings"][place]),
            )
        else:
            stability = scheduler._next_forget_stability(
                difficulty=difficulty, stability=vector["stability"], retrievability=chance
            )

        assert expect == pytest.approx(stability, rel=vector["tol_rel"])


@pytest.mark.parametrize("vector", vectors("s_short"))
def test_stability_on_the_same_day(vector: dict[str, Any]) -> None:
    """A second answer of a study day follows the short-term formula; Hard does not lower stability (6.3.2)."""
    for rating, expect in zip(vector["ratings"], vector["expect"], strict=True):
        state = answered(remembered(vector["stability"]), graded(rating, START), settings_of(vector))[1]

        assert expect == pytest.approx(state.stability_days, rel=vector["tol_rel"])


@pytest.mark.parametrize("vector", vectors("scheduler_trace"))
def test_interval_history(vector: dict[str, Any]) -> None:
    """The published trace of intervals; its zeros are steps, whose rule is our own."""
    gaps = [0, *vector["expect_interval_days"][:-1]]
    intervals = [interval for _, interval in formulas(vector["ratings"], gaps, vector["parameters"])]

    pairs = zip(vector["expect_interval_days"], intervals, strict=True)
    assert all(expect in (0, interval) for expect, interval in pairs)


@pytest.mark.parametrize("vector", vectors("long_term_trace"))
def test_long_histories(vector: dict[str, Any]) -> None:
    """Without a short-term part, stability and difficulty follow the published traces."""
    gaps = [0, *vector["expect_interval_days"][:-1]]
    states = [state for _, state in walked(vector["ratings"], gaps, settings_of(vector))]

    assert vector["expect_stability"] == pytest.approx([one.stability_days for one in states], rel=vector["tol_rel"])
    assert vector["expect_difficulty"] == pytest.approx([one.difficulty for one in states], rel=vector["tol_rel"])


@pytest.mark.parametrize("vector", vectors("long_term_trace"))
def test_long_intervals(vector: dict[str, Any]) -> None:
    """The same traces' intervals, where none was forced apart from another."""
    if vector["id"] in FORCED_ORDER:
        pytest.skip(FORCED_ORDER[vector["id"]])
    gaps = [0, *vector["expect_interval_days"][:-1]]

    assert vector["expect_interval_days"] == [
        interval for _, interval in formulas(vector["ratings"], gaps, vector["parameters"])
    ]


@pytest.mark.parametrize("vector", vectors("note", "from_sm2", "migrate"))
def test_notes(vector: dict[str, Any]) -> None:
    """Ten Easy answers of one day bring difficulty to its floor; the other notes are outside our promise."""
    state = walked([memory.EASY] * 10, [0] * 10, MemorySettings())[-1][1]

    assert vector["id"] == "difficulty_floor"
    assert state.difficulty == 1.0


@ABSENT
def test_no_kind_of_vector_is_forgotten() -> None:
    """Each official vector is checked by a test above."""
    checked = "memory_state next_from_state next_from_history retrievability interval first_review next_difficulty "
    checked += "s_recall s_forget s_short scheduler_trace long_term_trace note from_sm2 migrate"

    assert {one["kind"] for one in VECTORS["official"]} == set(checked.split())


@ABSENT
def test_generated_histories() -> None:
    """300 random histories: states as two libraries agree on them, decided intervals around the published ones."""
    for one in VECTORS["generated"]:
        parameters = tuple(VECTORS["generated_parameters"][one["parameters_set"]])
        found = walked(one["ratings"], one["delta_t"], MemorySettings(0.9, parameters))
        plain = [interval for _, interval in formulas(one["ratings"], one["delta_t"], parameters)]

        assert one["stability"] == pytest.approx([state.stability_days for _, state in found], rel=1e-3)
        assert one["difficulty"] == pytest.approx([state.difficulty for _, state in found], rel=1e-3)
        assert one["interval_dr90"] == plain
        for interval, (taken, _) in zip(plain, found, strict=True):
            low, high = fuzz_range(min(interval, 365))
            assert taken.interval_days is None or low <= taken.interval_days <= high
