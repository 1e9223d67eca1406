"""Approved pictures on their way out: marked, with the recipe beside them, whole or not at all.

The record comes first: a scene becomes published together with its publication, in one transaction. The files
follow, as often as it takes; writing them twice changes nothing.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image
from sqlalchemy import select, update

from imagegen import images, provenance, recipe
from imagegen.errors import ImagegenError
from workers.errors import StorageError
from workers.records import scenes
from workers.records.blobs import Blobs, replace
from workers.records.models import Publication, Scene
from workers.records.session import Database, now

log = logging.getLogger(__name__)

SUFFIX = {"jpeg": ".jpg", "png": ".png"}
QUALITY = 95
BACKOFF = timedelta(seconds=5)
"""Before the second try to write; doubled before each further one, up to ``LONGEST_WAIT``."""
LONGEST_WAIT = timedelta(minutes=15)


class Place(Protocol):
    """Where published files go."""

    def write(self, name: str, data: bytes) -> str:
        """Put a whole file in place (or replace it) and give its address. Raises StorageError."""
        ...


class LocalPlace:
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, data: bytes) -> str:
        """A reader sees the old file or the new one, never a part."""
        path = self.root / name
        try:
            replace(path, data)
        except OSError as error:
            raise StorageError(f"Cannot publish to {self.root}: {error.strerror}.", where=str(path)) from error
        return str(path)


class S3Place:
    """A bucket."""

    def __init__(self, url: str, **config: Any) -> None:
        from obstore.store import S3Store  # noqa: PLC0415 - a laptop with a folder does not load it

        self.url = url.rstrip("/")
        self.store = S3Store.from_url(url, **config)

    def write(self, name: str, data: bytes) -> str:
        """Object stores show an object whole or not at all."""
        import obstore  # noqa: PLC0415 - as above
        from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            obstore.put(self.store, name, data)
        except BaseError as error:
            raise StorageError(f"Cannot publish to {self.url}: {error}.", where=name) from error
        return f"{self.url}/{name}"


def open_place(url: str, **s3: Any) -> Place:
    """The published place at a folder or at ``s3://bucket/prefix``."""
    return S3Place(url, **s3) if url.startswith("s3://") else LocalPlace(Path(url))


def publish(database: Database, blobs: Blobs, place: Place, scene_id: str, by: str, *, format: str = "jpeg") -> Scene:  # noqa: A002 - the word for it
    """Publish an approved scene and write its files. Raises NotFoundError or StateConflictError.

    When the place does not take the files the scene is published all the same: its publication keeps the error and
    ``deliver_pending`` writes them later.
    """
    with database.transaction() as session:
        scenes.publish(session, scene_id, by)
    return deliver(database, blobs, place, scene_id, format=format)


def deliver(database: Database, blobs: Blobs, place: Place, scene_id: str, *, format: str = "jpeg") -> Scene:  # noqa: A002 - as above
    """Write a published scene's files and remember where they are."""
    with database.reading() as session:
        scene = scenes.get(session, scene_id)
    if scene.publication is None:
        return scene
    tries = scene.publication.tries + 1
    outcome: dict[str, Any]
    try:
        outcome = {"place": _write(scene, blobs, place, format), "written_at": database.clock(), "error": None}
    except ImagegenError as error:
        log.warning("Scene %s is published, but its files are not written yet: %s", scene_id, error)
        wait = min(LONGEST_WAIT, BACKOFF * 2 ** min(tries - 1, 20))
        outcome = {"error": str(error), "send_after": database.clock() + wait}
    with database.transaction() as session:
        session.execute(
            update(Publication)
            .where(Publication.scene_id == scene_id)
            .values(tries=tries, **outcome)
            .execution_options(synchronize_session=False)
        )
        return scenes.get(session, scene_id)


def deliver_pending(database: Database, blobs: Blobs, place: Place, limit: int = 20, *, format: str = "jpeg") -> int:  # noqa: A002 - as above
    """Write the files of publications that could not be written before; how many were."""
    with database.reading() as session:
        pending = list(
            session.scalars(
                select(Publication.scene_id)
                .where(Publication.written_at.is_(None), Publication.send_after <= now(session))
                .order_by(Publication.send_after)
                .limit(limit)
            )
        )
    written = [deliver(database, blobs, place, scene_id, format=format) for scene_id in pending]
    return sum(scene.publication is not None and scene.publication.written_at is not None for scene in written)


def marked(scene: Scene, blobs: Blobs, format: str, *, width: int | None = None) -> bytes:  # noqa: A002 - as above
    """The scene's picture as a file that says how it was made (XMP with the IPTC source type)."""
    assert scene.picture is not None
    assert scene.recipe is not None
    with Image.open(BytesIO(blobs.get(scene.picture)), formats=("PNG",)) as image:
        pixels = np.asarray(image.convert("RGB"))
    packet = provenance.xmp(scene.recipe, scene.recipe["engine"]["source_type"])
    return images.encode(pixels, format, width=width, xmp=packet, quality=QUALITY)


def _write(scene: Scene, blobs: Blobs, place: Place, format: str) -> str:  # noqa: A002 - as above
    """The recipe first: whoever finds a picture finds its recipe."""
    assert scene.recipe is not None
    picture = marked(scene, blobs, format)
    place.write(f"{scene.sku}/{scene.id}.json", recipe.canonical(scene.recipe))
    return place.write(f"{scene.sku}/{scene.id}{SUFFIX[format]}", picture)
