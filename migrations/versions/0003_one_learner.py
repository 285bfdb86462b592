"""One learner on every platform, and one message to many: whose a room is, codes that link, broadcasts, sendings."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # as in 0001
TEXT = sa.Text()

# A private chat has had its person's name up to now.
OWNED = """
UPDATE room SET account_id = (
  SELECT a.id FROM account a WHERE a.platform = room.platform AND a.native = room.native
) WHERE title = ''
"""


def upgrade() -> None:
    rooms()
    courses()
    codes()
    names()
    broadcasts()
    post()
    indexes()


def rooms() -> None:
    owner = sa.Column("account_id", WHOLE, sa.ForeignKey("account.id"), nullable=True)
    op.add_column("room", owner, inline_references=True)
    op.execute(OWNED)
    op.add_column("daily", sa.Column("fixed", WHOLE, nullable=False, server_default="0"))


def courses() -> None:
    """Who set a course up may be forgotten, and it goes on. SQLite makes the table anew, with all its columns."""
    strict = {"sqlite_strict": True, "sqlite_with_rowid": False}
    flags = tuple(
        sa.CheckConstraint(f"{name} IN (0, 1)") for name in ("sound", "weekly")
    )  # without a name: else left out
    with op.batch_alter_table("course", table_args=flags, table_kwargs=strict) as course:
        course.alter_column("account_id", existing_type=WHOLE, nullable=True)


def codes() -> None:
    create("link_code", ref("account_id", "account", key=True), text("digest"), whole("until"), whole("version"))
    create("wrong_code", whole("id", key=True), ref("account_id", "account", null=True), whole("at"))


def names() -> None:
    create(
        "board_name",
        ref("learner_id", "learner", key=True),
        whole("room_id", key=True),  # no foreign key: 0 is every room
        text("name"),
        sa.Column("hidden", WHOLE, sa.CheckConstraint("hidden IN (0, 1)"), nullable=False),
        whole("version"),
    )


def broadcasts() -> None:
    create(
        "broadcast",
        whole("id", key=True),
        ref("account_id", "account"),
        ref("room_id", "room"),
        text("reply"),
        text("reader"),
        whole("at"),
        text("state"),
        text("shown"),
        whole("version"),
    )
    create(
        "recipient",
        whole("broadcast_id", key=True),  # who started it may be forgotten: this row is another's
        ref("learner_id", "learner", key=True),
        whole("at"),
        text("fate"),
        whole("version"),
    )
    op.create_index("recipient_fate", "recipient", ["broadcast_id", "fate", "at"])
    op.create_index("recipient_learner", "recipient", ["learner_id", "at"])


def post() -> None:
    """Of a message of several pages, those that arrived."""
    op.add_column("outbox", sa.Column("sent", TEXT, nullable=False, server_default="[]"))
    op.create_index("inbox_at", "inbox", ["at"])
    op.create_index("message_slot", "message", ["slot"])
    leased = sa.text("lease_until IS NOT NULL")
    op.create_index("wake_lease", "wake", ["lease_until"], sqlite_where=leased, postgresql_where=leased)


def indexes() -> None:
    op.create_index("room_account", "room", ["account_id"])
    op.create_index("link_code_digest", "link_code", ["digest"])
    op.create_index("wrong_code_at", "wrong_code", ["at"])
    # Who is forgotten takes their asks along, and each is looked for in the tables that refer to it.
    op.create_index("answer_ask", "answer", ["ask_id"])
    op.create_index("push_ask", "push", ["ask_id"])


def create(name: str, *parts: sa.schema.SchemaItem) -> None:
    """A STRICT table whose rows lie in the order of the key."""
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=False)


def ref(name: str, to: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{to}.id")
    return sa.Column(name, WHOLE, target, primary_key=key, autoincrement=False, nullable=null)


def whole(name: str, *, key: bool = False) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, primary_key=key, autoincrement=False, nullable=False)


def text(name: str) -> sa.Column[Any]:
    return sa.Column(name, TEXT, nullable=False)
