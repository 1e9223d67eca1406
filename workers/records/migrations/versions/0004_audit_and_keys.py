"""The log that is only added to, and keys for machines."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0004"
down_revision: str | None = "0003"

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KEPT_FOR_GOOD = ("audit", "decisions")
AT_ONCE = 1000


def upgrade() -> None:
    audit = op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "id"], unique=False)
    op.create_index("ix_audit_by", "audit", ["by", "id"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("secret_sha", sa.String(length=64), nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
    )
    _copy_decisions(audit)
    for table in KEPT_FOR_GOOD:
        _keep_for_good(table)


def _copy_decisions(audit: sa.Table) -> None:
    """What was decided before there was a log stands in it too."""
    names = ("id", "scene_id", "at", "by", "action", "reason", "note", "override")
    decisions = sa.table("decisions", *(sa.column(name) for name in names))
    decisions.c.at.type = MOMENT
    decisions.c.override.type = sa.Boolean()
    connection, last = op.get_bind(), 0
    while rows := connection.execute(
        sa.select(decisions).where(decisions.c.id > last).order_by(decisions.c.id).limit(AT_ONCE)
    ).all():
        lines = [
            {"at": row.at, "by": row.by, "action": row.action, "kind": "scene", "subject": row.scene_id}
            | {"detail": {"reason": row.reason, "note": row.note, "override": row.override}}
            for row in rows
        ]
        connection.execute(sa.insert(audit), lines)
        last = rows[-1].id


def _keep_for_good(table: str) -> None:
    words = f"{table} is only added to"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION keep_{table}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        )
        for name, when in (("row", "UPDATE OR DELETE"), ("all", "TRUNCATE")):
            each = "ROW" if name == "row" else "STATEMENT"
            op.execute(
                f"CREATE TRIGGER keep_{table}_{name} BEFORE {when} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION keep_{table}()"
            )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER keep_{table}_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def downgrade() -> None:
    for table in KEPT_FOR_GOOD:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION keep_{table}() CASCADE")
        else:
            for change in ("update", "delete"):
                op.execute(f"DROP TRIGGER keep_{table}_{change}")
    op.drop_table("api_keys")
    op.drop_table("audit")
