"""Vases of several potteries, and what is put in them."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bouquets import bouquet
from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.wares import hollow, pot, vessel
from imagegen.rooms.shapes import Shape, curve, join, tube

_SLOTS = ("main", "stem", "leaf")


@kind("vase", 136, _SLOTS, ("thrown",), words=("vase",), near=1.3)
def thrown(spec: Spec) -> list[Piece]:
    """A thrown vase, bellied and necked by chance.

    Every vase: ``settings.stems`` stems of ``settings.filling`` (twig, eucalyptus, pampas, tulip, dried, branch, none;
    twig by default) rise ``settings.reach`` metres (0.55) above ``size``. Slot leaf: leaves, plumes or flowers.
    """
    return _filled(spec, vessel(spec.rng(), spec.size[0] / 2, spec.size[2]), 0.16)


@form("vase", "bottle")
def bottle(spec: Spec) -> list[Piece]:
    """A straight-sided bottle with a long neck."""
    return _filled(
        spec, _turned(spec, (0.9, 0), (1.0, 0.1), (1.0, 0.42), (0.85, 0.55), (0.3, 0.68), (0.24, 0.9), (0.3, 1)), 0.09
    )


@form("vase", "bowl")
def bowl(spec: Spec) -> list[Piece]:
    """An open bowl."""
    return [Piece("main", pot(spec.size[0] / 2, spec.size[2]))]


@form("vase", "amphora")
def amphora(spec: Spec) -> list[Piece]:
    """An egg-shaped body on a narrow foot, a flared neck and two handles from shoulder to lip."""
    width, _, height = spec.size
    narrow = Spec((width * 0.88, width * 0.88, height), spec.form, spec.settings, spec.seed)
    points = (
        (0.42, 0),
        (0.40, 0.03),
        (0.62, 0.18),
        (0.98, 0.52),
        (0.90, 0.68),
        (0.42, 0.80),
        (0.34, 0.90),
        (0.50, 1.0),
    )
    body, r = _turned(narrow, *points), width * 0.44
    handles = [
        tube(
            curve(
                [
                    (s * r * 0.33, 0, height * 0.90),
                    (s * r * 0.76, 0, height * 0.95),
                    (s * r * 1.06, 0, height * 0.83),
                    (s * r * 0.88, 0, height * 0.67),
                ],
                24,
            ),
            np.full(24, min(0.011, 0.08 * r + 0.004)),
            10,
        )
        for s in (-1, 1)
    ]
    return _filled(spec, join([body, *handles]), 0.13)


@form("vase", "bud")
def bud(spec: Spec) -> list[Piece]:
    """A little round vase with a thin neck, for one or two stems."""
    return _filled(
        spec,
        _turned(spec, (0.55, 0), (0.86, 0.10), (1.0, 0.32), (0.78, 0.54), (0.26, 0.70), (0.20, 0.88), (0.30, 1)),
        0.07,
    )


@form("vase", "ribbed")
def ribbed(spec: Spec) -> list[Piece]:
    """A tall rounded cylinder with upright fluting."""
    body = _turned(
        spec, (0.80, 0), (0.94, 0.06), (1.0, 0.40), (0.96, 0.78), (0.74, 0.94), (0.62, 0.98), (0.62, 1.0), segments=108
    )
    height = spec.size[2]

    def fluted(points: np.ndarray) -> np.ndarray:
        turn = np.arctan2(points[:, 1], points[:, 0])
        fade = np.clip((0.93 - points[:, 2] / height) / 0.1, 0, 1) * np.clip(points[:, 2] / height / 0.05, 0, 1)
        cut = 1 - 0.05 * fade * (1 - np.abs(np.sin(9 * turn)))
        return np.column_stack([points[:, :2] * cut[:, None], points[:, 2]])

    return _filled(spec, body.bend(fluted), 0.30)


@form("vase", "jug")
def jug(spec: Spec) -> list[Piece]:
    """A farmhouse jug: full belly, pinched spout, strap handle."""
    width, _, height = spec.size
    slim = Spec((width * 0.80, width * 0.80, height), spec.form, spec.settings, spec.seed)
    r = width * 0.40
    body = _turned(slim, (0.66, 0), (0.88, 0.10), (1.0, 0.34), (0.90, 0.60), (0.64, 0.80), (0.62, 0.90), (0.72, 1.0))

    def spout(points: np.ndarray) -> np.ndarray:
        turn = np.arctan2(points[:, 1], -points[:, 0])
        pull = np.exp(-((turn / 0.34) ** 2)) * np.clip((points[:, 2] / height - 0.78) / 0.22, 0, 1) ** 2
        return np.asarray(points + np.column_stack([-0.24 * r * pull, 0 * pull, 0 * pull]))

    grip = curve(
        [
            (0.58 * r, 0, height * 0.93),
            (1.06 * r, 0, height * 0.96),
            (1.36 * r, 0, height * 0.74),
            (1.22 * r, 0, height * 0.48),
            (0.90 * r, 0, height * 0.33),
        ],
        30,
    )
    strap = tube(grip, np.linspace(0.010, 0.007, 30) * min(1.3, height / 0.2), 10)
    shift = 0.13 * width
    return _filled(spec, join([body.bend(spout), strap]).move(x=-shift), 0.24, -shift)


@form("vase", "slab")
def slab_built(spec: Spec) -> list[Piece]:
    """A flat slab-built bottle: a disc on edge between two faces, short square neck; stands across."""
    width, depth, height = spec.size
    deep = min(depth, 0.42 * width)
    outer = curve([(0.52, 0), (0.86, 0.16), (1.0, 0.42), (0.86, 0.68), (0.40, 0.84), (0.22, 0.90), (0.22, 1.0)], 40)
    body = hollow(outer[:, 0] * width / 2, outer[:, 1] * height, 0.006)

    def flat(points: np.ndarray) -> np.ndarray:
        x = points[:, 0] / (width / 2)
        return np.column_stack(
            [
                points[:, 0],
                np.sign(points[:, 1]) * np.abs(points[:, 1] * 2 / width) ** 0.55 * deep / 2 * (1 - 0.15 * x**2),
                points[:, 2],
            ]
        )

    return _filled(spec, body.bend(flat), 0.05)


def _turned(spec: Spec, *points: tuple[float, float], segments: int = 48) -> Shape:
    outer = curve(points, 40)
    r, z = outer[:, 0] * spec.size[0] / 2, outer[:, 1] * spec.size[2]
    return hollow(r, z, 0.005, segments)


def _filled(spec: Spec, body: Shape, mouth: float, x: float = 0.0) -> list[Piece]:
    """The vase with its stems; ``mouth``: radius of its opening as a share of its width."""
    stems = int(spec.number("stems", 0))
    filling = str(spec.settings.get("filling", "twig"))
    if not stems or filling == "none":
        return [Piece("main", body)]
    width, _, height = spec.size
    grown = bouquet(spec.rng(2), filling, stems, mouth * width, height, spec.number("reach", 0.55))
    return [Piece("main", body), *(Piece(p.slot, p.shape.move(x=x), p.segment) for p in grown)]
