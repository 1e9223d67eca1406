"""What lies before the windows of a town house: a courtyard, a street."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.outside import columns, defocus, foliage, ground, over, place, ragged, sky
from imagegen.rooms.textures.tile import Field, Order, Tile, finish, fraction, mix, pattern


@pattern("outside-courtyard")
def courtyard(order: Order) -> Tile:
    """A sunlit wall with leaves before and behind it. Colours: sky, wall, leaves, shade, ground."""
    x, up = place(order)
    wall, leaf, shade = order.colour(1), order.colour(2), order.colour(3)
    colour = mix(order.colour(0), wall, 0.35 - 0.1 * up)
    top = 1.75
    behind = mix(foliage(order, leaf, shade, 10, 0.13), wall, np.full_like(x, 0.30))
    colour = mix(colour, behind, over(up - top - 0.7 - 1.3 * ragged(order, 20), 0.15))
    cloud = 0.030 * order.noise(0.9, 0.7, 5) + 0.015 * order.noise(0.2, 0.1, 6)
    dapple = np.clip(0.35 + 0.30 * order.noise(0.9, 0.7, 7) + 0.22 * order.noise(0.26, 0.2, 8), 0, 1)
    dapple = dapple * np.clip(0.55 + 0.4 * order.noise(2.4, 2.0, 9), 0, 1)
    colour = mix(colour, wall * (1 + cloud - 0.30 * dapple)[..., None], over(up - top, 0.03))
    colour = mix(colour, wall * 1.06, over(np.abs(up - top) - 0.04, 0.03))
    colour = mix(colour, wall * 0.74, over(np.abs(up - top + 0.07) - 0.03, 0.04))
    paving = ground(order, up, order.colour(4) * 0.95, order.colour(4) * 1.08, 50)
    row = np.log(np.clip(-up, 0.3, 9)) * 2.6
    joint = over(np.minimum(fraction(row), 1 - fraction(row)) - 0.03, 0.06)
    paving = paving * (1 - 0.22 * joint)[..., None]
    colour = mix(colour, paving * (1 - 0.35 * dapple)[..., None], over(up + 1.05, 0.04))
    bed = -0.75 + 0.8 * ragged(order, 24)
    low = foliage(order, leaf, shade, 28, 0.12)
    gaps = np.clip(1.2 * order.noise(2.2, 9.0, 31), -1, 0.6)
    colour = mix(colour, low, over(np.maximum(up - bed - gaps, -1.12 - up), 0.1))
    rng = np.random.default_rng(order.seed)
    for at in np.arange(rng.uniform(0.3, 1.6), order.metres[0], 2.7):
        _shrub(order, colour, (x, up), float(at) + float(rng.uniform(-0.7, 0.7)), float(rng.uniform(0.8, 1.35)), rng)
    return finish(defocus(order, colour, 0.08))


def _shrub(
    order: Order, colour: Field, place: tuple[Field, Field], at: float, size: float, rng: np.random.Generator
) -> None:
    """Paints a plant in a clay pot, of long arching leaves, before the wall."""
    foot = -1.25
    cols = columns(order, at, 2.6 * size)
    x, up, part = place[0][:, cols] - at, place[1][:, cols] - foot, colour[:, cols]
    pot = np.maximum(np.abs(x) - 0.26 - 0.12 * up, np.abs(up - 0.3) - 0.3)
    clay = order.colour(4) * np.array([0.86, 0.60, 0.46], np.float32)
    part = mix(part, mix(clay * 0.7, clay * 1.1, 0.5 - x), over(pot, 0.04))
    step = order.metres[1] / order.pixels[1]
    for _ in range(26):
        angle, length = rng.uniform(-1.2, 1.2), size * rng.uniform(1.0, 2.2)
        lean, rise = float(np.sin(angle)), float(np.cos(angle))
        tone = order.colour(2) * rng.uniform(0.65, 1.3) + order.colour(3) * rng.uniform(0, 0.3)
        wide, tall = abs(lean) * length + 0.2, rise * length + 0.8
        across = np.flatnonzero(np.abs(x[0] - lean * length / 2) < wide / 2 + 0.1)
        if len(across) == 0:
            continue
        top = max(0, int((up[0, 0] - tall) / step))
        bit = slice(top, max(top, int(up[0, 0] / step) + 1)), slice(across[0], across[-1] + 1)
        dx, dy = x[bit], up[bit] - 0.55
        u = np.clip((dx * lean + dy * rise) / length, 0, 1)
        fall = 0.38 * length * abs(lean) * u**2
        line = np.hypot(dx - lean * length * u, dy - rise * length * u + fall)
        blade = line - 0.085 * size * np.sqrt(u * (1 - u) * 4) - 0.006
        part[bit] = mix(part[bit], tone, over(blade, 0.03) * 0.95)
    colour[:, cols] = part


@pattern("outside-city")
def city(order: Order) -> Tile:
    """Facades across the street under the sky, far ones pale. Colours: sky, haze, facade, windows."""
    x, up = place(order)
    rng = np.random.default_rng(order.seed)
    colour = sky(order, up)
    for pale, low, high, step in ((0.62, 2.4, 4.4, 1.7), (0.20, 1.0, 3.6, 2.6)):
        at = -rng.uniform(0, step)
        while at < order.metres[0]:
            wide, top = step * rng.uniform(0.7, 1.3), rng.uniform(low, high)
            cols = columns(order, at + wide / 2, wide / 2 + 0.1)
            near, level = x[:, cols] - at, up[:, cols] - top
            face = _facade(order, near, level, order.colour(2) * rng.uniform(0.75, 1.2), rng, cols)
            body = over(np.maximum(np.abs(near - wide / 2) - wide / 2, level), 0.03)
            colour[:, cols] = mix(colour[:, cols], mix(face, order.colour(1), np.full_like(near, pale)), body)
            at += wide
    street = mix(order.colour(2) * 0.5, order.colour(1), np.full_like(x, 0.35))
    colour = mix(colour, street, over(up + 1.9, 0.1))
    return finish(defocus(order, colour, 0.08))


def _facade(order: Order, x: Field, down: Field, wall: Field, rng: np.random.Generator, cols: slice) -> Field:
    """Rows of windows under a cornice; some panes mirror the sky."""
    across, storey = rng.uniform(0.40, 0.56), rng.uniform(0.62, 0.8)
    u, v = fraction(x / across), fraction(-down / storey)
    pane = over(np.maximum(np.abs(u - 0.5) - 0.26, np.abs(v - 0.55) - 0.29) * across, 0.03)
    key = np.floor(x / across) * 7.0 + np.floor(-down / storey) * 13.0
    mirror = (np.sin(key * 12.9898 + rng.uniform(0, 6)) * 0.5 + 0.5) ** 3
    glass = mix(wall * 0.35, order.colour(3), mirror)
    face = wall * (1 + 0.05 * order.noise(0.5, 0.4, 7)[:, cols])[..., None]
    cornice = over(np.abs(down + 0.06) - 0.05, 0.03)
    return mix(mix(face, glass, 0.85 * pane), wall * 1.25, cornice)
