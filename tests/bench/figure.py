"""One measured figure beside its floor."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` and ``floor`` in ``unit``; ``aim`` in words, ``note`` what the floor is."""

    name: str
    value: float
    floor: float
    unit: str
    aim: str
    note: str

    @property
    def share(self) -> float:
        """The value as a share of the floor: of rates the more the better, of times the less."""
        return self.value / self.floor if self.floor else 0.0

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "share": round(self.share, 4)}


def table(figures: Sequence[Figure]) -> str:
    """The figures in columns."""
    rows = [("figure", "value", "floor", "unit", "value/floor", "aim", "floor is")]
    rows += [
        (one.name, f"{one.value:,.2f}", f"{one.floor:,.2f}", one.unit, f"{one.share:.2f}", one.aim, one.note)
        for one in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
