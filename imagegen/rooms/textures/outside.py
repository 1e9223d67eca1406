"""What lies before the windows: a card far outside the room, bright as day. The tile is the whole card.

Each view is painted sharp, with highlights above white, and then put out of focus with the disc of a lens (thin-lens
circle of confusion, Potmesil and Chakravarty 1981), so that bright leaves and waves spread into soft round lights.
Eye level lies ``HORIZON`` metres above the card's lower edge.
"""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Field, Order, Tile, finish, pattern

HORIZON = 3.6
"""Metres from the card's lower edge to where a standing person looks level (the card begins 2.2 m below the floor)."""
BLUR = 0.075
"""Metres on the card: radius of the disc that a point spreads to."""


def _place(order: Order) -> tuple[Field, Field]:
    """Metres across and metres above the horizon of each pixel; low cards have their horizon at two fifths."""
    x, y = order.grid()
    level = min(HORIZON, 0.42 * order.metres[1])
    return x, order.metres[1] - y - level


def _mix(one: Field, other: Field, share: Field) -> Field:
    """``one`` where the share is 0, ``other`` where it is 1."""
    part = np.clip(share, 0, 1)[..., None]
    return np.asarray(one * (1 - part) + other * part)


def _over(distance: Field, soft: float) -> Field:
    """A cover of 0..1 from a signed distance in metres: 1 where it is negative."""
    return np.asarray(np.clip(0.5 - distance / soft, 0, 1))


def _defocus(order: Order, image: Field, radius: float = BLUR) -> Field:
    """The picture (H, W, 3) convolved with a disc; the card's upper and lower edges go on as they end."""
    pixel = order.metres[0] / order.pixels[0]
    reach = radius / pixel
    pad = int(reach) + 2
    wide = np.pad(image, ((pad, pad), (0, 0), (0, 0)), mode="edge")
    height, width = wide.shape[:2]
    fy = np.minimum(np.arange(height), height - np.arange(height))[:, None]
    fx = np.minimum(np.arange(width), width - np.arange(width))[None, :]
    disc = np.clip(reach + 0.5 - np.hypot(fy, fx), 0, 1)
    lens = np.fft.rfft2(disc / disc.sum())[..., None]
    out = np.fft.irfft2(np.fft.rfft2(wide, axes=(0, 1)) * lens, s=(height, width), axes=(0, 1))
    return np.asarray(out[pad:-pad], np.float32)


def _sky(order: Order, up: Field, clouds: float = 0.25) -> Field:
    """Haze at the horizon, the sky's own colour above, thin cloud."""
    colour = _mix(order.colour(1), order.colour(0), up / 3.2)
    veil = clouds * np.clip(order.noise(3.5, 0.5, 90) * 0.6 + order.noise(0.9, 0.22, 91) * 0.4, 0, 1.5)
    return _mix(colour, np.ones(3, np.float32) * 0.92, veil * np.clip(up / 1.5, 0, 1))


def _foliage(order: Order, leaf: Field, shade: Field, salt: int, size: float = 0.11, shine: float = 1.0) -> Field:
    """Masses of leaves, lit from above: clumps, single leaves, and a few that mirror the sky."""
    clump = 0.55 * order.noise(0.9, 0.7, salt) + 0.45 * order.noise(0.34, 0.28, salt + 1)
    leaves = order.noise(size, size * 0.8, salt + 2)
    colour = _mix(shade, leaf, 0.50 + 0.24 * clump + 0.20 * leaves)
    glint = np.clip(order.noise(size * 0.7, size * 0.6, salt + 3) + 0.4 * clump - 1.75, 0, 1.2)
    return np.asarray(colour * (1 + 2.6 * shine * glint)[..., None] + 0.35 * shine * glint[..., None])


def _ragged(order: Order, salt: int, amount: float = 1.0) -> Field:
    """Metres by which the edge of a mass of leaves comes and goes."""
    coarse = 0.34 * order.noise(1.5, 1.2, salt) + 0.16 * order.noise(0.5, 0.45, salt + 1)
    return np.asarray(amount * (coarse + 0.07 * order.noise(0.16, 0.15, salt + 2)))


def _ground(order: Order, up: Field, near: Field, far: Field, salt: int) -> Field:
    """A lawn or a floor that lies level: its grain grows finer and paler towards the horizon."""
    depth = np.clip(-up / 2.6, 0, 1)
    grain = 0.16 * order.noise(0.9, 0.12, salt) + 0.10 * order.noise(0.22, 0.05, salt + 1)
    return np.asarray(_mix(far, near, depth) * (1 + grain * (0.3 + 0.7 * depth))[..., None])


@pattern("outside-garden")
def garden(order: Order) -> Tile:
    """A lawn, a border and trees under a pale sky. Colours: sky, haze, leaves, shade."""
    x, up = _place(order)
    leaf, shade = order.colour(2), order.colour(3)
    colour = _sky(order, up)
    far = _mix(_foliage(order, leaf, shade, 10, 0.14), order.colour(1), np.full_like(x, 0.55))
    colour = _mix(colour, far, _over(up - 1.15 - _ragged(order, 20, 1.3), 0.12))
    lawn = _ground(order, up, leaf * 0.92, leaf * 0.55 + order.colour(1) * 0.45, 50)
    colour = _mix(colour, lawn, _over(up + 0.55, 0.1))
    near = _mix(_foliage(order, leaf, shade, 30), order.colour(1), np.full_like(x, 0.16))
    hedge = 0.05 + _ragged(order, 40, 1.1)
    tree = np.hypot((x % 7.3 - 2.4) * 0.75, up - 2.6) - 1.35 - 1.5 * _ragged(order, 44)
    colour = _mix(colour, near * 0.9, _over(np.maximum(up - hedge, -0.75 - up - 0.4 * hedge), 0.1))
    colour = _mix(colour, near, _over(tree, 0.16))
    return finish(_defocus(order, colour))


@pattern("outside-forest")
def forest(order: Order) -> Tile:
    """Trunks and light between leaves. Colours: sky, haze, leaves, shade, bark."""
    x, up = _place(order)
    leaf, shade, bark = order.colour(2), order.colour(3), order.colour(4)
    rng = np.random.default_rng(order.seed)
    gaps = np.clip(0.5 + 0.5 * order.noise(0.5, 0.5, 5) + 0.35 * order.noise(0.16, 0.16, 6), 0, 1)
    colour = _mix(
        _foliage(order, leaf, shade, 10, 0.15), order.colour(1), 0.42 + 0.5 * gaps * np.clip((up + 0.6) / 2, 0, 1)
    )
    floor = _ground(order, up, leaf * 0.5 + shade * 0.5, leaf * 0.6 + order.colour(1) * 0.4, 50)
    colour = _mix(colour, floor, _over(up + 0.35 + 0.2 * order.noise(1.2, 1.0, 52), 0.35))
    for layer, (count, pale) in enumerate(((16, 0.55), (9, 0.28), (5, 0.04))):
        wide = (0.09, 0.15, 0.24)[layer]
        foot = (-0.35, -0.8, -1.5)[layer]
        for _ in range(count):
            at, lean = rng.uniform(0, order.metres[0]), rng.uniform(-0.03, 0.03)
            thick = wide * rng.uniform(0.6, 1.2) * np.clip(1.1 - 0.05 * up, 0.6, 1.3)
            off = (x - at - lean * up + 0.02 * np.sin(2 * up + at)) / thick
            lit = _mix(bark * 0.55, bark * 1.25, 0.5 - 0.55 * off)
            cover = _over((np.abs(off) - 1) * thick, 0.03) * _over(foot - up, 0.2)
            colour = _mix(colour, _mix(lit, order.colour(1), np.full_like(x, pale)), cover)
        edge = (1.9, 2.6, 3.6)[layer] + 1.8 * _ragged(order, 60 + 3 * layer)
        crown = _mix(_foliage(order, leaf, shade, 70 + 4 * layer), order.colour(1), np.full_like(x, pale * 0.7))
        colour = _mix(
            colour, crown, _over(edge - up, 0.15) * np.clip(0.8 + 0.4 * order.noise(0.3, 0.3, 80 + layer), 0, 1)
        )
    fern = -1.05 + 0.9 * _ragged(order, 85)
    colour = _mix(colour, _foliage(order, leaf, shade, 95, 0.09), _over(up - fern, 0.1))
    return finish(_defocus(order, colour))


@pattern("outside-bamboo")
def bamboo(order: Order) -> Tile:
    """A grove of bamboo over moss, light falling through. Colours: sky, haze, culms, leaves, shade."""
    x, up = _place(order)
    culm, leaf, shade = order.colour(2), order.colour(3), order.colour(4)
    rng = np.random.default_rng(order.seed)
    glow = np.clip(0.45 + 0.30 * order.noise(1.2, 1.0, 5) + 0.12 * up, 0, 1)
    colour = _mix(_foliage(order, leaf, shade, 10, 0.16), order.colour(1), 0.30 + 0.55 * glow)
    moss = _ground(order, up, leaf * 0.62, leaf * 0.6 + order.colour(1) * 0.4, 50)
    colour = _mix(colour, moss, _over(up + 0.45 + 0.12 * order.noise(1.5, 1.0, 52), 0.25))
    for count, wide, pale, foot in ((46, 0.028, 0.50, -0.4), (26, 0.042, 0.26, -0.75), (13, 0.060, 0.04, -1.3)):
        for _ in range(count):
            at, lean = rng.uniform(0, order.metres[0]), rng.normal(0, 0.035)
            off = (x - at - lean * up) / wide
            node = np.abs((up / (wide * 9) + rng.uniform()) % 1.0 - 0.5) * wide * 9
            tone = culm * rng.uniform(0.8, 1.15)
            lit = _mix(tone * 0.5, tone * 1.3, 0.55 - 0.5 * off) * (1 - 0.35 * _over(node - 0.012, 0.02))[..., None]
            cover = _over((np.abs(off) - 1) * wide, 0.02) * _over(foot - up, 0.1)
            colour = _mix(colour, _mix(lit, order.colour(1), np.full_like(x, pale)), cover)
        sprays = np.clip(1.5 * order.noise(0.42, 0.16, 60 + count) + 0.5 * up - 1.1, 0, 1)
        colour = _mix(
            colour,
            _mix(_foliage(order, leaf, shade, 70 + count, 0.07), order.colour(1), np.full_like(x, pale * 0.8)),
            sprays,
        )
    return finish(_defocus(order, colour, 0.055))


@pattern("outside-sea")
def sea(order: Order) -> Tile:
    """The sea to the horizon, a line of surf, sand and beach grass. Colours: sky, haze, deep water, shallows, sand."""
    x, up = _place(order)
    colour = _sky(order, up, 0.45)
    shore = -1.18 + 0.07 * order.noise(2.4, 2.4, 3) + 0.03 * np.sin(0.9 * x + order.seed)
    depth = np.clip(up / np.minimum(shore, -0.2), 0, 1)
    swell = order.noise(1.8, 0.045, 10) * (1 - depth) * 0.5 + order.noise(1.3, 0.11, 11) * depth
    water = _mix(order.colour(2), order.colour(3), depth**1.4 + 0.10 * swell)
    water = _mix(water, order.colour(1), 0.55 * np.exp(-depth * 7) + 0.06 * np.clip(swell, 0, 2))
    glint = np.clip(order.noise(0.16, 0.035, 12) - 2.0, 0, 1) * np.clip(1 - 0.5 * depth, 0, 1)
    colour = _mix(colour, np.asarray(water + 2.2 * glint[..., None]), _over(up, 0.03))
    sand = _ground(order, up, order.colour(4), order.colour(4) * 1.04, 50)
    wet = np.exp(-np.clip(shore - up, 0, 9) / 0.10)
    colour = _mix(colour, sand * (1 - 0.30 * wet)[..., None], _over(up - shore, 0.05))
    for offset, strength in ((0.02, 0.95), (0.17, 0.6), (0.30, 0.4)):
        line = shore + offset + 0.035 * order.noise(0.7, 0.7, 20 + round(100 * offset))
        surf = np.exp(-(((up - line) / 0.035) ** 2)) * np.clip(0.75 + 0.5 * order.noise(0.5, 0.1, 30), 0, 1)
        colour = _mix(colour, np.ones(3, np.float32), strength * surf)
    colour = _mix(
        colour, _grass(order, x, up), _over(up + 1.75 - 0.55 * order.noise(1.3, 5.0, 40), 0.2) * _blades(order, x, up)
    )
    return finish(_defocus(order, colour, 0.06))


def _grass(order: Order, x: Field, up: Field) -> Field:
    """The colour of beach grass: sand gone green."""
    tone = 0.8 + 0.25 * order.noise(0.05, 0.6, 41)
    green = order.colour(4) * np.array([0.62, 0.72, 0.45], np.float32)
    return np.asarray(green * np.broadcast_to(tone, x.shape)[..., None] * (1 - 0.1 * np.clip(-up, 0, 3))[..., None])


def _blades(order: Order, x: Field, up: Field) -> Field:
    """Thin upright strokes that lean with the wind, 0..1."""
    lean = x - 0.25 * up
    strokes = order.noise(0.045, 1.2, 42) + 0.4 * np.sin(lean * 31)
    return np.asarray(np.clip(0.5 + 0.6 * strokes, 0, 1))


@pattern("outside-hills")
def hills(order: Order) -> Tile:
    """Ridge behind ridge, fields and trees. Colours: sky, haze, far hills, fields, trees."""
    x, up = _place(order)
    rng = np.random.default_rng(order.seed)
    colour = _sky(order, up, 0.5)
    span = order.metres[0]
    layers = 5
    for index in range(layers):
        share = index / (layers - 1)
        phase = rng.uniform(0, 6.3, 3)
        cycle = 2 * np.pi * x / span
        ridge = 1.25 - 1.75 * share + (0.42 - 0.2 * share) * np.sin((2 + index) * cycle + phase[0])
        ridge = ridge + 0.13 * np.sin((5 + 2 * index) * cycle + phase[1]) + 0.03 * order.noise(0.3, 3.0, 10 + index)
        land = order.colour(2) * (1 - share) + order.colour(3) * share
        fields = 0.10 * order.noise(1.6, 0.30, 20 + index) + 0.05 * order.noise(0.3, 0.07, 30 + index)
        body = _mix(
            land * (1 + share * fields * 1.6)[..., None],
            order.colour(1),
            0.62 * (1 - share) ** 1.3 + 0.10 * np.exp((up - ridge) / 0.3),
        )
        colour = _mix(colour, body, _over(up - ridge, 0.04))
        if index >= 2:
            woods = np.clip(
                order.noise(0.5, 0.22, 40 + index) * 1.6 - 1.5 + 0.5 * order.noise(0.12, 0.1, 50 + index), 0, 1
            )
            top = np.clip(1 - np.abs(up - ridge + 0.1) / 0.5, 0, 1)
            shaded = _mix(order.colour(4), order.colour(1), np.full_like(x, 0.45 * (1 - share)))
            colour = _mix(
                colour,
                shaded * (0.9 + 0.25 * order.noise(0.15, 0.15, 55))[..., None],
                woods * top * _over(up - ridge - 0.10, 0.1),
            )
    meadow = _ground(order, up, order.colour(3) * 0.85, order.colour(3), 60)
    colour = _mix(colour, meadow, _over(up + 0.95 + 0.05 * np.sin(x), 0.1))
    tree = np.hypot((x % 8.7 - 5.6) * 0.9, up - 0.55) - 0.95 - 1.0 * _ragged(order, 70)
    crown = _foliage(order, order.colour(4) * 1.5, order.colour(4) * 0.7, 75)
    trunk = np.maximum(np.abs(x % 8.7 - 5.6) - 0.07, np.abs(up + 0.6) - 0.6)
    colour = _mix(colour, np.asarray(order.colour(4) * 0.6), _over(trunk, 0.03))
    return finish(_defocus(order, _mix(colour, crown, _over(tree, 0.12)), 0.06))


@pattern("outside-courtyard")
def courtyard(order: Order) -> Tile:
    """A sunlit wall with leaves before it. Colours: sky, wall, leaves, shade, ground."""
    x, up = _place(order)
    wall, leaf, shade = order.colour(1), order.colour(2), order.colour(3)
    colour = _mix(wall, order.colour(0), np.full_like(x, 0.9))
    top = 1.55
    plaster = wall * (1 + 0.035 * order.noise(0.9, 0.7, 5) + 0.02 * order.noise(0.2, 0.1, 6))[..., None]
    dapple = np.clip(0.9 * order.noise(0.42, 0.30, 7) + 0.5 * order.noise(0.14, 0.11, 8) - 0.35 + 0.25 * up, 0, 1)
    plaster = plaster * (1 - 0.34 * dapple * np.array([[[1.0]]]).squeeze())[..., None]
    colour = _mix(colour, plaster, _over(up - top, 0.02))
    colour = _mix(colour, wall * 0.72, _over(np.abs(up - top + 0.05) - 0.025, 0.03))
    behind = _mix(_foliage(order, leaf, shade, 10), wall, np.full_like(x, 0.35))
    colour = _mix(colour, behind, _over(np.maximum(top - up, up - top - 0.75 - 1.6 * _ragged(order, 20)), 0.1))
    paving = _ground(order, up, order.colour(4), order.colour(4) * 1.05, 50)
    colour = _mix(colour, paving * (1 - 0.25 * dapple)[..., None], _over(up + 1.05, 0.03))
    rng = np.random.default_rng(order.seed)
    for _ in range(max(2, round(order.metres[0] / 3.2))):
        at, size = rng.uniform(0, order.metres[0]), rng.uniform(0.5, 0.95)
        colour = _shrub(order, colour, (x, up), at, size, rng)
    return finish(_defocus(order, colour, 0.05))


def _shrub(
    order: Order, colour: Field, place: tuple[Field, Field], at: float, size: float, rng: np.random.Generator
) -> Field:
    """A potted plant of long arching leaves before the wall."""
    x, up = place
    foot = -1.15
    pot = np.maximum(np.abs(x - at) - 0.22 - 0.12 * (up - foot), np.abs(up - foot - 0.2) - 0.26)
    colour = _mix(colour, order.colour(4) * 0.62, _over(pot, 0.03))
    for _ in range(34):
        angle = rng.uniform(-1.25, 1.25)
        length = size * rng.uniform(0.9, 2.1)
        u = np.clip(((x - at) * np.sin(angle) + (up - foot - 0.4) * np.cos(angle)) / length, 0, 1)
        arc = 0.32 * length * np.sign(angle) * abs(np.sin(angle)) * u**2
        line = np.hypot(x - at - np.sin(angle) * length * u, up - foot - 0.4 - np.cos(angle) * length * u + np.abs(arc))
        blade = line - 0.075 * size * np.sqrt(u * (1 - u) * 4) - 0.004
        tone = order.colour(2) * rng.uniform(0.7, 1.25) + order.colour(3) * rng.uniform(0, 0.3)
        colour = _mix(colour, tone, _over(blade, 0.02) * 0.95)
    return colour


@pattern("outside-city")
def city(order: Order) -> Tile:
    """Facades across the street under the sky, far ones pale. Colours: sky, haze, facade, windows."""
    x, up = _place(order)
    rng = np.random.default_rng(order.seed)
    colour = _sky(order, up)
    for pale, low, high, step in ((0.62, 1.6, 3.4, 1.5), (0.20, 0.4, 2.4, 2.4)):
        at = -rng.uniform(0, step)
        while at < order.metres[0]:
            wide, top = step * rng.uniform(0.7, 1.3), rng.uniform(low, high)
            face = _facade(order, x - at, up - top, order.colour(2) * rng.uniform(0.75, 1.2), rng)
            body = _over(np.maximum(np.abs(x - at - wide / 2) - wide / 2, up - top), 0.03)
            colour = _mix(colour, _mix(face, order.colour(1), np.full_like(x, pale)), body)
            at += wide
    street = _mix(order.colour(2) * 0.5, order.colour(1), np.full_like(x, 0.35))
    colour = _mix(colour, street, _over(up + 1.9, 0.1))
    return finish(_defocus(order, colour, 0.05))


def _facade(order: Order, x: Field, down: Field, wall: Field, rng: np.random.Generator) -> Field:
    """Rows of windows under a cornice; some panes mirror the sky."""
    across, storey = rng.uniform(0.36, 0.5), rng.uniform(0.55, 0.7)
    u, v = (x / across) % 1.0, (-down / storey) % 1.0
    pane = _over(np.maximum(np.abs(u - 0.5) - 0.26, np.abs(v - 0.55) - 0.29) * across, 0.03)
    key = np.floor(x / across) * 7.0 + np.floor(-down / storey) * 13.0
    mirror = (np.sin(key * 12.9898 + rng.uniform(0, 6)) * 0.5 + 0.5) ** 3
    glass = _mix(wall * 0.35, order.colour(3), mirror)
    face = wall * (1 + 0.05 * order.noise(0.5, 0.4, 7))[..., None]
    cornice = _over(np.abs(down + 0.06) - 0.05, 0.03)
    return _mix(_mix(face, glass, 0.85 * pane), wall * 1.25, cornice)
