"""The one way through, from a packshot to a scene: the only file that knows the order of the stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from styles.library import Library, default_library

from imagegen import (
    checks,
    composite,
    cutouts,
    engines,
    hull,
    images,
    machine,
    placement,
    pose,
    recipe,
    renderer,
    rooms,
)
from imagegen.clock import Clock, silent
from imagegen.protocols import Progress, Settings, Staged
from imagegen.types import ExplicitPlacement, Product, Scene


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


def make_scene(job: Job, progress: Progress = silent, kit: Kit | None = None) -> Scene:
    """A finished, checked picture of the product in a room.

    ``progress`` is called between stages and may raise CancelledError. Raises InputError for what the caller can
    mend and EngineError for what this machine cannot do; a picture that merely fails its checks is returned.
    """
    kit, clock, product, settings = kit or Kit(), Clock(progress), job.product, job.settings
    style, room = kit.library.style(job.style), kit.library.room(job.style, job.room)
    engine = engines.load(job.engine)

    photo = clock("decode", images.decode, job.photos[0])
    cutter = cutouts.choose(photo, job.cutter, kit.cutter_weights)
    cutout = clock("cutout", cutter.cut, photo)
    solved = clock("pose", pose.solve_pose, cutout, product)
    place = clock("placement", placement.place, solved, cutout, product, room, settings, job.placement)
    geometry = clock("room", rooms.build, style, room, place, product, settings)
    body = clock("hull", hull.carve, cutout, solved, place, product)
    staged = Staged(product, style, room, cutout, solved, place, geometry, body, settings)
    passes = clock(
        "render",
        renderer.render,
        geometry,
        place.camera,
        body,
        samples=settings.samples,
        seed=settings.seed,
        progress=clock.within("render"),
    )
    draft = clock("engine", engine.finish, staged, passes, clock.within("engine"))
    composed = clock("composite", composite.compose, staged, passes, draft)
    judged = clock("checks", checks.judge, staged, passes, composed)

    findings = (*cutout.findings, *solved.findings, *place.findings, *judged)
    made = recipe.record(planned(job, kit), staged, machine.fingerprint())
    return Scene(composed.picture, findings, made, clock.seconds)
