"""The first tables: catalog, scenes, decisions, publications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0001"
down_revision: str | None = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "bulk_runs",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_runs")),
    )
    op.create_index(op.f("ix_bulk_runs_selection"), "bulk_runs", ["selection"], unique=False)
    op.create_table(
        "products",
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("width_cm", sa.Double(), nullable=False),
        sa.Column("depth_cm", sa.Double(), nullable=False),
        sa.Column("height_cm", sa.Double(), nullable=False),
        sa.Column("mount", sa.String(length=16), nullable=False),
        sa.Column("colour", sa.String(length=100), nullable=False),
        sa.Column("material", sa.String(length=200), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("yaw_deg", sa.Double(), nullable=True),
        sa.Column("elevation_deg", sa.Double(), nullable=True),
        sa.Column("focal_mm", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_products")),
    )
    op.create_index(op.f("ix_products_category"), "products", ["category"], unique=False)
    op.create_table(
        "photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("source_sha", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name=op.f("fk_photos_sku"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("sku", "position", name=op.f("uq_photos_sku_position")),
    )
    op.create_index(op.f("ix_photos_source_sha"), "photos", ["source_sha"], unique=False)
    op.create_table(
        "scenes",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.String(length=24), nullable=False),
        sa.Column("parent_id", sa.String(length=24), nullable=True),
        sa.Column("bulk_id", sa.String(length=24), nullable=True),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("style", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=True),
        sa.Column("engine", sa.String(length=32), nullable=False),
        sa.Column("quality", sa.String(length=16), nullable=False),
        sa.Column("request", JSON, nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("recipe", JSON, nullable=True),
        sa.Column("recipe_sha", sa.String(length=64), nullable=True),
        sa.Column("plan_sha", sa.String(length=64), nullable=True),
        sa.Column("seconds", JSON, nullable=False),
        sa.Column("picture", sa.String(length=80), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("error", JSON, nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_scenes_running_has_a_lease")
        ),
        sa.CheckConstraint(
            "(state IN ('approved', 'published')) = (approved_by IS NOT NULL)",
            name=op.f("ck_scenes_approved_by_someone"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'failed', 'cancelled') OR picture IS NOT NULL",
            name=op.f("ck_scenes_judged_has_a_picture"),
        ),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_runs.id"], name=op.f("fk_scenes_bulk_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["scenes.id"], name=op.f("fk_scenes_parent_id")),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name=op.f("fk_scenes_sku")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenes")),
        sa.UniqueConstraint("bulk_id", "sku", "style", name="uq_scenes_bulk"),
        sa.UniqueConstraint("id", "state", name="uq_scenes_id_state"),
    )
    op.create_index("ix_scenes_created", "scenes", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_scenes_group_id"), "scenes", ["group_id"], unique=False)
    op.create_index(op.f("ix_scenes_parent_id"), "scenes", ["parent_id"], unique=False)
    op.create_index("ix_scenes_sku_style", "scenes", ["sku", "style", "created_at", "id"], unique=False)
    op.create_index("ix_scenes_state_created", "scenes", ["state", "created_at", "id"], unique=False)
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["scene_id"], ["scenes.id"], name=op.f("fk_decisions_scene_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_scene_id"), "decisions", ["scene_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["scene_id"], ["scenes.id"], name=op.f("fk_events_scene_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("scene_id", "seq", name=op.f("pk_events")),
    )
    op.create_table(
        "publications",
        sa.Column("scene_id", sa.String(length=24), nullable=False),
        sa.Column("scene_state", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("scene_state = 'published'", name=op.f("ck_publications_only_published")),
        sa.ForeignKeyConstraint(
            ["scene_id", "scene_state"], ["scenes.id", "scenes.state"], name="fk_publications_scene"
        ),
        sa.PrimaryKeyConstraint("scene_id", name=op.f("pk_publications")),
    )


def downgrade() -> None:
    op.drop_table("publications")
    op.drop_table("events")
    op.drop_index(op.f("ix_decisions_scene_id"), table_name="decisions")
    op.drop_table("decisions")
    op.drop_index("ix_scenes_state_created", table_name="scenes")
    op.drop_index("ix_scenes_sku_style", table_name="scenes")
    op.drop_index(op.f("ix_scenes_parent_id"), table_name="scenes")
    op.drop_index(op.f("ix_scenes_group_id"), table_name="scenes")
    op.drop_index("ix_scenes_created", table_name="scenes")
    op.drop_table("scenes")
    op.drop_index(op.f("ix_photos_source_sha"), table_name="photos")
    op.drop_table("photos")
    op.drop_index(op.f("ix_products_category"), table_name="products")
    op.drop_table("products")
    op.drop_index(op.f("ix_bulk_runs_selection"), table_name="bulk_runs")
    op.drop_table("bulk_runs")
