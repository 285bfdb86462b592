"""Since when a message may have arrived: of those that are on their way in an older database nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # as in 0001


def upgrade() -> None:
    op.add_column("outbox", sa.Column("unsure_at", WHOLE, nullable=True))
