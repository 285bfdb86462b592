"""The way out for every platform: straight, or through a proxy."""

from typing import cast

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError

CONNECTIONS = 64
REFUSED = (ProxyError, ProxyConnectionError, ProxyTimeoutError)  # an answer through one comes after these


def connector(proxy: str | None) -> aiohttp.BaseConnector:
    """A pool of connections; through a proxy (http:// or socks5://) where one is given."""
    if proxy is None:
        return aiohttp.TCPConnector(limit=CONNECTIONS, ttl_dns_cache=300)
    return cast("aiohttp.BaseConnector", ProxyConnector.from_url(proxy, limit=CONNECTIONS))
