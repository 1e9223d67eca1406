"""What plants stand in: pots with a wall thickness and soil, baskets, and pots on a stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec
from imagegen.rooms.shapes import Shape, bar, box, curve, join, lathe, tube

_POT = 126


@dataclass(frozen=True, slots=True, eq=False)
class Potted:
    """A pot's pieces, the height of its soil and the radius within which stems may stand."""

    pieces: list[Piece]
    soil: float
    radius: float


def potted(spec: Spec, height: float, width: float, usual: str = "round") -> Potted:
    """The pot that ``settings.pot`` names, about ``width`` across and ``height`` high.

    "basket" (woven, with loops), "round" (thrown, tapering), "cylinder", "square", "tall" (a slender cone up from the
    floor), "bowl" (low), "tray" (rectangular, on feet), "stand" (a cylinder in four wooden legs of the slot "stem").
    """
    radius = min(width, spec.size[0], spec.size[1]) / 2
    name = str(spec.settings.get("pot", usual))
    if name == "stand":
        return _on_stand(radius, height)
    if name in ("square", "tray"):
        return _square(radius, height, low=name == "tray")
    if name == "tall":
        height, radius = height * 1.55, radius * 0.82
    made = {"basket": _basket, "cylinder": _cylinder, "bowl": _bowl, "tall": _tall}.get(name, _round)(radius, height)
    mouth, level = radius * (0.9 if name != "round" else 0.93), height * 0.9
    return Potted([Piece("pot", made, _POT), _soil(mouth, level)], level + 0.004, mouth * 0.9)


def walled(outer: np.ndarray, radius: float, height: float, wall: float, deep: float = 0.72) -> Shape:
    """A vessel turned about Z from its outer outline (shares of radius and height), hollow down to ``deep``."""
    r, z = outer[:, 0] * radius, outer[:, 1] * height
    body = [
        (0.0, 0.0),
        (float(r[0]) - 0.003, 0.0),
        (float(r[0]), 0.003),
        *zip(r[1:].tolist(), z[1:].tolist(), strict=True),
    ]
    inner = [(a - wall, b) for a, b in zip(r[::-1].tolist(), z[::-1].tolist(), strict=True) if b >= height * deep]
    return lathe([*body, *inner], 48)


def _soil(radius: float, level: float) -> Piece:
    return Piece("soil", lathe([(radius, level), (radius * 0.6, level + 0.006), (0, level + 0.008)], 32), _POT)


def _round(radius: float, height: float) -> Shape:
    outer = curve([(0.62, 0), (0.80, 0.14), (0.95, 0.55), (1.0, 1.0)], 18)
    return walled(outer, radius, height, 0.010)


def _bowl(radius: float, height: float) -> Shape:
    outer = curve([(0.45, 0), (0.66, 0.10), (0.93, 0.5), (1.0, 1.0)], 18)
    return walled(outer, radius, height, 0.009, 0.6)


def _cylinder(radius: float, height: float) -> Shape:
    outer = np.array([(1.0, share) for share in np.linspace(0, 1, 6)])
    return walled(outer, radius, height, 0.012)


def _tall(radius: float, height: float) -> Shape:
    outer = curve([(0.66, 0), (0.74, 0.3), (0.88, 0.7), (1.0, 1.0)], 18)
    return walled(outer, radius, height, 0.014, 0.8)


def _basket(radius: float, height: float) -> Shape:
    outer = curve([(0.80, 0), (0.95, 0.16), (1.0, 0.55), (0.94, 1.0)], 22)
    body = walled(outer, radius, height, 0.014)
    turns = np.linspace(0, 2 * np.pi, 65)
    rim = np.column_stack([0.935 * radius * np.cos(turns), 0.935 * radius * np.sin(turns), np.full(65, height - 0.002)])
    loops = [
        tube(
            curve(
                [
                    (s * radius * 0.93, -0.055, height * 0.9),
                    (s * radius * 0.97, -0.035, height * 1.1),
                    (s * radius * 0.97, 0.035, height * 1.1),
                    (s * radius * 0.93, 0.055, height * 0.9),
                ],
                14,
            ),
            0.007,
            8,
        )
        for s in (-1, 1)
    ]
    return join([body, tube(rim, 0.010, 8, closed=True), *loops])


def _square(radius: float, height: float, *, low: bool) -> Potted:
    """Four boards and a floor; ``low`` is a long tray on feet."""
    half_x, half_y = (radius, radius * 0.68) if low else (radius * 0.92, radius * 0.92)
    wall, foot = 0.012, 0.012 if low else 0.0
    tall = height - foot
    boards = [box((2 * half_x, wall, tall), 0.004).move(0, s * (half_y - wall / 2), foot) for s in (-1, 1)] + [
        box((wall, 2 * half_y, tall), 0.004).move(s * (half_x - wall / 2), 0, foot) for s in (-1, 1)
    ]
    feet = [
        box((0.03, 0.03, 0.016), 0.003).move(x * (half_x - 0.03), y * (half_y - 0.03)) for x in (-1, 1) for y in (-1, 1)
    ]
    level = foot + tall * 0.86
    soil = box((2 * half_x - 0.016, 2 * half_y - 0.016, 0.02), 0.004).move(z=level - 0.02)
    floor = box((2 * half_x - 0.01, 2 * half_y - 0.01, 0.01), 0.003).move(z=foot)
    body = join([*boards, floor, *(feet if low else [])])
    return Potted([Piece("pot", body, _POT), Piece("soil", soil, _POT)], level, half_y * 0.8)


def _on_stand(radius: float, height: float) -> Potted:
    """A cylinder held by four posts and a cross."""
    lift = max(0.16, height * 0.62)
    pot = _cylinder(radius * 0.88, height).move(z=lift)
    reach = radius * 0.88 + 0.013
    posts = [
        bar((reach * c, reach * s, lift + height * 0.62), (reach * c * 1.06, reach * s * 1.06, 0), 0.012, 0.010)
        for c, s in ((0.707, 0.707), (-0.707, 0.707), (0.707, -0.707), (-0.707, -0.707))
    ]
    cross = [box((2 * reach, 0.022, 0.022), 0.003).move(z=lift - 0.022).turn(angle) for angle in (45, -45)]
    level = lift + height * 0.9
    pieces = [Piece("pot", pot, _POT), Piece("stem", join([*posts, *cross]), _POT), _soil(radius * 0.8, level)]
    return Potted(pieces, level + 0.004, radius * 0.7)
