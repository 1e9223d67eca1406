"""Prints drawn by the project itself: flat shapes on paper. The tile is the whole sheet."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Field, Order, Tile, finish, mix, pattern


def _paper(order: Order) -> Field:
    return np.asarray(
        order.colour(0) * (1 + 0.018 * order.noise(0.004, 0.004, 1) + 0.012 * order.noise(0.08, 0.08, 2))[..., None]
    )


def _ink(order: Order, sheet: Field, colour: Field, distance: Field, strength: float = 0.94) -> Field:
    """Lays a colour where a signed distance (metres) is negative, with a dry-brush edge."""
    soft = max(0.0012, 1.2 * order.metres[0] / order.pixels[0])
    cover = np.clip(0.5 - (distance + 0.0003 * order.noise(0.012, 0.012, 3)) / soft, 0, 1)
    grain = 1 - 0.10 * np.clip(order.noise(0.003, 0.003, 4) - 0.6, 0, 1)
    return mix(sheet, colour, cover * strength * grain)


def _frame(order: Order) -> tuple[Field, Field]:
    """Sheet coordinates: x from -1 to 1 across the width, y upwards with the same unit."""
    x, y = order.grid()
    half = order.metres[0] / 2
    return (x - half) / half, (order.metres[1] / 2 - y) / half


@pattern("print-arches", detail=560)
def arches(order: Order) -> Tile:
    """Nested arches and a sun. Colours: paper, then inks."""
    x, y = _frame(order)
    half = order.metres[0] / 2
    sheet = _paper(order)
    for index, radius in enumerate((0.72, 0.54, 0.36, 0.18)):
        top = np.hypot(x, np.maximum(y + 0.25, 0)) - radius
        arch = np.maximum(top, -(y + 0.95))
        sheet = _ink(order, sheet, order.colour(1 + index % (len(order.colours) - 1)), arch * half)
    sun = np.hypot(x - 0.42, y - 0.78) - 0.17
    return finish(_ink(order, sheet, order.colour(2), sun * half))


@pattern("print-hills", detail=560)
def hills(order: Order) -> Tile:
    """Layers of land under a disc. Colours: paper, then inks from far to near."""
    x, y = _frame(order)
    half = order.metres[0] / 2
    rng = np.random.default_rng(order.seed)
    sheet = _paper(order)
    edge = np.maximum(np.abs(x) - 0.80, np.abs(y) - 0.80 * order.metres[1] / order.metres[0])
    sheet = _ink(order, sheet, order.colour(1) * 0.35 + order.colour(0) * 0.65, edge * half)
    sun = np.maximum(np.hypot(x - rng.uniform(-0.3, 0.3), y - 0.35) - 0.26, edge)
    sheet = _ink(order, sheet, order.colour(2), sun * half)
    for index in range(4):
        phase = rng.uniform(0, 6, 3)
        ridge = 0.10 - 0.27 * index + 0.16 * np.sin(2.1 * x + phase[0]) + 0.06 * np.sin(5.3 * x + phase[1])
        land = np.maximum(y - ridge, edge)
        sheet = _ink(order, sheet, order.colour(1 + index % (len(order.colours) - 1)), land * half)
    return finish(sheet)


@pattern("print-botanical", detail=560)
def botanical(order: Order) -> Tile:
    """A stem with leaves in one ink. Colours: paper, ink, second ink."""
    x, y = _frame(order)
    half = order.metres[0] / 2
    rng = np.random.default_rng(order.seed)
    sheet = _paper(order)
    bend = 0.10 * np.sin(1.6 * y + 0.4)
    stem = np.maximum(np.abs(x - bend) - 0.011, np.abs(y) - 1.02)
    sheet = _ink(order, sheet, order.colour(1), stem * half)
    for index, level in enumerate(np.linspace(-0.62, 0.95, 9)):
        side = 1 if index % 2 else -1
        angle = np.radians(rng.uniform(28, 46))
        length = 0.52 * (1 - 0.35 * abs(level - 0.1))
        base = 0.10 * np.sin(1.6 * level + 0.4)
        u = ((x - base) * side * np.cos(angle) + (y - level) * np.sin(angle)) / length
        v = (-(x - base) * side * np.sin(angle) + (y - level) * np.cos(angle)) / length
        shape = np.abs(v) - 0.25 * np.sqrt(np.clip(u * (1 - u), 0, 1)) * np.clip(1.25 - 0.5 * u, 0, 2)
        leaf = np.maximum(shape, np.maximum(-u, u - 1))
        rib = np.maximum(np.abs(v) - 0.008, np.maximum(-u, u - 0.9))
        sheet = _ink(order, sheet, order.colour(1 + index % max(1, len(order.colours) - 1)), leaf * length * half, 0.88)
        sheet = _ink(order, sheet, order.colour(0), rib * length * half, 0.7)
    return finish(sheet)


@pattern("print-blocks", detail=560)
def blocks(order: Order) -> Tile:
    """Constructed forms: bars, a disc, a quarter. Colours: paper, then inks."""
    x, y = _frame(order)
    half = order.metres[0] / 2
    tall = order.metres[1] / order.metres[0]
    sheet = _paper(order)
    forms = [
        (1, np.maximum(np.abs(x + 0.22) - 0.40, np.abs(y + 0.18 * tall) - 0.52 * tall)),
        (2, np.hypot(x - 0.22, y - 0.30 * tall) - 0.46),
        (3, np.maximum(np.abs(x - 0.38) - 0.16, np.abs(y + 0.30 * tall) - 0.50 * tall)),
        (1, np.maximum(np.abs(y - 0.72 * tall) - 0.014, np.abs(x) - 0.72)),
        (2, np.maximum(np.maximum(np.hypot(x + 0.62, y + 0.70 * tall) - 0.34, -(x + 0.62)), -(y + 0.70 * tall))),
    ]
    for index, distance in forms:
        sheet = _ink(order, sheet, order.colour(index), distance * half, 0.9)
    return finish(sheet)


@pattern("print-photo", detail=560)
def photo(order: Order) -> Tile:
    """A hazy photograph of ridges and mist in one tone. Colours: paper, shadow, light."""
    x, y = _frame(order)
    tall = order.metres[1] / order.metres[0]
    rng = np.random.default_rng(order.seed)
    level = y / tall
    picture = np.clip(0.72 + 0.22 * level + 0.05 * order.noise(0.2, 0.08, 5), 0, 1)
    for index in range(5):
        phase = rng.uniform(0, 6, 4)
        rough = 0.03 * np.sin(9 * x + phase[2]) + 0.014 * np.sin(23 * x + phase[3])
        ridge = 0.42 - 0.28 * index + 0.17 * np.sin((1.5 + index * 0.4) * x + phase[0]) + rough
        land = np.clip((ridge - level) / 0.015, 0, 1)
        mist = np.clip((ridge - level) / 0.55, 0, 1)
        tone = 0.62 - 0.13 * index + 0.20 * mist
        picture = picture * (1 - land) + tone * land
    picture = np.clip(picture + 0.02 * order.noise(0.002, 0.002, 6), 0, 1)[..., None]
    inside = (np.maximum(np.abs(x) - 0.84, np.abs(level) - 0.86) < 0)[..., None]
    image = order.colour(1) * (1 - picture) + order.colour(2) * picture
    return finish(np.where(inside, image, _paper(order)))
