"""Other woods and soft floors: chevron, parquet blocks, reclaimed and bleached boards, tatami, cork."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Field, Key, Order, Tile, count, finish, fraction, mix, pattern, per_unit, pick
from imagegen.rooms.textures.wood import grain, jointed, shade


def _staves(order: Order, key: Key, along: Field, across: Field, edge: Field) -> Tile:
    """Wood in small pieces: each from another place of the tree and of another tone."""
    rng = np.random.default_rng(order.seed)
    jump = rng.uniform(0, 5, (int(key.max()) + 1, 2)).astype(np.float32).take(key, axis=0)
    tone, pores = grain(order, along + jump[..., 0], across + jump[..., 1])
    colour = shade(order, tone, pores) * per_unit(order, key, 0.10 * order.number("variety", 1.0))[..., None]
    return jointed(order, colour, edge, tone, pores, order.metres[0] / order.pixels[0])


@pattern("chevron", metres=(1.44, 1.36), detail=832)
def chevron(order: Order) -> Tile:
    """Points: mitred staves in rows along y. Colours: light, dark, joint. Settings: column (0.36), stave (0.085)."""
    x, y = order.grid()
    columns = count(order.metres[0], order.number("column", 0.36), 2)
    wide = order.metres[0] / columns
    pieces = count(order.metres[1], order.number("stave", 0.085) * 1.41421)
    tall = order.metres[1] / pieces
    column = np.minimum((x / wide).astype(np.int32), columns - 1)
    local = x - (column * wide).astype(np.float32)
    up = np.where(column % 2 == 1, local, wide - local)
    v = (y + up) / tall
    stave = np.floor(v).astype(np.int32)
    across = v - np.floor(v)
    edge = np.minimum(np.minimum(across, 1 - across) * tall * 0.7071, np.minimum(local, wide - local))
    key = column * pieces + stave % pieces
    return _staves(order, key, up * 1.41421, across * tall * 0.7071, edge)


@pattern("parquet", metres=(1.2, 1.2), detail=896)
def parquet(order: Order) -> Tile:
    """Basket blocks: squares of staves, turned by turns. Colours: light, dark, joint. Settings: block (0.3), staves."""
    x, y = order.grid()
    blocks = count(order.metres[0], order.number("block", 0.3), 2)
    tall = count(order.metres[1], order.number("block", 0.3), 2)
    staves = int(order.number("staves", 4))
    u, v = x / order.metres[0] * blocks, y / order.metres[1] * tall
    column, row = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    u, v = u - np.floor(u), v - np.floor(v)
    lying = (column + row) % 2 == 0
    along, across = np.where(lying, u, v), np.where(lying, v, u) * staves
    stave = np.minimum(across.astype(np.int32), staves - 1)
    side = order.metres[0] / blocks
    across = across - stave.astype(np.float32)
    edge = np.minimum(np.minimum(along, 1 - along) * side, np.minimum(across, 1 - across) * side / staves)
    key = (row * blocks + column) * staves + stave
    return _staves(order, key, along * side, across * side / staves, edge)


def _boards(order: Order, rows: int) -> tuple[Key, Field]:
    """(key, metres to the nearest edge) of boards that run along x with two pieces a row."""
    x, y = order.grid()
    rng = np.random.default_rng(order.seed + 5)
    width = order.metres[0]
    row = np.minimum((y / order.metres[1] * rows).astype(np.int32), rows - 1)
    local = (x - rng.uniform(0, width, rows).astype(np.float32)[row]) % width
    cut = (rng.uniform(0.35, 0.65, rows) * width).astype(np.float32)[row]
    piece = (local > cut).astype(np.int32)
    board = order.metres[1] / rows
    ends = np.minimum(np.abs(local - cut), np.minimum(local, width - local))
    start = (row * board).astype(np.float32)
    return row * 2 + piece, np.minimum(ends, np.minimum(y - start, start + board - y))


@pattern("reclaimed", metres=(2.8, 1.44), detail=832)
def reclaimed(order: Order) -> Tile:
    """Old boards, some still with worn paint. Colours: light, dark, joint, paints (several). Settings: rows, paint."""
    x, y = order.grid()
    key, edge = _boards(order, int(order.number("rows", 9)))
    jump = np.random.default_rng(order.seed).uniform(0, 5, (int(key.max()) + 1, 2)).astype(np.float32).take(key, axis=0)
    tone, pores = grain(order, x + jump[..., 0], y + jump[..., 1])
    colour: Field = shade(order, tone, pores) * per_unit(order, key, 0.16)[..., None]
    saw = 0.05 * order.noise(0.004, 0.05, 8)
    stain = np.clip(order.noise(0.18, 0.05, 9) - 0.9, 0, 1)
    colour = colour * (1 + saw - 0.30 * stain)[..., None]
    if len(order.colours) > 3:
        coat = pick(order, key, range(3, len(order.colours)), 2) * (1 + 0.05 * order.noise(0.1, 0.02, 10))[..., None]
        chance = np.random.default_rng(order.seed + 3).uniform(size=int(key.max()) + 1)
        painted = (chance < order.number("paint", 0.45)).astype(np.float32).take(key, axis=0)
        flaked = 0.9 * order.noise(0.12, 0.018, 11) + 0.5 * order.noise(0.02, 0.005, 12) - 0.5 * pores
        colour = mix(colour, coat, painted * np.clip(0.5 + (flaked + 0.55) * 1.6, 0, 1) * np.clip(edge / 0.006, 0, 1))
    nails = np.clip(order.noise(0.007, 0.007, 13) - 3.3, 0, 1)
    return jointed(
        order, colour * (1 - nails)[..., None], edge, tone, pores + 2 * stain, order.metres[0] / order.pixels[0]
    )


@pattern("driftwood", metres=(1.4, 0.7), detail=640)
def driftwood(order: Order) -> Tile:
    """Grey wood, bleached and washed out along its grain. Colours: light, dark. Settings: contrast (1)."""
    x, y = order.grid()
    tone, pores = grain(order, x, y)
    groove = np.clip(order.noise(0.25, 0.004, 6) - 0.5, 0, 1.5)
    bleach = 0.18 * order.noise(0.3, 0.08, 7)
    share = 0.34 + order.number("contrast", 1.0) * (0.16 * tone + 0.22 * pores + 0.30 * groove) - bleach
    return finish(mix(order.colour(0), order.colour(1), share), 0.85 - 0.4 * groove - 0.2 * pores, 0.05 * groove)


@pattern("tatami", metres=(1.8, 1.8), detail=832)
def tatami(order: Order) -> Tile:
    """Rush mats, 0.9 by 1.8 m, with cloth along their long sides. Colours: rush, shade, cloth. Settings: border."""
    x, y = order.grid()
    mats = count(order.metres[1], 0.9)
    tall = order.metres[1] / mats
    row = np.minimum((y / tall).astype(np.int32), mats - 1)
    edge = np.minimum(y - row * tall, (row + 1) * tall - y)
    ribs = count(order.metres[0], 0.015)
    rib = np.sin(np.pi * (fraction(x / order.metres[0] * ribs)))
    straw = order.noise(0.10, 0.0022, 1)
    share = 0.35 + 0.14 * straw + 0.12 * order.noise(0.25, 0.012, 2) + 0.16 * (1 - rib)
    colour: Field = mix(order.colour(0), order.colour(1), share) * per_unit(order, row, 0.05)[..., None]
    border = np.clip((order.number("border", 0.032) - edge) / 0.002 + 0.5, 0, 1)
    thread = 1 + 0.10 * np.sin(2 * np.pi * x / order.metres[0] * count(order.metres[0], 0.005))
    colour = mix(colour, order.colour(2) * thread[..., None], border)
    colour = colour * (1 - 0.6 * np.clip(1 - edge / 0.003, 0, 1))[..., None]
    return finish(colour, _dipped(0.45 + 0.3 * rib + 0.06 * straw, border, edge), 0.05 * straw)


def _dipped(rush: Field, border: Field, edge: Field) -> Field:
    """The cloth lies a little above the rush, and both dip towards the next mat."""
    return np.asarray((rush * (1 - border) + 0.85 * border) * np.clip(0.3 + edge / 0.006, 0, 1))


@pattern("cork", metres=(0.9, 0.9), detail=576)
def cork(order: Order) -> Tile:
    """Pressed granules. Colours: light, dark, deep. Settings: grain (metres of a granule, 0.006)."""
    size = order.number("grain", 0.006)
    share = 0.42 + 0.28 * np.tanh(order.noise(size, size, 1)) + 0.14 * order.noise(0.002, 0.002, 2)
    colour = mix(order.colour(0), order.colour(1), share + 0.08 * order.noise(0.12, 0.12, 3))
    deep = np.clip((order.noise(size * 1.4, size * 0.8, 4) - 1.5) * 3, 0, 1)
    return finish(mix(colour, order.colour(2), 0.75 * deep), 0.7 - 0.12 * share - 0.25 * deep, 0.08 * deep)
