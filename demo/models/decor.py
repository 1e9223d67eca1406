"""Small goods and soft goods: a vase, a plant in a wicker basket, a rug."""

from __future__ import annotations

import numpy as np

from demo import textures
from demo.forms import Form, circle, curve, join, lathe, patch, ripple, sweep, tube
from demo.surfaces import cloth, timber
from imagegen.geometry import Material, Mesh
from imagegen.types import Doubles


def vase() -> list[Mesh]:
    """A bottle vase in deep blue high gloss, thrown with a slight turn; 21 x 21 x 33 cm."""
    outside = curve(
        [
            (0, 0),
            (0.05, 0),
            (0.056, 0.0),
            (0.060, 0.008),
            (0.088, 0.045),
            (0.106, 0.10),
            (0.100, 0.165),
            (0.058, 0.205),
            (0.033, 0.235),
            (0.029, 0.275),
            (0.034, 0.312),
            (0.041, 0.3275),
            (0.0415, 0.3300),
            (0.0385, 0.3305),
            (0.033, 0.322),
            (0.0255, 0.28),
            (0.027, 0.24),
            (0.04, 0.215),
            (0.06, 0.19),
        ],
        5,
    )
    form = lathe(outside, 200)
    turned = form.bent(
        lambda p: (
            p
            + np.stack([p[:, 0], p[:, 1], 0 * p[:, 2]], -1)
            * (0.004 * np.cos(3 * np.arctan2(p[:, 1], p[:, 0]) + 14 * p[:, 2]) + 0.002 * ripple(p, 0.05, 3))[:, None]
        )
    )
    return [turned.dressed(Material((0.012, 0.035, 0.11), roughness=0.05, specular=0.75), part="body")]


def tumbler_vase() -> list[Mesh]:
    """A flared vase of clear, faintly green glass with a heavy foot; 18 x 18 x 26 cm."""
    wall = curve(
        [
            (0, 0),
            (0.05, 0),
            (0.054, 0),
            (0.0565, 0.004),
            (0.057, 0.03),
            (0.060, 0.12),
            (0.074, 0.21),
            (0.0885, 0.258),
            (0.0895, 0.2600),
            (0.0880, 0.2605),
            (0.0865, 0.258),
            (0.0705, 0.21),
            (0.0565, 0.12),
            (0.0535, 0.045),
            (0.05, 0.032),
            (0.035, 0.029),
            (0, 0.028),
        ],
        5,
    )
    glass = Material((0.93, 0.985, 0.955), roughness=0.0, transmission=1.0, thin=False)
    return [lathe(wall, 180).dressed(glass, part="glass")]


def planter() -> list[Mesh]:
    """A bird of paradise in an open-woven rattan basket with two handles; 84 x 91 x 121 cm."""
    rattan = timber("oak", 31)
    soil = lathe([(0, 0.262), (0.08, 0.266), (0.13, 0.262), (0.165, 0.258)], 60)
    soil = Form(soil.vertices, soil.faces[:, ::-1], soil.uv).crumpled(0.004, 0.02, 4)
    inner = lathe([(0.128, 0.02), (0.168, 0.27)], 60)
    leaf_mesh, stalk_mesh = _plant()
    return [
        join(_basket()).dressed(rattan, part="basket"),
        inner.dressed(Material((0.055, 0.045, 0.035), roughness=0.9), part="pot"),
        soil.dressed(Material((0.03, 0.022, 0.016), roughness=1.0, specular=0.1), part="soil"),
        leaf_mesh,
        stalk_mesh,
    ]


def _belly(z: Doubles | float) -> Doubles:
    """Radius of the basket at a height."""
    out: Doubles = 0.150 + 0.055 * np.sin(np.clip(np.asarray(z) / 0.34, 0, 1) * np.pi * 0.78)
    return out


def _basket() -> list[Form]:
    """Weavers run over and under the stakes, row by row; a braided rim; handles."""
    stakes, out = 30, []
    for k in range(stakes):
        way = 2 * np.pi * k / stakes
        rise = np.linspace(0.004, 0.335, 22)
        r = _belly(rise)
        out.append(tube(np.stack([r * np.cos(way), r * np.sin(way), rise], -1), 0.0033, 8).shifted_uv(k))
    angle = np.linspace(0, 2 * np.pi, stakes * 8, endpoint=False)
    for row, z in enumerate(np.arange(0.010, 0.325, 0.0118)):
        r = _belly(z) + 0.0052 * np.cos(stakes / 2 * angle + np.pi * row)
        lift = 0.0012 * ripple(np.stack([np.cos(angle), np.sin(angle), 0 * angle + z], -1), 0.7, row)
        line = np.stack([r * np.cos(angle), r * np.sin(angle), z + lift], -1)
        out.append(sweep(line, circle(0.0047, 8, flat=1.05), closed=True).shifted_uv(100 + row))
    for strand in range(3):
        phase = 2 * np.pi * strand / 3
        t = np.linspace(0, 2 * np.pi, 400, endpoint=False)
        r = _belly(0.335) + 0.006 * np.cos(26 * t + phase)
        out.append(
            tube(
                np.stack([r * np.cos(t), r * np.sin(t), 0.333 + 0.006 * np.sin(26 * t + phase)], -1),
                0.0052,
                8,
                closed=True,
            ).shifted_uv(200 + strand)
        )
    for side in (0.0, np.pi):
        for twist in (0.0, np.pi):
            t = np.linspace(0, np.pi, 60)
            wide = 0.075 * np.cos(t)
            a = side + wide / 0.19
            r = _belly(0.33) + 0.006 + 0.012 * np.sin(t) + 0.0042 * np.cos(16 * t + twist)
            out.append(
                tube(
                    np.stack(
                        [
                            r * np.cos(a),
                            r * np.sin(a),
                            0.325 + 0.085 * np.sin(t) ** 0.8 + 0.0042 * np.sin(16 * t + twist),
                        ],
                        -1,
                    ),
                    0.0045,
                    8,
                ).shifted_uv(300)
            )
    return out


def _plant() -> tuple[Mesh, Mesh]:
    """Paddle leaves on long stalks, the young ones upright in the middle, the old ones leaning out."""
    rng = np.random.default_rng(12)
    leaves, stalks = [], []
    for k in range(13):
        age = k / 12
        a = k * 2.39996 + rng.uniform(-0.25, 0.25)
        out = 0.03 + 0.20 * age**1.1 + rng.uniform(-0.02, 0.02)
        top = 0.93 - 0.40 * age + rng.uniform(-0.03, 0.03)
        way = np.array([np.cos(a), np.sin(a), 0])
        foot = way * 0.03 + [0, 0, 0.25]
        tip = way * out + [0, 0, top]
        line = curve(
            [
                foot,
                way * (0.03 + out * 0.15) + [0, 0, 0.25 + 0.45 * (top - 0.25)],
                way * (0.02 + out * 0.65) + [0, 0, 0.25 + 0.82 * (top - 0.25)],
                tip,
            ],
            4,
        )
        stalks.append(tube(line, np.linspace(0.0085, 0.0042, len(line)), 10))
        leaves.append(
            _leaf(
                tip,
                line[-1] - line[-4],
                way,
                0.36 - 0.06 * abs(age - 0.6) + rng.uniform(-0.03, 0.02),
                0.155 + rng.uniform(-0.015, 0.015),
                age,
                k,
            )
        )
    green = Material(textures.leaf("#3f6b35", "#2a4d27"), roughness=0.36, specular=0.45)
    return join(leaves).dressed(green, part="leaves"), join(stalks).dressed(
        Material(textures.linear("#5d7f45"), roughness=0.5), part="stalks"
    )


def _leaf(at: Doubles, ahead: Doubles, outward: Doubles, long: float, wide: float, age: float, seed: int) -> Form:
    """A paddle: folded a little along its rib, arching outwards, with a waved edge."""
    heading = ahead / np.linalg.norm(ahead)
    t = np.linspace(0, 1, 34)
    droop = (0.5 + 1.1 * age) * t**1.6
    rib, spot = [], at.copy()
    face = outward - (outward @ heading) * heading
    face = face / max(float(np.linalg.norm(face)), 1e-6)
    side = np.cross(heading, face)
    ways, ups = [], []
    for k in range(len(t)):
        way = np.cos(droop[k]) * heading + np.sin(droop[k]) * face
        rib.append(spot.copy())
        ways.append(way)
        ups.append(np.cross(side, way))
        spot = spot + way * long / (len(t) - 1)
    half = wide / 2 * np.sin(np.pi * np.clip(t, 0, 1) ** 0.82) ** 0.72 * (1 - 0.12 * t)
    s = np.linspace(-1, 1, 19)
    rib_a, up_a = np.array(rib), np.array(ups)
    wave = (
        0.006
        * ripple(
            np.stack(np.broadcast_arrays(t[:, None] * long, s[None] * 0.3 + seed, 0 * t[:, None]), -1).reshape(-1, 3),
            0.09,
            seed,
        ).reshape(len(t), len(s))
        * np.abs(s) ** 2
    )
    fold = 0.38 * np.abs(s) * half[:, None] * (1 - 0.55 * np.abs(s)) + wave
    grid = rib_a[:, None] + side * (s[None, :, None] * half[:, None, None] * 0.94) + up_a[:, None] * fold[..., None]
    form = patch(grid)
    uv = np.stack(np.broadcast_arrays(t[:, None], (s[None] + 1) / 2), -1).reshape(-1, 2)
    return Form(form.vertices, form.faces, uv)


def rug() -> list[Mesh]:
    """Hand-knotted wool, a charcoal lattice on ivory, fringed at both ends; 240 x 165 x 1.5 cm."""
    w, d, h = 2.28, 1.65, 0.013
    n, m = 230, 166
    x, y = np.meshgrid(np.linspace(-w / 2, w / 2, n), np.linspace(-d / 2, d / 2, m), indexing="ij")
    rim = np.minimum.reduce([x + w / 2, w / 2 - x, y + d / 2, d / 2 - y])
    points = np.stack([x, y, 0 * x], -1)
    flat = points.reshape(-1, 3)
    edge = 0.004 * ripple(flat, 0.5, 2).reshape(n, m)
    points[..., 1] += edge * (np.abs(y) / (d / 2)) ** 6
    points[..., 0] += 0.003 * ripple(flat, 0.4, 3).reshape(n, m) * (np.abs(x) / (w / 2)) ** 6
    points[..., 2] = h * np.clip(rim / 0.012, 0, 1) ** 0.5 + 0.0008 * ripple(flat, 0.12, 4).reshape(n, m) * (rim > 0.02)
    top = patch(points)
    top = Form(top.vertices, top.faces, flat[:, :2] + [w / 2, d / 2])
    tint, height = textures.lattice_rug(w, d, seed=5)
    wool = Material(tint, roughness=1.0, specular=0.05, sheen=0.3, bump=height)
    under = patch(points[::-1] * [1, 1, 0])
    return [
        join([top]).dressed(wool, part="pile"),
        under.dressed(cloth("#cfc5b2", "woven", 2), part="back"),
        join(_fringe(w, d)).dressed(cloth("#e4dccb", "woven", 3), part="fringe"),
    ]


def _fringe(w: float, d: float) -> list[Form]:
    """Knotted tassels of a few threads each."""
    rng, out = np.random.default_rng(8), []
    for side in (-1, 1):
        for y in np.arange(-d / 2 + 0.012, d / 2 - 0.008, 0.0165):
            lean = rng.normal(0, 0.004)
            out.append(
                tube(
                    [
                        [side * (w / 2 - 0.006), y, 0.006],
                        [side * (w / 2 + 0.004), y, 0.006],
                        [side * (w / 2 + 0.010), y, 0.005],
                    ],
                    0.0034,
                    8,
                )
            )
            for _ in range(4):
                spread = lean + rng.normal(0, 0.0032)
                reach = 0.056 + rng.normal(0, 0.002)
                middle = y + 0.4 * spread + rng.normal(0, 0.0016)
                line = curve(
                    [
                        [side * (w / 2 + 0.008), y, 0.005],
                        [side * (w / 2 + 0.5 * reach), middle, 0.004],
                        [side * (w / 2 + reach), y + spread, 0.0016],
                    ],
                    2,
                )
                out.append(tube(line, 0.00135, 6))
    return out
