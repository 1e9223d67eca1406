"""Who works, and who has a duty that one at a time should do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from workers.records.models.mapping import Base


class Leader(Base):
    """Which process has a duty that one at a time should do, and until when unless it says again that it lives."""

    __tablename__ = "leaders"

    duty: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(200))
    until: Mapped[datetime]


class Worker(Base):
    """A worker's process as it told of itself last: at ``seen_at`` it lived, since ``left_at`` it does not.

    ``name`` is what stands beside the scenes that it makes. ``engines``: what it can paint with, each with "ready" and
    more, or why not. ``busy``: ids of the scenes in its hands, of at most ``threads``. ``gpu``: facts and numbers of
    its GPU and its resident model.
    """

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(240), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    version: Mapped[str] = mapped_column(String(40))
    threads: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    left_at: Mapped[datetime | None]
    engines: Mapped[dict[str, Any]]
    gpu: Mapped[dict[str, Any]]
    busy: Mapped[list[Any]]
