"""The program's settings: STUDYBOT_* from the environment and .env, read once, every fault told together."""

import difflib
import ipaddress
import os
import re
import typing
import zoneinfo
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar
from urllib.parse import urlsplit

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


def _telegram_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,64}", value.get_secret_value()):
        raise ValueError("this is no token of a Telegram bot; write what @BotFather gave you, NUMBER:LETTERS")
    return value


def _api_url(value: str) -> str:
    host, port = _host(value, ("http", "https"))
    found = urlsplit(value) if host and port is not None else None
    if found is None or found.query or found.fragment or "@" in found.netloc or found.path.rstrip("/").endswith("/bot"):
        raise ValueError("write the server's address without /bot, such as https://api.telegram.org")
    return value.rstrip("/")


def _discord_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,32}\.[A-Za-z0-9_-]{1,128}", value.get_secret_value()):
        raise ValueError("this is no token of a Discord bot; write what the Developer Portal shows under Bot")
    return value


def _discord_api_url(value: str) -> str:
    host, port = _host(value, ("http", "https"))
    found = urlsplit(value) if host and port is not None else None
    if found is None or found.query or found.fragment or "@" in found.netloc or not found.path.endswith("/api/v10"):
        raise ValueError("write the address with /api/v10 at its end, such as https://discord.com/api/v10")
    return value


def _gateway_url(value: str) -> str:
    host, port = _host(value, ("ws", "wss"))
    if not host or port is None:
        raise ValueError("write an address that begins with wss:// (or ws://)")
    return value


def _proxy(value: SecretStr) -> SecretStr:
    host, port = _host(value.get_secret_value(), ("http", "socks5"))
    if not host or not port:
        raise ValueError("write http://HOST:PORT or socks5://HOST:PORT, with NAME:PASSWORD@ before HOST if it asks")
    return value


def _host(url: str, schemes: Container[str]) -> tuple[str, int | None]:
    """Host and port (0 where there is none) of an address; "" and None of what is none: the fault may quote it."""
    try:
        found = urlsplit(url)
        host, port = found.hostname or "", found.port or 0
    except ValueError:
        return "", None
    fits = found.scheme in schemes and re.fullmatch(r"[\w.:-]+", host)
    return (host, port) if fits else ("", None)


def _admins(value: str) -> str:
    wrong = [one for one in value.split(",") if not re.fullmatch(r"(telegram|discord):[0-9]+", one.strip())]
    if wrong:
        raise ValueError(f"{wrong[0].strip()!r} names nobody; write PLATFORM:NUMBER, with commas between")
    return value


def _clock(value: str) -> str:
    if not value.startswith("unix:") or value == "unix:":
        raise ValueError("write unix:PATH, the socket of whoever holds the clock")
    return value


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name: 127.example.org may be anywhere
        return False


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
    telegram_token: Annotated[SecretStr, AfterValidator(_telegram_token)] | None = None
    telegram_api_url: Annotated[str, AfterValidator(_api_url)] = "https://api.telegram.org"
    discord_token: Annotated[SecretStr, AfterValidator(_discord_token)] | None = None
    discord_api_url: Annotated[str, AfterValidator(_discord_api_url)] = "https://discord.com/api/v10"
    discord_gateway_url: Annotated[str, AfterValidator(_gateway_url)] | None = None
    proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = None
    admins: Annotated[str, AfterValidator(_admins)] | None = None
    clock: Annotated[str, AfterValidator(_clock)] | None = None

    @pydantic.model_validator(mode="after")
    def _held_only_at_home(self) -> Self:
        if self.clock is not None and not all(map(_is_loopback, self._addresses())):
            raise ValueError("a clock that is held is for tests: every platform's address must be this machine's")
        return self

    def _addresses(self) -> list[str]:
        """Of the platforms that are connected; of the first where none is."""
        discord = [] if self.discord_token is None else [self.discord_api_url, self.discord_gateway_url or ""]
        return discord if discord and self.telegram_token is None else [self.telegram_api_url, *discord]

    @property
    def operators(self) -> frozenset[tuple[str, str]]:
        """The bot admins, who run sets in chat: platform, and the person's id there."""
        pairs = (one.strip().partition(":") for one in (self.admins or "").split(",") if one.strip())
        return frozenset((platform, native) for platform, _, native in pairs)

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
    found = (name for name, field in model.model_fields.items() if _is_secret(field.annotation))
    return {PREFIX + name.upper(): name for name in found}


def _is_secret(annotation: object) -> bool:
    """Whether it is a secret: also one that may be left out, or that is checked."""
    return annotation is SecretStr or any(map(_is_secret, typing.get_args(annotation)))


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
    field = detail["loc"][0] if detail["loc"] else "clock"  # the one fault that several fields have together
    return Fault(PREFIX + str(field).upper(), words.get(detail["type"], detail["msg"]))
