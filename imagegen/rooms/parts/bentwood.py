"""What a chairmaker does: bent limbs of flat section, turned legs, dished seats, moulded plates, woven cord."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from imagegen.rooms.shapes import Shape, join, lathe, sheet, tube, welded_normals
from imagegen.types import Doubles

Point = Sequence[float] | Doubles


def _unit(vectors: Doubles) -> Doubles:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12))


def limb(
    path: Doubles,
    wide: float | Doubles,
    thick: float | Doubles,
    across: Sequence[float] | Doubles = (0.0, 0.0, 1.0),
    power: float = 3.2,
    sides: int = 12,
    *,
    closed: bool = False,
) -> Shape:
    """A bar of flat, rounded section (a superellipse) along a path (N, 3); grain runs along it.

    ``wide`` is measured along ``across`` (one direction, or one a station), ``thick`` at right angles to it.
    """
    points = np.asarray(path, float)
    tangent = _unit(np.gradient(points, axis=0))
    if closed:
        tangent[0] = tangent[-1] = _unit(points[1] - points[-2])
    hint = np.broadcast_to(np.asarray(across, float), points.shape)
    out = _unit(hint - (hint * tangent).sum(axis=1, keepdims=True) * tangent)
    flat = np.cross(tangent, out)
    angle = np.linspace(0, 2 * math.pi, sides + 1) + math.pi / sides
    c, s = np.cos(angle), np.sin(angle)
    ring = np.stack([np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)])
    w = np.broadcast_to(np.asarray(wide, float), (len(points),)) / 2
    t = np.broadcast_to(np.asarray(thick, float), (len(points),)) / 2
    if not closed:
        points, tangent, out, flat, w, t = _eased(points, tangent, out, flat, w, t)
    grid = points[:, None] + out[:, None] * (w[:, None] * ring[0])[..., None]
    grid = grid + flat[:, None] * (t[:, None] * ring[1])[..., None]
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    around = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(grid[len(grid) // 2], axis=0), axis=1))])
    uv = np.stack(np.meshgrid(along, around, indexing="ij"), axis=2)
    wall = sheet(grid, uv)
    if closed:
        return wall
    return join([wall, _end(grid[0], -tangent[0]), _end(grid[-1], tangent[-1])])


def _eased(*tracks: Doubles) -> tuple[Doubles, ...]:
    """The tracks of a limb with a second, smaller ring at each end: the edge a plane takes off."""
    points, tangent, out, flat, w, t = tracks
    ease = float(min(0.003, 0.3 * w.min(), 0.3 * t.min()))
    first, last = points[0] + tangent[0] * ease, points[-1] - tangent[-1] * ease
    grown = np.vstack([points[:1], first[None], points[1:-1], last[None], points[-1:]])

    def double(track: Doubles) -> Doubles:
        return np.concatenate([track[:1], track, track[-1:]])

    cut = np.zeros(len(grown))
    cut[[0, -1]] = ease
    return grown, double(tangent), double(out), double(flat), double(w) - cut, double(t) - cut


def _end(ring: Doubles, normal: Doubles) -> Shape:
    centre = ring[:-1].mean(axis=0)
    points = np.vstack([ring, centre])
    count = len(ring)
    fan = np.column_stack([np.full(count - 1, count), np.arange(count - 1), np.arange(1, count)])
    turn = np.cross(points[fan[0, 1]] - centre, points[fan[0, 2]] - centre) @ normal
    faces = fan if turn > 0 else fan[:, ::-1]
    return Shape(points, faces, points[:, :2] * 1.0, np.repeat(normal[None], count + 1, axis=0))


def straight(start: Point, end: Point) -> Doubles:
    """The middle line of a straight limb."""
    return np.linspace(np.asarray(start, float), np.asarray(end, float), 3)


def stood(shape: Shape, floor: float = 0.0) -> Shape:
    """Ends sawn level with the floor, as those of leaning legs are."""
    points = shape.vertices.copy()
    points[:, 2] = np.maximum(points[:, 2], floor)
    return Shape(points, shape.faces, shape.uv, shape.normals)


def leg(foot: Point, top: Point, slim: float, stout: float, swell: float = 0.62, sides: int = 12) -> Shape:
    """A turned leg: ``slim`` radius at the foot, ``stout`` where it is thickest (a share ``swell`` of its way up)."""
    low, high = np.asarray(foot, float), np.asarray(top, float)
    share = np.unique([0.0, 0.02, 0.2, 0.4, swell, 0.8, 1.0])
    waist = stout - 0.35 * (stout - slim)
    radius = np.interp(share, [0.0, 0.02, swell, 1.0], [slim * 0.9, slim, stout, waist])
    return stood(tube(low + (high - low) * share[:, None], radius, sides).grain(), low[2])


def post(foot: Point, top: Point, low: float, high: float, across: Sequence[float] = (1.0, 0.0, 0.0)) -> Shape:
    """A square post that tapers from ``high`` at its top to ``low`` at its foot, edges eased."""
    share = np.linspace(0, 1, 4)[:, None]
    start, end = np.asarray(foot, float), np.asarray(top, float)
    width = low + (high - low) * share[:, 0]
    return stood(limb(start + (end - start) * share, width, width, across, 7.0), start[2])


def planar(shape: Shape) -> Shape:
    """Texture coordinates from above, grain along x, that run on down the sides: for turned boards and pads."""
    drop = shape.vertices[:, 2:].max() - shape.vertices[:, 2:]
    return Shape(shape.vertices, shape.faces, shape.vertices[:, :2] + shape.normals[:, :2] * drop, shape.normals)


def outline(width: float, depth: float, power: float = 2.6, taper: float = 0.0) -> Callable[[Doubles], Doubles]:
    """A warp from the unit disc to a rounded rectangle; ``taper``: how much narrower its rear (+Y) is, a share."""

    def warp(points: Doubles) -> Doubles:
        angle = np.arctan2(points[:, 1], points[:, 0])
        reach = (np.abs(np.cos(angle)) ** power + np.abs(np.sin(angle)) ** power) ** (-1 / power)
        x, y = points[:, 0] * reach, points[:, 1] * reach
        return np.column_stack([x * width / 2 * (1 - taper * (y + 1) / 2), y * depth / 2, points[:, 2]])

    return warp


def board_seat(
    width: float,
    depth: float,
    height: float,
    thick: float = 0.032,
    dish: float = 0.01,
    power: float = 2.8,
    taper: float = 0.1,
) -> Shape:
    """A solid seat shaped from one board: rounded edge, hollowed by ``dish``; its rim is ``height`` high."""
    profile = [
        (0.0, height - thick), (0.80, height - thick), (0.95, height - thick * 0.72), (0.995, height - thick * 0.38),
        (1.0, height - thick * 0.22), (0.99, height - 0.003), (0.955, height), (0.88, height - 0.25 * dish),
        (0.7, height - 0.75 * dish), (0.45, height - dish), (0.0, height - 0.9 * dish),
    ]  # fmt: skip
    return planar(lathe(profile, 56, crease_deg=60).bend(outline(width, depth, power, taper)))


def pad_seat(
    width: float, depth: float, low: float, high: float, power: float = 3.4, taper: float = 0.08, crown: float = 0.012
) -> Shape:
    """An upholstered pad between two heights, full in the middle: ``high`` is its crown."""
    rim = high - crown
    profile = [
        (0.0, low), (0.93, low), (0.975, low + 0.004), (1.0, low + 0.35 * (rim - low)),
        (0.998, low + 0.7 * (rim - low)), (0.975, rim), (0.92, rim + 0.35 * crown), (0.75, rim + 0.75 * crown),
        (0.4, high), (0.0, high),
    ]  # fmt: skip
    return planar(lathe(profile, 56, crease_deg=60).bend(outline(width, depth, power, taper)))


def moulded(grid: Doubles, thick: float) -> Shape:
    """A plate of even thickness behind a (rows, columns, 3) grid, with a half-round rim; uv follow the grid."""
    front = sheet(grid)
    normals = front.normals.reshape(grid.shape)
    rear = grid - normals * thick
    back = sheet(rear[:, ::-1])
    rims = []
    for a, b, inside in (
        (grid[0], rear[0], grid[1]),
        (rear[-1], grid[-1], grid[-2]),
        (rear[:, 0], grid[:, 0], grid[:, 1]),
        (grid[:, -1], rear[:, -1], grid[:, -2]),
    ):
        middle = (a + b) / 2
        outward = _unit((grid[0] if inside is grid[1] else middle) - inside) * thick * 0.45
        rims.append(sheet(np.stack([b, middle + outward, a])))
    both = join([front, back, *rims])
    return Shape(both.vertices, both.faces, both.uv, welded_normals(both.vertices, both.faces))


def cords(
    starts: Doubles, middles: Doubles, ends: Doubles, across: Doubles, radius: float | Doubles, lift: float = 0.6
) -> Shape:
    """Many cords side by side: each a half-round strand from a start over a middle to an end, all (N, 3).

    ``across`` (N, 3): the direction in which the next strand lies; ``lift``: height of a strand against its radius.
    """
    share = np.linspace(0, 1, 4)[None, :, None]
    path = (1 - share) ** 2 * starts[:, None] + 2 * share * (1 - share) * (2 * middles - (starts + ends) / 2)[:, None]
    path = path + share**2 * ends[:, None]
    tangent = _unit(np.gradient(path, axis=1))
    side = np.broadcast_to(_unit(across)[:, None], path.shape)
    up = _unit(np.cross(side, tangent))
    reach = np.broadcast_to(np.asarray(radius, float), (len(path),))[:, None, None, None]
    angle = np.linspace(0, math.pi, 3)
    c, s = np.cos(angle)[None, None, :, None], np.sin(angle)[None, None, :, None]
    normal = _unit(side[:, :, None] * c + up[:, :, None] * s)
    grid = path[:, :, None] + reach * (side[:, :, None] * c + lift * up[:, :, None] * s)
    strands, rows, columns = grid.shape[:3]
    cell = np.arange(rows * columns).reshape(rows, columns)
    a, b, d, e = (x.ravel() for x in (cell[:-1, :-1], cell[:-1, 1:], cell[1:, 1:], cell[1:, :-1]))
    one = np.concatenate([np.column_stack([a, d, b]), np.column_stack([a, e, d])])
    faces = (one[None] + (np.arange(strands) * rows * columns)[:, None, None]).reshape(-1, 3)
    along = np.cumsum(np.linalg.norm(np.diff(path, axis=1, prepend=path[:, :1]), axis=2), axis=1)[:, :, None]
    v = (np.arange(strands)[:, None, None] * 0.013) + 0.004 * angle[None, None]
    uv = np.stack(np.broadcast_arrays(along, v), axis=3)
    return Shape(grid.reshape(-1, 3), faces, uv.reshape(-1, 2), normal.reshape(-1, 3))


def envelope_seat(
    front: float, rear: float, depth: float, height: float, pitch: float, rng: np.random.Generator, sag: float = 0.012
) -> Shape:
    """A seat of cord woven over four rails in the envelope pattern: four fields that meet in an X-shaped valley.

    ``front`` and ``rear`` are its widths, centred on the origin; strands roll over the rails, whose top is ``height``.
    """
    fields = []
    corners = np.array(
        [[-front / 2, -depth / 2], [front / 2, -depth / 2], [rear / 2, depth / 2], [-rear / 2, depth / 2]]
    )
    for i in range(4):
        a, b = corners[i], corners[(i + 1) % 4]
        count = max(4, int(np.linalg.norm(b - a) / pitch))
        share = (np.arange(count) + 0.5) / count
        start = a + (b - a) * share[:, None]
        reach = 1 - np.abs(2 * share - 1)[:, None]
        goal = np.where(share[:, None] < 0.5, a, b) * (1 - reach)
        fields.append(_field(start, goal, b - a, height, sag, pitch, rng))
    return join(fields)


def _field(
    start: Doubles, goal: Doubles, side: Doubles, height: float, sag: float, pitch: float, rng: np.random.Generator
) -> Shape:
    """One side's strands: from below the rail over its top to the seam."""
    count = len(start)
    out = _unit(np.array([side[1], -side[0]]))
    radius = pitch / 2 * rng.uniform(0.94, 1.06, count)
    jitter = rng.uniform(-0.0006, 0.0006, count)
    deep = np.linalg.norm(goal - start, axis=1)
    droop = sag * np.minimum(deep / max(float(deep.max()), 1e-6), 1.0)
    across = np.repeat(np.append(_unit(side), 0.0)[None], count, axis=0)

    def at(plan: Doubles, z: Doubles | float) -> Doubles:
        return np.column_stack([plan, np.broadcast_to(np.asarray(z, float), (count,)) + jitter])

    top = start - out * 0.012
    over = cords(
        at(top, height), at((top + goal) / 2, height - 0.6 * droop), at(goal, height - droop - 0.003), across, radius
    )
    bend_low, bend_mid = start + out * 0.009, start + out * 0.006
    roll = cords(at(bend_low, height - 0.034), at(bend_mid, height - 0.007), at(top, height), across, radius)
    return join([over, roll])


def rounded(points: Sequence[Sequence[float]], radius: float, steps: int = 6) -> Doubles:
    """A polyline with its inner corners bent to a radius (a quadratic arc through each): how a tube is bent."""
    p = np.asarray(points, float)
    path = [p[:1]]
    t = np.linspace(0, 1, steps)[:, None]
    for before, corner, after in zip(p[:-2], p[1:-1], p[2:], strict=True):
        reach = [min(radius, 0.49 * float(np.linalg.norm(other - corner))) for other in (before, after)]
        a = corner + _unit(before - corner) * reach[0]
        b = corner + _unit(after - corner) * reach[1]
        path.append((1 - t) ** 2 * a + 2 * t * (1 - t) * corner + t**2 * b)
    return np.vstack([*path, p[-1:]])


def between(low: Point, high: Point, height: float) -> Doubles:
    """The point of a leaning leg's middle line at a height."""
    a, b = np.asarray(low, float), np.asarray(high, float)
    return np.asarray(a + (b - a) * (height - a[2]) / (b[2] - a[2]))


def spindle(start: Point, end: Point, slim: float, stout: float) -> Shape:
    """A turned rung or spindle, stoutest in its middle; grain along it."""
    share = np.linspace(0, 1, 6)
    a, b = np.asarray(start, float), np.asarray(end, float)
    radius = slim + (stout - slim) * np.sin(math.pi * share) ** 0.8
    return tube(a + (b - a) * share[:, None], radius, 10).grain()
