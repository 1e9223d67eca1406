"""Pictures asked for: the scenes, what happened to them and who judged them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workers.records.models.catalog import Product
from workers.records.models.effects import Publication
from workers.records.models.mapping import Base, Owned


class Scene(Owned, Base):
    """One picture asked for: the request, how far it is, what came of it. The truth of the queue.

    ``attempt`` is the fencing number: it only grows, and only its holder may write. ``max_attempts`` grows when
    work is handed back or asked for again. ``sent_at`` is empty while no message is believed to be under way.
    ``events`` is the number of the scene's last event.
    """

    __tablename__ = "scenes"
    __table_args__ = (
        UniqueConstraint("id", "state", name="uq_scenes_id_state"),
        UniqueConstraint("bulk_id", "sku", "style", name="uq_scenes_bulk"),
        ForeignKeyConstraint(["team_id", "sku"], ["products.team_id", "products.sku"]),
        # No door, and no hand at the database either, publishes what nobody approved.
        CheckConstraint("(state IN ('approved', 'published')) = (approved_by IS NOT NULL)", name="approved_by_someone"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="running_has_a_lease"),
        CheckConstraint(
            "state IN ('queued', 'running', 'failed', 'cancelled') OR picture IS NOT NULL", name="judged_has_a_picture"
        ),
        Index("ix_scenes_created", "team_id", "created_at", "id"),
        Index("ix_scenes_team_state_created", "team_id", "state", "created_at", "id"),
        Index("ix_scenes_sku_style", "team_id", "sku", "style", "created_at", "id"),
        Index("ix_scenes_style_created", "team_id", "style", "created_at", "id"),
        Index("ix_scenes_state_created", "state", "created_at", "id"),  # for workers, who work for every team
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(24), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("scenes.id"), index=True)
    bulk_id: Mapped[str | None] = mapped_column(ForeignKey("bulk_runs.id"))
    sku: Mapped[str] = mapped_column(String(64))
    style: Mapped[str] = mapped_column(String(64))
    room: Mapped[str | None] = mapped_column(String(64))
    engine: Mapped[str] = mapped_column(String(32))
    quality: Mapped[str] = mapped_column(String(16))
    request: Mapped[dict[str, Any]]
    asked_by: Mapped[str] = mapped_column(String(200))
    trace: Mapped[str | None] = mapped_column(String(55))

    state: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(40))
    share: Mapped[float]
    attempt: Mapped[int]
    max_attempts: Mapped[int]
    worker: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]
    send_after: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    events: Mapped[int]

    verdict: Mapped[str | None] = mapped_column(String(8))
    findings: Mapped[list[Any]]
    recipe: Mapped[dict[str, Any] | None]
    recipe_sha: Mapped[str | None] = mapped_column(String(64))
    plan_sha: Mapped[str | None] = mapped_column(String(64))
    seconds: Mapped[dict[str, Any]]
    picture: Mapped[str | None] = mapped_column(String(80))
    width: Mapped[int | None]
    height: Mapped[int | None]
    error: Mapped[dict[str, Any] | None]
    approved_by: Mapped[str | None] = mapped_column(String(200))

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship(lazy="joined", innerjoin=True)
    decisions: Mapped[list[Decision]] = relationship(order_by="Decision.id", lazy="selectin", viewonly=True)
    publication: Mapped[Publication | None] = relationship(lazy="joined", viewonly=True)


class Event(Base):
    """What happened to a scene, numbered from 1: a listener that comes back asks for what it missed."""

    __tablename__ = "events"

    scene_id: Mapped[str] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]]


class Decision(Base):
    """Who judged a scene, commented, cancelled, published or asked again, when and why. Only ever added to."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    scene_id: Mapped[str] = mapped_column(ForeignKey("scenes.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text)
    override: Mapped[bool]


class BulkRun(Owned, Base):
    """A regeneration of many products; found again by its ``selection`` while it is unfinished."""

    __tablename__ = "bulk_runs"
    __table_args__ = (Index(None, "team_id", "selection"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    selection: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
