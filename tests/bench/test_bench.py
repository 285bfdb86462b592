"""The benchmark runs; its figures are read by people, never asserted."""

from pathlib import Path

from tests.bench.__main__ import figures
from tests.bench.figure import table


def test_every_figure_stands_beside_its_floor(tmp_path: Path) -> None:
    """The quick mode measures what the long one does, but for what is fetched: fifteen figures, with floor and aim."""
    found = figures(tmp_path, quick=True)

    assert len(found) == 15
    assert all(figure.value > 0 and figure.floor > 0 and figure.aim for figure in found)
    assert len(table(found).splitlines()) == 16
