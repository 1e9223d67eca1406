"""Things on a wall: a clock and a round mirror. Their backs lie at +Y."""

from __future__ import annotations

import numpy as np

from demo.forms import Form, box, join, lathe
from demo.surfaces import BRASS, paint, timber
from imagegen.geometry import Material, Mesh


def _facing(form: Form, height: float) -> Form:
    """From lying on the floor to hanging on a wall, its top towards the viewer."""
    return form.turned("x", 90).moved(0, 0, height / 2)


def clock() -> list[Mesh]:
    """Oak rim, warm white dial, black hands, a coral second hand; 32 x 4.5 x 32 cm."""
    rim = lathe(
        [
            (0, 0),
            (0.150, 0),
            (0.157, 0.002),
            (0.160, 0.007),
            (0.160, 0.030),
            (0.1595, 0.036),
            (0.157, 0.041),
            (0.153, 0.044),
            (0.149, 0.045),
            (0.1455, 0.0435),
            (0.1445, 0.041),
            (0.1445, 0.022),
        ],
        200,
    )
    dial = lathe([(0.1448, 0.0225), (0.1446, 0.0225), (0, 0.0225)], 160)
    marks = []
    for k in range(60):
        hour = k % 5 == 0
        long, wide = (0.019 if k % 15 else 0.026, 0.0052) if hour else (0.007, 0.0014)
        marks.append(box(wide, long, 0.0010, 0.0003).moved(0, 0.135 - long / 2, 0.0224).turned("z", -6 * k))
    hands = [
        _hand(0.078, 0.0088, 0.022, 0.0290).turned("z", -(10 + 9 / 60) * 30),
        _hand(0.118, 0.0066, 0.026, 0.0312).turned("z", -9 * 6),
    ]
    hub = lathe([(0, 0.0225), (0.008, 0.0225), (0.008, 0.0335), (0.0072, 0.0345), (0, 0.0345)], 40)
    second = [
        _hand(0.125, 0.0020, 0.036, 0.0332).turned("z", -36 * 6),
        lathe([(0.0, 0.0345), (0.0048, 0.0345), (0.0048, 0.0362), (0.0042, 0.0368), (0, 0.0368)], 32),
    ]
    black = paint("#1d1d1d", 0.5)
    return [
        _facing(_round_the_rim(rim), 0.32).dressed(timber("oak", 12), part="rim"),
        _facing(dial, 0.32).dressed(paint("#f3efe6", 0.55, 0.3), part="dial"),
        _facing(join([*marks, *hands, hub]), 0.32).dressed(black, part="hands"),
        _facing(join(second), 0.32).dressed(paint("#d2553a", 0.4), part="second"),
    ]


def _hand(reach: float, wide: float, tail: float, z: float) -> Form:
    """A tapering flat hand towards +Y, with a counterweight behind."""
    bar = box(wide, reach + tail, 0.0012, 0.0004, step=0.02)
    taper = bar.vertices.copy()
    taper[:, 0] *= 1 - 0.45 * np.clip((taper[:, 1] + (reach + tail) / 2) / (reach + tail), 0, 1)
    return Form(taper, bar.faces, bar.uv).moved(0, (reach - tail) / 2, z)


def _round_the_rim(form: Form) -> Form:
    """Grain that runs round the rim, as in bent wood."""
    return Form(form.vertices, form.faces, form.uv[:, ::-1].copy())


def mirror() -> list[Mesh]:
    """A round mirror in a slim brass channel; 80 x 3 x 80 cm."""
    frame = lathe(
        [
            (0, 0),
            (0.396, 0),
            (0.399, 0.001),
            (0.400, 0.003),
            (0.400, 0.027),
            (0.399, 0.029),
            (0.397, 0.030),
            (0.3905, 0.030),
            (0.389, 0.0295),
            (0.3885, 0.028),
            (0.3885, 0.017),
        ],
        260,
    )
    glass = lathe([(0.3886, 0.0195), (0.3835, 0.0215), (0.383, 0.0215), (0, 0.0215)], 200)
    silver = Material((0.90, 0.91, 0.91), roughness=0.0, metallic=1.0)
    return [
        _facing(frame, 0.80).dressed(BRASS, part="frame"),
        _facing(glass, 0.80).dressed(silver, smooth=False, part="glass"),
    ]
