"""Cloth and plaited work beside the plain weave: linens, corduroy, knits, stripes, checks, fur, cane, cord, bamboo."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.cloth import threads
from imagegen.rooms.textures.tile import Field, Order, Tile, count, finish, fraction, line, mix, pattern, per_unit


@pattern("linen", metres=(0.5, 0.5), detail=576)
def linen(order: Order) -> Tile:
    """Fine linen: uneven threads, thick slubs that run for centimetres. Colours: warp, weft. Settings: pitch, slub."""
    height, over, slub = threads(order, order.number("pitch", 0.0018))
    thick = np.clip(order.noise(0.0014, 0.05, 11) - 1.7, 0, 1) + np.clip(order.noise(0.05, 0.0014, 12) - 1.6, 0, 1)
    uneven = 0.5 * order.noise(0.0012, 0.3, 13) + 0.5 * order.noise(0.3, 0.0012, 14)
    base = np.where(over[..., None], order.colour(0), order.colour(1))
    amount = order.number("slub", 1.0)
    tone = 1 + amount * (0.05 * slub + 0.045 * uneven + 0.10 * thick) + 0.16 * (height - 0.6)
    return finish(base * tone[..., None], 0.75 * height + 0.25 * np.clip(thick, 0, 1))


@pattern("washed-linen", metres=(0.9, 0.9), detail=640)
def washed_linen(order: Order) -> Tile:
    """Linen after the wash: soft crumples, paler on their ridges. Colours: warp, weft. Settings: crumple (1)."""
    cloth = linen(order)
    amount = order.number("crumple", 1.0)
    ridge = 0.5 - np.abs(order.noise(0.09, 0.05, 21)) * 0.5 + 0.4 * order.noise(0.05, 0.08, 22)
    faded = 1 + amount * (0.05 * ridge + 0.025 * order.noise(0.2, 0.2, 23))
    assert cloth.height is not None
    return finish(cloth.colour * faded[..., None], 0.25 * cloth.height + 0.30 + amount * 0.16 * ridge)


@pattern("corduroy", metres=(0.32, 0.32), detail=448)
def corduroy(order: Order) -> Tile:
    """Cut ribs along y. Colours: pile, valley. Settings: wale (metres a rib, 0.006)."""
    x, _ = order.grid()
    ribs = count(order.metres[0], order.number("wale", 0.006))
    rib = np.abs(np.sin(np.pi * (x / order.metres[0] * ribs + 0.02 * order.noise(0.004, 0.1, 1)))) ** 0.6
    pile = 0.06 * order.noise(0.002, 0.004, 2) + 0.05 * order.noise(0.06, 0.12, 3)
    colour = mix(order.colour(1), order.colour(0), 0.15 + 0.85 * rib) * (1 + pile)[..., None]
    return finish(colour, rib)


@pattern("knit", metres=(0.36, 0.36), detail=448)
def knit(order: Order) -> Tile:
    """Chunky knitting: rows of stitches, with cables between. Colours: yarn, shade.

    Settings: stitch (metres wide, 0.010), cable (metres apart, 0.09; 0 none).
    """
    x, y = order.grid()
    x = x + 0.0006 * order.noise(0.03, 0.03, 2)
    stitches, rows = count(order.metres[0], order.number("stitch", 0.010)), count(order.metres[1], 0.0085)
    v = y / order.metres[1] * rows
    height = 0.62 * _stitches(fraction(x / order.metres[0] * stitches) * 2 - 1, v)
    apart = order.number("cable", 0.09)
    if apart > 0:
        cables, turns = count(order.metres[0], apart), count(order.metres[1], 0.06)
        u = (fraction(x / order.metres[0] * cables) - 0.5) * order.metres[0] / cables
        height = height * np.clip(np.abs(np.abs(u) - 0.019) / 0.004, 0.25, 1)  # the gutter beside a cable
        phase = 2 * np.pi * y / order.metres[1] * turns
        inside = np.abs(u) < 0.019
        height = np.where(inside, 0.15 * height, height)
        for way in (0.0, np.pi):
            across = (u - 0.0085 * np.sin(phase + way)) / 0.0095
            round_ = np.sqrt(np.clip(1 - across**2, 0, 1)) * (0.80 + 0.20 * np.cos(phase + way))
            height = np.maximum(height, round_ * (0.55 + 0.45 * _stitches(across, v)))
    height = height + 0.035 * order.noise(0.0015, 0.004, 1)
    return finish(mix(order.colour(1), order.colour(0), 0.20 + 0.9 * height), height)


def _stitches(across: Field, row: Field) -> Field:
    """Heights of one wale, -1..1 across: two legs that lean towards its middle, a pair a row."""
    leg = np.abs(across)
    oval = np.sin(np.pi * fraction(row - 0.62 * leg)) ** 0.6
    return np.asarray(oval * np.clip(np.sin(np.pi * np.clip(leg, 0, 1)), 0, 1) ** 0.5)


def _woven(order: Order, colour: Field) -> Tile:
    """A dyed cloth: the colours are laid over a plain weave."""
    height, _, slub = threads(order, order.number("pitch", 0.0018))
    tone = 1 + 0.045 * slub + 0.16 * (height - 0.6) + 0.018 * order.noise(0.08, 0.08, 5)
    return finish(colour * tone[..., None], height)


@pattern("stripe", metres=(0.48, 0.48), detail=576)
def stripe(order: Order) -> Tile:
    """Stripes along y. Colours: ground, stripe, second stripe. Settings: pitch, repeat (0.08), share (0.4), kind.

    ``kind``: "even" one stripe a repeat, "ticking" a stripe between two hairlines, "double" two of them.
    """
    x, _ = order.grid()
    repeat = order.metres[0] / count(order.metres[0], order.number("repeat", 0.08))
    at = ((x + 0.0004 * order.noise(0.01, 0.1, 6)) % repeat) / repeat - 0.5
    soft = 0.0012 / repeat
    share = order.number("share", 0.4)
    kind = str(order.settings.get("kind", "even"))
    ground = np.broadcast_to(order.colour(0), (*x.shape, 3))
    if kind == "ticking":
        thin = line(np.abs(at) - 0.5 * share - 0.09, 0.035, soft)
        return _woven(order, mix(mix(ground, order.colour(1), line(at, 0.6 * share, soft)), order.colour(2), thin))
    if kind == "double":
        return _woven(order, mix(ground, order.colour(1), line(np.abs(at) - 0.3 * share, 0.4 * share, soft)))
    return _woven(order, mix(ground, order.colour(1), line(at, share, soft)))


@pattern("check", metres=(0.48, 0.48), detail=576)
def check(order: Order) -> Tile:
    """Gingham or plaid. Colours: ground, band, second band, line. Settings: repeat (0.12), plaid (false).

    Gingham: bands in both directions, darkest where they cross. Plaid: broad bands, narrow ones and a hairline.
    """
    x, y = order.grid()
    bands = []
    plaid = bool(order.settings.get("plaid", False))
    for axis, metres in ((x, order.metres[0]), (y, order.metres[1])):
        repeat = metres / count(metres, order.number("repeat", 0.12))
        at = (axis % repeat) / repeat - 0.5
        soft = 0.0014 / repeat
        broad = line(at, 0.40 if plaid else 0.5, soft)
        bands.append((broad, line(np.abs(at) - 0.32, 0.09, soft), line(np.abs(at) - 0.09, 0.022, soft)))
    twill = 0.5 + 0.12 * np.where((np.floor(x / 0.002) + np.floor(y / 0.002)) % 3 == 0, 1.0, -0.5)
    colour = np.broadcast_to(order.colour(0), (*x.shape, 3))
    for kind in range(3 if plaid else 1):
        for band, share in ((bands[0][kind], twill), (bands[1][kind], 1 - twill)):
            colour = mix(colour, order.colour(1 + kind), band * share)
    return _woven(order, colour)


@pattern("fur", metres=(0.6, 0.6), detail=576)
def fur(order: Order) -> Tile:
    """Sheepskin: long wool that falls in soft locks. Colours: tip, root."""
    x, y = order.grid()
    width, height = order.pixels
    shift = 0.010 * order.noise(0.12, 0.12, 1), 0.005 * order.noise(0.12, 0.12, 2)
    column = ((x + shift[0]) / order.metres[0] * width).astype(np.int32) % width
    row = ((y + shift[1]) / order.metres[1] * height).astype(np.int32) % height
    place = row * width + column
    hair = order.noise(0.0024, 0.014, 3).take(place)
    strand = order.noise(0.006, 0.022, 4).take(place)
    lock = order.noise(0.022, 0.034, 5).take(place)
    depth = np.clip(0.60 + 0.17 * np.tanh(lock) + 0.10 * strand + 0.085 * hair, 0, 1)
    colour = mix(order.colour(1), order.colour(0), 0.25 + depth) * (1 + 0.03 * order.noise(0.12, 0.12, 6))[..., None]
    return finish(colour, depth)


@pattern("cane", metres=(0.144, 0.144), detail=448)
def cane(order: Order) -> Tile:
    """Open cane weave (six-way): holes are clear. Colours: cane, shade. Settings: pitch (metres a hole, 0.012)."""
    x, y = order.grid()
    columns, rows = count(order.metres[0], order.number("pitch", 0.012)), count(order.metres[1], 0.012)
    u, v = x / order.metres[0] * columns, y / order.metres[1] * rows
    soft = 1.3 * columns / order.pixels[0]
    shape, top = np.zeros_like(x), np.zeros_like(x)
    strands = ((u, 0.30, 0.13, v), (v, 0.30, 0.13, u), (u + v + 0.5, 0.0, 0.20, u - v), (u - v + 0.5, 0.0, 0.20, u + v))
    for place, pair, wide, run in strands:
        at = np.abs(fraction(place) - 0.5)
        off = np.abs(0.5 - at) - pair / 2 if pair else 0.5 - at
        body = line(off, wide, soft)
        arch = np.sqrt(np.clip(1 - (off / (0.55 * wide)) ** 2, 0, 1)) * (0.8 + 0.2 * np.cos(2 * np.pi * run))
        top = np.maximum(top, body * arch)
        shape = np.maximum(shape, body)
    share = np.clip(1.15 * top, 0, 1)
    colour = mix(order.colour(1), order.colour(0), share) * (1 + 0.04 * order.noise(0.02, 0.02, 1))[..., None]
    made = finish(colour, top)
    return Tile(made.colour, made.height, None, shape.astype(np.float32))


@pattern("rattan", metres=(0.36, 0.36), detail=448)
def rattan(order: Order) -> Tile:
    """Poles side by side along x with a few joints. Colours: light, dark, gap. Settings: pole (metres, 0.012)."""
    return _poles(order, count(order.metres[1], order.number("pole", 0.012)), 0.9, 0.03)


@pattern("bamboo", metres=(0.9, 0.45), detail=704)
def bamboo(order: Order) -> Tile:
    """Split bamboo slats along x, their knots here and there. Colours: light, dark, gap. Settings: slat (0.008)."""
    return _poles(order, count(order.metres[1], order.number("slat", 0.008)), 0.45, 0.075)


def _poles(order: Order, rows: int, crown: float, streak: float) -> Tile:
    x, y = order.grid()
    v = y / order.metres[1] * rows
    row = np.minimum(v.astype(np.int32), rows - 1)
    v = v - row
    rng = np.random.default_rng(order.seed)
    knot = rng.uniform(0, order.metres[0], rows).astype(np.float32)[row]
    away = np.abs((x - knot + order.metres[0] / 2) % order.metres[0] - order.metres[0] / 2)
    joint = np.exp(-((away / 0.0018) ** 2))
    bulge = np.sqrt(np.clip(1 - (2 * v - 1) ** 2, 0, 1))
    fibre = order.noise(streak * 3, 0.0012, 1)
    share = 0.30 + 0.12 * fibre + crown * 0.35 * (1 - bulge) + 0.55 * joint
    colour = mix(order.colour(0), order.colour(1), share) * per_unit(order, row, 0.09)[..., None]
    gap = np.clip(1 - bulge / 0.45, 0, 1)
    height = (1 - crown + crown * bulge) * (0.9 + 0.1 * joint) * np.clip(bulge / 0.3, 0, 1)
    return finish(mix(colour, order.colour(2), 0.85 * gap), height, 0.04 * fibre)


@pattern("paper-cord", metres=(0.24, 0.24), detail=384)
def paper_cord(order: Order) -> Tile:
    """Twisted cords laid close along x, as a seat is wound. Colours: cord, shade. Settings: cord (metres, 0.004)."""
    x, y = order.grid()
    rows = count(order.metres[1], order.number("cord", 0.004))
    v = y / order.metres[1] * rows
    row = np.minimum(v.astype(np.int32), rows - 1)
    bulge = np.sin(np.pi * (v - row))
    twist = np.sin(2 * np.pi * (x / order.metres[0] * count(order.metres[0], 0.006) + 0.8 * (v - row))) * 0.5 + 0.5
    height = bulge * (0.8 + 0.2 * twist)
    colour = mix(order.colour(1), order.colour(0), 0.1 + 0.9 * height) * per_unit(order, row, 0.06)[..., None]
    return finish(colour * (1 + 0.04 * order.noise(0.02, 0.002, 1))[..., None], height)
