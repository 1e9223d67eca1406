"""Floors and walls of laid tiles: zellige, hexagons, two-tone checker, patterned cement, terracotta."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import (
    Field,
    Key,
    Order,
    Tile,
    count,
    finish,
    fraction,
    line,
    mix,
    pattern,
    per_unit,
    pick,
)


def _squares(order: Order, side: float, wobble: float, multiple: int = 1) -> tuple[Key, Field, Field, Field]:
    """(key, u, v, metres to the nearest edge) of square tiles; u and v run 0..1 within each."""
    x, y = order.grid()
    columns, rows = count(order.metres[0], side, multiple), count(order.metres[1], side, multiple)
    u = (x + wobble * order.noise(0.07, 0.07, 41)) / order.metres[0] * columns
    v = (y + wobble * order.noise(0.07, 0.07, 42)) / order.metres[1] * rows
    column, row = np.floor(u), np.floor(v)
    u, v = u - column, v - row
    wide, tall = order.metres[0] / columns, order.metres[1] / rows
    edge = np.minimum(np.minimum(u, 1 - u) * wide, np.minimum(v, 1 - v) * tall)
    key = (row.astype(np.int32) % rows) * columns + column.astype(np.int32) % columns
    return key, u, v, np.asarray(edge)


def _laid(order: Order, colour: Field, edge: Field, joint: float, soft: float = 0.0015) -> tuple[Field, Field]:
    """(colour, share of tile 0..1) with a sunken joint in the last of the order's colours."""
    inside = np.clip((edge - joint / 2) / max(soft, order.metres[0] / order.pixels[0]) + 0.5, 0, 1)
    grout = order.colour(len(order.colours) - 1) * (1 + 0.05 * order.noise(0.006, 0.006, 43))[..., None]
    return mix(grout, colour, inside), inside


def _tilt(order: Order, key: Key, u: Field, v: Field) -> Field:
    """Each tile lies a little askew: -1..1."""
    rng = np.random.default_rng(order.seed + 91)
    lean = rng.uniform(-1, 1, (int(key.max()) + 1, 2)).astype(np.float32).take(key, axis=0)
    return np.asarray(lean[..., 0] * (u - 0.5) + lean[..., 1] * (v - 0.5))


@pattern("zellige", metres=(0.9, 0.9), detail=704)
def zellige(order: Order) -> Tile:
    """Hand-cut glazed squares, each of another tone and tilt. Colours: glazes (several), joint.

    Settings: side (metres, 0.1), joint (0.0018), variety (1).
    """
    key, u, v, edge = _squares(order, order.number("side", 0.1), 0.0007)
    edge = edge + 0.0003 * order.noise(0.012, 0.012, 1)
    glazes = range(max(1, len(order.colours) - 1))
    variety = order.number("variety", 1.0)
    pool = 0.05 * order.noise(0.03, 0.03, 2) + 0.025 * order.noise(0.006, 0.006, 3)
    body: Field = pick(order, key, glazes) * (per_unit(order, key, 0.13 * variety, 5) * (1 + variety * pool))[..., None]
    chip = np.clip((order.noise(0.004, 0.004, 4) - 2.3 + 0.003 / (edge + 0.002)) * 2, 0, 1) * (edge < 0.004)
    body = mix(body, 0.5 * body + np.array([0.14, 0.10, 0.07], np.float32), 0.4 * chip)
    colour, inside = _laid(order, body, edge, order.number("joint", 0.0018))
    wave = 0.07 * order.noise(0.035, 0.035, 6) + 0.5 * _tilt(order, key, u, v)
    return finish(colour, inside * np.clip(0.62 + wave - 0.2 * chip, 0.2, 1), (1 - inside) * 0.5 + 0.05 * chip)


@pattern("terracotta", metres=(1.8, 1.8), detail=768)
def terracotta(order: Order) -> Tile:
    """Worn clay squares with soft edges, waxed where feet pass. Colours: clays (several), joint. Settings: side."""
    key, u, v, edge = _squares(order, order.number("side", 0.3), 0.0022)
    edge = edge + 0.0012 * order.noise(0.015, 0.015, 1)
    cloud = 0.07 * order.noise(0.09, 0.09, 2) + 0.045 * order.noise(0.02, 0.02, 3) + 0.03 * order.noise(0.4, 0.4, 4)
    body: Field = pick(order, key, range(max(1, len(order.colours) - 1)))
    body = body * (per_unit(order, key, 0.10, 5) * (1 + cloud))[..., None]
    bloom = np.clip(order.noise(0.11, 0.11, 7) - 0.7, 0, 1) * 0.30
    body = mix(body, 0.4 * body + 0.32, bloom)
    pits = np.clip(order.noise(0.007, 0.007, 8) - 1.9, 0, 1)
    body = body * (1 - 0.4 * pits - 0.18 * np.exp(-edge / 0.008))[..., None]
    colour, inside = _laid(order, body, edge, order.number("joint", 0.009), 0.004)
    worn = np.clip(edge / 0.02, 0, 1) ** 0.5
    height = inside * (
        0.35 + 0.4 * worn + 0.12 * _tilt(order, key, u, v) + 0.03 * order.noise(0.03, 0.03, 9) - 0.1 * pits
    )
    return finish(colour, height, 0.10 * bloom + 0.25 * (1 - inside) - 0.05 * order.noise(0.3, 0.3, 4) * inside)


@pattern("checker", metres=(1.6, 1.6), detail=640)
def checker(order: Order) -> Tile:
    """Two-tone squares of honed stone. Colours: light, dark, joint. Settings: side (0.4), veins (1)."""
    key, _, _, edge = _squares(order, order.number("side", 0.4), 0.0, 2)
    columns = count(order.metres[0], order.number("side", 0.4), 2)
    odd = (key // columns + key % columns) % 2
    shift = np.random.default_rng(order.seed).permutation(int(key.max()) + 1)[key] % 2
    cloud = np.where(shift == 1, order.noise(0.14, 0.09, 1), order.noise(0.09, 0.16, 2))
    vein = np.exp(-np.abs(np.where(shift == 1, order.noise(0.2, 0.12, 3), order.noise(0.12, 0.2, 4))) / 0.03)
    veins = order.number("veins", 1.0)
    body = np.where(odd[..., None] == 1, order.colour(1), order.colour(0)) * per_unit(order, key, 0.04, 5)[..., None]
    body = body * (1 + veins * (0.05 * cloud))[..., None]
    body = mix(body, np.where(odd[..., None] == 1, body * 2 + 0.03, body * 0.7), 0.5 * veins * vein)
    colour, inside = _laid(order, body, edge, order.number("joint", 0.002))
    return finish(colour, inside * 0.8, 0.3 * (1 - inside) + 0.03 * cloud * inside)


@pattern("hex", metres=(1.2, 1.0392), detail=704)
def hexagons(order: Order) -> Tile:
    """Hexagonal tiles. Colours: tiles (several), joint. Settings: width (metres flat to flat, 0.15), joint (0.003)."""
    width = order.number("width", 0.15)
    x, y = order.grid()
    columns = count(order.metres[0], width)
    rows = count(order.metres[1], width * 0.8660254, 2)
    wide, tall = order.metres[0] / columns, order.metres[1] / rows
    row = np.floor(y / tall).astype(np.int32)
    best = np.full(x.shape, 9.0, np.float32)
    key: Key = np.zeros(x.shape, np.int32)
    for step in (-1, 0, 1, 2):
        line_ = row + step
        offset = 0.5 * (line_ % 2)
        column = np.round(x / wide - offset).astype(np.int32)
        dx, dy = (x - (column + offset) * wide) / wide, (y - line_ * tall) / tall * 0.8660254
        # The hexagon's own distance: the largest of the three across its flats.
        reach = np.maximum(np.abs(dx), np.abs(dx) * 0.5 + np.abs(dy) * 0.8660254)
        nearer = reach < best
        key = np.where(nearer, (line_ % rows) * columns + column % columns, key)
        best = np.minimum(best, reach)
    edge = (0.5 - best) * wide
    body = pick(order, key, range(max(1, len(order.colours) - 1)))
    cloud = 0.04 * order.noise(0.05, 0.05, 1) + 0.02 * order.noise(0.01, 0.01, 2)
    body = body * (per_unit(order, key, 0.06, 5) * (1 + cloud))[..., None]
    colour, inside = _laid(order, body, edge, order.number("joint", 0.003))
    return finish(colour, inside * (0.75 + 0.03 * order.noise(0.04, 0.04, 3)), 0.3 * (1 - inside) + 0.04 * cloud)


@pattern("encaustic", metres=(1.6, 1.6), detail=768)
def encaustic(order: Order) -> Tile:
    """Patterned cement tiles: four make a star in a ring. Colours: ground, star, petal, joint. Settings: side (0.2)."""
    key, u, v, edge = _squares(order, order.number("side", 0.2), 0.0, 2)
    columns = count(order.metres[0], order.number("side", 0.2), 2)
    right, low = (key % columns) % 2, (key // columns) % 2
    a = np.where(right == 1, u, 1 - u)  # 0 in the middle of a group of four
    b = np.where(low == 1, v, 1 - v)
    a, b = a + 0.006 * order.noise(0.02, 0.02, 1), b + 0.006 * order.noise(0.02, 0.02, 2)
    radius, angle = np.hypot(a, b), np.arctan2(b, a)
    soft = 1.4 * columns / order.pixels[0]
    fold = np.abs(fraction(angle * 4 / np.pi + 0.5) - 0.5)  # eight rays
    star = np.clip((0.52 - 0.34 * fold * 2 - radius) / soft + 0.5, 0, 1)
    ring = line(radius - 0.72, 0.10, soft)
    corner = np.hypot(1 - a, 1 - b)
    petals = np.clip((0.30 + 0.09 * np.cos(8 * np.arctan2(1 - b, 1 - a)) - corner) / soft + 0.5, 0, 1)
    heart = np.clip((0.12 - corner) / soft + 0.5, 0, 1)
    eye = np.clip((0.13 - radius) / soft + 0.5, 0, 1)
    dot = np.clip((0.06 - np.hypot(a - 1.0, b)) / soft, 0, 1) + np.clip((0.06 - np.hypot(a, b - 1.0)) / soft, 0, 1)
    colour = mix(np.broadcast_to(order.colour(0), (*u.shape, 3)), order.colour(2), ring)
    colour = mix(colour, order.colour(1), np.clip(star + petals + dot, 0, 1))
    colour = mix(colour, order.colour(0), eye)
    colour = mix(colour, order.colour(2), heart)
    wear = np.clip(0.10 + 0.10 * order.noise(0.25, 0.25, 3) + 0.05 * order.noise(0.012, 0.012, 4), 0, 0.5)
    colour = mix(colour, order.colour(0), wear)
    colour = colour * (per_unit(order, key, 0.045, 5) * (1 + 0.025 * order.noise(0.05, 0.05, 6)))[..., None]
    colour, inside = _laid(order, colour, edge, order.number("joint", 0.002))
    return finish(colour, inside * (0.75 + 0.02 * order.noise(0.03, 0.03, 7)), 0.25 * (1 - inside) + 0.4 * wear)
