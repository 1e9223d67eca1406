"""Upholstery: stuffed cushions, from a small cloth simulation, and firm ones, from a deformed box."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from demo.forms import Form, box, fillet, join, patch, ripple, tube
from imagegen.types import Doubles

_THREADS = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 0), (0, 2))


@lru_cache
def _inflated(w: float, h: float, fullness: float, seed: int, cells: int) -> Doubles:
    """Two sheets (2, N, M, 3) sewn at their rim and blown up, in the xz plane; position based (Mueller et al. 2007)."""
    n, m = cells, max(8, round(cells * w / h))
    x, z = np.meshgrid(np.linspace(-w / 2, w / 2, m), np.linspace(-h / 2, h / 2, n))
    round_off = 1 - 0.05 * (np.abs(2 * x / w) ** 6) * (np.abs(2 * z / h) ** 6)
    flat = np.stack([x * round_off, np.zeros_like(x), z * round_off], -1)
    belly = (1 - (2 * x / w) ** 2) * (1 - (2 * z / h) ** 2)
    sheets = np.stack([flat, flat])
    noise = 0.004 * ripple(sheets.reshape(-1, 3), 0.09, seed).reshape(2, n, m)
    sheets[0, ..., 1] = -0.03 * belly + noise[0] * belly
    sheets[1, ..., 1] = 0.03 * belly + noise[1] * belly
    rest = {d: np.linalg.norm(_apart(flat[None], d), axis=-1) for d in _THREADS}
    speed = np.zeros_like(sheets)
    for _ in range(110):
        along, across = np.gradient(sheets, axis=1), np.gradient(sheets, axis=2)
        push = np.cross(along, across)
        push[0] *= -1
        push /= np.linalg.norm(push, axis=-1, keepdims=True) + 1e-9
        push *= np.sign((push[..., 1:2] * np.array([-1.0, 1.0])[:, None, None, None]).mean())
        speed = 0.86 * speed + fullness * 0.0022 * push
        before = sheets.copy()
        sheets = sheets + speed
        for _ in range(10):
            _hold(sheets, rest)
            rim = sheets.mean(axis=0)
            for edge in (np.s_[0, :], np.s_[-1, :], np.s_[:, 0], np.s_[:, -1]):
                sheets[0][edge] = sheets[1][edge] = rim[edge]
        speed = sheets - before
    return sheets


def _apart(sheets: Doubles, direction: tuple[int, int]) -> Doubles:
    i, j = direction
    if j < 0:
        return sheets[:, i:, :j] - sheets[:, :-i, -j:]
    height, width = sheets.shape[1:3]
    return sheets[:, i:, j:] - sheets[:, : height - i, : width - j]


def _hold(sheets: Doubles, rest: dict[tuple[int, int], Doubles]) -> None:
    """Cloth resists being stretched much more than being pushed together."""
    height, width = sheets.shape[1:3]
    for (i, j), length in rest.items():
        gap = _apart(sheets, (i, j))
        now = np.linalg.norm(gap, axis=-1)
        stretch = (now - length) / np.maximum(now, 1e-9)
        pull = gap * (np.where(stretch > 0, 0.22, 0.05) * stretch)[..., None]
        if j < 0:
            sheets[:, i:, :j] -= pull
            sheets[:, :-i, -j:] += pull
        else:
            sheets[:, i:, j:] -= pull
            sheets[:, : height - i, : width - j] += pull


def pillow(
    w: float, t: float, h: float, *, seed: int, fullness: float = 1.0, cells: int = 56, piping: float = 0.0035
) -> tuple[Form, Form]:
    """A knife-edged pillow (body, piping) centred on x and y, standing on z = 0, facing -Y."""
    sheets = _inflated(w, h, fullness, seed, cells)
    whole = sheets.reshape(-1, 3)
    low, high = whole.min(0), whole.max(0)
    size = np.array([w, t, h]) / (high - low)
    sheets = (sheets - (low + high) / 2) * size + np.array([0, 0, h / 2])
    front, back = patch(sheets[0][::-1]), patch(sheets[1])
    middle = sheets.mean(axis=0)
    rim = np.concatenate([middle[0, :-1], middle[:-1, -1], middle[-1, :0:-1], middle[:0:-1, 0]])
    return join([front, back]), tube(rim, piping, 8, closed=True)


def cushion(
    w: float,
    d: float,
    h: float,
    *,
    seed: int,
    crown: float = 0.035,
    sag: float = 0.0,
    r: float = 0.03,
    piping: float = 0.004,
    wrinkle: float = 0.0012,
) -> tuple[Form, Form]:
    """A boxed seat cushion (body, piping) centred on x and y, standing on z = 0; ``crown``: how far its top swells."""
    edge = h - crown

    def soft(p: Doubles) -> Doubles:
        u, v = np.clip(2 * p[:, 0] / w, -1, 1), np.clip(2 * p[:, 1] / d, -1, 1)
        swell = (1 - np.abs(u) ** 3.2) * (1 - np.abs(v) ** 3.2)
        top = np.clip(p[:, 2] / edge, 0, 1)
        out = p.copy()
        out[:, 2] += top * (crown * swell - sag * np.exp(-3.5 * (u**2 + v**2)))
        side = np.sin(np.pi * top)
        out[:, 0] += 0.010 * side * np.sign(p[:, 0]) * np.abs(u) ** 8
        out[:, 1] += 0.014 * side * np.sign(p[:, 1]) * np.abs(v) ** 8
        near = (np.abs(u) ** 6 + np.abs(v) ** 6) * 0.8 + 0.3
        out[:, 2] += wrinkle * near * ripple(p, 0.10, seed) * top
        out[:, 1] += 1.3 * wrinkle * near * ripple(p, 0.13, seed + 1)
        return out

    body = box(w - 0.02, d - 0.028, edge, r, step=0.012, arc=5).bent(soft)
    rims = []
    lift = r * (1 - np.sqrt(0.5))
    for z in (lift, edge - lift):
        a, b = (w - 0.02) / 2 - lift, (d - 0.028) / 2 - lift
        corners = np.array([[a, -b, z], [a, b, z], [-a, b, z], [-a, -b, z]])
        rims.append(tube(soft(_even(corners, r)), piping, 8, closed=True))
    return body, join(rims)


def _even(corners: Doubles, radius: float, step: float = 0.012) -> Doubles:
    """A closed rounded polygon in even steps."""
    line = fillet(corners, radius, 7, closed=True)
    closed = np.concatenate([line, line[:1]])
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0, way[-1], int(way[-1] / step), endpoint=False)
    return np.stack([np.interp(at, way, closed[:, k]) for k in range(3)], -1)
