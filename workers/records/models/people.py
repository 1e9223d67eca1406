"""Teams, and the people and programs that come in for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workers.records.models.mapping import Base, Owned


class Team(Base):
    """A brand of the house. What it may use at most: empty for what the settings say."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    photo_bytes: Mapped[int | None] = mapped_column(BigInteger)
    scenes_a_day: Mapped[int | None]
    scenes_queued: Mapped[int | None]


class Person(Owned, Base):
    """Somebody who signs in: by ``login`` and password, or through the house's own provider (``subject``), or both.

    ``password`` is argon2's own text; whoever has none cannot sign in by one.
    """

    __tablename__ = "people"
    __table_args__ = (ForeignKeyConstraint(["team_id"], ["teams.id"]),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(600), unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    disabled_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]


class SignIn(Base):
    """A person's stay at the desk. The token that the browser holds is kept nowhere, only its hash.

    ``team_id``: whose an administrator looks at, when it is not their own.
    """

    __tablename__ = "sessions"

    token_sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ApiKey(Owned, Base):
    """A machine's key: what it may do and until when. The secret itself is kept nowhere."""

    __tablename__ = "api_keys"
    __table_args__ = (ForeignKeyConstraint(["team_id"], ["teams.id"]),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    secret_sha: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
