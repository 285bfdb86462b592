"""The order in which new questions come: every section of a paper in its share, from the first day on."""

from collections import Counter
from collections.abc import Sequence


def turns(sections: Sequence[str]) -> tuple[int, ...]:
    """The turn (0-based) of each question, given the section of each in the paper's order.

    Sections are mixed in proportion and keep their inner order: the i-th of n questions of a section stands at
    (i + 1/2) / n of the course. One section alone keeps the paper's order.
    """
    sizes, seen = Counter(sections), Counter[str]()
    spots = []
    for place, section in enumerate(sections):
        spots.append(((seen[section] + 0.5) / sizes[section], place))
        seen[section] += 1
    ranks = {place: rank for rank, (_, place) in enumerate(sorted(spots))}
    return tuple(ranks[place] for place in range(len(sections)))
