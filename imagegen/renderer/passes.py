"""One traced scene, several passes: the picture in slices that can be watched and stopped, and what lies in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from imagegen.geometry import Geometry, Mesh
from imagegen.protocols import Progress
from imagegen.renderer.denoise import denoise
from imagegen.renderer.scene import Loaded, load, sensor
from imagegen.renderer.variant import choose, mitsuba
from imagegen.types import Camera, Doubles, Floats, Passes, Quality

PRESETS: dict[Quality, tuple[int, int]] = {
    Quality.DRAFT: (640, 12),
    Quality.STANDARD: (1216, 16),
    Quality.FINAL: (2048, 24),
}
"""Width of the picture in pixels and paths a pixel: about 4 s, 20 s, 90 s on two cores."""

MAX_DEPTH = 7
LANES = 4_200_000  # paths traced at once: bounds memory and the wait for a cancellation
GUIDE_SAMPLES = 4
LIGHT_SAMPLES = 24
LIGHT_SCALE = 4  # the light on the hull is wanted at low frequency only
PEELED = 4  # surfaces a camera ray may look through: front and back of the hull, and panels

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
    picture = _picture(loaded, camera, samples, seed, lambda share: tell(0.05 + 0.75 * share)) * geometry.exposure
    tell(0.8)
    whole = _guides(loaded, camera, seed, through=False)
    behind = _guides(loaded, camera, seed, through=True) if loaded.hull >= 0 and _can_look_through() else whole
    clean = denoise(picture, behind["albedo"], behind["normals"])
    tell(0.9)
    light = _light_on_hull(loaded, camera, hull, whole["hull"], seed) * geometry.exposure
    tell(1.0)
    return Passes(
        picture=clean,
        depth=whole["depth"],
        normals=whole["centre_normals"],
        albedo=np.clip(whole["albedo"], 0, 1),
        segments=whole["segments"],
        shading=light,
        hull=whole["hull"],
    )


def _can_look_through() -> bool:
    return not choose().variant.startswith("scalar")


@cache
def _looking_through() -> type:
    """An integrator whose camera rays pass through chosen shapes; all other rays meet them."""
    mi = mitsuba()
    import drjit as dr  # noqa: PLC0415  # comes with mitsuba and needs its variant first

    class LookingThrough(mi.SamplingIntegrator):  # type: ignore[misc, name-defined, unused-ignore]  # mitsuba is untyped
        """Peels unseen surfaces off the camera ray, then hands it to the inner integrator."""

        def __init__(self, inner: Any, unseen: Sequence[Any]) -> None:
            super().__init__(mi.Properties())
            self.inner = inner
            self.unseen = [mi.ShapePtr(shape) for shape in unseen]

        def sample(self, scene: Any, sampler: Any, ray: Any, medium: Any = None, active: Any = True) -> Any:  # noqa: FBT002  # mitsuba's signature
            ray = mi.RayDifferential3f(ray)
            for _ in range(PEELED if self.unseen else 0):
                met = scene.ray_intersect_preliminary(mi.Ray3f(ray), coherent=True, active=active)
                skip = dr.zeros(mi.Bool, dr.width(ray.o))
                for shape in self.unseen:
                    skip |= met.shape == shape
                skip &= met.is_valid()
                ray.o = dr.select(skip, ray(met.t * (1 + 2e-5) + 1e-5), ray.o)
            return self.inner.sample(scene, sampler, ray, medium, active)

        def aov_names(self) -> list[str]:
            return list(self.inner.aov_names())

    return LookingThrough


def _integrator(loaded: Loaded, plan: dict[str, Any], *, through: bool) -> Any:
    inner = mitsuba().load_dict(plan)
    if not _can_look_through():
        return inner
    shapes = loaded.scene.shapes()
    unseen = [shapes[index] for index in loaded.unseen]
    if through and loaded.hull >= 0:
        unseen.append(shapes[loaded.hull])
    return _looking_through()(inner, unseen)


def _picture(loaded: Loaded, camera: Camera, samples: int, seed: int, tell: Sink) -> Floats:
    """The noisy picture (H, W, 3), traced in slices of a few paths a pixel."""
    integrator = _integrator(loaded, {"type": "volpath", "max_depth": MAX_DEPTH}, through=True)
    slices = _slices(samples, camera.width * camera.height)
    total = np.zeros((camera.height, camera.width, 3), np.float64)
    view, done = sensor(camera), 0
    for number, count in enumerate(slices):
        total += _trace(loaded, view, integrator, count, _seed(seed, number))[..., :3].astype(np.float64) * count
        done += count
        tell(done / samples)
    return (total / samples).astype(np.float32)


def _slices(samples: int, pixels: int) -> list[int]:
    step = max(1, min(samples, LANES // max(pixels, 1)))
    full, rest = divmod(samples, step)
    return [step] * full + ([rest] if rest else [])


def _guides(loaded: Loaded, camera: Camera, seed: int, *, through: bool) -> dict[str, Any]:
    """What each pixel sees: averaged albedo, normals and hull; depth, normals and class of one point (never a mix)."""
    plan = {"type": "aov", "aovs": "al:albedo,nn:sh_normal,pp:position,ii:shape_index"}
    integrator, view = _integrator(loaded, plan, through=through), sensor(camera)
    shape = (camera.height, camera.width)
    albedo, normals, hull = np.zeros((*shape, 3)), np.zeros((*shape, 3)), np.zeros(shape)
    for number in range(GUIDE_SAMPLES):
        plane = _trace(loaded, view, integrator, 1, _seed(seed, 1000 + number))
        point, index = plane[..., -4:-1], np.round(plane[..., -1]).astype(np.int64) - 1  # it counts from 1
        met = index >= 0
        albedo += plane[..., -10:-7]
        normals += plane[..., -7:-4]
        hull += met & (index == loaded.hull)
        if number == 0:
            depth = np.where(met, (point - camera.position) @ camera.rotation[2], np.inf).astype(np.float32)
            centre = plane[..., -7:-4]
            segments = np.where(met, loaded.segments[np.clip(index, 0, len(loaded.segments) - 1)], 0)
    return {
        "albedo": (albedo / GUIDE_SAMPLES).astype(np.float32),
        "normals": (normals / GUIDE_SAMPLES).astype(np.float32),
        "hull": (hull / GUIDE_SAMPLES).astype(np.float32),
        "depth": depth,
        "centre_normals": centre.astype(np.float32),
        "segments": segments.astype(np.uint8),
    }


def _light_on_hull(loaded: Loaded, camera: Camera, hull: Mesh | None, seen: Floats, seed: int) -> Floats:
    """Light that falls on the hull as if it were white (H, W, 3), traced small; zeros where no hull is seen."""
    if hull is None or loaded.hull < 0 or not seen.any():
        return np.zeros((camera.height, camera.width, 3), np.float32)
    plain = hull.material.colour
    if not isinstance(plain, tuple):
        raise TypeError("a hull has one plain colour: its light is told from it by division")
    view = sensor(camera, LIGHT_SCALE)
    integrator = _integrator(loaded, {"type": "volpath", "max_depth": MAX_DEPTH}, through=False)
    light = _trace(loaded, view, integrator, LIGHT_SAMPLES, _seed(seed, 2000))[..., :3] / np.maximum(plain, 1e-3)
    guides = _trace(
        loaded,
        view,
        _integrator(loaded, {"type": "aov", "aovs": "nn:sh_normal,ii:shape_index"}, through=False),
        8,
        _seed(seed, 2001),
    )
    normals = np.clip(guides[..., -4:-1], -1, 1).astype(np.float32)
    clean = denoise(light.astype(np.float32), np.full_like(normals, 0.9), normals)
    return _spread(clean, seen, camera)


def _spread(light: Floats, seen: Floats, camera: Camera) -> Floats:
    """Small light laid over the picture's pixels; what the hull does not own is filled from the nearest that it does."""
    from scipy import ndimage  # noqa: PLC0415  # slow to import, needed only here

    rows = np.minimum((np.arange(camera.height) * light.shape[0]) // camera.height, light.shape[0] - 1)
    cols = np.minimum((np.arange(camera.width) * light.shape[1]) // camera.width, light.shape[1] - 1)
    owned = np.ones(light.shape[:2], bool)
    np.logical_and.at(owned, (rows[:, None], cols[None, :]), seen > 0.99)
    if not owned.any():
        np.logical_or.at(owned, (rows[:, None], cols[None, :]), seen > 0)
    nearest = ndimage.distance_transform_edt(~owned, return_distances=False, return_indices=True)
    filled = light[tuple(nearest)]
    zoom = (camera.height / light.shape[0], camera.width / light.shape[1], 1)
    full = ndimage.zoom(filled, zoom, order=1, mode="nearest", grid_mode=True)
    return (full * (seen > 0)[..., None]).astype(np.float32)


def _trace(loaded: Loaded, view: Any, integrator: Any, count: int, seed: int) -> Doubles:
    mi = mitsuba()
    return np.asarray(mi.render(loaded.scene, sensor=view, integrator=integrator, spp=count, seed=seed))


def _seed(seed: int, slice_number: int) -> int:
    """A different 32-bit seed for each slice of each picture."""
    return int(np.random.SeedSequence([seed, slice_number]).generate_state(1)[0])
