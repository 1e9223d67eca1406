"""The further products of a set, as the records know them: asked for when a scene is, loaded when it is made."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from imagegen.errors import BadRequestError
from imagegen.job import Companion
from workers.errors import NotFoundError
from workers.records import products
from workers.records.blobs import Blobs
from workers.records.session import Database


def check(session: Session, skus: Sequence[str]) -> None:
    """Raises NotFoundError for a product that does not exist, BadRequestError for one without a photo."""
    for sku in skus:
        try:
            product = products.get(session, sku)
        except NotFoundError as error:
            raise NotFoundError(error.message, where="companions") from None
        if not product.photos:
            raise BadRequestError(
                f"The product {sku} has no photo, so it cannot be shown with another.",
                hint="Add a photo first, or leave it out.",
                where="companions",
            )


def load(database: Database, blobs: Blobs, skus: Sequence[str]) -> tuple[Companion, ...]:
    """The products of today with their photos. Raises NotFoundError, BadRequestError, StorageError."""
    if not skus:
        return ()
    with database.reading() as session:
        check(session, skus)
        rows = [products.get(session, sku) for sku in skus]
        found = [(row.facts(), [photo.key for photo in row.photos]) for row in rows]
    return tuple(Companion(product, tuple(blobs.get(key) for key in keys)) for product, keys in found)
