"""Beds: frames and headboards; what lies on them is in ``bedding``."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from imagegen.rooms.parts.bedding import Mattress, bedding
from imagegen.rooms.parts.bedframes import block, posts, rails
from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.curtains import drape
from imagegen.rooms.parts.joinery import plank
from imagegen.rooms.shapes import Shape, bar, box, curve, cushion, cylinder, join, lathe, sheet, slab, tube

_SLOTS = ("frame", "headboard", "mattress", "sheet", "duvet", "pillow1", "pillow2", "cushion1", "throw")
_WORDS = ("bed frame", "bed", "headboard", "mattress")


@kind("bed", 8, _SLOTS, ("slatted",), words=_WORDS)
def slatted(spec: Spec) -> list[Piece]:
    """A light wooden frame on tapered legs; a headboard of turned spindles between two rails."""
    width, depth, height = spec.size
    w, back, front = width / 2, depth / 2, -depth / 2
    head = back - 0.055
    frame = rails(width, front, head, 0.20, 0.34)
    for s in (-1, 1):
        frame.append(bar((s * (w - 0.04), front + 0.045, 0), (s * (w - 0.04), front + 0.045, 0.21), 0.017, 0.026, 16))
    board = [
        tube(
            curve(
                [
                    (s * (w - 0.024), back - 0.03, 0),
                    (s * (w - 0.024), back - 0.03, 0.5),
                    (s * (w - 0.024), back - 0.024, height),
                ],
                12,
            ),
            np.linspace(0.021, 0.024, 12),
            14,
        )
        for s in (-1, 1)
    ]
    board.append(plank((-w + 0.03, back - 0.046, height - 0.085), (w - 0.03, back - 0.018, height - 0.02), 0.010))
    board.append(plank((-w + 0.03, back - 0.046, 0.44), (w - 0.03, back - 0.018, 0.49), 0.008))
    board += [
        bar((x, back - 0.032, 0.485), (x, back - 0.032, height - 0.08), 0.009, segments=12)
        for x in np.linspace(-w + 0.12, w - 0.12, max(7, round(width / 0.105)))
    ]
    bed = Mattress(width - 0.07, front + 0.04, head, 0.28, 0.52, 0.23, 0.23, head + 0.01)
    return [
        Piece("frame", join(frame)),
        Piece("headboard", join(board)),
        *bedding(spec, bed, (block(width, front, head, 0.2, 0.34),)),
    ]


@form("bed", "panel")
def panel(spec: Spec) -> list[Piece]:
    """Upholstered: a padded base down to low feet and a thick flat headboard with a seam round its face."""
    width, depth, height = spec.size
    back, front = depth / 2, -depth / 2
    head = back - 0.11
    base = cushion((width, head - front, 0.24), 0.03, 0.004, spec.seed, 4).move(y=(head + front) / 2, z=0.07)
    feet = [
        cylinder(0.022, 0.075, 0.003, 20).move(s * (width / 2 - 0.09), y)
        for s in (-1, 1)
        for y in (front + 0.09, head - 0.09)
    ]
    slabs = [box((width, 0.10, height - 0.06), 0.022, 3).move(y=back - 0.05, z=0.06)]
    count = max(2, round(width / 0.42))
    for index in range(count):
        each = (width - 0.02) / count
        x = -width / 2 + 0.01 + each * (index + 0.5)
        pad = cushion((each - 0.002, 0.055, height - 0.10), 0.022, 0.010, spec.seed + index, 3)
        slabs.append(pad.move(x, back - 0.095, 0.08))
    bed = Mattress(width - 0.08, front + 0.05, head - 0.015, 0.27, 0.55, 0.25, 0.25, head - 0.02)
    soft = bedding(spec, bed, (block(width, front, head, 0.07, 0.31),))
    return [Piece("frame", join([base, *feet])), Piece("headboard", join(slabs)), *soft]


@form("bed", "platform")
def platform(spec: Spec) -> list[Piece]:
    """Low: a timber deck that shows round the mattress on a base set far back; a low headboard of leaning boards."""
    width, depth, height = spec.size
    w, back, front = width / 2, depth / 2, -depth / 2
    deck = 0.20
    boards = [
        plank((-w, front, deck - 0.045), (w, front + 0.14, deck), 0.005),
        plank((-w, front + 0.142, deck - 0.045), (-w + 0.15, back, deck), 0.005),
        plank((w - 0.15, front + 0.142, deck - 0.045), (w, back, deck), 0.005),
        slab((-w + 0.14, front + 0.13, deck - 0.04), (w - 0.14, back, deck - 0.012), 0.002),
        slab((-w + 0.22, front + 0.25, 0), (w - 0.22, back - 0.12, deck - 0.04), 0.002),
    ]
    head = back - 0.13
    tall = height - deck + 0.03
    leaning = [plank((-w, -0.016, tall * i / 3), (w, 0.016, tall * (i + 1) / 3 - 0.004), 0.006) for i in range(3)]
    leaning = [s.turn(-6, "x").move(y=back - 0.03 - tall * 0.105, z=deck - 0.028) for s in leaning]
    stays = [
        plank(
            (s * w * 0.62 - 0.03, back - 0.05, deck - 0.01), (s * w * 0.62 + 0.03, back - 0.012, height - 0.10), 0.004
        )
        for s in (-1, 1)
    ]
    bed = Mattress(width - 0.32, front + 0.16, head, deck - 0.012, 0.41, 0.135, 0.13, head + 0.015)
    soft = bedding(spec, bed, (block(width, front, back, deck - 0.045, deck),))
    return [Piece("frame", join(boards)), Piece("headboard", join([*leaning, *stays])), *soft]


@form("bed", "iron")
def iron(spec: Spec) -> list[Piece]:
    """Round bars: arched headboard and a lower foot, upright rods, balls on the posts."""
    width, depth, height = spec.size
    w, back, front = width / 2 - 0.02, depth / 2 - 0.02, -depth / 2 + 0.02

    def end(y: float, tall: float, low: float) -> list[Shape]:
        post = tall * 0.86
        arch = curve(
            [
                (-w, y, post - 0.03),
                (-w * 0.86, y, post + 0.05),
                (-w * 0.4, y, tall - 0.02),
                (0, y, tall - 0.0125),
                (w * 0.4, y, tall - 0.02),
                (w * 0.86, y, post + 0.05),
                (w, y, post - 0.03),
            ],
            48,
        )
        made = [tube(arch, 0.0125, 12)]
        ball = lathe([(0, -0.026), (0.018, -0.018), (0.026, 0), (0.018, 0.018), (0, 0.026)], 20, 80)
        for s in (-1, 1):
            made += [cylinder(0.017, post, 0.003, 20).move(s * w, y), ball.move(s * w, y, post + 0.016)]
        made.append(bar((-w, y, low), (w, y, low), 0.010))
        made.append(bar((-w, y, post - 0.10), (w, y, post - 0.10), 0.009))
        xs = np.linspace(-w, w, max(7, round(2 * w / 0.13)) + 1)[1:-1]
        for x in xs:
            made.append(bar((x, y, low), (x, y, float(np.interp(x, arch[:, 0], arch[:, 2]))), 0.0065, segments=10))
        return made

    steel = end(front, min(0.80, height * 0.66), 0.30)
    steel += [slab((s * w - 0.004, front, 0.25), (s * w + 0.004, back, 0.30), 0.0) for s in (-1, 1)]
    steel += [slab((-w, y - 0.02, 0.27), (w, y + 0.02, 0.285), 0.0) for y in np.linspace(front + 0.2, back - 0.2, 7)]
    head = back - 0.03
    bed = Mattress(width - 0.09, front + 0.085, head, 0.285, 0.55, 0.26, 0.16, head + 0.015)
    within = block(width, front - 0.6, front + 0.028, 0.0, 1.0)  # the foot keeps the duvet in
    soft = bedding(spec, bed, (block(width - 0.03, front, back, 0.25, 0.30), within))
    return [Piece("frame", join(steel)), Piece("headboard", join(end(back, height, 0.42))), *soft]


@form("bed", "rattan")
def rattan(spec: Spec) -> list[Piece]:
    """A headboard of bent rattan: a round-shouldered arch of poles with woven cane in it, on a slim wooden frame."""
    width, depth, height = spec.size
    w, back, front = width / 2, depth / 2, -depth / 2
    head = back - 0.065
    frame = rails(width, front, head, 0.20, 0.33)
    frame += [
        bar((s * (w - 0.045), y, 0), (s * (w - 0.045), y, 0.21), 0.018, 0.026, 16)
        for s in (-1, 1)
        for y in (front + 0.05, head - 0.05)
    ]
    y = back - 0.03
    board: list[Shape] = []
    for inset, radius in ((0.022, 0.021), (0.085, 0.013), (0.125, 0.011)):
        a, top = w - inset, height - inset
        points = [
            (-a, y, 0.0 if inset < 0.05 else 0.40),
            (-a, y, top * 0.5),
            (-a * 0.97, y, top * 0.74),
            (-a * 0.72, y, top * 0.945),
            (0, y, top),
        ]
        path = curve([*points, *((-x, y, z) for x, _, z in points[-2::-1])], 64)
        board.append(tube(path, radius, 12))
    u = np.linspace(-1, 1, 41)
    a = w - 0.125
    left = path[: len(path) // 2]  # the innermost arch, from the floor up to its middle
    rim = np.interp(1 - np.abs(u), 1 + left[:, 0] / a, left[:, 2]) - 0.006
    t = np.linspace(0, 1, 12)[:, None]
    low = 0.42
    grid = np.stack([u[None, :] * a + 0 * t, np.full((12, 41), y), low + (rim[None, :] - low) * t], axis=2)
    weave = sheet(grid, grid[..., [0, 2]])
    board += [bar((-w + 0.02, y, 0.42), (w - 0.02, y, 0.42), 0.015), weave]
    for x in np.linspace(-a * 0.66, a * 0.66, 5):
        board.append(bar((x, y + 0.004, low), (x, y + 0.004, float(np.interp(x, u * a, rim)) + 0.012), 0.009))
    bed = Mattress(width - 0.07, front + 0.04, head, 0.27, 0.52, 0.23, 0.23, head + 0.01)
    return [
        Piece("frame", join(frame)),
        Piece("headboard", join(board)),
        *bedding(spec, bed, (block(width, front, head, 0.2, 0.33),)),
    ]


@form("bed", "canopy")
def canopy(spec: Spec) -> list[Piece]:
    """Four slim posts with rails above; light cloth gathered at the posts and slung across the top."""
    width, depth, height = spec.size
    w, back, front, side = width / 2, depth / 2, -depth / 2, 0.05
    head = back - 0.06
    frame = rails(width - 0.02, front + 0.012, head, 0.24, 0.38)
    frame += [*posts(width, front, height), *posts(width, back - side, height)]
    frame += [
        plank((-w + side, y, height - 0.045), (w - side, y + 0.04, height - 0.005), 0.006)
        for y in (front + 0.005, back - 0.045)
    ]
    frame += [
        plank(
            (s * (w - 0.025) - 0.02, front + side, height - 0.045),
            (s * (w - 0.025) + 0.02, back - side, height - 0.005),
            0.006,
        )
        for s in (-1, 1)
    ]
    board = [
        plank((-w + side, back - 0.045, 0.30 + 0.2 * i), (w - side, back - 0.015, 0.30 + 0.2 * i + 0.196), 0.006)
        for i in range(4)
    ]
    cloth = [_slung(width - 0.03, front + 0.03, back - 0.03, height)]
    for s in (-1, 1):
        fall = drape(0.30, height - 0.05, 5, 0.028, spec.seed + s, 0.12, 7)
        cloth.append(fall.turn(90).move(s * (w - 0.025), back - 0.24, 0.012))
        cloth.append(
            drape(0.20, height - 0.05, 4, 0.026, spec.seed + 5 + s, 0.12, 7)
            .turn(90)
            .move(s * (w - 0.025), front + 0.17, 0.012)
        )
    bed = Mattress(width - 0.12, front + 0.10, head, 0.30, 0.56, 0.24, 0.16, head + 0.01)
    within = block(width, front - 0.6, front + 0.055, 0.0, 1.0)  # the duvet hangs behind the posts
    soft = bedding(spec, bed, (block(width - 0.02, front + 0.012, head, 0.24, 0.38), within))
    return [Piece("frame", join(frame)), Piece("headboard", join(board)), Piece("sheet", join(cloth), 19), *soft]


def _slung(width: float, front: float, back: float, height: float) -> Shape:
    """A cloth laid over two rails across, sagging between them and hanging a hand's breadth over each."""
    t = np.linspace(-0.06, 1.06, 28)[:, None]
    u = np.linspace(-1, 1, 20)[None, :]
    inside = np.clip(t, 0, 1)
    sag = 0.13 * (1 - (2 * inside - 1) ** 2) * (0.75 + 0.25 * np.cos(2.3 * u))
    over = np.abs(t - inside) * (back - front)
    z = height + 0.004 - sag - over * 1.8 + 0.006 * np.sin(11 * u + 4 * t)
    y = front + (back - front) * inside + 0 * u
    x = u * (width / 2 - 0.05) * (1 + 0 * t) + 0.01 * np.sin(7 * t + 3 * u)
    return sheet(np.stack([x, y, z + 0 * y], axis=2))


@form("bed", "boards")
def boards(spec: Spec) -> list[Piece]:
    """Heavy reclaimed timber: block posts, thick rails, a headboard of broad planks under a cap."""
    width, depth, height = spec.size
    w, back, front, rng = width / 2, depth / 2, -depth / 2, spec.rng()
    head = back - 0.085
    frame = [*rails(width, front + 0.01, head, 0.16, 0.34, 0.045), *posts(width, front, 0.345, 0.09)]
    board = [*posts(width, back - 0.085, height - 0.045, 0.085)]
    edges = np.concatenate(
        [[0.30], np.sort(rng.uniform(-0.03, 0.03, 4) + np.linspace(0.30, height - 0.045, 6)[1:-1]), [height - 0.045]]
    )
    for z0, z1 in pairwise(edges):
        proud = rng.uniform(0.0, 0.008)
        board.append(plank((-w + 0.08, back - 0.062 - proud, z0 + 0.002), (w - 0.08, back - 0.025, z1 - 0.001), 0.005))
    board.append(plank((-w, back - 0.11, height - 0.045), (w, back, height), 0.007))
    bed = Mattress(width - 0.11, front + 0.06, head, 0.26, 0.55, 0.25, 0.23, head + 0.012)
    soft = bedding(spec, bed, (block(width, front, head, 0.16, 0.34),))
    return [Piece("frame", join(frame)), Piece("headboard", join(board)), *soft]


@form("bed", "floating")
def floating(spec: Spec) -> list[Piece]:
    """Seamless: a thin slab that seems to hover on a base set far back, and a low headboard wider than the mattress."""
    width, depth, height = spec.size
    back, front = depth / 2, -depth / 2
    lying = min(width - 0.20, max(1.4, width * 0.8))
    plate = lying + 0.10
    head = back - 0.07
    frame = [
        plank((-plate / 2, front, 0.17), (plate / 2, head, 0.245), 0.004),
        slab((-plate / 2 + 0.30, front + 0.35, 0), (plate / 2 - 0.30, head - 0.02, 0.172), 0.002),
    ]
    board = [plank((-width / 2, back - 0.06, 0.17), (width / 2, back, height), 0.004)]
    bed = Mattress(lying, front + 0.05, head - 0.01, 0.245, 0.50, 0.22, 0.22, head)
    soft = bedding(spec, bed, (block(plate, front, head, 0.17, 0.245),))
    return [Piece("frame", join(frame)), Piece("headboard", join(board)), *soft]
