"""`make bench`: every figure beside its floor, measured in the same run."""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path

from tests.bench import answers, discord, due, paper, program, telegram
from tests.bench.figure import Figure, table


def figures(folder: Path, *, quick: bool) -> list[Figure]:
    """All of them; ``quick`` measures little, to see that it runs."""
    return [
        *asyncio.run(answers.figures(folder, count=8 if quick else 300)),
        *due.figures(folder, sizes=(100, 1_000) if quick else (10_000, 1_000_000)),
        paper.figure(questions=50 if quick else 3_000),
        *program.figures(folder, times=1 if quick else 7),
        *(
            telegram.figures(folder, each=2, times=1, learners=100, others=("ptb",))  # aiogram has to be fetched first
            if quick
            else telegram.figures(folder, each=60)
        ),
        *discord.figures(folder, each=2 if quick else 60, times=1 if quick else 3),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure little, to see that it runs")
    parser.add_argument("--json", type=Path, default=Path("build/bench.json"), help="where the JSON goes")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd() / "build" if Path("build").is_dir() else None) as folder:
        found = figures(Path(folder), quick=chosen.quick)
    print(table(found))  # noqa: T201 - the table is the point
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps([figure.as_json() for figure in found], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
