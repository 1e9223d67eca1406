"""Approved pictures on their way out: marked, with the recipe beside them, whole or not at all.

The record comes first: a scene becomes published together with its publication and a promise in the outbox, in one
transaction. The files follow, as often as it takes; writing them twice changes nothing.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image
from sqlalchemy import update

from imagegen import images, provenance, recipe
from imagegen.errors import ImagegenError
from workers import relay
from workers.errors import StorageError
from workers.records import scenes
from workers.records.blobs import Blobs, replace
from workers.records.models import Publication, Scene
from workers.records.outbox import Effect, Message
from workers.records.session import Database
from workers.teams import HOUSE

SUFFIX = {"jpeg": ".jpg", "png": ".png"}
QUALITY = 95


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


def publish(
    database: Database,
    blobs: Blobs,
    place: Place,
    scene_id: str,
    by: str,
    *,
    format: str = "jpeg",  # noqa: A002 - the word for it
    space: str = "srgb",
) -> Scene:
    """Publish an approved scene and write its files. Raises NotFoundError or StateConflictError.

    When the place does not take the files the scene is published all the same: its publication keeps the error and
    the relay writes them later.
    """
    with database.transaction() as session:
        scenes.publish(session, scene_id, by)
    return deliver(database, blobs, place, scene_id, format=format, space=space)


def deliver(
    database: Database,
    blobs: Blobs,
    place: Place,
    scene_id: str,
    *,
    format: str = "jpeg",  # noqa: A002 - as above
    space: str = "srgb",
) -> Scene:
    """Write a published scene's files now, unless they are written; the scene as it is then."""
    relay.send_now(database, receivers(database, blobs, place, format=format, space=space), scene_id)
    with database.reading() as session:
        return scenes.get(session, scene_id)


def receivers(
    database: Database,
    blobs: Blobs,
    place: Place,
    *,
    format: str = "jpeg",  # noqa: A002 - as above
    space: str = "srgb",
) -> relay.Receivers:
    """Those who have the effects that are promised in the outbox."""
    return {Effect.PUBLISH: Publisher(database, blobs, place, format, space)}


class Publisher:
    """Writes the files of published scenes and remembers where they are, or why not."""

    def __init__(self, database: Database, blobs: Blobs, place: Place, format: str, space: str) -> None:  # noqa: A002 - as above
        self.database = database
        self.blobs = blobs
        self.place = place
        self.format = format
        self.space = space

    def receive(self, message: Message) -> None:
        """Files have the names of their scenes: written twice they are the same."""
        with self.database.reading() as session:
            scene = scenes.get(session, message.scene_id)
        try:
            place = _write(scene, self.blobs, self.place, self.format, self.space)
        except ImagegenError as error:
            self._note(message, error=str(error))
            raise
        self._note(message, place=place, written_at=self.database.clock(), error=None)

    def _note(self, message: Message, **outcome: Any) -> None:
        statement = update(Publication).where(Publication.scene_id == message.scene_id)
        with self.database.transaction() as session:
            session.execute(
                statement.values(tries=message.try_, **outcome).execution_options(synchronize_session=False)
            )


def marked(
    scene: Scene,
    blobs: Blobs,
    format: str,  # noqa: A002 - as above
    *,
    width: int | None = None,
    space: str = "srgb",
) -> bytes:
    """The scene's picture as a file that says how it was made (XMP with the IPTC source type)."""
    assert scene.picture is not None
    assert scene.recipe is not None
    with Image.open(BytesIO(blobs.get(scene.picture)), formats=("PNG",)) as image:
        pixels = np.asarray(image.convert("RGB"))
    packet = provenance.xmp(scene.recipe, scene.recipe["engine"]["source_type"])
    return images.encode(pixels, format, width=width, xmp=packet, quality=QUALITY, space=space)


def _write(scene: Scene, blobs: Blobs, place: Place, format: str, space: str) -> str:  # noqa: A002 - as above
    """The recipe first: whoever finds a picture finds its recipe."""
    assert scene.recipe is not None
    picture = marked(scene, blobs, format, space=space)
    folder = scene.sku if scene.team_id == HOUSE else f"{scene.team_id}/{scene.sku}"
    place.write(f"{folder}/{scene.id}.json", recipe.canonical(scene.recipe))
    return place.write(f"{folder}/{scene.id}{SUFFIX[format]}", picture)
