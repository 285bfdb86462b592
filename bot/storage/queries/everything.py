"""All rows that are about one learner, table by table."""

import sqlite3
from collections.abc import Mapping

from bot.domain.question import LearnerId
from bot.ports import broadcasts, daily, groups, people, place, post, rows
from bot.storage.learners import MINE, OWN_ASK, PRIVATE
from bot.storage.tables import columns, load, table

OF_LEARNER = "learner_id = :learner"
OF_ACCOUNT = f"account_id IN {MINE}"
OF_ROOM = f"room_id IN {PRIVATE}"
WHERE: Mapping[type, str] = {
    rows.Learner: "id = :learner",
    rows.Account: OF_LEARNER,
    rows.Room: OF_ACCOUNT,
    rows.Enrolment: OF_LEARNER,
    rows.Ask: OWN_ASK,
    rows.AskState: OF_LEARNER,
    rows.Answer: OF_ACCOUNT,
    rows.Reschedule: OF_ACCOUNT,
    rows.Undo: OF_ACCOUNT,
    rows.Mark: OF_ACCOUNT,
    rows.MemoryRow: OF_LEARNER,
    rows.Report: OF_ACCOUNT,
    place.Place: OF_LEARNER,
    daily.Daily: OF_LEARNER,
    daily.Push: OF_LEARNER,
    groups.Course: OF_ACCOUNT,
    people.BoardName: OF_LEARNER,
    broadcasts.Broadcast: OF_ACCOUNT,
    broadcasts.Recipient: OF_LEARNER,
    people.LinkCode: OF_ACCOUNT,
    people.WrongCode: OF_ACCOUNT,
    post.Message: OF_ROOM,
    post.Arrival: f"(platform, account) IN (SELECT platform, native FROM account WHERE {OF_LEARNER})",
    post.Outgoing: OF_ROOM,
    post.Wake: "key = :daily OR substr(key, 1, length(:snooze)) = :snooze",
}


def everything(db: sqlite3.Connection, learner: LearnerId) -> dict[str, tuple[object, ...]]:
    keys = {"learner": learner, "daily": f"daily:{learner}", "snooze": f"snooze:{learner}:"}
    found: dict[str, tuple[object, ...]] = {}
    for cls, where in WHERE.items():
        name = table(cls)
        given = db.execute(f"SELECT {columns(cls)} FROM {name} WHERE {where}", keys)
        found[name] = tuple(load(cls, row) for row in given)
    return found
