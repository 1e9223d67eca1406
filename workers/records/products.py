"""Every question to the catalog's tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from imagegen.mounts import plain_words
from workers.catalog_model import SKU_PATTERN, Change, ProductIn
from workers.errors import NotFoundError
from workers.records import audit, habits, quotas
from workers.records.models import Photo, Product
from workers.records.pages import Page, limited, read_cursor, write_cursor
from workers.records.session import now
from workers.records.walls import team_of


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo whose pixels are stored: its key, the sha256 and name of what was handed in, its size in pixels.

    ``bytes``: of the stored file.
    """

    key: str
    source_sha: str
    source: str
    width: int
    height: int
    bytes: int = field(default=0, compare=False)


def upsert(
    session: Session, product: ProductIn, photos: Sequence[StoredPhoto] | None = None, *, by: str = "catalog"
) -> Change:
    """Make the catalog say this of the product. ``photos``: its new list of photos, or None to keep those it has.

    Raises RoomQuotaError when the team's photos would take more room than they may.
    """
    facts = product.model_dump(mode="json")
    row = _locked(session, product.sku)
    if row is None:
        row = _insert(session, facts)
        if row is not None:
            _set_photos(row, photos or ())
            session.flush()
            quotas.check_room(session)
            audit.write(session, by, "create", "product", product.sku, {"photos": len(photos or ())})
            return "created"
        row = _locked(session, product.sku)
        assert row is not None
    changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
    new_photos = photos is not None and list(photos) != _stored(row)
    if not changed and not new_photos:
        return "unchanged"
    detail: dict[str, Any] = {name: [getattr(row, name), value] for name, value in changed.items()}
    if new_photos:
        detail["photos"] = [len(row.photos), len(photos or ())]
    audit.write(session, by, "update", "product", product.sku, detail)
    if "category" in changed:  # another kind of goods is shot another way
        row.habit = habits.of_category(session, str(changed["category"]))
    for name, value in changed.items():
        setattr(row, name, value)
    if new_photos:
        row.photos.clear()
        session.flush()
        _set_photos(row, photos or ())
    row.updated_at = now(session)
    session.flush()
    if new_photos:
        quotas.check_room(session)
    return "updated"


def get(session: Session, sku: str) -> Product:
    """One product with its photos. Raises NotFoundError."""
    # One question instead of two: this one is asked all day long.
    photos = [joinedload(Product.photos)]
    product = session.get(Product, _key(session, sku), options=photos) if re.match(SKU_PATTERN, sku) else None
    if product is None:
        raise NotFoundError(f"There is no product {sku[:64]!r} in the catalog.", where="sku")
    return product


def page(
    session: Session, *, category: str | None = None, query: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Product]:
    """Products by sku; ``query`` is looked for in sku and name."""
    statement = select(Product).order_by(Product.sku).limit(limited(limit) + 1)
    if category:
        statement = statement.where(Product.category == plain_words(category))
    query = "".join(filter(str.isprintable, query))
    if query:
        statement = statement.where(
            or_(Product.sku.icontains(query, autoescape=True), Product.name.icontains(query, autoescape=True))
        )
    if cursor:
        statement = statement.where(Product.sku > read_cursor(cursor, 1)[0])
    rows = list(session.scalars(statement))
    more = len(rows) > limit
    return Page(rows[:limit], write_cursor(rows[limit - 1].sku) if more else None)


def categories(session: Session) -> dict[str, int]:
    """How many products each category has."""
    statement = (
        select(Product.category, func.count().label("number")).group_by(Product.category).order_by(Product.category)
    )
    return {row.category: row.number for row in session.execute(statement)}


def photo_of(session: Session, source_sha: str) -> StoredPhoto | None:
    """What is known of a photo that the team handed in before, whichever product it belonged to."""
    row = session.scalars(select(Photo).where(Photo.source_sha == source_sha).limit(1)).one_or_none()
    return _stored_photo(row) if row else None


def _key(session: Session, sku: str) -> dict[str, str]:
    return {"team_id": team_of(session), "sku": sku}


def _locked(session: Session, sku: str) -> Product | None:
    return session.get(Product, _key(session, sku), with_for_update=True, populate_existing=True)


def _insert(session: Session, facts: dict[str, object]) -> Product | None:
    """The new row, or None when somebody else was faster."""
    at = now(session)
    insert = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert
    habit = habits.of_category(session, str(facts["category"]))
    values = {"team_id": team_of(session), "habit": habit, "created_at": at, "updated_at": at}
    statement = insert(Product).values(**facts, **values).on_conflict_do_nothing()
    sku = session.scalar(statement.returning(Product.sku))
    return session.get(Product, _key(session, sku)) if sku else None


def _stored(row: Product) -> list[StoredPhoto]:
    return [_stored_photo(photo) for photo in row.photos]


def _stored_photo(row: Photo) -> StoredPhoto:
    return StoredPhoto(row.key, row.source_sha, row.source, row.width, row.height, row.bytes)


def _set_photos(row: Product, photos: Sequence[StoredPhoto]) -> None:
    row.photos.extend(
        Photo(
            position=position,
            key=photo.key,
            source_sha=photo.source_sha,
            source=photo.source,
            width=photo.width,
            height=photo.height,
            bytes=photo.bytes,
        )
        for position, photo in enumerate(photos)
    )
