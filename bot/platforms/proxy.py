"""The way out for every platform: straight, or through a proxy."""

from typing import cast

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError

CONNECTIONS = 64
# What a gateway in front of a platform answers that found nobody to hand the call on to: it has not arrived. By 504
# it says that it did hand it on and heard nothing in time: as with any call that nobody answered, it may have arrived.
NOT_HANDED_ON, NOT_ANSWERED = frozenset({502, 503}), 504
REFUSED = (ProxyError, ProxyConnectionError, ProxyTimeoutError)  # an answer through one comes after these


def connector(proxy: str | None) -> aiohttp.BaseConnector:
    """A pool of connections; through a proxy (http:// or socks5://) where one is given."""
    if proxy is None:
        return aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300)
    return cast("aiohttp.BaseConnector", ProxyConnector.from_url(proxy, limit=CONNECTIONS))
