"""Prints of the drawing board: brush, cut paper, overlapping discs, one line, fields and grids."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.ink import Press, ellipse, turned
from imagegen.rooms.textures.tile import Field, Order, Tile, finish, pattern


def _dry(press: Press, angle: Field, reach: Field, size: float) -> Field:
    """How the hairs of a brush leave the paper bare along a stroke: streaks that follow it, -1 to 1."""
    rng = np.random.default_rng([press.order.seed, 5])
    hairs = rng.normal(0, 1, 96)
    place = np.clip((reach / size + 1) / 2, 0, 1) * 95
    streak = np.interp(place, np.arange(96), hairs)
    return np.asarray(streak + 0.6 * np.interp(place + 2 * np.sin(angle * 2), np.arange(96), hairs[::-1]))


@pattern("print-brush", detail=560)
def brush(order: Order) -> Tile:
    """One brush circle, not quite closed, its end running dry, and a seal.

    Colours: paper, ink, seal, second ink.
    """
    press = Press(order)
    x, y = press.x + 0.02, press.y - 0.06 * press.tall
    start = float(press.rng.uniform(1.9, 2.5))
    angle = (np.arctan2(y, x) - start) % (2 * np.pi) / (2 * np.pi)
    radius = 0.60 + 0.020 * np.sin(2 * np.pi * angle + 1) - 0.05 * (angle - 0.5)
    thick = 0.115 * (0.55 + 0.75 * np.clip(np.sin(np.pi * np.clip(angle * 1.05 + 0.10, 0, 1)), 0, 1) ** 0.8)
    across = np.hypot(x, y) - radius
    wet = np.clip(1.15 - 1.25 * angle, 0, 1)
    hairs = _dry(press, angle, across, 0.15)
    ring = np.abs(across) - thick + 0.010 * order.noise(0.02, 0.02, 7) * (1 - wet) + 0.012 * np.abs(hairs) * angle
    gap = np.where(angle > 0.955, (angle - 0.955) * 4, -1.0)
    bare = np.clip(hairs * 0.55 + angle * 1.5 - 1.05 + 0.25 * order.noise(0.004, 0.03, 9), 0, 1)
    press.ink(1, np.maximum(ring, gap), 0.95)
    stroke = np.clip(0.5 - np.maximum(ring, gap) / (1.5 * press.pixel), 0, 1)
    press.wash(0, stroke * np.clip(bare, 0, 0.92))
    press.wash(
        3 if len(order.colours) > 3 else 1, stroke * 0.35 * np.clip(0.5 + 0.5 * order.noise(0.07, 0.07, 11), 0, 1) * wet
    )
    for _ in range(7):
        turn, far = press.rng.uniform(0, 6.3), press.rng.uniform(0.55, 0.92)
        press.ink(
            1,
            press.disc(far * np.cos(turn), far * np.sin(turn) + 0.06 * press.tall, press.rng.uniform(0.004, 0.012)),
            0.9,
        )
    seal = np.maximum(np.abs(press.x - 0.60), np.abs(press.y + press.tall * 0.74)) - 0.050
    mark = np.minimum(np.abs(press.x - 0.60) - 0.008, np.abs(press.y + press.tall * 0.74 - 0.012) - 0.007)
    press.ink(2, np.maximum(seal, -np.maximum(mark, seal + 0.014)), 0.88)
    return finish(press.sheet)


@pattern("print-orbit", detail=560)
def orbit(order: Order) -> Tile:
    """Almond shapes strung on thin upright lines with balls, overlapping inks that mix.

    Colours: paper, inks, last: line.
    """
    press = Press(order)
    rng, count = press.rng, len(order.colours) - 1
    last = count
    columns = np.linspace(-0.62, 0.62, 4)
    for column in columns + rng.uniform(-0.03, 0.03, 4):
        press.ink(last, np.maximum(np.abs(press.x - column) - 0.006, np.abs(press.y) - press.tall * 0.84), 0.9)
        level = -press.tall * 0.80 + rng.uniform(0.0, 0.25)
        while level < press.tall * 0.72:
            tall = rng.uniform(0.22, 0.40)
            wide = tall * rng.uniform(0.52, 0.86)
            part = press.window(column, level + tall / 2, 0.30)
            u = np.clip(np.abs(part.y - level - tall / 2) / (tall / 2), 0, 2)
            almond = np.abs(part.x - column) - wide / 2 * (1 - u**2)
            almond = np.maximum(almond, np.abs(part.y - level - tall / 2) - tall / 2)
            ink = 1 + int(rng.integers(0, max(1, count - 1)))
            part.wash(part.colour(ink), _cover(part, almond) * 0.82)
            if rng.random() < 0.6:
                part.wash(part.colour(ink + 1), _cover(part, np.maximum(almond + 0.05, part.x - column)) * 0.75)
            part.ink(last, part.disc(column, level + tall + 0.035, 0.020), 0.92)
            level += tall + 0.07

    centre = (0.18, 0.30 * press.tall)
    for a, b, tilt, ink in ((0.56, 0.20, 24, 1), (0.50, 0.16, -38, 2)):
        u, v = turned(press.x - centre[0], press.y - centre[1], tilt)
        press.ink(ink, np.abs(ellipse(u, v, a, b)) - 0.009, 0.9)
    press.ink(3, press.disc(*centre, 0.085), 0.95)
    return finish(press.sheet)


def _cover(press: Press, distance: Field) -> Field:
    grain = 1 - 0.12 * np.clip(press.noise(0.003, 4) - 0.4, 0, 1)
    return np.asarray(np.clip(0.5 - distance / (1.3 * press.pixel), 0, 1) * grain)


@pattern("print-leafcut", detail=560)
def leafcut(order: Order) -> Tile:
    """Cut-paper fronds, one on each of a grid of coloured panels. Colours: paper, then panels and cuts."""
    press = Press(order)
    rng = press.rng
    rows = max(2, round(3 * press.tall / 1.3))
    count = len(order.colours) - 1
    edges = -press.tall * 0.90 + press.tall * 1.80 * np.arange(rows + 1) / rows
    for row in range(rows):
        for column in range(2):
            x0, x1 = (-0.88, 0.0) if column == 0 else (0.0, 0.88)
            low, high = edges[row], edges[row + 1]
            panel = np.maximum(
                np.abs(press.x - (x0 + x1) / 2) - 0.428, np.abs(press.y - (low + high) / 2) - (high - low) / 2 + 0.012
            )
            ground = (row * 2 + column * 3) % count
            press.ink(1 + ground, panel, 0.95)
            shade = (ground + 1 + int(rng.integers(0, max(1, count - 1)))) % count
            ink = 0 if rng.random() < 0.42 else 1 + shade
            middle, size = ((x0 + x1) / 2, (low + high) / 2), min(0.41, (high - low) / 2 - 0.03)
            press.ink(ink, np.maximum(_cut_frond(press, rng, middle, size), panel + 0.02), 0.96, rough=0.4)
    return finish(press.sheet)


def _cut_frond(press: Press, rng: np.random.Generator, middle: tuple[float, float], size: float) -> Field:
    """A seaweed of round-ended lobes out of one bowed spine, as scissors would leave it."""
    tilt, bow = rng.uniform(-28, 28), rng.uniform(-0.25, 0.25)
    spine = np.array([[bow * size * np.sin(np.pi * s) * 1.2, (2 * s - 1) * 0.92 * size] for s in np.linspace(0, 1, 9)])
    c, s = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    spine = spine @ np.array([[c, s], [-s, c]]) + middle
    best = press.line(spine.tolist(), [0.055 * size, 0.085 * size, 0.05 * size], 16)
    lobes = 5
    for index in range(lobes):
        at = spine[1 + index * 6 // lobes + (index % 2)]
        for side in (-1, 1):
            face = np.radians(90 + tilt - side * rng.uniform(44, 72))
            long = size * (0.62 - 0.07 * index) * rng.uniform(0.8, 1.1)
            bend = np.radians(side * 26)
            tip = at + long * np.array([np.cos(face), np.sin(face)])
            mid = at + 0.55 * long * np.array([np.cos(face - bend), np.sin(face - bend)])
            best = np.minimum(
                best,
                press.line([at.tolist(), mid.tolist(), tip.tolist()], [0.05 * size, 0.075 * size, 0.105 * size], 9),
            )
    return best


@pattern("print-line", detail=560)
def line(order: Order) -> Tile:
    """Vessels and a branch in one unbroken line over two soft shapes.

    Colours: paper, line, first shape, second shape.
    """
    press = Press(order)
    flat = press.tall
    press.ink(
        2,
        press.blob(
            [
                (-0.62, 0.10 * flat),
                (-0.30, 0.52 * flat),
                (0.16, 0.44 * flat),
                (0.22, 0.02),
                (-0.16, -0.30 * flat),
                (-0.56, -0.24 * flat),
            ]
        ),
        0.85,
    )
    press.ink(
        3,
        press.blob(
            [
                (0.10, -0.06 * flat),
                (0.52, 0.10 * flat),
                (0.74, -0.22 * flat),
                (0.50, -0.58 * flat),
                (0.14, -0.50 * flat),
            ]
        ),
        0.85,
    )
    if len(order.colours) > 4:
        press.ink(4, press.disc(0.42, 0.56 * flat, 0.17), 0.85)
    w = [0.009, 0.011, 0.008, 0.012, 0.009]
    jar = [
        (-0.92, -0.66),
        (-0.40, -0.66),
        (-0.20, -0.60),
        (-0.06, -0.36),
        (-0.14, -0.08),
        (-0.24, 0.04),
        (-0.22, 0.16),
        (-0.30, 0.20),
        (-0.40, 0.16),
        (-0.38, 0.04),
        (-0.50, -0.08),
        (-0.58, -0.34),
        (-0.46, -0.58),
        (-0.30, -0.655),
        (0.10, -0.66),
    ]
    bowl = [
        (0.10, -0.66),
        (0.40, -0.665),
        (0.58, -0.58),
        (0.68, -0.34),
        (0.66, -0.28),
        (0.40, -0.25),
        (0.14, -0.28),
        (0.12, -0.34),
        (0.22, -0.58),
        (0.40, -0.66),
        (0.94, -0.66),
    ]
    stem = [(-0.30, 0.18), (-0.28, 0.36), (-0.20, 0.56), (-0.06, 0.76)]
    for path, steps in ((jar, 90), (bowl, 70), (stem, 24)):
        press.ink(1, press.line([(x, y * flat) for x, y in path], w, steps), 0.95)
    for index, (x, y) in enumerate(((-0.285, 0.32), (-0.25, 0.44), (-0.20, 0.55), (-0.13, 0.66), (-0.07, 0.75))):
        side = 1 if index % 2 else -1
        tip = (x + side * 0.22, (y + 0.11) * flat)
        leaf = [
            (x, y * flat),
            (x + side * 0.06, (y + 0.09) * flat),
            tip,
            (x + side * 0.15, (y + 0.02) * flat),
            (x, y * flat),
        ]
        press.ink(1, press.line(leaf, w, 36), 0.95)
    return finish(press.sheet)


@pattern("print-field", detail=560)
def field(order: Order) -> Tile:
    """Two soft colour fields that breathe on a ground. Colours: ground, upper field, lower field, glow between."""
    press = Press(order, 1.6)
    flat = press.tall
    press.wash(1, 0.10 + 0.05 * order.noise(0.18, 0.12, 21))
    plan = ((0.24, 0.50, 1), (-0.52, 0.30, 2))
    for middle, half, ink in plan:
        wide = 0.80 + 0.012 * order.noise(0.05, 0.09, 22 + ink)
        d = np.maximum(
            np.abs(press.x) - wide,
            np.abs(press.y - middle * flat) - half * flat * 0.92 + 0.010 * order.noise(0.09, 0.05, 25 + ink),
        )
        cover = 1 / (1 + np.exp(np.clip(d / 0.011, -40, 40)))
        scumble = 0.90 + 0.08 * order.noise(0.10, 0.022, 31 + ink) + 0.05 * order.noise(0.012, 0.006, 35 + ink)
        press.wash(ink, cover * scumble)
        lit = np.exp(-(((press.y - (middle - 0.18 * half) * flat) / (0.5 * half * flat)) ** 2)) * np.exp(
            -((press.x / 0.62) ** 2)
        )
        press.wash(3, 0.22 * cover * lit)
    return finish(press.sheet, 0.5 + 0.2 * order.noise(0.0022, 0.0022, 40))


@pattern("print-grid", detail=560)
def grid(order: Order) -> Tile:
    """Thin lines that divide a quiet sheet, a few panes filled. Colours: paper, line, then panes."""
    press = Press(order)
    flat = press.tall
    xs = [-0.84, -0.50, -0.16, 0.44, 0.84]
    ys = [flat * v for v in (-0.88, -0.52, -0.40, 0.18, 0.62, 0.88)]
    fills = (((2, 3), (2, 4), 2), ((0, 1), (0, 1), 3), ((3, 4), (3, 5), 4), ((3, 4), (0, 1), 1))
    for (a, b), (low, high), ink in fills:
        pane = np.maximum(
            np.maximum(xs[a] - press.x, press.x - xs[b]), np.maximum(ys[low] - press.y, press.y - ys[high])
        )
        press.ink(ink, pane, 0.92)
    for index, x in enumerate(xs):
        span = (-0.88, 0.88) if index in (0, 2, 3, 4) else (-0.88, 0.18)
        press.ink(
            1,
            np.maximum(
                np.abs(press.x - x) - 0.0065, np.maximum(span[0] * flat - press.y, press.y - span[1] * flat) - 0.0065
            ),
            0.96,
        )
    for index, y in enumerate(ys):
        left = -0.20 if index == 2 else -0.84
        press.ink(
            1, np.maximum(np.abs(press.y - y) - 0.0065, np.maximum(left - press.x, press.x - 0.84) - 0.0065), 0.96
        )
    return finish(press.sheet)
