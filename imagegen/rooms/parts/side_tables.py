"""Side tables: a tree stump, a woven drum, an hourglass, a pedestal."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.turning import plate, polar
from imagegen.rooms.shapes import Shape, join, lathe, sheet, tube
from imagegen.types import Doubles


@form("side-table", "stump")
def stump(spec: Spec) -> list[Piece]:
    """A peeled piece of trunk: lobed, checked with cracks, sawn flat. Slot ``legs`` is its side."""
    width, depth, height = spec.size
    rng = spec.rng(1)
    phase = rng.uniform(0, 2 * np.pi, 5)
    angle = np.linspace(0, 2 * np.pi, 145)

    def reach(a: Doubles, z: float) -> Doubles:
        lobes = (
            0.050 * np.sin(3 * a + phase[0])
            + 0.035 * np.sin(5 * a + phase[1] + 0.5 * z)
            + 0.012 * np.sin(11 * a + phase[2])
        )
        check = sum(0.05 * np.exp(-((((a - c + np.pi) % (2 * np.pi) - np.pi) / 0.035) ** 2)) for c in phase[3:])
        flare = 0.06 * (1 - z) ** 3 + 0.015 * np.sin(4 * z + phase[4])
        return np.asarray((0.88 + lobes + flare - check) * np.array(1.0))

    fit = 1.0 / float(max(reach(angle, z).max() for z in (0.0, 0.5, 1.0)))
    levels = np.array([0.0, 0.012, 0.06, 0.2, 0.4, 0.6, 0.8, 0.94, 0.985, 1.0])
    inset = np.array([0.985, 1, 1, 1, 1, 1, 1, 1, 0.995, 0.975])
    rows = []
    for z, shrink in zip(levels, inset, strict=True):
        r = reach(angle, float(z)) * fit * shrink
        rows.append(
            np.column_stack([r * width / 2 * np.cos(angle), r * depth / 2 * np.sin(angle), np.full(145, z * height)])
        )
    uv = np.stack([np.column_stack([np.full(145, z * height), angle * width / 2]) for z in levels])
    side = sheet(np.stack(rows), uv)
    lid = _disc(rows[-1], up=True)
    return [Piece("top", join([side, lid]))]


def _disc(ring: Doubles, *, up: bool) -> Shape:
    """A flat lid inside a closed ring, seen from above."""
    loops = np.stack([ring * [k, k, 1.0] for k in (1.0, 0.66, 0.33, 0.001)])
    made = sheet(loops, loops[..., :2])
    return Shape(
        made.vertices, made.faces, made.uv, np.repeat([[0.0, 0.0, 1.0 if up else -1.0]], len(made.vertices), axis=0)
    )


@form("side-table", "drum")
def drum(spec: Spec) -> list[Piece]:
    """A drum of woven cane round stakes, with a bound rim and a round top. Slot ``legs`` is the weave."""
    width, depth, height = spec.size
    r = min(width, depth) / 2
    stakes, levels = 26, 20
    angle = np.linspace(0, 2 * np.pi, stakes * 4 + 1)
    top = height - 0.022
    strands = []
    for index, z in enumerate(np.linspace(0.022, top - 0.02, levels)):
        belly = r * (0.90 + 0.07 * np.sin(np.pi * z / height))
        out = belly + 0.0045 * np.sin(angle * stakes / 2 + np.pi * (index % 2))
        path = np.column_stack([out * np.cos(angle), out * np.sin(angle), np.full(len(angle), z)])
        strands.append(_flat(path, (top - 0.04) / levels * 0.56))
    for z in (0.011, top - 0.010):
        ring = np.column_stack([r * 0.915 * np.cos(angle), r * 0.915 * np.sin(angle), np.full(len(angle), z)])
        strands.append(tube(ring[::2], 0.0105, 8, closed=True))
    core = lathe([(r * 0.875, 0.01), (r * 0.93, height * 0.5), (r * 0.875, top)], 48, 80)
    lid = plate(polar(lambda a: np.full_like(a, r), 72), top - 0.002, height, 0.007)
    return [Piece("top", lid), Piece("legs", join([core, *strands]))]


def _flat(path: Doubles, half: float) -> Shape:
    """A flat strand standing on edge, rounded outwards, along a closed path."""
    middle = np.hypot(path[:, 0], path[:, 1])[:, None]
    rows = []
    for lift, out in ((-half, -0.002), (0.0, 0.002), (half, -0.002)):
        rows.append(path * np.hstack([1 + out / middle, 1 + out / middle, np.ones_like(middle)]) + [0, 0, lift])
    return sheet(np.stack(rows))


@form("side-table", "hourglass")
def hourglass(spec: Spec) -> list[Piece]:
    """One turned body with a waist and two beads, as wide above as below."""
    width, depth, height = spec.size
    r = min(width, depth) / 2
    t = np.linspace(0, 1, 33)
    waist = r * (0.44 + 0.50 * np.abs(2 * t - 1) ** 2.1)
    body = [(0.0, 0.0), (r * 0.93, 0.0), (r * 0.95, 0.003)]
    low, high = 0.018, height - 0.026
    body += [(float(a), float(low + (high - low) * b)) for a, b in zip(waist, t, strict=True)]
    middle = height / 2
    bead = [
        lathe(
            [
                (r * 0.42, z - 0.012),
                (r * 0.475, z - 0.007),
                (r * 0.49, z),
                (r * 0.475, z + 0.007),
                (r * 0.42, z + 0.012),
            ],
            48,
            80,
        )
        for z in (middle,)
    ]
    lid = plate(polar(lambda a: np.full_like(a, r), 72), height - 0.026, height, 0.006)
    return [Piece("top", lid), Piece("legs", join([lathe(body, 56), *bead]))]


@form("side-table", "pedestal")
def pedestal(spec: Spec) -> list[Piece]:
    """A thin round top with an undercut edge on a stem that flows out into a trumpet foot."""
    width, depth, height = spec.size
    r = width / 2
    t = np.linspace(0, 1, 26)
    stem = 0.016 + (r * 0.62 - 0.016) * (1 - t) ** 4.5 + 0.03 * t**9
    profile = [(0.0, 0.0), (float(stem[0]), 0.0), (float(stem[0]) + 0.0015, 0.004)]
    profile += [(float(a), float(0.008 + (height - 0.03) * b)) for a, b in zip(stem, t, strict=True)]
    lid = plate(
        polar(lambda a: np.full_like(a, r), 72) * [1.0, depth / width], height - 0.022, height, 0.0025, under=0.014
    )
    return [Piece("top", lid), Piece("legs", lathe(profile, 48, 60))]
