"""Products and their photos."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from imagegen.types import CameraFacts, Dimensions, Mount
from imagegen.types import Product as Facts
from workers.records import habit_rows
from workers.records.models.mapping import Base, Owned


class Product(Owned, Base):
    """One line of a team's catalog."""

    __tablename__ = "products"
    __table_args__ = (
        PrimaryKeyConstraint("team_id", "sku"),
        ForeignKeyConstraint(["team_id"], ["teams.id"]),
        Index(None, "team_id", "category"),
    )

    sku: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(64))
    width_cm: Mapped[float]
    depth_cm: Mapped[float]
    height_cm: Mapped[float]
    mount: Mapped[str] = mapped_column(String(16))
    colour: Mapped[str] = mapped_column(String(100))
    material: Mapped[str] = mapped_column(String(200))
    tags: Mapped[list[Any]]
    yaw_deg: Mapped[float | None]
    elevation_deg: Mapped[float | None]
    focal_mm: Mapped[float | None]
    habit: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    photos: Mapped[list[Photo]] = relationship(
        order_by="Photo.position", lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    def facts(self) -> Facts:
        """What the pipeline needs to know, in metres."""
        return Facts(
            sku=self.sku,
            name=self.name,
            category=self.category,
            dimensions=Dimensions.from_cm(self.width_cm, self.depth_cm, self.height_cm),
            mount=Mount(self.mount),
            colour=self.colour,
            material=self.material,
            tags=tuple(self.tags),
            camera=CameraFacts(self.yaw_deg, self.elevation_deg, self.focal_mm),
            habit=habit_rows.from_row(self.habit),
        )


class Photo(Owned, Base):
    """A product's photo: ``key`` names the rewritten pixels (with alpha), ``source_sha`` what was handed in.

    ``bytes``: of the stored file; 0 for photos from before they were counted.
    """

    __tablename__ = "photos"
    __table_args__ = (
        ForeignKeyConstraint(["team_id", "sku"], ["products.team_id", "products.sku"], ondelete="CASCADE"),
        UniqueConstraint("team_id", "sku", "position"),
        Index(None, "team_id", "source_sha"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(80))
    source_sha: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(Text)
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)
