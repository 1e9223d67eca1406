"""The product's single-view visual hull (Laurentini 1994): its silhouette carved into its box along the photo's rays.

One photo tells a silhouette, not a depth. The box bounds the depth, and three things known of furniture narrow
it: a limb is about as deep as it is wide, a foot stands where its ray meets the floor, and round goods are round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage, sparse
from scipy.sparse import csgraph

from imagegen.geometry import Material, Mesh
from imagegen.types import Bools, Cutout, Doubles, Mount, Placement, Pose, Product

ACROSS = 400  # nodes over the longer side of the silhouette
NODES = 60_000  # at most, in the solid part
COVERED = 0.4  # alpha above which a node is solid
LIFT = 0.0015  # metres: the hull ends this far above the floor, so that no two surfaces coincide
THIN, THICK = 0.12, 0.24  # limb width over the box's least side: below a limb, above a body
LIMB_DEPTH = 1.3  # depth of a limb over its width
RUG_HEIGHT = 0.01
CONTACT_SLACK = 0.06  # share of the footprint by which a foot may stand outside it (pose is never exact)


@dataclass(frozen=True, slots=True, eq=False)
class _Lattice:
    """Nodes over the silhouette: ``solid`` (R, C); ``rays`` (R, C, 3) and ``eye`` (3,) in the product's frame."""

    solid: Bools
    rays: Doubles
    eye: Doubles


def carve(cutout: Cutout, pose: Pose, placement: Placement, product: Product) -> Mesh:
    """The hull in the room's frame, of the product's mean colour; from ``placement.camera`` it fills the silhouette.

    Never below the product's own foot. A rug is a flat slab of its own outline.
    """
    lattice = _lattice(cutout, placement)
    if product.mount is Mount.RUG:
        near, far = _slab(lattice)
    else:
        near, far = _chords(lattice, product)
        if pose.kind == "round":
            near, far = _turned(lattice, near, far)
        elif product.mount is not Mount.WALL:
            near, far = _limbs(lattice, product, near, far)
    front = lattice.eye + lattice.rays * near[..., None]
    back = lattice.eye + lattice.rays * far[..., None]
    vertices, faces = _skin(lattice.solid, front, back)
    floor = 0.0 if product.mount is Mount.RUG else LIFT
    vertices[:, 2] = np.maximum(vertices[:, 2], floor)
    return Mesh(
        vertices=vertices @ _turn(placement.yaw_deg).T + placement.position,
        faces=faces,
        material=Material(colour=_mean_colour(cutout), roughness=1.0, specular=0.0),
        part="product",
    )


def _turn(yaw_deg: float) -> Doubles:
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def _mean_colour(cutout: Cutout) -> tuple[float, float, float]:
    solid = cutout.alpha > 0.5
    mean = cutout.colour[solid].mean(axis=0) if solid.any() else np.full(3, 0.5)
    r, g, b = (float(x) for x in np.clip(mean, 0.05, 0.8))
    return r, g, b


def _lattice(cutout: Cutout, placement: Placement) -> _Lattice:
    """Nodes over the photo's silhouette with their rays, by the picture's own camera: the two then agree exactly."""
    alpha = cutout.alpha
    rows, cols = np.flatnonzero(alpha.max(axis=1) > COVERED), np.flatnonzero(alpha.max(axis=0) > COVERED)
    if not rows.size:
        rows, cols = np.arange(alpha.shape[0]), np.arange(alpha.shape[1])
    area = float((alpha > COVERED).sum())
    step = max(1.0, max(np.ptp(rows), np.ptp(cols)) / ACROSS, np.sqrt(area / NODES))
    v = np.arange(rows[0] - step, rows[-1] + 1 + 2 * step, step)
    u = np.arange(cols[0] - step, cols[-1] + 1 + 2 * step, step)
    smooth = ndimage.uniform_filter(alpha, size=max(1, round(step)), mode="constant") if step > 1.5 else alpha
    grid_v, grid_u = np.meshgrid(v, u, indexing="ij")
    value = ndimage.map_coordinates(smooth, [grid_v - 0.5, grid_u - 0.5], order=1, mode="constant")
    flat = np.column_stack([grid_u.ravel(), grid_v.ravel(), np.ones(grid_u.size)]) @ placement.warp.T
    turn = _turn(placement.yaw_deg)
    rays = placement.camera.rays(flat[:, :2] / flat[:, 2:]) @ turn
    eye = (np.asarray(placement.camera.position, float) - placement.position) @ turn
    return _Lattice(value > COVERED, rays.reshape(*grid_u.shape, 3), eye)


def _chords(lattice: _Lattice, product: Product) -> tuple[Doubles, Doubles]:
    """Where each ray enters and leaves the product's box; rays that miss it take their nearest neighbour's."""
    size = product.dimensions.as_array()
    low = np.array([-size[0] / 2, -size[1] / 2, LIFT])
    high = np.array([size[0] / 2, size[1] / 2, max(size[2], 2 * LIFT)])
    rays = np.where(np.abs(lattice.rays) < 1e-9, 1e-9, lattice.rays)
    first, second = (low - lattice.eye) / rays, (high - lattice.eye) / rays
    near, far = np.minimum(first, second).max(axis=-1), np.maximum(first, second).min(axis=-1)
    hit = (far > near + 1e-6) & (near > 0)
    if not hit.any():
        middle = _depth_of(lattice, np.array([0, 0, size[2] / 2]))
        return middle - size[1] / 2, middle + size[1] / 2
    nearest = ndimage.distance_transform_edt(~hit, return_distances=False, return_indices=True)
    near, far = near[tuple(nearest)], far[tuple(nearest)]
    # A borrowed chord may end below the floor.
    down = lattice.rays[..., 2] < -1e-6
    floor = np.where(down, (LIFT - lattice.eye[2]) / np.where(down, lattice.rays[..., 2], -1), np.inf)
    return np.minimum(near, np.maximum(floor - 1e-3, 1e-3)), np.minimum(far, np.maximum(floor, 2e-3))


def _depth_of(lattice: _Lattice, point: Doubles) -> Doubles:
    """Along each ray, where it meets the upright plane through ``point`` (..., 3) that faces the camera."""
    facing = -lattice.eye * np.array([1, 1, 0])
    facing /= max(float(np.linalg.norm(facing)), 1e-9)
    along = lattice.rays @ facing
    distance = (point - lattice.eye) @ facing
    return np.asarray(distance / np.where(np.abs(along) < 1e-6, 1e-6, along))


def _slab(lattice: _Lattice) -> tuple[Doubles, Doubles]:
    """A rug: between the floor and one centimetre above it."""
    down = np.minimum(lattice.rays[..., 2], -1e-4)
    return (RUG_HEIGHT - lattice.eye[2]) / down, (LIFT / 2 - lattice.eye[2]) / down


def _turned(lattice: _Lattice, near: Doubles, far: Doubles) -> tuple[Doubles, Doubles]:
    """Round goods: each row of the silhouette is a circle seen edge on, about the product's own axis."""
    axis = _depth_of(lattice, np.zeros(3))
    where = lattice.rays * axis[..., None]
    sideways = np.cross([0.0, 0.0, 1.0], -lattice.eye)
    sideways /= max(float(np.linalg.norm(sideways)), 1e-9)
    across = where @ sideways + lattice.eye @ sideways
    half = np.zeros_like(axis)
    for row in range(lattice.solid.shape[0]):
        labels, count = ndimage.label(lattice.solid[row])
        for run in range(1, count + 1):
            inside = labels == run
            low, high = across[row][inside].min(), across[row][inside].max()
            radius, centre = (high - low) / 2, (high + low) / 2
            depth = np.sqrt(np.maximum(radius**2 - (across[row][inside] - centre) ** 2, (0.15 * radius) ** 2))
            half[row][inside] = depth
    stretch = np.linalg.norm(lattice.rays, axis=-1)
    return np.clip(axis - half / stretch, near, None), np.minimum(axis + half / stretch, np.maximum(far, axis))


def _limbs(lattice: _Lattice, product: Product, near: Doubles, far: Doubles) -> tuple[Doubles, Doubles]:
    """Narrow the chords of thin parts to about their own width, standing where their foot stands."""
    middle = (near + far) / 2
    width = _thickness(lattice.solid) * _node_metres(lattice, middle)
    least = float(product.dimensions.as_array().min())
    body = np.clip((width / max(least, 1e-3) - THIN) / (THICK - THIN), 0, 1)
    body = ndimage.gaussian_filter(body, 1.0)
    far = _off_the_floor(lattice, body, near, far)
    middle = (near + far) / 2
    foot = _standing(lattice, product)
    limb = np.clip(_depth_of(lattice, foot), near, far)
    half = (far - near) / 2
    stretch = np.linalg.norm(lattice.rays, axis=-1)
    limb_half = np.minimum(LIMB_DEPTH * width / 2 / stretch, half)
    limb_half = np.maximum(limb_half, np.minimum(half, 0.002))
    centre, reach = limb + (middle - limb) * body, limb_half + (half - limb_half) * body
    return np.maximum(centre - reach, near), np.minimum(centre + reach, far)


def _off_the_floor(lattice: _Lattice, body: Doubles, near: Doubles, far: Doubles) -> Doubles:
    """End the body's chords at the height of its underside: one view alone would fill the space under a sofa.

    The underside is where the body's lower edge meets the box's nearest face; zero for what stands flat.
    """
    edge = lattice.solid & ~_beneath(lattice.solid) & (body > 0.5)
    if not edge.any():
        return far
    height = lattice.eye[2] + lattice.rays[..., 2] * near
    clearance = float(np.percentile(height[edge], 25))
    down = lattice.rays[..., 2] < -1e-6
    end = np.where(down, (clearance - lattice.eye[2]) / np.where(down, lattice.rays[..., 2], -1), np.inf)
    cut = np.minimum(far, np.maximum(end, near + 0.02))
    return np.asarray(far + (cut - far) * body)


def _thickness(solid: Bools) -> Doubles:
    """Width in nodes of the limb that each node belongs to: twice the radius of the largest disk that covers it."""
    inner = ndimage.distance_transform_edt(solid)
    thick = np.where(solid, 1.0, 0.0)
    radius = 1.0
    while radius < inner.max():
        reach = ndimage.distance_transform_edt(inner < radius)
        thick = np.where((reach < radius) & solid, 2 * radius, thick)
        radius *= 1.25
    return thick


def _node_metres(lattice: _Lattice, depth: Doubles) -> Doubles:
    """Distance between neighbouring nodes at their depth."""
    step = np.linalg.norm(
        np.diff(lattice.rays, axis=1, append=lattice.rays[:, -1:] * 2 - lattice.rays[:, -2:-1]), axis=-1
    )
    return np.asarray(step * depth)


def _standing(lattice: _Lattice, product: Product) -> Doubles:
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


def _skin(solid: Bools, front: Doubles, back: Doubles) -> tuple[Doubles, np.ndarray]:
    """Vertices and triangles of a front sheet, a back sheet and the walls between them."""
    index = np.arange(solid.size).reshape(solid.shape)
    offset = solid.size
    quad = solid[:-1, :-1] & solid[1:, :-1] & solid[:-1, 1:] & solid[1:, 1:]
    corner = {"a": index[:-1, :-1], "b": index[:-1, 1:], "c": index[1:, :-1], "d": index[1:, 1:]}
    a, b, c, d = (corner[key][quad] for key in "abcd")
    faces = [np.c_[a, c, b], np.c_[b, c, d], np.c_[a, b, c] + offset, np.c_[b, d, c] + offset]
    padded = np.pad(quad, 1)
    rows, cols = quad.shape
    for dy, dx, ends in ((-1, 0, "ba"), (1, 0, "cd"), (0, -1, "ac"), (0, 1, "db")):
        edge = quad & ~padded[1 + dy : 1 + dy + rows, 1 + dx : 1 + dx + cols]
        p, q = corner[ends[0]][edge], corner[ends[1]][edge]
        faces += [np.c_[p, p + offset, q], np.c_[q, p + offset, q + offset]]
    joined = np.concatenate(faces)
    used, compact = np.unique(joined, return_inverse=True)
    vertices = np.concatenate([front.reshape(-1, 3), back.reshape(-1, 3)])[used]
    return vertices, compact.reshape(joined.shape)
