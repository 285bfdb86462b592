"""Platforms that are written to: the inbox, the outbox, timers, the daily question, groups."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # as in 0001
TEXT = sa.Text()


def upgrade() -> None:
    rooms()
    reschedules()
    daily()
    groups()
    post()


def rooms() -> None:
    op.add_column("room", sa.Column("title", TEXT, nullable=False, server_default=""))
    op.add_column("room", sa.Column("gone_at", WHOLE, nullable=True))
    op.add_column("place", sa.Column("awaits", TEXT, nullable=False, server_default=""))
    op.add_column("room", sa.Column("version", WHOLE, nullable=False, server_default="1"))
    create(
        "message",
        ref("room_id", "room", key=True),
        text("slot", key=True),
        text("native"),
        whole("at"),
    )


def reschedules() -> None:
    op.add_column("reschedule", sa.Column("ended_at", WHOLE, nullable=True))
    op.add_column("reschedule", sa.Column("version", WHOLE, nullable=False, server_default="1"))


def daily() -> None:
    create(
        "daily",
        ref("learner_id", "learner", key=True),
        ref("room_id", "room"),
        text("hours"),
        text("rhythm"),
        whole("unanswered"),
        whole("offers"),
        flag("offering"),
        text("snoozed", null=True),
        whole("version"),
    )
    create(
        "push",
        ref("learner_id", "learner", key=True),
        text("day", key=True),
        whole("slot", key=True),
        ref("ask_id", "ask", null=True),
        ref("room_id", "room"),
        whole("at"),
    )


def groups() -> None:
    create(
        "course",
        ref("room_id", "room", key=True),
        ref("account_id", "account"),
        text("zone"),
        text("language"),
        text("script"),
        ref("set_id", "question_set", null=True),
        whole("hour", null=True),
        flag("sound"),
        flag("weekly"),
        whole("thin"),
        text("exam", null=True),
        whole("version"),
    )
    create(
        "board",
        ref("room_id", "room", key=True),
        text("day", key=True),
        ref("ask_id", "ask"),
        whole("reveal_at"),
        whole("shown"),
        flag("revealed"),
        whole("version"),
    )


def post() -> None:
    create(
        "inbox",
        text("id", key=True),
        text("platform"),
        text("account"),
        text("raw"),
        whole("at"),
        whole("failures"),
        text("said", null=True),
        text("state"),
    )
    create(
        "outbox",
        text("key", key=True),
        ref("room_id", "room"),
        text("reply"),
        text("reader"),
        whole("at"),
        text("lane"),
        whole("void_at", null=True),
        whole("attempts"),
        whole("unsure"),
        whole("turn"),
        whole("lease_until", null=True),
    )
    create("wake", text("key", key=True), whole("at"), whole("attempts"), whole("lease_until", null=True))
    op.create_index("outbox_at", "outbox", ["at"])
    op.create_index("wake_at", "wake", ["at"])
    op.create_index("board_ask", "board", ["ask_id"])


def create(name: str, *parts: sa.schema.SchemaItem) -> None:
    """A STRICT table whose rows lie in the order of the key."""
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def ref(name: str, to: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{to}.id")
    return sa.Column(name, WHOLE, target, primary_key=key, autoincrement=False, nullable=null)


def whole(name: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, primary_key=key, autoincrement=False, nullable=null)


def text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, TEXT, primary_key=key, nullable=null)


def flag(name: str) -> sa.Column[Any]:
    """False or true as 0 or 1, which both databases compare alike."""
    return sa.Column(name, WHOLE, sa.CheckConstraint(f"{name} IN (0, 1)"), nullable=False)
