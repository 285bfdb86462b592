"""The real program with dice that keep every order, as the stories are written: ``python -m tests.life.straight``."""

import asyncio

from bot.__main__ import menu, started
from bot.app import serve
from bot.texts import language_of
from tests.fakes.dice import Straight

if __name__ == "__main__":
    asyncio.run(serve(started(), language_of, menu(), end=asyncio.Event(), dice=Straight(1)))
