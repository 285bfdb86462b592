"""Whether a group's question was counted among its thin days: its answer may be told twice, its day counts once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # as in 0001


def upgrade() -> None:
    op.add_column("board", sa.Column("counted", WHOLE, nullable=False, server_default="0"))
    op.execute("UPDATE board SET counted = revealed")
