"""A scene to be made, and what a machine brings to it: all that is known before work begins. Imports no stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imagegen import engines, images, recipe
from imagegen.protocols import Settings
from imagegen.types import ExplicitPlacement, Product
from styles.library import Library, default_library


@dataclass(frozen=True, slots=True)
class Job:
    """A scene to be made. ``photos``: the bytes of the product's image files, the preferred one first."""

    product: Product
    photos: tuple[bytes, ...]
    style: str
    room: str | None
    engine: str
    settings: Settings
    placement: ExplicitPlacement | None = None
    cutter: str | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """What a machine brings to every job: its styles, and where a model-based cutter's weights lie."""

    library: Library = field(default_factory=default_library)
    cutter_weights: Path | None = None


def planned(job: Job, kit: Kit | None = None) -> Mapping[str, Any]:
    """The part of the recipe that is known before work begins. Raises InputError for what does not exist."""
    library = (kit or Kit()).library
    room = library.room(job.style, job.room).slug
    return recipe.plan(
        job.product,
        images.fingerprint(job.photos[0]),
        {"slug": job.style, "room": room, "version": library.version(job.style, room)},
        job.placement,
        engines.load(job.engine),
        job.settings,
    )
