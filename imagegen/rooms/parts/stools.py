"""Further stools: to sit at a counter, to milk on."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import between, board_seat, leg, limb, spindle
from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.shapes import join, tube


@form("stool", "bar", slots=("main", "legs"))
def bar_stool(spec: Spec) -> list[Piece]:
    """A counter stool: hollowed seat, four splayed legs, a foot rest of rungs; ``settings.back`` adds a low bent rail.

    The seat is as high as the part, or 65 cm when it has a back.
    """
    width, depth, height = spec.size
    backed = bool(spec.number("back", 0))
    seat = min(0.65, height - 0.15) if backed else height
    stands, legs = {}, []
    for x in (-1, 1):
        for y in (-1, 1):
            foot = (x * (width / 2 - 0.020), y * (depth / 2 - 0.020), 0.0)
            top = (x * 0.31 * width, y * 0.29 * depth, seat - 0.016)
            stands[x, y] = foot, top
            legs.append(leg(foot, top, 0.0125, 0.0190, 0.9))
    for (a, b), z in (
        (((-1, -1), (1, -1)), 0.20),
        (((-1, 1), (1, 1)), 0.31),
        (((-1, -1), (-1, 1)), 0.26),
        (((1, -1), (1, 1)), 0.26),
    ):
        legs.append(spindle(between(*stands[a], z), between(*stands[b], z), 0.0095, 0.0125))
    main = [board_seat(width - 0.05, depth - 0.06, seat, 0.036, 0.012, 3.2, 0.0)]
    if backed:
        turn = np.linspace(-1, 1, 15)
        rail = np.column_stack(
            [turn * (width / 2 - 0.035), depth / 2 - 0.028 - 0.06 * turn**2, np.full(15, height - 0.028)]
        )
        main.append(limb(rail, 0.054 - 0.014 * turn**2, 0.018, (0, 0.15, 1), 3.0))
        main += [
            spindle(
                (0.72 * x * (width / 2 - 0.03), 0.30 * depth, seat - 0.012),
                (rail[i][0], rail[i][1], height - 0.034),
                0.008,
                0.010,
            )
            for x, i in ((-0.95, 1), (-0.4, 4), (0.4, 10), (0.95, 13))
        ]
    return [Piece("main", join(main)), Piece("legs", join(legs))]


@form("stool", "milking", slots=("main", "legs"))
def milking_stool(spec: Spec) -> list[Piece]:
    """Three stout legs through a thick round of wood, their wedged ends showing; knocked about at the edge."""
    width, depth, height = spec.size
    rng = spec.rng()
    seat = board_seat(width - 0.03, depth - 0.03, height, 0.045, 0.006, 2.0, 0.0)
    phase = rng.uniform(0, 2 * np.pi, 3)

    def knocked(points: np.ndarray) -> np.ndarray:
        turn = np.arctan2(points[:, 1], points[:, 0])
        dent = 1 + 0.006 * sum(np.sin((3 + 2 * i) * turn + phase[i]) for i in range(3))
        return np.column_stack([points[:, 0] * dent, points[:, 1] * dent, points[:, 2]])

    legs, plugs = [], []
    for angle in np.radians([90, 210, 330]):
        out = np.array([np.cos(angle), np.sin(angle), 0.0])
        foot, top = out * (width / 2 - 0.022), out * 0.24 * width + [0, 0, height - 0.012]
        legs.append(leg(foot, top, 0.0145, 0.0205, 0.7))
        plugs.append(tube(np.linspace(top, out * 0.238 * width + [0, 0, height - 0.0025], 3), 0.0135, 14))
    return [Piece("main", seat.bend(knocked)), Piece("legs", join([*legs, *plugs]))]
