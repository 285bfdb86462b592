"""Requests to Discord's API read, and answers to them written."""

import json
import re
from typing import Any

from aiohttp import web

from tests.fakes.discord_chats import World
from tests.fakes.discord_messages import File
from tests.fakes.discord_routes import ROUTES
from tests.fakes.discord_rules import Json, Refused, invalid

MALFORMED = Refused("The request body contains invalid JSON.", 50109)
ALT_CHARS = 1024  # of a file's description
TOO_LARGE = Refused("Request entity too large", 40005, status=413)

_PATTERNS = [
    (route.partition(" ")[0], re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.partition(" ")[2])), route)
    for route in sorted(ROUTES, key=lambda route: route.count("{"))
]


def route(method: str, path: str) -> tuple[str, dict[str, str]]:
    """The route of an address, as the specification writes it, and what stands in its places."""
    for known, pattern, name in _PATTERNS:
        found = pattern.fullmatch(path)
        if found and method == known:
            return name, found.groupdict()
    return f"{method} {path}", {}


async def body(request: web.Request, world: World) -> tuple[Any, list[File]]:
    """The body of a call and the files with it; Refused where it cannot be read."""
    if not request.can_read_body:
        return {}, []
    try:
        if request.content_type != "multipart/form-data":
            return await request.json(), []
        form = await request.post()
        told = json.loads(str(form["payload_json"]))
    except web.HTTPRequestEntityTooLarge:
        raise TOO_LARGE from None
    except (ValueError, KeyError):
        raise MALFORMED from None
    uploads = [value for value in form.values() if isinstance(value, web.FileField)]
    return told, [_file(one, told.get("data") or told, world=world) for one in uploads]


def _file(upload: web.FileField, told: Json, *, world: World) -> File:
    """A file under its number in the body, with what is said of it there."""
    number = re.sub(r"\D", "", upload.name)
    about = {str(one["id"]): one.get("description") or "" for one in told.get("attachments") or ()}
    words = about.get(number, "")
    if len(words) > ALT_CHARS:
        raise invalid(f"attachments.{number}.description", f"Must be {ALT_CHARS} or fewer in length.")
    return File(world.snowflake(), upload.filename, upload.file.read(), words)


def answer(told: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON under exactly the name that discord.py takes for it: no charset."""
    if status == 204:
        return web.Response(status=status, headers=headers)
    encoded = json.dumps(told, ensure_ascii=False).encode()
    return web.Response(body=encoded, status=status, content_type="application/json", headers=headers)


def refusal(refused: Refused) -> web.Response:
    """A refusal; a 429 without Via would be taken for one of the proxy's."""
    headers = {}
    if refused.retry_after is not None:
        headers = {"Retry-After": str(refused.retry_after), "Via": "1.1 google", "X-RateLimit-Scope": refused.scope}
        headers |= {"X-RateLimit-Global": "true"} if refused.scope == "global" else {}
    return answer(refused.payload(), status=refused.status, headers=headers)


def page(refused: Refused) -> web.Response:
    """A refusal of the proxy before Discord: no JSON."""
    return web.Response(status=refused.status, text=f"<html><h1>{refused}</h1></html>", content_type="text/html")
