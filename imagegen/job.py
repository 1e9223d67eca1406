"""A scene to be made, and what a machine brings to it: all that is known before work begins. Imports no stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imagegen import engines, images, photos, recipe
from imagegen.diffusion.options import Equipment
from imagegen.protocols import Settings
from imagegen.types import ExplicitPlacement, Product
from styles.library import Library, default_library
from styles.schema import Room


@dataclass(frozen=True, slots=True)
class Companion:
    """A further product of a set; ``photos`` as a job's."""

    product: Product
    photos: tuple[bytes, ...]


MOST_COMPANIONS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A scene to be made. ``photos``: the bytes of the product's image files, the preferred one first.

    ``room``: slug of one of the style's rooms, or None for the one that suits best. ``photo``: number of the photo that
    must be shown, from 0, or None for the one that suits best. ``companions``: products that are shown with it, around
    it and under its camera.
    """

    product: Product
    photos: tuple[bytes, ...]
    style: str
    room: str | None
    engine: str
    settings: Settings
    placement: ExplicitPlacement | None = None
    cutter: str | None = None
    photo: int | None = None
    companions: tuple[Companion, ...] = ()


@dataclass(frozen=True, slots=True)
class Kit:
    """What a machine brings to every job: its styles, where a model-based cutter's weights lie, what paints."""

    library: Library = field(default_factory=default_library)
    cutter_weights: Path | None = None
    equipment: Equipment = field(default_factory=Equipment)


def open_rooms(job: Job, library: Library) -> tuple[Room, ...]:
    """The rooms that the scene may be made in, the usual one first. Raises UnknownStyleError, UnknownRoomError.

    The one that was asked for, or all of the style's; metres of a caller's own place are the style's first room's.
    """
    if job.room or job.placement:
        return (library.room(job.style, job.room),)
    return library.rooms(job.style)


def planned(job: Job, kit: Kit | None = None) -> Mapping[str, Any]:
    """The part of the recipe that is known before work begins. Raises InputError for what does not exist.

    Which room and which photo suit best is found on the way: the plan names all that may be chosen from, and a change
    in any of them makes the scene out of date.
    """
    kit = kit or Kit()
    library, engine = kit.library, engines.load(job.engine, kit.equipment)
    rooms = {room.slug: library.version(job.style, room.slug) for room in open_rooms(job, library)}
    return recipe.plan(
        job.product,
        _fingerprints(job.photos, job.photo),
        {"slug": job.style, "rooms": rooms},
        job.placement,
        engine,
        job.settings,
        [(companion.product, _fingerprints(companion.photos)) for companion in job.companions],
        engine.decided(library.style(job.style), job.settings),
    )


def _fingerprints(files: Sequence[bytes], wanted: int | None = None) -> list[str]:
    return [images.fingerprint(data) for _, data in photos.numbered(files, wanted)]
