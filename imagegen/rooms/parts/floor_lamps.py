"""Lamps that stand on the floor."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.shades import ball, bell, bulb, dome, ribbed, ring, shade, spider, woven
from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, tube

SLOTS = ("base", "shade", "bulb")


def foot(radius: float, thick: float = 0.022) -> Shape:
    """A round weighted plate with a soft edge."""
    r, t = radius, thick
    return lathe(
        [(0, 0), (r - 0.004, 0), (r, 0.004), (r, t - 0.008), (r - 0.01, t - 0.001), (0.02, t + 0.004), (0, t + 0.004)]
    )


def legs(spread: float, top: float, at_top: float = 0.024, low: float = 0.009, high: float = 0.014) -> Shape:
    """Three splayed legs that end on the floor, thicker at the top, held by a collar."""
    made = []
    for a in np.radians([90, 210, 330]):
        c, s = float(np.cos(a)), float(np.sin(a))
        leg = bar((spread * c, spread * s, 0.0), (at_top * c, at_top * s, top), low, high)
        made.append(leg.move(z=max(0.0, -float(leg.vertices[:, 2].min()))))
    return join([*made, cylinder(at_top + 0.012, 0.04, 0.004).move(z=top - 0.035)])


@kind("floor-lamp", 37, SLOTS, ("tripod",), words=("floor lamp", "standing lamp"))
def tripod(spec: Spec) -> list[Piece]:
    """Three splayed wooden legs under a tapered cloth shade."""
    width, _, height = spec.size
    tall = min(0.30, height * 0.2)
    stem = cylinder(0.008, tall + 0.03).move(z=height - tall * 1.25)
    reach = width / 2 - 0.002
    return [
        Piece("base", join([legs(width / 2, height - tall * 1.12), stem, spider(reach * 0.74, height - 0.02)])),
        Piece("shade", shade(reach, reach * 0.76, tall).move(z=height - tall)),
        Piece("bulb", bulb(0.032).move(z=height - tall * 0.55)),
    ]


@form("floor-lamp", "slim")
def slim(spec: Spec) -> list[Piece]:
    """A plain post on a round plate under a cloth shade."""
    width, _, height = spec.size
    tall, reach = min(0.28, height * 0.19), width / 2 - 0.002
    post = cylinder(0.009, height - tall * 0.6)
    return [
        Piece("base", join([foot(min(0.14, width * 0.34)), post, spider(reach * 0.74, height - 0.02)])),
        Piece("shade", shade(reach, reach * 0.76, tall).move(z=height - tall)),
        Piece("bulb", bulb(0.032).move(z=height - tall * 0.5)),
    ]


@form("floor-lamp", "wood")
def turned(spec: Spec) -> list[Piece]:
    """A turned wooden pole, beads and a long taper, under a wide drum shade."""
    width, _, height = spec.size
    tall, reach = min(0.27, height * 0.18), width / 2 - 0.002
    top = height - tall * 0.7
    swell = [(0.30, 0.03), (0.34, 0.045), (0.20, 0.06), (0.17, 0.10), (0.24, 0.13), (0.27, 0.15), (0.24, 0.17)]
    swell += [
        (0.15, 0.19),
        (0.16, 0.30),
        (0.22, 0.50),
        (0.17, 0.78),
        (0.13, 0.88),
        (0.2, 0.90),
        (0.2, 0.92),
        (0.1, 0.94),
    ]
    pole = curve(swell, 80)[:, :2] * (0.12, top)
    body = [(0.0, 0.02), *((float(r), float(z)) for r, z in pole), (0.008, top), (0.0, top)]
    return [
        Piece(
            "base",
            join([foot(min(0.15, width * 0.36), 0.03), lathe(body, 32, 60), spider(reach * 0.94, height - 0.02)]),
        ),
        Piece("shade", shade(reach, reach * 0.95, tall).move(z=height - tall)),
        Piece("bulb", bulb(0.034).move(z=height - tall * 0.55)),
    ]


@form("floor-lamp", "arm")
def arm(spec: Spec) -> list[Piece]:
    """A jointed reading lamp: a leaning post, an arm that reaches forward, a metal hood that looks down."""
    width, depth, height = spec.size
    back, front = depth / 2 - 0.13, -depth / 2 + 0.10
    elbow, tip = np.array([0.0, back, height - 0.22]), np.array([0.0, front + 0.03, height - 0.012])
    steel = [
        foot(min(0.13, width / 2)).move(y=back),
        bar((0, back, 0.02), elbow, 0.0095),
        bar(elbow + (elbow - tip) * 0.18, tip, 0.008),
        ball(0.018, 1.0, 20).move(*elbow),
        ball(0.013, 1.0, 20).move(*tip),
    ]
    hood = [(0.088, 0.0), (0.050, 0.095), (0.032, 0.128), (0.026, 0.135), (0.0, 0.136), (0.0, 0.132), (0.022, 0.131)]
    hood += [(0.046, 0.092), (0.084, 0.0), (0.088, 0.0)]
    place = (0.0, front, height - 0.155)
    return [
        Piece("base", join(steel)),
        Piece("shade", lathe(hood, 44).turn(-16, "x").move(*place)),
        Piece("bulb", bulb(0.028).move(0, front + 0.01, height - 0.12)),
    ]


@form("floor-lamp", "arc")
def arc(spec: Spec) -> list[Piece]:
    """A great bow from a heavy stone foot, over the whole footprint, with a metal dome hanging at its end."""
    width, depth, height = spec.size
    radius = min(0.19, 0.36 * min(width, depth))
    heel, tip = np.array([-width / 2 + 0.12, depth / 2 - 0.12]), np.array([width / 2 - radius, -depth / 2 + radius])
    way = tip - heel
    top = height - 0.012
    rise = [(0.0, 0.05), (0.0, 0.45), (0.06, 0.75), (0.3, 0.955), (0.62, 1.0), (0.9, 0.95), (1.0, 0.885)]
    path = np.array([(*(heel + way * s), z * top) for s, z in curve(rise, 48)[:, :2]])
    path[:, 2] = np.minimum(path[:, 2], top)
    hang = path[-1]
    tall = radius * 0.78
    stone = cylinder(0.115, 0.055, 0.005).move(*heel)
    low = (float(hang[0]), float(hang[1]), float(hang[2]) - tall)
    return [
        Piece("base", join([stone, tube(path, 0.011, 12), ball(0.02, 1.0, 20).move(*hang)])),
        Piece("shade", dome(radius, tall).move(*low)),
        Piece("bulb", bulb(0.034).move(low[0], low[1], low[2] + tall * 0.45)),
    ]


@form("floor-lamp", "column")
def column(spec: Spec) -> list[Piece]:
    """A tall column of ribbed paper on a wooden ring, four slim uprights round it."""
    width, _, height = spec.size
    radius = min(width * 0.36, 0.17)
    low, high = 0.05, height - 0.012
    paper = ribbed(np.array([(radius, low + 0.004), (radius, high - 0.006)]), int((high - low) / 0.042), 0.012)
    posts = [
        bar((x, y, 0.0), (x, y, height - 0.002), 0.007)
        for x, y in ((radius + 0.01) * np.array([np.cos(a), np.sin(a)]) for a in np.radians((45, 135, 225, 315)))
    ]
    hoop = lathe(
        [
            (radius - 0.012, 0),
            (radius + 0.016, 0),
            (radius + 0.016, 0.014),
            (radius - 0.012, 0.014),
            (radius - 0.012, 0),
        ]
    )
    return [
        Piece("base", join([*posts, hoop.move(z=low), hoop.move(z=height - 0.02), cylinder(radius, 0.01).move(z=low)])),
        Piece("shade", lathe(paper, 40, 80)),
        Piece("bulb", cylinder(0.022, (high - low) * 0.6).move(z=low + (high - low) * 0.2)),
    ]


@form("floor-lamp", "globe")
def globes(spec: Spec) -> list[Piece]:
    """A slender stem with three opal globes on short arms at different heights."""
    width, _, height = spec.size
    radius = min(0.095, width * 0.23)
    stem = cylinder(0.0085, height - radius * 2 - 0.004).move(z=0.004)
    arms, glass, bulbs = [foot(min(0.14, width * 0.33)), stem], [], []
    for turn, level in ((90, 1.0), (205, 0.80), (335, 0.63)):
        reach = 0.0 if level == 1.0 else width / 2 - radius
        x, y = reach * np.cos(np.radians(turn)), reach * np.sin(np.radians(turn)) * 0.98
        z = height * level - radius
        low = z - radius * 0.95
        if reach:
            path = curve(
                [(0, 0, low - 0.09), (x * 0.55, y * 0.55, low - 0.07), (x, y, low - 0.03), (x, y, low + 0.01)], 16
            )
            arms.append(tube(path, 0.006))
        arms.append(cylinder(0.024, 0.03, 0.004).move(x, y, low - 0.018))
        glass.append(ball(radius, 1.0, 32).move(x, y, z))
        bulbs.append(ball(0.022, 1.0, 16).move(x, y, z))
    return [Piece("base", join(arms)), Piece("shade", join(glass)), Piece("bulb", join(bulbs))]


@form("floor-lamp", "rattan")
def rattan(spec: Spec) -> list[Piece]:
    """A tall woven bell of cane on three slim legs."""
    width, _, height = spec.size
    tall, reach = height * 0.34, width / 2 - 0.004
    low = height - tall - 0.004
    stem = cylinder(0.008, tall * 0.55).move(z=low - 0.05)
    return [
        Piece("base", join([legs(width / 2, low, 0.02), stem, ring(reach * 0.98, low, 0.004)])),
        Piece("shade", woven(bell(reach, tall, 0.055), 30, 0.0022).move(z=low)),
        Piece("bulb", ball(0.05, 1.0, 24).move(z=low + tall * 0.52)),
    ]
