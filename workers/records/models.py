"""The tables. Times are UTC, lengths centimetres (metres only begin inside imagegen)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from imagegen.types import CameraFacts, Dimensions, Mount
from imagegen.types import Product as Facts
from workers.records import habit_rows
from workers.teams import HOUSE

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Moment(TypeDecorator[datetime]):
    """A point in time; SQLite keeps none of the zone, so it is UTC there by agreement."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - theirs
        """UTC on the way in."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - theirs
        """UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables, with names for their constraints (migrations need them)."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, dict[str, Any]: Json, list[Any]: Json}  # noqa: RUF012 - SQLAlchemy's own form


class Owned:
    """What belongs to a team. Who sees which rows, and who owns new ones, is decided in ``workers.records.walls``."""

    team_id: Mapped[str] = mapped_column(String(40), server_default=HOUSE)


class Team(Base):
    """A brand of the house. What it may use at most: empty for what the settings say."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime]
    photo_bytes: Mapped[int | None] = mapped_column(BigInteger)
    scenes_a_day: Mapped[int | None]
    scenes_queued: Mapped[int | None]


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


class BulkRun(Owned, Base):
    """A regeneration of many products; found again by its ``selection`` while it is unfinished."""

    __tablename__ = "bulk_runs"
    __table_args__ = (Index(None, "team_id", "selection"),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    selection: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


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
        Index("ix_audit_team", "team_id", "id"),
        Index("ix_audit_subject", "team_id", "subject", "id"),
        Index("ix_audit_by", "team_id", "by", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]


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


class Webhook(Owned, Base):
    """An address that is told of scenes. ``last_taken_at``: when it took a delivery last."""

    __tablename__ = "webhooks"
    __table_args__ = (ForeignKeyConstraint(["team_id"], ["teams.id"]),)

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(200))
    last_taken_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_why: Mapped[str] = mapped_column(Text, default="")


class Delivery(Base):
    """One piece of news to one webhook, on its way, taken (``sent_at``) or given up."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "message_id"),
        Index(
            "ix_deliveries_open",
            "send_after",
            "id",
            sqlite_where=text("sent_at IS NULL AND given_up_at IS NULL"),
            postgresql_where=text("sent_at IS NULL AND given_up_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    send_after: Mapped[datetime]
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
