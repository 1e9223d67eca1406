"""Fireplaces: back at +Y, hearth in front, standing on z = 0; a height of over 1.7 m is a chimney breast.

Shared settings: fire (0 unlit, 1 burning), opening (metres wide), mantel (metres high). Fire glows by its material.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.openwork import arch, band, level
from imagegen.rooms.shapes import Shape, bar, box, curve, cylinder, join, lathe, sheet, slab, tube
from imagegen.types import Doubles

BREAST = 1.7
"""Metres of height from which the masonry goes on above the mantel."""

STOVE = (0.58, 0.46, 0.88)
"""Metres that an iron stove grows to at most: width, depth, height of its body."""


@dataclass(frozen=True, slots=True)
class Hearth:
    """The measures of a built fireplace: its masonry from ``front`` to ``back`` (y), and the hole in it."""

    width: float
    front: float
    back: float
    height: float
    hole: float
    spring: float
    rise: float
    floor: float
    mantel: float

    @property
    def depth(self) -> float:
        """Of the masonry, metres."""
        return self.back - self.front


def _hearth(spec: Spec, hole: float, high: float, rise: float, floor: float) -> Hearth:
    """A breast at the back of the footprint; the hearth's slab comes forward from it by a third of the depth."""
    width, depth, height = spec.size
    front = -depth / 2 + max(0.06, 0.30 * depth)
    wide = min(spec.number("opening", hole * width), width - 0.36)
    mantel = min(spec.number("mantel", 1.24), height)
    top = min(floor + high, mantel - 0.16)
    return Hearth(width, front, depth / 2, height, wide, top - rise, rise, floor, mantel)


def _front(h: Hearth, height: float, rounded: float = 0.0) -> Shape:
    """Masonry with its hole, courses running on from side to side; ``rounded``: radius of its upright corners."""
    w, half = h.width / 2, h.hole / 2
    line = arch(h.hole, h.spring, h.rise) if h.rise else level(arch(h.hole, 0.0, 0.1, 8), h.spring)
    edge = w - rounded
    lower = np.vstack([[(-edge, 0), (-half, 0)], line, [(half, 0), (edge, 0)]])
    made = [band(lower, level(lower, height), h.front, h.back)]
    if rounded:
        made += [slab((x0, h.front + rounded, 0), (x1, h.back, height), 0.0005) for x0, x1 in ((-w, -edge), (edge, w))]
        post = cylinder(rounded, height, 0.001, 40)
        made += [post.move(x, h.front + rounded) for x in (-edge, edge)]
    return join(made)


def _firebox(h: Hearth) -> Shape:
    """The soot-black inside of the hole: back, sides that splay, floor."""
    half, back, high = h.hole / 2, h.back - 0.04, h.spring + h.rise
    inner = half * 0.72
    y = h.front + 0.04
    faces = [
        [(-inner, back, h.floor), (inner, back, h.floor), (-inner, back, high), (inner, back, high)],
        [(-half, y, h.floor), (-inner, back, h.floor), (-half, y, high), (-inner, back, high)],
        [(inner, back, h.floor), (half, y, h.floor), (inner, back, high), (half, y, high)],
        [
            (-half, y, h.floor + 0.002),
            (half, y, h.floor + 0.002),
            (-inner, back, h.floor + 0.002),
            (inner, back, h.floor + 0.002),
        ],
    ]
    return join([sheet(np.array(face, float).reshape(2, 2, 3)) for face in faces])


def _burning(spec: Spec, width: float, depth: float, x: float, y: float, z: float) -> list[Piece]:
    """Logs across two fire dogs, embers under them and tongues of flame between; the fire's floor is at z."""
    rng = spec.rng(9)
    radius = min(0.055, width * 0.09)
    logs = [_log(width * 0.9, radius, rng).move(0, depth * s, radius * 1.6) for s in (-0.22, 0.2)]
    logs.append(_log(width * 0.72, radius * 0.9, rng).turn(14).move(0.02, 0.0, radius * 3.1))
    logs.append(_log(width * 0.62, radius * 0.75, rng).turn(-24).move(-0.03, -depth * 0.05, radius * 4.5))
    pieces = [Piece("logs", join(logs).move(x, y, z))]
    if not spec.number("fire", 1.0):
        return pieces
    embers = [
        box((0.05, 0.04, 0.025), 0.01, 1)
        .turn(float(rng.uniform(0, 90)))
        .move(float(rng.uniform(-0.36, 0.36)) * width, float(rng.uniform(-0.3, 0.3)) * depth)
        for _ in range(16)
    ]
    flames = [
        _flame(
            float(rng.uniform(0.45, 1.0)) * width * 0.95 * (1 - 1.3 * abs(at)),
            width * float(rng.uniform(0.05, 0.085)),
            rng,
        ).move(at * width * 0.75, float(rng.uniform(-0.2, 0.2)) * depth, radius * float(rng.uniform(0.6, 2.6)))
        for at in np.linspace(-0.5, 0.5, 11)
    ]
    return [*pieces, Piece("fire", join([*embers, *flames]).move(x, y, z))]


def _log(length: float, radius: float, rng: np.random.Generator) -> Shape:
    """A billet along X, a little crooked, sawn at both ends."""
    phase = rng.uniform(0, 6, 2)
    t = np.linspace(-0.5, 0.5, 9)
    path = np.column_stack([t * length, 0.012 * np.sin(5 * t + phase[0]), 0.010 * np.sin(7 * t + phase[1])])
    return tube(path, radius * (1 + 0.10 * np.sin(11 * t + phase[0])), 12)


def _flame(height: float, radius: float, rng: np.random.Generator) -> Shape:
    """A tongue that leans, narrows and curls; flat towards the room."""
    sway = rng.uniform(-0.5, 0.5, 3) * min(2.2 * radius, 0.25 * height)
    path = curve([(0, 0, 0), (sway[0], 0, height * 0.35), (sway[1], 0, height * 0.7), (sway[2], 0, height)], 18)
    share = np.linspace(0, 1, 18)
    thick = radius * (0.25 * (1 - share) + 2.2 * share**0.45 * (1 - share) ** 1.25) * (1 - 0.4 * share) + 0.0006
    tongue = tube(path, thick, 8)
    flat = tongue.vertices * np.array([1.0, 0.35, 1.0])
    return Shape(flat, tongue.faces, tongue.uv, tongue.normals)


def _slab_before(h: Hearth, depth: float, rounded: float = 0.008) -> Shape:
    """The hearth's slab, under the whole fireplace and out before it."""
    return slab((-h.width / 2, -depth / 2, 0), (h.width / 2, h.back, h.floor), rounded)


def _fire_in(spec: Spec, h: Hearth) -> list[Piece]:
    return _burning(spec, h.hole * 0.66, h.depth * 0.6, 0.0, (h.front + h.back) / 2 + 0.02, h.floor + 0.004)


@kind("fireplace", 50, ("main", "hearth", "opening", "mantel", "fire", "logs"), ("stone",))
def stone(spec: Spec) -> list[Piece]:
    """A breast of rubble with a timber lintel and a hewn beam for a mantel, its corners of larger stones."""
    h = _hearth(spec, 0.52, 0.74, 0.0, 0.10)
    wall = _front(h, h.height)
    masonry = [wall, *_quoins(h, spec.rng(3))]
    w = h.width / 2
    shelf = slab((-w - 0.02, h.front - 0.15, h.mantel - 0.13), (w + 0.02, h.front + 0.03, h.mantel), 0.014)
    corbels = [
        slab((x - 0.05, h.front - 0.11, h.mantel - 0.26), (x + 0.05, h.front + 0.02, h.mantel - 0.128), 0.018)
        for x in (-w + 0.16, w - 0.16)
    ]
    lintel = slab(
        (-h.hole / 2 - 0.14, h.front - 0.022, h.spring - 0.004),
        (h.hole / 2 + 0.14, h.front + 0.2, h.spring + 0.13),
        0.012,
    )
    return [
        Piece("main", join(masonry)),
        Piece("hearth", _slab_before(h, spec.size[1], 0.014)),
        Piece("opening", _firebox(h)),
        Piece("mantel", join([shelf, *corbels, lintel])),
        *_fire_in(spec, h),
    ]


def _quoins(h: Hearth, rng: np.random.Generator) -> list[Shape]:
    """Corner stones that alternate long and short, proud of the face by a centimetre or two."""
    made, z, turn = [], h.floor, 0
    while z < h.height - 0.05:
        tall = min(float(rng.uniform(0.15, 0.24)), h.height - z)
        for side in (-1, 1):
            long = (0.26 if (turn + (side > 0)) % 2 else 0.15) + float(rng.uniform(-0.03, 0.03))
            long = min(long, (h.width - h.hole) / 2 - 0.02)
            out = float(rng.uniform(0.006, 0.018))
            x0, x1 = sorted((side * (h.width / 2 + out), side * (h.width / 2 - long)))
            stone_ = slab((x0, h.front - out, z + 0.006), (x1, h.front + 0.24, z + tall - 0.006), 0.02, 3)
            made.append(stone_.grain(False, shift=(float(rng.uniform(0, 2)), float(rng.uniform(0, 2)))))
        z, turn = z + tall, turn + 1
    return made


@form("fireplace", "brick")
def brick(spec: Spec) -> list[Piece]:
    """A breast of brick with a shallow arch, a stepped shoulder and a plain thick shelf."""
    h = _hearth(spec, 0.52, 0.78, 0.09, 0.065)
    w = h.width / 2
    over = arch(h.hole, h.spring, h.rise), arch(h.hole + 0.22, h.spring + 0.012, h.rise + 0.10)
    soldier = band(*over, h.front - 0.012, h.front + 0.05)
    shelf = slab((-w - 0.05, h.front - 0.14, h.mantel - 0.06), (w + 0.05, h.front + 0.03, h.mantel), 0.006)
    step = slab((-w - 0.015, h.front - 0.05, h.mantel - 0.125), (w + 0.015, h.front + 0.03, h.mantel - 0.06), 0.004)
    return [
        Piece("main", join([_front(h, h.height), soldier, step])),
        Piece("hearth", _slab_before(h, spec.size[1])),
        Piece("opening", _firebox(h)),
        Piece("mantel", shelf),
        *_fire_in(spec, h),
    ]


@form("fireplace", "plaster")
def plaster(spec: Spec) -> list[Piece]:
    """Hand-smoothed plaster: a rounded body with an arched mouth, a ledge, a hood that narrows to the ceiling."""
    h = _hearth(spec, 0.42, 0.74, 0.0, 0.20)
    rise = min(h.hole / 2, 0.36)
    h = Hearth(h.width, h.front, h.back, h.height, h.hole, h.spring - rise, rise, h.floor, h.mantel)
    breast = h.height > BREAST
    body = [_front(h, h.mantel if breast else h.height, 0.09)]
    if breast:
        body.append(_hood(h))
    lip = arch(h.hole, h.spring, h.rise), arch(h.hole + 0.14, h.spring, h.rise + 0.07)
    round_lip = tube(_mouth(h), 0.028, 12)
    body.append(round_lip)
    body.append(band(*lip, h.front - 0.012, h.front + 0.03))
    ledge = box((h.width + 0.06, h.depth + 0.05, 0.075), 0.036, 5).move(
        0, (h.front + h.back) / 2 - 0.025, h.mantel - 0.04
    )
    return [
        Piece("main", join(body)),
        Piece("hearth", _slab_before(h, spec.size[1], 0.045)),
        Piece("opening", _firebox(h)),
        Piece("mantel", ledge),
        *_fire_in(spec, h),
    ]


def _mouth(h: Hearth) -> Doubles:
    """The edge of the hole, from the hearth up one side, round and down, on the face."""
    line = arch(h.hole + 0.05, h.spring, h.rise + 0.025, 32)
    foot = np.array([[line[0, 0], h.floor]]), np.array([[line[-1, 0], h.floor]])
    path = np.vstack([foot[0], line, foot[1]])
    return np.column_stack([path[:, 0], np.full(len(path), h.front - 0.004), path[:, 1]])


def _hood(h: Hearth, steps: int = 24) -> Shape:
    """From the ledge to the ceiling: a rounded rectangle that draws in along an easing curve."""
    share = np.linspace(0, 1, steps)
    ease = 1 - 0.52 * np.sin(share * math.pi / 2) ** 1.3
    angle = np.linspace(math.pi, 2 * math.pi, 41)
    corner = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.35, -(np.abs(np.sin(angle)) ** 0.35)
    rows = []
    for k, s in zip(ease, share, strict=True):
        x = corner[0] * (h.width / 2 - 0.03) * k
        y = h.back + corner[1] * (h.depth - 0.02) * (1 - 0.30 * math.sin(s * math.pi / 2) ** 1.3)
        rows.append(np.column_stack([x, y, np.full(len(x), h.mantel - 0.02 + (h.height - h.mantel + 0.02) * s)]))
    return sheet(np.stack(rows))


@form("fireplace", "stove")
def stove(spec: Spec) -> list[Piece]:
    """A free-standing iron stove on legs, a window in its door, a pipe up to ``settings.ceiling`` (metres, 2.65).

    ``size``: the stove alone, or up to the ceiling; the plate under it fills the footprint. It has no mantel.
    """
    width, depth, height = spec.size
    ceiling = spec.number("ceiling", height if height > BREAST else 2.65)
    height = min(height, STOVE[2])
    wide, deep, legs = min(width * 0.68, STOVE[0]), min(depth * 0.62, STOVE[1]), 0.16
    y = depth * 0.12
    w, front = wide / 2, y - deep / 2
    low, high = legs, height - 0.03
    wall = 0.03
    glass = (w - 0.075, low + 0.15, high - 0.10)
    body = [
        slab((-w, front, low), (w, y + deep / 2, low + 0.06), 0.012),
        slab((-w, front, high - 0.05), (w, y + deep / 2, high), 0.012),
        slab((-w, y + deep / 2 - wall, low), (w, y + deep / 2, high), 0.008),
        *[slab((x, front, low), (x + wall, y + deep / 2, high), 0.008) for x in (-w, w - wall)],
        slab((-w - 0.02, front - 0.02, high - 0.004), (w + 0.02, y + deep / 2 + 0.02, height), 0.010),
        *_stove_door(w, front, low, high, glass),
        *[
            cylinder(0.022, legs + 0.01, 0.004, 16, 0.016).turn(180, "x").move(x, s, legs + 0.01)
            for x in (-w + 0.05, w - 0.05)
            for s in (front + 0.06, y + deep / 2 - 0.06)
        ],
    ]
    pipe = [cylinder(0.075, ceiling - height + 0.01, 0.002, 32).move(0, y + deep * 0.16, height - 0.01)]
    pipe += [
        cylinder(0.082, 0.03, 0.006, 32).move(0, y + deep * 0.16, z) for z in (height, height + 0.62, ceiling - 0.55)
    ]
    pipe.append(lathe([(0.075, -0.03), (0.15, -0.012), (0.15, 0.0), (0, 0.0)], 32).move(0, y + deep * 0.16, ceiling))
    inside = slab(
        (-w + wall, y + deep / 2 - wall - 0.012, low + 0.06), (w - wall, y + deep / 2 - wall, high - 0.05), 0.002
    )
    plate = slab((-width / 2, -depth / 2, 0), (width / 2, depth / 2, 0.012), 0.004)
    fire = _burning(spec, wide * 0.62, deep * 0.5, 0.0, y - 0.02, low + 0.06)
    return [Piece("main", join([*body, *pipe])), Piece("hearth", plate), Piece("opening", inside), *fire]


def _stove_door(w: float, front: float, low: float, high: float, glass: tuple[float, float, float]) -> list[Shape]:
    """A frame round the window, its hinges and its coiled handle."""
    half, z0, z1 = glass
    edge = w - 0.02
    y0, y1 = front - 0.014, front + 0.012
    return [
        slab((-edge, y0, low + 0.03), (edge, y1, z0), 0.006),
        slab((-edge, y0, z1), (edge, y1, high - 0.03), 0.006),
        slab((-edge, y0, z0 - 0.01), (-half, y1, z1 + 0.01), 0.006),
        slab((half, y0, z0 - 0.01), (edge, y1, z1 + 0.01), 0.006),
        bar((edge - 0.03, y0, (z0 + z1) / 2), (edge - 0.03, y0 - 0.05, (z0 + z1) / 2), 0.006),
        bar((edge - 0.03, y0 - 0.05, (z0 + z1) / 2 - 0.09), (edge - 0.03, y0 - 0.05, (z0 + z1) / 2 + 0.02), 0.010),
        slab((-0.09, y0 - 0.006, low + 0.065), (0.09, y0 + 0.004, low + 0.10), 0.004),
    ]
