"""What previews are laid of, asked for and made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0006"
down_revision: str | None = "0005"

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "preparations",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("sprite_id", sa.String(length=64), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("request", JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("sprite", sa.String(length=80), nullable=True),
        sa.Column("backdrop", sa.String(length=80), nullable=True),
        sa.Column("angle", sa.Integer(), nullable=True),
        sa.Column("places", JSON, nullable=False),
        sa.Column("error", JSON, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_preparations_running_has_a_lease")
        ),
        sa.CheckConstraint(
            "state != 'ready' OR (sprite IS NOT NULL AND backdrop IS NOT NULL)",
            name=op.f("ck_preparations_ready_is_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preparations")),
    )
    op.create_index(op.f("ix_preparations_sprite_id"), "preparations", ["sprite_id"])
    op.create_index("ix_preparations_state_created", "preparations", ["state", "created_at"])


def downgrade() -> None:
    op.drop_table("preparations")
