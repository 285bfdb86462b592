"""Where a question was shown last: in the learner's own room, or in a shared one that they alone hear it in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("place", sa.Column("here", sa.Text(), nullable=False, server_default=""))
