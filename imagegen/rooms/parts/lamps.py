"""Lamps that stand, hang and sit: shades have a wall, an inside and a bulb."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, tube


def shade(low: float, high: float, height: float, wall: float = 0.003) -> Shape:
    """A conical shade open at both ends, standing on z = 0."""
    return lathe(
        [
            (low - wall, 0.0),
            (low, 0.001),
            (high, height - 0.001),
            (high - wall, height),
            (high - 2 * wall, height - 0.002),
            (low - 2 * wall, 0.002),
            (low - wall, 0.0),
        ],
        56,
    )


def _ball(radius: float, squash: float = 1.0) -> Shape:
    angle = np.linspace(-np.pi / 2, np.pi / 2, 24)
    return lathe([(max(0.0, float(radius * np.cos(a))), float(radius * squash * np.sin(a))) for a in angle], 40, 80)


def _dome(radius: float, height: float, wall: float = 0.004) -> Shape:
    """A spun metal dome, open below, its rim at z = 0."""
    angle = np.linspace(0, np.pi / 2, 20)
    outer = [(float(radius * np.cos(a) ** 0.8), float(height * np.sin(a))) for a in angle[:-1]] + [(0.0, height)]
    inner = [(max(0.0, r - wall), max(0.0, z - wall)) for r, z in outer[::-1]]
    return lathe([*outer, *inner[:-1], (radius - wall, 0.0), (radius, 0.0)], 56)


@kind("floor-lamp", 37, ("base", "shade", "bulb"), ("tripod", "arm", "slim"), words=("floor lamp", "standing lamp"))
def floor_lamp(spec: Spec) -> list[Piece]:
    """Standing lamp: "tripod" of wood, "arm" a jointed reading lamp with a metal hood, "slim" a post with a shade."""
    width, _, height = spec.size
    form = spec.form or "tripod"
    if form == "arm":
        foot = lathe([(0, 0), (0.135, 0), (0.14, 0.008), (0.132, 0.022), (0.02, 0.03), (0, 0.03)])
        elbow, tip = np.array([0.0, 0.06, height - 0.28]), np.array([0.0, -0.36, height - 0.02])
        steel = [
            foot,
            bar((0, 0.06, 0.02), elbow, 0.0095),
            bar(elbow, tip, 0.008),
            _ball(0.018).move(*elbow),
            _ball(0.015).move(*tip),
        ]
        hood = lathe(
            [
                (0.028, 0.15),
                (0.034, 0.145),
                (0.055, 0.10),
                (0.105, 0.0),
                (0.101, 0.0),
                (0.051, 0.097),
                (0.03, 0.14),
                (0, 0.142),
            ]
        )
        hood = hood.turn(-24, "x").move(0, -0.39, height - 0.20)
        bulb = _ball(0.03).move(0, -0.385, height - 0.13)
        return [Piece("base", join([*steel])), Piece("shade", hood), Piece("bulb", bulb)]
    top = height - 0.30
    if form == "tripod":
        legs = [
            bar(
                (0.24 * np.cos(a), 0.24 * np.sin(a), 0),
                (0.025 * np.cos(a), 0.025 * np.sin(a), top - 0.02),
                0.010,
                0.015,
            )
            for a in np.radians([90, 210, 330])
        ]
        stand = join([*legs, cylinder(0.034, 0.035).move(z=top - 0.05), cylinder(0.008, 0.12).move(z=top - 0.02)])
    else:
        foot = lathe([(0, 0), (0.14, 0), (0.145, 0.006), (0.14, 0.014), (0.012, 0.022), (0, 0.022)])
        stand = join([foot, cylinder(0.009, top + 0.12)])
    reach = width / 2
    return [
        Piece("base", stand),
        Piece("shade", shade(reach, reach * 0.74, 0.29).move(z=height - 0.29)),
        Piece("bulb", _ball(0.045).move(z=height - 0.14)),
    ]


@kind(
    "table-lamp",
    37,
    ("base", "shade", "bulb"),
    ("ball", "mushroom", "bell"),
    words=("table lamp", "desk lamp"),
    near=1.3,
)
def table_lamp(spec: Spec) -> list[Piece]:
    """Lamp for a sideboard: "ball" of pottery with a linen shade, "mushroom" of glass, "bell" of metal."""
    width, _, height = spec.size
    form = spec.form or "ball"
    if form == "mushroom":
        foot = lathe(
            [
                (0, 0),
                (width * 0.26, 0),
                (width * 0.27, 0.01),
                (width * 0.12, 0.06),
                (width * 0.10, height * 0.55),
                (0, height * 0.55),
            ]
        )
        return [
            Piece("base", foot),
            Piece("shade", _dome(width / 2, height * 0.42).move(z=height * 0.55)),
            Piece("bulb", _ball(0.03).move(z=height * 0.62)),
        ]
    if form == "bell":
        foot = lathe(
            [
                (0, 0),
                (0.085, 0),
                (0.088, 0.008),
                (0.08, 0.018),
                (0.011, 0.03),
                (0.009, height * 0.72),
                (0, height * 0.72),
            ]
        )
        return [
            Piece("base", foot),
            Piece("shade", _dome(width / 2, height * 0.33).move(z=height * 0.67)),
            Piece("bulb", _ball(0.03).move(z=height * 0.70)),
        ]
    belly = width * 0.36
    pot_height = height * 0.52
    profile = curve([(0.42, 0), (0.72, 0.10), (1.0, 0.45), (0.82, 0.8), (0.28, 0.97), (0.16, 1.0)], 30)
    body = lathe(
        [
            (0, 0),
            *[(float(r * belly), float(z * pot_height)) for r, z in profile],
            (0.008, pot_height + 0.01),
            (0.008, height * 0.62),
            (0, height * 0.62),
        ]
    )
    top = height - height * 0.46
    return [
        Piece("base", body),
        Piece("shade", shade(width / 2, width * 0.38, height * 0.46).move(z=top)),
        Piece("bulb", _ball(0.035).move(z=top + 0.10)),
    ]


@kind(
    "pendant",
    83,
    ("shade", "cord", "bulb"),
    ("paper", "dome", "cluster"),
    words=("pendant", "ceiling lamp", "chandelier", "ceiling light"),
)
def pendant(spec: Spec) -> list[Piece]:
    """Hangs down from its ``at`` on the ceiling: "paper" ball, metal "dome", bare-bulb "cluster"."""
    width, _, height = spec.size
    form = spec.form or "paper"
    rose = lathe([(0, -0.03), (0.045, -0.028), (0.05, -0.004), (0.05, 0), (0, 0)])
    if form == "cluster":
        cords, bulbs, caps = [rose], [], []
        for index, (dx, dy, share) in enumerate(((-0.3, 0.0, 0.8), (0.0, 0.12, 1.0), (0.28, -0.05, 0.66))):
            x, y, z = dx * width, dy * width, -height * share
            cords.append(bar((0, 0, -0.02), (x, y, z + 0.14), 0.0028, segments=8))
            caps.append(cylinder(0.021, 0.07).move(x, y, z + 0.08))
            bulb = lathe(
                [
                    (max(0.0, float(r)), float(h))
                    for r, h in curve([(0, 0), (0.035, 0.012), (0.047, 0.05), (0.03, 0.09), (0.014, 0.11)], 20)[:, :2]
                ]
            )
            bulbs.append(bulb.move(x, y, z - 0.03 + 0.001 * index))
        return [Piece("cord", join(cords)), Piece("shade", join(caps)), Piece("bulb", join(bulbs))]
    drop = height - (width * 0.92 if form == "paper" else width * 0.5)
    cord = join([rose, cylinder(0.003, drop, 0.0005, 10).move(z=-drop - 0.01)])
    if form == "paper":
        return [
            Piece("cord", cord),
            Piece("shade", _lantern(width / 2).move(z=-height + width * 0.46)),
            Piece("bulb", _ball(0.05).move(z=-height + width * 0.5)),
        ]
    tall = width * 0.46
    hood = join([_dome(width / 2, tall).move(z=-height), cylinder(0.028, 0.07).move(z=-height + tall - 0.01)])
    return [Piece("cord", cord), Piece("shade", hood), Piece("bulb", _ball(0.04).move(z=-height + tall * 0.45))]


def _lantern(radius: float) -> Shape:
    """A rice-paper ball on wire rings: slightly drawn in between the ribs."""
    angle = np.linspace(-np.pi / 2 + 0.16, np.pi / 2 - 0.16, 97)
    rib = 1 - 0.014 * np.abs(np.sin(angle * 13)) ** 0.6
    outer = [(float(radius * np.cos(a) * k), float(radius * 0.92 * np.sin(a))) for a, k in zip(angle, rib, strict=True)]
    return lathe(outer, 64, 80)


@kind("sconce", 135, ("base", "shade", "bulb"))
def sconce(spec: Spec) -> list[Piece]:
    """A wall light: at is on the wall."""
    width = spec.size[0]
    plate = cylinder(0.045, 0.02).turn(90, "x")
    arm = tube(curve([(0, -0.01, 0), (0, -0.10, -0.01), (0, -0.13, 0.04)], 12), 0.006)
    return [
        Piece("base", join([plate, arm])),
        Piece("shade", shade(width / 2, width * 0.35, 0.14).move(0, -0.13, 0.03)),
        Piece("bulb", _ball(0.025).move(0, -0.13, 0.09)),
    ]
