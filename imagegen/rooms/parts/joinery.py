"""What a cabinet-maker does again and again: planks with their grain, carcasses, fronts, legs and pulls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from imagegen.rooms.shapes import Shape, bar, join, lathe, panel, slab, tube

Opening = tuple[float, float, float, float]
"""x0, x1, z0, z1 of a front, metres."""


def plank(low: Sequence[float], high: Sequence[float], radius: float = 0.003, steps: int = 2) -> Shape:
    """A board between two corners, its grain along its longest side on every face, no two boards from one log."""
    shape = slab(low, high, radius, steps)
    long = int(np.argmax(np.subtract(high, low)))
    each = len(shape.vertices) // 6
    uv = np.empty_like(shape.uv)
    for axis in range(3):
        rows = slice(2 * axis * each, 2 * (axis + 1) * each)
        across = [i for i in range(3) if i != axis]
        uv[rows] = shape.vertices[rows][:, across[::-1] if across[1] == long else across]
    start = np.asarray(low, float) @ np.array([[3.7, 1.9], [2.3, 5.1], [4.9, 0.7]])
    return Shape(shape.vertices, shape.faces, uv + np.mod(start, 1.0), shape.normals)


def carcass(width: float, depth: float, low: float, high: float, thick: float = 0.022) -> list[Shape]:
    """An open-fronted box: top, bottom, sides, and a body within so that nothing is seen through the gaps."""
    w, d = width / 2, depth / 2
    return [
        plank((-w, -d, high - thick), (w, d, high)),
        plank((-w, -d, low), (w, d, low + thick)),
        plank((-w, -d, low + thick), (-w + thick, d, high - thick)),
        plank((w - thick, -d, low + thick), (w, d, high - thick)),
        slab((-w + thick, -d + 0.03, low + thick), (w - thick, d - 0.004, high - thick), 0.001),
    ]


def openings(x0: float, x1: float, z0: float, z1: float, columns: int, rows: int, gap: float = 0.003) -> list[Opening]:
    """A field of fronts, row by row from below, with a shadow gap round each."""
    xs, zs = np.linspace(x0, x1, columns + 1), np.linspace(z0, z1, rows + 1)
    h = gap / 2
    return [
        (float(xs[c] + h), float(xs[c + 1] - h), float(zs[r] + h), float(zs[r + 1] - h))
        for r in range(rows)
        for c in range(columns)
    ]


def flat_front(place: Opening, y: float, thick: float = 0.019) -> Shape:
    """A plain door or drawer front; ``y`` is its outer face."""
    x0, x1, z0, z1 = place
    return plank((x0, y, z0), (x1, y + thick, z1), 0.002)


def frame_front(place: Opening, y: float, rail: float = 0.06, thick: float = 0.02) -> list[Shape]:
    """Two stiles and two rails round an opening."""
    x0, x1, z0, z1 = place
    return [
        plank((x0, y, z0), (x0 + rail, y + thick, z1), 0.002),
        plank((x1 - rail, y, z0), (x1, y + thick, z1), 0.002),
        plank((x0 + rail, y + 0.0005, z0), (x1 - rail, y + thick, z0 + rail), 0.002),
        plank((x0 + rail, y + 0.0005, z1 - rail), (x1 - rail, y + thick, z1), 0.002),
    ]


def panelled_front(place: Opening, y: float, rail: float = 0.06) -> list[Shape]:
    """A framed door with a panel set back in it."""
    x0, x1, z0, z1 = place
    inner = plank((x0 + rail - 0.006, y + 0.009, z0 + rail - 0.006), (x1 - rail + 0.006, y + 0.018, z1 - rail + 0.006))
    return [*frame_front(place, y, rail), inner]


def woven_panel(place: Opening, y: float, rail: float) -> Shape:
    """The cane of a framed door: a flat sheet that lies behind the frame's inner edge."""
    x0, x1, z0, z1 = place
    width, height = x1 - x0 - 2 * rail + 0.01, z1 - z0 - 2 * rail + 0.01
    return panel(width, height, ((x0 + x1) / 2, y + 0.011, z0 + rail - 0.005))


def slats(place: Opening, y: float, pitch: float, width: float, thick: float = 0.014) -> list[Shape]:
    """Upright slats side by side; ``y`` is their outer face."""
    x0, x1, z0, z1 = place
    count = max(1, round((x1 - x0 - width) / pitch))
    return [
        plank((x - width / 2, y, z0), (x + width / 2, y + thick, z1), min(0.004, width / 3), 1)
        for x in np.linspace(x0 + width / 2, x1 - width / 2, count + 1)
    ]


def corners(width: float, depth: float, inset: float) -> Iterator[tuple[int, int, float, float]]:
    """(sign of x, sign of y, x, y) of four legs whose middle is ``inset`` from the edges."""
    for sx in (-1, 1):
        for sy in (-1, 1):
            yield sx, sy, sx * (width / 2 - inset), sy * (depth / 2 - inset)


def splayed_legs(width: float, depth: float, height: float, radius: float = 0.019, splay: float = 0.035) -> list[Shape]:
    """Turned legs that taper and lean outwards, their feet within the footprint."""
    inset = 0.015 + radius * 0.6
    made = []
    for sx, sy, x, y in corners(width, depth, inset):
        leg = bar((x, y, 0), (x - sx * splay, y - sy * splay, height + 0.004), radius * 0.55, radius, 16)
        made.append(Shape(np.maximum(leg.vertices, [-np.inf, -np.inf, 0.0]), leg.faces, leg.uv, leg.normals))
    return made


def square_legs(width: float, depth: float, height: float, side: float = 0.035, inset: float = 0.0) -> list[Shape]:
    """Four square posts."""
    h = side / 2
    return [plank((x - h, y - h, 0), (x + h, y + h, height), 0.003) for _, _, x, y in corners(width, depth, inset + h)]


def knob(x: float, y: float, z: float, radius: float = 0.013) -> Shape:
    """A turned knob on a front whose face is at ``y``."""
    r = radius
    neck = [(0, 0), (r * 0.5, 0), (r * 0.42, r * 0.8), (r * 0.95, r * 1.2)]
    return lathe([*neck, (r, r * 1.6), (r * 0.75, r * 2), (0, r * 2.1)], 20).turn(90, "x").move(x, y, z)


def pull(x: float, y: float, z: float, length: float, *, upright: bool = False, thick: float = 0.010) -> Shape:
    """A bar on two feet before a front whose face is at ``y``."""
    half, off, t = length / 2, 0.024, thick / 2
    feet = [slab((s * (half - 0.02) - t, -off, -t), (s * (half - 0.02) + t, 0, t), 0.002) for s in (-1, 1)]
    grip = join([slab((-half, -off - t, -t), (half, -off + t, t), 0.003), *feet])
    return (grip.turn(90, "y") if upright else grip).move(x, y, z)


def ring(x: float, y: float, z: float, radius: float = 0.022) -> Shape:
    """A drop ring on a small rosette."""
    angle = np.linspace(0, 2 * np.pi, 25)
    loop = np.column_stack([radius * np.sin(angle), np.full(25, -0.008), radius * np.cos(angle) - radius])
    rosette = lathe([(0, 0), (0.012, 0), (0.011, 0.004), (0.005, 0.006), (0.005, 0.012), (0, 0.013)], 18).turn(90, "x")
    return join([rosette, tube(loop, 0.0028, 8, closed=True)]).move(x, y, z)
