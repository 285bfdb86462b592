"""What is owed to one person is found at once, however much another has sent."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("inbox_account", "inbox", ["account", "at"])
