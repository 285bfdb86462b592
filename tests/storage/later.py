"""Migrations that are not written yet."""

from pathlib import Path

LATER = '''
"""A later migration, made up by a test."""
import sqlalchemy as sa
from alembic import op
revision = "{number}"
down_revision = "{before}"
def upgrade():
    op.add_column("room", sa.Column("title_{number}", sa.Text(), nullable=True))
    {more}
'''


def add(folder: Path, number: str, before: str, more: str = "") -> None:
    """Adds a migration that gives the rooms a column, and does ``more``."""
    folder.joinpath("versions", f"{number}_later.py").write_text(LATER.format(number=number, before=before, more=more))
