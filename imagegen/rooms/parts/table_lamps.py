"""Lamps for a sideboard, a nightstand, a desk."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.shades import Profile, ball, bell, bulb, dome, ring, shade, spider, stacked, woven
from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, tube


def _under_shade(spec: Spec, body: Shape, low: float, narrow: float, tall: float) -> list[Piece]:
    """A body with a cloth shade as wide as the lamp over it; ``low``, ``tall``: the shade's foot and height."""
    reach, height = spec.size[0] / 2 - 0.002, spec.size[2]
    stem = cylinder(0.007, tall * 0.5 + 0.03).move(z=low - 0.03)
    return [
        Piece("base", join([body, stem, spider(reach * narrow, height - 0.016)])),
        Piece("shade", shade(reach, reach * narrow, tall).move(z=height - tall)),
        Piece("bulb", bulb(0.028).move(z=low + tall * 0.42)),
    ]


def _pot(profile: Profile, radius: float, height: float) -> Shape:
    """A thrown body from its outline in shares of ``radius`` and ``height``, on a foot of its own."""
    outline = curve(profile, 60)[:, :2] * (radius, height)
    rim = float(outline[-1, 0])
    return lathe(
        [
            (0, 0),
            *((max(0.0, float(r)), float(z)) for r, z in outline),
            (rim * 0.6, height + 0.003),
            (0, height + 0.003),
        ]
    )


@kind("table-lamp", 37, ("base", "shade", "bulb"), ("ball",), words=("table lamp", "desk lamp"), near=1.3)
def pottery(spec: Spec) -> list[Piece]:
    """A round thrown body under a tapered linen shade."""
    width, _, height = spec.size
    tall = height * 0.46
    profile = [(0.42, 0), (0.72, 0.10), (1.0, 0.45), (0.82, 0.8), (0.28, 0.97), (0.16, 1.0)]
    return _under_shade(spec, _pot(profile, width * 0.36, height - tall - 0.012), height - tall, 0.76, tall)


@form("table-lamp", "ceramic")
def ceramic(spec: Spec) -> list[Piece]:
    """A broad-shouldered glazed body under a wide drum shade."""
    width, _, height = spec.size
    tall = height * 0.42
    profile = [
        (0.56, 0),
        (0.62, 0.02),
        (0.74, 0.25),
        (0.96, 0.60),
        (0.98, 0.72),
        (0.72, 0.88),
        (0.24, 0.95),
        (0.20, 1.0),
    ]
    return _under_shade(spec, _pot(profile, width * 0.37, height - tall - 0.02), height - tall, 0.93, tall)


@form("table-lamp", "jug")
def jug(spec: Spec) -> list[Piece]:
    """A stoneware jug with a handle, under a conical cloth shade."""
    width, _, height = spec.size
    tall = height * 0.42
    body_high, radius = height - tall - 0.02, width * 0.31
    profile = [
        (0.62, 0),
        (0.70, 0.03),
        (0.92, 0.25),
        (1.0, 0.48),
        (0.80, 0.74),
        (0.44, 0.88),
        (0.42, 0.96),
        (0.48, 1.0),
    ]
    line = np.array([(0.46, 0.90), (1.0, 0.95), (1.26, 0.76), (0.93, 0.54)]) * (radius, body_high)
    ear = curve([(x, 0.0, z) for x, z in line], 20)
    body = join([_pot(profile, radius, body_high), tube(ear, np.linspace(0.011, 0.008, 20), 10).turn(35)])
    return _under_shade(spec, body, height - tall, 0.58, tall)


@form("table-lamp", "mushroom")
def mushroom(spec: Spec) -> list[Piece]:
    """A flared foot and a domed cap, in one line."""
    width, _, height = spec.size
    tall = height * 0.40
    low = height - tall
    line = curve([(0.30, 0.008), (0.20, 0.06), (0.12, 0.30), (0.11, 0.7), (0.13, 1.0)], 30)[:, :2] * (
        width,
        low + tall * 0.3,
    )
    stem = [(0.0, 0.0), (width * 0.30, 0.0), *((float(r), float(z)) for r, z in line), (0.0, low + tall * 0.3)]
    return [
        Piece("base", lathe(stem)),
        Piece("shade", dome(width / 2 - 0.001, tall).move(z=low)),
        Piece("bulb", ball(0.035, 1.0, 24).move(z=low + tall * 0.52)),
    ]


@form("table-lamp", "bell")
def metal_bell(spec: Spec) -> list[Piece]:
    """A slim post on a round foot under a spun metal bell."""
    width, _, height = spec.size
    tall = height * 0.33
    low, foot = height - tall - 0.012, min(0.088, width * 0.3)
    post = [
        (0, 0),
        (foot - 0.003, 0),
        (foot, 0.008),
        (foot - 0.008, 0.018),
        (0.011, 0.03),
        (0.009, low + tall),
        (0, low + tall),
    ]
    knob = ball(0.012, 1.0, 16).move(z=height - 0.012)
    return [
        Piece("base", join([lathe(post), knob])),
        Piece("shade", dome(width / 2 - 0.001, tall).move(z=low)),
        Piece("bulb", bulb(0.026).move(z=low + tall * 0.35)),
    ]


@form("table-lamp", "globe")
def globe(spec: Spec) -> list[Piece]:
    """An opal ball resting on a short turned plinth."""
    width, _, height = spec.size
    radius = min(width / 2 - 0.002, height * 0.36)
    cup = radius * 0.52
    seat = height - 2 * radius + radius * (1 - (1 - 0.52**2) ** 0.5)
    foot = radius * 0.68
    line = [(0, 0), (foot, 0), (foot, 0.012), (foot - 0.006, 0.018), (0.022, 0.024), (0.020, seat - 0.03)]
    return [
        Piece("base", lathe([*line, (cup, seat), (cup - 0.004, seat), (0, seat - 0.024)])),
        Piece("shade", ball(radius, 1.0, 48).move(z=height - radius)),
        Piece("bulb", ball(0.03, 1.0, 20).move(z=height - radius)),
    ]


@form("table-lamp", "lantern")
def lantern(spec: Spec) -> list[Piece]:
    """A stacked paper lantern on three short wooden feet."""
    width, _, height = spec.size
    radius, low = width / 2 - 0.002, height * 0.12
    feet = []
    for a in np.radians((90, 210, 330)):
        way = radius * np.array([np.cos(a), np.sin(a)])
        feet.append(bar((*(way * 0.52), 0.0), (*(way * 0.36), low + 0.02), 0.008))
    level = [foot.move(z=-float(foot.vertices[:, 2].min())) for foot in feet]
    return [
        Piece(
            "base",
            join([*level, ring(radius * 0.42, low + 0.006, 0.005, 8), ring(radius * 0.32, height - 0.003, 0.003)]),
        ),
        Piece("shade", stacked(radius, height - low - 0.004).move(z=low + 0.002)),
        Piece("bulb", ball(0.03, 1.4, 20).move(z=low + (height - low) * 0.3)),
    ]


@form("table-lamp", "rattan")
def rattan(spec: Spec) -> list[Piece]:
    """A woven cane bell on a turned wooden stem."""
    width, _, height = spec.size
    tall, reach = height * 0.52, width / 2 - 0.005
    low = height - tall - 0.004
    profile = [
        (0.95, 0),
        (1.0, 0.05),
        (0.55, 0.13),
        (0.30, 0.22),
        (0.42, 0.42),
        (0.34, 0.62),
        (0.20, 0.86),
        (0.24, 1.0),
    ]
    stem = cylinder(0.007, tall * 0.4).move(z=low)
    return [
        Piece("base", join([_pot(profile, width * 0.26, low + 0.02), stem])),
        Piece("shade", woven(bell(reach, tall, 0.04), 24, 0.0018).move(z=low)),
        Piece("bulb", ball(0.036, 1.0, 20).move(z=low + tall * 0.5)),
    ]


@form("table-lamp", "desk")
def desk(spec: Spec) -> list[Piece]:
    """A task lamp: a heavy foot, two jointed arms, a metal hood over the work; set across the footprint."""
    width, depth, height = spec.size
    foot, reach = min(0.085, width * 0.26), min(0.062, width * 0.2)
    heel = np.array([width / 2 - foot, depth * 0.18, 0.024])
    elbow = np.array([width / 2 - 0.022, depth * 0.18, height * 0.55])
    tip = np.array([-width / 2 + reach + 0.01, -depth * 0.2, height - 0.012])
    tall = reach * 1.7
    hood = [
        (reach, 0.0),
        (reach * 0.66, tall * 0.62),
        (0.024, tall * 0.9),
        (0.020, tall),
        (0.0, tall),
        (0.0, tall - 0.003),
    ]
    hood += [(0.018, tall * 0.87), (reach * 0.61, tall * 0.60), (reach - 0.003, 0.0), (reach, 0.0)]
    at = (float(tip[0]) - 0.004, float(tip[1]) - 0.004, float(tip[2]) - tall)
    side = np.array([0.0, 0.009, 0.0])
    steel = [
        cylinder(foot, 0.022, 0.005).move(heel[0], heel[1], 0.0),
        cylinder(0.014, 0.02).move(heel[0], heel[1], 0.02),
        *[bar(heel + k * side, elbow + k * side, 0.0045, segments=8) for k in (-1, 1)],
        *[bar(elbow + k * side, tip + k * side * 0.6, 0.0045, segments=8) for k in (-1, 1)],
        cylinder(0.014, 0.03).turn(90, "x").move(elbow[0], elbow[1] + 0.015, elbow[2]),
        cylinder(0.012, 0.024).turn(90, "x").move(tip[0], tip[1] + 0.012, tip[2]),
    ]
    return [
        Piece("base", join(steel)),
        Piece("shade", lathe(hood, 40).move(*at)),
        Piece("bulb", bulb(0.024).move(at[0], at[1], at[2] + tall * 0.36)),
    ]
