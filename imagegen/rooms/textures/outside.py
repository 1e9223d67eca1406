"""What lies before the windows: a card far outside the room, bright as day. The tile is the whole card.

Each view is painted sharp, with highlights above white, and then put out of focus with the disc of a lens (thin-lens
circle of confusion, Potmesil and Chakravarty 1981), so that bright leaves and waves spread into soft round lights.
Eye level lies ``HORIZON`` metres above the card's lower edge.
"""

from __future__ import annotations

import numpy as np
from scipy import fft

from imagegen.rooms.textures.tile import Field, Order, Tile, finish, fraction, mix, pattern

HORIZON = 3.6
"""Metres from the card's lower edge to where a standing person looks level (the card begins 2.2 m below the floor)."""
BLUR = 0.12
"""Metres on the card: radius of the disc that a point spreads to."""


def place(order: Order) -> tuple[Field, Field]:
    """Metres across and metres above the horizon of each pixel; low cards have their horizon at two fifths."""
    x, y = order.grid()
    level = min(HORIZON, 0.42 * order.metres[1])
    return x, order.metres[1] - y - level


def over(distance: Field, soft: float) -> Field:
    """A cover of 0..1 from a signed distance in metres: 1 where it is negative."""
    return np.asarray(np.clip(0.5 - distance / soft, 0, 1))


def defocus(order: Order, image: Field, radius: float = BLUR) -> Field:
    """The picture (H, W, 3) convolved with a disc; the card's upper and lower edges go on as they end."""
    pixel = order.metres[0] / order.pixels[0]
    reach = radius / pixel
    pad = int(reach) + 2
    wide = np.pad(np.moveaxis(image, -1, 0).astype(np.float32), ((0, 0), (pad, pad), (0, 0)), mode="edge")
    height, width = wide.shape[1:]
    fy = np.minimum(np.arange(height), height - np.arange(height))[:, None]
    fx = np.minimum(np.arange(width), width - np.arange(width))[None, :]
    disc = np.clip(reach + 0.5 - np.hypot(fy, fx), 0, 1)
    lens = fft.rfft2((disc / disc.sum()).astype(np.float32))
    out = fft.irfft2(fft.rfft2(wide) * lens, s=(height, width))
    return np.moveaxis(np.asarray(out[:, pad:-pad], np.float32), 0, -1)


def sky(order: Order, up: Field, clouds: float = 0.25) -> Field:
    """Haze at the horizon, the sky's own colour above, thin cloud."""
    colour = mix(order.colour(1), order.colour(0), up / 3.2)
    veil = clouds * np.clip(order.noise(3.5, 0.5, 90) * 0.6 + order.noise(0.9, 0.22, 91) * 0.4, 0, 1.5)
    return mix(colour, np.ones(3, np.float32) * 0.92, veil * np.clip(up / 1.5, 0, 1))


def foliage(order: Order, leaf: Field, shade: Field, salt: int, size: float = 0.11, shine: float = 1.0) -> Field:
    """Masses of leaves, lit from above: clumps, single leaves, and a few that mirror the sky."""
    clump = 0.55 * order.noise(0.9, 0.7, salt) + 0.45 * order.noise(0.34, 0.28, salt + 1)
    leaves = order.noise(size, size * 0.8, salt + 2)
    colour = mix(shade, leaf, 0.50 + 0.24 * clump + 0.20 * leaves)
    glint = np.clip(order.noise(size * 0.7, size * 0.6, salt + 3) + 0.4 * clump - 1.75, 0, 1.2)
    return np.asarray(colour * (1 + 2.6 * shine * glint)[..., None] + 0.35 * shine * glint[..., None])


def ragged(order: Order, salt: int, amount: float = 1.0) -> Field:
    """Metres by which the edge of a mass of leaves comes and goes."""
    coarse = 0.34 * order.noise(1.5, 1.2, salt) + 0.16 * order.noise(0.5, 0.45, salt + 1)
    return np.asarray(amount * (coarse + 0.07 * order.noise(0.16, 0.15, salt + 2)))


def columns(order: Order, at: float, reach: float) -> slice:
    """The columns of pixels within ``reach`` metres of a place."""
    pixel = order.metres[0] / order.pixels[0]
    return slice(max(0, int((at - reach) / pixel)), max(0, int((at + reach) / pixel) + 2))


def _pole(
    order: Order, colour: Field, x: Field, up: Field, at: float, half: float, foot: float, tone: Field, pale: float
) -> None:
    """Paints a trunk or a cane into the picture, lit from the left; ``x`` is measured along its own lean."""
    cols = columns(order, at, half + 0.45)
    off = (x[:, cols] - at) / half
    lit = mix(mix(tone * 0.5, tone * 1.3, 0.55 - 0.5 * off), order.colour(1), np.full_like(off, pale))
    cover = over((np.abs(off) - 1) * half, 0.03) * over(foot - up[:, cols], 0.15)
    colour[:, cols] = mix(colour[:, cols], lit, cover)


def ground(order: Order, up: Field, near: Field, far: Field, salt: int) -> Field:
    """A lawn or a floor that lies level: its grain grows finer and paler towards the horizon."""
    depth = np.clip(-up / 2.6, 0, 1)
    grain = 0.09 * order.noise(0.9, 0.12, salt) + 0.06 * order.noise(0.22, 0.05, salt + 1)
    return np.asarray(mix(far, near, depth) * (1 + grain * (0.3 + 0.7 * depth))[..., None])


@pattern("outside-garden")
def garden(order: Order) -> Tile:
    """A lawn, shrubs and old trees under a pale sky. Colours: sky, haze, leaves, shade."""
    x, up = place(order)
    leaf, shade = order.colour(2), order.colour(3)
    colour = sky(order, up)
    for salt, top, pale in ((10, 2.3, 0.62), (16, 1.5, 0.42)):
        trees = mix(foliage(order, leaf, shade, salt, 0.15, 0.7), order.colour(1), np.full_like(x, pale))
        colour = mix(colour, trees, over(up - top - ragged(order, salt + 10, 1.4), 0.15))
    lawn = ground(order, up, leaf * 0.92, leaf * 0.6 + order.colour(1) * 0.4, 50)
    colour = mix(colour, lawn, over(up + 0.35, 0.15))
    near = mix(foliage(order, leaf, shade, 30), order.colour(1), np.full_like(x, 0.14))
    hedge = 0.15 + ragged(order, 40, 1.2)
    colour = mix(colour, near * 0.92, over(np.maximum(up - hedge, -0.62 - up - 0.25 * hedge), 0.14))
    rng = np.random.default_rng(order.seed)
    for at in np.arange(rng.uniform(0.5, 3.0), order.metres[0], 5.3):
        bend = 0.06 * np.sin(1.3 * up + at)
        _pole(order, colour, x - bend, up, float(at), float(rng.uniform(0.09, 0.17)), -0.75, shade * 0.75, 0.12)
    crown = up - 1.75 + 1.1 * np.cos(2 * np.pi * x / 5.3 + order.seed) * 0.6 + 1.5 * ragged(order, 44)
    colour = mix(colour, near, over(-crown, 0.2) * np.clip(0.75 + 0.5 * order.noise(0.28, 0.25, 47), 0, 1))
    return finish(defocus(order, colour))


@pattern("outside-forest")
def forest(order: Order) -> Tile:
    """Trunks and light between leaves. Colours: sky, haze, leaves, shade, bark."""
    x, up = place(order)
    leaf, shade, bark = order.colour(2), order.colour(3), order.colour(4)
    rng = np.random.default_rng(order.seed)
    gaps = np.clip(0.5 + 0.5 * order.noise(0.6, 0.6, 5) + 0.3 * order.noise(0.16, 0.16, 6), 0, 1)
    light = 0.42 + 0.5 * gaps * np.clip((up + 0.6) / 2, 0, 1)
    colour = mix(foliage(order, leaf, shade, 10, 0.15), order.colour(1), light)
    floor = ground(order, up, leaf * 0.55 + shade * 0.45, leaf * 0.6 + order.colour(1) * 0.4, 50)
    colour = mix(colour, floor, over(up + 0.35 + 0.2 * order.noise(1.2, 1.0, 52), 0.35))
    layers = ((16, 0.09, 0.55, -0.35, 1.9), (9, 0.15, 0.28, -0.8, 2.6), (5, 0.22, 0.04, -1.4, 3.5))
    for layer, (count, wide, pale, foot, top) in enumerate(layers):
        for _ in range(count):
            at, lean = float(rng.uniform(0, order.metres[0])), rng.uniform(-0.03, 0.03)
            along = x - lean * up + 0.02 * np.sin(2 * up + at)
            _pole(order, colour, along, up, at, wide * float(rng.uniform(0.6, 1.2)), foot, bark, pale)
        crown = mix(foliage(order, leaf, shade, 70 + 4 * layer), order.colour(1), np.full_like(x, pale * 0.7))
        edge = top + 1.5 * ragged(order, 60 + 3 * layer)
        veil = np.clip(0.8 + 0.4 * order.noise(0.3, 0.3, 80 + layer), 0, 1)
        colour = mix(colour, crown, over(edge - up, 0.2) * veil)
    fern = -1.55 + 0.9 * ragged(order, 85)
    colour = mix(colour, foliage(order, leaf, shade, 95, 0.12, 0.5), over(up - fern, 0.15))
    return finish(defocus(order, colour))


@pattern("outside-bamboo")
def bamboo(order: Order) -> Tile:
    """A grove of bamboo over moss, light falling through. Colours: sky, haze, culms, leaves, shade."""
    x, up = place(order)
    culm, leaf, shade = order.colour(2), order.colour(3), order.colour(4)
    rng = np.random.default_rng(order.seed)
    glow = np.clip(0.40 + 0.30 * order.noise(1.3, 1.1, 5) + 0.14 * up, 0, 1)
    colour = mix(foliage(order, leaf, shade, 10, 0.18, 0.6), order.colour(1), 0.35 + 0.55 * glow)
    moss = ground(order, up, leaf * 0.62, leaf * 0.6 + order.colour(1) * 0.4, 50)
    colour = mix(colour, moss, over(up + 0.45 + 0.12 * order.noise(1.5, 1.0, 52), 0.25))
    layers = ((54, 0.030, 0.55, -0.4, 3.4), (34, 0.048, 0.28, -0.75, 3.9), (20, 0.072, 0.03, -1.3, 4.6))
    for salt, (count, wide, pale, foot, top) in enumerate(layers):
        for _ in range(count):
            at, lean = float(rng.uniform(0, order.metres[0])), rng.normal(0, 0.03)
            tone = culm * float(rng.uniform(0.8, 1.15))
            _pole(order, colour, x - lean * up, up, at, wide, foot, tone, pale)
            _nodes(order, colour, x - lean * up, up, at, wide, foot, float(rng.uniform()))
        drooping = order.noise(0.16, 0.36, 60 + salt) + 0.5 * order.noise(0.9, 0.8, 64 + salt)
        sprays = np.clip(1.1 * drooping + 1.1 * (up - top), 0, 1)
        leaves = foliage(order, leaf, shade, 70 + 4 * salt, 0.10)
        colour = mix(colour, mix(leaves, order.colour(1), np.full_like(x, pale * 0.8)), sprays)
    return finish(defocus(order, colour, 0.09))


def _nodes(order: Order, colour: Field, x: Field, up: Field, at: float, half: float, foot: float, phase: float) -> None:
    """The joints of a cane: a pale ring over a dark one."""
    cols = columns(order, at, half + 0.3)
    step = half * 9
    off = (fraction(up[:, cols] / step + phase) - 0.5) * step
    inside = over(np.abs(x[:, cols] - at) - half, 0.03) * over(foot - up[:, cols], 0.1)
    colour[:, cols] = mix(colour[:, cols], colour[:, cols] * 0.55, over(np.abs(off) - 0.018, 0.02) * inside)
    colour[:, cols] = mix(colour[:, cols], order.colour(1), 0.5 * over(np.abs(off - 0.03) - 0.008, 0.02) * inside)


@pattern("outside-sea")
def sea(order: Order) -> Tile:
    """The sea to the horizon, a line of surf, sand and beach grass. Colours: sky, haze, deep water, shallows, sand."""
    x, up = place(order)
    colour = sky(order, up, 0.3)
    shore = -1.18 + 0.07 * order.noise(2.4, 2.4, 3) + 0.03 * np.sin(0.9 * x + order.seed)
    depth = np.clip(up / np.minimum(shore, -0.2), 0, 1)
    swell = order.noise(1.8, 0.045, 10) * (1 - depth) * 0.5 + order.noise(1.3, 0.11, 11) * depth
    water = mix(order.colour(2), order.colour(3), depth**1.4 + 0.10 * swell)
    water = mix(water, order.colour(1), 0.55 * np.exp(-depth * 7) + 0.06 * np.clip(swell, 0, 2))
    glint = np.clip(order.noise(0.16, 0.035, 12) - 2.0, 0, 1) * np.clip(1 - 0.5 * depth, 0, 1)
    colour = mix(colour, np.asarray(water + 2.2 * glint[..., None]), over(up, 0.03))
    sand = ground(order, up, order.colour(4), order.colour(4) * 1.04, 50)
    wet = np.exp(-np.clip(shore - up, 0, 9) / 0.10)
    colour = mix(colour, sand * (1 - 0.30 * wet)[..., None], over(up - shore, 0.05))
    for offset, strength in ((0.02, 0.95), (0.17, 0.6), (0.30, 0.4)):
        line = shore + offset + 0.035 * order.noise(0.7, 0.7, 20 + round(100 * offset))
        surf = np.exp(-(((up - line) / 0.035) ** 2)) * np.clip(0.75 + 0.5 * order.noise(0.5, 0.1, 30), 0, 1)
        colour = mix(colour, np.ones(3, np.float32), strength * surf)
    colour = mix(
        colour, _grass(order, x, up), over(up + 1.9 - 0.3 * order.noise(1.6, 5.0, 40), 0.5) * _blades(order, x, up)
    )
    return finish(defocus(order, colour, 0.09))


def _grass(order: Order, x: Field, up: Field) -> Field:
    """The colour of beach grass: sand gone green."""
    tone = 0.8 + 0.25 * order.noise(0.05, 0.6, 41)
    green = order.colour(4) * np.array([0.62, 0.72, 0.45], np.float32)
    return np.asarray(green * np.broadcast_to(tone, x.shape)[..., None] * (1 - 0.1 * np.clip(-up, 0, 3))[..., None])


def _blades(order: Order, x: Field, up: Field) -> Field:
    """Thin upright strokes that lean with the wind, 0..1."""
    lean = x - 0.5 * up
    strokes = order.noise(0.06, 0.7, 42) + 0.4 * np.sin(lean * 31)
    return np.asarray(0.75 * np.clip(0.3 + 0.5 * strokes, 0, 1))


@pattern("outside-hills")
def hills(order: Order) -> Tile:
    """Ridge behind ridge, fields and trees. Colours: sky, haze, far hills, fields, trees."""
    x, up = place(order)
    rng = np.random.default_rng(order.seed)
    colour = sky(order, up, 0.5)
    span = order.metres[0]
    layers = 5
    for index in range(layers):
        share = index / (layers - 1)
        phase = rng.uniform(0, 6.3, 3)
        cycle = 2 * np.pi * x / span
        ridge = 1.45 - 1.95 * share + (0.46 - 0.2 * share) * np.sin((2 + index) * cycle + phase[0])
        ridge = ridge + 0.13 * np.sin((4 + index) * cycle + phase[1])
        land = order.colour(2) * (1 - share) + order.colour(3) * share
        fields = 0.10 * order.noise(1.6, 0.30, 20 + index) + 0.05 * order.noise(0.3, 0.07, 30 + index)
        body = mix(
            land * (1 + share * fields * 1.6)[..., None],
            order.colour(1),
            0.62 * (1 - share) ** 1.3 + 0.10 * np.exp((up - ridge) / 0.3),
        )
        colour = mix(colour, body, over(up - ridge, 0.04))
        if index >= 2:
            woods = np.clip(
                order.noise(0.5, 0.22, 40 + index) * 1.6 - 1.5 + 0.5 * order.noise(0.12, 0.1, 50 + index), 0, 1
            )
            top = np.clip(1 - np.abs(up - ridge + 0.1) / 0.5, 0, 1)
            shaded = mix(order.colour(4), order.colour(1), np.full_like(x, 0.45 * (1 - share)))
            colour = mix(
                colour,
                shaded * (0.9 + 0.25 * order.noise(0.15, 0.15, 55))[..., None],
                woods * top * over(up - ridge - 0.10, 0.1),
            )
    meadow = ground(order, up, order.colour(3) * 0.85, order.colour(3), 60)
    colour = mix(colour, meadow, over(up + 0.95 + 0.05 * np.sin(x), 0.1))
    tree = np.hypot((x % 8.7 - 5.6) * 0.9, up - 0.55) - 0.95 - 1.0 * ragged(order, 70)
    crown = foliage(order, order.colour(4) * 1.5, order.colour(4) * 0.7, 75)
    trunk = np.maximum(np.abs(x % 8.7 - 5.6) - 0.07, np.abs(up + 0.6) - 0.6)
    colour = mix(colour, np.asarray(order.colour(4) * 0.6), over(trunk, 0.03))
    return finish(defocus(order, mix(colour, crown, over(tree, 0.12)), 0.09))
