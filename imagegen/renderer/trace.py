"""Paths through a loaded scene, pixel by pixel: the same inputs give the same bits.

The wavefront variants (LLVM, CUDA) would add samples into a film in whatever order threads come by, and float
addition is not associative; so here each path's result is kept and a pixel's paths are added in their own order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from imagegen.renderer.scene import Loaded
from imagegen.renderer.variant import choose, mitsuba
from imagegen.types import Floats

PEELED = 4  # surfaces a camera ray may look through: front and back of the hull, and panels


def can_look_through() -> bool:
    """Whether camera rays can pass through chosen shapes (not in the scalar variant, which traces in C++ alone)."""
    return not choose().variant.startswith("scalar")


def trace(
    loaded: Loaded,
    view: Any,
    plan: dict[str, Any],
    *,
    count: int,
    seed: int,
    unseen: tuple[int, ...] = (),
    centred: bool = False,
    pixels: np.ndarray | None = None,
) -> Floats:
    """What ``count`` paths through each pixel bring: (N, count, C) float32; (N, 1, C) averages in the scalar variant.

    ``plan`` describes the integrator, whose channels come as C (colour first, then AOVs). ``unseen``: indices of
    shapes that camera rays pass through. ``centred``: through pixel centres. ``pixels`` (N,): row-major indices,
    all by default.
    """
    if can_look_through():
        return _wavefront(loaded, view, plan, count, seed, unseen, centred, pixels)
    mi = mitsuba()
    traced = mi.render(loaded.scene, sensor=view, integrator=mi.load_dict(plan), spp=count, seed=seed)
    flat = np.asarray(traced, np.float32).reshape(-1, 1, traced.shape[2])
    return flat if pixels is None else flat[pixels]


def _wavefront(
    loaded: Loaded,
    view: Any,
    plan: dict[str, Any],
    count: int,
    seed: int,
    unseen: tuple[int, ...],
    centred: bool,
    pixels: np.ndarray | None,
) -> Floats:
    mi = mitsuba()
    import drjit as dr  # noqa: PLC0415  # comes with mitsuba and needs its variant first

    width, height = (int(x) for x in view.film().size())
    chosen = np.arange(width * height) if pixels is None else pixels
    paths = len(chosen) * count
    # Opaque values stay out of the compiled kernel, so that one kernel serves every seed and size.
    wide, high, each = (dr.opaque(mi.UInt32, x) for x in (width, height, count))
    sampler = view.sampler().clone()
    sampler.seed(dr.opaque(mi.UInt32, seed), paths)
    pixel = dr.gather(mi.UInt32, mi.UInt32(chosen.astype(np.uint32)), dr.arange(mi.UInt32, paths) // each)
    row = pixel // wide
    inside = mi.Point2f(0.5) if centred else sampler.next_2d()
    place = mi.Point2f(
        (mi.Float(pixel - row * wide) + inside.x) / mi.Float(wide), (mi.Float(row) + inside.y) / mi.Float(high)
    )
    ray, _ = view.sample_ray_differential(mi.Float(0), sampler.next_1d(), place, mi.Point2f(0.5))
    _peel(loaded, ray, unseen)
    colour, valid, extra = mi.load_dict(plan).sample(loaded.scene, sampler, ray, None, mi.Bool(True))
    colour = dr.select(valid, colour, 0)
    dr.eval(colour, *extra)
    channels = [np.broadcast_to(np.asarray(x), paths) for x in (colour.x, colour.y, colour.z, *extra)]
    return np.stack(channels, axis=-1).reshape(len(chosen), count, -1).astype(np.float32, copy=False)


def _peel(loaded: Loaded, ray: Any, unseen: tuple[int, ...]) -> None:
    """Move the rays' origins past every unseen shape that they meet first."""
    mi = mitsuba()
    import drjit as dr  # noqa: PLC0415  # comes with mitsuba and needs its variant first

    if not unseen:
        return
    shapes = loaded.scene.shapes()
    hidden = [mi.ShapePtr(shapes[index]) for index in unseen]
    for _ in range(PEELED):
        met = loaded.scene.ray_intersect_preliminary(mi.Ray3f(ray), coherent=True, active=mi.Bool(True))
        skip = mi.Bool(False)
        for shape in hidden:
            skip |= met.shape == shape
        skip &= met.is_valid()
        ray.o = dr.select(skip, ray.o + ray.d * (met.t * (1 + 2e-5) + 1e-5), ray.o)
