"""What previews are laid of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from workers.records.models.mapping import Base, Owned


class Preparation(Owned, Base):
    """What previews of a product in a room are laid of, asked for and made: ``id`` hashes all that decides it.

    ``sprite`` and ``backdrop`` name their blobs; ``sprite_id`` hashes what decides the sprite alone, so that one serves
    many rooms. ``attempt`` is the fencing number. ``places``: the anchors that the product fits at, best first.
    """

    __tablename__ = "preparations"
    __table_args__ = (
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="running_has_a_lease"),
        CheckConstraint("state != 'ready' OR (sprite IS NOT NULL AND backdrop IS NOT NULL)", name="ready_is_whole"),
        Index("ix_preparations_state_created", "state", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sprite_id: Mapped[str] = mapped_column(String(64), index=True)
    sku: Mapped[str] = mapped_column(String(64))
    request: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    sprite: Mapped[str | None] = mapped_column(String(80))
    backdrop: Mapped[str | None] = mapped_column(String(80))
    angle: Mapped[int | None]
    places: Mapped[list[Any]]
    error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
