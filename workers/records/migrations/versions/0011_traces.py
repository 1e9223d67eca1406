"""The trace of the request that asked for a scene, so that its making belongs to it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    op.add_column("scenes", sa.Column("trace", sa.String(length=55), nullable=True))


def downgrade() -> None:
    op.drop_column("scenes", "trace")
