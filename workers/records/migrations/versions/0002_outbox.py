"""The outbox, through which effects leave the house, and the one process of many that leads."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_table(
        "leaders",
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_leaders")),
    )
    op.create_table(
        "outbox",
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["scene_id", "seq"], ["events.scene_id", "events.seq"], name="fk_outbox_event", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("scene_id", "seq", "effect", name=op.f("pk_outbox")),
    )
    unsent = sa.text("sent_at IS NULL")
    op.create_index("ix_outbox_unsent", "outbox", ["send_after"], sqlite_where=unsent, postgresql_where=unsent)
    # Nothing follows the event that published a scene, so it is the last one.
    op.execute(
        "INSERT INTO outbox (scene_id, seq, effect, at, send_after, tries)"
        " SELECT p.scene_id, s.events, 'publish', p.at, p.send_after, p.tries"
        " FROM publications p JOIN scenes s ON s.id = p.scene_id WHERE p.written_at IS NULL"
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_unsent", "outbox")
    op.drop_table("outbox")
    op.drop_table("leaders")
