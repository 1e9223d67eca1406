"""What lies before the windows, softly out of focus: a card far outside the room. The tile is the whole card."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Order, Tile, finish, pattern


@pattern("outside-garden")
def garden(order: Order) -> Tile:
    """What lies before a window, far out of focus: haze above, foliage below. Colours: sky, haze, leaves, shade."""
    _, y = order.grid()
    level = 1 - y / order.metres[1]
    edge = 0.50 + 0.10 * order.noise(0.9, 0.5, 1) + 0.05 * order.noise(0.3, 0.3, 2)
    leaves = np.clip((edge - level) / 0.10, 0, 1)[..., None]
    share = np.clip(level * 1.3, 0, 1)[..., None]
    sky = order.colour(1) * (1 - share) + order.colour(0) * share
    tone = np.clip(0.45 + 0.28 * order.noise(0.28, 0.24, 3), 0, 1)[..., None]
    green = order.colour(2) * tone + order.colour(3) * (1 - tone)
    green = green * 0.72 + order.colour(1) * 0.28
    return finish(sky * (1 - leaves) + green * leaves)


@pattern("outside-city")
def city(order: Order) -> Tile:
    """Facades over the street, far out of focus. Colours: sky, haze, facade, windows."""
    x, y = order.grid()
    rng = np.random.default_rng(order.seed)
    level = 1 - y / order.metres[1]
    share = np.clip(level, 0, 1)[..., None]
    colour = order.colour(1) * (1 - share) + order.colour(0) * share
    at = -0.4
    while at < order.metres[0]:
        wide, high = rng.uniform(0.9, 1.9), rng.uniform(0.52, 0.80)
        body = np.clip((wide / 2 - np.abs(x - at - wide / 2)) / 0.05 + 0.5, 0, 1) * np.clip(
            (high - level) / 0.015 + 0.5, 0, 1
        )
        panes = np.clip(np.sin(2 * np.pi * x / 0.42) * 1.6, 0, 1) * np.clip(np.sin(2 * np.pi * y / 0.52) * 1.6, 0, 1)
        face = (
            order.colour(2) * rng.uniform(0.8, 1.15) * (1 - 0.30 * panes[..., None])
            + order.colour(3) * 0.30 * panes[..., None]
        )
        colour = colour * (1 - body[..., None]) + (0.75 * face + 0.25 * order.colour(1)) * body[..., None]
        at += wide
    return finish(colour)
