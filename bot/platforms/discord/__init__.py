"""Discord: what is heard through the gateway, and what is said through interactions and channels."""

import warnings

with warnings.catch_warnings():
    # For voice, which nobody hears here, the library loads a module that Python 3.13 has no more.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord as _library  # noqa: F401 - loaded once, without its warning
