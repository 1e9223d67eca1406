"""Further shelves: room dividers, low ones, plastered niches, planks on brackets; and boards for a wall."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import plank
from imagegen.rooms.parts.wares import book_row, book_stack, pot, vessel
from imagegen.rooms.shapes import Shape, bar, box, curve, join, slab, tube
from imagegen.types import Doubles

Bay = tuple[float, float, float, float]
"""x0, x1, the height things stand at, and the clear height above it; metres."""


def filled(spec: Spec, bays: Sequence[Bay], y: float = 0.0, share: float = 0.85) -> list[Piece]:
    """Each bay styled by itself: a row of books, a stack with a bowl on it, a vase, or left empty."""
    rng = spec.rng(3)
    pieces: list[Piece] = []
    for index, (x0, x1, z, clear) in enumerate(bays):
        if rng.uniform() > share or clear < 0.14:
            continue
        at = x0 + float(rng.uniform(0.02, 0.05))
        while x1 - at > 0.14:
            room, choice = x1 - at - 0.01, int(rng.integers(0, 5))
            if choice <= 1:
                span = min(room, float(rng.uniform(0.14, 0.32)))
                pieces += book_row(rng, span, min(clear - 0.03, 0.26), at, z, y)
            elif choice == 2 and room > 0.28:
                span = 0.28
                pieces += book_stack(rng, int(rng.integers(2, 4)), at + span / 2, y, z)
            else:
                span = min(room, float(rng.uniform(0.15, 0.19)))
                tall = min(clear - 0.05, float(rng.uniform(0.11, 0.23)))
                made = vessel(rng, span * 0.36, tall, 16) if choice == 3 else pot(span * 0.40, min(tall, 0.12), 9)
                pieces.append(Piece(f"ceramic{1 + (index + choice) % 2}", made.move(at + span / 2, y, z), 136))
            at += span + float(rng.uniform(0.04, 0.16))
    return pieces


@form("shelf", "grid")
def grid(spec: Spec) -> list[Piece]:
    """A divider of boards between slim uprights: bays of unequal height and width, two of them closed by doors."""
    width, depth, height = spec.size
    w, d, t = width / 2, depth / 2, 0.022
    columns = max(2, round(width / 0.48))
    xs = np.linspace(-w + t / 2, w - t / 2, columns + 1)
    patterns = ((0.13, 0.36, 0.66, 0.985), (0.13, 0.47, 0.74, 0.985), (0.13, 0.30, 0.58, 0.985))
    frame = [plank((x - t / 2, -d, 0), (x + t / 2, d, height), 0.003) for x in xs]
    boards, bays = [], []
    for c in range(columns):
        levels = [height * share - t for share in patterns[(c + spec.seed) % 3]]
        x0, x1 = float(xs[c] + t / 2), float(xs[c + 1] - t / 2)
        boards += [plank((x0, -d + 0.003, z), (x1, d - 0.003, z + t)) for z in levels]
        spans = list(itertools.pairwise(levels))
        if c % 2 == 0:
            z0, z1 = spans.pop(0)
            boards.append(plank((x0 + 0.002, -d + 0.006, z0 + t + 0.002), (x1 - 0.002, -d + 0.024, z1 - 0.002)))
            boards.append(slab((x0, d - 0.012, z0 + t), (x1, d - 0.004, z1), 0.001))
            boards.append(slab((x0 + 0.003, -d + 0.03, z0 + t), (x1 - 0.003, d - 0.015, z1), 0.001))
        bays += [(x0, x1, a + t, b - a - t) for a, b in spans]
    return [Piece("main", join(boards)), Piece("frame", join(frame)), *filled(spec, bays)]


@form("shelf", "low")
def low(spec: Spec) -> list[Piece]:
    """A low open shelf: thick boards, uprights set in from the ends, a back that stops short of the sides."""
    width, depth, height = spec.size
    w, d, t = width / 2, depth / 2, 0.028
    levels = np.linspace(0.06, height - t, max(2, round(height / 0.34) + 1))
    boards = [plank((-w, -d, z), (w, d, z + t), 0.004) for z in levels]
    count = max(2, round(width / 0.7) + 1)
    xs = np.linspace(-w + 0.05, w - 0.05, count)
    frame = [
        plank((x - 0.012, -d + 0.02, a + t), (x + 0.012, d - 0.01, b))
        for x in xs
        for a, b in itertools.pairwise(levels)
    ]
    frame += [plank((x - 0.012, -d + 0.04, 0), (x + 0.012, d - 0.02, levels[0])) for x in xs]
    bays = [
        (float(a + 0.014), float(b - 0.014), float(z + t), float(levels[i + 1] - z - t))
        for i, z in enumerate(levels[:-1])
        for a, b in itertools.pairwise(xs)
    ]
    return [Piece("main", join(boards)), Piece("frame", join(frame)), *filled(spec, bays)]


@form("shelf", "niche")
def niche(spec: Spec) -> list[Piece]:
    """Shelves as if walled: thick plastered cheeks and boards with soft corners, a back of the same."""
    width, depth, height = spec.size
    w, d, t = width / 2, depth / 2, 0.06
    levels = np.linspace(0.0, height - t, max(3, round(height / 0.42) + 1))
    cheeks = [slab((s * (w - t / 2) - t / 2, -d, 0), (s * (w - t / 2) + t / 2, d, height), 0.018) for s in (-1, 1)]
    boards = [slab((-w + 0.01, -d + 0.004, z), (w - 0.01, d, z + t), 0.018) for z in levels]
    back = slab((-w + 0.02, d - 0.03, 0.01), (w - 0.02, d, height - 0.01), 0.004)
    bays = [(-w + t + 0.02, w - t - 0.02, float(a + t), float(b - a - t)) for a, b in itertools.pairwise(levels)]
    return [Piece("frame", join([*cheeks, back])), Piece("main", join(boards)), *filled(spec, bays)]


@form("shelf", "rustic")
def rustic(spec: Spec) -> list[Piece]:
    """Thick old planks on hand-forged brackets between two posts that lean on the wall."""
    width, depth, height = spec.size
    w, d, t, rng = width / 2, depth / 2, 0.038, spec.rng()
    levels = np.linspace(0.16, height - 0.30, max(3, round(height / 0.4)))
    boards = []
    for z in levels:
        swell, phase = rng.uniform(-0.006, 0.006), rng.uniform(0, 6)

        def waney(p: Doubles, swell: float = swell, phase: float = phase) -> Doubles:
            edge = swell * np.sin(3 * p[:, 0] + phase) * (p[:, 1] < 0)
            return np.asarray(p + edge[:, None] * [0.0, 1.0, 0.0])

        board = box((width, depth - 0.03, t), 0.006, 2, 6).bend(waney)
        boards.append(board.grain(False, (float(z) * 1.7, float(z))).move(y=-0.015, z=float(z)))
    frame = [plank((s * (w - 0.16) - 0.035, d - 0.03, 0), (s * (w - 0.16) + 0.035, d, height), 0.005) for s in (-1, 1)]
    for z in levels:
        for s in (-1, 1):
            x = s * (w - 0.16)
            arc = curve([(x, d - 0.034, z - 0.15), (x, d - 0.06, z - 0.06), (x, -d + 0.07, z - 0.007)], 12)
            frame.append(tube(arc, 0.0065, 8))
    bays = [(-w + 0.04, w - 0.04, float(z + t), float(levels[1] - levels[0] - t)) for z in levels]
    return [Piece("main", join(boards)), Piece("frame", join(frame)), *filled(spec, bays, -0.02)]


@kind("wall-shelf", 25, ("main", "brackets"))
def wall_shelf(spec: Spec) -> list[Piece]:
    """A board on flat steel angles; wall at y = 0, z = 0 at its underside."""
    width, depth, height = spec.size
    board = plank((-width / 2, -depth, 0), (width / 2, 0, min(height, 0.03)))
    steel = []
    for x in (-width / 2 + 0.12, width / 2 - 0.12):
        steel.append(slab((x - 0.012, -depth + 0.03, -0.006), (x + 0.012, 0, 0.0), 0.002))
        steel.append(slab((x - 0.012, -0.006, -0.15), (x + 0.012, 0, 0.0), 0.002))
    return [Piece("main", board), Piece("brackets", join(steel))]


@form("wall-shelf", "ledge", slots=("main",))
def ledge(spec: Spec) -> list[Piece]:
    """A picture ledge: floor, back and a low lip in front."""
    width, depth, height = spec.size
    w, t = width / 2, 0.014
    tall = max(height, 0.06)
    return [
        Piece(
            "main",
            join(
                [
                    plank((-w, -depth, 0), (w, 0, t), 0.002),
                    plank((-w, -t, t), (w, 0, tall), 0.002),
                    plank((-w, -depth, t), (w, -depth + t * 0.8, 0.032), 0.002),
                ]
            ),
        )
    ]


@form("wall-shelf", "bracket")
def bracket(spec: Spec) -> list[Piece]:
    """A thick plank on carved wooden consoles."""
    width, depth, height = spec.size
    t = min(max(height, 0.03), 0.045)
    board = plank((-width / 2, -depth, 0), (width / 2, 0, t), 0.005)
    reach, drop = depth * 0.78, min(0.22, depth * 0.95)
    count = max(2, round(width / 0.7))
    props: list[Shape] = []
    for x in np.linspace(-width / 2 + 0.14, width / 2 - 0.14, count):
        props.append(plank((x - 0.016, -0.03, -drop), (x + 0.016, 0, 0), 0.004))
        props.append(plank((x - 0.016, -reach, -0.03), (x + 0.016, -0.03, 0), 0.004))
        brace = bar((x, -0.024, -drop + 0.03), (x, -reach + 0.03, -0.02), 0.014, segments=4)
        props.append(brace)
    return [Piece("main", board), Piece("brackets", join(props))]
