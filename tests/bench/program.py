"""The real program: how soon it asks, and how much memory it holds then."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psutil

from tests.bench.figure import Figure

ROOT = Path(__file__).parents[2]


def environment(folder: Path) -> dict[str, str]:
    url = f"sqlite:///{folder / 'program.db'}"
    return {"HOME": str(folder), "PATH": os.defpath, "PYTHONPATH": str(ROOT), "LANG": "C", "STUDYBOT_DATABASE_URL": url}


def asked(folder: Path) -> tuple[float, float]:
    """Seconds from the start to the first question, and the memory then, in MB."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "chat"],
        env=environment(folder),
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as chat:
        assert chat.stdin is not None
        assert chat.stdout is not None
        chat.stdin.write("/start\n")
        chat.stdin.flush()
        chat.stdout.readline()
        took = time.perf_counter() - began
        held = psutil.Process(chat.pid).memory_info().rss / 1e6
        chat.stdin.close()
        chat.stdout.read()
    return took, held


def empty() -> tuple[float, float]:
    """The same of an interpreter that does nothing."""
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as bare:
        assert bare.stdout is not None
        bare.stdout.readline()
        took = time.perf_counter() - began
        held = psutil.Process(bare.pid).memory_info().rss / 1e6
        bare.communicate(b"\n")
    return took, held


def figures(folder: Path, *, times: int) -> list[Figure]:
    """Medians, with the schema current and the bundled sets read before."""
    asked(folder)
    real = [asked(folder) for _ in range(times)]
    floor = [empty() for _ in range(times)]
    note = "an interpreter that does nothing"
    return [
        Figure("start to first prompt", median(t for t, _ in real), median(t for t, _ in floor), "s", "≤ 1.0 s", note),
        Figure("resident memory", median(m for _, m in real), median(m for _, m in floor), "MB", "≤ 90 MB", note),
    ]
