"""By the door: benches for shoes, a stand for umbrellas."""

from __future__ import annotations

import itertools

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import plank
from imagegen.rooms.shapes import Shape, bar, box, curve, cushion, join, lathe, slab, tube

_SHOES = 93


def _shoes(x: float, y: float, z: float, seed: int) -> Shape:
    """A pair of low shoes, toes towards -Y."""
    rng = np.random.default_rng(seed)
    made = []
    for s in (-1, 1):
        upper = cushion((0.088, 0.26, 0.085), 0.035, 0.004, seed, 3)
        shoe = upper.bend(
            lambda p: (
                p
                * np.column_stack(
                    [
                        1 - 0.25 * (p[:, 1] > 0) * p[:, 1] / 0.13,
                        1 + 0 * p[:, 0],
                        0.62 + 0.38 * np.clip((p[:, 1] + 0.03) / 0.10, 0, 1),
                    ]
                )
            )
        )
        sole = box((0.090, 0.265, 0.016), 0.007, 1)
        made.append(
            join([shoe.move(z=0.012), sole])
            .turn(float(rng.uniform(-6, 6)))
            .move(x + s * 0.055, y + float(rng.uniform(-0.01, 0.01)), z)
        )
    return join(made)


@kind(
    "shoe-bench",
    70,
    ("main", "legs", "seat", "shoes"),
    ("open",),
    words=("shoe bench", "shoe rack", "hall bench"),
    near=1.3,
)
def open_(spec: Spec) -> list[Piece]:
    """A bench to tie laces on, with two slatted levels for shoes below; ``settings.shoes``: pairs on them (3)."""
    width, depth, height = spec.size
    w, d, t = width / 2, depth / 2, 0.024
    body = [plank((-w, -d, height - 0.028), (w, d, height), 0.005)]
    frame = [
        plank((s * (w - 0.03) - 0.014, y - 0.018, 0), (s * (w - 0.03) + 0.014, y + 0.018, height - 0.028), 0.004)
        for s in (-1, 1)
        for y in (-d + 0.035, d - 0.035)
    ]
    levels = (0.08, height * 0.5)
    for z in levels:
        frame += [
            plank((s * (w - 0.03) - 0.01, -d + 0.053, z - t), (s * (w - 0.03) + 0.01, d - 0.053, z), 0.003)
            for s in (-1, 1)
        ]
        lines = np.linspace(-d + 0.02, d - 0.02, max(4, round(depth / 0.07)) + 1)
        body += [
            plank((-w + 0.018, a + 0.006, z), (w - 0.018, b - 0.006, z + 0.014)) for a, b in itertools.pairwise(lines)
        ]
    pieces = [Piece("main", join(body)), Piece("legs", join(frame))]
    pairs = min(int(spec.number("shoes", 3)), 2 * int(width / 0.32))
    spots = [(-w + 0.20 + 0.30 * (i // 2), levels[i % 2] + 0.014) for i in range(pairs)]
    if spots:
        pieces.append(
            Piece("shoes", join([_shoes(x, 0.0, z, spec.seed + i) for i, (x, z) in enumerate(spots)]), _SHOES)
        )
    return pieces


@form("shoe-bench", "cushioned")
def cushioned(spec: Spec) -> list[Piece]:
    """A box of cubby-holes with a loose cushion on it; the cushion's top is at the full height."""
    width, depth, height = spec.size
    w, d, t = width / 2, depth / 2, 0.022
    top = height - 0.06
    count = max(2, round(width / 0.38))
    body = [plank((-w, -d, top - t), (w, d, top)), plank((-w, -d, 0.06), (w, d, 0.06 + t))]
    body += [
        plank((x - t / 2, -d, 0.06 + t), (x + t / 2, d - 0.008, top - t))
        for x in np.linspace(-w + t / 2, w - t / 2, count + 1)
    ]
    body.append(slab((-w + 0.005, d - 0.008, 0.07), (w - 0.005, d, top - 0.005), 0.001))
    feet = slab((-w + 0.03, -d + 0.04, 0), (w - 0.03, d - 0.01, 0.062), 0.001)
    seat = cushion((width - 0.01, depth - 0.006, 0.052), 0.022, 0.008, spec.seed, 14).move(z=top)
    pairs = min(int(spec.number("shoes", 2)), count)
    pieces = [Piece("main", join(body)), Piece("legs", feet), Piece("seat", seat)]
    cell = (2 * w - t) / count
    if pairs:
        made = [_shoes(-w + t / 2 + cell * (i + 0.5), -0.01, 0.06 + t, spec.seed + i) for i in range(pairs)]
        pieces.append(Piece("shoes", join(made), _SHOES))
    return pieces


@kind("umbrella-stand", 113, ("main", "umbrella", "handle"), words=("umbrella stand",), near=1.3)
def umbrella_stand(spec: Spec) -> list[Piece]:
    """A tall pot with two furled umbrellas, their crooks up (above ``size``); ``settings.umbrellas`` (2)."""
    width, _, height = spec.size
    r = width / 2
    body = lathe(
        [
            (0, 0),
            (r * 0.86, 0),
            (r * 0.9, 0.006),
            (r, height - 0.004),
            (r - 0.004, height),
            (r - 0.010, height - 0.004),
            (r * 0.86, 0.012),
            (0, 0.012),
        ],
        44,
    )
    pieces = [Piece("main", body)]
    cloth: list[Shape] = []
    crooks: list[Shape] = []
    for index in range(int(spec.number("umbrellas", 2))):
        lean, turn = 7.0 + 2 * index, 40.0 + 150 * index
        tall = height + 0.22
        profile = curve(
            [
                (0.006, 0.05, 0),
                (0.022, 0.14, 0),
                (0.030, tall * 0.6, 0),
                (0.020, tall * 0.86, 0),
                (0.008, tall * 0.9, 0),
            ],
            20,
        )
        furled = lathe([(float(a), float(b)) for a, b, _ in profile], 24, 80)
        pleats = furled.bend(
            lambda p: (
                p
                * np.column_stack(
                    [*(2 * [1 + 0.16 * np.sin(8 * np.arctan2(p[:, 1], p[:, 0]) + 9 * p[:, 2])]), 1 + 0 * p[:, 0]]
                )
            )
        )
        crook = curve(
            [
                (0, 0, tall * 0.88),
                (0, 0, tall + 0.02),
                (0.02, 0, tall + 0.06),
                (0.055, 0, tall + 0.06),
                (0.07, 0, tall + 0.02),
            ],
            24,
        )
        stick = [tube(crook, 0.008, 10), bar((0, 0, 0), (0, 0, tall * 0.9), 0.004)]
        for shape, group in ((pleats, cloth), (join(stick), crooks)):
            group.append(shape.move(z=0.014).turn(lean, "y").move(-r * 0.35).turn(turn))
    if cloth:
        pieces += [Piece("umbrella", join(cloth)), Piece("handle", join(crooks))]
    return pieces
