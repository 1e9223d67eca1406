"""Legs, stretchers, rails: thin parts are about as deep as they are wide and stand where their foot stands."""

from __future__ import annotations

import numpy as np
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from imagegen.hull.lattice import Lattice, Span
from imagegen.types import Bools, Doubles, Mount, Product

THIN, THICK = 0.12, 0.24  # limb width over the box's least side: below a limb, above a body
LIMB_DEPTH = 0.8  # depth of a limb over its width: as much wood as a round one has
CONTACT_SLACK = 0.06  # share of the footprint by which a foot may stand outside it (pose is never exact)


def narrowed(lattice: Lattice, product: Product, part: Bools, box: Span, body: Span) -> Span:
    """Spans of ``part`` of the silhouette: a body's where it is thick, a limb's inside the ``box`` where it is thin."""
    near, far = box
    width = thickness(part) * _node_metres(lattice, (near + far) / 2)
    least = float(product.dimensions.as_array().min())
    share = np.clip((width / max(least, 1e-3) - THIN) / (THICK - THIN), 0, 1)
    share = ndimage.gaussian_filter(share, 1.0)
    limb = np.clip(lattice.depth_of(_standing(lattice, product)), near, far)
    half = (far - near) / 2
    limb_half = np.minimum(LIMB_DEPTH * width / 2 / lattice.stretch(), half)
    limb_half = np.maximum(limb_half, np.minimum(half, 0.002))
    middle, body_half = (body[0] + body[1]) / 2, (body[1] - body[0]) / 2
    centre, reach = limb + (middle - limb) * share, limb_half + (body_half - limb_half) * share
    return np.maximum(centre - reach, near), np.minimum(centre + reach, far)


def clearance(lattice: Lattice, product: Product, box: Span) -> float:
    """Metres of air under the body: where its lower edge meets the box's nearest face; zero for what stands flat."""
    width = thickness(lattice.solid) * _node_metres(lattice, (box[0] + box[1]) / 2)
    least = max(float(product.dimensions.as_array().min()), 1e-3)
    edge = lattice.solid & ~_beneath(lattice.solid) & (width / least > (THIN + THICK) / 2)
    if not edge.any():
        return 0.0
    return max(float(np.percentile(lattice.at(box[0])[edge][:, 2], 25)), 0.0)


def thickness(solid: Bools) -> Doubles:
    """Width in nodes of the limb that each node belongs to: twice the radius of the largest disk that covers it."""
    inner = ndimage.distance_transform_edt(solid)
    thick = np.where(solid, 1.0, 0.0)
    radius = 1.0
    while radius < inner.max():
        reach = ndimage.distance_transform_edt(inner < radius)
        thick = np.where((reach < radius) & solid, 2 * radius, thick)
        radius *= 1.25
    return thick


def _node_metres(lattice: Lattice, depth: Doubles) -> Doubles:
    """Distance between neighbouring nodes at their depth."""
    last = lattice.rays[:, -1:] * 2 - lattice.rays[:, -2:-1]
    step = np.linalg.norm(np.diff(lattice.rays, axis=1, append=last), axis=-1)
    return np.asarray(step * depth)


def _standing(lattice: Lattice, product: Product) -> Doubles:
    """For each node the floor point (R, C, 3) of the foot that it stands on: the nearest along the silhouette.

    A foot is a lower edge of the silhouette whose ray meets the floor inside the footprint. Where nothing stands
    on the floor (a hanging lamp), the product's own axis.
    """
    solid = lattice.solid
    points = np.zeros((*solid.shape, 3))
    if product.mount is Mount.CEILING:
        return points
    down = np.minimum(lattice.rays[..., 2:], -1e-6)
    floor = lattice.eye + lattice.rays * (-lattice.eye[2] / down)
    half = np.array([product.dimensions.width, product.dimensions.depth]) / 2
    # Seen at a low angle, one node is several centimetres of floor.
    grain = np.abs(np.diff(floor[..., :2], axis=0, append=floor[-1:, :, :2]))
    slack = 2 * CONTACT_SLACK * half + 2 * np.minimum(grain, half)
    lowest = solid & ~_beneath(solid)
    inside = np.all(np.abs(floor[..., :2]) <= half + slack, axis=-1)
    feet = lowest & (lattice.rays[..., 2] < -1e-6) & inside
    floor[..., :2] = np.clip(floor[..., :2], -half, half)
    if not feet.any():
        return points
    owner = _walk(solid, feet)
    points[solid] = np.where((owner >= 0)[:, None], floor.reshape(-1, 3)[np.maximum(owner, 0)], 0.0)
    return points


def _beneath(solid: Bools) -> Bools:
    """Nodes with something solid just below or beside that: the slanting flank of a leg is no foot."""
    wide = ndimage.binary_dilation(solid, np.ones((1, 9), bool))
    below = np.zeros_like(solid)
    for step in (1, 2, 3):
        below[:-step] |= wide[step:]
    return below


def _walk(solid: Bools, sources: Bools) -> np.ndarray:
    """For each solid node (in row-major order) the flat index of the nearest source by steps inside, or -1."""
    number = np.full(solid.shape, -1)
    number[solid] = np.arange(solid.sum())
    heads, tails, costs = [], [], []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = number[: solid.shape[0] - dy, max(0, -dx) : solid.shape[1] - max(0, dx)]
        b = number[dy:, max(0, dx) : solid.shape[1] + min(0, dx)]
        both = (a >= 0) & (b >= 0)
        heads.append(a[both])
        tails.append(b[both])
        costs.append(np.full(both.sum(), np.hypot(dy, dx)))
    count = int(solid.sum())
    graph = sparse.csr_matrix((np.concatenate(costs), (np.concatenate(heads), np.concatenate(tails))), (count, count))
    _, _, owner = csgraph.dijkstra(
        graph, directed=False, indices=number[sources], min_only=True, return_predecessors=True
    )
    flat = np.flatnonzero(solid)
    return np.where(owner >= 0, flat[np.maximum(owner, 0)], -1)
