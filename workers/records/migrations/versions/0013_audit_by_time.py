"""The log by its time: a day of it is read without those after it."""

from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"

LED_BY = {"team": (), "by": ("by",), "subject": ("subject",)}


def upgrade() -> None:
    for name, columns in LED_BY.items():
        op.create_index(f"ix_audit_{name}_at", "audit", ["team_id", *columns, "at", "id"])
    for name in LED_BY:  # the new ones serve whatever these did
        op.drop_index(f"ix_audit_{name}", "audit")


def downgrade() -> None:
    for name, columns in LED_BY.items():
        op.create_index(f"ix_audit_{name}", "audit", ["team_id", *columns, "id"])
    for name in LED_BY:
        op.drop_index(f"ix_audit_{name}_at", "audit")
