"""Learners, questions, what was asked and answered, and what memory makes of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# STRICT tables know INTEGER, REAL and TEXT: the same types by PostgreSQL's names hold 64 bits there.
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # ids; instants, in microseconds since 1970 UTC
REAL: sa.Double[float] = sa.Double().with_variant(sa.REAL(), "sqlite")
TEXT = sa.Text()  # days as YYYY-MM-DD, JSON


def upgrade() -> None:
    people()
    questions()
    asking()
    answers()
    marks()
    indexes()


def people() -> None:
    create(
        "learner",
        key(),
        whole("created_at"),
        text("language"),
        text("script"),
        text("zone"),
        whole("goal"),
        real("retention"),
        text("day", null=True),
        text("off_days"),
        text("quiet"),
        text("exam", null=True),
        text("paused_until", null=True),
        text("pauses"),
        version(),
    )
    create(
        "account",
        key(),
        ref("learner_id", "learner"),
        text("platform"),
        text("native"),
        whole("created_at"),
        sa.UniqueConstraint("platform", "native", name="account_native"),
    )
    create(
        "room",
        key(),
        text("platform"),
        text("native"),
        whole("created_at"),
        sa.UniqueConstraint("platform", "native", name="room_native"),
    )


def questions() -> None:
    create(
        "question_set",
        key(),
        text("code"),
        text("title"),
        text("short_title"),
        text("language"),
        text("licence"),
        flag("partial"),
        text("digest"),
        whole("created_at"),
        version(),
        sa.UniqueConstraint("code", name="question_set_code"),
    )
    create(
        "question",
        key(),
        ref("set_id", "question_set"),
        whole("revision_id"),  # no foreign key: revision refers to question, and one of two must be written first
        text("kind"),
        text("ref"),
        text("section"),
        whole("number", null=True),
        whole("place"),
        whole("turn"),
        text("topics"),
        text("state"),
        text("doubts"),
        version(),
    )
    create(
        "revision",
        key(),
        ref("question_id", "question"),
        text("kind"),
        text("body", null=True),
        text("draft", null=True),
        text("explanation"),
        text("contrast"),
        text("reference"),
        text("digest"),
        whole("created_at"),
    )
    create(
        "enrolment",
        ref("learner_id", "learner", key=True),
        ref("set_id", "question_set", key=True),
        flag("active"),
        flag("departed"),
        whole("added_at"),
        version(),
        keyed=True,
    )
    create(
        "item_count",
        ref("revision_id", "revision", key=True),
        text("name", key=True),
        whole("n"),
        keyed=True,
    )


def asking() -> None:
    create(
        "ask",
        key(),
        ref("question_id", "question"),
        ref("revision_id", "revision"),
        text("shown"),
        ref("room_id", "room"),
        ref("learner_id", "learner", null=True),
        text("purpose"),
        whole("asked_at"),
    )
    create(
        "ask_state",
        ref("ask_id", "ask", key=True),
        ref("learner_id", "learner", key=True),
        text("state"),
        version(),
        keyed=True,
    )
    create(
        "place",
        ref("learner_id", "learner", key=True),
        ref("ask_id", "ask", null=True),
        text("round", null=True),
        text("reached"),
        version(),
    )


def answers() -> None:
    create(
        "answer",
        key(),
        ref("ask_id", "ask"),
        ref("question_id", "question"),
        ref("revision_id", "revision"),
        ref("account_id", "account"),
        whole("at"),
        text("day"),
        text("outcome"),
        real("score"),
        text("marked"),
        text("texts"),
        flag("hinted"),
        flag("guessed"),
        whole("rating"),
        whole("interval_days", null=True),
        whole("due_at", null=True),
        flag("counts"),
        whole("undone_by", null=True),  # no foreign key: undo refers to answer
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name="answer_rating"),
    )
    create(
        "reschedule",
        key(),
        ref("account_id", "account"),
        ref("question_id", "question"),
        whole("at"),
        text("due_day"),
        text("reason"),
    )
    create(
        "undo",
        key(),
        ref("account_id", "account"),
        ref("answer_id", "answer"),
        whole("at"),
        text("reason"),
        sa.UniqueConstraint("answer_id", name="undo_answer"),
    )
    create(
        "memory",
        ref("learner_id", "learner", key=True),
        ref("question_id", "question", key=True),
        ref("set_id", "question_set"),
        real("stability_days", null=True),
        real("difficulty", null=True),
        text("phase", null=True),
        whole("step", null=True),
        whole("lapses"),
        whole("answers"),
        text("last_day", null=True),
        text("due_day", null=True),
        whole("due_at", null=True),
        whole("missed", null=True),
        text("right_day", null=True),
        text("aside", null=True),
        version(),
        keyed=True,
    )


def marks() -> None:
    create(
        "mark",
        key(),
        ref("account_id", "account"),
        ref("question_id", "question"),
        text("name"),
        whole("at"),
        whole("ended_at", null=True),
        version(),
    )
    create(
        "report",
        key(),
        ref("account_id", "account"),
        ref("question_id", "question"),
        ref("revision_id", "revision"),
        text("reason"),
        whole("at"),
        whole("withdrawn_at", null=True),
        version(),
    )


def indexes() -> None:
    index("account_learner", "account", "learner_id")
    index("question_ref", "question", "set_id", "ref", where="ref <> ''", unique=True)
    index("question_turn", "question", "set_id", "turn")
    index("question_place", "question", "set_id", "place")
    index("question_section", "question", "set_id", "section", "place")
    index("revision_question", "revision", "question_id")
    index("ask_daily", "ask", "learner_id", "asked_at", where="purpose = 'daily'")
    index("answer_once", "answer", "ask_id", "account_id", where="undone_by IS NULL", unique=True)
    index("answer_day", "answer", "account_id", "day", "undone_by")
    index("answer_question", "answer", "account_id", "question_id")
    index("reschedule_question", "reschedule", "account_id", "question_id")
    index("mark_question", "mark", "account_id", "question_id")
    once = "ended_at IS NULL AND name <> 'restore'"
    index("mark_once", "mark", "account_id", "question_id", "name", where=once, unique=True)
    index("report_account", "report", "account_id")
    # What is due next stays one step down an index, however many memories there are.
    index("memory_due", "memory", "learner_id", "due_day", "set_id", where="aside IS NULL")
    index("memory_step", "memory", "learner_id", "due_at", where="aside IS NULL AND due_at IS NOT NULL")
    index("memory_missed", "memory", "learner_id", "missed", where="missed IS NOT NULL")


def create(name: str, *parts: sa.schema.SchemaItem, keyed: bool = False) -> None:
    """A STRICT table; ``keyed``: its rows lie in the order of the key (SQLite: WITHOUT ROWID)."""
    op.create_table(name, *parts, sqlite_strict=True, sqlite_with_rowid=not keyed)


def index(name: str, of: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    some = None if where is None else sa.text(where)
    op.create_index(name, of, list(columns), unique=unique, sqlite_where=some, postgresql_where=some)


def key() -> sa.Column[Any]:
    """An id: the program makes it."""
    return sa.Column("id", WHOLE, primary_key=True, autoincrement=False)


def ref(name: str, to: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    target = sa.ForeignKey(f"{to}.id")
    return sa.Column(name, WHOLE, target, primary_key=key, autoincrement=False, nullable=null)


def whole(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, WHOLE, nullable=null)


def real(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, REAL, nullable=null)


def text(name: str, *, key: bool = False, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, TEXT, primary_key=key, nullable=null)


def flag(name: str) -> sa.Column[Any]:
    """False or true as 0 or 1, which both databases compare alike."""
    return sa.Column(name, WHOLE, sa.CheckConstraint(f"{name} IN (0, 1)"), nullable=False)


def version() -> sa.Column[Any]:
    """The guard of a row that is read, changed and written back: 1 when it is new."""
    return whole("version")
