"""Paths of light on a GPU or in LLVM's vectors, all pixels at once: import it only after a variant has been set.

A unidirectional path tracer with next event estimation and multiple importance sampling (Veach 1997, chapter 9),
and three liberties that a room with a photographed product in it needs: camera rays pass through chosen shapes;
shadow rays pass straight through thin things (sheer cloth, panes, panels of light) instead of ending there; and what
is met after a scattering bounce is matt and has its mean colour, for nobody sees the grain of a plank in the light
that it sends to the ceiling (it costs two fifths of the time to look). Mirrors still show every grain.

Each path's result is kept and a pixel's paths are added in their own order. A film would add them in whatever order
threads come by, float addition is not associative, and the same inputs would not give the same bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import drjit
import mitsuba
import numpy as np

from imagegen.renderer.scene import Loaded
from imagegen.renderer.trace import MAX_DEPTH, Points
from imagegen.types import Camera, Floats

dr: Any = drjit  # the stubs of both know nothing of a variant's arrays
mi: Any = mitsuba

ROULETTE_FROM = 3
CROSSINGS = 4  # thin things that one shadow ray may pass


@dataclass(frozen=True, slots=True, eq=False)
class Surfaces:
    """What a bounce needs to know of a shape without asking its material, by the shape's number."""

    clear: Any
    glass: Any
    mirrors: Any
    plain: Any


class Wavefront:
    """A loaded scene under Dr.Jit."""

    looks_through = True

    def __init__(self, loaded: Loaded) -> None:
        self.hulls = loaded.hulls
        self.scene = loaded.scene
        shapes = [mi.ShapePtr(shape) for shape in loaded.scene.shapes()]
        # Dr.Jit numbers shapes over all living scenes; tables by that number answer inside a kernel.
        self.numbers = np.array([int(dr.reinterpret_array(mi.UInt, shape)[0]) for shape in shapes])
        size = int(self.numbers.max()) + 1
        self.order = np.full(size, -1)
        self.order[self.numbers] = np.arange(len(shapes))
        clear = np.zeros(size, np.float32)
        clear[self.numbers] = loaded.clear
        plain = np.zeros((size, 3), np.float32)
        plain[self.numbers] = loaded.plain
        self.surfaces = Surfaces(
            clear=mi.Float(clear),
            glass=self._table(size, tuple(np.flatnonzero(loaded.solid_glass))),
            mirrors=self._table(size, tuple(np.flatnonzero(loaded.mirrors))),
            plain=mi.Float(plain.ravel()),
        )
        self.panels = self._table(size, loaded.panels)
        self.unseen = self._table(size, (*loaded.panels, *loaded.hulls))

    def _table(self, size: int, chosen: tuple[int, ...]) -> Any:
        table = np.zeros(size, bool)
        table[self.numbers[list(chosen)]] = True
        return mi.Bool(table)

    def light(
        self, camera: Camera, count: int, seed: int, *, through: bool, pixels: np.ndarray | None = None
    ) -> Floats:
        """Radiance (N, 3), the mean of ``count`` paths through each of ``pixels`` (row-major indices; all by default).

        ``through``: the camera looks through the hulls; it never sees panels.
        """
        ray, sampler, paths = _camera_rays(camera, count, seed, pixels, centred=False)
        colour = _follow(self.scene, sampler, ray, self.unseen if through else self.panels, self.surfaces)
        planes = _finite(colour, paths)
        return np.asarray(planes.reshape(-1, count, 3).mean(axis=1, dtype=np.float64), np.float32)

    def lights(self, cameras: Sequence[Camera], count: int, seed: int) -> Floats:
        """Radiance (C, N, 3) for cameras of one size, all their paths in one go.

        To record a kernel costs more than to trace a few thousand paths.
        """
        width, height = cameras[0].width, cameras[0].height
        pixels = np.stack(np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5), axis=-1).reshape(-1, 2)
        ways = np.concatenate([camera.rays(pixels) for camera in cameras])
        ways = np.repeat(ways / np.linalg.norm(ways, axis=1, keepdims=True), count, axis=0).astype(np.float32)
        eyes = np.repeat([camera.position for camera in cameras], len(pixels) * count, axis=0).astype(np.float32)
        sampler = mi.load_dict({"type": "independent"})
        sampler.seed(dr.opaque(mi.UInt32, seed), len(ways))
        ray = mi.Ray3f(mi.Point3f(*eyes.T), mi.Vector3f(*ways.T))
        colour = _follow(self.scene, sampler, ray, self.panels, self.surfaces)
        planes = _finite(colour, len(ways))
        mean = planes.reshape(len(cameras), len(pixels), count, 3).mean(axis=2, dtype=np.float64)
        return np.asarray(mean, np.float32)

    def points(self, camera: Camera, count: int, seed: int, *, through: bool, centred: bool = False) -> Points:
        """What ``count`` rays through each pixel meet first; with ``centred`` all go through the pixel's centre."""
        ray, _, paths = _camera_rays(camera, count, seed, None, centred=centred)
        met = _first(self.scene, ray, self.unseen if through else self.panels)
        valid = met.is_valid()
        albedo = dr.select(valid, met.bsdf().eval_diffuse_reflectance(met, valid), 0)
        facing = dr.select(met.wi.z < 0, -met.sh_frame.n, met.sh_frame.n)
        normal = dr.select(valid, facing, 0)
        number = dr.select(valid, dr.reinterpret_array(mi.UInt, met.shape), 0)
        dr.eval(albedo, normal, met.p, number)

        def planes(vector: Any) -> Floats:
            stack = np.stack([np.broadcast_to(np.asarray(x), paths) for x in vector], axis=-1)
            return stack.reshape(-1, count, 3).astype(np.float32)

        shape = np.where(np.asarray(valid), self.order[np.asarray(number)], -1).reshape(-1, count)
        return Points(planes(albedo), planes(normal), planes(met.p), shape)

    def hulls_seen(self, camera: Camera, count: int, seed: int) -> Floats:
        """Share (K, N) of each pixel that sees each of the K hulls."""
        ray, _, _ = _camera_rays(camera, count, seed, None, centred=False)
        number = np.asarray(_nearest(self.scene, ray, self.panels)).reshape(-1, count)
        return np.asarray([(number == self.numbers[hull]).mean(axis=1) for hull in self.hulls], np.float32)


def _finite(colour: Any, paths: int) -> Floats:
    """Each path's radiance (paths, 3). A path that met a triangle without an area has none, and counts as dark."""
    dr.eval(colour)
    planes = np.stack([np.broadcast_to(np.asarray(channel), paths) for channel in colour], axis=-1)
    return np.asarray(np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0), np.float32)


def _camera_rays(
    camera: Camera, count: int, seed: int, pixels: np.ndarray | None, *, centred: bool
) -> tuple[Any, Any, int]:
    """Rays through the pixels (a pixel's own lie side by side), their sampler, and how many they are."""
    chosen = np.arange(camera.width * camera.height) if pixels is None else pixels
    paths = len(chosen) * count
    # Opaque values stay out of the compiled kernel, so that one kernel serves every seed, size and camera.
    wide, each = dr.opaque(mi.UInt32, camera.width), dr.opaque(mi.UInt32, count)
    focal, cx, cy = (dr.opaque(mi.Float, float(x)) for x in (camera.focal, camera.cx, camera.cy))
    right, down, forward, eye = (
        mi.Vector3f(*(dr.opaque(mi.Float, float(x)) for x in axis)) for axis in (*camera.rotation, camera.position)
    )
    sampler = mi.load_dict({"type": "independent"})
    sampler.seed(dr.opaque(mi.UInt32, seed), paths)
    pixel = dr.gather(mi.UInt32, mi.UInt32(chosen.astype(np.uint32)), dr.arange(mi.UInt32, paths) // each)
    row = pixel // wide
    inside = mi.Point2f(0.5) if centred else sampler.next_2d()
    across = (mi.Float(pixel - row * wide) + inside.x - cx) / focal
    along = (mi.Float(row) + inside.y - cy) / focal
    ray = mi.Ray3f(mi.Point3f(eye), dr.normalize(forward + across * right + along * down))
    return ray, sampler, paths


@dr.syntax  # type: ignore[untyped-decorator]  # Dr.Jit is untyped
def _nearest(scene: Any, ray: Any, unseen: Any) -> Any:
    """Number of the first shape that may be seen; 0 where none is."""
    ray = mi.Ray3f(ray)
    number, looking = mi.UInt(0), mi.Bool(True)
    while looking:
        met = scene.ray_intersect_preliminary(ray, coherent=True, active=looking)
        number = dr.select(met.is_valid(), dr.reinterpret_array(mi.UInt, met.shape), 0)
        looking = met.is_valid() & dr.gather(mi.Bool, unseen, number)
        ray.o = dr.select(looking, ray.o + ray.d * (met.t * (1 + 2e-5) + 1e-5), ray.o)
    return number


def _first(scene: Any, ray: Any, unseen: Any) -> Any:
    """The first interaction with a shape that may be seen."""
    for _ in range(CROSSINGS):
        met = scene.ray_intersect_preliminary(mi.Ray3f(ray), coherent=True, active=mi.Bool(True))
        number = dr.reinterpret_array(mi.UInt, met.shape)
        skip = met.is_valid() & dr.gather(mi.Bool, unseen, dr.select(met.is_valid(), number, 0))
        ray.o = dr.select(skip, ray.o + ray.d * (met.t * (1 + 2e-5) + 1e-5), ray.o)
    return scene.ray_intersect(ray)


@dr.syntax  # type: ignore[untyped-decorator]  # Dr.Jit is untyped
def _unblocked(scene: Any, ray: Any, clear: Any, active: Any) -> Any:
    """Share of the light that comes straight along the rays."""
    share, crossed = mi.Float(1), mi.UInt(0)
    going = mi.Bool(active)
    ray = mi.Ray3f(ray)
    while going:
        met = scene.ray_intersect_preliminary(ray, coherent=False, active=going)
        hit = met.is_valid()
        number = dr.select(hit, dr.reinterpret_array(mi.UInt, met.shape), 0)
        share = dr.select(hit & going, share * dr.gather(mi.Float, clear, number, hit), share)
        crossed += 1
        step = met.t * (1 + 2e-5) + 1e-5
        going &= hit & (share > 0) & (crossed < CROSSINGS) & (step < ray.maxt)
        ray.o = dr.select(going, ray.o + ray.d * step, ray.o)
        ray.maxt = dr.select(going, ray.maxt - step, ray.maxt)
    return dr.select(active, share, 0)


@dr.syntax  # type: ignore[untyped-decorator]  # Dr.Jit is untyped
def _follow(  # noqa: PLR0915 - one loop that reads as the method is told; Dr.Jit records it as a whole
    scene: Any, sampler: Any, ray: Any, unseen: Any, surfaces: Surfaces
) -> Any:
    """Radiance that comes back along camera rays."""
    context = mi.BSDFContext()
    clear, glass, mirrors, plain = surfaces.clear, surfaces.glass, surfaces.mirrors, surfaces.plain
    ray = mi.Ray3f(ray)
    light, weight, eta = mi.Spectrum(0), mi.Spectrum(1), mi.Float(1)
    depth, active, fresh, sharp = mi.UInt(0), mi.Bool(True), mi.Bool(True), mi.Bool(True)
    last, last_pdf, last_delta = dr.zeros(mi.Interaction3f), mi.Float(1), mi.Bool(True)
    while active:
        met = scene.ray_intersect(ray, mi.RayFlags.All, coherent=False, active=active)
        number = dr.select(met.is_valid(), dr.reinterpret_array(mi.UInt, met.shape), 0)
        passed = active & fresh & met.is_valid() & dr.gather(mi.Bool, unseen, number)

        # Light that this ray met by itself, weighed against having been aimed at.
        seen = mi.DirectionSample3f(scene, met, last)
        aimed_pdf = scene.pdf_emitter_direction(last, seen, active & ~last_delta & ~passed)
        own = dr.select(last_delta, 1, last_pdf / dr.maximum(last_pdf + aimed_pdf, 1e-20))
        glow = met.emitter(scene).eval(met, active & ~passed)
        light += dr.select(active & ~passed, weight * glow * own, 0)

        going = active & met.is_valid() & ~passed & (depth + 1 < MAX_DEPTH)
        behind = (met.wi.z < 0) & ~dr.gather(mi.Bool, glass, number)
        met.n = dr.select(behind, -met.n, met.n)
        met.sh_frame.n = dr.select(behind, -met.sh_frame.n, met.sh_frame.n)
        met.wi.z = dr.select(behind, -met.wi.z, met.wi.z)
        looked = going & sharp  # the material itself is asked; elsewhere its mean colour stands for it
        surface = met.bsdf()

        # Light aimed at.
        aiming = going & (~sharp | mi.has_flag(surface.flags(), mi.BSDFFlags.Smooth))
        aim, arriving = scene.sample_emitter_direction(met, sampler.next_2d(), False, aiming)
        aiming &= aim.pdf != 0
        share = _unblocked(scene, met.spawn_ray_to(aim.p), clear, aiming)
        choice, place, towards = sampler.next_1d(going), sampler.next_2d(going), met.to_local(aim.d)
        value, pdf, bounce, throughput = surface.eval_pdf_sample(context, met, towards, choice, place, looked)
        colour = dr.gather(mi.Color3f, plain, number, going)
        value = dr.select(sharp, value, colour * (dr.maximum(towards.z, 0) * dr.inv_pi))
        pdf = dr.select(sharp, pdf, dr.maximum(towards.z, 0) * dr.inv_pi)
        others = dr.select(aim.delta, 1, aim.pdf / dr.maximum(aim.pdf + pdf, 1e-20))
        light += dr.select(aiming, weight * value * arriving * (share * others), 0)

        # On: straight through thin things without counting, else to the next surface.
        matt = mi.warp.square_to_cosine_hemisphere(place)
        through = ~sharp & (choice < dr.gather(mi.Float, clear, number, going))
        null = dr.select(sharp, mi.has_flag(bounce.sampled_type, mi.BSDFFlags.Null), through)
        straight = passed | (going & null)
        onward = dr.select(straight, ray.d, met.to_world(dr.select(sharp, bounce.wo, matt)))
        weight = dr.select(going, weight * dr.select(sharp, throughput, dr.select(through, 1, colour)), weight)
        eta = dr.select(looked, eta * bounce.eta, eta)
        ray = dr.select(active, met.spawn_ray(onward), ray)
        turned = going & ~straight
        last = dr.select(turned, mi.Interaction3f(met), last)
        last_pdf = dr.select(turned, dr.select(sharp, bounce.pdf, matt.z * dr.inv_pi), last_pdf)
        delta = sharp & mi.has_flag(bounce.sampled_type, mi.BSDFFlags.Delta)
        last_delta = dr.select(turned, delta, last_delta)
        scattered = mi.has_flag(bounce.sampled_type, mi.BSDFFlags.Diffuse) | ~dr.gather(mi.Bool, mirrors, number)
        sharp &= ~(turned & scattered)
        fresh &= ~turned
        depth = dr.select(turned, depth + 1, depth)

        strength = dr.max(weight) * dr.square(eta)
        keep = dr.minimum(strength, 0.95)
        playing = turned & (depth >= ROULETTE_FROM)
        survives = sampler.next_1d(playing) < keep
        weight = dr.select(playing, weight / dr.maximum(keep, 1e-6), weight)
        active &= passed | (going & (strength > 0) & (~playing | survives))
    return light
