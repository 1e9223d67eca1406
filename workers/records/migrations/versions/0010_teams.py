"""Teams: whatever there was belongs to the first one."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"

MOMENT = sa.DateTime(timezone=True)
HOUSE = "house"

PLAIN = ("audit", "preparations")
NAMED = ("api_keys", "webhooks", "people")
"""Tables whose team is only a word, and those whose team must exist."""

CHECKS = {
    "running_has_a_lease": "(state = 'running') = (lease_until IS NOT NULL)",
    "approved_by_someone": "(state IN ('approved', 'published')) = (approved_by IS NOT NULL)",
    "judged_has_a_picture": "state IN ('queued', 'running', 'failed', 'cancelled') OR picture IS NOT NULL",
}
"""Of scenes: SQLite makes the table anew, and Alembic does not read them from the old one."""


def _team() -> sa.Column[str]:
    # With a default: workers and doors of the version before go on adding rows while this one takes over.
    return sa.Column("team_id", sa.String(length=40), server_default=HOUSE, nullable=False)


def _of_scenes() -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(words, name=op.f(f"ck_scenes_{name}")) for name, words in CHECKS.items()]


def upgrade() -> None:
    _check_that_nothing_is_dragged_along()
    dangling = _dangling()
    teams = op.create_table(
        "teams",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("photo_bytes", sa.BigInteger(), nullable=True),
        sa.Column("scenes_a_day", sa.Integer(), nullable=True),
        sa.Column("scenes_queued", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.execute(sa.insert(teams).values(id=HOUSE, name="House", created_at=sa.func.current_timestamp()))
    if not _is_sqlite():
        op.drop_constraint("fk_photos_sku", "photos", type_="foreignkey")
        op.drop_constraint("fk_scenes_sku", "scenes", type_="foreignkey")
    _products()
    _photos()
    _scenes()
    for table in PLAIN:
        op.add_column(table, _team())
    for table in NAMED:
        with op.batch_alter_table(table) as batch:
            batch.add_column(_team())
            batch.create_foreign_key(op.f(f"fk_{table}_team_id"), "teams", ["team_id"], ["id"])
    op.add_column("bulk_runs", _team())
    op.drop_index("ix_bulk_runs_selection", "bulk_runs")
    op.create_index(op.f("ix_bulk_runs_team_id_selection"), "bulk_runs", ["team_id", "selection"])
    with op.batch_alter_table("sessions") as batch:
        batch.add_column(sa.Column("team_id", sa.String(length=40), nullable=True))
        batch.create_foreign_key(op.f("fk_sessions_team_id"), "teams", ["team_id"], ["id"])
    op.create_index("ix_audit_team", "audit", ["team_id", "id"])
    for name in ("subject", "by"):
        op.drop_index(f"ix_audit_{name}", "audit")
        op.create_index(f"ix_audit_{name}", "audit", ["team_id", name, "id"])
    _check_references(dangling)


def _products() -> None:
    op.drop_index("ix_products_category", "products")
    with op.batch_alter_table("products") as batch:
        batch.add_column(_team())
        batch.drop_constraint("pk_products", type_="primary")
        batch.create_primary_key(op.f("pk_products"), ["team_id", "sku"])
        batch.create_foreign_key(op.f("fk_products_team_id"), "teams", ["team_id"], ["id"])
    op.create_index(op.f("ix_products_team_id_category"), "products", ["team_id", "category"])


def _photos() -> None:
    op.drop_index("ix_photos_source_sha", "photos")
    with op.batch_alter_table("photos") as batch:
        batch.add_column(_team())
        batch.add_column(sa.Column("bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
        if _is_sqlite():
            batch.drop_constraint("fk_photos_sku", type_="foreignkey")
        batch.drop_constraint("uq_photos_sku_position", type_="unique")
        batch.create_unique_constraint(op.f("uq_photos_team_id_sku_position"), ["team_id", "sku", "position"])
        batch.create_foreign_key(
            op.f("fk_photos_team_id_sku"), "products", ["team_id", "sku"], ["team_id", "sku"], ondelete="CASCADE"
        )
    op.create_index(op.f("ix_photos_team_id_source_sha"), "photos", ["team_id", "source_sha"])


def _scenes() -> None:
    for name in ("created", "sku_style"):
        op.drop_index(f"ix_scenes_{name}", "scenes")
    with op.batch_alter_table("scenes", table_args=tuple(_of_scenes())) as batch:
        batch.add_column(_team())
        if _is_sqlite():
            batch.drop_constraint("fk_scenes_sku", type_="foreignkey")
        batch.create_foreign_key(op.f("fk_scenes_team_id_sku"), "products", ["team_id", "sku"], ["team_id", "sku"])
    op.create_index("ix_scenes_created", "scenes", ["team_id", "created_at", "id"])
    op.create_index("ix_scenes_sku_style", "scenes", ["team_id", "sku", "style", "created_at", "id"])
    op.create_index("ix_scenes_team_state_created", "scenes", ["team_id", "state", "created_at", "id"])


def downgrade() -> None:
    _check_that_nothing_is_dragged_along()
    dangling = _dangling()
    _check_that_there_is_one_team()
    op.drop_index("ix_audit_team", "audit")
    for name in ("subject", "by"):
        op.drop_index(f"ix_audit_{name}", "audit")
        op.create_index(f"ix_audit_{name}", "audit", [name, "id"])
    with op.batch_alter_table("sessions") as batch:
        batch.drop_constraint("fk_sessions_team_id", type_="foreignkey")
        batch.drop_column("team_id")
    op.drop_index("ix_bulk_runs_team_id_selection", "bulk_runs")
    op.create_index("ix_bulk_runs_selection", "bulk_runs", ["selection"])
    op.drop_column("bulk_runs", "team_id")
    for table in NAMED:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"fk_{table}_team_id", type_="foreignkey")
            batch.drop_column("team_id")
    for table in PLAIN:
        op.drop_column(table, "team_id")
    _one_teams_scenes_photos_products()
    op.drop_table("teams")
    _check_references(dangling)


def _one_teams_scenes_photos_products() -> None:
    for name in ("created", "sku_style", "team_state_created"):
        op.drop_index(f"ix_scenes_{name}", "scenes")
    op.drop_index("ix_photos_team_id_source_sha", "photos")
    op.drop_index("ix_products_team_id_category", "products")
    if not _is_sqlite():
        op.drop_constraint("fk_photos_team_id_sku", "photos", type_="foreignkey")
        op.drop_constraint("fk_scenes_team_id_sku", "scenes", type_="foreignkey")
    with op.batch_alter_table("products") as batch:
        batch.drop_constraint("fk_products_team_id", type_="foreignkey")
        batch.drop_constraint("pk_products", type_="primary")
        batch.create_primary_key(op.f("pk_products"), ["sku"])
        batch.drop_column("team_id")
    with op.batch_alter_table("photos") as batch:
        if _is_sqlite():
            batch.drop_constraint("fk_photos_team_id_sku", type_="foreignkey")
        batch.drop_constraint("uq_photos_team_id_sku_position", type_="unique")
        batch.drop_column("team_id")
        batch.drop_column("bytes")
        batch.create_unique_constraint(op.f("uq_photos_sku_position"), ["sku", "position"])
        batch.create_foreign_key(op.f("fk_photos_sku"), "products", ["sku"], ["sku"], ondelete="CASCADE")
    with op.batch_alter_table("scenes", table_args=tuple(_of_scenes())) as batch:
        if _is_sqlite():
            batch.drop_constraint("fk_scenes_team_id_sku", type_="foreignkey")
        batch.drop_column("team_id")
        batch.create_foreign_key(op.f("fk_scenes_sku"), "products", ["sku"], ["sku"])
    op.create_index("ix_products_category", "products", ["category"])
    op.create_index("ix_photos_source_sha", "photos", ["source_sha"])
    op.create_index("ix_scenes_created", "scenes", ["created_at", "id"])
    op.create_index("ix_scenes_sku_style", "scenes", ["sku", "style", "created_at", "id"])


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _check_that_nothing_is_dragged_along() -> None:
    """A table that is made anew while references count takes the rows that refer to it with it."""
    if _is_sqlite() and op.get_bind().scalar(sa.text("PRAGMA foreign_keys")):
        raise RuntimeError("SQLite's foreign_keys must be off; use Database.migrating().")


def _dangling() -> int:
    """Rows whose reference leads nowhere: there may be some from hands at the database."""
    return len(op.get_bind().execute(sa.text("PRAGMA foreign_key_check")).all()) if _is_sqlite() else 0


def _check_references(before: int) -> None:
    if _dangling() > before:
        raise RuntimeError("Rows would be left without what they refer to; nothing was changed.")


def _check_that_there_is_one_team() -> None:
    """Several teams do not fit into tables without teams: two may have the same sku, and would see each other."""
    for table in ("products", *NAMED):
        column = sa.table(table, sa.column("team_id")).c.team_id
        team = op.get_bind().scalar(sa.select(column).where(column != HOUSE).limit(1))
        if team is not None:
            raise RuntimeError(f"The team {team!r} has {table}; only a house with one team can go back.")
