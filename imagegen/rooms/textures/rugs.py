"""Rugs: pile, and patterns that are woven into it. The tile is the whole rug: it does not repeat."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Field, Order, Tile, finish, fraction, mix, pattern


def pile(order: Order, colour: Field, rows: float = 0.008) -> Tile:
    """Knots in rows: shading between the tufts, and the pile's broad lean."""
    x, y = order.grid()
    tuft = 0.5 + 0.25 * np.sin(2 * np.pi * y / rows) + 0.20 * order.noise(0.004, 0.004, 90)
    lean = 0.035 * order.noise(0.45, 0.3, 91) + 0.02 * order.noise(0.06, 0.06, 92)
    tone = 0.90 + 0.18 * tuft + lean + 0.02 * np.sin(2 * np.pi * x / 0.006)
    return finish(colour * tone[..., None], tuft)


@pattern("rug-plain", detail=640)
def rug_plain(order: Order) -> Tile:
    """Undyed wool, flecked. Colours: ground, fleck."""
    share = np.clip(0.25 + 0.25 * order.noise(0.012, 0.006, 1), 0, 1)[..., None]
    return pile(order, order.colour(0) * (1 - share) + order.colour(1) * share)


@pattern("rug-diamond", detail=640)
def rug_diamond(order: Order) -> Tile:
    """A Berber lattice drawn by hand. Colours: ground, line. Settings: cell (metres)."""
    x, y = order.grid()
    cell = order.number("cell", 0.48)
    x = x + 0.012 * order.noise(0.2, 0.2, 1)
    y = y + 0.012 * order.noise(0.2, 0.2, 2)
    a, b = fraction(x / cell + y / (1.35 * cell)), fraction(x / cell - y / (1.35 * cell))
    line = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b)) * cell
    share = np.clip((0.017 - line) / 0.006 + 0.15 * order.noise(0.01, 0.01, 3), 0, 1)[..., None] * 0.92
    return pile(order, order.colour(0) * (1 - share) + order.colour(1) * share, 0.011)


@pattern("rug-stripes", detail=640)
def rug_stripes(order: Order) -> Tile:
    """A flat weave of uneven stripes across the short side. Colours: ground, stripes (several)."""
    x, _ = order.grid()
    rng = np.random.default_rng(order.seed)
    colour = np.broadcast_to(order.colour(0), (*x.shape, 3)).copy()
    at = 0.05
    while at < order.metres[0]:
        wide = float(rng.choice([0.012, 0.02, 0.05, 0.09]))
        band = np.clip((wide / 2 - np.abs(x - at)) / 0.003 + 0.5, 0, 1)
        colour = mix(colour, order.colour(int(rng.integers(1, len(order.colours)))), band)
        at += wide + float(rng.uniform(0.06, 0.3))
    return pile(order, colour, 0.005)


@pattern("rug-faded", detail=640)
def rug_faded(order: Order) -> Tile:
    """An old knotted carpet: border, field and medallion, worn by feet. Colours: field, border, ornament, wear."""
    x, y = order.grid()
    width, height = order.metres
    x = x + 0.004 * order.noise(0.1, 0.1, 1)
    y = y + 0.004 * order.noise(0.1, 0.1, 2)
    inset = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y))
    u, v = np.abs(x - width / 2), np.abs(y - height / 2)
    colour = np.broadcast_to(order.colour(0), (*x.shape, 3)).copy()
    ornament = _ornament(u, v, 0.21) + 0.0
    medal = np.abs(u / (0.36 * width) + v / (0.36 * height) - 1.0)
    core = (u / (0.30 * width) + v / (0.30 * height)) < 1.0
    colour = mix(colour, order.colour(2), 0.75 * ornament)
    colour = mix(colour, order.colour(1), core * 0.85)
    colour = mix(colour, order.colour(2), core * _ornament(u, v, 0.13) * 0.8)
    colour = mix(colour, order.colour(2), np.clip(1.4 - medal / 0.03, 0, 1))
    border = inset < 0.26
    colour = np.where(border[..., None], order.colour(1), colour)
    colour = mix(colour, order.colour(2), border * _ornament(x % 0.26, np.abs(inset - 0.13), 0.13) * 0.85)
    for line in (0.04, 0.055, 0.25, 0.27):
        colour = mix(colour, order.colour(3), np.clip(1.5 - np.abs(inset - line) / 0.004, 0, 1) * 0.9)
    wear = np.clip(0.34 + 0.22 * order.noise(0.35, 0.35, 3) + 0.20 * order.noise(0.05, 0.012, 4), 0, 0.9)
    colour = mix(colour, order.colour(3), wear * order.number("wear", 1.0))
    return pile(order, colour, 0.004)


def _ornament(u: Field, v: Field, cell: float) -> Field:
    """A lattice of eight-petalled flowers with stems, 0..1."""
    a, b = (u % cell) / cell - 0.5, (v % cell) / cell - 0.5
    radius, angle = np.hypot(a, b), np.arctan2(b, a)
    petals = 0.27 + 0.10 * np.cos(8 * angle)
    ring = np.clip((petals - radius) / 0.03, 0, 1) * np.clip((radius - 0.11) / 0.03, 0, 1)
    dot = np.clip((0.06 - radius) / 0.02, 0, 1)
    stem = np.clip((0.02 - np.minimum(np.abs(np.abs(a) - 0.5), np.abs(np.abs(b) - 0.5))) / 0.01, 0, 1)
    return np.asarray(np.clip(ring + dot + 0.7 * stem, 0, 1))
