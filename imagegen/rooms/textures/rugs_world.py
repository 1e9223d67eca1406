"""More rugs: shag, jute, kilim, fine lattice, rope rings, shapes, border. The tile is the whole rug."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.patterns_cloth import kilim_bands, ribbed
from imagegen.rooms.textures.rugs import pile
from imagegen.rooms.textures.tile import Field, Order, Tile, count, finish, fraction, line, mix, pattern


def _ground(order: Order, index: int = 0) -> Field:
    return np.asarray(np.broadcast_to(order.colour(index), (order.pixels[1], order.pixels[0], 3)))


def _inset(order: Order) -> Field:
    """Metres from the rug's edge."""
    x, y = order.grid()
    return np.asarray(np.minimum(np.minimum(x, order.metres[0] - x), np.minimum(y, order.metres[1] - y)))


@pattern("rug-shag", detail=704)
def rug_shag(order: Order) -> Tile:
    """Long pile that falls in tufts. Colours: tip, root."""
    tuft = np.abs(order.noise(0.020, 0.026, 1))
    hair = order.noise(0.006, 0.012, 2)
    depth = np.clip(0.22 + 0.36 * tuft + 0.14 * hair, 0, 1)
    lean = 0.05 * order.noise(0.3, 0.2, 3)
    return finish(mix(order.colour(1), order.colour(0), depth + 0.25) * (1 + lean)[..., None], depth)


@pattern("rug-jute", detail=832)
def rug_jute(order: Order) -> Tile:
    """Chunky basket weave of jute rope. Colours: light, dark, edge. Settings: rope (metres, 0.022), border (0)."""
    x, y = order.grid()
    rope = order.number("rope", 0.022)
    u, v = x / rope, y / rope
    lying = (np.floor(u / 2) + np.floor(v / 2)).astype(np.int32) % 2 == 0
    across = np.where(lying, v, u)
    along = fraction(np.where(lying, u / 2, v / 2))
    height = np.sin(np.pi * (fraction(across))) ** 0.6 * (0.45 + 0.55 * np.sin(np.pi * along))
    twist = 0.5 + 0.5 * np.sin(2 * np.pi * (along * 4 + across * 1.5))
    fibre = np.where(lying, order.noise(0.02, 0.003, 1), order.noise(0.003, 0.02, 2))
    share = 1 - height * (0.82 + 0.18 * twist) + 0.10 * fibre
    colour = mix(order.colour(0), order.colour(1), share) * (1 + 0.05 * order.noise(0.05, 0.05, 3))[..., None]
    border = np.clip((order.number("border", 0.0) - _inset(order)) / 0.003, 0, 1)
    return finish(mix(colour, order.colour(2) * (0.7 + 0.3 * height)[..., None], border), height)


@pattern("rug-kilim", detail=896)
def rug_kilim(order: Order) -> Tile:
    """A kilim in bands of 0.22 m. Colours: ground, dyes (several). Settings: cell (metres, 0.26), bands, wear."""
    x, y = order.grid()
    y = np.clip(y + 0.004 * order.noise(0.12, 0.12, 1), 0, order.metres[1] - 1e-3)
    bands = int(order.number("bands", count(order.metres[1], 0.22)))
    colour = kilim_bands(order, x, y, order.number("cell", 0.26), bands)
    wear = 0.14 + 0.10 * order.noise(0.3, 0.3, 2)
    colour = mix(colour, colour.mean(axis=(0, 1)), wear * order.number("wear", 1.0))
    edge = np.clip((0.05 - _inset(order)) / 0.003, 0, 1)
    return ribbed(order, mix(colour, order.colour(1), edge), 0.006)


@pattern("rug-moroccan", detail=832)
def rug_moroccan(order: Order) -> Tile:
    """Thin wandering lozenges in thick undyed wool. Colours: wool, line. Settings: cell (metres, 0.34), width."""
    x, y = order.grid()
    cell, width = order.number("cell", 0.34), order.number("width", 0.014)
    x, y = x + 0.022 * order.noise(0.25, 0.25, 1), y + 0.022 * order.noise(0.25, 0.25, 2)
    a, b = fraction(x / cell + y / (1.7 * cell)), fraction(x / cell - y / (1.7 * cell))
    off = np.minimum(np.minimum(a, 1 - a), np.minimum(b, 1 - b)) * cell
    share = line(off + 0.002 * order.noise(0.012, 0.012, 3), 2 * width, 0.007) * 0.92
    wool = order.colour(0) * (1 + 0.04 * order.noise(0.1, 0.04, 4))[..., None]
    tuft = np.abs(order.noise(0.010, 0.014, 5))
    made = pile(order, mix(wool, order.colour(1), share), 0.014)
    return finish(made.colour * (0.90 + 0.14 * tuft)[..., None], np.clip(0.3 + 0.5 * tuft, 0, 1) - 0.15 * share)


@pattern("rug-braid", detail=832)
def rug_braid(order: Order) -> Tile:
    """Rope laid in rings (ovals on a long rug). Colours: rope, shade, rings (several). Settings: rope (0.02), ring."""
    x, y = order.grid()
    long = max(order.metres) - min(order.metres)
    dx, dy = x - order.metres[0] / 2, y - order.metres[1] / 2
    if order.metres[0] >= order.metres[1]:
        dx = np.sign(dx) * np.maximum(np.abs(dx) - long / 2, 0)
    else:
        dy = np.sign(dy) * np.maximum(np.abs(dy) - long / 2, 0)
    rope = order.number("rope", 0.02)
    radius, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
    ring = np.floor(radius / rope)
    across = radius / rope - ring
    run = angle * (ring + 0.5) * rope + np.where((dx == 0) | (dy == 0), x + y, 0)
    plait = 0.5 + 0.5 * np.sin(2 * np.pi * (run / (1.5 * rope) + np.abs(across - 0.5)))
    height = np.sin(np.pi * across) ** 0.7 * (0.65 + 0.35 * plait)
    body = order.colour(0) * (1 + 0.05 * order.noise(0.02, 0.02, 1))[..., None]
    if len(order.colours) > 2:
        every = max(3, int(order.number("ring", 7)))
        marked = (ring % every) < 2
        dye = np.stack([order.colour(i) for i in range(2, len(order.colours))])
        body = np.where(marked[..., None], dye[(ring // every).astype(np.int32) % len(dye)], body)
    return finish(mix(order.colour(1), 1.08 * body, 0.25 + 0.75 * height), height)


@pattern("rug-abstract", detail=704)
def rug_abstract(order: Order) -> Tile:
    """Large soft-edged shapes, overlapping, with a thin line. Colours: ground, shapes (several), the last draws."""
    x, y = order.grid()
    rng = np.random.default_rng(order.seed + 3)
    width, height = order.metres
    colour = _ground(order)
    shapes = max(1, len(order.colours) - 2)
    unit = min(width, height)
    for index in range(2 * shapes + 1):
        cx, cy = rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height
        turn, stretch, size = rng.uniform(0, np.pi), rng.uniform(0.55, 1.0), rng.uniform(0.16, 0.34) * unit
        c, s = float(np.cos(turn)), float(np.sin(turn))
        a, b = (x - cx) * c + (y - cy) * s, ((y - cy) * c - (x - cx) * s) / stretch
        far = np.sqrt(a * a + b * b) + 1e-6
        a, b = a / far, b / far  # cosine and sine of the way to the middle: its double and triple turn bend the rim
        bend = 1 + 0.16 * (np.cos(1.0) * (2 * a * a - 1) - np.sin(1.0) * 2 * a * b) + 0.10 * a * (4 * a * a - 3)
        off = far - size * bend
        colour = mix(colour, order.colour(1 + index % shapes), -off / 0.006 + 0.5)
        if index % 2 == 0:
            colour = mix(colour, order.colour(len(order.colours) - 1), line(off - 0.06 * unit, 0.014, 0.006))
    return pile(order, colour, 0.007)


@pattern("rug-border", detail=640)
def rug_border(order: Order) -> Tile:
    """A plain field in one or two bands. Colours: field, band, hairline. Settings: width (0.09), inset (0.06)."""
    inset = _inset(order)
    width, start = order.number("width", 0.09), order.number("inset", 0.06)
    fleck = order.colour(0) * (1 + 0.035 * order.noise(0.012, 0.006, 1))[..., None]
    colour = mix(fleck, order.colour(1), line(inset - start - width / 2, width, 0.004))
    return pile(order, mix(colour, order.colour(2), line(inset - start - 1.45 * width, 0.012, 0.004)), 0.006)
