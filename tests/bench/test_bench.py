"""The benchmark runs; its figures are read by people, never asserted."""

from pathlib import Path

from tests.bench.__main__ import figures
from tests.bench.figure import table


def test_every_figure_stands_beside_its_floor(tmp_path: Path) -> None:
    """The quick mode measures all that the long one does: eight figures, each with a floor and an aim."""
    found = figures(tmp_path, quick=True)

    assert len(found) == 8
    assert all(figure.value > 0 and figure.floor > 0 and figure.aim for figure in found)
    assert len(table(found).splitlines()) == 9
