"""The official specification of Discord's API, and whether a body is as it says."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tests.fakes.discord_rules import Json, invalid

SPEC = Path(__file__).parents[2].parent / "shared" / "specs" / "discord-openapi.json"
# What discord.py sends and Discord takes, and the specification does not name.
UNNAMED = {
    "ApplicationCommandUpdateRequest": {"nsfw": {"type": ["boolean", "null"]}},
    "ApplicationCommandCreateRequest": {"nsfw": {"type": ["boolean", "null"]}},
    "IncomingWebhookUpdateRequestPartial": {"tts": {"type": ["boolean", "null"]}},
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": {"tts": {"type": ["boolean", "null"]}},
    "MessageEditRequestPartial": {"tts": {"type": ["boolean", "null"]}},
}


class Spec:
    """The specification, made strict: a field that it does not name is wrong, and a type chooses its branch."""

    def __init__(self, document: Json) -> None:
        self._paths = document["paths"]
        self._schemas = document["components"]["schemas"]
        self._schemas["SnowflakeType"]["type"] = ["string", "integer"]  # discord.py sends numbers, and they are taken
        for name, fields in UNNAMED.items():
            self._schemas[name]["properties"].update(fields)
        self._strict = {name: self._made(schema) for name, schema in self._schemas.items()}
        self._validator = lru_cache(maxsize=None)(self._compiled)

    def check(self, route: str, body: Any) -> None:
        """Refused where the body of a route ("POST /users/@me/channels") is not as specified."""
        validator = self._validator(route)
        fault = validator and best_match(validator.iter_errors(body))
        if fault:
            raise invalid(".".join(map(str, fault.absolute_path)), fault.message[:300])

    def _compiled(self, route: str) -> Draft202012Validator | None:
        method, _, path = route.partition(" ")
        forms = self._paths.get(path, {}).get(method.lower(), {}).get("requestBody", {}).get("content", {})
        if "application/json" not in forms:
            return None
        schema = self._made(forms["application/json"]["schema"])
        return Draft202012Validator(schema | {"components": {"schemas": self._strict}})

    def _made(self, schema: Any) -> Any:
        """The schema, strict, all the way down."""
        if isinstance(schema, list):
            return [self._made(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        made = {name: self._made(value) for name, value in schema.items() if name not in {"oneOf", "anyOf"}}
        if "properties" in schema:
            made.setdefault("additionalProperties", False)
        for union in {"oneOf", "anyOf"} & schema.keys():
            made |= self._union(union, schema[union])
        return made

    def _union(self, name: str, branches: list[Json]) -> Json:
        """Branches that a ``type`` tells apart become conditions, so that the fault found is that of the right one."""
        types = {index: self._types(branch) for index, branch in enumerate(branches)}
        told = [number for numbers in types.values() for number in numbers]
        objects = [branch for branch in branches if branch != {"type": "null"}]
        if sum(map(bool, types.values())) < len(objects) or len(objects) < 2 or len(set(told)) < len(told):
            return {name: self._made(branches)}
        cases = [_case(types[index], self._made(branch)) for index, branch in enumerate(branches) if types[index]]
        known = {"type": "object", "required": ["type"], "properties": {"type": {"enum": told}}}
        if len(objects) < len(branches):
            return {"if": {"not": {"type": "null"}}, "then": {"allOf": [known, *cases]}}
        return {"allOf": [known, *cases]}

    def _types(self, branch: Json) -> tuple[int, ...]:
        """The values of ``type`` that a branch is for."""
        name = branch.get("$ref", "").rpartition("/")[2]
        schema = self._schemas[name] if name else branch
        return tuple(schema.get("properties", {}).get("type", {}).get("enum", ()))


def _case(types: tuple[int, ...], branch: Json) -> Json:
    return {"if": {"required": ["type"], "properties": {"type": {"enum": list(types)}}}, "then": branch}


@cache
def specification(path: Path = SPEC) -> Spec | None:
    """The specification, None where it is absent."""
    return Spec(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None
