"""The real program on Telegram: what it says when it cannot connect, how it ends, what its log holds."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.telegram import TOKEN, Telegram
from tests.fakes.telegram_rules import Refused

ROOT = Path(__file__).parents[1]


def environment(folder: Path, server: Telegram, **more: str) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "PATH": os.defpath,
        "LANG": "en_GB.UTF-8",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "STUDYBOT_DATABASE_URL": f"sqlite:///{folder / 'study.db'}",
        "STUDYBOT_SEED": "7",
        "STUDYBOT_TELEGRAM_TOKEN": TOKEN,
        "STUDYBOT_TELEGRAM_API_URL": server.url,
    } | more


@asynccontextmanager
async def studybot(
    folder: Path, server: Telegram, *words: str, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program, running; killed at the end if it is still there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        cwd=folder, env=environment(folder, server, **more), stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str, str]:
    """Exit code, output and errors."""
    async with asyncio.timeout(30):
        said, faults = await process.communicate()
    return process.returncode, said.decode(), faults.decode()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_it_ends_when_it_is_told_to(tmp_path: Path, sign: signal.Signals) -> None:
    """Exit code 0, no traceback; what was begun was answered."""
    async with Telegram() as server, studybot(tmp_path, server, "run") as process:
        lin = server.person("lin")
        lin.says("/start")
        await server.until(lambda: [one for one in lin.chat.messages.values() if one.author is None], timeout=30)
        process.send_signal(sign)
        code, _, faults = await ended(process)

    assert (code, faults) == (0, "")


async def test_a_token_that_is_not_known_is_one_sentence(tmp_path: Path) -> None:
    """Exit code 78 and where to get another; the token itself is not shown."""
    wrong = "4242:WRONG"
    async with Telegram() as server, studybot(tmp_path, server, "run", STUDYBOT_TELEGRAM_TOKEN=wrong) as process:
        code, said, faults = await ended(process)

    assert (code, faults.count("\n")) == (78, 1)
    assert "BotFather" in faults
    assert wrong not in said + faults


async def test_it_waits_for_a_telegram_that_is_away(tmp_path: Path) -> None:
    """Refused at first and out of order, it connects when Telegram is back."""
    async with Telegram() as server:
        server.fail("getMe", Refused("Too Many Requests", code=429, retry_after=1))
        async with studybot(tmp_path, server, "run"):
            lin = server.person("lin")
            lin.says("/start")
            shown = await server.until(
                lambda: [one for one in lin.chat.messages.values() if not one.author], timeout=30
            )

    assert shown


async def test_a_webhook_of_before_is_taken_away(tmp_path: Path) -> None:
    """A token that another program was told its updates by: they come here from now on."""
    async with Telegram() as server:
        server.webhook = "https://example.org/hook"
        async with studybot(tmp_path, server, "run"):
            lin = server.person("lin")
            lin.says("/start")
            shown = await server.until(
                lambda: [one for one in lin.chat.messages.values() if not one.author], timeout=30
            )

    assert shown


async def test_the_log_holds_no_text_no_name_no_token(tmp_path: Path) -> None:
    """A whole conversation at level debug, with faults of the wire: a JSON object a line, nothing of anybody's."""
    async with Telegram() as server:
        lin = server.person("Linxiaoming", language_code="zh-hans")
        async with studybot(tmp_path, server, "run", STUDYBOT_LOG_LEVEL="debug") as process:
            lin.says("/start")
            await server.until(lambda: [one for one in lin.chat.messages.values() if not one.author], timeout=30)
            server.fail("sendMessage", Refused("Bad Gateway", code=502), html=True)
            server.fail("getUpdates", Refused("Bad Gateway", code=502), html=True)
            server.junk({"message": {"text": "Geheimnis", "chat": {"id": 1, "type": "private"}, "from": {"id": "?"}}})
            lin.says("Geheimnis")
            lin.says("/study Geheimnis")
            lin.chat.put(None, rows=(({"text": "forged", "callback_data": "a:Geheimnis:0"},),))
            lin.presses("forged")
            lin.says("/start set_Geheimnis")
            await server.until(lambda: not server.world.updates and server.faults == [], timeout=30)
            await asyncio.sleep(1.5)
            process.terminate()
            code, _, faults = await ended(process)
    lines = (tmp_path / "studybot.log").read_text(encoding="utf-8").splitlines()
    log = "\n".join(lines)

    assert (code, faults) == (0, "")
    assert {type(json.loads(line)) for line in lines} == {dict}
    assert "arrival failed" in log
    for secret in ("Geheimnis", "Linxiaoming", TOKEN, TOKEN.partition(":")[2]):
        assert secret not in log


async def test_the_doctor_names_the_platform_and_tries_the_proxy(tmp_path: Path) -> None:
    """The bot's number, never the token; one that nobody knows and a proxy that nobody is behind are faults."""
    wrong = "4242:WRONG"
    async with Telegram() as server:
        async with studybot(tmp_path, server, "doctor") as process:
            well = await ended(process)
        async with studybot(tmp_path, server, "doctor", STUDYBOT_PROXY="socks5://me:hunter2@127.0.0.1:9") as process:
            ill = await ended(process)
        async with studybot(tmp_path, server, "doctor", STUDYBOT_TELEGRAM_TOKEN=wrong) as process:
            lost = await ended(process)

    assert (well[0], ill[0], lost[0]) == (0, 1, 1)
    assert "✓ platforms: Telegram, bot 4242 (@study_test_bot)" in well[1]
    assert "✗ platforms: Telegram is not reached: NetworkError\n" in ill[1]
    assert "✗ proxy:" in ill[1]
    assert "✗ platforms: Telegram does not know this token" in lost[1]
    assert [secret for secret in ("hunter2", TOKEN, wrong) if secret in well[1] + ill[1] + lost[1]] == []
