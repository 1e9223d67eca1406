"""A made bed: fitted sheet, a duvet that falls over the edges, its head turned down, pillows and a throw."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec
from imagegen.rooms.parts.draping import fall, finer, normals_of, rounded_box, smoothed
from imagegen.rooms.shapes import Shape, box, join, sheet, welded_normals
from imagegen.types import Doubles

_CELL = 0.058
"""Metres between the points of the falling cloth; the mesh has twice as many."""
_LOFT = 0.042
_TURNED = 0.34
"""Metres of the duvet that are folded back."""
_PILLOWS = 0.47
"""Metres between the mattress's head and the duvet."""


@dataclass(frozen=True, slots=True)
class Mattress:
    """Where the bedding lies: x in ±width/2, y from ``foot`` to ``head``, z from ``base`` to ``top``; metres.

    ``drop`` and ``foot_drop``: how far the duvet hangs at the sides and at the foot; ``rest``: y that pillows lean on.
    """

    width: float
    foot: float
    head: float
    base: float
    top: float
    drop: float
    foot_drop: float
    rest: float


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """The duvet's upper face, (rows, columns, 3) from foot to head, and its normals.

    ``flat``: each point's place (x, y) on the cloth as it was sewn.
    """

    face: Doubles
    normals: Doubles
    flat: Doubles


def bedding(spec: Spec, bed: Mattress, blocks: tuple[tuple[Doubles, Doubles], ...] = ()) -> list[Piece]:
    """Everything soft. ``blocks``: corners of what else the duvet must not enter (rails, decks).

    ``settings.throw = 0`` leaves the throw out; ``settings.pillows``: rows of pillows (2); ``settings.accent = 0``
    leaves the small cushion out.
    """
    mid, flat = _fallen(spec, bed, blocks)
    duvet, cover = _duvet(spec, mid, flat)
    pieces = [*_mattress(bed), Piece("duvet", duvet), Piece("sheet", _turned_down(spec, cover))]
    pieces += _pillows(spec, bed)
    if spec.number("throw", 1):
        pieces.append(Piece("throw", _throw(spec, bed, cover), 132))
    return pieces


def _mattress(bed: Mattress) -> list[Piece]:
    """The mattress, and the fitted sheet drawn over its upper two thirds."""
    length, y = bed.head - bed.foot, (bed.head + bed.foot) / 2
    split = bed.base + (bed.top - bed.base) * 0.3
    core = box((bed.width - 0.012, length - 0.012, split + 0.03 - bed.base), 0.02, 3)
    fitted = box((bed.width, length, bed.top - split), 0.045, 4)
    return [Piece("mattress", core.move(y=y, z=bed.base)), Piece("sheet", fitted.move(y=y, z=split))]


def _fallen(spec: Spec, bed: Mattress, blocks: tuple[tuple[Doubles, Doubles], ...]) -> tuple[Doubles, Doubles]:
    """The duvet's middle surface after its fall, and where its points lie on the flat cloth."""
    head = bed.head - _PILLOWS
    foot = bed.foot - bed.foot_drop
    half = bed.width / 2 + bed.drop
    x = np.linspace(-half, half, 2 * round(half / _CELL) + 1)  # odd, so that the lining's coarser grid ends with it
    y = np.linspace(foot, head, 2 * round((head - foot) / _CELL / 2) + 1)
    flat = np.stack(np.meshgrid(x, y), axis=2)
    side = np.clip(np.abs(flat[..., 0]) - bed.width / 2, 0, None)
    end = np.clip(bed.foot - flat[..., 1], 0, None)
    over = np.maximum(side, end)
    corner = over / np.maximum(np.hypot(side, end), 1e-9)  # the hem goes round the corners in an arc
    corner *= 1 - 0.45 * (1 - np.abs(side - end) / np.maximum(over, 1e-9)) * (over > 0)
    side, end = side * corner, end * corner
    inner = np.minimum(np.abs(flat[..., 0]), bed.width / 2)
    rest = np.stack([np.sign(flat[..., 0]) * (inner + side), np.maximum(flat[..., 1], bed.foot) - end], axis=2)
    rng = spec.rng(1)
    along = np.abs(flat[..., 0]) * (end > 0) + flat[..., 1] * (end == 0)
    wave = np.sin(2 * math.pi * along / 0.31 + rng.uniform(0, 6) + np.sin(3.1 * along + rng.uniform(0, 6)))
    out = np.where(over > 0, 0.035 + over * (0.16 + 0.13 * wave), 0.0) / np.maximum(over, 1e-9)
    start = np.empty((*flat.shape[:2], 3))
    start[..., 0] = np.sign(flat[..., 0]) * (inner + side * out)
    start[..., 1] = np.maximum(flat[..., 1], bed.foot) - end * out
    start[..., 2] = bed.top + _LOFT / 2 + 0.004 - 0.97 * over
    start += rng.normal(0, 0.0015, start.shape)
    # a hem longer than the top falls in waves
    rest[..., 1] = head + (rest[..., 1] - head) * (1 + 0.07 * side / max(bed.drop, 0.05))
    rest[..., 0] *= 1 + 0.07 * end / max(bed.foot_drop, 0.05)
    edge = 0.045
    low, high = np.array([-bed.width / 2, bed.foot, bed.base]), np.array([bed.width / 2, bed.head, bed.top])
    solids = [rounded_box(low + edge, high - edge, edge + _LOFT / 2)]
    solids += [rounded_box(low + 0.01, high - 0.01, 0.018) for low, high in blocks]
    return fall(start, rest, (*solids, _floor), 26), flat


def _floor(points: Doubles) -> Doubles:
    return np.maximum(points, [-np.inf, -np.inf, 0.02 + _LOFT / 2])


def _lumps(rng: np.random.Generator, shape: tuple[int, ...], times: int) -> Doubles:
    """Soft unevenness, standard deviation 1: noise evened out ``times`` times."""
    noise = smoothed(rng.standard_normal(shape[:2]), times)
    return np.asarray((noise - noise.mean()) / noise.std())


def _duvet(spec: Spec, mid: Doubles, flat: Doubles) -> tuple[Shape, Cover]:
    """The filled cloth round its middle surface: full within, thin at the hems."""
    rng = spec.rng(2)
    fine, place = finer(mid), finer(flat)
    normals = normals_of(fine)
    edge = np.minimum(place[..., 0].max() - np.abs(place[..., 0]), place[..., 1] - place[..., 1].min())
    full = _bulge(edge, 0.10)
    puff = 0.22 * _lumps(rng, fine.shape, 40) + 0.10 * _lumps(rng, fine.shape, 7)
    up = 0.004 + _LOFT / 2 * full * (1 + puff)
    face = fine + normals * up[..., None]
    under = fine - normals * (0.003 + _LOFT / 2 * 0.8 * full)[..., None]
    shape = join([sheet(face, place), *_rims(face, under), sheet(under[::4, ::-4], place[::4, ::-4])])
    return shape, Cover(face, normals_of(face), place)


def _bulge(edge: Doubles, reach: float) -> Doubles:
    """0 at an edge, 1 from ``reach`` metres on, round like a filled seam."""
    return np.asarray(np.sqrt(np.maximum(1 - (1 - np.clip(edge / reach, 0, 1)) ** 2, 0)))


def _rims(face: Doubles, under: Doubles) -> list[Shape]:
    """The hems that close two faces, all but the one at the head."""
    pairs = ((under[0], face[0]), (face[:, 0], under[:, 0]), (under[:, -1], face[:, -1]))
    return [sheet(np.stack([a, b])) for a, b in pairs]


def _turned_down(spec: Spec, cover: Cover) -> Shape:
    """The head of the duvet folded back over itself: a second layer on its face, joined by a round fold."""
    depth = cover.flat[-1, 0, 1] - cover.flat[:, 0, 1]
    rows = np.flatnonzero(depth <= _TURNED)
    face, normals, flat = (part[rows] for part in (cover.face, cover.normals, cover.flat))
    edge = np.minimum(flat[..., 0].max() - np.abs(flat[..., 0]), flat[..., 1] - flat[0, 0, 1])
    puff = 0.15 * _lumps(spec.rng(4), face.shape, 12)
    thick = 0.005 + 0.026 * _bulge(edge, 0.05) * (1 + puff)
    top = face + normals * thick[..., None]
    along = face[-1] - face[-2]
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    reach = (thick[-1] + _LOFT * 0.95 * _bulge(edge[-1], 0.10) + 0.006)[:, None] / 2
    middle = top[-1] - normals[-1] * reach
    turn = np.radians(np.linspace(90, -90, 9)[1:])
    bight = [middle + along * reach * 1.15 * math.cos(a) + normals[-1] * reach * math.sin(a) for a in turn]
    grid = np.concatenate([top, np.stack(bight)])
    hem = sheet(np.stack([face[0] + normals[0] * 0.001, top[0]]))
    return join([sheet(grid), hem])


def _pillows(spec: Spec, bed: Mattress) -> list[Piece]:
    """Rows of pillows, each leaning on the one behind, and a small cushion before them; lower on a low headboard."""
    rng = spec.rng(6)
    count = 2 if bed.width > 1.25 else 1
    wide = min(0.76, (bed.width - 0.04) / count)
    rows = int(spec.number("pillows", 2))
    made: list[Piece] = []
    back = bed.rest
    low = float(np.clip((spec.size[2] - bed.top + 0.06) / 0.50, 0.8, 1.0))
    for row, (slot, tall, thick, lean) in enumerate(
        (("pillow2", 0.52, 0.20, 67.0), ("pillow1", 0.47, 0.22, 48.0))[2 - rows :]
    ):
        for index in range(count):
            x = (index - (count - 1) / 2) * (bed.width - 0.02) / count
            shape = soft_pillow(wide * (1.0 - 0.04 * row), low * tall, thick, rng)
            shape = (
                shape.turn(low * lean + rng.uniform(-3, 3), "x").turn(rng.uniform(-2, 2), "y").turn(rng.uniform(-4, 4))
            )
            made.append(Piece(slot, _resting(shape, x + rng.uniform(-0.015, 0.015), back, bed.top), 58))
        back -= 0.19 if row == 0 else 0.21
    if spec.number("accent", 1):
        small = soft_pillow(0.58, 0.34, 0.16, rng, 20).turn(52, "x").turn(rng.uniform(-6, 6))
        made.append(Piece("cushion1", _resting(small, rng.uniform(-0.1, 0.1), back - 0.02, bed.top + 0.005), 40))
    return made


def soft_pillow(width: float, height: float, thick: float, rng: np.random.Generator, cells: int = 22) -> Shape:
    """A filled case lying on its back: full and a little uneven, puckered along the seam, sunk towards its foot."""
    s = np.sin(np.linspace(-np.pi / 2, np.pi / 2, cells))
    u, v = np.meshgrid(s, s)
    seam = np.exp(-(1 - np.maximum(np.abs(u), np.abs(v))) / 0.16)
    full = (np.maximum((1 - u**2) * (1 - v**2), 0)) ** 0.36
    sunk = 1 - 0.20 * v * (1 - 0.4 * v)
    lumps, puckers = _lumps(rng, u.shape, 30), _lumps(rng, u.shape, 3)
    half = thick / 2 * full * sunk * (1 + 0.09 * lumps + 0.11 * seam * puckers)
    ears = 1 - 0.05 * np.abs(u * v) ** 6
    x = u * width / 2 * (1 - 0.05 * (1 - v**2)) * (1 - 0.03 * v) * ears
    y = v * height / 2 * (1 - 0.07 * (1 - u**2)) * ears - 0.016 * np.exp(-((u / 0.4) ** 2)) * (v > 0) * v
    bow = -0.030 * v**2 - 0.015 * u**2
    flat = np.stack([u * width / 2, v * height / 2], axis=2)
    top = sheet(np.stack([x, y, bow + half], axis=2), flat)
    bottom = sheet(np.stack([x, y, bow - 0.85 * half], axis=2)[:, ::-1], flat[:, ::-1])
    both = join([top, bottom])
    return Shape(both.vertices, both.faces, both.uv, welded_normals(both.vertices, both.faces))


def _resting(shape: Shape, x: float, back: float, floor: float) -> Shape:
    """Moved to touch the plane behind and the mattress, pressed a little flat where it touches."""
    low, high = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
    moved = shape.move(x, back + 0.025 - high[1], floor - 0.03 - low[2])

    def pressed(p: Doubles) -> Doubles:
        out = p.copy()
        out[:, 2] = np.where(p[:, 2] < floor + 0.02, floor - 0.004 + 0.45 * (p[:, 2] - floor + 0.03), p[:, 2])
        out[:, 1] = np.where(p[:, 1] > back - 0.03, back - 0.03 + 0.4 * (p[:, 1] - back + 0.03), p[:, 1])
        return out

    return moved.bend(pressed)


def _sampled(grid: Doubles, row: Doubles, column: Doubles) -> Doubles:
    """A grid's values between its points, bilinear; ``row`` and ``column`` are fractional indices."""
    r = np.clip(row, 0, grid.shape[0] - 1.001)
    c = np.clip(column, 0, grid.shape[1] - 1.001)
    i, j = r.astype(int), c.astype(int)
    f, g = (r - i)[..., None], (c - j)[..., None]
    return np.asarray(
        grid[i, j] * (1 - f) * (1 - g)
        + grid[i + 1, j] * f * (1 - g)
        + grid[i, j + 1] * (1 - f) * g
        + grid[i + 1, j + 1] * f * g
    )


def _throw(spec: Spec, bed: Mattress, cover: Cover) -> Shape:
    """A blanket gathered lengthwise and laid askew across the foot, one end hanging further than the other."""
    rng = spec.rng(8)
    wide, columns, rows = 0.50, 66, 30
    u = np.linspace(-1, 1, columns)[None, :]
    t = np.linspace(0, 1, rows)[:, None]
    reach = bed.width / 2 + max(bed.drop - 0.03, 0.0)
    x = u * reach - 0.0 * t
    slant = rng.uniform(0.05, 0.09) * rng.choice([-1, 1])
    narrow = 1 - 0.16 * np.cos(u * 2.2 + rng.uniform(-0.4, 0.4))
    y = bed.foot + 0.40 + slant * u * 2 + wide * (t - 0.5) * narrow + 0.012 * np.sin(7 * u + 2 * t)
    flat = cover.flat
    row = np.interp(y, flat[:, 0, 1], np.arange(flat.shape[0]))
    column = np.interp(x, flat[0, :, 0], np.arange(flat.shape[1])) + 0 * y
    base, normal = _sampled(cover.face, row, column), _sampled(cover.normals, row, column)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    phase = rng.uniform(0, 6, 4)
    fold = np.sin(2 * math.pi * (3.1 * t + 0.22 * np.sin(3.1 * u + phase[0])) + phase[1])
    fold = fold + 0.5 * np.sin(2 * math.pi * (6.3 * t + 0.35 * np.sin(2.3 * u + phase[2])) + phase[3])
    hem = _bulge(np.minimum(t, 1 - t) * wide, 0.05)
    up = 0.007 + hem * (0.008 + 0.010 * np.clip(fold + 0.6, 0, None))
    top = base + normal * up[..., None]
    under = base + normal * 0.001
    rims = [
        sheet(np.stack([under[0], top[0]])),
        sheet(np.stack([top[-1], under[-1]])),
        sheet(np.stack([top[:, 0], under[:, 0]])),
        sheet(np.stack([under[:, -1], top[:, -1]])),
    ]
    return join([sheet(top), *rims])
