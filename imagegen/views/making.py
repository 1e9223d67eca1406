"""Makes canonical views: a room as nobody furnished it further, traced once a machine."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from dataclasses import fields
from io import BytesIO
from pathlib import Path

import numpy as np

from imagegen import images, machine, recipe, renderer, rooms, tone
from imagegen.clock import silent
from imagegen.geometry import Geometry
from imagegen.protocols import Progress, Settings
from imagegen.types import Camera, Dimensions, Doubles, Passes, Placement, Product
from imagegen.views.shelf import ANGLES_DEG, PREVIEW_WIDTH, SAMPLES, SHOWING, WIDTH, Stand, View, camera_of, find
from styles.library import Library
from styles.schema import Room, Style

SPECK = Product("view", "view", "view", Dimensions(1e-3, 1e-3, 1e-3))


def view(
    library: Library,
    style: str,
    room: str | None,
    folder: Path,
    *,
    angle: int = 0,
    light: str = "",
    width: int = WIDTH,
    samples: int = SAMPLES,
    stand: Stand = SHOWING,
    without: tuple[str, ...] = (),
    progress: Progress = silent,
) -> View:
    """The style's room from one side, rendered on the first call and read from ``folder`` after.

    ``angle``: index into ANGLES_DEG. ``without``: ids of parts that are left out. Safe when several processes ask at
    once: each file appears whole or not at all, and ``view.json`` last.
    Raises UnknownStyleError, UnknownRoomError, UnknownLightError, RendererUnavailableError.
    """
    found = find(
        library,
        style,
        room,
        folder,
        angle=angle,
        light=light,
        width=width,
        samples=samples,
        stand=stand,
        without=without,
    )
    if found.is_made:
        return found
    page = thinned(library.room(style, room), without)
    camera = camera_of(page, ANGLES_DEG[angle], width, stand)
    geometry = furnished(library.style(style), page, camera, light=light, samples=samples)
    passes = renderer.render(geometry, camera, None, samples=samples, seed=0, progress=progress)
    _keep(found, page, camera, geometry, passes)
    return found


def thinned(room: Room, without: Collection[str]) -> Room:
    """The room without those of its parts."""
    return room.model_copy(update={"parts": tuple(part for part in room.parts if part.id not in without)})


def furnished(style: Style, room: Room, camera: Camera, *, light: str = "", samples: int = SAMPLES) -> Geometry:
    """The room for a camera, with nothing in it but its own."""
    away = Placement("view", np.array([0.0, -room.depth / 2, room.height / 2]), 0.0, False, camera, np.eye(3))
    return rooms.build(style, room, away, SPECK, Settings(camera.width, camera.height, samples, light=light))


def anchor_points(room: Room) -> dict[str, Doubles]:
    """The middle of each anchor's free box, metres: where the room is asked for its light."""
    made = {}
    for anchor in room.anchors:
        x, y, z = anchor.at
        _, deep, high = anchor.free
        mounts = set(anchor.mounts)
        turn = np.radians(anchor.yaw_deg)
        out = deep / 2 if anchor.against == "wall" or "wall" in mounts else 0.0
        up = -high / 2 if "ceiling" in mounts else 0.0 if "wall" in mounts else max(high / 2, 0.1)
        point = np.array([x + np.sin(turn) * out, y - np.cos(turn) * out, z + up])
        low = np.array([-room.width / 2, -room.depth, 0.0]) + 0.05
        made[anchor.id] = np.clip(point, low, np.array([room.width / 2, 0.0, room.height]) - 0.05)
    return made


def _keep(found: View, room: Room, camera: Camera, geometry: Geometry, passes: Passes) -> None:
    shown = tone.view_transform(passes.picture)
    points = anchor_points(room)
    light = renderer.probe(geometry, np.array(list(points.values())), gain=passes.gain, seed=0)
    told = found.decided | {
        "made_by": machine.fingerprint(),
        "camera": {
            "focal_px": camera.focal,
            "centre_px": [camera.cx, camera.cy],
            "position_m": camera.position.tolist(),
            "rotation": camera.rotation.tolist(),
        },
        "probes": [
            {"anchor": name, "position_m": point.tolist(), "radiance": np.round(each, 5).tolist()}
            for (name, point), each in zip(points.items(), light.astype(float), strict=True)
        ],
    }
    _write(found.passes, _packed(passes))
    _write(found.preview, images.encode(shown, "jpeg", width=min(PREVIEW_WIDTH, camera.width)))
    _write(found.picture, images.encode(shown, "jpeg"))
    _write(found.facts, recipe.canonical(told))


def _packed(passes: Passes) -> bytes:
    planes = {field.name: getattr(passes, field.name) for field in fields(passes)}
    for name in ("picture", "normals", "albedo", "shading", "hull"):
        planes[name] = np.clip(planes[name], -6e4, 6e4).astype(np.float16)
    out = BytesIO()
    np.savez_compressed(out, **planes)
    return out.getvalue()


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all, whoever else writes the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
