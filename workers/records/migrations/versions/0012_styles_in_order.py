"""Scenes of a style, the newest first, without reading those of every other style."""

from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.create_index("ix_scenes_style_created", "scenes", ["team_id", "style", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_scenes_style_created", "scenes")
