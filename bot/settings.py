"""The program's settings: STUDYBOT_* from the environment and .env, read once, every fault told together."""

import difflib
import os
import typing
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import platformdirs
import pydantic
from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "STUDYBOT_"
SQLITE = "sqlite:///"
ENCODING = "utf-8-sig"  # some editors begin a file with a mark
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be used: the variable or file, and in plain words what is wrong and what to do."""

    name: str
    words: str


class SettingsError(Exception):
    """Settings that the program cannot start with: all ``faults`` at once, a line each in ``str``."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(f"{fault.name}: {fault.words}" for fault in faults))
        self.faults = faults


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _language(value: object) -> object:
    return {name.lower(): name for name in LANGUAGES}.get(str(value).strip().lower(), value)


def _default_url() -> str:
    return f"{SQLITE}{platformdirs.user_data_path('studybot', appauthor=False) / 'studybot.db'}"


def _database_url(value: str) -> str:
    # Only the scheme is repeated: what follows may hold a password.
    if not value.startswith(SQLITE):
        scheme = value.partition(":")[0] if "://" in value else ""
        kind = f"a {scheme} database cannot be opened" if scheme else "this is no database address"
        raise ValueError(f"{kind}; write {SQLITE}PATH, or leave it out")
    path = value.removeprefix(SQLITE)
    if not path or path.startswith(":") or path.endswith("/"):
        raise ValueError(f"no file is named; write {SQLITE}PATH with the path of a file")
    if "?" in path:
        raise ValueError("options after ? are not understood; write the path of the file alone")
    return value


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (LookupError, OSError, ValueError):  # unknown, a folder of zones, a path that leads outside
        hint = _similar(value, zoneinfo.available_timezones())
        raise ValueError(f"{value!r} is no time zone{hint}; write a name such as Asia/Shanghai") from None
    return value


class Settings(BaseSettings):
    """Everything that may be set: the field ``seed`` is the variable STUDYBOT_SEED; empty is as left out.

    A secret (a field of type ``SecretStr``) is never shown, and may be given as the path of a file that holds
    it, in the variable's name with _FILE after it.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding=ENCODING,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        str_strip_whitespace=True,
    )

    database_url: Annotated[str, AfterValidator(_database_url)] = Field(default_factory=_default_url)
    synchronous: Annotated[Literal["full", "normal"], BeforeValidator(_lower)] = "full"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"
    language: Annotated[Literal["zh-Hans", "zh-Hant", "en"], BeforeValidator(_language)] | None = None
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    seed: int | None = None

    @property
    def database(self) -> Path:
        """The database file: ``~`` is the home folder, a relative path counts from the working folder."""
        return Path(self.database_url.removeprefix(SQLITE)).expanduser()


Chosen = TypeVar("Chosen", bound=Settings)


def settings(model: type[Chosen]) -> Chosen:
    """The settings of ``model`` as the environment and the working folder's .env give them; the environment wins.

    Raises:
        SettingsError: with every fault there is.
    """
    given = _given()
    secrets, faults = _secrets(model, given)
    faults += _unknown(model, given)
    try:
        found = model.model_validate(secrets)
    except pydantic.ValidationError as error:
        named = {fault.name.removesuffix("_FILE") for fault in faults}
        told = map(_told, error.errors(include_url=False, include_input=False))
        raise SettingsError((*faults, *(fault for fault in told if fault.name not in named))) from None
    if faults:
        raise SettingsError(faults)
    return found


def _given() -> dict[str, str]:
    pairs = [*_written(Path(".env")), *os.environ.items()]
    return {name.upper(): value for name, value in pairs if name.upper().startswith(PREFIX) and value.strip()}


def _written(path: Path) -> list[tuple[str, str]]:
    try:
        with path.open(encoding=ENCODING) as stream:
            lines = list(parse_stream(stream))
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        raise SettingsError((Fault(str(path), "this is not UTF-8 text; save it as UTF-8"),)) from None
    except OSError as fault:
        raise SettingsError((Fault(str(path), f"it cannot be read ({fault.strerror})"),)) from None
    wrong = tuple(Fault(f"{path}:{line.original.line}", "write NAME=value") for line in lines if line.error)
    if wrong:
        raise SettingsError(wrong)
    return [(line.key, line.value or "") for line in lines if line.key]


def _secret_fields(model: type[Settings]) -> dict[str, str]:
    """The variable of each secret, and its field."""
    found = (
        name
        for name, field in model.model_fields.items()
        if SecretStr in (field.annotation, *typing.get_args(field.annotation))
    )
    return {PREFIX + name.upper(): name for name in found}


def _secrets(model: type[Settings], given: Mapping[str, str]) -> tuple[dict[str, SecretStr], tuple[Fault, ...]]:
    secrets: dict[str, SecretStr] = {}
    faults: list[Fault] = []
    for variable, field in _secret_fields(model).items():
        source = f"{variable}_FILE"
        if source not in given:
            continue
        try:
            secrets[field] = _secret(given, variable)
        except ValueError as fault:
            faults.append(Fault(source, str(fault)))
    return secrets, tuple(faults)


def _secret(given: Mapping[str, str], variable: str) -> SecretStr:
    if variable in given:
        raise ValueError(f"{variable} is given too; keep one of the two")
    path = Path(given[f"{variable}_FILE"]).expanduser()
    try:
        text = path.read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not text; name a file that holds only the secret") from None
    except OSError as fault:
        raise ValueError(f"{path} cannot be read ({fault.strerror})") from None
    if not text:
        raise ValueError(f"{path} is empty; write the secret into it")
    return SecretStr(text)


def _unknown(model: type[Settings], given: Mapping[str, str]) -> tuple[Fault, ...]:
    known = {PREFIX + name.upper() for name in model.model_fields}
    known |= {f"{variable}_FILE" for variable in _secret_fields(model)}
    return tuple(
        Fault(name, f"there is no such setting{_similar(name, known)}") for name in sorted(given.keys() - known)
    )


def _similar(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, sorted(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _told(detail: ErrorDetails) -> Fault:
    context = detail.get("ctx", {})
    words = {
        "int_parsing": "write a whole number",
        "literal_error": f"write {context.get('expected')}",
        "missing": "it must be given",
        "value_error": str(context.get("error")),
    }
    return Fault(PREFIX + str(detail["loc"][0]).upper(), words.get(detail["type"], detail["msg"]))
