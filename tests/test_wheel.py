"""The wheel, as a stranger gets it: built here, installed in an empty environment, run from another folder."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pip(*words: str) -> None:
    """The pip beside this Python; what it says is told when it fails."""
    run = subprocess.run(  # noqa: S603 - words from here
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr + run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the tree as it stands."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT))
    (built,) = folder.glob("studybot-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment that has the lock's packages and the wheel, and nothing else."""
    folder = tmp_path_factory.mktemp("empty") / "env"
    venv.create(folder, symlinks=True)
    programs = folder / "bin"
    python = ("--python", str(programs / "python"))
    pip(*python, "install", "--no-compile", "--require-hashes", "-r", str(ROOT / "requirements.txt"))
    pip(*python, "install", "--no-deps", "--no-index", str(wheel))
    return programs


def studybot(programs: Path, home: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """The installed program, run in a home of its own with nothing else set."""
    environment = {
        "HOME": str(home),
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "STUDYBOT_LANGUAGE": "en",
        "STUDYBOT_SEED": "7",
    }
    return subprocess.run(  # noqa: S603 - our own program
        [programs / "studybot", *words],
        cwd=home,
        env=environment,
        input=said,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def test_the_wheel_carries_what_the_program_reads(wheel: Path) -> None:
    """Migrations, question sets and catalogues are inside the package."""
    names = zipfile.ZipFile(wheel).namelist()

    assert "bot/migrations/env.py" in names
    assert [name for name in names if name.startswith("bot/questions/") and name.endswith(".yaml")]
    assert [name for name in names if name.startswith("bot/locales/") and name.endswith(".po")]
    assert [name for name in names if not name.startswith(("bot/", "studybot-"))] == []


def test_a_question_is_answered_with_the_wheel_alone(installed: Path, tmp_path: Path) -> None:
    """`studybot chat`, far from the repository, asks a question, takes the answer, and remembers it."""
    chat = studybot(installed, tmp_path, "chat", said="/study\nA\n/stats\n")
    stats = studybot(installed, tmp_path, "stats", "--json")

    assert (chat.returncode, chat.stderr) == (0, "")
    assert (stats.returncode, stats.stderr) == (0, "")
    assert json.loads(stats.stdout)["answers"] == 1
    assert "A" in chat.stdout
