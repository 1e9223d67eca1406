"""One traced scene, several passes: the picture in slices that can be watched and stopped, and what lies in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from imagegen.geometry import Geometry, Mesh
from imagegen.protocols import Progress
from imagegen.renderer.denoise import denoise
from imagegen.renderer.exposure import developed, settled
from imagegen.renderer.scene import Loaded, load
from imagegen.renderer.trace import Tracer, tracer
from imagegen.renderer.turns import turn
from imagegen.types import Body, Bools, Camera, Floats, Labels, Passes

LANES = 4_200_000  # paths traced at once: bounds memory and the wait for a cancellation
GUIDE_SAMPLES = 4
HULL_SAMPLES = 8
LIGHT_SAMPLES = 48
LIGHT_SCALE = 4  # the light on the hull is wanted at low frequency only

Sink = Callable[[float], None]


def render(
    geometry: Geometry,
    camera: Camera,
    hull: Mesh | None,
    *,
    samples: int,
    seed: int,
    others: Sequence[Mesh] = (),
    progress: Progress | None = None,
) -> Passes:
    """Trace the room from the camera, with the product's hull standing in it (or None: a room or studio alone).

    ``others``: the hulls of further products of a set, treated as the first one's is.

    The hull throws shadows, reflects and hides as a real thing does, but the camera looks *through* it:
    ``picture`` shows the room behind the product with the product's shadow, so that nothing of the hull can
    show at the product's edge. Depth, normals, albedo and segments do contain it. The scalar variant cannot
    look through: there the picture shows the hull, in its own colour.

    A geometry with a ``key`` settles exposure and white by what the camera sees (``exposure.settled``): the same
    linear map for the picture and for the light on the hull.
    ``samples``: paths a pixel. Equal arguments give equal pixels on one machine. ``progress`` is told
    ("render", 0..1) between slices, and while another thread traces; whatever it raises ends the work.
    Raises RendererUnavailableError when the path tracer or the denoiser is missing.
    """

    def tell(share: float) -> None:
        if progress is not None:
            progress("render", share)

    tell(0.0)
    with turn(lambda: tell(0.0)):
        return _traced(geometry, camera, hull, others, samples, seed, tell)


def _traced(
    geometry: Geometry,
    camera: Camera,
    hull: Mesh | None,
    others: Sequence[Mesh],
    samples: int,
    seed: int,
    tell: Sink,
) -> Passes:
    """All the passes, by the one thread whose turn it is."""
    hulls = (*(() if hull is None else (hull,)), *others)
    loaded = load(geometry, hulls)
    rays = tracer(loaded)
    picture = _picture(rays, camera, samples, seed, lambda share: tell(0.05 + 0.75 * share)) * geometry.exposure
    albedo, normals = _guides(rays, camera, seed)
    tell(0.85)
    clean = denoise(picture, albedo, normals)
    tell(0.95)
    depth, normals, albedo, segments, lit = _points(rays, loaded, camera, seed)
    bodies = [
        replace(body, shading=body.shading * np.float32(geometry.exposure))
        for body in _bodies(rays, loaded, camera, seed)
    ]
    gain = np.eye(3, dtype=np.float32)
    if geometry.key is not None:
        bare = np.all([body.hull < 0.01 for body in bodies], axis=0) if bodies else True  # no hull in the pixel
        gain = settled(clean, albedo, lit & bare, geometry.key, geometry.adapts)
        clean, bodies = developed(clean, gain), [replace(b, shading=developed(b.shading, gain)) for b in bodies]
    if hull is None:
        bodies.insert(0, Body(np.zeros(depth.shape, np.float32), np.zeros_like(clean)))
    tell(1.0)
    own, *rest = bodies
    return Passes(clean, depth, normals, albedo, segments, own.shading, own.hull, gain, tuple(rest))


def _bodies(rays: Tracer, loaded: Loaded, camera: Camera, seed: int) -> list[Body]:
    """Where each hull is seen, and the light that falls on it."""
    if not loaded.hulls:
        return []
    seen = rays.hulls_seen(camera, HULL_SAMPLES, _seed(seed, 2000)).reshape(-1, camera.height, camera.width)
    return [
        Body(share, _light_on_hull(rays, loaded.hulls[k], camera, seed + k) * (share > 0)[..., None])
        for k, share in enumerate(seen)
    ]


def _picture(rays: Tracer, camera: Camera, samples: int, seed: int, tell: Sink) -> Floats:
    """The noisy picture (H, W, 3), traced in slices of a few paths a pixel."""
    done = 0
    total = np.zeros((camera.height * camera.width, 3), np.float64)
    for number, count in enumerate(_slices(samples, camera.width * camera.height)):
        total += rays.light(camera, count, _seed(seed, number), through=True).astype(np.float64) * count
        done += count
        tell(done / samples)
    return (total / samples).reshape(camera.height, camera.width, 3).astype(np.float32)


def _slices(samples: int, pixels: int) -> list[int]:
    step = max(1, min(samples, LANES // max(pixels, 1)))
    full, rest = divmod(samples, step)
    return [step] * full + ([rest] if rest else [])


def _guides(rays: Tracer, camera: Camera, seed: int) -> tuple[Floats, Floats]:
    """Albedo and normals (H, W, 3) of what the picture shows, averaged over each pixel."""
    met = rays.points(camera, GUIDE_SAMPLES, _seed(seed, 1000), through=True)
    shape = (camera.height, camera.width, 3)
    return np.clip(met.albedo.mean(axis=1), 0, 1).reshape(shape), met.normals.mean(axis=1).reshape(shape)


def _points(rays: Tracer, loaded: Loaded, camera: Camera, seed: int) -> tuple[Floats, Floats, Floats, Labels, Bools]:
    """Depth in metres, normals, albedo and class of the one point behind each pixel: never a mix of two things.

    Last, whether it is a thing that only returns light.
    """
    met = rays.points(camera, 1, _seed(seed, 3000), through=False, centred=True)
    shape, index = (camera.height, camera.width), met.shape[:, 0]
    hit = index >= 0
    depth = np.where(hit, (met.position[:, 0] - camera.position) @ camera.rotation[2], np.inf)
    return (
        depth.reshape(shape).astype(np.float32),
        np.where(hit[:, None], met.normals[:, 0], 0).reshape(*shape, 3).astype(np.float32),
        np.where(hit[:, None], np.clip(met.albedo[:, 0], 0, 1), 0).reshape(*shape, 3).astype(np.float32),
        np.where(hit, loaded.segments[np.maximum(index, 0)], 0).reshape(shape).astype(np.uint8),
        (hit & ~loaded.shines[np.maximum(index, 0)]).reshape(shape),
    )


def _light_on_hull(rays: Tracer, index: int, camera: Camera, seed: int) -> Floats:
    """Light that falls on a hull (the shape of that ``index``) as if it were white (H, W, 3).

    Traced small and spread beyond the hull's edge.
    """
    small = _shrunk(camera, LIGHT_SCALE)
    width, height = small.width, small.height
    points = rays.points(small, 4, _seed(seed, 4000), through=False)
    met = points.shape == index
    owned = met.all(axis=1) if met.all(axis=1).any() else met.any(axis=1)  # a hull finer than these pixels
    # Its colours are soft and never black: divided out, they leave the light.
    own = (points.albedo * met[..., None]).sum(axis=1) / np.maximum(met.sum(axis=1), 1)[:, None]
    pixels = np.flatnonzero(owned)
    if not pixels.size:
        return np.zeros((camera.height, camera.width, 3), np.float32)
    light = np.zeros((height * width, 3), np.float32)
    paths = rays.light(small, LIGHT_SAMPLES, _seed(seed, 5000), through=False, pixels=pixels)
    light[pixels] = paths / np.maximum(own[pixels], 1e-3)
    return _spread(light.reshape(height, width, 3), owned.reshape(height, width), camera)


def _shrunk(camera: Camera, scale: int) -> Camera:
    """The same view in a picture 1/scale as wide."""
    width, height = max(1, round(camera.width / scale)), max(1, round(camera.height / scale))
    across, down = width / camera.width, height / camera.height
    return replace(
        camera, focal=camera.focal * across, cx=camera.cx * across, cy=camera.cy * down, width=width, height=height
    )


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
