"""Easy chairs that one sees through: spindles, slung leather, cane sides, woven rattan."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.sofas import SEAT, rests, seats
from imagegen.rooms.parts.turning import peg
from imagegen.rooms.parts.upholstery import scatter, sewn, stuffed
from imagegen.rooms.shapes import Shape, bar, box, curve, join, slab, tube
from imagegen.types import Doubles


@form("armchair", "spindle")
def spindle(spec: Spec) -> list[Piece]:
    """A wooden chair with a high fan of spindles under a bent comb, turned legs, a loose seat cushion."""
    width, depth, height = spec.size
    hx, front, rear = width / 2 - 0.05, -depth / 2 + 0.05, depth / 2 - 0.16
    board = SEAT - 0.075
    wood = [box((width - 0.12, depth - 0.20, 0.034), 0.014, 3).move(y=-0.045, z=board - 0.034)]
    for sx in (-1, 1):
        wood.append(peg((sx * hx, front, 0), (sx * (hx - 0.055), front + 0.06, board - 0.02), 0.014, 0.022))
        wood.append(
            peg((sx * (hx - 0.01), rear + 0.12, 0), (sx * (hx - 0.075), rear - 0.01, board - 0.02), 0.014, 0.022)
        )
        wood.append(bar((sx * (hx - 0.02), front + 0.025, 0.17), (sx * (hx - 0.035), rear + 0.065, 0.17), 0.011))
        arm = curve(
            [
                (sx * (hx - 0.015), front + 0.07, 0.635),
                (sx * (hx + 0.012), -0.02, 0.640),
                (sx * (hx - 0.02), rear + 0.075, 0.655),
            ],
            14,
        )
        wood.append(tube(arm, np.linspace(0.022, 0.015, 14), 12))
        for t in (0.12, 0.42, 0.70):
            top = arm[round(t * 13)]
            wood.append(bar((top[0] - sx * 0.045, top[1] * 0.88 - 0.012, board - 0.01), top, 0.0085))
    wood.append(bar((-hx + 0.028, -0.02, 0.17), (hx - 0.028, -0.02, 0.17), 0.011))
    top_y = depth / 2 - 0.03
    half = hx - 0.02
    comb = curve(
        [
            (-half, top_y - 0.035, height - 0.055),
            (-half / 2, top_y - 0.006, height - 0.028),
            (0, top_y, height - 0.024),
            (half / 2, top_y - 0.006, height - 0.028),
            (half, top_y - 0.035, height - 0.055),
        ],
        27,
    )
    wood.append(_comb(comb))
    for index, at in enumerate(np.linspace(1, 25, 9).astype(int)):
        foot = (comb[at, 0] * 0.80, rear - 0.012 - 0.02 * abs(index - 4) / 4, board - 0.01)
        mid = (np.asarray(foot) + comb[at]) / 2 + np.array([0, 0.022, 0])
        thick = 0.015 if index in (0, 8) else 0.0075
        wood.append(tube(curve([foot, mid, comb[at]], 10), thick, 8))
    seat = seats(width - 0.16, 1, board, front - 0.02, rear - 0.015, spec.seed, 0.0035)
    pieces = [Piece("legs", join(wood)), Piece("main", join(seat))]
    return pieces + scatter(spec, [(0.0, 0.38)], rear + 0.005, SEAT + 0.012, 15)


def _comb(line: Doubles) -> Shape:
    """The bent rail on top of a row of spindles: tall, thin, with rounded edges."""
    rail = tube(line, 0.024, 12)
    mean = np.interp(rail.vertices[:, 0], line[:, 0], line[:, 1])
    flat = rail.vertices.copy()
    flat[:, 1] = mean + (flat[:, 1] - mean) * 0.45
    return rail.bend(lambda _: flat)


@form("armchair", "sling")
def sling(spec: Spec) -> list[Piece]:
    """A hide slung between two bent frames of steel or wood: low seat, long raked back, flat arms."""
    width, depth, height = spec.size
    hx, front, rear = width / 2 - 0.02, -depth / 2 + 0.02, depth / 2 - 0.02
    frame: list[Shape] = []
    for side in (-1, 1):
        x = side * hx
        loop = curve(
            [
                (x, front, 0.013),
                (x, front, 0.30),
                (x, front + 0.03, 0.545),
                (x, front + 0.09, 0.575),
                (x, 0.0, 0.577),
                (x, rear - 0.15, 0.577),
                (x, rear - 0.09, 0.545),
                (x, rear - 0.06, 0.30),
                (x, rear - 0.06, 0.013),
            ],
            46,
        )
        frame.append(tube(loop, 0.0125, 10))
        frame.append(bar((x, front, 0.013), (x, rear - 0.06, 0.013), 0.0125))
        rail = curve(
            [
                (x - side * 0.03, front + 0.02, 0.455),
                (x - side * 0.03, 0.06, 0.405),
                (x - side * 0.03, 0.17, 0.44),
                (x - side * 0.03, rear, height - 0.012),
            ],
            30,
        )
        frame.append(tube(rail, 0.0125, 10))
        for at, z in ((4, 0.44), (16, 0.42)):
            frame.append(bar(rail[at], (x, rail[at, 1], z), 0.009))
        frame.append(slab((x - 0.026, front + 0.08, 0.582), (x + 0.026, rear - 0.14, 0.600), 0.006).grain())
    for y, z in ((front + 0.02, 0.452), (rear, height - 0.014), (rear - 0.06, 0.12)):
        inset = 0.0 if z < 0.2 else 0.03
        frame.append(bar((-hx + inset, y, z), (hx - inset, y, z), 0.0125))
    pieces = [Piece("main", _hide(hx - 0.03, front, rear, height)), Piece("legs", join(frame))]
    return pieces + scatter(spec, [(0.0, 0.38)], 0.24, 0.425, 24)


def _hide(half: float, front: float, rear: float, height: float) -> Shape:
    """Thick leather that sags between its rails and is turned over the bars at both ends."""
    section = curve(
        [
            (front + 0.018, 0.405),
            (front + 0.002, 0.455),
            (front + 0.022, 0.472),
            (front + 0.16, 0.437),
            (0.02, 0.385),
            (0.13, 0.40),
            (0.20, 0.505),
            (rear - 0.10, height - 0.17),
            (rear - 0.01, height + 0.0),
            (rear + 0.016, height - 0.012),
            (rear + 0.006, height - 0.09),
        ],
        60,
    )
    x = np.linspace(-half - 0.004, half + 0.004, 21)
    share = x / half
    body = np.sin(np.pi * np.clip((np.linspace(0, 1, 60) - 0.20) / 0.48, 0, 1))
    sag = (0.030 * (1 - share**2) - 0.006)[None, :] * body[:, None]
    slope = np.gradient(section, axis=0)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]]) / np.linalg.norm(slope, axis=1, keepdims=True)
    y = section[:, 0][:, None] - normal[:, 0][:, None] * sag
    z = section[:, 1][:, None] - normal[:, 1][:, None] * sag
    return sewn(np.dstack([np.broadcast_to(x, y.shape), y, z]), 0.005)


@form("armchair", "cane", slots=("main", "legs", "cushion1", "cane"))
def cane(spec: Spec) -> list[Piece]:
    """A square wooden frame, its sides and back of woven cane, with two soft cushions."""
    width, depth, height = spec.size
    hx, front, rear = width / 2 - 0.022, -depth / 2 + 0.022, depth / 2 - 0.022
    wood, panels = [], []
    arm = 0.60
    for side in (-1, 1):
        x = side * hx
        wood += [
            slab((x - 0.018, y - 0.020, 0), (x + 0.018, y + 0.020, z), 0.006).grain()
            for y, z in ((front, arm - 0.01), (rear, height - 0.005))
        ]
        wood.append(slab((x - 0.024, front - 0.022, arm - 0.024), (x + 0.024, rear - 0.004, arm), 0.009).grain())
        wood.append(slab((x - 0.014, front, 0.235), (x + 0.014, rear, 0.275), 0.005).grain())
        panels.append(_caning((x, front + 0.01, 0.262), (x, rear - 0.01, arm - 0.014)))
    wood += [
        slab((-hx, y - 0.014, z), (hx, y + 0.014, z + tall), 0.006)
        for y, z, tall in ((front, 0.225, 0.055), (rear, 0.235, 0.05), (rear, height - 0.05, 0.045))
    ]
    wood += [
        slab((x - 0.012, rear - 0.009, 0.28), (x + 0.012, rear + 0.009, height - 0.03), 0.004).grain()
        for x in (-hx / 3, hx / 3)
    ]
    panels.append(_caning((-hx + 0.01, rear, 0.275), (hx - 0.01, rear, height - 0.04)))
    wood.append(slab((-hx, front, 0.250), (hx, rear - 0.01, 0.268), 0.003))
    inner = 2 * hx - 0.055
    soft = seats(inner, 1, 0.268, front - 0.018, rear - 0.022, spec.seed, 0.0035)
    soft += rests(inner, 1, height - SEAT - 0.0, 0.15, rear - 0.025, 12, spec.seed, 0.0035)
    pieces = [Piece("main", join(soft)), Piece("legs", join(wood)), Piece("cane", join(panels))]
    return pieces + scatter(spec, [(0.02, 0.38)], rear - 0.27, SEAT + 0.015, 16)


def _caning(low: tuple[float, float, float], high: tuple[float, float, float]) -> Shape:
    """An upright panel of cane between two corners, 4 mm thick."""
    a, b = np.asarray(low), np.asarray(high)
    thin = np.where(np.abs(b - a) < 1e-6, 0.002, 0.0)
    return slab((a - thin).tolist(), (b + thin).tolist(), 0.0005, 1)


@form("armchair", "rattan", slots=("main", "legs", "cushion1", "cane"))
def rattan(spec: Spec) -> list[Piece]:
    """A round chair of bent poles: the woven shell opens like a fan behind a thick cushion, on a drum of struts."""
    width, depth, height = spec.size
    ring_y = -0.02
    angle = np.linspace(np.radians(-38), np.radians(218), 57)
    share = (angle - angle[0]) / (angle[-1] - angle[0])
    crest = np.sin(np.pi * share)
    tall = 0.50 + (height - 0.515) * np.clip(crest, 0, 1) ** 1.7
    rx, ry = width / 2 - 0.02, depth / 2 - 0.02
    foot = np.column_stack([0.74 * rx * np.cos(angle), ring_y + 0.74 * ry * np.sin(angle), np.full(57, 0.375)])
    lip = np.column_stack(
        [rx * np.cos(angle), np.minimum(ring_y + (ry + 0.02) * np.sin(angle), depth / 2 - 0.015), tall]
    )
    t = np.linspace(0, 1, 15)[:, None, None]
    bow = np.sin(np.pi * t) * 0.035 * np.dstack([np.cos(angle), np.sin(angle), np.zeros(57)])
    shell = foot[None] * (1 - t) + lip[None] * t + bow
    poles = [tube(lip, 0.017, 10), tube(shell[7], 0.008, 8), tube(shell[11], 0.008, 8)]
    poles += [tube(shell[:, i], 0.0075, 8) for i in range(0, 57, 4)]
    turn = np.linspace(0, 2 * np.pi, 49)
    for scale, z, radius in ((0.74, 0.375, 0.014), (0.70, 0.20, 0.009), (0.78, 0.014, 0.014)):
        hoop = np.column_stack([scale * rx * np.cos(turn), ring_y + scale * ry * np.sin(turn), np.full(49, z)])
        poles.append(tube(hoop, radius, 10, closed=True))
    for a, b in zip(turn[:-1:4], turn[2::4], strict=True):
        for start, end in ((a, b), (b, a + np.radians(30))):
            down = (0.76 * rx * np.cos(start), ring_y + 0.76 * ry * np.sin(start), 0.02)
            up = (0.73 * rx * np.cos(end), ring_y + 0.73 * ry * np.sin(end), 0.375)
            poles.append(bar(down, up, 0.008, segments=8))
    deck = stuffed((1.46 * rx, 1.46 * ry, 0.02), 0.009, (0, 0, 0), 1).bend(lambda p: _rounded(p, rx * 0.73, ry * 0.73))
    cushion = stuffed((1.46 * rx, 1.46 * ry, SEAT - 0.395), 0.036, (0.0, 0.0, 0.024), spec.seed, 0.004, 10)
    cushion = cushion.bend(lambda p: _rounded(p, rx * 0.73, ry * 0.73)).move(y=ring_y - 0.01, z=0.392)
    woven = join([sewn(shell[:, ::-1], 0.005), deck.move(y=ring_y, z=0.37)])
    pieces = [Piece("main", cushion), Piece("legs", join(poles)), Piece("cane", woven)]
    return pieces + scatter(spec, [(0.0, 0.40)], depth / 2 - 0.17, SEAT + 0.012, 17)


def _rounded(p: Doubles, half_x: float, half_y: float) -> Doubles:
    """A square's points moved into its ellipse: each ring of the square becomes a ring of the ellipse."""
    u, v = p[:, 0] / half_x, p[:, 1] / half_y
    far = np.maximum(np.abs(u), np.abs(v))
    scale = far / np.maximum(np.hypot(u, v), 1e-9)
    return np.column_stack([p[:, 0] * scale, p[:, 1] * scale, p[:, 2]])
