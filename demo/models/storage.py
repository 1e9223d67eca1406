"""Tables and cupboards: joinery with rounded edges, shadow gaps and things to see through."""

from __future__ import annotations

import numpy as np

from demo.forms import Form, box, curve, join, lathe, tube
from demo.surfaces import BLACK_METAL, BRASS, paint, timber
from imagegen.geometry import Mesh


def planar(form: Form) -> Form:
    """Texture laid flat from above, as on a table top sawn from boards."""
    return Form(form.vertices, form.faces, form.vertices[:, :2].copy())


def board(w: float, d: float, h: float, seed: int, r: float = 0.0018) -> Form:
    """A board with eased edges, cut from its own place of the timber."""
    return box(w, d, h, r, arc=3).shifted_uv(seed)


def side_table() -> list[Mesh]:
    """A round oak top with an undercut edge on three turned legs and a ring; 50 x 50 x 48 cm."""
    top = lathe(
        curve(
            [
                (0, 0.452),
                (0.215, 0.452),
                (0.228, 0.453),
                (0.2485, 0.468),
                (0.2505, 0.474),
                (0.2495, 0.479),
                (0.246, 0.480),
                (0, 0.480),
            ],
            2,
        ),
        160,
    )
    legs, angles = [], np.radians([100, 220, 340])
    for a in angles:
        line = np.array(
            [
                [0.205 * np.cos(a), 0.205 * np.sin(a), 0.0],
                [0.185 * np.cos(a), 0.185 * np.sin(a), 0.2],
                [0.155 * np.cos(a), 0.155 * np.sin(a), 0.455],
            ]
        )
        path = curve(line, 3)
        legs.append(tube(path, np.linspace(0.0105, 0.0175, len(path)), 28).shifted_uv(int(a * 10)))
    hub = [
        tube(
            [[0, 0, 0.20], [0.1 * np.cos(a), 0.1 * np.sin(a), 0.20], [0.186 * np.cos(a), 0.186 * np.sin(a), 0.20]],
            0.008,
            18,
        )
        for a in angles
    ]
    oak = timber("oak", 21)
    return [planar(top).dressed(oak, part="top"), join([*legs, *hub]).dressed(oak, part="legs")]


def coffee_table() -> list[Mesh]:
    """A round walnut top on a drum of vertical slats; 80 x 80 x 36 cm."""
    walnut = timber("walnut", 5)
    top = planar(
        lathe(
            [
                (0, 0.328),
                (0.392, 0.328),
                (0.3965, 0.3295),
                (0.399, 0.333),
                (0.400, 0.338),
                (0.400, 0.350),
                (0.399, 0.355),
                (0.3965, 0.3585),
                (0.392, 0.36),
                (0, 0.36),
            ],
            200,
        )
    )
    slats = []
    for k, a in enumerate(np.linspace(0, 2 * np.pi, 54, endpoint=False)):
        slats.append(
            box(0.33, 0.018, 0.026, 0.004)
            .turned("y", -90)
            .turned("z", np.degrees(a))
            .moved(0.315 * np.cos(a), 0.315 * np.sin(a), 0.165)
            .shifted_uv(k)
        )
    rings = [lathe([(0.25, z), (0.303, z), (0.303, z + 0.018), (0.25, z + 0.018)], 120) for z in (0.022, 0.30)]
    return [
        top.dressed(walnut, part="top"),
        join(slats).dressed(walnut, part="slats"),
        join(rings).dressed(walnut, part="rings"),
    ]


def shelving() -> list[Mesh]:
    """Slatted oak shelves in a slender black frame, crossed by wires, no back; 92 x 35 x 186 cm."""
    metal: list[Form] = []
    for x in (-0.452, 0.452):
        metal += [tube([[x, y, 0.0], [x, y, 0.9], [x, y, 1.86]], 0.008, 20) for y in (-0.167, 0.167)]
        metal += [
            tube([[x, -0.167, z], [x, 0, z], [x, 0.167, z]], 0.006, 14)
            for z in (0.125, 0.525, 0.925, 1.325, 1.725, 1.845)
        ]
    for z in (0.125, 0.525, 0.925, 1.325, 1.725):
        metal += [tube([[-0.452, y, z], [0, y, z], [0.452, y, z]], 0.006, 14) for y in (-0.167, 0.167)]
    metal += [
        tube([[-0.452 * s, 0.172, 0.55], [0, 0.1735, 1.12], [0.452 * s, 0.172, 1.70]], 0.0022, 10) for s in (-1, 1)
    ]
    slats = []
    for n, z in enumerate((0.1315, 0.5315, 0.9315, 1.3315, 1.7315)):
        for k, y in enumerate(np.linspace(-0.135, 0.135, 6)):
            slats.append(board(0.888, 0.040, 0.018, 31 * n + k, 0.003).moved(0, y, z))
    return [join(metal).dressed(BLACK_METAL, part="frame"), join(slats).dressed(timber("oak", 8), part="slats")]


def wardrobe() -> list[Mesh]:
    """White lacquer: a framed carcass on a plinth, two panelled doors over two drawers; 100 x 58 x 198 cm."""
    white = paint("#f1f0ec", 0.38, 0.4)
    w, d, h = 1.0, 0.58, 1.98
    parts = [
        box(0.96, 0.53, 0.07, 0.002).moved(0, 0.01, 0.0),
        box(0.986, 0.545, h - 0.07 - 0.035, 0.002).moved(0, 0.0175 - 0.006, 0.07),
        box(w, d - 0.004, 0.035, 0.006, arc=5).moved(0, -0.0, h - 0.035),
        box(0.99, 0.56, 0.022, 0.004).moved(0, 0.006, 0.062),
    ]
    front = -0.2615
    low, split, high, gap = 0.088, 0.445, h - 0.041, 0.0035
    middle = (low + split) / 2
    for side in (-1, 1):
        width = 0.986 / 2 - gap * 1.5
        parts += [f.moved(side * (0.986 / 4 + 0.0), front, 0) for f in _panel(width, split + gap, high, 0.075)]
    for z0, z1 in ((low, middle - gap / 2), (middle + gap / 2, split)):
        parts += [f.moved(0, front, 0) for f in _panel(0.986 - 2 * gap, z0, z1, 0.0)]
    knob = lathe(
        curve([(0, 0), (0.007, 0), (0.006, 0.010), (0.0145, 0.016), (0.0155, 0.024), (0.009, 0.0285), (0, 0.029)], 3),
        40,
    ).turned("x", 90)
    at = [
        (-0.030, 1.05),
        (0.030, 1.05),
        *[(x, z) for z in ((low + middle) / 2, (middle + split) / 2) for x in (-0.25, 0.25)],
    ]
    shadow = box(0.975, 0.01, h - 0.14, 0.001).moved(0, front + 0.006, 0.08)
    return [
        join(parts).dressed(white, part="body"),
        join([knob.moved(x, front - 0.0215, z) for x, z in at]).dressed(BRASS, part="knobs"),
        shadow.dressed(paint("#8f8c86", 0.8), part="gaps"),
    ]


def _panel(w: float, low: float, high: float, rail: float) -> list[Form]:
    """A door front at y = 0, 22 mm thick: flat, or a frame of ``rail`` metres round a sunk field."""
    h = high - low
    if rail <= 0:
        return [box(w, 0.022, h, 0.0022).moved(0, -0.011, low)]
    stile = box(rail, 0.022, h, 0.0022)
    cross = box(w - 2 * rail + 0.001, 0.022, rail, 0.0022)
    field = box(w - 2 * rail + 0.01, 0.010, h - 2 * rail + 0.01, 0.001).moved(0, -0.006, low + rail - 0.005)
    bead = []
    a, b0, b1, y = w / 2 - rail - 0.002, low + rail + 0.002, high - rail - 0.002, -0.0115
    ring = np.array([[-a, y, b0], [a, y, b0], [a, y, b1], [-a, y, b1]])
    for p, q in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        bead.append(tube([p, (p + q) / 2, q], 0.0042, 10))
    lock = cross.moved(0, -0.011, low + h * 0.38)
    return [
        stile.moved(-w / 2 + rail / 2, -0.011, low),
        stile.moved(w / 2 - rail / 2, -0.011, low),
        cross.moved(0, -0.011, low),
        cross.moved(0, -0.011, high - rail),
        lock,
        field,
        *bead,
    ]


def sideboard() -> list[Mesh]:
    """Walnut, tambour doors of half-round slats, a thin steel base; 160 x 43 x 72 cm."""
    walnut = timber("walnut", 11)
    low, high, t = 0.17, 0.72, 0.022
    body = [
        board(1.60, 0.43, t, 1).moved(0, 0, high - t),
        board(1.60, 0.43, t, 2).moved(0, 0, low),
        *[
            box(high - low - 2 * t, 0.43, t, 0.0018)
            .shifted_uv(5 + s)
            .turned("y", 90)
            .moved(0.80 - t if s > 0 else -0.80, 0, (low + high) / 2)
            for s in (-1, 1)
        ],
        board(1.55, 0.010, high - low - 0.03, 7).moved(0, 0.20, low + 0.015),
    ]
    inner = high - low - 2 * t
    slats = []
    count = 72
    pitch = (1.60 - 2 * t - 0.004) / count
    for k in range(count):
        x = -0.80 + t + 0.002 + pitch * (k + 0.5)
        shape = box(inner - 0.006, pitch - 0.0022, 0.016, 0.0068, arc=5).shifted_uv(50 + k).turned("y", -90)
        slats.append(shape.moved(x + 0.008, -0.183 - (0.006 if k < count // 2 else 0.0), (low + high) / 2))
    legs = [
        tube([[sx * 0.66, sy * 0.165, 0.0], [sx * 0.65, sy * 0.155, 0.09], [sx * 0.64, sy * 0.145, low]], 0.0075, 20)
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    rails = [
        tube(
            [[sx * 0.643, -0.148, low - 0.012], [sx * 0.643, 0, low - 0.012], [sx * 0.643, 0.148, low - 0.012]],
            0.0075,
            16,
        )
        for sx in (-1, 1)
    ]
    pulls = [box(0.008, 0.012, 0.14, 0.003).moved(s * 0.022, -0.198 - (0.006 if s < 0 else 0), 0.42) for s in (-1, 1)]
    return [
        join([*body, *slats]).dressed(walnut, part="body"),
        join([*legs, *rails]).dressed(BLACK_METAL, part="base"),
        join(pulls).dressed(BRASS, part="pulls"),
    ]
