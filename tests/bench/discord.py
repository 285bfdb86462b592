"""What a press costs on Discord, side by side: our program, and discord.py making the same call alone."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.answers import prepared
from tests.bench.beside import LEARNERS, Best, beside, timed
from tests.bench.figure import Figure
from tests.fakes.discord import Discord
from tests.fakes.discord_interactions import PRESS, Interaction
from tests.fakes.discord_people import Person
from tests.fakes.discord_rules import BUTTON, TEXT, V2, Json

SERVER = "tests.bench.canned_discord"
OTHERS = {  # by contender: the note, and what is aimed at beside it
    "discordpy": ("discord.py, an empty handler making the same call", "≤ 1.60"),
    "discordpy_bare": ("the same, one view made beforehand for all presses", "told"),
}


def told(presses: Sequence[Sequence[str]]) -> list[list[Json]]:
    """The learners' presses as the gateway tells of them: in private, on a question of four options."""
    server = Discord()
    people = [Person(server.world, number, name=str(number), locale="zh-CN") for number in range(len(presses))]
    return [[_press(one, action) for action in mine] for one, mine in zip(people, presses, strict=True)]


def _press(person: Person, action: str) -> Json:
    prefix = action.rpartition(":")[0]
    labels = {"A one": "0", "B two": "1", "C three": "2", "D four": "3", "不会": "x", "提示": "h"}
    buttons = [
        {"type": BUTTON, "style": 2, "label": label, "custom_id": f"{prefix}:{token}"}
        for label, token in labels.items()
    ]
    rows = ({"type": 1, "components": buttons[:4]}, {"type": 1, "components": buttons[4:]})
    message = person.dm.put(None, components=({"type": TEXT, "content": "【单选】Question?"}, *rows), flags=V2)
    data = {"custom_id": action, "component_type": BUTTON}
    return Interaction(person.world.snowflake(), PRESS, person, person.dm, person.world.now(), data, message).payload()


def figures(folder: Path, *, each: int, times: int = 3) -> list[Figure]:
    """CPU of one press, the best of ``times`` runs of each, and presses a second."""
    database, listed = folder / "press_discord.db", folder / "presses.json"
    presses = asyncio.run(prepared(database, LEARNERS, each, platform="discord"))
    listed.write_text(json.dumps(told([[one.words for one in mine] for mine in presses])), encoding="utf-8")
    best: Best = {}
    for _ in range(times):
        for name in ("ours_discord", *OTHERS):
            timed(name, listed, database, best, server=SERVER, python=sys.executable)
    return [
        figure
        for name, (note, aim) in OTHERS.items()
        for figure in beside(best, name, LEARNERS * each, ours="ours_discord", where="Discord", aim=aim, note=note)
    ]
