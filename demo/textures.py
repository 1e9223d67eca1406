"""Procedural cloth, wood and prints for the demo products, as tiles of linear colour or of height in metres."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from imagegen.geometry import Texture
from imagegen.types import Doubles


def linear(colour: str) -> tuple[float, float, float]:
    """Linear Rec. 709 of an sRGB ``#rrggbb``."""
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    r, g, b = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(r), float(g), float(b)


def noise(shape: tuple[int, int], sigma: tuple[float, float], seed: int) -> Doubles:
    """Smooth noise that tiles, of mean 0 and deviation 1; ``sigma`` in pixels (rows, columns)."""
    raw = gaussian_filter(np.random.default_rng(seed).normal(size=shape), sigma, mode="wrap")
    out: Doubles = (raw - raw.mean()) / raw.std()
    return out


def _tinted(colour: str, factor: Doubles, metres: tuple[float, float]) -> Texture:
    pixels = np.clip(np.array(linear(colour)) * np.maximum(factor, 0.02)[..., None], 0.0, 0.95)
    return Texture(pixels.astype(np.float32), metres)


def woven(colour: str, *, seed: int = 1, contrast: float = 0.09, thread: float = 0.0024) -> tuple[Texture, Texture]:
    """Plain melange cloth: its colour and its height. ``thread`` metres."""
    n, tile = 768, 0.5
    px = tile / n
    weft = noise((n, n), (thread / px * 0.45, thread / px * 5), seed)
    warp = noise((n, n), (thread / px * 5, thread / px * 0.45), seed + 1)
    cloud = noise((n, n), (40, 40), seed + 2)
    mix = np.where(noise((n, n), (0.7, 0.7), seed + 3) > 0, weft, warp)
    height = 0.00035 * (0.6 * mix + 0.4 * noise((n, n), (1.2, 1.2), seed + 4))
    return _tinted(colour, 1 + contrast * mix + 0.02 * cloud, (tile, tile)), _height(height, tile)


def boucle(colour: str, *, seed: int = 1, loop: float = 0.0048, contrast: float = 0.055) -> tuple[Texture, Texture]:
    """Looped wool: rounded knots of about ``loop`` metres."""
    n, tile = 768, 0.5
    px = tile / n
    knots = np.abs(noise((n, n), (loop / px * 0.36,) * 2, seed)) + 0.5 * np.abs(
        noise((n, n), (loop / px * 0.2,) * 2, seed + 1)
    )
    knots = np.tanh(1.2 * (knots - knots.mean()) / knots.std())
    return _tinted(colour, 1 + contrast * knots, (tile, tile)), _height(0.0010 * knots, tile)


def velvet(colour: str, *, seed: int = 1) -> tuple[Texture, Texture]:
    """Short pile that has been stroked this way and that."""
    n, tile = 512, 0.9
    nap = np.tanh(1.5 * noise((n, n), (26, 40), seed)) + 0.35 * noise((n, n), (5, 8), seed + 1)
    fine = noise((n, n), (0.8, 0.8), seed + 2)
    return _tinted(colour, 1 + 0.10 * nap + 0.05 * fine, (tile, tile)), _height(0.00012 * fine + 0.0004 * nap, tile)


def leather(colour: str, *, seed: int = 1) -> tuple[Texture, Texture]:
    """Fine pebbled grain: its colour and its height."""
    n, tile = 512, 0.35
    pebbles = np.abs(noise((n, n), (1.6, 1.6), seed))
    cloud = noise((n, n), (30, 30), seed + 1)
    return _tinted(colour, 1 + 0.06 * (pebbles - pebbles.mean()) + 0.07 * cloud, (tile, tile)), _height(
        0.00015 * pebbles, tile
    )


def wood(light: str, dark: str, *, seed: int = 1, figure: float = 0.55) -> tuple[Texture, Texture]:
    """Sawn timber, its grain along u: growth rings, fibres and pores."""
    rows, columns, tile = 512, 1024, (1.4, 0.28)
    v = np.linspace(0, 1, rows, endpoint=False)[:, None]
    warp = 0.055 * noise((rows, columns), (60, 190), seed) + 0.006 * noise((rows, columns), (8, 60), seed + 1)
    phase = 9 * (v + warp) + 1.2 * np.sin(2 * np.pi * (2 * v + 1.5 * warp))
    ring = (phase % 1.0) ** 2.2
    ring = gaussian_filter(ring, (0.8, 2), mode="wrap")
    fibre = noise((rows, columns), (0.8, 26), seed + 2)
    pores = np.clip(noise((rows, columns), (0.7, 7), seed + 3) - 1.7, 0, 1)
    cloud = noise((rows, columns), (50, 120), seed + 4)
    t = np.clip(figure * ring + 0.11 * fibre + 0.30 * pores + 0.08 * cloud + 0.18, 0, 1)[..., None]
    pixels = (1 - t) * np.array(linear(light)) + t * np.array(linear(dark))
    height = -0.00012 * pores + 0.00002 * fibre
    return Texture(pixels.astype(np.float32), tile), Texture(height.astype(np.float32), tile)


def _height(metres: Doubles, tile: float) -> Texture:
    return Texture((metres - metres.min()).astype(np.float32), (tile, tile))


def marble(colour: str, *, seed: int = 1) -> Texture:
    """Pale stone with grey veins."""
    n = 512
    warp = noise((n, n), (45, 45), seed) + 0.4 * noise((n, n), (14, 14), seed + 1)
    vein = np.exp(-np.abs(warp) / 0.05) * np.clip(0.5 + 0.6 * noise((n, n), (30, 30), seed + 2), 0, 1)
    return _tinted(colour, 1 - 0.38 * vein + 0.02 * noise((n, n), (20, 20), seed + 3), (0.5, 0.5))


def leaf(light: str, dark: str) -> Texture:
    """One leaf, its rib along u, as a tile of one metre (texture coordinates run 0..1)."""
    v, u = np.meshgrid(np.linspace(0, 1, 256), np.linspace(0, 1, 512), indexing="ij")
    across = np.abs(2 * v - 1)
    veins = 0.5 + 0.5 * np.sin(2 * np.pi * 34 * (u - 0.10 * across + 0.004 * np.sin(9 * across)))
    t = np.clip(0.55 + 0.16 * veins + 0.10 * noise((256, 512), (14, 20), 4) - 0.12 * across, 0, 1)[..., None]
    pixels = t * np.array(linear(dark)) + (1 - t) * np.array(linear(light))
    rib = np.exp(-((across / 0.035) ** 2))[..., None] * 0.75
    pixels = pixels * (1 - rib) + rib * np.array(linear("#9db873"))
    return Texture(pixels.astype(np.float32), (1.0, 1.0))


def lattice_rug(w: float, d: float, *, seed: int = 1) -> tuple[Texture, Texture]:
    """A hand-drawn diamond lattice with a small mark in every field, on ivory wool; one tile is the whole rug."""
    px = 0.0018
    rows, columns = round(d / px), round(w / px)
    y, x = np.meshgrid((np.arange(rows) + 0.5) * px - d / 2, (np.arange(columns) + 0.5) * px - w / 2, indexing="ij")
    shape = (rows, columns)
    wander_x, wander_y = 0.010 * noise(shape, (70, 70), seed), 0.010 * noise(shape, (70, 70), seed + 1)
    jitter = 0.0022 * noise(shape, (2.2, 2.2), seed + 2)
    cell_x, cell_y = 0.38, 0.4125
    a = (x + wander_x) / cell_x + (y + wander_y) / cell_y
    b = (x + wander_x) / cell_x - (y + wander_y) / cell_y
    to_line = np.minimum(np.abs((a + 0.5) % 1 - 0.5), np.abs((b + 0.5) % 1 - 0.5)) * 0.28
    ivory, ink, clay = (np.array(linear(c)) for c in ("#e6dccb", "#393634", "#a8573d"))
    inside = (np.abs(x) < w / 2 - 0.10) & (np.abs(y) < d / 2 - 0.085)
    lines = (np.abs(to_line + jitter) < 0.0085 + 0.0016 * noise(shape, (30, 30), seed + 3)) & inside
    fa, fb = (a % 1) - 0.5, (b % 1) - 0.5
    mark_at = np.maximum(np.abs(fa), np.abs(fb)) + jitter * 3
    even = ((np.floor(a) + np.floor(b)) % 2) == 0
    marks = (mark_at < 0.115) & even & inside
    rings = (np.abs(mark_at - 0.175) < 0.022) & ~even & inside
    rim = np.minimum(w / 2 - np.abs(x), d / 2 - np.abs(y)) + jitter + 0.4 * wander_x
    border = (np.abs(rim - 0.062) < 0.010) | (np.abs(rim - 0.035) < 0.003)
    colour = np.where((lines | border | rings)[..., None], ink, ivory)
    colour = np.where(marks[..., None], clay, colour)
    colour = gaussian_filter(colour, (0.9, 0.9, 0))
    rows_of_knots = noise(shape, (0.7, 2.4), seed + 5)
    shade = 1 + 0.10 * rows_of_knots + 0.035 * noise(shape, (3, 60), seed + 6) + 0.04 * noise(shape, (40, 40), seed + 7)
    height = 0.0009 * rows_of_knots + 0.0004 * noise(shape, (1.2, 1.2), seed + 8)
    pixels = np.clip(colour * np.maximum(shade, 0.05)[..., None], 0, 0.9).astype(np.float32)
    return Texture(pixels, (w, d)), Texture((height - height.min()).astype(np.float32), (w, d))
