"""Prints of the cabinet: a study sheet of shells, a nautical chart, a plate of wheat."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.ink import Press, ellipse, turned
from imagegen.rooms.textures.tile import Field, Order, Tile, finish, pattern


@pattern("print-shells", detail=560)
def shells(order: Order) -> Tile:
    """A study sheet: scallop, spiral, star and cone drawn in line and wash, with ruled labels.

    Colours: paper, ink, washes.
    """
    press = Press(order)
    flat = press.tall
    _scallop(press, -0.40, 0.44 * flat, 0.36, 2)
    _spiral(press, 0.42, 0.42 * flat, 0.31, 3)
    _star(press, -0.42, -0.38 * flat, 0.38, 4)
    _cone(press, 0.42, -0.36 * flat, 0.40, 2)
    for x, y in ((-0.40, 0.02), (0.42, 0.02), (-0.42, -0.80), (0.42, -0.80)):
        rule = np.maximum(np.abs(press.y - y * flat) - 0.004, np.abs(press.x - x) - 0.16)
        press.ink(1, rule, 0.55)
        script = np.abs(press.y - (y * flat + 0.035) - 0.010 * np.sin(90 * press.x) * np.sin(31 * press.x + x)) - 0.0035
        press.ink(1, np.maximum(script, np.abs(press.x - x) - 0.12), 0.6)
    return finish(press.sheet)


def _washed(press: Press, shape: Field, ink: int, shade: Field) -> None:
    """A pale wash, darker where shaded, with an ink outline."""
    press.ink(ink, shape, 0.55, soft=0.02)
    press.wash(press.colour(1), np.clip(0.5 - shape / 0.01, 0, 1) * np.clip(shade, 0, 1) * 0.6)
    press.ink(1, np.abs(shape) - 0.006, 0.9)


def _scallop(press: Press, x: float, y: float, size: float, ink: int) -> None:
    u, v = press.x - x, press.y - y + 0.55 * size
    angle, reach = np.arctan2(u, v), np.hypot(u, v) / size
    ribs = np.abs(np.sin(angle * 9))
    edge = reach - (1.36 - 0.24 * np.abs(angle) ** 2 + 0.035 * ribs)
    shape = np.maximum(edge * size, (np.abs(angle) - 0.98) * 0.5 * np.maximum(reach, 0.1) * size)
    ears = np.maximum(np.abs(u) - 0.30 * size, np.abs(v - 0.03 * size) - 0.09 * size)
    shape = np.minimum(shape, ears)
    lines = np.clip(1 - ribs * 5, 0, 1) * np.clip(reach - 0.15, 0, 1)
    rings = np.clip(np.sin(reach * 26) - 0.55, 0, 1) * 0.7
    _washed(press, shape, ink, 0.9 * lines + 0.5 * rings)


def _spiral(press: Press, x: float, y: float, size: float, ink: int) -> None:
    u, v = turned(press.x - x, press.y - y, -20)
    reach, angle = np.hypot(u, v) / size, np.arctan2(v, u)
    turns = np.log(np.maximum(reach, 1e-3)) / 0.34 - angle / (2 * np.pi)
    wall = np.abs(turns - np.round(turns)) * 0.34 * reach * size - 0.006
    outer = reach - np.exp(0.34 * (angle / (2 * np.pi) - 0.04)) * 1.0
    chambers = np.clip(1 - 9 * np.abs(((turns * 9 + angle * 3.0) % 1.0) - 0.5), 0, 1) * (reach > 0.12)
    shape = outer * size
    _washed(press, shape, ink, 0.45 * chambers + 0.5 * np.clip(0.8 - reach, 0, 1))
    press.ink(1, np.maximum(wall, shape), 0.9)


def _star(press: Press, x: float, y: float, size: float, ink: int) -> None:
    u, v = press.x - x, press.y - y
    reach, angle = np.hypot(u, v) / size, np.arctan2(u, v) + 0.1
    fold = (angle / (2 * np.pi / 5)) % 1.0 - 0.5
    arm = np.abs(fold) * 2
    edge = reach - (0.30 + 0.70 * np.clip(1 - (1 - arm) * 2.6, 0, 1) ** 1.0 * 1.0)
    width = np.abs(np.sin((1 - arm) * np.pi / 5)) * reach
    shape = np.minimum(np.maximum(width - 0.17 * (1.12 - reach), reach - 1.02), edge + 9) * size * 0.9
    dots = np.clip(np.sin(60 * u) * np.sin(60 * v) - 0.45, 0, 1)
    spine = np.clip(1 - width * 36, 0, 1)
    _washed(press, shape, ink, 0.8 * dots + 0.8 * spine)


def _cone(press: Press, x: float, y: float, size: float, ink: int) -> None:
    u, v = turned(press.x - x, press.y - y, 24)
    s = (v / size + 1) / 2
    half = (
        size
        * (0.04 + 0.44 * np.clip(1 - s, 0, 1) ** 0.85 * np.clip(s / 0.12, 0, 1) ** 0.5)
        * (1 + 0.06 * np.abs(np.sin(s * 26)))
    )
    shape = np.maximum(np.abs(u) - half, np.abs(v) - size)
    whorl = np.clip(1 - 6 * np.abs(((np.clip(s, 0, 1) ** 0.8 * 8 + 0.35 * u / size) % 1.0) - 0.5), 0, 1)
    _washed(press, shape * 0.9, ink, 0.7 * whorl + 0.6 * np.clip(u / np.maximum(half, 1e-3), 0, 1) ** 2)
    mouth = ellipse(*turned(press.x - x - 0.18 * size, press.y - y + 0.62 * size, 40), 0.13 * size, 0.30 * size)
    press.ink(1, np.maximum(mouth, shape), 0.55)


@pattern("print-chart", detail=560)
def chart(order: Order) -> Tile:
    """A nautical chart: coasts, depth contours, soundings, a rose and its rays.

    Colours: paper, ink, shallow, sea, land.
    """
    press = Press(order)
    ground = 0.9 * order.noise(0.20, 0.20, 3) + 0.30 * order.noise(0.07, 0.07, 4) + 0.10 * order.noise(0.025, 0.025, 5)
    ground = ground + 0.9 * (press.x * 0.8 + press.y / press.tall * 0.5)
    inside = press.margin(0.10)
    press.ink(3, inside, 0.50)
    for deep, share in ((0.05, 0.30), (0.45, 0.35)):
        press.wash(2, np.clip((ground - deep) / 0.02, 0, 1) * share * (inside < 0))
    slope = np.maximum(np.hypot(*np.gradient(ground)) / press.pixel, 0.05)
    for step in np.arange(-2.4, 0.9, 0.28):
        press.ink(1, np.maximum(np.abs(ground - step) / slope - 0.0030, inside), 0.34)
    press.ink(4, np.maximum((0.86 - ground) / slope, inside), 0.92)
    press.ink(1, np.maximum(np.abs(ground - 0.86) / slope - 0.0075, inside), 0.9)
    for step in (1.3, 1.75, 2.2):
        press.ink(1, np.maximum(np.abs(ground - step) / slope - 0.0030, inside), 0.3)
    cx, cy = -0.40, -0.42 * press.tall
    u, v = press.x - cx, press.y - cy
    reach, angle = np.hypot(u, v), np.arctan2(u, v)
    ray = np.abs(np.sin(angle * 8)) * reach / 8 - 0.0022
    press.ink(1, np.maximum(np.maximum(ray, inside), 0.26 - reach), 0.35)
    for size, fold in ((0.15, 45.0), (0.25, 0.0)):
        p, q = turned(u, v, fold)
        star = np.minimum(np.abs(p) / 0.20 + np.abs(q), np.abs(p) + np.abs(q) / 0.20) - size
        press.ink(1 if fold == 0 else 4, star * 0.3, 0.9)
    press.ink(1, np.minimum(np.abs(reach - 0.18), np.abs(reach - 0.26)) - 0.0045, 0.85)
    for _ in range(34):
        x, y = press.rng.uniform(-0.84, 0.84), press.rng.uniform(-0.84, 0.84) * press.tall
        part = press.window(x, y, 0.06)
        digit = np.minimum(
            np.maximum(np.abs(part.x - x) - 0.004, np.abs(part.y - y) - 0.018),
            np.maximum(np.abs(part.x - x - 0.020) - 0.009, np.abs(part.y - y) - 0.018) * 1.0,
        )
        part.ink(1, np.maximum(np.abs(digit) - 0.0035, ground[part.part] - 0.6), 0.55)
    for share, wide in ((0.10, 0.006), (0.075, 0.003), (0.050, 0.008)):
        press.ink(1, np.abs(press.margin(share)) - wide, 0.85)
    ticks = np.minimum(np.abs((press.x * 12) % 1 - 0.5), np.abs((press.y * 12) % 1 - 0.5)) < 0.25
    press.wash(1, 0.7 * ticks * ((press.margin(0.052) < 0) & (press.margin(0.073) > 0)))
    return finish(press.sheet)


@pattern("print-wheat", detail=560)
def wheat(order: Order) -> Tile:
    """A sepia plate of three ears of grain with awns and bent leaves, foxed at the edges.

    Colours: paper, ink, straw, foxing.
    """
    press = Press(order)
    flat = press.tall
    press.wash(
        3, np.clip(0.34 + 0.28 * press.margin(0.0), 0, 0.5) + 0.05 * np.clip(order.noise(0.05, 0.05, 8) - 0.6, 0, 1)
    )
    stalks = (
        ((-0.10, -0.86), (-0.14, -0.30), (-0.40, 0.16)),
        ((0.0, -0.88), (0.02, -0.20), (0.06, 0.34)),
        ((0.12, -0.84), (0.20, -0.34), (0.48, 0.04)),
    )
    for index, stalk in enumerate(stalks):
        path = [(x, y * flat) for x, y in stalk]
        press.ink(2, press.line(path, 0.016, 24), 0.9)
        press.ink(1, np.abs(press.line(path, 0.016, 24)) - 0.003, 0.7)
        _ear(press, np.array(path[-1]), np.array(path[-1]) - np.array(path[-2]), 0.52 if index == 1 else 0.46)
    for foot, mid, tip in (
        ((-0.03, -0.62), (-0.42, -0.30), (-0.62, -0.58)),
        ((0.05, -0.52), (0.40, -0.20), (0.66, -0.42)),
    ):
        blade = press.line([(x, y * flat) for x, y in (foot, mid, tip)], [0.010, 0.042, 0.030, 0.002], 40)
        press.ink(2, blade, 0.75)
        press.ink(
            1,
            np.minimum(np.abs(blade) - 0.0035, press.line([(x, y * flat) for x, y in (foot, mid, tip)], 0.002, 40)),
            0.75,
        )
    script = np.abs(press.y + 0.93 * flat - 0.012 * np.sin(70 * press.x) * np.sin(23 * press.x)) - 0.0045
    press.ink(1, np.maximum(script, np.abs(press.x) - 0.26), 0.65)
    return finish(press.sheet)


def _ear(press: Press, foot: Field, ahead: Field, size: float) -> None:
    """Two rows of grains, each with its long awn."""
    along = ahead / np.linalg.norm(ahead)
    across = np.array([-along[1], along[0]])
    for index in range(11):
        share = index / 10
        for side in (-1, 1):
            at = foot + along * size * share * 0.9 + across * side * 0.034 * (1 - 0.4 * share)
            lean = np.degrees(np.arctan2(along[1], along[0])) + side * 20
            tip = at + 0.10 * (along + side * 0.36 * across)
            end = at + (0.34 + 0.10 * share) * (along + side * (0.34 - 0.12 * share) * across)
            bowed = 0.5 * (tip + end) + 0.012 * across * side
            press.stroke([tip.tolist(), bowed.tolist(), end.tolist()], [0.0042, 0.0022], 1, 8, 0.72)
            part = press.window(float(at[0]), float(at[1]), 0.14)
            u, v = turned(part.x - at[0], part.y - at[1], float(lean))
            grain = ellipse(u - 0.045, v, 0.058, 0.023 * (1 - 0.25 * share))
            part.ink(2, grain, 0.92)
            part.wash(1, np.clip(0.5 - grain / 0.01, 0, 1) * np.clip(-v * side / 0.03, 0, 1) * 0.55)
            part.ink(1, np.abs(grain) - 0.0035, 0.85)
