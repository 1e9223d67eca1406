"""Deep seating: a three-seat sofa and a wing chair."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from demo.cloth import cushion, pillow
from demo.forms import Form, box, curve, join, lathe, ripple, tube
from demo.solids import blend, block, slab, solid
from demo.surfaces import cloth, timber, velvet
from imagegen.geometry import Mesh
from imagegen.types import Doubles


def turned_leg(height: float, top: float, foot: float) -> Form:
    """A tapered round leg on z = 0."""
    profile = [(0.0, 0.0), (foot * 0.9, 0.0), (foot, 0.002), (foot * 1.02, 0.006), (top, height), (0.0, height)]
    return lathe(profile, 40)


def sofa() -> list[Mesh]:
    """Three seats, boxed seat cushions, loose stuffed back cushions, two scatter pillows; 228 x 95 x 84 cm."""
    fabric, accent, oak = cloth("#d9d0c1", "boucle", 3), cloth("#b4694a", "woven", 9), timber("oak", 4)
    frame, seams = _sofa_frame()
    soft: list[Form] = []
    for k, x in enumerate((-0.632, 0.0, 0.632)):
        body, rim = cushion(0.636, 0.74, 0.185, seed=11 + k, crown=0.042, sag=0.010, piping=0.0042)
        soft.append(body.moved(x, -0.105, 0.285))
        seams.append(rim.moved(x, -0.105, 0.285))
        body, rim = pillow(0.655, 0.235, 0.475, seed=21 + k, fullness=1.0, piping=0.0042)
        for source, to in ((body, soft), (rim, seams)):
            to.append(
                source.turned("y", (-1.2, 0.8, 1.5)[k])
                .turned("x", -13)
                .moved(x, 0.175, 0.415 + (0.0, 0.004, -0.004)[k])
            )
    pads: list[Form] = []
    for x, yaw, tilt, lean, seed in ((-0.70, 24, 8, -24, 31), (0.735, -27, -7, -22, 32)):
        body, rim = pillow(0.47, 0.17, 0.45, seed=seed, fullness=1.1, piping=0.003)
        pads += [f.turned("y", tilt).turned("x", lean).turned("z", yaw).moved(x, -0.045, 0.462) for f in (body, rim)]
    legs = [
        turned_leg(0.15, 0.022, 0.013).turned("y", 7 * sx).turned("x", -7 * sy).moved(sx * 1.02, sy * 0.385, 0.0)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    return [
        join([*frame, *soft]).dressed(fabric, part="body"),
        join(seams).dressed(fabric, part="seams"),
        join(pads).dressed(accent, part="pillows"),
        join(legs).dressed(oak, part="legs"),
    ]


def _sofa_frame() -> tuple[list[Form], list[Form]]:
    """Base, arms and back; and the piping that closes the arms."""
    base = box(1.95, 0.88, 0.155, 0.025, step=0.03).moved(0, 0.01, 0.14).crumpled(0.0008, 0.12, 1)
    back = box(2.0, 0.17, 0.60, 0.055, step=0.02, arc=6).turned("x", -6).moved(0, 0.36, 0.15).crumpled(0.0014, 0.16, 2)
    frame, seams = [base, back], []

    def plump(p: Doubles) -> Doubles:
        out = p.copy()
        t = np.clip((p[:, 2] - 0.14) / 0.47, 0, 1)
        out[:, 0] *= 1 + 0.16 * np.sin(np.pi * np.clip(t, 0, 1)) ** 0.7 * np.clip(
            1 - (np.abs(p[:, 1]) / 0.475) ** 6, 0, 1
        )
        out[:, 2] += 0.012 * np.sin(np.pi * (p[:, 1] / 0.95 + 0.5)) * t
        out[:, 0] += 0.0012 * ripple(p, 0.14, 5)
        return out

    for side in (-1, 1):
        arm = box(0.165, 0.93, 0.455, 0.05, step=0.02, arc=6).moved(0, -0.005, 0.14).bent(plump)
        frame.append(arm.moved(side * 1.045))
        lift = 0.05 * (1 - np.sqrt(0.5))
        a, low, high, y = 0.0825 - lift, 0.17, 0.14 + 0.455 - lift, -0.005 - 0.465 + lift
        ring = curve(
            [
                (-a, y, low),
                (-a, y, high - 0.03),
                (-a, y, high),
                (-a + 0.03, y, high),
                (a - 0.03, y, high),
                (a, y, high),
                (a, y, high - 0.03),
                (a, y, low),
            ],
            4,
        )
        dense = np.concatenate([np.linspace(p, q, 8, endpoint=False) for p, q in pairwise(ring)])
        seams.append(tube(plump(dense), 0.0042, 8).moved(side * 1.045))
    return frame, seams


def wing_chair() -> list[Mesh]:
    """A high-backed wing chair in dark green velvet, its back buttoned; 78 x 86 x 108 cm."""
    pile, wood = velvet("#17342c", 7), timber("walnut", 2)
    shell = solid(_wing_shell, (-0.45, -0.46, 0.14), (0.45, 0.48, 1.12), 0.011).crumpled(0.0007, 0.13, 3)
    seat, rim = cushion(0.50, 0.60, 0.17, seed=5, crown=0.045, sag=0.012, piping=0.0042)
    knobs = [
        lathe([(0.0, -0.006), (0.011, -0.004), (0.0135, 0.0), (0.011, 0.0035), (0.0, 0.0055)], 20)
        .turned("x", 90 - 12)
        .moved(x, *_back_plane(z))
        for x, z in BUTTONS
    ]
    piping = [tube(_wing_edge(side), 0.0042, 8) for side in (-1.0, 1.0)]
    legs = [
        turned_leg(0.20, 0.024, 0.012)
        .turned("y", 8 * sx)
        .turned("x", -6 * sy if sy < 0 else -14)
        .moved(sx * 0.275, -0.29 if sy < 0 else 0.22)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    return [
        join([shell, seat.moved(0, -0.10, 0.33), rim.moved(0, -0.10, 0.33), *knobs, *piping]).dressed(
            pile, part="body"
        ),
        join(legs).dressed(wood, part="legs"),
    ]


BUTTONS = [
    (x, z)
    for z, xs in ((0.92, (-0.13, 0.0, 0.13)), (0.79, (-0.195, -0.065, 0.065, 0.195)), (0.66, (-0.13, 0.0, 0.13)))
    for x in xs
]
_WING = curve(
    [
        (-0.39, 0.195),
        (-0.40, 0.215),
        (-0.405, 0.45),
        (-0.41, 0.60),
        (-0.40, 0.645),
        (-0.34, 0.655),
        (-0.16, 0.63),
        (-0.02, 0.635),
        (0.0, 0.70),
        (-0.03, 0.82),
        (-0.045, 0.95),
        (0.0, 1.05),
        (0.12, 1.085),
        (0.30, 1.08),
        (0.40, 1.06),
        (0.36, 0.8),
        (0.30, 0.5),
        (0.26, 0.215),
        (0.25, 0.195),
    ],
    2,
    closed=True,
)  # (y, z) of the side: arm, wing, back edge


def _back_plane(z: float) -> tuple[float, float]:
    """(y, z) of the back's front face at a height."""
    return 0.163 + (z - 0.66) * 0.235, z


def _wing_shell(p: Doubles) -> Doubles:
    x, y, z = p.T
    splay = (
        0.335
        + 0.03 * np.clip((z - 0.6) / 0.45, 0, 1)
        - 0.035 * np.clip((y + 0.1) / 0.5, 0, 1)
        - 0.02 * np.clip((0.5 - z) / 0.3, 0, 1)
    )
    sides = slab(np.stack([y, z], -1), _WING, np.abs(x) - splay, 0.085, 0.038)
    roll = np.linalg.norm(np.stack([np.abs(x) - 0.338, z - 0.605], -1), axis=-1) - 0.058
    roll = np.maximum(roll, np.maximum(-0.405 - y, y - 0.05))
    lean = p - np.array([0, 0.30, 0.60])
    turned = np.stack([lean[:, 0], lean[:, 1] - 0.235 * lean[:, 2], lean[:, 2]], -1)
    arch = 0.024 * (1 - (np.clip(np.abs(x), 0, 0.34) / 0.34) ** 2)
    back = block(turned - np.stack([0 * x, 0 * x, arch], -1), (0, 0.0, 0.055), (0.66, 0.15, 0.85), 0.05) * 0.95
    dents = sum(np.exp(-((x - bx) ** 2 + (z - bz) ** 2) / 0.0022) for bx, bz in BUTTONS)
    folds = _diamonds(x, z)
    back = back + np.where(turned[:, 1] < 0, 0.030 * dents + folds - 0.012, 0)
    base = block(p, (0, -0.055, 0.265), (0.71, 0.69, 0.15), 0.035)
    return blend(blend(blend(sides, roll, 0.03), back, 0.05), base, 0.02)


def _diamonds(x: Doubles, z: Doubles) -> Doubles:
    """The folds of the buttoned back run from button to button."""
    a, b = x / 0.13 + (z - 0.79) / 0.26, x / 0.13 - (z - 0.79) / 0.26
    crease = [np.exp(-(((t % 1.0) - 0.5) ** 2) / 0.006) for t in (a, b)]
    window = np.exp(-((np.abs(x) / 0.24) ** 6)) * np.exp(-((np.abs(z - 0.79) / 0.19) ** 6))
    out: Doubles = 0.012 * np.maximum(*crease) * window
    return out


def _wing_edge(side: float) -> Doubles:
    """The welt along the outer edge of arm and wing."""
    line = _WING[: int(len(_WING) * 0.82)]
    y, z = line.T
    x = (
        0.335
        + 0.03 * np.clip((z - 0.6) / 0.45, 0, 1)
        - 0.035 * np.clip((y + 0.1) / 0.5, 0, 1)
        - 0.02 * np.clip((0.5 - z) / 0.3, 0, 1)
    )
    points: Doubles = np.stack([side * (x + 0.0425 - 0.011), y, z], -1)
    inward = np.stack([np.zeros(len(y)), -np.gradient(z), np.gradient(y)], -1)
    points -= 0.008 * inward / np.linalg.norm(inward, axis=1, keepdims=True)
    return points
