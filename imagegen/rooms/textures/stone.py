"""Stone and what is spread by hand: flagstones, rubble walls, travertine, slate, microcement, plaster; worn metal."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.tile import Field, Key, Order, Tile, count, finish, fraction, mix, pattern, per_unit, pick


def _cells(order: Order, pitch: tuple[float, float], chaos: float, wobble: float) -> tuple[Key, Field, Field]:
    """(key, metres to the nearest joint, height of the stone's middle at 1) of irregular stones of about that pitch.

    Voronoi cells of a shaken brick bond (Worley 1996), on a torus; the distance is to the bisector of the two nearest.
    """
    width, height = order.metres
    columns, rows = count(width, pitch[0]), count(height, pitch[1], 2)
    rng = np.random.default_rng(order.seed + 17)
    shake = rng.uniform(-chaos, chaos, (columns * rows, 2)).astype(np.float32)
    x, y = order.grid()
    u = (x + wobble * order.noise(pitch[1] * 0.5, pitch[1] * 0.5, 31)) / width * columns
    v = (y + wobble * order.noise(0.1, 0.1, 32)) / height * rows
    # Where the stones lie, framed by those that come round from the other side.
    down, right = np.arange(-2, rows + 2)[:, None], np.arange(-2, columns + 2)[None, :]
    unit = (down % rows * columns + right % columns).astype(np.int32)
    at_x = (right + 0.25 + 0.5 * (down % 2) + shake[unit, 0]).astype(np.float32)
    at_y = (down + 0.5 + shake[unit, 1]).astype(np.float32)
    span = columns + 4
    cell = (np.floor(v).astype(np.int32) + 2) * span + np.floor(u).astype(np.int32) + 2
    first, second = np.full(x.shape, 9.0, np.float32), np.full(x.shape, 9.0, np.float32)
    own, other = cell, cell
    for step in (-span - 1, -span, -span + 1, -1, 0, 1, span - 1, span, span + 1):
        near = cell + step
        far = np.square(at_x.take(near) - u) + np.square(at_y.take(near) - v)
        nearer = far < first
        other = np.where(nearer, own, np.where(far < second, near, other))
        own = np.where(nearer, near, own)
        second = np.minimum(second, np.maximum(first, far))
        first = np.minimum(first, far)
    apart = np.hypot(at_x.take(other) - at_x.take(own), at_y.take(other) - at_y.take(own))
    edge = (second - first) / (2 * apart + 1e-6) * (width / columns)
    key: Key = unit.take(own)
    return key, np.asarray(edge), np.asarray(np.clip(1 - np.sqrt(first) / 0.6, 0, 1))


def _stone(order: Order, key: Key, spread: float) -> Field:
    """Colour of natural stones, each its own, clouded and flecked."""
    base = pick(order, key, range(max(1, len(order.colours) - 1)), 3)
    cloud = (
        0.09 * order.noise(0.07, 0.05, 51) + 0.05 * order.noise(0.018, 0.018, 52) + 0.04 * order.noise(0.004, 0.004, 53)
    )
    return np.asarray(base * (per_unit(order, key, spread, 7) * (1 + cloud))[..., None])


@pattern("flagstone", metres=(2.4, 2.4), detail=704)
def flagstone(order: Order) -> Tile:
    """Irregular slabs, worn round at the edges. Colours: stones (several), joint. Settings: size (0.45), joint."""
    size = order.number("size", 0.45)
    key, edge, _ = _cells(order, (size, 0.72 * size), 0.26, 0.006)
    body = _stone(order, key, 0.10) * (1 - 0.16 * np.exp(-edge / 0.02))[..., None]
    inside = np.clip((edge - order.number("joint", 0.012) / 2) / 0.005 + 0.5, 0, 1)
    grout = order.colour(len(order.colours) - 1) * (1 + 0.10 * order.noise(0.008, 0.008, 1))[..., None]
    split = 0.10 * order.noise(0.10, 0.06, 2) + 0.035 * order.noise(0.02, 0.02, 3)
    level = 0.55 + 0.8 * (per_unit(order, key, 0.08, 9) - 1) + split
    height = inside * level * np.clip(0.4 + edge / 0.03, 0, 1) + (1 - inside) * 0.1
    return finish(mix(grout, body, inside), height, 0.06 * order.noise(0.1, 0.1, 4) + 0.2 * (1 - inside))


@pattern("rubble", metres=(1.8, 1.6), detail=704)
def rubble(order: Order) -> Tile:
    """A wall of field stones in lime. Colours: stones (several), mortar. Settings: size (0.26), wash (0..1 of lime)."""
    size = order.number("size", 0.26)
    key, edge, middle = _cells(order, (size, 0.58 * size), 0.32, 0.008)
    edge = edge + 0.003 * order.noise(0.03, 0.03, 1)
    body = _stone(order, key, 0.16) * (0.80 + 0.30 * middle)[..., None]
    inside = np.clip((edge - order.number("joint", 0.016) / 2) / 0.008 + 0.5, 0, 1)
    lime = order.colour(len(order.colours) - 1) * (1 + 0.07 * order.noise(0.012, 0.012, 2))[..., None]
    colour = mix(lime, body, inside)
    wash = order.number("wash", 0.0)
    if wash > 0:
        colour = mix(colour, lime, wash + 0.16 * order.noise(0.09, 0.09, 3))
    facet = 0.07 * order.noise(0.06, 0.05, 4) + 0.012 * order.noise(0.016, 0.016, 5)
    crown = np.clip(edge / 0.045, 0, 1) ** 0.5
    level = per_unit(order, key, 0.12, 9) - 0.35
    return finish(colour, inside * (0.25 + 0.5 * crown * level + facet) + (1 - inside) * (0.22 + 0.3 * facet))


@pattern("travertine", metres=(1.6, 1.6), detail=704)
def travertine(order: Order) -> Tile:
    """Banded limestone, its pores drawn out along the bands. Colours: light, dark, pore. Settings: filled (0..1)."""
    bands = 0.55 * order.noise(1.1, 0.055, 1) + 0.35 * order.noise(0.5, 0.018, 2) + 0.2 * order.noise(0.2, 0.006, 3)
    cloud = 0.35 * order.noise(0.25, 0.15, 4) + 0.08 * order.noise(0.006, 0.006, 5)
    pores = np.clip((order.noise(0.022, 0.0045, 6) + 0.5 * order.noise(0.3, 0.03, 7) - 1.75) * 2.2, 0, 1)
    pores = pores * (1 - order.number("filled", 0.35))
    colour = mix(order.colour(0), order.colour(1), 0.42 + 0.24 * bands + 0.18 * cloud)
    colour = mix(colour, order.colour(2), 0.75 * pores)
    return finish(colour, 0.8 - 0.65 * pores + 0.02 * bands, 0.35 * pores)


@pattern("slate", metres=(1.8, 1.2), detail=704)
def slate(order: Order) -> Tile:
    """Riven slate in slabs. Colours: dark, light, joint. Settings: slab (metres wide, 0.6; 0 none)."""
    x, y = order.grid()
    cleft = 0.55 * order.noise(0.14, 0.09, 1) + 0.35 * order.noise(0.035, 0.02, 2)
    ledge = np.round(cleft * 2.5 + 0.3 * order.noise(0.02, 0.02, 3)) / 2.5
    share = 0.35 + 0.16 * cleft + 0.14 * ledge + 0.05 * order.noise(0.004, 0.004, 4)
    colour = mix(order.colour(0), order.colour(1), share)
    height = 0.5 + 0.13 * ledge + 0.10 * cleft
    slab = order.number("slab", 0.6)
    if slab > 0:
        nx, ny = count(order.metres[0], slab), count(order.metres[1], slab / 2, 2)
        v = y / order.metres[1] * ny
        row = np.floor(v).astype(np.int32)
        u = x / order.metres[0] * nx + 0.5 * (row % 2)
        key = row * nx + np.floor(u).astype(np.int32) % nx
        edge = np.minimum(
            np.minimum(fraction(u), 1 - fraction(u)) * order.metres[0] / nx,
            np.minimum(fraction(v), 1 - fraction(v)) * order.metres[1] / ny,
        )
        inside = np.clip((edge - 0.002) / 0.0025 + 0.5, 0, 1)
        colour = mix(order.colour(2), colour * per_unit(order, key, 0.09)[..., None], inside)
        height = inside * height
    return finish(colour, height, 0.05 * ledge)


@pattern("microcement", metres=(3.2, 3.2), detail=704)
def microcement(order: Order) -> Tile:
    """A seamless trowelled skin, cloudy in sweeps of the steel. Colours: light, dark. Settings: mottle (1)."""
    sweep = 0.5 * order.noise(0.5, 0.28, 1) + 0.4 * order.noise(0.22, 0.42, 2) + 0.22 * order.noise(0.16, 0.035, 3)
    fine = 0.16 * order.noise(0.03, 0.07, 4) + 0.06 * order.noise(0.008, 0.008, 5)
    share = 0.42 + 0.20 * order.number("mottle", 1.0) * (sweep + fine)
    return finish(mix(order.colour(0), order.colour(1), share), 0.5 + 0.12 * sweep + 0.08 * fine, 0.06 * sweep)


@pattern("plaster", metres=(2.6, 2.6), detail=704)
def plaster(order: Order) -> Tile:
    """Rough plaster: strokes of the trowel, stray pits. Colours: base, shade. Settings: rough (1), mottle (1)."""
    rough, mottle = order.number("rough", 1.0), order.number("mottle", 1.0)
    blow = order.noise(0.24, 0.16, 1)
    strokes = np.maximum(order.noise(0.16, 0.05, 2), order.noise(0.05, 0.15, 3))
    grit = order.noise(0.007, 0.007, 4)
    pits = np.clip(order.noise(0.012, 0.012, 5) - 2.2, 0, 1)
    share = 0.30 + mottle * (0.15 * order.noise(0.5, 0.5, 6) + 0.10 * blow - 0.07 * strokes + 0.02 * grit) + 0.3 * pits
    height = 0.5 + rough * (0.10 * blow + 0.11 * strokes + 0.025 * grit) - 0.25 * pits
    return finish(mix(order.colour(0), order.colour(1), share), height, 0.03 * strokes)


@pattern("rust", metres=(1.2, 1.2), detail=512)
def rust(order: Order) -> Tile:
    """Rusted sheet iron. Colours: iron, rust, bright rust. Settings: amount (0..1, 0.5)."""
    bloom = 0.6 * order.noise(0.16, 0.2, 1) + 0.45 * order.noise(0.04, 0.05, 2) + 0.3 * order.noise(0.01, 0.01, 3)
    cover = np.clip((bloom + 2.4 * (order.number("amount", 0.5) - 0.5)) * 1.6 + 0.5, 0, 1)
    colour = mix(order.colour(0), order.colour(1), cover)
    colour = mix(colour, order.colour(2), cover * np.clip(0.25 + 0.35 * order.noise(0.02, 0.02, 4), 0, 0.8))
    return finish(colour, 0.4 + cover * (0.2 + 0.08 * order.noise(0.005, 0.005, 5)), 0.35 * cover)


@pattern("hammered", metres=(0.4, 0.4), detail=384)
def hammered(order: Order) -> Tile:
    """Metal beaten with a round hammer; with metallic 1. Colours: metal, dark in the dents' edges. Settings: size."""
    size = order.number("size", 0.022)
    key, edge, middle = _cells(order, (size, size), 0.30, 0.0)
    colour = mix(order.colour(1), order.colour(0), np.clip(0.55 + edge / (0.3 * size), 0, 1))
    return finish(colour * per_unit(order, key, 0.03)[..., None], 1 - 0.8 * middle, 0.04 * order.noise(0.02, 0.02, 1))
