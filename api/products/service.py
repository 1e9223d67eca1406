"""The catalog's side of the front doors."""

from __future__ import annotations

from functools import partial

from api.deps import Context
from api.products.forms import Handed
from imagegen.errors import BadRequestError
from workers import photos
from workers.catalog_model import Change
from workers.records import products, quotas
from workers.records.models import Product
from workers.records.pages import Page
from workers.records.products import StoredPhoto
from workers.remote import RemotePhotos


def put(context: Context, given: Handed, by: str) -> tuple[Product, Change]:
    """Make the catalog say this of a product. Nothing changes when one of its photos is refused."""
    # Photos are fetched and rewritten before the transaction: it must not be held open by somebody's slow server.
    stored = _store(context, given) if given.has_photos else None
    with context.database.transaction() as session:
        change = products.upsert(session, given.facts, stored, by=by)
        return products.get(session, given.facts.sku), change


def get(context: Context, sku: str) -> Product:
    """One product. Raises NotFoundError."""
    with context.database.reading() as session:
        return products.get(session, sku)


def page(context: Context, category: str | None, query: str, cursor: str | None, limit: int) -> Page[Product]:
    """Products by sku."""
    with context.database.reading() as session:
        return products.page(session, category=category, query=query, cursor=cursor, limit=limit)


def _store(context: Context, given: Handed) -> list[StoredPhoto]:
    settings = context.settings
    addresses = given.addresses or ()
    # Before anything is written: what is refused afterwards would lie in the store without a row that names it.
    with context.database.transaction() as session:
        quotas.check_room(session, sum(len(upload.data) for upload in given.uploads))
    if len(given.uploads) + len(addresses) > settings.max_photos:
        raise BadRequestError(f"At most {settings.max_photos} photos are taken.", where="photo")
    keep = partial(photos.store, context.database, context.blobs, max_pixels=settings.max_pixels)
    stored = [keep(upload.data, alpha=upload.alpha, source=upload.name) for upload in given.uploads]
    fetch = _fetcher(context)
    return stored + [keep(fetch(address), source=address) for address in addresses]


def _fetcher(context: Context) -> RemotePhotos:
    settings = context.settings
    if settings.allow_private_photo_hosts:
        return RemotePhotos(settings.max_upload_bytes, settings.photo_timeout_s, permit=lambda _: True)
    return RemotePhotos(settings.max_upload_bytes, settings.photo_timeout_s)
