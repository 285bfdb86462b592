"""The platform of each message on its way: what waits for one is no other's concern."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("platform", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE outbox SET platform = (SELECT r.platform FROM room r WHERE r.id = outbox.room_id)")
    op.drop_index("outbox_at", "outbox")
    op.create_index("outbox_platform_at", "outbox", ["platform", "at"])
