"""The door to a loaded scene: the same questions to the wavefront tracer and to the scalar one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from imagegen.renderer.backend import choose, mitsuba
from imagegen.renderer.scene import Loaded, sensor
from imagegen.types import Camera, Floats

MAX_DEPTH = 7  # edges of a path, the camera's included: six would darken deep corners


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What rays met, (N, count, ...) each: ``shape`` (N, count) is its index in the scene, -1 where nothing was."""

    albedo: Floats
    normals: Floats
    position: Floats
    shape: np.ndarray


class Tracer(Protocol):
    """Sends rays through a picture's N pixels, row by row. ``through``: the camera does not see the hulls."""

    looks_through: bool
    """Whether ``through`` is heeded."""

    def light(
        self, camera: Camera, count: int, seed: int, *, through: bool, pixels: np.ndarray | None = None
    ) -> Floats:
        """Radiance (N, 3): the mean of ``count`` paths through each of ``pixels`` (row-major; all by default)."""
        ...

    def lights(self, cameras: Sequence[Camera], count: int, seed: int) -> Floats:
        """Radiance (C, N, 3) for cameras of one size at once: ``count`` paths along the ray of each pixel's centre."""
        ...

    def points(self, camera: Camera, count: int, seed: int, *, through: bool, centred: bool = False) -> Points:
        """What ``count`` rays through each pixel meet first; ``centred``: through its very centre."""
        ...

    def hulls_seen(self, camera: Camera, count: int, seed: int) -> Floats:
        """Share (K, N) of each pixel that sees each of the K hulls."""
        ...


def tracer(loaded: Loaded) -> Tracer:
    """The tracer of this machine's variant."""
    if choose().variant.startswith("scalar"):
        return Scalar(loaded)
    from imagegen.renderer.wavefront import Wavefront  # noqa: PLC0415  # needs Mitsuba with its variant set

    return Wavefront(loaded)


class Scalar:
    """One path after another in C++: needs neither GPU nor LLVM; cannot look through the hull nor aim at centres."""

    looks_through = False

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def light(
        self, camera: Camera, count: int, seed: int, *, through: bool, pixels: np.ndarray | None = None
    ) -> Floats:
        """Radiance; every pixel is traced even when few are asked for."""
        del through
        # Its shadow rays pass through sheer cloth, panes and panels, which those of "path" do not.
        flat = self._trace({"type": "volpath", "max_depth": MAX_DEPTH}, camera, count, seed)[:, :3]
        return flat if pixels is None else flat[pixels]

    def lights(self, cameras: Sequence[Camera], count: int, seed: int) -> Floats:
        """Radiance for one camera after another; paths go anywhere through a pixel."""
        seen = [self.light(camera, count, (seed + i) % 2**32, through=False) for i, camera in enumerate(cameras)]
        return np.stack(seen)

    def points(self, camera: Camera, count: int, seed: int, *, through: bool, centred: bool = False) -> Points:
        """What single rays meet, one trace for each of ``count``."""
        del through, centred
        plan = {"type": "aov", "aovs": "al:albedo,nn:sh_normal,pp:position,ii:shape_index"}
        planes = np.stack([self._trace(plan, camera, 1, (seed + i) % 2**32) for i in range(count)], axis=1)[..., -10:]
        shape = np.rint(planes[..., 9]).astype(np.int64) - 1  # the path tracer counts from 1
        return Points(planes[..., :3], planes[..., 3:6], planes[..., 6:9], shape)

    def hulls_seen(self, camera: Camera, count: int, seed: int) -> Floats:
        """Share of the rays that meet each hull first."""
        met = self.points(camera, count, seed, through=False).shape
        return np.asarray([(met == hull).mean(axis=1) for hull in self.loaded.hulls], np.float32)

    def _trace(self, plan: dict[str, Any], camera: Camera, count: int, seed: int) -> Floats:
        mi = mitsuba()
        traced = mi.render(
            self.loaded.scene, sensor=sensor(camera), integrator=mi.load_dict(plan), spp=count, seed=seed
        )
        return np.asarray(traced, np.float32).reshape(-1, traced.shape[2])
