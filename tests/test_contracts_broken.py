"""Each import rule of pyproject.toml, broken once on purpose in a copy of the package, is seen."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINT = Path(sys.executable).with_name("lint-imports")

BREACHES = [  # which contract, who imports, what must not be
    ("inwards", "bot.app", "bot.__main__"),
    ("inwards", "bot.router", "bot.app"),
    ("inwards", "bot.router", "bot.storage"),
    ("inwards", "bot.storage", "bot.formats"),
    ("inwards", "bot.formats", "bot.platforms"),
    ("inwards", "bot.platforms", "bot.router"),
    ("inwards", "bot.commands", "bot.router"),
    ("inwards", "bot.services", "bot.commands"),
    ("inwards", "bot.services", "bot.storage"),
    ("inwards", "bot.ports", "bot.services"),
    ("inwards", "bot.domain", "bot.ports"),
    ("texts", "bot.app", "bot.texts"),
    ("texts", "bot.commands", "bot.texts"),
    ("settings", "bot.platforms", "bot.settings"),
    ("settings", "bot.services", "bot.settings"),
    ("wires", "bot.router", "telegram"),
    ("wires", "bot.platforms.console", "discord"),
    ("sql", "bot.services", "sqlite3"),
    ("sql", "bot.__main__", "aiosqlite"),
    ("sql", "bot.app", "alembic"),
    ("sql", "bot.router", "sqlalchemy"),
    ("pure", "bot.domain", "time"),
    ("pure", "bot.domain", "random"),
    ("pure", "bot.domain", "os"),
    ("pure", "bot.domain", "socket"),
    ("pure", "bot.domain", "asyncio"),
    ("pure", "bot.domain", "babel"),
]
PURE = {  # what the domain may import of the standard library: nothing here reads, waits, draws or sends
    *(
        "__future__",
        "abc",
        "base64",
        "bisect",
        "collections",
        "contextlib",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
    ),
    *(
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "statistics",
    ),
    *("string", "struct", "types", "typing", "unicodedata", "zlib", "zoneinfo"),
}
LIBRARIES = {"fsrs", "opencc", "rapidfuzz"}
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|DROP|ALTER)\s+(TABLE|INDEX)|PRAGMA)\b",
    re.DOTALL,
)


def source(package: Path, module: str) -> Path:
    """The file of a dotted module in a copy of the package."""
    path = package.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What import-linter says, a contract, of a copy where each rule is broken and some of what is allowed is done."""
    copy = tmp_path_factory.mktemp("broken")
    package = copy / "bot"
    shutil.copytree(ROOT / "bot", package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for _, importer, imported in BREACHES:
        with source(package, importer).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    (package / "stray.py").touch()
    for wire in ("telegram", "discord"):
        (package / "platforms" / wire).mkdir(exist_ok=True)
        (package / "platforms" / wire / "__init__.py").write_text(f"import {wire}\n", encoding="utf-8")
    (package / "storage" / "allowed.py").write_text("import sqlite3\n", encoding="utf-8")
    command = [str(LINT), "--no-logo", "--no-cache"]
    run = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)  # noqa: S603 - our own tool

    assert run.returncode == 1, run.stderr
    names = {contract["name"]: contract["id"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}
    said = re.split(r"^(.+)\n-+\n", run.stdout.partition("Broken contracts")[2], flags=re.MULTILINE)
    return {names[name]: text for name, text in zip(said[1::2], said[2::2], strict=True)}


@pytest.mark.parametrize(("contract", "importer", "imported"), BREACHES)
def test_a_breach_is_seen(verdict: dict[str, str], contract: str, importer: str, imported: str) -> None:
    """The contract names the import that breaks it."""
    assert f"{importer} -> {imported} (" in verdict[contract]


def test_every_contract_is_broken_once(verdict: dict[str, str]) -> None:
    """No contract of pyproject.toml goes without a breach here."""
    assert {contract for contract, _, _ in BREACHES} == verdict.keys()


def test_a_module_outside_the_layers_is_seen(verdict: dict[str, str]) -> None:
    """A new module at the top belongs to a layer, or the check fails."""
    assert "not listed as layers:\n\n- bot.stray\n" in verdict["inwards"]


@pytest.mark.parametrize(
    "allowed",
    ["bot.platforms.telegram -> telegram", "bot.platforms.discord -> discord", "bot.storage.allowed -> sqlite3"],
)
def test_what_is_allowed_is_not_told(verdict: dict[str, str], allowed: str) -> None:
    """A platform's library under its own folder, and SQL under storage/, are no breach."""
    assert allowed not in "".join(verdict.values())


def outside(tree: ast.AST) -> Iterator[str]:
    """The packages, other than our own, that a module imports anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def written(node: ast.AST) -> str:
    """A text as it stands in the source, with x for what an f-string fills in."""
    if isinstance(node, ast.JoinedStr):
        return "".join(written(part) or "x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def queries(tree: ast.AST) -> list[str]:
    """The texts in a module that are SQL."""
    return [text for node in ast.walk(tree) if SQL.search(text := written(node))]


def modules(*, under: str) -> Iterator[tuple[str, ast.AST]]:
    """Every module below a folder, read."""
    for path in sorted((ROOT / under).rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_the_domain_imports_what_is_pure() -> None:
    """The domain takes of the standard library what neither reads, waits, draws nor sends, and three libraries."""
    found = {name: set(outside(tree)) - PURE - LIBRARIES - {"bot"} for name, tree in modules(under="bot/domain")}

    assert {name: extra for name, extra in found.items() if extra} == {}


def test_sql_stands_under_storage_only() -> None:
    """No text outside storage/ is a query."""
    found = {name: queries(tree) for name, tree in modules(under="bot") if not name.startswith("bot/storage/")}

    assert {name: texts for name, texts in found.items() if texts} == {}


def test_sql_and_impurity_would_be_seen() -> None:
    """The two searches above find what they search for, also inside a function and in an f-string."""
    tree = ast.parse('def f(x):\n    import time\n    return f"SELECT {x}\\nFROM answer", "select one from many"\n')

    assert queries(tree) == ["SELECT x\nFROM answer"]
    assert set(outside(tree)) - PURE == {"time"}


def test_storage_is_where_the_queries_are() -> None:
    """The search for SQL recognises the queries that the program has."""
    assert any(queries(tree) for _, tree in modules(under="bot/storage"))
