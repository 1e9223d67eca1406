"""Lamps that stand and one that hangs by a thin cord."""

from __future__ import annotations

import numpy as np

from demo.forms import curve, join, lathe, patch, tube
from demo.surfaces import BLACK_METAL, BRASS, cloth, paint, stone
from imagegen.geometry import Material, Mesh

GLAZE = Material((0.055, 0.145, 0.125), roughness=0.07, specular=0.7)
OPAL = Material((0.86, 0.84, 0.80), roughness=0.5, specular=0.3)


def floor_lamp() -> list[Mesh]:
    """Brass stem on a marble foot, a pleated shade; 40 x 40 x 158 cm."""
    foot = lathe(
        [
            (0, 0),
            (0.128, 0),
            (0.1315, 0.002),
            (0.1335, 0.006),
            (0.1335, 0.030),
            (0.1315, 0.034),
            (0.128, 0.036),
            (0, 0.036),
        ],
        128,
    )
    stem = [tube([[0, 0, 0.03], [0, 0, 0.7], [0, 0, 1.34]], 0.0075, 28)]
    for z, r, h in ((0.036, 0.021, 0.014), (0.66, 0.0115, 0.026), (1.225, 0.0135, 0.05), (1.575, 0.010, 0.016)):
        stem.append(
            lathe([(0, z), (r - 0.002, z), (r, z + 0.002), (r, z + h - 0.002), (r - 0.002, z + h), (0, z + h)], 48)
        )
    spider = [
        tube(
            [
                [0, 0, 1.572],
                [0.5 * 0.135 * np.cos(a), 0.5 * 0.135 * np.sin(a), 1.571],
                [0.135 * np.cos(a), 0.135 * np.sin(a), 1.568],
            ],
            0.002,
            8,
        )
        for a in (0.3, 0.3 + 2.094, 0.3 + 4.189)
    ]
    harp = tube(
        curve([[0.0, 0, 1.27], [0.045, 0, 1.30], [0.055, 0, 1.43], [0.03, 0, 1.56], [0, 0, 1.573]], 3), 0.002, 8
    )
    chain = [
        tube(
            curve([[0.012, -0.006, 1.25], [0.03, -0.014, 1.24], [0.034, -0.016, 1.20], [0.034, -0.016, 1.10]], 3),
            0.0011,
            8,
        ),
        lathe([(0, 1.085), (0.004, 1.087), (0.0048, 1.094), (0.002, 1.101), (0, 1.102)], 20).moved(0.034, -0.016),
    ]
    bulb = lathe(
        curve(
            [(0, 1.425), (0.016, 1.425), (0.031, 1.40), (0.03, 1.365), (0.016, 1.32), (0.0135, 1.29), (0.0135, 1.27)], 3
        )[::-1],
        40,
    )
    return [
        foot.dressed(stone("#e9e6e1"), part="foot"),
        join([*stem, *spider, harp, *chain]).dressed(BRASS, part="stem"),
        bulb.dressed(OPAL, part="bulb"),
        *_pleated(0.20, 0.135, 1.30, 1.573, 84),
    ]


def _pleated(bottom: float, top: float, low: float, high: float, pleats: int) -> list[Mesh]:
    """A cone of knife pleats between two hoops, in two thin layers so that its inside can be seen."""
    linen, lining = cloth("#efe6d4", "linen", 14), Material((0.80, 0.76, 0.68), roughness=0.9, specular=0.1)
    angle = np.linspace(0, 2 * np.pi, pleats * 10, endpoint=False)
    wave = np.arcsin(0.97 * np.sin(pleats * angle)) / 1.32
    layers = []
    for inset in (0.0, -0.0022):
        rows = []
        for t in np.linspace(0, 1, 24):
            r = bottom + (top - bottom) * t + inset + wave * (0.0042 - 0.0014 * t) - 0.0042
            rows.append(
                np.stack([r * np.cos(angle), r * np.sin(angle), np.full(len(angle), low + (high - low) * t)], -1)
            )
        layers.append(np.stack(rows))
    outside = patch(layers[0][:, ::-1], closed=True)
    inside = patch(layers[1], closed=True)
    hoops = [
        tube(
            np.stack(
                [(r - 0.003) * np.cos(angle[::6]), (r - 0.003) * np.sin(angle[::6]), np.full(len(angle[::6]), z)], -1
            ),
            0.0042,
            10,
            closed=True,
        )
        for r, z in ((bottom, low + 0.003), (top, high - 0.003))
    ]
    return [join([outside, *hoops]).dressed(linen, part="shade"), inside.dressed(lining, part="lining")]


def _drum(bottom: float, top: float, low: float, high: float, colour: str) -> list[Mesh]:
    """A stretched fabric shade with rolled edges."""
    wall = curve([(bottom, low), (bottom - 0.2 * (bottom - top), low + 0.2 * (high - low)), (top, high)], 3)
    rims = [
        lathe([(r + 0.0018 * np.cos(a), z + 0.0035 * np.sin(a)) for a in np.linspace(-np.pi, np.pi, 14)], 120)
        for r, z in ((bottom - 0.0008, low + 0.003), (top - 0.0008, high - 0.003))
    ]
    lining = Material((0.80, 0.77, 0.70), roughness=0.9, specular=0.1)
    return [
        join([lathe(wall, 120), *rims]).dressed(cloth(colour, "linen", 17), part="shade"),
        lathe((wall - [0.0022, 0])[::-1], 120).dressed(lining, part="lining"),
    ]


def table_lamp() -> list[Mesh]:
    """A ribbed gourd of deep green glaze, brass neck, linen drum; 36 x 36 x 56 cm."""
    profile = curve(
        [
            (0, 0),
            (0.062, 0),
            (0.070, 0.0),
            (0.073, 0.012),
            (0.112, 0.05),
            (0.140, 0.105),
            (0.132, 0.185),
            (0.075, 0.232),
            (0.047, 0.262),
            (0.040, 0.285),
            (0.043, 0.300),
            (0.030, 0.306),
            (0, 0.306),
        ],
        4,
    )
    ribs = (
        0.0013
        * np.cos(profile[:, 1] * 2 * np.pi / 0.0115)
        * np.clip((profile[:, 1] - 0.015) / 0.03, 0, 1)
        * np.clip((0.27 - profile[:, 1]) / 0.03, 0, 1)
    )
    dense = np.stack(
        [np.interp(np.linspace(0, 1, 420), np.linspace(0, 1, len(profile)), profile[:, k]) for k in (0, 1)], -1
    )
    dense = np.repeat(dense, 1, axis=0)
    dense[:, 0] += np.interp(np.linspace(0, 1, 420), np.linspace(0, 1, len(profile)), ribs)
    neck = [
        lathe([(0, z), (r - 0.0015, z), (r, z + 0.0015), (r, z + h - 0.0015), (r - 0.0015, z + h), (0, z + h)], 56)
        for z, r, h in ((0.304, 0.026, 0.012), (0.316, 0.009, 0.035), (0.348, 0.0165, 0.045))
    ]
    spider = [
        tube(
            [
                [0, 0, 0.385],
                [0.5 * 0.15 * np.cos(a), 0.5 * 0.15 * np.sin(a), 0.545],
                [0.15 * np.cos(a), 0.15 * np.sin(a), 0.552],
            ],
            0.002,
            8,
        )
        for a in (0.5, 2.594, 4.689)
    ]
    return [
        lathe(dense, 160).dressed(GLAZE, part="body"),
        join([*neck, *spider]).dressed(BRASS, part="neck"),
        *_drum(0.18, 0.15, 0.335, 0.56, "#ece3d2"),
    ]


def pendant() -> list[Mesh]:
    """A spun dome in clay-red enamel, white inside, on a thin black cord; 42 x 42 x 110 cm with its cord."""
    shell = curve(
        [
            (0.2095, 0.0),
            (0.2095, 0.02),
            (0.203, 0.085),
            (0.172, 0.155),
            (0.105, 0.198),
            (0.05, 0.212),
            (0.034, 0.216),
            (0.034, 0.216),
        ],
        4,
    )
    rim = [(0.2085 + 0.0016 * np.cos(a), 0.0016 + 0.0016 * np.sin(a)) for a in np.linspace(-np.pi, np.pi, 14)]
    cap = curve(
        [
            (0.036, 0.212),
            (0.037, 0.218),
            (0.034, 0.240),
            (0.018, 0.262),
            (0.0085, 0.268),
            (0.0085, 0.268),
            (0.0065, 0.285),
            (0.0, 0.286),
        ],
        3,
    )
    inside = shell * [0.99, 1] - [0, 0.001]
    bulb = lathe(curve([(0.0, 0.055), (0.03, 0.055), (0.046, 0.09), (0.04, 0.13), (0.018, 0.16), (0.018, 0.20)], 3), 48)
    cord = tube([[0, 0, 0.28], [0.0006, 0.0004, 0.6], [0, 0, 0.9], [0, 0, 1.10]], 0.0026, 14)
    return [
        join([lathe(shell, 160), lathe(rim, 160)]).dressed(paint("#9c4a34", 0.28, 0.5), part="dome"),
        lathe(inside[::-1], 160).dressed(paint("#f1eee7", 0.4), part="inside"),
        lathe(cap, 64).dressed(BRASS, part="cap"),
        bulb.dressed(OPAL, part="bulb"),
        cord.dressed(BLACK_METAL, part="cord"),
    ]
