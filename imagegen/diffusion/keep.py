"""Which pixels are kept and which are painted: 1 is kept, 0 is painted, between is painted for a share of the steps."""

from __future__ import annotations

import numpy as np

from imagegen.diffusion.conditions.sampling import SEEN, nearest, share
from imagegen.types import Bools, Camera, Doubles, Floats, Passes

INNER, OUTER = 0.015, 0.03
"""The soft band inside and outside of a product's edge, as shares of the product's size."""
STICKS_OUT = 1.6  # a square corner's tip is 1.42 of the disc's radius from its centre
LEAST_PX = 2.0  # a band narrower than this is an edge, not a band
STEP_M = 0.08  # metres by which a thing must be nearer than the product to stand before it
REACH = 0.45
"""How far from a product its shadow is looked for, as a share of the product's size in metres."""
COARSE = 4  # pixels of the mask to one whose distance is measured: it falls over many more
POINTS = 3_000  # of the hull's surface, enough to measure distances by
UPWARD = 0.8  # vertical part of the normal of what a thing can stand on


def keep(alpha: Floats, passes: Passes, size: tuple[int, int], *, inner: float = INNER, outer: float = OUTER) -> Floats:
    """The mask of ``Request.keep`` for painting a room around its products, (h, w) 0..1 at (width, height).

    ``alpha`` (H, W) 0..1: how much of all products each pixel of the picture shows, hidden parts taken out.
    ``inner``, ``outer``: width of the soft band inside and outside of the edge, shares of the products' size.

    1 where the product is, farther than ``inner`` from its edge, and falling smoothly to 0 at ``outer`` outside. There
    the traced contact holds the picture at first and is repainted later. Parts that are hardly wider than the band
    (legs, rods) are kept whole, with all of the band around them. Holes are painted like what lies beyond the edge.
    Where something of the room stands before a product, the product's edge is that thing's: it is kept too, as far as
    the band reaches, or the painted one would not fit. Glass is kept by its alpha.
    """
    shown = share(alpha, size)
    mask = shown >= SEEN
    if not mask.any():
        return shown
    inside, outside = _widths(mask, inner, outer)
    solid = mask | _before(mask, passes, size, inside + outside)
    within = _distance(solid)
    body, thin = within > inside, _thin(solid, within, 2 * inside)
    soft = 1 - _smooth(_distance(~(body | thin)) / (inside + outside))
    kept = np.where(mask, soft, np.maximum(soft, shown))
    return np.asarray(np.where(body & mask & ~thin, shown, kept), np.float32)


def band(
    alpha: Floats,
    passes: Passes,
    camera: Camera,
    size: tuple[int, int],
    *,
    hull: Doubles | None = None,
    inner: float = INNER,
    reach: float = REACH,
) -> Floats:
    """The mask for harmonising, (h, w) 0..1 at (width, height): only what is around the products is painted.

    Where the shadow falls is not known as such (the room was never traced without the product), so it is told from
    what is: ``depth`` and ``camera`` give each pixel's place in the room, ``passes.hull`` which of them are products;
    ``hull`` (N, 3) metres adds points of their hidden sides (``Staged.hull.vertices``). Light that comes from large
    windows and a ceiling is taken away mostly close by, so what lies within ``reach`` (a share of the product's size in
    metres) of its surface is painted, less and less outwards; so is floor that lies as near to the product's outline
    seen from above, for under a table the shadow is cast from overhead. A wall behind a sofa is in it, a wall two
    metres behind a chair is not, though their pixels touch.
    """
    kept = keep(alpha, passes, size, inner=inner, outer=0.0)
    coarse = max(size[0] // COARSE, 1), max(size[1] // COARSE, 1)
    depth, up = nearest(passes.depth, coarse), nearest(passes.normals, coarse)[..., 2]
    seen = (nearest(_hulls(passes), coarse) > SEEN) & np.isfinite(depth)
    if not seen.any():
        return np.ones_like(kept)
    places = _places(depth, camera)
    body = places[seen] if hull is None else np.concatenate([places[seen], hull])
    near = _nearness(places, up, body, reach)
    return np.asarray(np.maximum(kept, 1 - share(near, size)), np.float32)


def _widths(mask: Bools, inner: float, outer: float) -> tuple[float, float]:
    """The band's widths in pixels, by the geometric mean of the sides of the products' box."""
    rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    side = float(np.sqrt((rows[-1] - rows[0] + 1) * (cols[-1] - cols[0] + 1)))
    return max(inner * side, LEAST_PX), max(outer * side, LEAST_PX) if outer > 0 else 0.0


def _thin(solid: Bools, within: Doubles, radius: float) -> Bools:
    """Parts where a disc of that radius does not fit, as a whole.

    ``within``: pixels from the edge. A disc leaves corners out as well: they are told from legs by how little they
    stick out.
    """
    from scipy import ndimage  # noqa: PLC0415 - heavy, and only where pictures are made

    thick = within > radius
    if not thick.any():
        return solid
    away = _distance(~thick)
    labels, count = ndimage.label(solid & (away > radius), np.ones((3, 3), int))
    farthest = np.asarray(ndimage.maximum(away, labels, np.arange(1, count + 1)) if count else [], float)
    whole: Bools = np.array([False, *(farthest > STICKS_OUT * radius + 1)])[labels]
    return whole


def _before(mask: Bools, passes: Passes, size: tuple[int, int], width: float) -> Bools:
    """What stands before the product at its edge (h, w): not of it, clearly nearer, and touching what is seen of it.

    The floor before a product is nearer too, but only farther down: at the edge itself it is the floor of the contact.
    """
    from scipy import ndimage  # noqa: PLC0415 - as above

    depth, hull = nearest(passes.depth, size), nearest(_hulls(passes), size)
    own = mask & (hull > SEEN)
    nothing = np.zeros_like(mask)
    if not own.any():
        return nothing
    distance, where = ndimage.distance_transform_edt(~own, return_indices=True)
    nearer = ~mask & (hull < SEEN) & (depth < depth[tuple(where)] - STEP_M) & (distance <= width + 1)
    labels, count = ndimage.label(nearer, np.ones((3, 3), int))
    if not count:
        return nothing
    touching = np.unique(labels[nearer & (_distance(~mask) <= 1.5)])
    found: Bools = np.isin(labels, touching[touching > 0])
    return found


def _places(depth: Floats, camera: Camera) -> Doubles:
    """Where each pixel's surface lies in the room (h, w, 3), metres; far away where there is none."""
    height, width = depth.shape
    u, v = (np.arange(width) + 0.5) * camera.width / width, (np.arange(height) + 0.5) * camera.height / height
    pixels = np.stack(np.meshgrid(u, v), axis=2).reshape(-1, 2)
    places = camera.rays(pixels) * np.where(np.isfinite(depth), depth, 1e6).reshape(-1, 1) + camera.position
    return places.reshape(height, width, 3)


def _nearness(places: Doubles, up: Floats, body: Doubles, reach: float) -> Floats:
    """1 at the points (N, 3) of the products' surface, falling to 0 at ``reach`` of their size (h, w)."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - as above

    body = body[:: max(1, len(body) // POINTS)]
    low, high = np.percentile(body, 2, axis=0), np.percentile(body, 98, axis=0)
    limit = max(reach * float(np.linalg.norm(high - low)), 1e-3)
    flat = places.reshape(-1, 3)
    apart, _ = cKDTree(body).query(flat, distance_upper_bound=limit)
    beneath, _ = cKDTree(body[:, :2]).query(flat[:, :2], distance_upper_bound=limit)
    # A floor far under a pendant or a picture takes no shadow that can be told.
    drop = low[2] - flat[:, 2]
    floor = (up.ravel() > UPWARD) & (np.abs(drop) < limit)
    apart = np.minimum(apart, np.where(floor, beneath, np.inf))
    return np.asarray(1 - _smooth(np.minimum(apart / limit, 1)), np.float32).reshape(up.shape)


def _hulls(passes: Passes) -> Floats:
    seen: Floats = np.max([passes.hull, *(body.hull for body in passes.others)], axis=0)
    return seen


def _distance(mask: Bools) -> Doubles:
    """Pixels from each one of the mask to the nearest outside it; the picture's border is no outside."""
    from scipy import ndimage  # noqa: PLC0415 - as above

    if mask.all():
        return np.full(mask.shape, np.inf)
    return np.asarray(ndimage.distance_transform_edt(mask), float)


def _smooth(share_of_way: Doubles) -> Doubles:
    """From 0 to 1, level at both ends."""
    t = np.clip(share_of_way, 0, 1)
    return t * t * (3 - 2 * t)
