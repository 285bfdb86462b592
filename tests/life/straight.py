"""The real program with dice that keep every order, as the stories are written: ``python -m tests.life.straight``."""

import asyncio

from bot.__main__ import greeting, menu, started
from bot.app import serve
from tests.fakes.dice import Straight

if __name__ == "__main__":
    chosen = started()
    asyncio.run(serve(chosen, greeting(chosen), menu(), end=asyncio.Event(), dice=Straight(1)))
