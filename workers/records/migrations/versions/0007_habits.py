"""How a product's studio shoots its kind."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0007"
down_revision: str | None = "0006"

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    # Nullable and without a default: no row is rewritten.
    op.add_column("products", sa.Column("habit", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("products", "habit")
