"""Wood: grain with cathedrals and knots, planks with bevelled joints, herringbone."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Field, Order, Tile, finish, fraction, mix, pattern


def grain(order: Order, x: Field, y: Field) -> tuple[Field, Field]:
    """(tone, pores), about 0 +- 1 each, at metres (x along the grain, y across); periodic with the tile."""
    width, height = order.pixels
    column = (x * (width / order.metres[0])).astype(np.int32) % width
    row = (y * (height / order.metres[1])).astype(np.int32) % height
    place = (row * width + column).astype(np.intp)

    def at(size_x: float, size_y: float, salt: int) -> Field:
        return np.asarray(order.noise(size_x, size_y, salt).take(place))

    figure = order.number("figure", 1.0)
    warp, fine = at(0.55, 0.05, 1), at(0.30, 0.012, 2)
    lines, share = y / 0.022, 0.0
    if figure > 1:
        # A flat-sawn board cuts the year rings' cylinders near the pith: cathedrals, one in each strip of 0.23 m.
        share, strips = min(1.0, figure - 1), max(1, round(order.metres[1] / 0.23))
        strip = order.metres[1] / strips
        off = (fraction(y / strip + 0.15 * at(0.7, 0.5, 7)) - 0.5) * strip
        deep = 0.026 * (1.4 + at(0.9, 0.6, 6))
        lines = (1 - share) * lines + share * np.hypot(off, deep) / 0.014
        figure = 1.0 + max(0.0, figure - 2.0)
        warp, fine = warp * (1 - 0.8 * share), fine * (1 - 0.5 * share)
    rings = np.sin(np.float32(2 * np.pi) * (lines + figure * (1.3 * warp + 0.35 * fine)))
    streak, pores, broad = at(0.22, 0.0035, 3), at(0.035, 0.0013, 4), at(0.6, 0.09, 5)
    rings = (0.42 + 0.30 * share) * rings * np.clip(0.75 + 0.5 * (1 - 0.6 * share) * broad, 0.1, 1.4)
    tone = rings + (0.40 - 0.16 * share) * streak + (0.35 - 0.15 * share) * broad
    return tone, np.clip(pores - 0.9, 0.0, 1.6)


def shade(order: Order, tone: Field, pores: Field) -> Field:
    """Linear colour (H, W, 3) of a tone: colours are light wood, dark wood."""
    light, dark = order.colour(0), order.colour(1)
    contrast = order.number("contrast", 1.0)
    return mix(light, dark, 0.38 + 0.22 * contrast * tone + 0.20 * contrast * pores)


def knots(order: Order, x: Field, count: int) -> tuple[Field, Field]:
    """(darkness, push across the grain) of some knots, periodic; each of ``x``'s shape, which is the whole tile's."""
    rng = np.random.default_rng(order.seed + 7)
    dark, push = np.zeros_like(x), np.zeros_like(x)
    width, height = order.metres
    step_x, step_y = width / x.shape[1], height / x.shape[0]
    for _ in range(count):
        cx, cy, size = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.006, 0.015)
        # Nothing of a knot is left three of its widths away: only that window is worth its exponentials.
        column = np.arange(int((cx - 21 * size) / step_x), int((cx + 21 * size) / step_x) + 1)[: x.shape[1]]
        row = np.arange(int((cy - 9 * size) / step_y), int((cy + 9 * size) / step_y) + 1)[: x.shape[0]]
        dx = ((column + 0.5) * step_x - cx).astype(np.float32)
        dy = ((row + 0.5) * step_y - cy).astype(np.float32)[:, None]
        place = np.ix_(row % x.shape[0], column % x.shape[1])
        dark[place] += np.exp(-((dx / (2.4 * size)) ** 2)) * np.exp(-((dy / size) ** 2))
        around = np.exp(-((dx / (7.0 * size)) ** 2)) * np.exp(-((dy / (3.0 * size)) ** 2))
        push[place] += around * np.sign(dy) * size * 0.9
    return np.clip(dark, 0, 1), push


@pattern("wood", metres=(1.4, 0.7), detail=640)
def wood(order: Order) -> Tile:
    """Furniture wood, grain along x. Colours: light, dark. Settings: contrast, knots (count in a tile), figure.

    ``figure``: how the tree was cut: 0 straight quarter-sawn lines, 1 usual, 2 flat-sawn cathedrals, 4 burl.
    """
    x, y = order.grid()
    dark, push = knots(order, x, int(order.number("knots", 0)))
    tone, pores = grain(order, x, y + push)
    colour = shade(order, tone + 2.4 * dark, pores)
    return finish(colour, 0.7 - 0.25 * pores - 0.1 * tone, 0.05 * pores)


@pattern("planks", metres=(3.0, 1.5), detail=1088)
def planks(order: Order) -> Tile:
    """Floor boards along x. Colours: light, dark, joint. Settings: rows, contrast, variety, knots, bevel (metres)."""
    rows = int(order.number("rows", 10))
    x, y = order.grid()
    rng = np.random.default_rng(order.seed)
    board = order.metres[1] / rows
    row = np.minimum((y / board).astype(int), rows - 1)
    cuts = 2 if order.metres[0] < 3.2 else 3
    offset = rng.uniform(0, order.metres[0], rows).astype(np.float32)
    lengths = rng.dirichlet(np.full(cuts, 9.0), rows) * order.metres[0]
    local = fraction((x - offset.take(row)) / order.metres[0]) * order.metres[0]
    ends = np.cumsum(lengths, axis=1).astype(np.float32)
    piece = sum((local > ends[row, cut]).astype(np.int32) for cut in range(cuts - 1))
    key = row * cuts + piece
    jump = rng.uniform(0, 5, (rows * cuts, 2)).astype(np.float32)
    dark, push = knots(order, x, int(order.number("knots", 9)))
    tone, pores = grain(order, x + jump[:, 0].take(key), y + jump[:, 1].take(key) + push)
    variety = order.number("variety", 1.0)
    bright = 1 + 0.085 * variety * rng.standard_normal(rows * cuts, dtype=np.float32)[:, None]
    warm = 1 + 0.03 * variety * rng.standard_normal((rows * cuts, 3)) * [1, 0, -1]
    colour = shade(order, tone + 2.2 * dark, pores) * (bright * warm).astype(np.float32).take(key, axis=0)
    start = np.concatenate([np.zeros((rows, 1), np.float32), ends[:, :-1]], axis=1).take(key)
    stop = ends.take(key)
    edge_x = np.minimum(local - start, stop - local)
    edge_y = np.minimum(y - row * board, (row + 1) * board - y)
    return jointed(order, colour, np.minimum(edge_x, edge_y), tone, pores, order.metres[0] / order.pixels[0])


def jointed(order: Order, colour: Field, edge: Field, tone: Field, pores: Field, pixel: float) -> Tile:
    """Boards with a thin dark joint and a small bevel beside it."""
    bevel = order.number("bevel", 0.002)
    gap = max(order.number("gap", 0.0009), 0.55 * pixel)
    joint = 0.85 * np.clip(1.5 - edge / gap, 0, 1)
    joint_colour = order.colour(2) if len(order.colours) > 2 else order.colour(1) * 0.35
    colour = mix(colour, joint_colour, joint)
    rise = np.clip(edge / max(bevel, pixel), 0, 1)
    return finish(colour, rise * (0.85 + 0.03 * tone - 0.05 * pores), 0.06 * pores + 0.02 * tone)


@pattern("herringbone", metres=(0.9, 0.9), detail=896)
def herringbone(order: Order) -> Tile:
    """Blocks at right angles, laid diagonally by the part. Colours: light, dark, joint. Settings: ratio (length/width).

    A tile holds ``2 * ratio`` block widths a side, in which the pattern repeats.
    """
    ratio = int(order.number("ratio", 5))
    x, y = order.grid()
    block = order.metres[0] / (2 * ratio)
    u, v = x / block, y / block
    column, line = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    phase = (column - line) % (2 * ratio)
    lying = phase < ratio
    along = np.where(lying, phase + u - column, (2 * ratio - 1 - phase) + v - line)
    across = np.where(lying, v - line, u - column)
    left = np.where(lying, column - phase, column)
    low = np.where(lying, line, line - (2 * ratio - 1 - phase))
    span = 2 * ratio
    key = ((left % span) * span + (low % span)) * 2 + lying
    rng = np.random.default_rng(order.seed)
    jump = rng.uniform(0, 5, (key.max() + 1, 2)).astype(np.float32)
    tone, pores = grain(order, along * block + jump[:, 0].take(key), across * block + jump[:, 1].take(key))
    varied = 1 + 0.10 * order.number("variety", 1.0) * rng.standard_normal(key.max() + 1)
    colour = shade(order, tone, pores) * varied.astype(np.float32).take(key, axis=0)[..., None]
    edge = np.minimum(np.minimum(along, ratio - along), np.minimum(across, 1 - across)) * block
    return jointed(order, colour, edge, tone, pores, order.metres[0] / order.pixels[0])
