"""Things with a use that tell who lives here: a record player, firewood, oars, a surfboard, a hat."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.pots import walled
from imagegen.rooms.shapes import Shape, curve, cylinder, join, lathe, sheet, slab, tube


@kind("record-player", 41, ("main", "metal", "vinyl", "label"), words=("record player", "turntable"), near=0.8)
def record_player(spec: Spec) -> list[Piece]:
    """A turntable: wooden plinth, metal deck and arm, a record on the platter; slots main, metal, vinyl, label."""
    width, depth, height = spec.size
    foot, deck = 0.012, height * 0.66
    plinth = slab((-width / 2, -depth / 2, foot), (width / 2, depth / 2, deck), 0.004)
    feet = [
        cylinder(0.018, foot, 0.002, 20).move(x * (width / 2 - 0.04), y * (depth / 2 - 0.04))
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    plate = slab(
        (-width / 2 + 0.014, -depth / 2 + 0.014, deck - 0.001),
        (width / 2 - 0.014, depth / 2 - 0.014, deck + 0.0025),
        0.001,
    )
    r, x = min(0.150, 0.44 * depth), -0.12 * width
    platter = cylinder(r + 0.004, 0.014, 0.002, 64).move(x, 0, deck + 0.002)
    grooves = [(0, 0)] + [(s * r, 0.0016 + 0.0004 * (i % 2)) for i, s in enumerate(np.linspace(0.36, 0.985, 40))]
    record = lathe([(0.0, 0.0014), *[(float(a), float(b)) for a, b in grooves[1:]], (r, 0.0005)], 64, 180).move(
        x, 0, deck + 0.016
    )
    label = cylinder(0.33 * r, 0.0024, 0.0003, 40).move(x, 0, deck + 0.016)
    pin = cylinder(0.0028, 0.014, 0.001, 12).move(x, 0, deck + 0.016)
    px, py = width / 2 - 0.058, depth / 2 - 0.065
    pivot = [
        cylinder(0.024, 0.010, 0.002, 28).move(px, py, deck + 0.002),
        cylinder(0.010, 0.034, 0.002, 20).move(px, py, deck + 0.002),
    ]
    arm = tube(
        curve(
            [
                (px + 0.008, py + 0.045, deck + 0.030),
                (px, py, deck + 0.031),
                (px - 0.012, py - 0.13, deck + 0.031),
                (px - 0.045, py - 0.20, deck + 0.026),
            ],
            26,
        ),
        0.0036,
        10,
    )
    head = slab((px - 0.056, py - 0.228, deck + 0.0195), (px - 0.038, py - 0.196, deck + 0.027), 0.002)
    weight = tube(np.array([[px + 0.006, py + 0.032, deck + 0.030], [px + 0.011, py + 0.056, deck + 0.030]]), 0.011, 18)
    dials = [
        cylinder(0.011, 0.012, 0.002, 24).move(width / 2 - 0.045 - 0.035 * i, -depth / 2 + 0.045, deck + 0.002)
        for i in range(2)
    ]
    metal = join([plate, platter, pin, *pivot, arm, head, weight, *dials])
    return [Piece("main", join([plinth, *feet])), Piece("metal", metal), Piece("vinyl", record), Piece("label", label)]


@kind("firewood", 113, ("main", "ends", "basket"), ("stack",), words=("firewood", "log holder", "log basket"), near=0.8)
def stack(spec: Spec) -> list[Piece]:
    """Split logs stacked in offset rows, ends to the front; slots main (bark), ends (cut wood), basket (the rails)."""
    rng, (width, depth, height) = spec.rng(), spec.size
    step = min(0.105, width / 4)
    columns = int((width - 0.03) / step)
    rows = max(1, int((height - 0.02 - step) / (step * 0.86)) + 1)
    pitch = (height - 0.02 - step) / max(rows - 1, 1)
    barks, ends = [], []
    for row in range(rows):
        for column in range(columns - row % 2):
            x = (column - (columns - 1 - row % 2) / 2) * (width - 0.03) / columns
            bark, cut = _log(rng, step * rng.uniform(0.47, 0.54), depth * rng.uniform(0.88, 0.98))
            yaw = float(rng.normal(0, 1.2))
            place = (float(x), float(rng.uniform(-0.01, 0.01)), 0.02 + step / 2 + row * pitch)
            roll = float(rng.uniform(0, 360))
            barks.append(bark.turn(roll, "y").turn(yaw).move(*place))
            ends.append(cut.turn(roll, "y").turn(yaw).move(*place))
    rails = [
        slab((-width / 2, y - 0.012, 0), (width / 2, y + 0.012, 0.016), 0.003) for y in (-0.3 * depth, 0.3 * depth)
    ]
    posts = [
        slab((x - 0.007, y - 0.012, 0), (x + 0.007, y + 0.012, height), 0.003)
        for x in (-width / 2 + 0.007, width / 2 - 0.007)
        for y in (-0.3 * depth, 0.3 * depth)
    ]
    return [Piece("main", join(barks)), Piece("ends", join(ends)), Piece("basket", join([*rails, *posts]))]


def _log(rng: np.random.Generator, radius: float, length: float) -> tuple[Shape, Shape]:
    """(bark, cut ends) of a log along Y about its middle; some are split to a wedge."""
    turns = np.linspace(0, 2 * np.pi, 21)[:-1]
    outline = radius * (1 + 0.05 * np.sin(2 * turns + rng.uniform(0, 6)) + 0.04 * np.sin(5 * turns + rng.uniform(0, 6)))
    if rng.random() < 0.3:
        half = rng.uniform(-0.6, -0.2) * radius
        outline = np.where(
            np.sin(turns) * outline < half,
            np.minimum(outline, np.abs(half / np.minimum(np.sin(turns), -0.15))),
            outline,
        )
    ring = np.column_stack([outline * np.cos(turns), outline * np.sin(turns)])
    ring = np.vstack([ring, ring[:1]])
    grid = np.stack(
        [np.column_stack([ring[:, 0], np.full(21, y), ring[:, 1]]) for y in np.linspace(-length / 2, length / 2, 4)]
    )
    bark = sheet(grid)
    faces = np.column_stack([np.full(20, 21), np.arange(20), np.arange(1, 21)])
    caps = []
    for y, flip in ((-length / 2, False), (length / 2, True)):
        points = np.vstack([np.column_stack([ring[:, 0], np.full(21, y), ring[:, 1]]), [[0, y, 0]]])
        order = faces[:, ::-1] if flip else faces
        caps.append(Shape(points, order, points[:, [0, 2]], np.repeat([[0.0, 1.0 if flip else -1.0, 0.0]], 22, axis=0)))
    return bark, join(caps)


@form("firewood", "basket")
def log_basket(spec: Spec) -> list[Piece]:
    """Logs standing askew in a low basket."""
    rng, (width, depth, height) = spec.rng(), spec.size
    tall = 0.62 * height
    r = min(width, depth) / 2
    body = walled(curve([(0.82, 0), (0.96, 0.2), (1.0, 0.6), (0.97, 1.0)], 20), r * 0.98, tall, 0.014, 0.05)
    floor = lathe([(r * 0.8, 0.02), (0, 0.02)], 32)
    barks: list[Shape] = []
    ends: list[Shape] = []
    for index in range(9):
        turn, reach = 2.4 * index, 0.22 * r * np.sqrt(index)
        long = height * (0.94 if index < 2 else rng.uniform(0.78, 0.92))
        bark, cut = _log(rng, 0.17 * r * rng.uniform(0.9, 1.15), long)
        for made, shape in ((barks, bark), (ends, cut)):
            up = shape.turn(90, "x").turn(float(5 + 3 * np.sqrt(index)), "y").turn(float(np.degrees(turn)))
            made.append(up.move(float(reach * np.cos(turn)), float(reach * np.sin(turn)), 0.03 + long / 2))
    return [Piece("main", join(barks)), Piece("ends", join(ends)), Piece("basket", join([body, floor]))]


@kind("oar", 133, ("main", "second"), ("pair",), words=("oar", "paddle", "wall decor"), near=1.0)
def oars(spec: Spec) -> list[Piece]:
    """Two old oars crossed flat on the wall; the blades' tips of the slot second (a dip of paint)."""
    width, depth, height = spec.size
    long = float(np.hypot(width, height)) - 0.14
    lean = float(np.degrees(np.arctan2(height - 0.10, width - 0.10)))
    wood: list[Shape] = []
    paint: list[Shape] = []
    for side, y in ((1, -0.020), (-1, -0.020 - min(0.030, depth / 2))):
        for made, shape in zip((wood, paint), _oar(long), strict=True):
            flat = shape.turn(90 - lean, "y") if side > 0 else shape.turn(lean - 90, "y")
            made.append(flat.move(y=y))
    return [Piece("main", join(wood)), Piece("second", join(paint))]


@form("oar", "leaning")
def leaning_oar(spec: Spec) -> list[Piece]:
    """One oar that leans against the wall behind it, its blade up."""
    _, depth, height = spec.size
    lean = float(np.degrees(np.arctan2(depth * 0.75, height)))
    long = height / np.cos(np.radians(lean)) - 0.012
    parts = [part.move(z=long / 2).turn(-lean, "x").move(y=-depth * 0.36, z=0.008) for part in _oar(long)]
    return [Piece("main", parts[0]), Piece("second", parts[1])]


def _oar(length: float) -> tuple[Shape, Shape]:
    """(shaft and blade, painted end) upright about the middle, blade up and facing -Y."""
    low, high, blade = -length / 2, length / 2, 0.30 * length
    shaft = tube(
        np.array([[0, 0, low], [0, 0, low + 0.12], [0, 0, 0], [0, 0, high - blade]]),
        np.array([0.017, 0.015, 0.018, 0.016]),
        14,
    )
    share = np.linspace(0, 1, 26)
    wide = np.interp(share, [0, 0.25, 0.55, 0.9, 1.0], [0.018, 0.046, 0.066, 0.074, 0.060]) * min(1.0, length / 1.5)
    turns = np.linspace(0, 2 * np.pi, 25)
    grid = np.stack(
        [
            np.column_stack(
                [
                    w * np.cos(turns),
                    0.009 * np.sign(np.sin(turns)) * np.abs(np.sin(turns)) ** 0.6 * (1 if s < 0.97 else 0.6),
                    np.full(25, high - blade + s * blade),
                ]
            )
            for s, w in zip(share, wide, strict=True)
        ]
    )
    top = grid[-1:].mean(axis=1, keepdims=True).repeat(25, axis=1)
    grid = np.concatenate([grid, top])
    return join([shaft, sheet(grid[:18])]), sheet(grid[17:])


@kind("surfboard", 133, ("main", "second"), words=("surfboard",), near=1.0)
def surfboard(spec: Spec) -> list[Piece]:
    """A board that leans upright against the wall behind it, a stringer and two stripes of the slot second."""
    width, depth, height = spec.size
    share = np.linspace(0, 1, 40)
    wide = (
        width
        / 2
        * np.interp(
            share,
            *curve([(0, 0.10), (0.06, 0.42), (0.2, 0.74), (0.5, 1.0), (0.8, 0.72), (0.94, 0.34), (1, 0.03)], 60).T,
        )
    )
    lean = float(np.degrees(np.arctan2(max(depth - 0.10, 0.02), height)))
    long = height / np.cos(np.radians(lean)) - 0.01
    turns = np.linspace(0, 2 * np.pi, 33)
    bow = 0.035 * (2 * share - 1) ** 2

    def shell(rail: float) -> np.ndarray:
        return np.stack(
            [
                np.column_stack(
                    [
                        w * np.cos(turns),
                        0.030 * np.sin(turns) * (w / wide.max()) ** 0.4 * rail - b,
                        np.full(33, s * long),
                    ]
                )
                for s, w, b in zip(share, wide, bow, strict=True)
            ]
        )

    body, skin = shell(1.0), shell(1.03)
    stripe = np.stack([skin[:, 20], skin[:, 21]], axis=1)
    other = np.stack([skin[:, 27], skin[:, 28]], axis=1)
    place = [
        part.turn(-lean, "x").move(y=-depth / 2 + 0.06, z=0.006)
        for part in (sheet(body), join([sheet(stripe), sheet(other)]))
    ]
    return [Piece("main", place[0]), Piece("second", place[1])]


@kind("hat", 93, ("main", "band"), words=("hat",), near=0.8)
def hat(spec: Spec) -> list[Piece]:
    """A straw hat hung on the wall, crown to the room, its brim waving a little; slot band for the ribbon."""
    width, depth, _ = spec.size
    r, deep = width / 2, min(depth, 0.13)
    rng = spec.rng()
    line = (
        curve([(1.0, 0.02), (0.82, 0.0), (0.60, 0.04)], 14).tolist()
        + curve([(0.55, 0.10), (0.52, 0.45), (0.48, 0.80), (0.36, 0.98), (0.16, 0.95), (0.01, 0.93)], 24).tolist()
    )
    a, b = rng.uniform(0, 6, 2)

    def waved(points: np.ndarray) -> np.ndarray:
        turn, reach = np.arctan2(points[:, 1], points[:, 0]), np.hypot(points[:, 0], points[:, 1]) / r
        edge = np.clip((reach - 0.58) / 0.42, 0, 1) ** 1.5
        lift = edge * (0.014 + 0.010 * np.sin(2 * turn + a) + 0.005 * np.sin(3 * turn + b))
        return np.column_stack([points[:, :2], points[:, 2] + lift])

    crown = lathe([(float(x) * r, float(z) * deep * 0.95) for x, z in line], 72, 180).bend(waved)
    ribbon = lathe(
        [(0.556 * r, 0.10 * deep), (0.553 * r, 0.18 * deep), (0.545 * r, 0.34 * deep), (0.53 * r, 0.36 * deep)], 56
    )
    tilt = float(rng.uniform(-5, 5))
    return [Piece("main", crown.turn(90, "x").turn(tilt, "y")), Piece("band", ribbon.turn(90, "x").turn(tilt, "y"))]
