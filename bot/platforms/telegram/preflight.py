"""Whether Telegram knows the bot, asked without listening: for who runs it."""

from telegram.error import InvalidToken, TelegramError

from bot.platforms.telegram.request import Request, bot

Finding = tuple[bool, str]  # whether it is well, and a sentence


async def preflight(token: str, api_url: str, proxy: str | None) -> Finding:
    """The bot's number and name; a token is never told."""
    way = Request(proxy)
    await way.initialize()
    try:
        me = await bot(token, api_url, way).get_me()
    except InvalidToken:
        return False, "Telegram does not know this token: take it from @BotFather again"
    except TelegramError as error:
        return False, f"Telegram is not reached: {type(error).__name__}"
    finally:
        await way.shutdown()
    return True, f"Telegram, bot {me.id} ({me.name}), by {api_url}"
