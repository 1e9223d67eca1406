"""Small sculpture for shelves and tables; slots: main, base."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.foliage import wander
from imagegen.rooms.shapes import Shape, box, curve, cylinder, join, lathe, tube
from imagegen.types import Doubles

_SLOTS = ("main", "base")


def sized(shape: Shape, size: tuple[float, float, float], low: float = 0.0) -> Shape:
    """The shape and its texture scaled to fill a width, depth and height, standing on ``low``, normals made anew."""
    least, most = shape.vertices.min(axis=0), shape.vertices.max(axis=0)
    scale = np.array([size[0], size[1], size[2] - low]) / (most - least)
    middle = (least + most) / 2
    made = shape.bend(lambda p: np.asarray((p - [middle[0], middle[1], least[2]]) * scale + [0, 0, low]))
    return Shape(made.vertices, made.faces, made.uv * float(np.prod(scale)) ** (1 / 3), made.normals)


def pebble(rng: np.random.Generator, size: tuple[float, float, float]) -> Shape:
    """A water-worn stone, standing on z = 0."""
    ball = lathe([(max(np.sin(t), 0.001), -np.cos(t)) for t in np.linspace(0, np.pi, 22)], 36, 180)
    lump, phase = rng.normal(0, 1, (4, 3)), rng.uniform(0, 6, 4)

    def worn(points: Doubles) -> Doubles:
        rough = sum(np.sin(points @ lump[i] * 1.5 + phase[i]) for i in range(4))
        return np.asarray(points * (1 + 0.045 * rough)[:, None])

    return sized(ball.bend(worn), size)


@kind("sculpture", 133, _SLOTS, ("knot",), words=("sculpture", "figurine", "ornament", "decor object"), near=0.8)
def knot(spec: Spec) -> list[Piece]:
    """A thick line tied into a knot (the trefoil), lying against itself."""
    t = np.linspace(0, 2 * np.pi, 121)
    path = np.column_stack([np.sin(t) + 2 * np.sin(2 * t), 0.85 * -np.sin(3 * t), np.cos(t) - 2 * np.cos(2 * t)])
    body = tube(path, 0.62, 18, closed=True)
    return [Piece("main", sized(body, spec.size))]


@form("sculpture", "stone")
def stones(spec: Spec) -> list[Piece]:
    """Four or five worn stones balanced on each other, the widest below."""
    rng, (width, depth, height) = spec.rng(), spec.size
    shares = np.array([0.30, 0.20, 0.25, 0.14, 0.11])
    made, at = [], 0.0
    for index, share in enumerate(shares):
        tall = height * share
        wide = width * (1.0, 0.66, 0.80, 0.50, 0.30)[index]
        off = np.clip(rng.normal(0, 0.05, 2), -0.08, 0.08) * width * (index > 0)
        stone = pebble(rng, (wide, depth * wide / width, tall * 1.04)).turn(rng.uniform(0, 0 if index == 0 else 180))
        made.append(
            sized(stone, (wide, depth * wide / width, tall * 1.04 if index < 4 else tall)).move(
                float(off[0]), float(off[1]), at
            )
        )
        at += tall
    return [Piece("main", join(made))]


@form("sculpture", "loop")
def loop(spec: Spec) -> list[Piece]:
    """An open ring that swells from thin to thick, upright on a small block."""
    width, depth, height = spec.size
    foot = min(0.032, 0.14 * height)
    t = np.linspace(0, 2 * np.pi, 97)
    radius = 0.5 * (1 + 0.06 * np.sin(2 * t + 0.7))
    thick = 0.10 + 0.075 * (1 - np.cos(t - 0.9)) / 2
    path = np.column_stack([radius * np.cos(t), 0.07 * np.sin(2 * t + 0.5), radius * np.sin(t) * 1.08])
    ring = sized(tube(path, thick, 18, closed=True), (width, min(depth, 0.30 * width), height), foot - 0.003)
    base = box((0.42 * width, min(depth, 0.34 * width), foot), 0.002)
    return [Piece("main", ring), Piece("base", base)]


@form("sculpture", "bird")
def bird(spec: Spec) -> list[Piece]:
    """A small turned bird on two pins: drop-shaped body, round head, a beak."""
    width, depth, height = spec.size
    share = np.linspace(0, 1, 34)
    spine = curve(
        [(-0.62, 0, 0.02), (-0.34, 0, 0.08), (0.0, 0, 0.16), (0.24, 0, 0.34), (0.36, 0, 0.54), (0.42, 0, 0.66)], 34
    )
    thick = np.interp(
        share, [0, 0.08, 0.35, 0.58, 0.72, 0.82, 0.93, 1.0], [0.015, 0.05, 0.21, 0.235, 0.16, 0.145, 0.11, 0.012]
    )
    body = tube(spine, thick, 22)
    beak = lathe([(0.03, 0), (0.018, 0.06), (0.002, 0.13)], 12).turn(72, "y").move(0.44, 0, 0.57)
    legs = min(0.30 * height, 0.05)
    shaped = sized(join([body, beak]), (width, min(depth, 0.42 * width), height), legs)
    pins = [
        cylinder(0.0022, legs + 0.30 * (height - legs), 0.0005, 10).move(0.02 * width, s * 0.05 * width, 0)
        for s in (-1, 1)
    ]
    return [Piece("main", shaped), Piece("base", join([*pins, cylinder(0.20 * width, 0.008).move(x=0.02 * width)]))]


@form("sculpture", "driftwood")
def driftwood(spec: Spec) -> list[Piece]:
    """A weathered root that stands on a block: a twisted stem, stout below, with three blunt, broken limbs."""
    rng, (width, depth, height) = spec.rng(), spec.size
    stem = wander(rng, (-0.12, 0, 0), (0.10, 0.03, 1.0), 0.040, 44, 4)
    limbs = [_weathered(tube(stem, _gnarled(rng, 44, 0.115, 0.030, 0.085), 24), 0.014)]
    for start, out in ((12, (0.30, 0.05, 0.16)), (22, (-0.30, -0.05, 0.24)), (29, (0.24, -0.06, 0.16))):
        path = wander(rng, stem[start], stem[start] + np.array(out), 0.022, 20)
        limbs.append(_weathered(tube(path, _gnarled(rng, 20, 0.060, 0.020, 0.040), 15), 0.007))
    foot = min(0.03, 0.14 * height)
    wood = sized(join(limbs), (width, min(depth, 0.5 * width), height), foot - 0.05 * height)
    near = wood.vertices[wood.vertices[:, 2] < foot + 0.02].mean(axis=0)
    wood = wood.bend(lambda p: np.maximum(p, [-np.inf, -np.inf, foot - 0.002]))  # sawn off level
    block = box((0.46 * width, min(depth, 0.36 * width), foot), 0.002)
    return [Piece("main", wood), Piece("base", block.move(float(near[0]), float(near[1])))]


def _weathered(limb: Shape, deep: float) -> Shape:
    """A round limb with the twisted furrows that sea and sun leave in it, ``deep`` metres."""
    angle, run = limb.uv[:, 0] * 2 * np.pi / limb.uv[:, 0].max(), limb.uv[:, 1]
    furrow = 0.6 * np.sin(5 * angle + 7 * run) + 0.4 * np.sin(9 * angle - 4 * run + 3 * np.sin(5 * run))
    return limb.bend(lambda p: np.asarray(p + limb.normals * (deep * furrow)[:, None]))


def _gnarled(rng: np.random.Generator, steps: int, first: float, last: float, middle: float) -> Doubles:
    share = np.linspace(0, 1, steps)
    swell = np.interp(share, [0, 0.35, 1], [first, middle, last])
    return np.asarray(swell * (1 + 0.16 * np.sin(9 * share + rng.uniform(0, 6)) + rng.normal(0, 0.05, steps)))


@form("sculpture", "coral")
def coral(spec: Spec) -> list[Piece]:
    """A branching coral fan on a block: every branch forks and thins, tips rounded."""
    rng, (width, depth, height) = spec.rng(), spec.size
    limbs: list[Shape] = []
    _branching(rng, limbs, np.array([0.0, 0.0, 0.0]), 90.0, 0.30, 0.055, 5)
    foot = min(0.03, 0.14 * height)
    fan = sized(join(limbs), (width, min(depth, 0.4 * width), height), foot - 0.004)
    return [Piece("main", fan), Piece("base", box((0.40 * width, min(depth, 0.32 * width), foot), 0.002))]


def _branching(
    rng: np.random.Generator, limbs: list[Shape], at: Doubles, angle: float, long: float, thick: float, depth: int
) -> None:
    """Adds a limb and the two or three that grow from its end."""
    turn = np.radians(angle)
    end = at + long * np.array([np.cos(turn), rng.normal(0, 0.22), np.sin(turn)])
    path = wander(rng, at, end, 0.05 * long, 5, 2)
    tips = np.full(5, thick) * np.linspace(1.06, 0.84, 5)
    if depth == 0:
        tips[-2:] *= [0.8, 0.35]
    limbs.append(tube(path, tips, 6))
    if depth == 0:
        return
    for spread in (-30, 24) if rng.random() < 0.72 else (-42, 2, 38):
        _branching(
            rng,
            limbs,
            end,
            float(np.clip(angle + spread + rng.normal(0, 10), 8, 172)),
            long * rng.uniform(0.68, 0.92),
            thick * 0.82,
            depth - 1,
        )
