"""aiogram as it comes: a handler that makes the two calls and nothing else."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.bench.press.verdict import BUTTONS, WORDS

TOKEN = "1:bench"


async def ready(url: str, _database: Path) -> Coroutine[Any, Any, None]:
    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=data) for text, data in BUTTONS]]
    )
    dispatcher = Dispatcher()

    async def pressed(query: CallbackQuery) -> None:
        await query.answer()
        assert isinstance(query.message, Message)
        await query.message.edit_text(WORDS, reply_markup=keyboard)

    dispatcher.callback_query.register(pressed)

    async def run() -> None:
        await dispatcher.start_polling(bot, handle_signals=False)

    return run()
