"""Canonical views of a (style, room), kept on disk by content: for browsing, previews and engines that warm up.

A view's folder is named after everything that decides it (the pages' version, the camera, the size, the samples,
the renderer), so a changed style or a new machine never shows an old picture, and nothing has to be invalidated.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, fields
from io import BytesIO
from pathlib import Path

import numpy as np

from imagegen import images, machine, recipe, renderer, rooms, tone
from imagegen.clock import silent
from imagegen.protocols import Progress
from imagegen.types import Camera, Dimensions, Passes, Placement, Product
from styles.library import Library
from styles.schema import Room

PREVIEW_WIDTH = 480
ANGLES_DEG = (0.0, -18.0, 20.0)
"""From which sides a room is shown: the camera's yaw about the middle of the room."""
EYE = 1.35
FOCAL = 0.95  # of the picture's width: about 34 mm
SPECK = Product("view", "view", "view", Dimensions(1e-3, 1e-3, 1e-3))


@dataclass(frozen=True, slots=True)
class View:
    """Files of one view: the ``picture`` (JPEG, full size), its ``preview`` (JPEG, small) and the ``passes`` (npz)."""

    picture: Path
    preview: Path
    passes: Path

    def load(self) -> Passes:
        """The passes as the renderer gave them (halved to 16 bits where that is enough)."""
        with np.load(self.passes, allow_pickle=False) as stored:
            planes = {name: stored[name] for name in stored.files}
        return Passes(**{n: p if p.dtype == np.uint8 else p.astype(np.float32) for n, p in planes.items()})


def view(
    library: Library,
    style: str,
    room: str | None,
    folder: Path,
    *,
    angle: int = 0,
    width: int = 640,
    samples: int = 8,
    progress: Progress = silent,
) -> View:
    """The style's room as nobody furnished it further, rendered on the first call and read from ``folder`` after.

    ``angle``: index into ANGLES_DEG. Safe when several processes ask at once: each file appears whole or not at all.
    Raises UnknownStyleError or UnknownRoomError, RendererUnavailableError.
    """
    page = library.room(style, room)
    camera = _camera(page, ANGLES_DEG[angle], width)
    decided = {
        "version": library.version(style, page.slug),
        "style": style,
        "room": page.slug,
        "yaw_deg": ANGLES_DEG[angle],
        "size": [camera.width, camera.height],
        "samples": samples,
        "machine": machine.fingerprint(),
    }
    place = folder / hashlib.sha256(recipe.canonical(decided)).hexdigest()
    found = View(place / "picture.jpg", place / "preview.jpg", place / "passes.npz")
    if not all(file.is_file() for file in (found.picture, found.preview, found.passes)):
        _make(library, style, page, camera, found, samples, progress)
    return found


def _make(
    library: Library, style: str, room: Room, camera: Camera, found: View, samples: int, progress: Progress
) -> None:
    away = Placement("view", np.array([0.0, -room.depth / 2, room.height / 2]), 0.0, False, camera, np.eye(3))
    geometry = rooms.build(library.style(style), room, away, SPECK)
    passes = renderer.render(geometry, camera, None, samples=samples, seed=0, progress=progress)
    shown = tone.view_transform(passes.picture)
    _write(found.passes, _packed(passes))
    _write(found.preview, images.encode(shown, "jpeg", width=min(PREVIEW_WIDTH, camera.width)))
    _write(found.picture, images.encode(shown, "jpeg"))


def _camera(room: Room, yaw_deg: float, width: int) -> Camera:
    """Stands before the open side of the room, level, and looks at the middle of the back wall."""
    height = round(width / (1216 / 832) / 2) * 2
    yaw = np.radians(yaw_deg)
    distance = max(room.width * FOCAL * 0.85, room.depth * 0.9)
    forward = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    position = np.array([0.0, -0.35 * room.depth, EYE]) - forward * (distance - 0.35 * room.depth)
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    rotation = np.array([right, [0.0, 0.0, -1.0], forward])
    return Camera(FOCAL * width, width / 2, height * 0.47, rotation, position, width, height)


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
