"""Interactions on the fake Discord are answered by Discord's rules, and by no others."""

from datetime import timedelta

import pytest

from tests.fakes.clock import Frozen
from tests.fakes.discord import Discord
from tests.fakes.discord_bare import BUTTON, COMMAND, FORM, TEXT, Bare, Json, row
from tests.fakes.discord_channels import Channel
from tests.fakes.discord_interactions import DEFER, KEEP, OPEN, SAY, UPDATE, Interaction
from tests.fakes.discord_people import Person

V2, EPHEMERAL = 1 << 15, 1 << 6


@pytest.fixture
async def used(bare: Bare, mei: Person, room: Channel) -> Interaction:
    """A command that mei used in the channel."""
    await bare.call("PUT /applications/4242/commands", [COMMAND])
    return mei.uses("/study", channel=room)


@pytest.fixture
async def pressed(bare: Bare, mei: Person, room: Channel) -> Interaction:
    """A button that mei pressed in the channel."""
    await bare.sent(room, components=[row(BUTTON)])
    asked = mei.presses("A", channel=room)
    assert asked
    return asked


def hook(asked: Interaction, rest: str = "") -> str:
    return f"/webhooks/4242/{asked.token}{rest}"


def values(sent: Interaction) -> list[object]:
    """What each field of a form was filled with."""
    parts = sent.told["data"]["components"]
    fields = [part.get("component") or part["components"][0] for part in parts if part["type"] != TEXT["type"]]
    return [field["values"] if "values" in field else field["value"] for field in fields]


async def test_the_first_answer_is_due_in_three_seconds(bare: Bare, used: Interaction, clock: Frozen) -> None:
    """Later there is no such interaction any more, and the person has read that nobody answered."""
    clock.pass_by(timedelta(seconds=3, milliseconds=1))
    late = await bare.answer(used, SAY, {"content": "!"})

    assert (late, used.failed()) == (10062, True)


async def test_there_is_one_first_answer(bare: Bare, used: Interaction, room: Channel, mei: Person) -> None:
    """A second one is refused, whatever it is; so is an answer to nothing."""
    codes = [await bare.answer(used, sort, {"content": "!"}) for sort in (SAY, SAY)]
    status, told = await bare.call("POST /interactions/1/none/callback", {"type": SAY, "data": {"content": "!"}})

    assert (codes, status, told["code"]) == ([0, 40060], 404, 10062)
    assert len(room.seen(mei)) == 1


async def test_the_token_opens_for_fifteen_minutes(bare: Bare, used: Interaction, clock: Frozen) -> None:
    """Not before the first answer, and not after."""
    early = await bare.code(f"POST {hook(used)}", {"content": "!"})
    await bare.answer(used, SAY, {"content": "!"})
    clock.pass_by(timedelta(minutes=15))
    status, _ = await bare.call(f"POST {hook(used)}", {"content": "!"})
    clock.pass_by(timedelta(seconds=1))
    late = [await bare.call(f"POST {hook(used)}", {"content": "!"}) for _ in range(2)]

    assert (early, status, late[0][0], late[0][1]["code"]) == (10015, 200, 401, 50027)
    assert await bare.code(f"PATCH {hook(used, '/messages/@original')}", {"content": "!"}) == 50027


async def test_a_deferred_answer_says_nothing_else(bare: Bare, used: Interaction) -> None:
    """Only that it will be ephemeral; the second kind of components comes with the edit."""
    assert await bare.answer(used, DEFER, {"flags": V2 | EPHEMERAL}) == 50035
    assert await bare.answer(used, DEFER, {"content": "!"}) == 50035
    assert await bare.answer(used, DEFER, {"flags": EPHEMERAL}) == 0


async def test_what_was_deferred_is_told_later(bare: Bare, used: Interaction, room: Channel, mei: Person) -> None:
    """In the same message, which stays as private as it was; the first that follows takes its place."""
    await bare.answer(used, DEFER, {"flags": EPHEMERAL})
    (thinking,) = room.seen(mei)
    await bare.call(f"PATCH {hook(used, '/messages/@original')}", {"components": [TEXT], "flags": V2})
    (seen,) = room.seen(mei)
    again = mei.uses("/study", channel=room)
    await bare.answer(again, DEFER)
    await bare.call(f"POST {hook(again)}", {"content": "二", "flags": EPHEMERAL})

    assert (thinking.thinking, thinking.private) == (True, True)
    assert (seen.text, seen.thinking, seen.private) == ("题", False, True)
    assert [(one.text, one.private) for one in room.seen(mei)] == [("题", True), ("二", False)]


async def test_a_command_has_no_message_to_change(bare: Bare, used: Interaction) -> None:
    """Only a press has one; and nobody opens what is no answer."""
    codes = [await bare.answer(used, sort) for sort in (KEEP, UPDATE, 8, 77)]

    assert codes == [50035, 50035, 50035, 50035]


async def test_a_form_comes_first_and_not_after_a_form(bare: Bare, pressed: Interaction, mei: Person) -> None:
    """Nothing may be deferred before it, and a form that was sent opens none."""
    await bare.answer(pressed, OPEN, FORM)
    sent = mei.fills({"第 1 空": "FP32"})
    nested = await bare.answer(sent, OPEN, FORM)
    updated = await bare.answer(sent, UPDATE, {"content": "好", "components": []})
    later = await bare.answer(pressed, OPEN, FORM)

    assert (nested, updated, later) == (50035, 0, 40060)
    assert [one.partition(": ")[2] for one in bare.server.violations] == [
        "Invalid Form Body: type: Value must be one of [4, 5, 6, 7]."
    ]


async def test_a_form_of_a_command_changes_no_message(bare: Bare, used: Interaction, mei: Person) -> None:
    """There is none that it came from; a form can be closed, and then it cannot be sent."""
    await bare.answer(used, OPEN, FORM)
    sent = mei.fills({"第 1 空": "FP32"})

    assert await bare.answer(sent, UPDATE, {"content": "!"}) == 50035
    with pytest.raises(LookupError, match="no form lies open before mei"):
        mei.fills()


async def test_a_person_fills_in_what_they_can(bare: Bare, pressed: Interaction, mei: Person) -> None:
    """What is needed, no more than fits, and fields that are there."""
    await bare.answer(pressed, OPEN, FORM)
    with pytest.raises(LookupError, match="1 to 4000 characters can be typed"):
        mei.fills()
    with pytest.raises(LookupError, match="no fields"):
        mei.fills({"第 2 空": "FP16"})
    mei.dismisses()
    with pytest.raises(LookupError, match="no form lies open"):
        mei.fills({"第 1 空": "FP32"})


async def test_a_form_may_have_every_sort_of_field(bare: Bare, pressed: Interaction, mei: Person) -> None:
    """What is typed, chosen and ticked is sent as each sort is; what need not be filled in may be left."""
    options = [{"label": label, "value": label.lower()} for label in "PQ"]
    fields: dict[str, Json] = {
        "文": {"type": 4, "style": 2, "value": "早"},
        "选": {"type": 3, "options": options},
        "一": {"type": 21, "options": options, "required": False},
        "多": {"type": 22, "options": options, "required": False},
        "勾": {"type": 23},
    }
    labels = [{"type": 18, "label": name, "component": one | {"custom_id": name}} for name, one in fields.items()]
    await bare.answer(pressed, OPEN, FORM | {"components": labels})
    left = mei.fills({"选": "Q", "勾": True})
    again = mei.presses("A", channel=pressed.channel)
    assert again
    old = {"type": 1, "components": [{"type": 4, "custom_id": "0", "style": 1, "label": "第 1 空"}]}
    await bare.answer(again, OPEN, FORM | {"components": [TEXT, *labels[2:4], old]})
    filled = mei.fills({"第 1 空": "x", "一": "P", "多": ["P", "Q"]})

    assert values(left) == ["早", ["q"], None, [], True]
    assert values(filled) == ["p", ["p", "q"], "x"]
    assert filled.told["data"]["components"][0] == {"type": 10, "id": 1}
    assert bare.server.violations == []


async def test_a_message_that_is_gone_is_not_changed(bare: Bare, pressed: Interaction, room: Channel) -> None:
    """A press on it was told all the same."""
    assert pressed.message
    await bare.call(f"DELETE /channels/{room.id}/messages/{pressed.message.id}")

    assert await bare.answer(pressed, UPDATE, {"content": "!"}) == 10008


@pytest.mark.parametrize(("sort", "number"), [(SAY, 1), (KEEP, 0), (UPDATE, 0)])
async def test_the_token_opens_its_messages(
    bare: Bare, pressed: Interaction, room: Channel, sort: int, number: int
) -> None:
    """The first answer, the pressed message if that was changed, what followed; nothing else of the channel."""
    other = await bare.sent(room)
    await bare.answer(pressed, sort, None if sort == KEEP else {"content": "一"})
    _, followed = await bare.call(f"POST {hook(pressed)}", {"content": "二"})
    _, original = await bare.call(f"GET {hook(pressed, '/messages/@original')}")
    changed, _ = await bare.call(f"PATCH {hook(pressed, '/messages/' + followed['id'])}", {"content": "三"})
    gone, _ = await bare.call(f"DELETE {hook(pressed, '/messages/@original')}")
    codes = [await bare.code(f"GET {hook(pressed, f'/messages/{one}')}") for one in (other.id, "@original")]

    assert (changed, gone, codes) == (200, 204, [10008, 10008])
    assert int(original["id"]) == sorted(set(room.messages) - {other.id, int(followed["id"])})[number]


async def test_outside_five_may_follow(bare: Bare, mei: Person) -> None:
    """Where the application is only because the person has it; in direct messages there is no such limit."""
    mei.installs()
    await bare.call("PUT /applications/4242/commands", [COMMAND])
    elsewhere = bare.server.guild("别处", owner=mei, channels=["闲聊"]).channels[0]
    assert elsewhere.guild
    elsewhere.guild.removes_bot()
    aside = bare.server.aside(mei, bare.server.person("wei"))
    codes: list[list[int]] = []
    for where in (elsewhere, aside, mei.dm):
        asked = mei.uses("/study", channel=where)
        await bare.answer(asked, SAY, {"content": "!"})
        codes.append([(await bare.call(f"POST {hook(asked)}", {"content": "!"}))[1].get("code", 0) for _ in range(6)])

    assert codes == [[0] * 5 + [40094], [0] * 5 + [40094], [0] * 6]
    assert [asked.told["context"] for asked in bare.server.world.interactions.values()] == [0, 2, 1]
    assert await bare.code(f"POST /channels/{elsewhere.id}/messages", {"content": "!"}) == 50001


async def test_who_asked_is_told(bare: Bare, used: Interaction, mei: Person, room: Channel) -> None:
    """All that a library may look at, and who had the application installed."""
    told = used.told

    assert room.guild
    assert (told["context"], told["locale"], told["guild_locale"]) == (0, "zh-CN", "en-US")
    assert told["authorizing_integration_owners"] == {"0": str(room.guild.id)}
    assert told["member"]["user"]["id"] == str(mei.id)
    assert int(told["member"]["permissions"]) & 1 << 5
    assert told["data"] | {"id": ""} == {"id": "", "name": "study", "type": 1}
    assert bare.server.world.commands[0]["id"] == told["data"]["id"]


async def test_the_poisonous_acts(bare: Bare, pressed: Interaction, room: Channel) -> None:
    """A forged id, a message of somebody else's, the same once more, a form that nobody opened: all are told."""
    wei = bare.server.person("wei")
    await bare.answer(pressed, SAY, {"content": "!", "flags": EPHEMERAL, "components": [row(BUTTON)]})
    private = room.messages[pressed.original]
    forged = wei.forges("a:1:99", private)
    pressed.again()
    form = wei.forges_form("f:9", [], channel=room)

    assert (forged.told["data"]["custom_id"], forged.told["message"]["id"]) == ("a:1:99", str(private.id))
    assert await bare.answer(pressed, SAY, {"content": "!"}) == 40060
    assert await bare.answer(form, SAY, {"content": "!"}) == 0


@pytest.mark.parametrize("button", [{"disabled": True}, {"label": "B"}])
async def test_a_person_presses_what_they_see(bare: Bare, mei: Person, room: Channel, button: Json) -> None:
    """Not what is greyed out, nor what is not there, nor what is shown to another."""
    await bare.sent(room, components=[row(BUTTON | button)])

    with pytest.raises(LookupError, match="before mei"):
        mei.presses("A", channel=room)
    with pytest.raises(LookupError, match="wei does not see"):
        bare.server.person("wei").presses("A", channel=room)


async def test_a_link_opens_and_no_more(discord_server: Discord, bare: Bare, mei: Person, room: Channel) -> None:
    """The bot is told of nothing."""
    link = {"type": 2, "style": 5, "label": "看", "url": "https://example.org"}
    await bare.sent(room, components=[row(link)])

    assert mei.presses("看", channel=room) is None
    assert (mei.opened, discord_server.world.interactions) == (["https://example.org"], {})
