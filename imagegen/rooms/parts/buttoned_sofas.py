"""Sofas with buttons drawn in: the tight back on splayed legs, and the rolled arms of the club."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.sofas import SEAT, seats
from imagegen.rooms.parts.throws import over_arm, over_seat
from imagegen.rooms.parts.turning import splayed
from imagegen.rooms.parts.upholstery import buttoned, pull, scatter, stuffed, upright
from imagegen.rooms.shapes import Shape, join, lathe, sheet, slab, tube
from imagegen.types import Doubles


@form("sofa", "tufted")
def tufted(spec: Spec) -> list[Piece]:
    """A slim sofa on long splayed legs: one piped seat, a tight back of buttoned squares, thin arms."""
    width, depth, height = spec.size
    arm, base, lean = 0.085, 0.235, 8.0
    inner = width - 2 * arm
    body = [stuffed((width - 0.03, depth - 0.05, 0.085), 0.02, (0.0, 0.0, 0.002), spec.seed).move(z=base)]
    for side in (-1, 1):
        block = stuffed((arm, 0.60 - base, depth - 0.05), 0.030, (0.006, 0.010, 0.004), spec.seed + side, 0.0035)
        shape = upright(block).move(side * (width / 2 - arm / 2), depth / 2 - 0.02, base)
        body.append(
            shape.bend(lambda p: p + np.column_stack([np.zeros((len(p), 2)), 0.07 * p[:, 1] * (p[:, 2] > 0.45)]))
        )
    tall, rear = height - base - 0.02, depth / 2 - 0.01
    swing = tall * np.sin(np.radians(lean))
    shell = upright(stuffed((inner + 0.03, tall, 0.09), 0.03, (0.0, 0.006, 0.004), spec.seed, 0.0035), lean)
    body.append(shell.move(y=rear - swing, z=base + 0.015))
    face = height - SEAT + 0.015
    columns, rows = round(inner / 0.19), 3
    grid = [
        ((i + 0.5) / columns * inner - inner / 2, (j + 0.7) / (rows + 0.4) * face - face / 2)
        for i in range(columns)
        for j in range(rows)
    ]
    panel, knobs = buttoned(inner - 0.004, face, 0.075, np.array(grid), 0.024)
    both = join([panel, knobs])
    up = both.turn(90, "x").move(z=face / 2).turn(-lean, "x")
    drop = SEAT - 0.04 - base
    body.append(up.move(y=rear - swing - 0.085 + drop * np.sin(np.radians(lean)), z=SEAT - 0.04))
    front = -depth / 2 - 0.005
    body += seats(inner, 1, base + 0.08, front, rear - swing - 0.06, spec.seed, 0.004)
    frame = [
        slab((-width / 2 + 0.10, y - 0.016, base - 0.045), (width / 2 - 0.10, y + 0.016, base + 0.004), 0.005)
        for y in (-depth / 2 + 0.12, depth / 2 - 0.12)
    ]
    frame.append(splayed(width / 2 - 0.09, depth / 2 - 0.06, base + 0.003, 0.055, 0.011, 0.021))
    pieces = [Piece("main", join(body)), Piece("legs", join(frame))]
    pieces += scatter(spec, [(inner / 2 - 0.26, 0.45), (-inner / 2 + 0.25, 0.45)], rear - 0.22, SEAT + 0.015)
    return pieces + over_arm(spec, body, arm, SEAT)


def _rolled(top: float, roll: float) -> Doubles:
    """The section of an arm as (outwards, up), from the seat over the roll and down the outside."""
    centre = top - roll
    high = np.concatenate([[0.12, 0.36], np.linspace(0.40, centre - 0.02, 11)])
    inner = np.column_stack([np.zeros(13), high])
    angle = np.radians(np.linspace(165, -75, 21))
    over = np.column_stack([roll - 0.012 + roll * np.cos(angle), centre + roll * np.sin(angle)])
    foot = np.column_stack([np.full(3, over[-1, 0]), np.linspace(over[-1, 1] - 0.02, 0.12, 3)])
    return np.vstack([inner, over, foot])


def _course(half_x: float, front: float, back: float, corner: float) -> tuple[Doubles, Doubles]:
    """The seat's crease round the back, from the left arm's front to the right one's, and its outward side."""
    turn = np.radians(np.linspace(180, 90, 9))
    side = np.linspace(front, back - corner, 36)
    left = np.column_stack([np.full(36, -half_x), side])
    bend = np.column_stack([-half_x + corner + corner * np.cos(turn), back - corner + corner * np.sin(turn)])
    middle = np.linspace(-half_x + corner, 0, 52)[1:]
    half = np.vstack([left, bend[1:], np.column_stack([middle, np.full(51, back)])])
    out = np.vstack(
        [
            np.repeat([[-1.0, 0.0]], 36, axis=0),
            np.column_stack([np.cos(turn), np.sin(turn)])[1:],
            np.repeat([[0.0, 1.0]], 51, axis=0),
        ]
    )
    flip = np.array([-1.0, 1.0])
    return np.vstack([half, (half * flip)[-2::-1]]), np.vstack([out, (out * flip)[-2::-1]])


@form("sofa", "chesterfield", slots=("main", "legs", "cushion1", "cushion2", "throw", "frame"))
def chesterfield(spec: Spec) -> list[Piece]:
    """Back and arms of one height in a single roll, drawn into diamonds by deep buttons; nail heads, bun feet.

    Slot ``frame`` is the nails.
    """
    width, depth, height = spec.size
    roll = 0.095
    thick = 2 * roll - 0.012
    half_x, back, front = width / 2 - thick, depth / 2 - thick, -depth / 2 + 0.03
    section = _rolled(height, roll)
    path, out = _course(half_x, front, back, 0.07)
    shell, knobs = _quilted(section, path, out)
    body = [shell, knobs]
    ends, nails = [], []
    for side in (-1, 1):
        cap, ring = _scroll(section, side, half_x, front)
        ends.append(cap)
        ends.append(tube(ring, 0.0045, 6))
        nails += _nails(ring, side)
    body += ends
    body.append(
        stuffed((2 * half_x + 0.08, back - front + 0.03, 0.20), 0.02, (0, 0.006, 0), spec.seed, cells=3).move(
            y=(front + back) / 2 + 0.020, z=0.105
        )
    )
    count = 3 if half_x > 0.85 else 2
    body += seats(2 * half_x, count, 0.285, front - 0.012, back - 0.005, spec.seed, 0.004)
    bun = lathe(
        [
            (0, 0),
            (0.026, 0),
            (0.034, 0.006),
            (0.043, 0.030),
            (0.044, 0.052),
            (0.036, 0.078),
            (0.034, 0.084),
            (0.040, 0.092),
            (0.040, 0.125),
            (0, 0.125),
        ],
        24,
        60,
    )
    feet = [bun.move(sx * (half_x - 0.01), y) for sx in (-1, 1) for y in (front + 0.06, back - 0.01)]
    pieces = [Piece("main", join(body)), Piece("legs", join(feet)), Piece("frame", join(nails))]
    pieces += scatter(spec, [(half_x - 0.25, 0.45), (-half_x + 0.24, 0.45)], back - 0.03, SEAT + 0.015)
    return pieces + over_seat(spec, body, half_x * 0.40, 0.20, SEAT, height)


def _quilted(section: Doubles, path: Doubles, out: Doubles) -> tuple[Shape, Shape]:
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path + 0.04 * out, axis=0), axis=1))])
    up = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(section, axis=0), axis=1))])
    slope = np.gradient(section, axis=0)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]]) / np.linalg.norm(slope, axis=1, keepdims=True)
    pitch = along[-1] / round(along[-1] / 0.165)
    crest = up[np.argmax(section[:, 1])]
    rows = crest - 0.01 - 0.125 * np.arange(3)
    places = [
        (s, t)
        for j, t in enumerate(rows)
        for s in np.arange(pitch * (0.5 if j % 2 else 1.0), along[-1] - 0.06, pitch)
        if s > 0.06
    ]
    s, t = np.meshgrid(along, up)
    depth = 0.030
    hollow = pull(s, t, np.array(places), depth, diamond=True)
    swell = 0.010 * np.clip((t - 0.15) / 0.08, 0, 1) * np.clip((crest + 0.12 - t) / 0.08, 0, 1)
    lift = swell - hollow * np.clip((crest + 0.16 - t) / 0.05, 0, 1)
    away = section[:, 0][:, None] + lift * normal[:, 0][:, None]
    high = section[:, 1][:, None] + lift * normal[:, 1][:, None]
    grid = np.dstack([path[:, 0] + out[:, 0] * away, path[:, 1] + out[:, 1] * away, high])
    knob = lathe([(0.013, -0.004), (0.012, 0.003), (0.007, 0.006), (0.0, 0.007)], 8)
    knobs = []
    for a, b in places:
        i, j = int(np.argmin(np.abs(along - a))), int(np.argmin(np.abs(up - b)))
        point = grid[j, i]
        facing = np.array([out[i, 0] * normal[j, 0], out[i, 1] * normal[j, 0], normal[j, 1]])
        knobs.append(_faced(knob, facing).move(*(point + 0.002 * facing)))
    return sheet(grid, np.stack([s, t], axis=2)), join(knobs)


def _faced(shape: Shape, direction: Doubles) -> Shape:
    """A shape whose +Z is turned to a direction."""
    polar, azimuth = np.degrees(np.arccos(direction[2])), np.degrees(np.arctan2(direction[1], direction[0]))
    return shape.turn(float(polar), "y").turn(float(azimuth))


def _scroll(section: Doubles, side: int, half_x: float, front: float) -> tuple[Shape, Doubles]:
    """The front of an arm, and the line along its edge."""
    crest = int(np.argmax(section[:, 1]))
    left, right = section[: crest + 1], section[crest:][::-1]
    t = np.linspace(0, 1, 26)
    inner, outer = (_resampled(part, t) for part in (left, right))
    share = np.linspace(0, 1, 8)[None, :, None]
    flat = inner[:, None] * (1 - share) + outer[:, None] * share
    bulge = 0.012 * np.sin(np.pi * share[..., 0]) ** 0.5 * np.sin(np.pi * np.clip(t, 0, 1) ** 3)[:, None] ** 0.5
    grid = np.dstack([side * (half_x + flat[..., 0]), front - 0.002 - bulge, flat[..., 1]])
    ring = np.vstack([inner, outer[-2::-1]])
    edge = np.column_stack([side * (half_x + ring[:, 0]), np.full(len(ring), front - 0.002), ring[:, 1]])
    return sheet(grid if side > 0 else grid[:, ::-1]), edge


def _resampled(line: Doubles, share: Doubles) -> Doubles:
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    return np.column_stack([np.interp(share * along[-1], along, line[:, i]) for i in range(2)])


def _nails(ring: Doubles, side: int) -> list[Shape]:
    """Nail heads in a row, 14 mm inside the edge of an arm's front."""
    head = lathe([(0.0055, 0.0), (0.0045, 0.0025), (0.0, 0.004)], 6).turn(90, "x")
    along = np.concatenate([[0.0], np.cumsum([np.linalg.norm(b - a) for a, b in pairwise(ring)])])
    way = np.gradient(ring, along, axis=0)
    inward = np.column_stack([side * way[:, 2], np.zeros(len(ring)), -side * way[:, 0]])
    made = []
    for s in np.arange(0.02, along[-1] - 0.01, 0.026):
        point, aside = (np.array([np.interp(s, along, each[:, i]) for i in range(3)]) for each in (ring, inward))
        made.append(head.move(*(point + 0.014 * aside)).move(y=-0.006))
    return made
