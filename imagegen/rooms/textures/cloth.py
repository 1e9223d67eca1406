"""Cloth and hide: weaves with threads that can be seen close by, boucle, velvet, leather, cane, wicker."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Order, Tile, finish, fraction, pattern


def threads(order: Order, pitch: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(height, warp on top, slub) of a plain weave with the given metres a thread; whole threads in a tile."""
    x, y = order.grid()
    nx = max(2, 2 * round(order.metres[0] / pitch / 2))
    ny = max(2, 2 * round(order.metres[1] / pitch / 2))
    u = x / order.metres[0] * nx + 0.10 * order.noise(0.004, 0.08, 1)
    v = y / order.metres[1] * ny + 0.10 * order.noise(0.08, 0.004, 2)
    over = (np.floor(u) + np.floor(v)).astype(int) % 2 == 0
    round_u, round_v = np.sin(np.pi * (fraction(u))), np.sin(np.pi * (fraction(v)))
    height = np.where(over, 0.55 + 0.45 * round_u, 0.45 + 0.45 * round_v) * (
        0.4 + 0.6 * np.where(over, round_u, round_v)
    )
    slub = np.where(over, order.noise(pitch * 0.8, 0.10, 3), order.noise(0.10, pitch * 0.8, 4))
    return height, over, slub


@pattern("weave", metres=(0.36, 0.36), detail=512)
def weave(order: Order) -> Tile:
    """Linen and other plain weaves. Colours: warp, weft. Settings: pitch (metres a thread), slub."""
    height, over, slub = threads(order, order.number("pitch", 0.0016))
    base = np.where(over[..., None], order.colour(0), order.colour(1))
    tone = 1 + order.number("slub", 1.0) * 0.075 * slub + 0.22 * (height - 0.6) + 0.018 * order.noise(0.08, 0.08, 5)
    return finish(base * tone[..., None], height)


@pattern("boucle", metres=(0.32, 0.32), detail=320)
def boucle(order: Order) -> Tile:
    """Loops of curled yarn. Colours: light, shade."""
    fine = order.noise(0.0045, 0.0045, 1)
    loops = np.abs(fine) ** 0.7
    lump = order.noise(0.012, 0.012, 2)
    height = np.clip(0.25 + 0.42 * loops + 0.16 * lump, 0, 1)
    share = np.clip(1.05 - 1.15 * height, 0, 1)[..., None]
    return finish(order.colour(0) * (1 - share) + order.colour(1) * share, height)


@pattern("velvet", metres=(0.6, 0.6), detail=512)
def velvet(order: Order) -> Tile:
    """Short pile, stroked. Colours: base."""
    stroke = 0.06 * order.noise(0.12, 0.05, 1) + 0.03 * order.noise(0.002, 0.002, 2)
    return finish(order.colour(0) * (1 + stroke)[..., None], 0.5 + 0.2 * order.noise(0.002, 0.002, 3))


@pattern("leather", metres=(0.7, 0.7), detail=512)
def leather(order: Order) -> Tile:
    """Full-grain hide: pebbled, worn lighter on the heights. Colours: base, worn, crease."""
    pebble = np.abs(order.noise(0.0042, 0.0042, 1))
    cells = np.clip(pebble / 0.45, 0, 1)
    wear = np.clip(0.35 + 0.33 * order.noise(0.22, 0.16, 2) + 0.12 * order.noise(0.03, 0.03, 3), 0, 1)[..., None]
    crease = np.clip(1 - np.abs(order.noise(0.09, 0.028, 4)) / 0.03, 0, 1) * np.clip(order.noise(0.3, 0.3, 5), 0, 1)
    colour = order.colour(0) * (1 - wear) + order.colour(1) * wear
    colour = colour * (0.86 + 0.14 * cells)[..., None]
    share = (0.45 * crease)[..., None]
    colour = colour * (1 - share) + order.colour(2) * share
    return finish(colour, np.clip(0.35 + 0.5 * cells - 0.35 * crease, 0, 1), 0.10 * (1 - wear[..., 0]) - 0.05)


@pattern("wicker", metres=(0.25, 0.25), detail=256)
def wicker(order: Order) -> Tile:
    """Basket weave of strands around stakes. Colours: light, dark, gap. Settings: pitch (metres a strand)."""
    pitch = order.number("pitch", 0.007)
    x, y = order.grid()
    columns = max(2, 2 * round(order.metres[0] / (3.2 * pitch) / 2))
    rows = max(2, 2 * round(order.metres[1] / pitch / 2))
    u, v = x / order.metres[0] * columns, y / order.metres[1] * rows
    line = np.floor(v).astype(int)
    swell = np.sin(np.pi * (u + line % 2)) * 0.5 + 0.5
    round_v = np.sin(np.pi * (fraction(v)))
    height = (0.25 + 0.75 * swell) * round_v**0.7
    rng = np.random.default_rng(order.seed)
    tone = (1 + 0.12 * rng.standard_normal(rows))[line % rows] * (1 + 0.06 * order.noise(0.03, 0.002, 1))
    share = np.clip(1 - height, 0, 1)[..., None]
    colour = (order.colour(0) * (1 - share) + order.colour(1) * share) * tone[..., None]
    gap = np.clip(1 - round_v / 0.35, 0, 1)[..., None]
    return finish(colour * (1 - 0.75 * gap) + order.colour(2) * 0.75 * gap, height)


@pattern("leaf", metres=(0.3, 0.14), detail=160)
def leaf(order: Order) -> Tile:
    """A leaf's skin, its midrib along x in the middle of the tile. Colours: blade, rib, edge."""
    x, y = order.grid()
    across = np.abs(y / order.metres[1] - 0.5) * 2
    rib = np.exp(-((across / 0.05) ** 2))
    side = np.abs((fraction(x / order.metres[0] * 11 - across * 3.2)) - 0.5) * 2
    veins = np.clip(side - 0.86, 0, 1) * 3.2
    tone = 1 + 0.10 * order.noise(order.metres[0] / 4, order.metres[1] / 4, 1) + 0.05 * order.noise(0.004, 0.004, 2)
    blade = order.colour(0) * tone[..., None]
    blade = blade * (1 - 0.35 * across[..., None] ** 3) + order.colour(2) * 0.35 * across[..., None] ** 3
    share = np.clip(rib + 0.35 * veins, 0, 1)[..., None]
    return finish(blade * (1 - share) + order.colour(1) * share, 0.6 - 0.4 * rib - 0.2 * veins)
