"""Settings: what may be given, where from, and how faults are told."""

from pathlib import Path

import platformdirs
import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import PREFIX, Settings, SettingsError, settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


class Secretive(Settings):
    """Settings with a secret, as a platform's token will be one."""

    token: SecretStr | None = None


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and nothing set."""
    monkeypatch.chdir(tmp_path)
    for field in Secretive.model_fields:
        monkeypatch.delenv(PREFIX + field.upper(), raising=False)
    return tmp_path


def told(model: type[Settings] = Settings) -> dict[str, str]:
    """The faults that are told: variable to words."""
    with pytest.raises(SettingsError) as caught:
        settings(model)
    return {fault.name: fault.words for fault in caught.value.faults}


def test_nothing_need_be_set() -> None:
    """Without a single setting the bot has a database in the user's data folder, and is careful with it."""
    found = settings(Settings)

    assert platformdirs.user_data_path("studybot", appauthor=False) / "studybot.db" == found.database
    assert found.synchronous == "full"
    assert (found.language, found.zone, found.seed) == (None, None, None)


def test_the_environment_wins_over_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting comes from .env, and from the environment where both give it."""
    (folder / ".env").write_text("STUDYBOT_SEED=1\nSTUDYBOT_ZONE=Asia/Tokyo\nOTHER=x\n", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_SEED", "2")

    found = settings(Settings)

    assert (found.seed, found.zone) == (2, "Asia/Tokyo")


def test_an_empty_setting_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty values are no faults and no values, in the file and in the environment."""
    (folder / ".env").write_text("STUDYBOT_ZONE=\n", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_SEED", "")

    found = settings(Settings)

    assert (found.zone, found.seed) == (None, None)


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("SYNCHRONOUS", "NORMAL", "normal"),
        ("LOG_LEVEL", " Debug ", "debug"),
        ("LANGUAGE", "zh-hant", "zh-Hant"),
        ("ZONE", " Europe/Berlin ", "Europe/Berlin"),
        ("SEED", "-7", -7),
        ("DATABASE_URL", "sqlite:///a b.db", "sqlite:///a b.db"),
        ("TELEGRAM_TOKEN", " 4242:Te_st-1 ", SecretStr("4242:Te_st-1")),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "https://bots.example.org/api", "https://bots.example.org/api"),
        ("PROXY", "socks5://me:hunter2@localhost:1080", SecretStr("socks5://me:hunter2@localhost:1080")),
        ("PROXY", "http://[::1]:3128", SecretStr("http://[::1]:3128")),
        ("ADMINS", "telegram:1, discord:2", "telegram:1, discord:2"),
    ],
)
def test_values_are_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str, taken: object) -> None:
    """Every setting takes its values, whatever their case and the spaces around."""
    monkeypatch.setenv(PREFIX + name, value)

    assert taken == getattr(settings(Settings), name.lower())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SYNCHRONOUS", "off", "write 'full' or 'normal'"),
        ("LOG_LEVEL", "loud", "'warning' or 'error'"),
        ("LANGUAGE", "ja", "'zh-Hans', 'zh-Hant' or 'en'"),
        ("ZONE", "Asia/Shangai", "did you mean Asia/Shanghai?"),
        ("ZONE", "../../etc/passwd", "is no time zone"),
        ("ZONE", "America", "is no time zone"),
        ("SEED", "dice", "whole number"),
        ("DATABASE_URL", "postgresql://me:hunter2@host/db", "a postgresql database cannot be opened"),
        ("DATABASE_URL", "studybot.db", "write sqlite:///PATH"),
        ("DATABASE_URL", "sqlite:///:memory:", "no file is named"),
        ("DATABASE_URL", "sqlite:///", "no file is named"),
        ("DATABASE_URL", "sqlite:///x.db?mode=ro", "options after ?"),
        ("TELEGRAM_TOKEN", "hunter2", "no token of a Telegram bot"),
        ("TELEGRAM_TOKEN", "42:hunter2 hunter2", "no token of a Telegram bot"),
        ("TELEGRAM_API_URL", "api.telegram.org", "without /bot"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/bot", "without /bot"),
        ("TELEGRAM_API_URL", "https://me:hunter2@example.org", "without /bot"),
        ("TELEGRAM_API_URL", "http://[hunter2", "without /bot"),
        ("TELEGRAM_API_URL", "http://host:99999", "without /bot"),
        ("PROXY", "socks4://hunter2:1", "socks5://HOST:PORT"),
        ("PROXY", "http://hunter2", "socks5://HOST:PORT"),
        ("PROXY", "http://me:hunter2@[x", "socks5://HOST:PORT"),
        ("PROXY", "http://me:hunter2℀@host:1", "socks5://HOST:PORT"),
        ("ADMINS", "telegram:1,lin", "'lin' names nobody"),
        ("CLOCK", "tcp:1", "write unix:PATH"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    """A value that cannot be used is told with its variable and what to write instead; a password is not."""
    monkeypatch.setenv(PREFIX + name, value)

    faults = told()

    assert {PREFIX + name} == faults.keys()
    assert words in faults[PREFIX + name]
    assert "hunter2" not in faults[PREFIX + name]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.8.8.8"])
def test_a_clock_is_held_at_home(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """With every platform on this machine a test may hold the clock."""
    monkeypatch.setenv("STUDYBOT_CLOCK", "unix:/tmp/clock")
    monkeypatch.setenv("STUDYBOT_TELEGRAM_API_URL", f"http://{host}:8081")

    assert settings(Settings).clock == "unix:/tmp/clock"


@pytest.mark.parametrize("host", ["api.telegram.org", "127.example.org", "10.0.0.1", "localhost.example.org"])
def test_a_clock_is_held_nowhere_else(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Before real people nobody sets the clock."""
    monkeypatch.setenv("STUDYBOT_CLOCK", "unix:/tmp/clock")
    monkeypatch.setenv("STUDYBOT_TELEGRAM_API_URL", f"https://{host}")

    assert "this machine's" in told()["STUDYBOT_CLOCK"]


def test_a_wrong_secret_in_a_file_is_not_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form of a token is checked wherever it comes from, and no fault repeats it."""
    (folder / "token").write_text("hunter2\n", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_TELEGRAM_TOKEN_FILE", "token")

    faults = told()

    assert "no token" in str(faults)
    assert "hunter2" not in str(faults)


def test_operators_are_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Platform and number, however they are spaced; nobody where nobody is named."""
    nobody = settings(Settings).operators
    monkeypatch.setenv("STUDYBOT_ADMINS", "telegram:1 , discord:2,")

    with pytest.raises(SettingsError):
        settings(Settings)
    monkeypatch.setenv("STUDYBOT_ADMINS", "telegram:1 , discord:2")

    assert not nobody
    assert settings(Settings).operators == {("telegram", "1"), ("discord", "2")}


def test_all_faults_are_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wrong values, a misspelt name and an unreadable secret come in one report, a line each."""
    (folder / ".env").write_text("STUDYBOT_SEED=x\nSTUDYBOT_SYNCRONOUS=full\n", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_LANGUAGE", "xx")
    monkeypatch.setenv("STUDYBOT_TOKEN_FILE", "nowhere")

    faults = told(Secretive)

    names = {"STUDYBOT_SEED", "STUDYBOT_SYNCRONOUS", "STUDYBOT_LANGUAGE", "STUDYBOT_TOKEN_FILE"}
    assert names == faults.keys()
    assert faults["STUDYBOT_SYNCRONOUS"] == "there is no such setting (did you mean STUDYBOT_SYNCHRONOUS?)"
    assert faults["STUDYBOT_TOKEN_FILE"] == "nowhere cannot be read (No such file or directory)"


def test_a_secret_comes_from_a_file_and_stays_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """STUDYBOT_<FIELD>_FILE names the file of a secret, whose text shows nowhere."""
    (folder / "token").write_text("s3cret\n", encoding="utf-8")
    monkeypatch.setenv("STUDYBOT_TOKEN_FILE", "token")

    found = settings(Secretive)

    assert found.token is not None
    assert found.token.get_secret_value() == "s3cret"
    assert "s3cret" not in f"{found!r} {found}"


def test_a_secret_may_stand_in_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file the variable itself is the secret."""
    monkeypatch.setenv("STUDYBOT_TOKEN", "s3cret")

    assert SecretStr("s3cret") == settings(Secretive).token


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"\xff\xfe\x00", "is not text"), (b"x", "keep one of the two")]
)
def test_a_secret_file_that_cannot_be_used_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, words: str
) -> None:
    """An empty file, one that is no text, and one beside the variable itself are faults."""
    (folder / "token").write_bytes(content)
    monkeypatch.setenv("STUDYBOT_TOKEN_FILE", "token")
    if content == b"x":
        monkeypatch.setenv("STUDYBOT_TOKEN", "y")

    assert words in told(Secretive)["STUDYBOT_TOKEN_FILE"]


def test_only_a_secret_has_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A _FILE variable of an open setting is unknown, not silently left unread."""
    monkeypatch.setenv("STUDYBOT_SEED_FILE", "x")

    assert "there is no such setting" in told()["STUDYBOT_SEED_FILE"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"STUDYBOT_SEED=1\n=what is this\n", ".env:2", "write NAME=value"),
        ("STUDYBOT_ZONE=Asia/Tokyo\n学".encode("utf-16"), ".env", "save it as UTF-8"),
    ],
)
def test_a_broken_file_is_told(folder: Path, content: bytes, name: str, words: str) -> None:
    """A .env that is no text, or has a line that says nothing, is told with its place."""
    (folder / ".env").write_bytes(content)

    faults = told()

    assert words in faults[name]


def test_a_file_that_cannot_be_read_is_told(folder: Path) -> None:
    """A folder in the place of .env is a fault, no traceback."""
    (folder / ".env").mkdir()

    assert "cannot be read" in told()[".env"]


def test_a_mark_at_the_beginning_of_the_file_does_no_harm(folder: Path) -> None:
    """An editor's byte order mark does not hide the first setting."""
    (folder / ".env").write_text("STUDYBOT_SEED=5\n", encoding="utf-8-sig")

    assert settings(Settings).seed == 5


def test_settings_never_change() -> None:
    """What was read at start holds until the end."""
    found = settings(Settings)

    with pytest.raises(ValidationError, match="frozen"):
        setattr(found, "seed", 1)  # noqa: B010 - mypy forbids the plain assignment too


def test_the_example_is_true(folder: Path) -> None:
    """Every setting stands in .env.example, and what stands there, uncommented, is taken without a fault."""
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    written = [line.removeprefix("# ") for line in lines if line.startswith(f"# {PREFIX}")]
    here = "http://127.0.0.1:8081"  # the clock is for tests only, and its line is true beside such an address
    text = "\n".join(written).replace("https://api.telegram.org", here).replace("https://discord.com", here)
    (folder / ".env").write_text(text.replace("wss://gateway.discord.gg", "ws://127.0.0.1:8081"), encoding="utf-8")

    found = settings(Settings)

    assert {PREFIX + field.upper() for field in Settings.model_fields} == {line.partition("=")[0] for line in written}
    assert set(Settings.model_fields) == found.model_fields_set


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DISCORD_TOKEN", "123:ABC", "Developer Portal"),
        ("DISCORD_API_URL", "https://discord.com", "/api/v10"),
        ("DISCORD_API_URL", "ftp://discord.com/api/v10", "/api/v10"),
        ("DISCORD_GATEWAY_URL", "https://gateway.discord.gg", "wss://"),
    ],
)
def test_discords_addresses_and_token_are_checked(
    name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be one is told in words that say what to write, without the token."""
    monkeypatch.setenv(f"{PREFIX}{name}", value)

    assert words in told()[f"{PREFIX}{name}"]
    assert name != "DISCORD_TOKEN" or value not in told()[f"{PREFIX}{name}"]


def test_a_held_clock_needs_discord_at_home_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is refused while Discord's own address would be used."""
    monkeypatch.setenv(f"{PREFIX}DISCORD_TOKEN", "a.b.c")
    monkeypatch.setenv(f"{PREFIX}CLOCK", "unix:/nowhere")
    with pytest.raises(SettingsError, match="this machine's"):
        settings(Settings)
    monkeypatch.setenv(f"{PREFIX}DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv(f"{PREFIX}DISCORD_GATEWAY_URL", "ws://127.0.0.1:1/")

    assert settings(Settings).clock == "unix:/nowhere"
