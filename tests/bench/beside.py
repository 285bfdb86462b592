"""Contenders side by side: each is a process of its own before a server that answers from a can."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figure import Figure

LEARNERS = 64
Best = dict[str, dict[str, float]]  # seconds by contender


@contextmanager
def canned(module: str, path: Path) -> Iterator[str]:
    """The address of the server that this module is."""
    command = [sys.executable, "-m", module, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.kill()


def run(python: str, name: str, presses: Path, database: Path, *, server: str) -> dict[str, float] | None:
    with canned(server, presses) as url:
        command = [python, "-m", "tests.bench.press", name, url, str(database)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our own
    if done.returncode:
        sys.stderr.write(done.stderr)
        return None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def timed(name: str, presses: Path, database: Path, best: Best, *, server: str, python: str) -> None:
    """One run of a contender on a copy of the database; kept where it took less than those before."""
    copy = database.with_name("copy.db")
    for left in database.parent.glob("copy.db*"):  # with what the run before had not yet moved into the file
        left.unlink()
    shutil.copy(database, copy)
    found = run(python, name, presses, copy, server=server)
    if found is not None and (name not in best or found["cpu_s"] < best[name]["cpu_s"]):
        best[name] = found


def beside(best: Best, name: str, total: int, *, ours: str, where: str, aim: str, note: str) -> list[Figure]:
    """A press of ours beside the contender's: CPU, and how many a second."""
    if name not in best or ours not in best:
        return []
    mine, other = best[ours], best[name]
    cpu = [one["cpu_s"] / total * 1e3 for one in (mine, other)]
    rate = [total / one["wall_s"] for one in (mine, other)]
    return [
        Figure(f"a press on {where}, CPU ({name})", cpu[0], cpu[1], "ms", aim, note),
        Figure(f"presses/s ({name})", rate[0], rate[1], "1/s", "told", note),
    ]
