"""What stands on a table for an hour: fruit in a bowl, a teapot with its cups."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.foliage import OVAL, leaves
from imagegen.rooms.parts.wares import hollow
from imagegen.rooms.shapes import Shape, bar, curve, join, lathe, tube


@kind("fruit", 121, ("main", "fruit1", "fruit2", "stem"), words=("fruit bowl", "bowl"), near=0.6)
def fruit(spec: Spec) -> list[Piece]:
    """A low bowl heaped with round fruit and pears; slots main (the bowl), fruit1, fruit2, stem."""
    rng, (width, _, height) = spec.rng(), spec.size
    tall = height * 0.58
    outer = curve([(0.36, 0), (0.48, 0.06), (0.86, 0.5), (1.0, 1.0)], 20)
    bowl = hollow(outer[:, 0] * width / 2, outer[:, 1] * tall, 0.006)
    size = min(0.042, 0.155 * width)
    kept: dict[str, list[Shape]] = {"fruit1": [], "fruit2": [], "stem": []}
    seats = [
        (0.52 * width / 2 * np.cos(a), 0.52 * width / 2 * np.sin(a), tall - 0.35 * size)
        for a in np.radians([20, 92, 164, 236, 308])
    ]
    seats.append((0.01, 0.0, height - 1.02 * size))
    for index, seat in enumerate(seats):
        pear = index in (1, 3)
        body, stalk = _pear(size) if pear else _apple(size * rng.uniform(0.92, 1.04))
        tilt, yaw = float(rng.uniform(45, 75) if pear else rng.uniform(-35, 35)), float(rng.uniform(0, 360))
        kept["fruit2" if pear else "fruit1"].append(body.turn(tilt, "x").turn(yaw).move(*map(float, seat)))
        kept["stem"].append(stalk.turn(tilt, "x").turn(yaw).move(*map(float, seat)))
    return [Piece("main", bowl, 143), *(Piece(slot, join(group)) for slot, group in kept.items())]


def _apple(r: float) -> tuple[Shape, Shape]:
    """(fruit, stalk with a leaf) about its middle."""
    t = np.linspace(0.02, np.pi - 0.02, 26)
    radius = r * np.sin(t) * (1 + 0.06 * np.cos(t))
    z = r * (-0.92 * np.cos(t) - 0.16 * np.exp(-(((np.pi - t) / 0.34) ** 2)) + 0.08 * np.exp(-((t / 0.3) ** 2)))
    body = lathe([*zip(radius.tolist(), z.tolist(), strict=True)], 32, 180)
    stalk = bar((0, 0, 0.74 * r), (0.006, 0.002, 0.74 * r + 0.022), 0.0014, 0.0018, 6)
    leaf = leaves(np.array([[0.004, 0, 0.74 * r + 0.012]]), 40.0, 30.0, 0.034, 0.018, OVAL, droop=50)
    return body, join([stalk, leaf])


def _pear(r: float) -> tuple[Shape, Shape]:
    outer = curve(
        [
            (0.02, -0.98),
            (0.55, -0.92),
            (0.95, -0.30),
            (0.80, 0.30),
            (0.42, 0.86),
            (0.30, 1.30),
            (0.16, 1.46),
            (0.02, 1.48),
        ],
        34,
    )
    body = lathe([(max(float(a), 0.001) * r, float(b) * r) for a, b in outer], 30, 180)
    return body, bar((0, 0, 1.44 * r), (0.005, 0.003, 1.44 * r + 0.022), 0.0013, 0.0019, 6)


@kind("teapot", 126, ("main", "handle", "inside"), words=("teapot", "tea set", "cup", "mug"), near=0.6)
def teapot(spec: Spec) -> list[Piece]:
    """A round teapot with a bowed handle over its lid (slot handle) and two cups without handles, one half full."""
    width, depth, height = spec.size
    r, tall = min(0.24 * width, 0.40 * depth), height * 0.66
    outer = curve([(0.56, 0), (0.86, 0.12), (1.0, 0.45), (0.86, 0.78), (0.46, 0.92), (0.40, 0.94)], 28)
    body = lathe([(0, 0), *[(float(a * r), float(b * tall)) for a, b in outer], (0, 0.94 * tall)], 48)
    lid = lathe(
        [
            (0.44 * r, 0.93 * tall),
            (0.40 * r, 0.97 * tall),
            (0.12 * r, 1.0 * tall),
            (0.07 * r, 1.03 * tall),
            (0.12 * r, 1.09 * tall),
            (0, 1.12 * tall),
        ],
        32,
    )
    spout_path = curve(
        [
            (-0.80 * r, 0, 0.40 * tall),
            (-1.18 * r, 0, 0.52 * tall),
            (-1.34 * r, 0, 0.78 * tall),
            (-1.56 * r, 0, 0.92 * tall),
        ],
        18,
    )
    spout = tube(spout_path, np.linspace(0.24, 0.11, 18) * r, 14)
    top = height - 0.005
    hoop = tube(
        curve(
            [
                (0.74 * r, 0, 0.78 * tall),
                (0.82 * r, 0, 0.94 * height),
                (0, 0, top),
                (-0.82 * r, 0, 0.94 * height),
                (-0.74 * r, 0, 0.78 * tall),
            ],
            34,
        ),
        0.0048,
        10,
    )
    shift = 0.06 * width + 0.0
    cup_r, cup_h = min(0.40 * r, 0.15 * depth), 0.30 * height
    line = curve([(0.66, 0), (0.80, 0.10), (0.97, 0.55), (1.0, 1.0)], 14)
    cup = hollow(line[:, 0] * cup_r, line[:, 1] * cup_h, 0.0032)
    seats = ((0.5 * width - cup_r, -0.5 * depth + cup_r), (0.5 * width - 1.4 * cup_r, 0.5 * depth - 1.3 * cup_r))
    cups = [cup.move(x, y) for x, y in seats]
    tea = lathe([(cup_r * 0.92, 0.72 * cup_h), (0, 0.72 * cup_h)], 28).move(*seats[0])
    pot = [part.move(x=-shift) for part in (body, lid, spout)]
    return [Piece("main", join([*pot, *cups])), Piece("handle", hoop.move(x=-shift)), Piece("inside", tea)]
