"""Telegram: what is heard by long polling, and what is said through the Bot API."""
