"""Chairs: thin wooden legs, and a chromed tube."""

from __future__ import annotations

import numpy as np

from demo.cloth import cushion
from demo.forms import Form, box, curve, fillet, join, patch, plank, sweep, tube
from demo.surfaces import CHROME, cloth, leather, paint, timber
from imagegen.geometry import Mesh
from imagegen.types import Doubles


def dining_chair() -> list[Mesh]:
    """Ash, four tapered round legs, a steam-bent back rail over two spindles, a woollen seat; 52 x 50 x 79 cm."""
    ash, wool = timber("ash", 6), cloth("#5d6b73", "woven", 4)
    wood: list[Form] = []
    for side in (-1, 1):
        front = np.array([[0.222, -0.215, 0.0], [0.212, -0.200, 0.20], [0.205, -0.190, 0.44]]) * [side, 1, 1]
        wood.append(tube(curve(front, 3), np.linspace(0.0105, 0.0165, len(curve(front, 3))), 24))
        back = curve(
            np.array(
                [
                    [0.215, 0.235, 0.0],
                    [0.195, 0.195, 0.22],
                    [0.190, 0.180, 0.43],
                    [0.205, 0.205, 0.60],
                    [0.218, 0.235, 0.745],
                ]
            )
            * [side, 1, 1],
            4,
        )
        z = back[:, 2]
        wood.append(tube(back, np.interp(z, [0, 0.42, 0.745], [0.0105, 0.0175, 0.0125]), 24))
        stretcher = np.array([[0.2135, -0.2035, 0.17], [0.207, 0.0, 0.19], [0.2, 0.203, 0.19]]) * [side, 1, 1]
        wood.append(tube(curve(stretcher, 3), 0.0085, 18))
        rail = np.array([[0.206, -0.19, 0.405], [0.2, 0.0, 0.405], [0.190, 0.18, 0.405]]) * [side, 1, 1]
        wood.append(sweep(curve(rail, 2), plank(0.020, 0.052, 0.006), up=(0, 0, 1)))
    wood.append(tube([[-0.2085, 0.0, 0.183], [0.2085, 0.0, 0.183]], 0.0085, 18))
    for y, x in ((-0.19, 0.205), (0.178, 0.190)):
        wood.append(sweep([[-x, y, 0.405], [0, y, 0.405], [x, y, 0.405]], plank(0.020, 0.052, 0.006), up=(0, 0, 1)))
    for x in (-0.072, 0.0, 0.072):
        line = curve([[x * 0.9, 0.183, 0.42], [x * 0.95, 0.203, 0.55], [x, 0.262 - 0.1 * abs(x), 0.715]], 3)
        wood.append(tube(line, np.interp(line[:, 2], [0.42, 0.55, 0.72], [0.0075, 0.009, 0.007]), 16))
    wood.append(_crest())
    seat, rim = cushion(0.445, 0.435, 0.058, seed=8, crown=0.022, r=0.018, piping=0.0028, wrinkle=0.0005)
    shape = lambda p: p * np.stack([1 - 0.09 * np.clip(p[:, 1] / 0.2, -1, 1), np.ones(len(p)), np.ones(len(p))], -1)  # noqa: E731  (a one-line taper)
    return [
        join([f.shifted_uv(k) for k, f in enumerate(wood)]).dressed(ash, part="frame"),
        join([f.bent(shape).moved(0, -0.012, 0.418) for f in (seat, rim)]).dressed(wool, part="seat"),
    ]


def _crest() -> Form:
    """The bent top rail: broad in the middle, drawn out to its ends, leaning with the back."""
    angle = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 81))
    x = 0.262 * np.sin(angle * 1.05) / np.sin(1.05)
    y = 0.268 - 0.115 * (1 - np.cos(angle * 1.15)) / (1 - np.cos(1.15))
    path = np.stack([x, y, 0.742 + 0.004 * np.cos(angle * np.pi)], -1)
    height = 0.034 * (1 - 0.42 * np.abs(angle) ** 2.4)
    rings = []
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    section = curve(
        np.array([[0.010, -1], [0.012, 0], [0.008, 1], [0, 1.08], [-0.008, 1], [-0.012, 0], [-0.010, -1], [0, -1.08]]),
        3,
        closed=True,
    )
    for p, t, h, a in zip(path, ahead, height, angle, strict=True):
        side = np.cross([0, 0, 1.0], t)
        up = np.array([0, 0, 1.0]) + 0.22 * side * -1
        thick = 1.0 if abs(a) < 0.9 else np.sqrt(max(1 - ((abs(a) - 0.9) / 0.1) ** 2, 0.02))
        rings.append(p - side * section[:, :1] * thick + up * section[:, 1:] * h * (0.4 + 0.6 * thick))
    grid = np.stack(rings)
    ends = [patch(np.stack([np.broadcast_to(r.mean(0), r.shape), r]), closed=True) for r in (grid[0], grid[-1][::-1])]
    return join([patch(grid, closed=True), *ends])


def cantilever_chair() -> list[Mesh]:
    """One chromed steel tube, bent, with a saddle-leather seat and back slung in it; 47 x 56 x 82 cm."""
    hide = leather("#2a2321", 3)
    y_back, y_front, floor = 0.265, -0.235, 0.0125
    run = [
        (0.218, 0.262, 0.815),
        (0.218, 0.165, 0.445),
        (0.218, y_front - 0.02, 0.452),
        (0.218, y_front - 0.005, floor),
        (0.218, y_back, floor),
        (-0.218, y_back, floor),
        (-0.218, y_front - 0.005, floor),
        (-0.218, y_front - 0.02, 0.452),
        (-0.218, 0.165, 0.445),
        (-0.218, 0.262, 0.815),
    ]
    line = _bent(run, {1: 0.07, 2: 0.09, 3: 0.10, 4: 0.09, 5: 0.09, 6: 0.10, 7: 0.09, 8: 0.07})
    caps = [tube([(s * 0.218, 0.2605, 0.809), (s * 0.218, 0.2635, 0.8205)], 0.0135, 24) for s in (-1, 1)]
    slings = [
        _sling(np.array([[0.115, 0.4470], [-0.02, 0.4485], [-0.215, 0.4515]]), (0, 1), 0.021),
        _sling(np.array([[0.1965, 0.565], [0.2265, 0.68], [0.255, 0.788]]), (-1, 0), 0.030),
    ]
    feet = [box(0.03, 0.05, 0.004, 0.0015).moved(s * 0.218, y, 0.0) for s in (-1, 1) for y in (-0.16, 0.18)]
    return [
        tube(line, 0.0125, 28).dressed(CHROME, part="frame"),
        join(slings).dressed(hide, part="slings"),
        join([*caps, *feet]).dressed(paint("#1c1c1c", 0.5), part="caps"),
    ]


def _bent(points: list[tuple[float, float, float]], radii: dict[int, float]) -> Doubles:
    """A polyline with its own bend at every corner."""
    p = np.asarray(points, float)
    out = [p[:1]]
    for k in range(1, len(p) - 1):
        before = out[-1][-1]
        piece = fillet(np.stack([before, p[k], p[k + 1]]), radii.get(k, 0.05), 14)
        out.append(piece[1:-1])
    out.append(p[-1:])
    return np.concatenate(out)


def _sling(line: Doubles, front: tuple[int, int], dip: float) -> Form:
    """Leather wrapped round both tubes and hanging a little between them; ``line`` (K, 2) of (y, z)."""
    y, z = curve(line, 4).T
    along = np.stack([np.gradient(y), np.gradient(z)], -1)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    normal = np.stack([along[:, 1], -along[:, 0]], -1)
    normal *= np.sign((normal @ np.array(front, float)).mean())
    wrap = [(0.218 + 0.0155 * np.cos(a), 0.0155 * np.sin(a)) for a in np.linspace(-1.2, 1.45, 14)]
    flat = [(x, 0.0155 - dip * (1 - (x / 0.21) ** 2)) for x in np.linspace(0.205, -0.205, 30)]
    section = np.array([(x, h) for x, h in wrap] + flat + [(-x, h) for x, h in reversed(wrap)])
    thick = 0.0045
    grids = []
    t = np.linspace(-1, 1, len(y))
    edge = np.sqrt(np.clip(1 - np.clip((np.abs(t) - 0.97) / 0.03, 0, 1) ** 2, 0.0, 1))
    for lift in (0.0, -thick):
        offset = section[None, :, 1] + lift * edge[:, None]
        points = np.empty((len(y), len(section), 3))
        points[..., 0] = section[:, 0] * (1 + (lift / 0.22 if lift else 0))
        points[..., 1] = y[:, None] + offset * normal[:, None, 0]
        points[..., 2] = z[:, None] + offset * normal[:, None, 1]
        grids.append(points)
    top, under = grids
    rim = [patch(np.stack([top[k], under[k]])) for k in (0, -1)] + [
        patch(np.stack([top[:, k], under[:, k]])) for k in (0, -1)
    ]
    stitch = [tube(top[3:-3:1, k] * 1.0, 0.0009, 5) for k in (15, -16)]
    return join([patch(top), patch(under[::-1]), *rim, *stitch])
