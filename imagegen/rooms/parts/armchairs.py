"""Upholstered easy chairs: winged, armless, moulded ply on a swivel foot."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.sofas import SEAT, rests, seats
from imagegen.rooms.parts.turning import splayed
from imagegen.rooms.parts.upholstery import buttoned, scatter, sewn, stuffed, upright
from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, slab, tube
from imagegen.types import Doubles


@form("armchair", "wing")
def wing(spec: Spec) -> list[Piece]:
    """A high back with wings that sweep down into rolled arms, one loose seat cushion, turned legs in front."""
    width, depth, height = spec.size
    arm, base = 0.10, 0.20
    inner, rear, lean = width - 2 * arm - 0.03, depth / 2 - 0.01, 9.0
    swing = (height - base) * np.sin(np.radians(lean))
    body = [stuffed((width - 0.05, depth - 0.08, 0.16), 0.03, (0, 0.004, 0), spec.seed).move(y=-0.01, z=base)]
    body += rests(width - 0.05, 1, height - base - 0.03, 0.12, rear, lean, spec.seed, 0.0035, low=base + 0.02)
    columns, rows = 3, 3
    face = height - SEAT - 0.015
    grid = [
        ((i - (columns - 1) / 2) * inner / 3.4, (j - 0.6) * face / 3.6) for i in range(columns) for j in range(rows)
    ]
    panel = join(buttoned(inner + 0.045, face, 0.07, np.array(grid), 0.018, diamond=False))
    up = panel.turn(90, "x").move(z=face / 2).turn(-lean, "x")
    reach = 0.115 + swing - (SEAT - 0.02 - base) * np.sin(np.radians(lean))
    body.append(up.move(y=rear - reach, z=SEAT - 0.02))
    for side in (-1, 1):
        body.append(_wing(side, width, depth, height, base, lean))
        roll = stuffed((0.12, 0.11, depth * 0.66), 0.052, (0.006, 0.006, 0.004), spec.seed + side, 0.0035)
        body.append(upright(roll).move(side * (width / 2 - 0.062), depth * 0.17, 0.555))
        front = stuffed((arm, 0.62 - base - 0.05, depth * 0.66), 0.03, (0.004, 0.004, 0.003), spec.seed, 0.0035)
        body.append(upright(front).move(side * (width / 2 - 0.064), depth * 0.17 - 0.004, base + 0.02))
    body += seats(inner + 0.02, 1, base + 0.15, -depth / 2 + 0.0, rear - swing * 0.6 - 0.17, spec.seed, 0.004)
    pieces = [
        Piece("main", join(body)),
        Piece("legs", splayed(width / 2 - 0.06, depth / 2 - 0.06, base + 0.01, 0.03, 0.013, 0.022)),
    ]
    return pieces + scatter(spec, [(0.0, 0.38)], rear - 0.27, SEAT + 0.015, 18)


def _wing(side: int, width: float, depth: float, height: float, base: float, lean: float) -> Shape:
    """One wing: a stuffed blade whose front edge sweeps from the top of the back down to the arm."""
    low, top = 0.58, height - 0.03
    blade = stuffed((0.075, top - low, 0.30), 0.035, (0.008, 0.006, 0.006), 3 + side, 0.0035, 7)
    rear = depth / 2 - 0.02

    def sweep(p: Doubles) -> Doubles:
        share = np.clip((p[:, 2] - low) / (top - low), 0, 1)
        ahead = np.clip((rear - p[:, 1]) / 0.30, 0, 1)
        out = p.copy()
        length = 0.40 - 0.27 * share + 0.20 * np.sin(np.pi * np.clip(share * 1.02, 0, 1)) * (1 - 0.4 * share)
        out[:, 1] = (
            rear
            - ahead * length
            + (p[:, 2] - base) * np.sin(np.radians(lean))
            - (height - base) * np.sin(np.radians(lean))
        )
        out[:, 2] -= 0.10 * ahead**2 * share
        out[:, 0] += side * 0.035 * ahead * share
        return out

    return upright(blade).move(side * (width / 2 - 0.055), rear, low).bend(sweep)


@form("armchair", "slipper")
def slipper(spec: Spec) -> list[Piece]:
    """A low block without arms: thick seat, a soft bolster for a back, hidden feet."""
    width, depth, height = spec.size
    foot = 0.04
    thick = 0.24
    body = [
        stuffed((width, depth, 0.20), 0.04, (0.004, 0.004, 0.003), spec.seed, cells=4).move(z=foot),
        stuffed((width, depth - 0.01, SEAT - 0.245), 0.07, (0.006, 0.006, 0.026), spec.seed + 1, cells=4).move(z=0.235),
    ]
    rest = upright(
        stuffed((width - 0.01, height - SEAT + 0.02, thick), 0.095, (0.010, 0.014, 0.020), spec.seed + 2, cells=4), 6
    )
    body.append(rest.move(y=depth / 2 - float(rest.vertices[:, 1].max()), z=SEAT - 0.03))
    plinth = slab((-width / 2 + 0.06, -depth / 2 + 0.06, 0), (width / 2 - 0.06, depth / 2 - 0.06, foot + 0.02))
    pieces = [Piece("main", join(body)), Piece("legs", plinth)]
    return pieces + scatter(spec, [(0.03, 0.38)], depth / 2 - thick - 0.05, SEAT + 0.015, 16)


def _ply(width: float, section: Doubles, thick: float, wrap: float, taper: tuple[float, float]) -> Shape:
    """A moulded shell: a section of (y, z) made wide, its sides bent forward by ``wrap`` metres, rounded corners."""
    share = np.linspace(-1, 1, 25)
    along = np.linspace(0, 1, len(section))
    half = width / 2 * (taper[0] + (taper[1] - taper[0]) * along) * (1 - 0.22 * np.abs(2 * along - 1) ** 5)
    slope = np.gradient(section, axis=0)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]]) / np.linalg.norm(slope, axis=1, keepdims=True)
    lift = wrap * np.abs(share) ** 2.2
    x = half[:, None] * share[None, :] * (1 - 0.10 * np.abs(share[None, :]) ** 3)
    y = section[:, 0][:, None] + normal[:, 0][:, None] * lift[None, :]
    z = section[:, 1][:, None] + normal[:, 1][:, None] * lift[None, :]
    return sewn(np.dstack([x, y, z]), thick)


def _plump(p: Doubles, half_x: float, half_y: float) -> Doubles:
    """A square pad's corners rounded and its middle filled."""
    u, v = np.clip(p[:, 0] / half_x, -1, 1), np.clip(p[:, 1] / half_y, -1, 1)
    full = 0.84 + 0.16 * np.cos(u * np.pi / 2) ** 0.5 * np.cos(v * np.pi / 2) ** 0.5
    return np.column_stack(
        [p[:, 0] * (1 - 0.10 * np.abs(v) ** 5), p[:, 1] * (1 - 0.10 * np.abs(u) ** 5), p[:, 2] * full]
    )


def _padding(width: float, section: Doubles, thick: float, wrap: float) -> Shape:
    """A leather pad that follows a shell's section, with drawn-in buttons."""
    length = float(np.linalg.norm(np.diff(section, axis=0), axis=1).sum())
    columns = [-0.24 * width, 0.24 * width]
    buttons = np.array([(x, y) for x in columns for y in (-0.22 * length, 0.22 * length)])
    panel = join(buttoned(width, length, thick, buttons, 0.030)).bend(lambda p: _plump(p, width / 2, length / 2))
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(section, axis=0), axis=1))]) - length / 2
    slope = np.gradient(section, axis=0)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]]) / np.linalg.norm(slope, axis=1, keepdims=True)

    def follow(p: Doubles) -> Doubles:
        share = np.clip(np.abs(p[:, 0]) / (width / 2), 0, 1)
        lift = p[:, 2] + wrap * share**2.2
        bent = [
            np.interp(p[:, 1], along, section[:, i]) + lift * np.interp(p[:, 1], along, normal[:, i]) for i in range(2)
        ]
        return np.column_stack([p[:, 0], *bent])

    return panel.bend(follow)


@form("armchair", "lounge", slots=("main", "legs", "cushion1", "frame"))
def lounge(spec: Spec) -> list[Piece]:
    """A reclined lounge chair: shells of moulded wood, buttoned leather pads, arm pads, a five-armed swivel foot.

    Slot ``frame`` is the moulded wood.
    """
    width, depth, height = spec.size
    front, rear = -depth / 2, depth / 2
    sit = curve([(front + 0.02, 0.345), (front + 0.10, 0.362), (-0.05, 0.325), (0.12, 0.30), (0.19, 0.315)], 22)
    sit = np.column_stack([sit[:, 0], sit[:, 1]])
    back_foot, back_top = np.array([0.17, 0.41]), np.array([rear - 0.025, height - 0.02])
    middle = back_foot + 0.55 * (back_top - back_foot)
    low = curve([(*back_foot, 0), (*(back_foot + 0.5 * (middle - back_foot) + [0.012, 0]), 0), (*middle, 0)], 16)[:, :2]
    high = middle + np.array([0.012, 0.025])
    upper = curve([(*high, 0), (*(high + 0.5 * (back_top - high) + [0.016, 0]), 0), (*back_top, 0)], 16)[:, :2]
    shells = [
        _ply(width * 0.86, sit[:, :2], 0.011, 0.075, (0.98, 0.94)),
        _ply(width * 0.82, low, 0.011, 0.060, (1.0, 0.98)),
        _ply(width * 0.82, upper, 0.011, 0.060, (0.96, 0.86)),
    ]
    pads = [
        _padding(width * 0.70, sit, 0.115, 0.045),
        _padding(width * 0.68, low, 0.090, 0.040),
        _padding(width * 0.66, upper, 0.090, 0.040),
    ]
    steel: list[Shape] = []
    for side in (-1, 1):
        pad = stuffed((0.085, 0.33, 0.05), 0.022, (0.003, 0.004, 0.008), spec.seed + side).turn(7, "x")
        pads.append(pad.move(side * (width / 2 - 0.045), 0.02, 0.545))
        x = side * (width / 2 - 0.055)
        arm = curve([(x, -0.06, 0.385), (x + side * 0.012, -0.03, 0.47), (x, 0.03, 0.547)], 10)
        steel += [tube(arm, 0.011, 8), bar((x, 0.05, 0.55), (x - side * 0.05, 0.215, 0.55), 0.010)]
        stay = [back_foot + t * (back_top - back_foot) + [0.034, -0.012] for t in (0.10, 0.80)]
        under = (side * 0.13, 0.10, 0.292)
        steel += [
            bar((side * 0.13, *stay[0]), (side * 0.13, *stay[1]), 0.0095),
            bar(under, (side * 0.13, *stay[0]), 0.0095),
        ]
    steel += _star(width * 0.40, 0.03)
    return [Piece("main", join(pads)), Piece("legs", join(steel)), Piece("frame", join(shells))]


def _star(reach: float, y: float) -> list[Shape]:
    """Five arms on glides under a post."""
    made: list[Shape] = [cylinder(0.026, 0.20).move(0, y, 0.09), cylinder(0.09, 0.018).move(0, y, 0.278)]
    for angle in np.radians(np.arange(5) * 72.0 + 90):
        way = np.array([np.cos(angle), np.sin(angle)])
        tip = way * (reach - 0.02) + [0, y]
        arm = curve([(0, y, 0.115), (*(way * reach * 0.5 + [0, y]), 0.10), (*tip, 0.045)], 8)
        made.append(tube(arm, np.linspace(0.022, 0.012, 8), 10))
        made.append(
            lathe([(0, 0), (0.020, 0), (0.021, 0.006), (0.010, 0.016), (0.008, 0.05), (0, 0.052)], 14).move(*tip)
        )
    return made
