"""Lamps on the wall: the wall at y = 0, the lamp centred on its ``at``."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.shades import ball, bulb, ribbed, shade, spider
from imagegen.rooms.parts.turning import plate
from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, sheet, slab, tube

PLATE = 0.016


def _plate(radius: float) -> Shape:
    return cylinder(radius, PLATE, 0.004).turn(90, "x")


def _axis(spec: Spec) -> tuple[float, float]:
    """(y, radius) of a round shade that keeps a finger's breadth from the wall."""
    width, depth, _ = spec.size
    radius = min(width / 2, (depth - 0.012) / 2) - 0.002
    return -(depth - radius - 0.002), radius


@kind("sconce", 135, ("base", "shade", "bulb"), ("",), words=("wall lamp", "sconce", "wall light"), near=1.0)
def sconce(spec: Spec) -> list[Piece]:
    """A cloth shade on a bent arm."""
    height = spec.size[2]
    y, radius = _axis(spec)
    tall = height * 0.55
    low = height / 2 - tall
    stem = tube(
        curve([(0, -0.008, -height * 0.3), (0, y * 0.6, -height * 0.34), (0, y, -height * 0.2), (0, y, low)], 20), 0.006
    )
    fixed = [_plate(0.04).move(z=-height * 0.3), stem, cylinder(0.011, tall * 0.4).move(0, y, low - 0.01)]
    return [
        Piece("base", join([*fixed, spider(radius * 0.7, 0.0).move(0, y, height / 2 - 0.016)])),
        Piece("shade", shade(radius, radius * 0.72, tall).move(0, y, low)),
        Piece("bulb", bulb(0.024).move(0, y, low + tall * 0.5)),
    ]


@form("sconce", "globe")
def globe(spec: Spec) -> list[Piece]:
    """An opal ball on a short arm from a round plate."""
    height = spec.size[2]
    y, radius = _axis(spec)
    radius = min(radius, height * 0.36)
    z = height / 2 - radius
    under = z - radius
    fitting = cylinder(0.026, 0.03, 0.004).move(0, y, under - 0.02)
    turn = tube(
        curve([(0, -0.008, under - 0.05), (0, y * 0.7, under - 0.05), (0, y, under - 0.04), (0, y, under - 0.01)], 16),
        0.006,
    )
    return [
        Piece("base", join([_plate(0.045).move(z=under - 0.05), turn, fitting])),
        Piece("shade", ball(radius).move(0, y, z)),
        Piece("bulb", ball(0.022, 1.0, 16).move(0, y, z)),
    ]


@form("sconce", "paper")
def paper(spec: Spec) -> list[Piece]:
    """A half column of paper between two thin boards, flat against the wall."""
    width, depth, height = spec.size
    half, out, rim = width / 2 - 0.004, depth - 0.004, 0.014
    angle = np.linspace(0, np.pi, 25)
    rows = ribbed(np.array([(1.0, -height / 2 + rim), (1.0, height / 2 - rim)]), 10, 0.02)
    grid = np.array([[(half * k * np.cos(a), -out * k * np.sin(a) - 0.002, z) for a in angle[::-1]] for k, z in rows])
    board = [(half + 0.004) * np.cos(angle), -(out + 0.002) * np.sin(angle)]
    lids = [_half_disc(np.column_stack(board), z) for z in (-height / 2, height / 2 - rim)]
    back = slab((-half, -0.008, -height / 2), (half, 0.0, height / 2), 0.002)
    return [
        Piece("base", join([*lids, back])),
        Piece("shade", sheet(grid)),
        Piece("bulb", cylinder(0.018, height * 0.5).move(0, -depth * 0.4, -height * 0.25)),
    ]


def _half_disc(edge: np.ndarray, low: float) -> Shape:
    """A board 14 mm thick with the outline (N, 2) of half an ellipse, closed along the wall."""
    centre = np.array([0.0, float(edge[:, 1].min()) / 2])
    outline = np.vstack([edge, np.linspace(edge[-1], edge[0], 8)[1:-1]])
    order = np.argsort(np.arctan2(*(outline - centre).T[::-1]))
    return plate(outline[order], low, low + 0.014, 0.003)


@form("sconce", "candle")
def candle(spec: Spec) -> list[Piece]:
    """An iron back plate with a drip pan, a candle and its flame."""
    width, depth, height = spec.size
    y = -depth * 0.6
    pan = min(width * 0.36, depth * 0.38)
    back = slab((-width * 0.26, -0.006, -height / 2), (width * 0.26, 0.0, height * 0.42), 0.003)
    low = -height * 0.22
    dish = lathe([(0, 0), (pan * 0.8, 0), (pan, 0.018), (pan - 0.003, 0.018), (pan * 0.78, 0.004), (0, 0.004)])
    holder = cylinder(0.015, 0.03)
    reach = tube(
        curve([(0, -0.003, low - 0.06), (0, y * 0.5, low - 0.055), (0, y, low - 0.03), (0, y, low + 0.002)], 16), 0.007
    )
    tall = height * 0.42
    wax = cylinder(0.0115, tall, 0.003).move(0, y, low + 0.012)
    flame = lathe([(0, 0), (0.006, 0.008), (0.0075, 0.016), (0.005, 0.030), (0.0015, 0.043), (0, 0.046)], 16, 80)
    return [
        Piece("base", join([back, dish.move(0, y, low), holder.move(0, y, low), reach])),
        Piece("shade", wax),
        Piece("bulb", flame.move(0, y, low + 0.012 + tall + 0.004)),
    ]


@form("sconce", "swing")
def swing(spec: Spec) -> list[Piece]:
    """A jointed arm that swings out to one side, with a metal hood."""
    width, depth, height = spec.size
    z, side = height * 0.24, width * 0.22
    joint, tip = np.array([side, -depth * 0.32, z]), np.array([-side, -depth * 0.62, z])
    hood_high, reach = height * 0.44, min(width * 0.34, depth * 0.36)
    hood = [
        (reach, 0.0),
        (reach * 0.62, hood_high * 0.6),
        (0.022, hood_high * 0.9),
        (0.018, hood_high),
        (0.0, hood_high),
    ]
    hood += [
        (0.0, hood_high - 0.003),
        (0.018, hood_high * 0.86),
        (reach * 0.58, hood_high * 0.58),
        (reach - 0.003, 0),
        (reach, 0),
    ]
    at = (float(tip[0]), float(tip[1]), z - hood_high)
    steel = [
        slab((-0.03, -PLATE, -height * 0.4), (0.03, 0.0, height * 0.4), 0.006),
        bar((0, -0.01, z), joint, 0.006),
        bar(joint, tip, 0.006),
        ball(0.011, 1.0, 16).move(*joint),
        ball(0.011, 1.0, 16).move(*tip),
    ]
    return [
        Piece("base", join(steel)),
        Piece("shade", lathe(hood, 40).move(*at)),
        Piece("bulb", bulb(0.022).move(at[0], at[1], at[2] + hood_high * 0.4)),
    ]
