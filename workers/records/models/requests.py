"""What is remembered of requests: which must count once, and who changed what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workers.records.models.mapping import Base, Owned


class IdempotencyKey(Base):
    """A caller's key of a request that must count once: who holds it, what was made, what was answered.

    ``attempt`` is the fencing number; ``status`` is empty until the request is answered.
    """

    __tablename__ = "idempotency_keys"

    owner: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    attempt: Mapped[int]
    busy_until: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    made: Mapped[str | None] = mapped_column(String(24))
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    body: Mapped[str | None] = mapped_column(Text)


class AuditEntry(Owned, Base):
    """Who did what to what, and when. Only ever added to: triggers refuse everything else."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_team_at", "team_id", "at", "id"),
        Index("ix_audit_subject_at", "team_id", "subject", "at", "id"),
        Index("ix_audit_by_at", "team_id", "by", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]
