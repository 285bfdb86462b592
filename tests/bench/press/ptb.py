"""python-telegram-bot as it comes: httpx, its updater, a handler that makes the two calls and nothing else."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, ContextTypes

from tests.bench.press.verdict import BUTTONS, WORDS

TOKEN = "1:bench"


async def ready(url: str, _database: Path) -> Coroutine[Any, Any, None]:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=data) for text, data in BUTTONS]])

    async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer()
        await query.edit_message_text(WORDS, reply_markup=keyboard)

    application = ApplicationBuilder().token(TOKEN).base_url(f"{url}/bot").concurrent_updates(256).build()
    application.add_handler(CallbackQueryHandler(pressed))
    await application.initialize()
    await application.start()
    assert application.updater is not None
    updater = application.updater

    async def run() -> None:
        await updater.start_polling()
        await asyncio.Event().wait()

    return run()
