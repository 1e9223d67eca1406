"""The upholsterer's work: stuffed blocks with piped seams, loose cushions, buttoned panels, thrown blankets."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec
from imagegen.rooms.shapes import Shape, box, join, lathe, sheet, tube, welded_normals
from imagegen.types import Doubles

Crown = tuple[float, float, float]
CUSHION, BLANKET = 40, 132  # ADE20K classes


def stuffed(
    size: Sequence[float],
    radius: float,
    crown: Crown = (0.006, 0.006, 0.022),
    seed: int = 0,
    welt: float = 0.0,
    cells: int = 3,
) -> Shape:
    """A filled block lying on z = 0: faces crowned by metres along x, y, z; ``welt``: radius of its piped seams."""
    half = np.asarray(size, float) / 2.0
    warp = _filling(half, crown, seed)
    made = [box(size, radius, 3 if radius > 0.045 else 2, cells)]
    if welt:
        bevel = min(radius, float(half.min()) * 0.98)
        out = bevel * math.sqrt(0.5)
        for side in (-1.0, 1.0):
            loop = rounded_loop(half[0] - bevel + out, half[1] - bevel + out, out)
            z = half[2] + side * (half[2] - bevel + out)
            made.append(tube(np.column_stack([loop, np.full(len(loop), z)]), welt, 5, closed=True))
    return join([part.bend(warp) for part in made])


def upright(shape: Shape, lean: float = 0.0) -> Shape:
    """Something lying set up on its lower edge: its top faces -Y, then leans back by degrees; z = 0 at its foot."""
    up = shape.turn(90, "x")
    up = up.move(y=-float(up.vertices[:, 1].max()), z=-float(up.vertices[:, 2].min()))
    return up.turn(-lean, "x")


def rounded_loop(half_x: float, half_y: float, radius: float, steps: int = 5, along: int = 5) -> Doubles:
    """A closed rounded rectangle as (N, 2), the first point again at the end."""
    centres = [(1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)]
    corners = []
    for sx, sy, start in centres:
        angle = np.radians(np.linspace(start, start + 90, steps))
        corners.append(
            np.column_stack(
                [sx * (half_x - radius) + radius * np.cos(angle), sy * (half_y - radius) + radius * np.sin(angle)]
            )
        )
    points = []
    for index, corner in enumerate(corners):
        points += [corner, np.linspace(corner[-1], corners[(index + 1) % 4][0], along)[1:-1]]
    return np.vstack([*points, corners[0][:1]])


def _filling(half: Doubles, crown: Crown, seed: int) -> Callable[[Doubles], Doubles]:
    rng = np.random.default_rng(seed)
    phase, wave = rng.uniform(0, 2 * math.pi, (3, 3)), rng.uniform(5.0, 11.0, (3, 3))
    dent = rng.uniform(-0.25, 0.25, 2)

    def warp(points: Doubles) -> Doubles:
        centred = points - np.array([0.0, 0.0, half[2]])
        share = np.clip(centred / half, -1, 1)
        out = centred.copy()
        for axis in range(3):
            others = [i for i in range(3) if i != axis]
            dome = np.prod(1.0 - np.abs(share[:, others]) ** 3, axis=1)
            rough = sum(np.sin(wave[axis, i] * centred[:, i] + phase[axis, i]) for i in others)
            out[:, axis] += share[:, axis] * (crown[axis] * dome + 0.08 * crown[axis] * rough)
        sat = np.exp(-((share[:, 0] - dent[0]) ** 2 + (share[:, 1] - dent[1]) ** 2) / 0.3)
        out[:, 2] -= np.clip(share[:, 2], 0, 1) * 0.22 * crown[2] * sat
        return np.asarray(out + np.array([0.0, 0.0, half[2]]))

    return warp


def loose(width: float, height: float, thick: float, seed: int = 0, welt: float = 0.0) -> Shape:
    """A scatter cushion lying on z = 0: full middle, slack pointed corners with gathers, a wavy piped seam."""
    rng = np.random.default_rng(seed)
    s = np.sin(np.linspace(-1, 1, 17) * math.pi / 2)
    u, v = np.meshgrid(s, s)
    full = ((1 - u**2) * (1 - v**2)) ** 0.60
    far_u, far_v = 1 - np.abs(u), 1 - np.abs(v)
    corner = np.arctan2(far_v + 1e-6, far_u + 1e-6)
    near = np.exp(-((np.hypot(far_u, far_v) / 0.5) ** 2))
    gather = 0.16 * np.sin(9.0 * corner + rng.uniform(0, 6) + np.sign(u) + 2 * np.sign(v)) * near
    chop = 0.20 * np.exp(-((u - rng.uniform(-0.1, 0.1)) ** 2) / 0.10) * np.clip(v, 0, 1) ** 2
    slack = 0.05 * np.sin(4 * u + rng.uniform(0, 6)) * np.sin(3 * v + rng.uniform(0, 6))
    x = u * width / 2 * (1 - 0.075 * (1 - v**2))
    y = v * height / 2 * (1 - 0.075 * (1 - u**2)) - 0.10 * chop * height * np.clip(v, 0, 1)
    seam = 0.05 * thick * np.sin(2.3 * u + 1.7 * v + rng.uniform(0, 6))
    up = thick / 2 * full * (1 + gather + slack - chop)
    uv = np.stack([x, y], axis=2)
    top = sheet(np.stack([x, y, thick / 2 + seam + up], axis=2), uv)
    under = sheet(np.stack([x, y, thick / 2 + seam - up], axis=2)[:, ::-1], uv[:, ::-1])
    both = join([top, under])
    made = Shape(both.vertices, both.faces, both.uv, welded_normals(both.vertices, both.faces))
    if not welt:
        return made
    rim = np.stack([x, y, thick / 2 + seam], axis=2)
    loop = np.vstack([rim[0, :-1], rim[:-1, -1], rim[-1, :0:-1], rim[::-1, 0]])
    return join([made, tube(loop, welt, 5, closed=True)])


def scatter(
    spec: Spec, places: Sequence[tuple[float, float]], back: float, seat: float, lean: float = 20.0
) -> list[Piece]:
    """Loose cushions leaning on a back whose face is at y = ``back``: (x, size) each, no two alike.

    Their slots go in turn: cushion1, cushion2. ``settings.cushions`` keeps only so many.
    """
    rng = spec.rng(5)
    made = []
    for index, (x, size) in enumerate(places[: int(spec.number("cushions", len(places)))]):
        side = min(size, max(0.36, spec.size[2] - seat + 0.06))
        tall = side * (0.66 if index % 3 == 2 else 1.0)
        shape = loose(side, tall, 0.42 * tall**0.85, spec.seed * 7 + index, 0.0035)
        shape = upright(shape.turn(float(rng.uniform(-7, 7)))).turn(-lean - float(rng.uniform(0, 5)), "x")
        shape = shape.turn(float(-np.sign(x) * rng.uniform(3, 13)))
        behind = float(shape.vertices[:, 1].max())
        foot = float(shape.vertices[:, 2].min())
        forward = 0.09 if index % 3 == 2 else 0.0
        made.append(
            Piece(f"cushion{index % 2 + 1}", shape.move(x, back - behind - forward, seat - foot - 0.018), CUSHION)
        )
    return made


def buttoned(
    width: float, height: float, thick: float, buttons: Doubles, depth: float, *, diamond: bool = False
) -> tuple[Shape, Shape]:
    """A panel lying on z = 0 with (N, 2) buttons drawn in, and the buttons; pleats run from button to button."""
    x = _dense(width, max(16, round(width / 0.018)))
    y = _dense(height, max(12, round(height / 0.018)))
    gx, gy = np.meshgrid(x, y)
    edge_x, edge_y = np.clip(np.abs(gx) / (width / 2), 0, 1), np.clip(np.abs(gy) / (height / 2), 0, 1)
    body = thick * ((1 - edge_x ** (width / 0.05)) * (1 - edge_y ** (height / 0.05))) ** 0.4
    hollow = pull(gx, gy, buttons, depth, diamond=diamond)
    top = sheet(np.stack([gx, gy, body - hollow * np.clip(body / thick, 0, 1)], axis=2), np.stack([gx, gy], axis=2))
    knob = lathe([(0.013, -0.004), (0.0125, 0.002), (0.008, 0.0055), (0.0, 0.0065)], 9)
    knobs = join([knob.move(float(a), float(b), thick - depth + 0.003) for a, b in buttons])
    return top, knobs


def pull(x: Doubles, y: Doubles, buttons: Doubles, depth: float, *, diamond: bool) -> Doubles:
    """How deep buttons draw a cover in at (x, y), metres: pits and the pleats between neighbours."""
    hollow = np.zeros_like(x)
    reach = float(np.min(np.linalg.norm(buttons[1:] - buttons[:1], axis=1)))
    for bx, by in buttons:
        near = (x - bx) ** 2 + (y - by) ** 2
        hollow = np.maximum(hollow, depth * np.exp(-near / (0.24 * reach) ** 2))
    for first in range(len(buttons)):
        for second in range(first + 1, len(buttons)):
            gap = buttons[second] - buttons[first]
            slanted = abs(gap[0]) > 1e-6 and abs(gap[1]) > 1e-6
            if np.linalg.norm(gap) < reach * 1.25 and slanted == diamond:
                hollow = np.maximum(hollow, 0.42 * depth * _crease(x, y, buttons[first], gap))
    return hollow


def _crease(x: Doubles, y: Doubles, start: Doubles, gap: Doubles) -> Doubles:
    along = np.clip(((x - start[0]) * gap[0] + (y - start[1]) * gap[1]) / float(gap @ gap), 0, 1)
    away = np.hypot(x - start[0] - along * gap[0], y - start[1] - along * gap[1])
    return np.asarray(np.exp(-away / 0.014))


def _dense(length: float, count: int) -> Doubles:
    """Stations over a length, closer together at both ends where an edge turns."""
    inner = np.linspace(-length / 2 + 0.03, length / 2 - 0.03, count)
    turn = 0.03 * (1 - np.array([0.0, 0.006, 0.03, 0.08, 0.18, 0.35, 0.6]))
    return np.concatenate([-length / 2 + 0.03 - turn, inner, (length / 2 - 0.03 + turn)[::-1]])


def sewn(grid: Doubles, thick: float) -> Shape:
    """A cloth or ply with a thickness behind a (rows, columns, 3) grid: front, back and rim."""
    front = sheet(grid)
    behind = grid - front.normals.reshape(grid.shape) * thick
    back = Shape(
        behind[:, ::-1].reshape(-1, 3),
        front.faces,
        front.uv.reshape(*grid.shape[:2], 2)[:, ::-1].reshape(-1, 2),
        -front.normals.reshape(grid.shape)[:, ::-1].reshape(-1, 3),
    )
    pairs = (
        (grid[0], behind[0]),
        (behind[-1], grid[-1]),
        (behind[:, 0], grid[:, 0]),
        (grid[:, -1], behind[:, -1]),
    )
    return join([front, back, *(sheet(np.stack([b, a])) for a, b in pairs)])


def blanket_over(path: Doubles, width: float, across: Sequence[float], seed: int, thick: float = 0.007) -> Shape:
    """A throw laid along a path (N, 3) over what lies beneath, ``width`` wide along ``across``.

    It gathers into folds towards its hanging ends and keeps clear of what it covers.
    """
    rng = np.random.default_rng(seed)
    sideways = np.asarray(across, float) / np.linalg.norm(across)
    tangent = np.gradient(path, axis=0)
    normal = np.cross(sideways, tangent)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    t = np.linspace(-1, 1, len(path))[:, None]
    a = np.linspace(-1, 1, 29)[None, :]
    loose_end = np.abs(t) ** 2
    phase = rng.uniform(0, 6, 3)
    folds = np.sin(9 * a + phase[0] + 0.8 * t) + 0.5 * np.sin(17 * a + phase[1] - 0.6 * t)
    lift = 0.0085 + 0.0085 * (0.10 + loose_end) * (folds + 1.5) * (1 - 0.6 * a**4)
    spread = width / 2 * a * (1 - 0.10 * loose_end) + 0.03 * np.sin(2.2 * t + phase[2])
    grid = path[:, None, :] + lift[..., None] * normal[:, None, :] + spread[..., None] * sideways
    return sewn(grid, thick)
