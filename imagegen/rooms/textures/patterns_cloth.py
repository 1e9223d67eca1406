"""Cloths with figures woven, dyed or stitched into them: kilim, ikat, mudcloth, embroidery."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imagegen.rooms.textures.tile import Field, Order, Tile, count, finish, fraction, line, mix, pattern


def ribbed(order: Order, colour: Field, rib: float = 0.003) -> Tile:
    """Flat-woven wool: weft ribs along x, uneven in dye."""
    x, y = order.grid()
    rows, columns = count(order.metres[1], rib), count(order.metres[0], 1.6 * rib)
    round_v = np.abs(np.sin(np.pi * y / order.metres[1] * rows))
    round_u = np.abs(np.sin(np.pi * x / order.metres[0] * columns))
    height = 0.35 + 0.45 * round_v * (0.6 + 0.4 * round_u)
    abrash = 0.045 * order.noise(0.5, 0.02, 71) + 0.03 * order.noise(0.03, rib, 72) + 0.03 * order.noise(0.2, 0.2, 73)
    return finish(colour * (0.86 + 0.2 * height + abrash)[..., None], height)


def stepped(values: Field, steps: float) -> Field:
    """Rounded down to steps: figures of a flat weave have no slanted edges."""
    return np.asarray(np.floor(values * steps) / steps)


def kilim_bands(order: Order, x: Field, y: Field, cell: float, bands: int) -> Field:
    """Colours (H, W, 3) of bands across y, filled by turns with stepped diamonds, zigzags, triangles and hooks."""
    rng = np.random.default_rng(order.seed + 13)
    tall = order.metres[1] / bands
    band = np.minimum((y / tall).astype(np.int32), bands - 1)
    v = (y - band * tall) / tall
    columns = count(order.metres[0], cell)
    u = fraction(x / order.metres[0] * columns)
    fine = 24
    a, b = np.abs(stepped(u, fine) + 0.5 / fine - 0.5) * 2, np.abs(stepped(v, fine) + 0.5 / fine - 0.5) * 2
    saw = np.abs(fraction(stepped(u, fine) * 2) - 0.5) * 2
    zigzag, comb = stepped(v, fine) - 0.25 - 0.5 * saw, stepped(v, fine) - 0.15 - 0.7 * a
    figures = (  # the last number of each draws a thin outline
        _nested(a + b, (0.98, 0.66, 0.30)) + 3 * (np.abs(a + b - 0.98) < 0.05),
        (np.abs(zigzag) < 0.13).astype(np.float32) + 2 * (zigzag > 0.20) + 3 * (np.abs(np.abs(zigzag) - 0.165) < 0.035),
        _nested(-comb, (0.0, -0.35)) + 3 * (np.abs(comb - 0.06) < 0.035) + 2 * ((a + b) < 0.12),
        ((a > 0.55) & (b < 0.6)).astype(np.float32) + 2 * ((a < 0.35) & (b < 0.45)) + _nested(-a - b, (-1.7,)),
    )
    kind = np.resize(rng.permutation(4), bands)[band]
    level = np.choose(kind, figures).astype(np.int32)
    dyes = len(order.colours)
    shelf = np.stack([order.colour(i) for i in range(dyes)])
    first = np.cumsum(rng.integers(1, max(2, dyes), bands)) % dyes
    start = first.take(band)
    dye = (start + level * (1 if dyes < 4 else 1 + band % 2)) % dyes
    edge = np.minimum(v, 1 - v) * tall
    stripe = (edge < 0.16 * tall) & (edge > 0.06 * tall)
    dye = np.where(stripe, (start + 2) % dyes, dye)
    return np.asarray(shelf.take(np.where(edge < 0.06 * tall, 0, dye), axis=0))


def _nested(reach: Field, limits: Sequence[float]) -> Field:
    """How many of the limits each place lies within."""
    return np.asarray(sum((reach < limit).astype(np.float32) for limit in limits))


@pattern("kilim", metres=(0.6, 0.6), detail=576)
def kilim(order: Order) -> Tile:
    """Geometric flat weave. Colours: ground, dyes (several). Settings: cell (metres, 0.1), bands (6)."""
    x, y = order.grid()
    y = (y + 0.0015 * order.noise(0.05, 0.05, 1)) % order.metres[1]
    return ribbed(order, kilim_bands(order, x, y, order.number("cell", 0.1), int(order.number("bands", 6))), 0.0025)


@pattern("ikat", metres=(0.6, 0.6), detail=576)
def ikat(order: Order) -> Tile:
    """Rows of lozenges whose edges bled along the warp. Colours: ground, outer, middle, heart. Settings: cell."""
    x, y = order.grid()
    cell = order.number("cell", 0.15)
    columns, rows = count(order.metres[0], cell), count(order.metres[1], 1.6 * cell)
    bleed = 0.10 * order.noise(0.0022, 0.5, 1) + 0.05 * order.noise(0.006, 0.1, 2)
    column = x / order.metres[0] * columns
    u = np.abs(fraction(column) - 0.5) * 2
    v = (
        np.abs(fraction(y / order.metres[1] * rows + 0.5 * (np.floor(column) % 2) * (columns % 2 == 0) + bleed) - 0.5)
        * 2
    )
    reach = v + 0.75 * u + 0.10 * np.cos(3 * np.pi * u)
    colour = np.broadcast_to(order.colour(0), (*x.shape, 3))
    for index, limit in ((1, 0.86), (2, 0.62), (0, 0.40), (3, 0.26)):
        colour = mix(colour, order.colour(index), (limit - reach) / 0.05 + 0.5)
    return ribbed(order, colour, 0.002)


@pattern("mudcloth", metres=(0.72, 0.72), detail=640)
def mudcloth(order: Order) -> Tile:
    """Strips painted by hand with lines, crosses, dots and chevrons. Colours: ground, mark. Settings: strip (0.12)."""
    x, y = order.grid()
    strips = count(order.metres[0], order.number("strip", 0.12))
    wide = order.metres[0] / strips
    strip = np.minimum((x / wide).astype(np.int32), strips - 1)
    u = x / wide - strip + 0.018 * order.noise(0.02, 0.03, 1)
    cells = count(order.metres[1], 0.06)
    v = y / order.metres[1] * cells + 0.03 * order.noise(0.03, 0.02, 2)
    w = fraction(v)
    soft, thin = 0.03, 0.10
    cross = np.maximum(line(np.abs(u - 0.5) - np.abs(w - 0.5), thin, soft), 0) * (np.abs(u - 0.5) < 0.36)
    dots = np.clip((0.13 - np.hypot(np.abs(u - 0.5) - 0.22, (w - 0.5) * 0.5)) / soft + 0.5, 0, 1)
    chevrons = line(fraction(w - np.abs(u - 0.5) * 1.2 + 0.5) - 0.5, 0.16, soft * 2) * (np.abs(u - 0.5) < 0.40)
    bars = line(w - 0.5, 0.22, soft * 2) * (np.abs(u - 0.5) < 0.34)
    kinds = np.resize(np.random.default_rng(order.seed).permutation(4), strips)[strip]
    mark = np.choose(kinds, (cross, dots, chevrons, bars))
    mark = np.maximum(mark, line(np.minimum(u, 1 - u) - 0.06, 0.03, 0.02))
    worn = 0.85 + 0.12 * order.noise(0.01, 0.01, 3)
    return ribbed(order, mix(np.broadcast_to(order.colour(0), (*x.shape, 3)), order.colour(1), mark * worn), 0.003)


@pattern("embroidery", metres=(0.5, 0.5), detail=640)
def embroidery(order: Order) -> Tile:
    """Silk rosettes in rings, leaves between. Colours: cloth, ring, petal, heart, leaf. Settings: cell (0.25)."""
    x, y = order.grid()
    cell = order.number("cell", 0.25)
    columns, rows = count(order.metres[0], cell), count(order.metres[1], cell)
    x, y = x + 0.002 * order.noise(0.05, 0.05, 1), y + 0.002 * order.noise(0.05, 0.05, 2)
    a, b = fraction(x / order.metres[0] * columns) - 0.5, fraction(y / order.metres[1] * rows) - 0.5
    radius, angle = np.hypot(a, b), np.arctan2(b, a)
    soft = 0.012
    colour = np.broadcast_to(order.colour(0), (*x.shape, 3))
    rosette = np.clip((0.30 + 0.035 * np.cos(12 * angle) - radius) / soft + 0.5, 0, 1)
    petals = np.clip((0.145 + 0.075 * np.abs(np.cos(4 * angle)) - radius) / soft + 0.5, 0, 1)
    colour = mix(colour, order.colour(1), rosette * np.clip((radius - 0.235) / soft + 0.5, 0, 1))
    colour = mix(colour, order.colour(2), petals)
    colour = mix(colour, order.colour(3), np.clip((0.075 - radius) / soft + 0.5, 0, 1))
    c, d = 0.5 - np.abs(a), 0.5 - np.abs(b)  # from the corners, between four rosettes
    far, turn = np.hypot(c, d), np.arctan2(d, c)
    leaf = np.clip((0.19 * np.abs(np.sin(2 * turn)) ** 0.7 - far) / soft + 0.5, 0, 1) * (far > 0.03)
    colour = mix(colour, order.colour(4), leaf)
    bud = np.clip((0.035 - np.hypot(c, np.abs(b))) / soft + 0.5, 0, 1) + np.clip(
        (0.035 - np.hypot(np.abs(a), d)) / soft, 0, 1
    )
    colour = mix(colour, order.colour(2), bud)
    worked = np.clip(rosette * (radius > 0.235) + petals + leaf + bud, 0, 1)
    stitch = 0.5 + 0.5 * np.sin(2 * np.pi * (radius * 70 + 0.1 * order.noise(0.01, 0.01, 3)))
    colour = colour * (1 + 0.14 * worked * (stitch - 0.5) + 0.02 * order.noise(0.002, 0.002, 4))[..., None]
    return finish(colour, 0.3 + worked * (0.35 + 0.25 * stitch) + 0.03 * order.noise(0.002, 0.002, 4))
