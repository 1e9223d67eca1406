"""Where a view lies on this machine, what is in it, and how it is read; knows nothing of how one is made.

A view's folder is named after everything that decides it: the version of its pages, the text of the modules that
build and trace rooms, the light, the camera, the size and the samples. A changed style therefore never shows an old
picture, and nothing has to be invalidated. The format is told in ``docs/views.md``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from imagegen import recipe
from imagegen.harmonics import harmonics
from imagegen.types import Camera, Doubles, Floats, Passes
from styles.library import Library
from styles.schema import Room

FORMAT = 1
"""Raised when the meaning of a file changes."""
PREVIEW_WIDTH = 480
ANGLES_DEG = (0.0, -18.0, 20.0)
"""From which sides a room is shown: the camera's yaw about the middle of the room."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How a view's camera stands.

    ``eye``: metres above the floor; ``focal``: in widths of the picture; ``back``: how far away, 1 where the room fills
    the picture; ``horizon``: its row as a share of the picture's height.
    """

    eye: float = 1.35
    focal: float = 0.95  # about 34 mm
    back: float = 1.0
    horizon: float = 0.47


SHOWING = Stand()
"""For looking at rooms."""
PLACING = Stand(eye=1.6, focal=0.8, back=1.2, horizon=0.3)
"""For putting something down in them: from higher, wider and further away, so that more of the floor is seen."""
WIDTH, SAMPLES = 640, 8
PACKAGE = Path(__file__).parents[1]
SOURCES = ("rooms", "renderer", "geometry.py", "tone.py")


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """The light at an anchor.

    ``position`` (3,): metres in the room; ``radiance`` (9, 3): what arrives there, linear RGB in spherical harmonics.
    """

    anchor: str
    position: Doubles
    radiance: Floats

    def irradiance(self, normals: Floats) -> Floats:
        """What falls on surfaces with unit normals (..., 3), linear RGB (..., 3) (Ramamoorthi and Hanrahan 2001)."""
        bands = np.repeat([np.pi, 2 * np.pi / 3, np.pi / 4], (1, 3, 5))[:, None]
        return np.asarray(np.maximum(harmonics(normals) @ (self.radiance * bands), 0.0), np.float32)


@dataclass(frozen=True, slots=True)
class View:
    """The ``folder`` of one view and what decides it, as in its ``view.json``."""

    folder: Path
    decided: dict[str, Any]

    @property
    def picture(self) -> Path:
        """JPEG, full size."""
        return self.folder / "picture.jpg"

    @property
    def preview(self) -> Path:
        """JPEG, small."""
        return self.folder / "preview.jpg"

    @property
    def passes(self) -> Path:
        """The passes, npz."""
        return self.folder / "passes.npz"

    @property
    def facts(self) -> Path:
        """The camera, the probes and all that decided the view, JSON; written last."""
        return self.folder / "view.json"

    @property
    def is_made(self) -> bool:
        """Whether it can be read."""
        return self.facts.is_file()

    def load(self) -> Passes:
        """The passes as the renderer gave them (halved to 16 bits where that is enough)."""
        with np.load(self.passes, allow_pickle=False) as stored:
            planes = {name: stored[name] for name in stored.files}
        return Passes(**{n: p if p.dtype == np.uint8 else p.astype(np.float32) for n, p in planes.items()})

    def probes(self) -> tuple[Probe, ...]:
        """The light at each of the room's anchors."""
        told = json.loads(self.facts.read_text(encoding="utf-8"))["probes"]
        return tuple(Probe(p["anchor"], np.array(p["position_m"]), np.array(p["radiance"], np.float32)) for p in told)


def find(
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
) -> View:
    """Where that view lies under ``folder``, made or not. ``angle``: index into ANGLES_DEG.

    ``without``: ids of parts that are left out.

    Raises UnknownStyleError, UnknownRoomError or UnknownLightError.
    """
    page = library.room(style, room)
    library.style(style).light(light)
    camera = camera_of(page, ANGLES_DEG[angle], width, stand)
    decided: dict[str, Any] = {
        "format": FORMAT,
        "style": style,
        "room": page.slug,
        "light": light or next(iter(library.style(style).lights)),
        "version": library.version(style, page.slug),
        "sources": _sources(),
        "yaw_deg": ANGLES_DEG[angle],
        "size": [camera.width, camera.height],
        "samples": samples,
    }
    if stand != SHOWING:
        decided["stand"] = asdict(stand)
    if without:
        decided["without"] = sorted(without)
    name = hashlib.sha256(recipe.canonical(decided)).hexdigest()[:16]
    return View(folder / style / page.slug / f"{ANGLES_DEG[angle]:+03.0f}-{name}", decided)


def camera_of(room: Room, yaw_deg: float, width: int, stand: Stand = SHOWING) -> Camera:
    """Stands before the open side of the room, level, and looks at the middle of the back wall."""
    height = round(width / (1216 / 832) / 2) * 2
    yaw = np.radians(yaw_deg)
    distance = max(room.width * SHOWING.focal * 0.85, room.depth * 0.9) * stand.back
    forward = np.array([-np.sin(yaw), np.cos(yaw), 0.0])
    position = np.array([0.0, -0.35 * room.depth, stand.eye]) - forward * (distance - 0.35 * room.depth)
    right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
    rotation = np.array([right, [0.0, 0.0, -1.0], forward])
    return Camera(stand.focal * width, width / 2, height * stand.horizon, rotation, position, width, height)


@cache
def _sources() -> str:
    """One hash of the text of everything that builds and traces rooms."""
    named = [PACKAGE / source for source in SOURCES]
    files = [file for path in named for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
