"""One traced scene, several passes: the picture in slices that can be watched and stopped, and what lies in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from imagegen.geometry import Geometry, Mesh
from imagegen.protocols import Progress
from imagegen.renderer.denoise import denoise
from imagegen.renderer.scene import Loaded, load, sensor
from imagegen.renderer.trace import can_look_through, trace
from imagegen.types import Bools, Camera, Floats, Labels, Passes, Quality

PRESETS: dict[Quality, tuple[int, int]] = {
    Quality.DRAFT: (640, 12),
    Quality.STANDARD: (1216, 16),
    Quality.FINAL: (2048, 24),
}
"""Width of the picture in pixels and paths a pixel: about 4 s, 20 s, 90 s on two cores."""

MAX_DEPTH = 7
LANES = 4_200_000  # paths traced at once: bounds memory and the wait for a cancellation
GUIDE_SAMPLES = 6
LIGHT_SAMPLES = 48
LIGHT_SCALE = 4  # the light on the hull is wanted at low frequency only
PATHS = {"type": "volpath", "max_depth": MAX_DEPTH}  # its shadow rays pass through sheer cloth, panes and panels
GUIDES = {"type": "aov", "aovs": "al:albedo,nn:sh_normal,ii:shape_index"}

Sink = Callable[[float], None]


def render(
    geometry: Geometry,
    camera: Camera,
    hull: Mesh | None,
    *,
    samples: int,
    seed: int,
    progress: Progress | None = None,
) -> Passes:
    """Trace the room from the camera, with the product's hull standing in it (or None: a room or studio alone).

    The hull throws shadows, reflects and hides as a real thing does, but the camera looks *through* it:
    ``picture`` shows the room behind the product with the product's shadow, so that nothing of the hull can
    show at the product's edge. Depth, normals, albedo and segments do contain it. The scalar variant cannot
    look through: there the picture shows the hull, in its own colour.

    ``samples``: paths a pixel. Equal arguments give equal pixels on one machine. ``progress`` is told
    ("render", 0..1) between slices; whatever it raises ends the work.
    Raises RendererUnavailableError when the path tracer or the denoiser is missing.
    """

    def tell(share: float) -> None:
        if progress is not None:
            progress("render", share)

    tell(0.0)
    loaded = load(geometry, hull)
    picture = _picture(loaded, camera, samples, seed, lambda share: tell(0.05 + 0.75 * share))
    whole = _guides(loaded, camera, seed, loaded.panels)
    behind = whole
    if loaded.hull >= 0 and can_look_through():
        behind = _guides(loaded, camera, seed, (*loaded.panels, loaded.hull))
    tell(0.85)
    clean = denoise(picture * geometry.exposure, behind["albedo"], behind["normals"])
    tell(0.95)
    depth, normals, segments = _points(loaded, camera, seed)
    light = _light_on_hull(loaded, camera, hull, whole["hull"], seed) * np.float32(geometry.exposure)
    tell(1.0)
    return Passes(clean, depth, normals, whole["albedo"], segments, light, whole["hull"])


def _picture(loaded: Loaded, camera: Camera, samples: int, seed: int, tell: Sink) -> Floats:
    """The noisy picture (H, W, 3), traced in slices of a few paths a pixel."""
    unseen = loaded.panels if loaded.hull < 0 else (*loaded.panels, loaded.hull)
    view, done = sensor(camera), 0
    total = np.zeros((camera.height * camera.width, 3), np.float64)
    for number, count in enumerate(_slices(samples, camera.width * camera.height)):
        paths = trace(loaded, view, PATHS, count=count, seed=_seed(seed, number), unseen=unseen)
        total += paths.mean(axis=1, dtype=np.float64) * count
        done += count
        tell(done / samples)
    return (total / samples).reshape(camera.height, camera.width, 3).astype(np.float32)


def _slices(samples: int, pixels: int) -> list[int]:
    step = max(1, min(samples, LANES // max(pixels, 1)))
    full, rest = divmod(samples, step)
    return [step] * full + ([rest] if rest else [])


def _guides(loaded: Loaded, camera: Camera, seed: int, unseen: tuple[int, ...]) -> dict[str, Floats]:
    """What each pixel sees on average: albedo and normals (H, W, 3), share of the hull (H, W)."""
    view, shape = sensor(camera), (camera.height, camera.width)
    total = np.zeros((camera.height * camera.width, 7))
    for number in range(GUIDE_SAMPLES):
        plane = trace(loaded, view, GUIDES, count=1, seed=_seed(seed, 1000 + number), unseen=unseen)[:, 0]
        total[:, :6] += plane[:, -7:-1]
        total[:, 6] += np.round(plane[:, -1]) - 1 == loaded.hull
    mean = (total / GUIDE_SAMPLES).astype(np.float32)
    return {
        "albedo": np.clip(mean[:, :3], 0, 1).reshape(*shape, 3),
        "normals": mean[:, 3:6].reshape(*shape, 3),
        "hull": mean[:, 6].reshape(shape) * (loaded.hull >= 0),
    }


def _points(loaded: Loaded, camera: Camera, seed: int) -> tuple[Floats, Floats, Labels]:
    """Depth in metres, normals and class of the one point behind each pixel's centre: never a mix of two things."""
    plan = {"type": "aov", "aovs": "pp:position,nn:sh_normal,ii:shape_index"}
    plane = trace(loaded, sensor(camera), plan, count=1, seed=_seed(seed, 3000), unseen=loaded.panels, centred=True)[
        :, 0
    ]
    index = np.round(plane[:, -1]).astype(np.int64) - 1  # the path tracer counts shapes from 1
    met, shape = index >= 0, (camera.height, camera.width)
    depth = np.where(met, (plane[:, -7:-4] - camera.position) @ camera.rotation[2], np.inf)
    segments = np.where(met, loaded.segments[np.maximum(index, 0)], 0)
    normals = np.where(met[:, None], plane[:, -4:-1], 0)
    return (
        depth.reshape(shape).astype(np.float32),
        normals.reshape(*shape, 3).astype(np.float32),
        segments.reshape(shape).astype(np.uint8),
    )


def _light_on_hull(loaded: Loaded, camera: Camera, hull: Mesh | None, seen: Floats, seed: int) -> Floats:
    """Light that falls on the hull as if it were white (H, W, 3), traced small; zeros where no hull is seen."""
    full = np.zeros((camera.height, camera.width, 3), np.float32)
    if hull is None or loaded.hull < 0 or not seen.any():
        return full
    plain = hull.material.colour
    if not isinstance(plain, tuple):
        raise TypeError("a hull has one plain colour: its light is told from it by division")
    view = sensor(camera, LIGHT_SCALE)
    width, height = (int(x) for x in view.film().size())
    plane = trace(loaded, view, GUIDES, count=4, seed=_seed(seed, 2001), unseen=loaded.panels)
    owned = np.all(np.round(plane[..., -1]) - 1 == loaded.hull, axis=1)
    if not owned.any():  # a hull finer than the small picture's pixels
        owned = np.any(np.round(plane[..., -1]) - 1 == loaded.hull, axis=1)
    pixels = np.flatnonzero(owned)
    if not pixels.size:
        return full
    paths = trace(loaded, view, PATHS, count=LIGHT_SAMPLES, seed=_seed(seed, 2000), unseen=loaded.panels, pixels=pixels)
    light = np.zeros((height * width, 3), np.float32)
    light[pixels] = paths.mean(axis=1) / np.maximum(plain, 1e-3)
    return _spread(light.reshape(height, width, 3), owned.reshape(height, width), camera) * (seen > 0)[..., None]


def _spread(light: Floats, owned: Bools, camera: Camera) -> Floats:
    """Small light at the picture's size; pixels outside ``owned`` are filled from the nearest inside, then denoised."""
    from scipy import ndimage  # noqa: PLC0415  # slow to import, needed only here

    nearest = ndimage.distance_transform_edt(~owned, return_distances=False, return_indices=True)
    filled = light[tuple(nearest)]
    clean = denoise(filled, np.full_like(filled, 0.9), None)
    zoom = (camera.height / light.shape[0], camera.width / light.shape[1], 1)
    full: Floats = ndimage.zoom(clean, zoom, order=1, mode="nearest", grid_mode=True)
    return full.astype(np.float32)


def _seed(seed: int, slice_number: int) -> int:
    """A different 32-bit seed for each slice of each picture."""
    return int(np.random.SeedSequence([seed, slice_number]).generate_state(1)[0])
