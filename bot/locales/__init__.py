"""The catalogues: zh_Hans and en by hand, zh_Hant made of zh_Hans and zh_Hant.toml by ``python -m bot.locales``."""
