"""What leaves the house: pictures published, and whatever a scene's events promised."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from workers.records.models.mapping import Base


class Publication(Base):
    """A picture on its way out, or out (``written_at``); it can only belong to a scene that is published.

    When it is tried again stands in the outbox; ``send_after`` is only read by workers from before there was one.
    """

    __tablename__ = "publications"
    __table_args__ = (
        CheckConstraint("scene_state = 'published'", name="only_published"),
        ForeignKeyConstraint(["scene_id", "scene_state"], ["scenes.id", "scenes.state"], name="fk_publications_scene"),
    )

    scene_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    scene_state: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    written_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(Text)
    send_after: Mapped[datetime]
    tries: Mapped[int]
    error: Mapped[str | None] = mapped_column(Text)


class Outgoing(Base):
    """An event's effect outside the house, written in the transaction of the event and sent after it.

    ``effect``: what is to be done about the event ("publish" its picture, "announce" it). Scene and number are its
    stable id: whoever receives it twice knows it by that. ``send_after`` is also the lease of the one who sends it.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        ForeignKeyConstraint(
            ["scene_id", "seq"], ["events.scene_id", "events.seq"], name="fk_outbox_event", ondelete="CASCADE"
        ),
        Index(
            "ix_outbox_unsent",
            "send_after",
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    scene_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    effect: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[datetime]
    send_after: Mapped[datetime]
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)
