"""What surrounds the code keeps its promises: the lock, the verbs, the documents."""

import ast
import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from babel.messages.pofile import read_po
from packaging.dependency_groups import resolve_dependency_groups
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = {
    "requirements.txt": PROJECT["project"]["dependencies"],
    "requirements-build.txt": resolve_dependency_groups(PROJECT["dependency-groups"], "build"),
    "requirements-dev.txt": resolve_dependency_groups(PROJECT["dependency-groups"], "dev"),
}


def text(name: str) -> str:
    """A file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


def documents() -> str:
    """All that a person reads who wants to use the bot."""
    paths = [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / ".env.example",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def pins(lock: str) -> dict[str, str]:
    """The version that a lock names for each package."""
    found = re.findall(r"^([\w.-]+)(?:\[[^\]]+\])?==(\S+)", text(lock), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def extras(lock: str) -> dict[str, set[str]]:
    """The extras that a lock names with each package."""
    found = re.findall(r"^([\w.-]+)\[([^\]]+)\]==", text(lock), re.MULTILINE)
    return {canonicalize_name(name): set(named.split(",")) for name, named in found}


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Make, run in a folder; what another make that runs the tests told its children is none of its business."""
    command = [shutil.which("make") or "make", "--no-print-directory", *words]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(command, cwd=folder, env=alone, capture_output=True, text=True, check=False)  # noqa: S603 - words from here


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_pinned(lock: str) -> None:
    """The lock names, for each dependency, a version that pyproject.toml takes: else `make lock` was forgotten."""
    pinned = pins(lock)
    wanted = [Requirement(line) for line in LOCKS[lock]]

    assert [str(need) for need in wanted if pinned.get(canonicalize_name(need.name), "0") not in need.specifier] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_no_address(lock: str) -> None:
    """Whatever index pip uses, it takes only the files that were locked."""
    entries = re.split(r"^(?=\w)", text(lock), flags=re.MULTILINE)[1:]

    assert [entry.partition(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|^-", text(lock), re.MULTILINE)


def test_a_lock_names_the_extras_that_its_packages_want() -> None:
    """Pip takes the newest version for an extra that the lock leaves out, and then refuses it for want of a hash."""
    named = extras("requirements.txt") | extras("requirements-dev.txt")
    lacking = [
        f"{name} wants {need}"
        for name in pins("requirements.txt") | pins("requirements-dev.txt")
        for need in map(Requirement, importlib.metadata.requires(name) or ())
        if (need.marker is None or need.marker.evaluate({"extra": ""}))
        and not need.extras <= named.get(canonicalize_name(need.name), set())
    ]

    assert lacking == []


def test_the_locks_agree() -> None:
    """What two locks share has one version, so that pip installs them together."""
    shipped = pins("requirements.txt")
    tools = pins("requirements-build.txt") | pins("requirements-dev.txt")

    assert {name: tools[name] for name in shipped.keys() & tools.keys()} == {
        name: shipped[name] for name in shipped.keys() & tools.keys()
    }
    assert pins("requirements-build.txt").items() <= pins("requirements-dev.txt").items()


def test_help_lists_every_verb() -> None:
    """Make alone says what can be said."""
    verbs = re.findall(r"[a-z]+(?:-[a-z]+)?", text("Makefile").partition(".PHONY:")[2].partition("\n")[0])
    listed = re.findall(r"^make ([a-z]+) ", make(ROOT).stdout, re.MULTILINE)

    assert sorted(verb for verb in verbs if "-" not in verb) == sorted(listed)


def test_every_verb_stands_in_contributing_with_its_plain_command() -> None:
    """Who has no make finds each verb, and the very command behind it."""
    told = text("CONTRIBUTING.md")
    verbs = re.findall(r"^([a-z]+):.*## ", text("Makefile"), re.MULTILINE)
    commands = re.findall(r"^\t@(?:exec )?\$\(BIN\)/(.+)$", text("Makefile"), re.MULTILINE)

    assert [verb for verb in verbs if f"make {verb}" not in told] == []
    whole = [command for command in commands if "$(" not in command]  # half of the suite is no command of its own
    assert [command for command in whole if f".venv/bin/{command}" not in told] == []
    assert len(commands) > len(verbs) / 2


def test_what_every_change_has_to_pass() -> None:
    """.ci/run is `make check` and `make test`, stops at a failure, and can be executed."""
    lines = text(".ci/run").splitlines()

    assert lines[-4:] == ["set -eu", 'cd "$(dirname "$0")/.."', "make check", "make test"]
    assert all(line.startswith("#") for line in lines[:-4])
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_an_old_python_is_told_in_one_sentence(tmp_path: Path) -> None:
    """With a Python before 3.11 the set-up stops at once and says what is needed; nothing is left behind."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for lock in (*LOCKS, "pyproject.toml"):
        (tmp_path / lock).touch()
    old = tmp_path / "old"
    fake = "import sys; sys.version_info = (3, 9, 1); exec(sys.argv[1])"
    old.write_text(f'#!/bin/sh\nshift\nexec {sys.executable} -c "{fake}" "$@"\n', encoding="utf-8")
    old.chmod(0o755)

    run = make(tmp_path, "run", f"PYTHON={old}")

    assert run.returncode != 0
    assert run.stderr.startswith("Studybot needs Python 3.11 or newer and this one is 3.9: ")
    assert not (tmp_path / ".venv").exists()


def test_no_python_is_told_in_one_sentence(tmp_path: Path) -> None:
    """Without any Python the sentence is as clear."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for lock in (*LOCKS, "pyproject.toml"):
        (tmp_path / lock).touch()

    run = make(tmp_path, "run", f"PYTHON={tmp_path / 'nothing'}")

    assert run.returncode != 0
    assert run.stderr.startswith("Studybot needs Python 3.11 or newer: ")


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_documented(field: str) -> None:
    """Each setting stands in the documents under the name of its variable."""
    assert PREFIX + field.upper() in documents()


def test_every_command_of_the_chat_is_documented() -> None:
    """Each /command that the texts speak of stands in the README or the pages under docs/."""
    with (ROOT / "bot" / "locales" / "en.po").open("rb") as file:
        words = " ".join(str(message.string) for message in read_po(file))
    commands = set(re.findall(r"(?<![\w/<])/[a-z]{2,}\b", words))

    assert {"/study", "/help"} <= commands
    assert {command for command in commands if not re.search(rf"{command}\b", documents())} == set()


def test_every_command_of_the_program_is_documented() -> None:
    """Each `studybot …` stands in the README or the pages under docs/."""
    program = importlib.import_module("bot.__main__")
    lines = [value for value in vars(program).values() if isinstance(value, typer.Typer)]
    commands = {name for line in lines for name in getattr(typer.main.get_command(line), "commands", {})}

    assert commands >= {"run", "chat", "import", "stats"}
    assert {command for command in commands if f"studybot {command}" not in documents()} == set()


def test_every_option_of_the_program_is_documented() -> None:
    """Each `--option` stands in the README or the pages under docs/."""
    program = importlib.import_module("bot.__main__")
    lines = [value for value in vars(program).values() if isinstance(value, typer.Typer)]
    commands = [one for line in lines for one in getattr(typer.main.get_command(line), "commands", {}).values()]
    options = {name for one in commands for option in one.params for name in option.opts if name.startswith("--")}

    assert options >= {"--set", "--overwrite"}
    assert {option for option in options if f"`{option}" not in documents()} == set()


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_is_short(path: Path) -> None:
    """A decision has a number, a title and at most twelve lines."""
    lines = path.read_text(encoding="utf-8").splitlines()

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
    assert lines[0].startswith(f"# {int(path.name[:4])}. ")
    assert len(lines) <= 12


def test_links_lead_somewhere() -> None:
    """A relative link in a document names a file that is there."""
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    ]

    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_module_says_in_one_line_what_is_there() -> None:
    """Why it is so stands in a comment below."""
    modules = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "bot").rglob("*.py")}
    said = {path: ast.get_docstring(tree) or "" for path, tree in modules.items()}

    assert [path for path, words in said.items() if not words or "\n" in words] == []


def test_every_port_says_what_it_promises() -> None:
    """Each public class and method of the ports has a sentence: who adapts one reads it and nothing else."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "bot" / "ports").glob("*.py")]
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = [node for one in classes for node in one.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    public = [node for node in (*classes, *methods) if not node.name.startswith("_")]

    assert [node.name for node in public if not ast.get_docstring(node)] == []
