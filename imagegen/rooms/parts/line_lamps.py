"""A lamp that is only a line of light."""

from __future__ import annotations

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.shapes import box, join, slab

_PROFILE = 0.026
"""Metres across the upright."""


@form("floor-lamp", "line", slots=("base", "bulb"))
def line(spec: Spec) -> list[Piece]:
    """A slim square upright on a flat plate, a line of light let into its front from knee height to its head."""
    width, depth, height = spec.size
    half = _PROFILE / 2
    plate = box((0.62 * width, 0.62 * depth, 0.014), 0.003)
    post = slab((-half, -half, 0.012), (half, half, height), 0.002)
    light = slab((-0.008, -half - 0.003, 0.2 * height), (0.008, -half + 0.002, height - 0.012), 0.001)
    return [Piece("base", join([plate, post])), Piece("bulb", light)]
