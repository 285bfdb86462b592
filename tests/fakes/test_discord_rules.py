"""What Discord refuses is refused by the fake, with the specification and without it."""

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.discord_bare import BUTTON, COMMAND, FORM, TEXT, Bare, Json, row
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_interactions import OPEN
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import Refused, numbered
from tests.fakes.discord_spec import Spec, specification

V2 = 1 << 15
INPUT: Json = FORM["components"][0]["component"]


def options(count: int, **more: object) -> list[Json]:
    return [{"label": f"{number}", "value": f"{number}"} | more for number in range(count)]


def select(count: int = 3, **more: object) -> Json:
    return {"type": 3, "custom_id": "s", "options": options(count)} | more


def second(*components: Json) -> Json:
    """A message of the second kind."""
    return {"content": None, "flags": V2, "components": list(components)}


BROKEN: list[tuple[Json, str]] = [
    ({"content": "x" * 2001}, "content: Must be 2000 or fewer in length."),
    ({"content": ""}, "Cannot send an empty message"),
    ({"components": [TEXT]}, 'components.0.type: Value of field "type" must be one of (1,).'),
    (
        {"components": [row(BUTTON | {"custom_id": str(n)}) for n in range(6)]},
        "components: Must be 5 or fewer in length.",
    ),
    ({"components": [row(*[BUTTON] * 6)]}, "0.components: Must be one select, or between 1 and 5 buttons."),
    (
        {"components": [row(BUTTON, select())]},
        "0.components: Must be one select, or between 1 and 5 buttons.",
    ),
    (
        {"components": [row(BUTTON, BUTTON)]},
        "components.1.custom_id: Component custom id cannot be duplicated",
    ),
    ({"components": [row(BUTTON | {"custom_id": "x" * 101})]}, "custom_id: Must be between 1 and 100 in length."),
    ({"components": [row(BUTTON | {"label": "x" * 81})]}, "label: Must be 80 or fewer in length."),
    ({"components": [row(BUTTON | {"label": ""})]}, "A button must have a label or emoji"),
    ({"components": [row(BUTTON | {"url": "https://example.org"})]}, "A custom id and url cannot both be specified"),
    ({"components": [row(select(26))]}, "options: Must be between 1 and 25 in length."),
    ({"components": [row(select(options=options(1) * 2))]}, "The specified option value is already used"),
    ({"components": [row(select(options=options(1, label="x" * 101)))]}, "label: Must be 100 or fewer in length."),
    ({"components": [row(select(options=options(1, description="x" * 101)))]}, "description: Must be 100 or fewer"),
    ({"components": [row(select(max_values=4))]}, "max_values: Must be between 1 and 3"),
    ({"components": [row(select(min_values=2))]}, "max_values: Must be between 2 and 3"),
    ({"embeds": [{"description": "x" * 4096}, {"description": "x" * 1905}]}, "Embed size exceeds maximum size of 6000"),
    (second(TEXT) | {"content": "x"}, "content: The 'content' field cannot be used"),
    (second(TEXT) | {"embeds": [{"title": "x"}]}, "embeds: The 'embeds' field cannot be used"),
    (second(*[TEXT] * 41), "components: The number of components cannot exceed 40"),
    (second(*[row(*[BUTTON] * 5)] * 6, *[TEXT] * 5), "components: The number of components cannot exceed 40"),
    (second(*[TEXT | {"content": "x" * 2001}] * 2), "Total size of displayable text exceeds maximum size of 4000"),
    (second(TEXT | {"content": ""}), "content: Must be between 1 and 4000 in length."),
    (second({"type": 9, "components": [TEXT] * 4, "accessory": BUTTON}), "A section has 1 to 3 texts and an accessory"),
    (
        second({"type": 17, "components": [{"type": 17, "components": [TEXT]}]}),
        "may not be in a container",
    ),
    (second(TEXT | {"id": 3}, TEXT | {"id": 3}), "Component id cannot be duplicated"),
]


@pytest.mark.parametrize(("told", "words"), BROKEN)
async def test_a_message_that_may_not_be_so(bare: Bare, room: Channel, told: Json, words: str) -> None:
    """It is refused by the rules alone; one with a place in the body is kept as a violation."""
    bare.server.spec = None
    status, said = await bare.call(f"POST /channels/{room.id}/messages", told)

    assert status == 400
    assert room.messages == {}
    assert words in (bare.server.violations or [said["message"]])[0]


@pytest.mark.parametrize(
    "told",
    [
        {"content": "x" * 2000},
        {"content": "x", "components": [row(*[BUTTON | {"custom_id": str(n)} for n in range(5)])] * 1},
        second(*[TEXT] * 40),
        second(TEXT | {"content": "x" * 4000}, row(select(25, max_values=25))),
        second({"type": 17, "components": [{"type": 9, "components": [TEXT], "accessory": BUTTON}, {"type": 14}]}),
    ],
)
async def test_a_message_that_just_fits(bare: Bare, room: Channel, told: Json) -> None:
    """It is taken, with the specification too, where that is there."""
    status, _ = await bare.call(f"POST /channels/{room.id}/messages", told)

    assert (status, bare.server.violations) == (200, [])


async def test_the_second_kind_stays(bare: Bare, room: Channel) -> None:
    """A message cannot go back to the first kind, but it can go over, if its words go."""
    sent = await bare.sent(room)
    address = f"PATCH /channels/{room.id}/messages/{sent.id}"
    both = await bare.code(address, {"flags": V2, "components": [TEXT]})
    over, _ = await bare.call(address, second(TEXT))
    back = await bare.code(address, {"flags": 0, "content": "x", "components": []})
    words = await bare.code(address, {"content": "x"})
    kept, _ = await bare.call(address, {"components": [TEXT | {"content": "二"}]})

    assert (both, over, back, words, kept) == (50035, 200, 50035, 50035, 200)


def test_components_are_numbered() -> None:
    """Each has a number in the answer, in their order; a number that was given stays."""
    (held, text) = numbered([row(BUTTON, select() | {"id": 1}), TEXT])

    assert [held["id"], *(one["id"] for one in held["components"]), text["id"]] == [2, 3, 1, 4]


def form(*parts: Json, **more: object) -> Json:
    return FORM | ({"components": list(parts)} if parts else {}) | more


def field(**more: object) -> Json:
    return {"type": 18, "label": "题", "component": INPUT} | more


FORMS: list[tuple[Json, str]] = [
    (form(title="x" * 46), "data.title: Must be between 1 and 45 in length."),
    (form(custom_id=""), "data.custom_id: Must be between 1 and 100 in length."),
    (form(*[field()] * 6), "data.components: Must be between 1 and 5 in length."),
    (form(field(), field()), "Component custom id cannot be duplicated"),
    (form(field(label="x" * 46)), "label: Must be between 1 and 45 in length."),
    (form(field(description="x" * 101)), "description: Must be 100 or fewer in length."),
    (form(field(component=BUTTON)), "component: This component may not be in a label"),
    (form(field(component=INPUT | {"max_length": 4001})), "max_length: Must be between 0 and 4000"),
    (form(field(component=INPUT | {"value": "x" * 3, "max_length": 2})), "value: Must be between 0 and 2 in length."),
    (form(field(component=INPUT | {"placeholder": "x" * 101})), "placeholder: Must be 100 or fewer in length."),
    (form(field(component=select(max_values=4))), "max_values: Must be between 1 and 3"),
    (form(field(component=select(11, type=22))), "options: Must be between 1 and 10 in length."),
    (form(field(component=select(2, type=22, max_values=3))), "max_values: Must be between 1 and 2"),
    (form(field(component=select(1, type=21))), "options: Must be between 2 and 10 in length."),
]


@pytest.mark.parametrize(("told", "words"), FORMS)
async def test_a_form_that_may_not_be_so(bare: Bare, mei: Person, told: Json, words: str) -> None:
    """It is refused, and opens before nobody."""
    bare.server.spec = None
    await bare.call("PUT /applications/4242/commands", [COMMAND])
    refused = await bare.answer(mei.uses("/study"), OPEN, told)

    assert (refused, mei.form) == (50035, None)
    assert words in bare.server.violations[0]


COMMANDS: list[tuple[list[Json], str]] = [
    ([COMMAND | {"name": "Study"}], "0.name: Command name is invalid"),
    ([COMMAND | {"name": "quiz x"}], "0.name: Command name is invalid"),
    ([COMMAND | {"name_localizations": {"zh-CN": "做 题"}}], "0.name: Command name is invalid"),
    ([COMMAND | {"name_localizations": {"zh-Hans": "做题"}}], "Unknown locale: ['zh-Hans']"),
    ([COMMAND | {"description": ""}], "0.description: Must be between 1 and 100 in length."),
    ([COMMAND | {"description_localizations": {"zh-CN": "x" * 101}}], "0.description: Must be between 1 and 100"),
    ([COMMAND | {"contexts": [3]}], "0.contexts: Must be some of 0 to 2."),
    ([COMMAND | {"integration_types": []}], "0.integration_types: Must be some of 0 to 1."),
    ([COMMAND, COMMAND], "Application command names must be unique"),
    (
        [COMMAND | {"name": f"x{number}"} for number in range(101)],
        "Maximum number of application commands reached",
    ),
    (
        [COMMAND | {"options": [*COMMAND["options"], COMMAND["options"][0] | {"name": "b", "required": True}]}],
        "Required options must be placed before non-required options",
    ),
]


@pytest.mark.parametrize(("told", "words"), COMMANDS)
async def test_commands_that_may_not_be_so(bare: Bare, told: list[Json], words: str) -> None:
    """They are refused, all of them."""
    bare.server.spec = None
    status, _ = await bare.call("PUT /applications/4242/commands", told)

    assert (status, bare.server.world.commands) == (400, [])
    assert words in bare.server.violations[0]


SPECIFIED: list[tuple[str, Any, str]] = [
    ("POST /channels/{channel_id}/messages", {"contnt": "x"}, "'contnt' was unexpected"),
    ("POST /channels/{channel_id}/messages", {"content": 7}, "content: 7 is not of type 'string', 'null'"),
    (
        "POST /channels/{channel_id}/messages",
        {"components": [row(BUTTON | {"label": "x" * 81})]},
        "components.0.components.0.label",
    ),
    ("PUT /applications/{application_id}/commands", [{"name": "x" * 33}], "0.name"),
    ("POST /interactions/{interaction_id}/{interaction_token}/callback", {"type": 77}, "type: 77 is not one of"),
    (
        "POST /interactions/{interaction_id}/{interaction_token}/callback",
        {"type": 9, "data": FORM | {"components": [{"type": 18, "label": "x" * 46, "component": INPUT}]}},
        "data.components.0.label",
    ),
    ("POST /users/@me/channels", {"recipient_id": "no"}, "recipient_id"),
    ("POST /channels/{channel_id}/messages/{message_id}/threads", {}, "'name' is a required property"),
]


@pytest.mark.parametrize(("route", "body", "words"), SPECIFIED)
def test_the_specification_is_held(discord_spec: Spec, route: str, body: Any, words: str) -> None:
    """Unknown and missing fields and wrong types are found, and where: a type tells which branch is meant."""
    with pytest.raises(Refused) as caught:
        discord_spec.check(route, body)

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("route", "body"),
    [
        (
            "PUT /applications/{application_id}/commands",
            [COMMAND | {"nsfw": False, "default_member_permissions": None}],
        ),
        ("POST /interactions/{interaction_id}/{interaction_token}/callback", {"type": 7, "data": {"components": []}}),
        ("POST /users/@me/channels", {"recipient_id": 1001}),
        ("GET /gateway/bot", {}),
    ],
)
def test_what_libraries_send_is_taken(discord_spec: Spec, route: str, body: Any) -> None:
    """Though the specification, taken at its word, would have none of it."""
    assert discord_spec.check(route, body) is None  # type: ignore[func-returns-value]  # it does not raise


def test_without_the_specification_the_rules_by_hand_hold(tmp_path: Path) -> None:
    """Where it is absent nothing is compared with it, and nothing fails for want of it."""
    assert specification(tmp_path / "absent.json") is None
