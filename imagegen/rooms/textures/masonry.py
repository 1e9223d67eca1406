"""Walls and floors that are built or poured: paint on plaster, limewash, brick, concrete, marble, terrazzo."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Order, Tile, finish, fraction, mix, pattern, wrap_sample


@pattern("plain", metres=(1.0, 1.0), detail=512)
def plain(order: Order) -> Tile:
    """One colour with the faintest unevenness."""
    mottle = 1 + 0.012 * order.noise(0.08, 0.08, 1)
    return finish(order.colour(0) * mottle[..., None])


@pattern("paint", metres=(2.4, 2.4), detail=448)
def paint(order: Order) -> Tile:
    """A rolled wall: slight mottling and orange peel. Settings: mottle (1 = usual)."""
    amount = order.number("mottle", 1.0)
    cloud = 0.010 * order.noise(0.7, 0.7, 1) + 0.006 * order.noise(0.12, 0.16, 2)
    peel = order.noise(0.006, 0.006, 3)
    trowel = order.noise(0.25, 0.12, 4)
    colour = order.colour(0) * (1 + amount * cloud)[..., None]
    return finish(colour, 0.5 + 0.10 * peel + 0.16 * trowel)


@pattern("limewash", metres=(2.8, 2.8), detail=512)
def limewash(order: Order) -> Tile:
    """Brushed lime: cloudy, with visible strokes. Colours: base, bloom. Settings: mottle."""
    amount = order.number("mottle", 1.0)
    cloud = 0.5 * order.noise(0.5, 0.35, 1) + 0.35 * order.noise(0.14, 0.10, 2) + 0.25 * order.noise(0.10, 0.012, 3)
    share = np.clip(0.35 + 0.25 * amount * cloud, 0, 1)[..., None]
    colour = order.colour(0) * (1 - share) + order.colour(1) * share
    return finish(colour, 0.5 + 0.12 * order.noise(0.05, 0.01, 4) + 0.1 * order.noise(0.2, 0.2, 5))


@pattern("brick", metres=(1.25, 1.2), detail=896)
def brick(order: Order) -> Tile:
    """Running bond. Colours: bricks (several), the last one is mortar. Settings: rows, columns, wash (0..1 paint).

    A tile of ``columns`` bricks by ``rows`` courses (an even number).
    """
    rows, columns = int(order.number("rows", 16)), int(order.number("columns", 5))
    x, y = order.grid()
    wobble = 0.0022
    x = x + wobble * order.noise(0.05, 0.05, 11)
    y = y + wobble * order.noise(0.06, 0.03, 12)
    u, v = x / order.metres[0] * columns, y / order.metres[1] * rows
    line = np.floor(v).astype(int) % rows
    u = u + 0.5 * (line % 2)
    column = np.floor(u).astype(int) % columns
    key = line * columns + column
    rng = np.random.default_rng(order.seed)
    kinds = max(1, len(order.colours) - 1)
    pick = rng.integers(0, kinds, rows * columns)
    shades = order.colours[pick] * (1 + 0.13 * rng.standard_normal(rows * columns))[:, None]
    base = shades.astype(np.float32).take(key, axis=0)
    brick_w, brick_h = order.metres[0] / columns, order.metres[1] / rows
    edge_u = np.minimum(fraction(u), 1 - fraction(u)) * brick_w
    edge_v = np.minimum(fraction(v), 1 - fraction(v)) * brick_h
    joint = order.number("joint", 0.0055)
    edge = np.minimum(edge_u, edge_v) + 0.0012 * order.noise(0.012, 0.012, 2)
    inside = np.clip((edge - joint) / 0.004 + 0.5, 0, 1)
    pits = np.clip(order.noise(0.006, 0.006, 3) - 1.3, 0, 1)
    burn = order.noise(0.09, 0.04, 4)
    base = base * (1 + 0.09 * burn - 0.30 * pits + 0.05 * order.noise(0.004, 0.004, 5))[..., None]
    mortar = order.colour(len(order.colours) - 1) * (1 + 0.07 * order.noise(0.01, 0.01, 6))[..., None]
    colour = mix(mortar, base, inside)
    wash = order.number("wash", 0.0)
    if wash > 0:
        worn = wash + 0.12 * order.noise(0.25, 0.2, 7) - 0.2 * pits
        colour = mix(colour, order.colour(len(order.colours) - 1), worn)
    tilt = (0.08 * rng.standard_normal(rows * columns)).astype(np.float32).take(key, axis=0)
    rough = 0.05 * order.noise(0.012, 0.012, 8) - 0.20 * pits
    height = inside * (0.75 + tilt + rough) + (1 - inside) * (0.15 + 0.05 * order.noise(0.006, 0.006, 9))
    return finish(colour, height)


@pattern("concrete", metres=(3.2, 3.2), detail=768)
def concrete(order: Order) -> Tile:
    """Poured and floated. Colours: light, dark. Settings: joints (slabs across a tile, 0 none), holes (formwork)."""
    cloud = 0.6 * order.noise(0.55, 0.55, 1) + 0.45 * order.noise(0.16, 0.16, 2) + 0.25 * order.noise(0.03, 0.03, 3)
    grit = order.noise(0.003, 0.003, 4)
    specks = np.clip(order.noise(0.007, 0.007, 5) - 2.1, 0, 1)
    share = np.clip(0.4 + 0.26 * cloud + 0.05 * grit, 0, 1)[..., None]
    colour = order.colour(0) * (1 - share) + order.colour(1) * share
    colour = colour * (1 - 0.45 * specks)[..., None]
    crack = np.clip(1 - np.abs(order.noise(0.5, 0.5, 6)) / 0.006, 0, 1) * (order.noise(0.6, 0.6, 7) > 1.1)
    colour = colour * (1 - 0.35 * crack)[..., None]
    height = 0.8 + 0.03 * grit - 0.5 * specks + 0.05 * cloud
    joints = int(order.number("joints", 0))
    if joints:
        x, y = order.grid()
        sx, sy = order.metres[0] / joints, order.metres[1] / joints
        edge = np.minimum(np.minimum(x % sx, sx - x % sx), np.minimum(y % sy, sy - y % sy))
        line = np.clip(1.5 - edge / 0.0025, 0, 1)
        colour = colour * (1 - 0.55 * line)[..., None]
        height = height * (1 - 0.8 * line)
    return finish(colour, height, 0.07 * cloud)


@pattern("marble", metres=(1.6, 1.6), detail=640)
def marble(order: Order) -> Tile:
    """Veined stone. Colours: ground, vein."""
    width, height = order.pixels
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    shift = 0.05 / order.metres[0] * width
    px, py = x + shift * order.noise(0.2, 0.2, 1), y + shift * order.noise(0.2, 0.2, 2)
    veins = np.zeros((height, width))
    for salt, size, weight in ((3, 0.35, 1.0), (4, 0.18, 0.6), (5, 0.08, 0.35)):
        ridge = np.abs(wrap_sample(order.noise(size, size * 0.6, salt), px, py))
        veins += weight * np.exp(-ridge / 0.05)
    share = np.clip(
        0.6 * veins * np.clip(0.5 + 0.5 * order.noise(0.4, 0.4, 6), 0.1, 1) + 0.05 * order.noise(0.1, 0.1, 7), 0, 1
    )[..., None]
    return finish(order.colour(0) * (1 - share) + order.colour(1) * share)


@pattern("terrazzo", metres=(1.0, 1.0), detail=512)
def terrazzo(order: Order) -> Tile:
    """Chips in a ground. Colours: ground, chips (several)."""
    colour = order.colour(0) * (1 + 0.02 * order.noise(0.02, 0.02, 1))[..., None]
    for index in range(1, max(2, len(order.colours))):
        for salt, size, limit in ((10, 0.016, 1.55), (20, 0.007, 1.75)):
            chip = np.clip((order.noise(size, size, salt + index) - limit) * 8, 0, 1)[..., None]
            colour = colour * (1 - chip) + order.colour(index) * chip
    return finish(colour)
