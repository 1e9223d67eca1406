"""Prints of land, sea and sky: horizons, ridges, dunes, moons, an old oil."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.textures.ink import Press, ellipse, ridge, turned
from imagegen.rooms.textures.tile import Field, Order, Tile, finish, mix, pattern


@pattern("print-sea", detail=560)
def sea(order: Order) -> Tile:
    """A low horizon, soft sky, light on the water, wet sand before it.

    Colours: paper, sky, cloud, sea, deep sea, sand.
    """
    press = Press(order)
    level = press.y / press.tall
    horizon = -0.06
    up = np.clip((level - horizon) / (0.95 - horizon), 0, 1)
    sky = mix(press.colour(2), press.colour(1), up**0.8 + 0.10 * order.noise(0.30, 0.05, 5))
    cloud = np.clip(order.noise(0.22, 0.035, 6) + 0.5 * order.noise(0.07, 0.014, 7) - 0.3, 0, 1) * np.exp(
        -((up - 0.34) ** 2) / 0.05
    )
    sky = mix(sky, press.colour(2) * 1.06, 0.8 * cloud)
    down = np.clip((horizon - level) / (0.95 + horizon), 0, 1)
    swell = np.sin(down**0.55 * 74 + 1.6 * order.noise(0.25, 0.02, 8) + 2 * press.x) * np.clip(down * 6, 0.15, 1)
    water = mix(press.colour(4), press.colour(3), 0.16 + 0.9 * down + 0.13 * swell + 0.06 * order.noise(0.06, 0.005, 9))
    path = np.exp(-(((press.x - 0.25) / (0.10 + 0.45 * down)) ** 2))
    glitter = 0.75 * np.clip(order.noise(0.016, 0.0016, 10) - 2.1 + 1.9 * path, 0, 1)
    water = mix(water, press.colour(2) * 1.1, glitter)
    shore = down - (0.70 + 0.035 * np.sin(2.4 * press.x + 1) + 0.014 * np.sin(6.1 * press.x))
    foam = np.exp(-((shore / 0.020) ** 2)) * np.clip(0.7 + 0.5 * order.noise(0.02, 0.008, 12), 0, 1)
    foam = foam + 0.7 * np.exp(-(((shore + 0.13 + 0.02 * np.sin(5 * press.x)) / 0.010) ** 2)) * np.clip(
        order.noise(0.05, 0.01, 13) + 0.4, 0, 1
    )
    sand = mix(press.colour(5), press.colour(3), 0.34 * np.exp(-np.clip(shore, 0, 1) / 0.05))
    picture = np.where((level > horizon)[..., None], sky, water)
    picture = mix(picture, sand, np.clip(shore / 0.012 + 0.5, 0, 1) * (level < horizon))
    picture = mix(picture, order.colour(0) * 1.02, foam * (level < horizon))
    inside = np.clip(0.5 - press.margin(order.number("margin", 0.12)) / press.pixel, 0, 1)
    press.wash(picture * (1 + 0.02 * order.noise(0.003, 0.003, 14))[..., None], inside)
    return finish(press.sheet)


@pattern("print-mountain", detail=560)
def mountain(order: Order) -> Tile:
    """Ranges behind each other, paler with distance, mist in the valleys, a moon.

    Colours: paper, far, then near inks.
    """
    press = Press(order)
    level = press.y / press.tall
    press.wash(1, np.clip(0.42 * (level + 0.2), 0, 0.34) + 0.02 * order.noise(0.2, 0.1, 5))
    press.ink(len(order.colours) - 1 if len(order.colours) > 5 else 2, press.disc(0.34, 0.52 * press.tall, 0.15), 0.75)
    layers = 6
    for index in range(layers):
        near = index / (layers - 1)
        top = (
            0.34
            - 0.24 * index
            + (0.24 - 0.11 * near) * ridge(press.x + 3.1 * index, np.random.default_rng([order.seed, index]), 0.52)
        )
        edge = (level - top) * press.tall
        tone = mix(press.colour(1), press.colour(2 + index // 2), np.full_like(press.x, 0.18 + 0.82 * near))
        mist = np.clip((top - level) / (0.34 - 0.08 * near), 0, 1)
        press.ink(mix(tone, order.colour(0), 0.72 * mist * (1 - 0.62 * near)), edge, 0.96, rough=0.6)
        facet = (
            np.clip(order.noise(0.05, 0.02, 20 + index) * 0.9, 0, 1)
            * np.clip(-edge / 0.01, 0, 1)
            * np.exp(np.minimum(edge, 0) / 0.11)
        )
        press.wash(order.colour(0), 0.16 * facet * near)
    press.wash(press.blank, press.margin(0.12) / press.pixel + 0.5)
    return finish(press.sheet)


@pattern("print-sunset", detail=560)
def sunset(order: Order) -> Tile:
    """A banded desert sun over dunes with sharp crests. Colours: paper, sun, near dune, far dune, sky, shadow."""
    press = Press(order)
    flat = press.tall
    arch = np.maximum(
        np.hypot(press.x, np.maximum(press.y - (flat * 0.86 - 0.78), 0)) - 0.78,
        np.maximum(np.abs(press.x) - 0.78, -(press.y + flat * 0.82)),
    )
    press.ink(4, arch, 0.92)
    sun = press.disc(0.06, 0.16 * flat, 0.36)
    press.ink(1, np.maximum(sun, arch), 0.95)
    for index in range(4):
        band = np.abs(press.y - (0.16 * flat + 0.02 - 0.085 * index)) - 0.007 - 0.005 * index
        press.ink(4, np.maximum(np.maximum(band, sun - 0.001), arch), 0.92)
    dunes = (
        (0.02, 0.10, 1.7, 0.4, 3),
        (-0.24, 0.13, 1.3, 2.6, 2),
        (-0.50, 0.11, 1.6, 4.6, 3),
        (-0.70, 0.08, 1.2, 1.1, 5),
    )
    for level, height, wave, phase, ink in dunes:
        swing = np.sin(wave * press.x + phase)
        crest = (level + height * (swing + 0.16 * np.sin(2 * wave * press.x + phase))) * flat
        press.ink(ink, np.maximum(press.y - crest, arch), 0.95)
        lee = np.maximum(
            np.maximum(
                press.y - crest, -(press.y - crest) - 0.30 * np.clip(np.sin(wave * press.x + phase + 1.2), 0, 1) * 0.6
            ),
            arch,
        )
        press.ink(5, lee, 0.30)
    for turn in np.linspace(12, 168, 14):
        u, v = turned(press.x - 0.06, press.y - 0.16 * flat, float(turn))
        ray = np.maximum(np.abs(v) - 0.006, np.maximum(0.43 - u, u - 0.56))
        press.ink(1, np.maximum(ray, arch + 0.02), 0.9)
    return finish(press.sheet)


@pattern("print-moon", detail=560)
def moon(order: Order) -> Tile:
    """The moon's phases in a column (or row), cratered, between thin arcs and stars.

    Colours: ground, moon, shade, line.
    """
    press = Press(order)
    upright = press.tall >= 1
    count = 5
    span = (press.tall if upright else 1.0) * 0.72
    for index, phase in enumerate((-0.24, -0.58, 0.0, 0.58, 0.24)):
        at = span - 2 * span * index / (count - 1)
        cx, cy = (0.0, at) if upright else (-at, 0.0)
        radius = (span / count) * (0.86 if index == 2 else 0.66)
        disc = press.disc(cx, cy, radius)
        seas = np.clip(0.5 * order.noise(0.05, 0.05, 6) + 0.35 * order.noise(0.018, 0.018, 7), 0, 1)
        press.ink(1, disc, 0.95)
        press.wash(2, np.clip(0.5 - disc / press.pixel, 0, 1) * 0.42 * seas)
        if phase:
            edge = np.sqrt(np.clip(radius**2 - (press.y - cy) ** 2, 0, None))
            dark = (press.x - cx) * np.sign(phase) + edge * (1 - 2 * abs(phase)) * -1
            press.ink(0, np.maximum(disc - 0.002, dark), 0.90, soft=0.02)
        press.ink(3, np.abs(press.disc(cx, cy, radius + 0.035)) - 0.0035, 0.85)
    for _ in range(26):
        x, y, size = (
            press.rng.uniform(-0.86, 0.86),
            press.rng.uniform(-0.9, 0.9) * press.tall,
            press.rng.uniform(0.005, 0.013),
        )
        if abs(x if upright else y) > 0.34:
            press.ink(3, np.abs(press.x - x) ** 0.5 + np.abs(press.y - y) ** 0.5 - (2.6 * size) ** 0.5, 0.9)
    press.ink(3, np.abs(press.margin(0.07)) - 0.0035, 0.8)
    return finish(press.sheet)


@pattern("print-landscape", detail=560)
def landscape(order: Order) -> Tile:
    """An old oil: a wide sky, a lane between dark trees, a far gleam of water.

    Colours: varnish, sky, cloud, field, tree, light.
    """
    press = Press(order)
    level = press.y / press.tall
    dab = 0.035 * order.noise(0.012, 0.004, 5) + 0.025 * order.noise(0.004, 0.012, 6)
    horizon = -0.16 + 0.02 * np.sin(1.7 * press.x + 0.6)
    up = np.clip((level - horizon) / (1 - horizon), 0, 1)
    sky = mix(press.colour(5), press.colour(1), up**0.7 + dab)
    cloud = np.clip(0.7 * order.noise(0.16, 0.07, 7) + 0.5 * order.noise(0.05, 0.025, 8) + 0.2, 0, 1) * np.clip(
        up * 4, 0, 1
    )
    sky = mix(sky, press.colour(2), cloud * (0.78 + dab))
    sky = mix(sky, press.colour(5), 0.55 * np.clip(order.noise(0.16, 0.06, 9) - 0.3, 0, 1) * cloud)
    down = np.clip((horizon - level) / (1 + horizon), 0, 1)
    land = mix(press.colour(3), press.colour(4), 0.15 + 0.7 * down + 0.28 * order.noise(0.11, 0.03, 10) + 2 * dab)
    land = mix(
        land, press.colour(5), np.clip(0.62 - 3.4 * down, 0, 1) * np.clip(0.4 + 0.6 * order.noise(0.2, 0.012, 11), 0, 1)
    )
    lane = np.abs(press.x + 0.06 - 0.30 * np.sin(2.6 * down) * (1 - down)) - (0.016 + 0.34 * down**1.5)
    land = mix(
        land,
        mix(press.colour(2), press.colour(3), 0.40 + 0.14 * order.noise(0.03, 0.008, 12)),
        0.8 * np.clip(0.5 - lane / (0.02 + 0.06 * down), 0, 1),
    )
    picture = mix(land, sky, np.clip((level - horizon) / 0.008 + 0.5, 0, 1))
    far = np.clip(
        (horizon + 0.045 * (1 + ridge(press.x, np.random.default_rng(order.seed), 0.6, 6, 2.2)) - level) / 0.006, 0, 1
    ) * (level > horizon - 0.01)
    picture = mix(picture, mix(press.colour(4), press.colour(1), np.full_like(level, 0.5)), 0.85 * far)
    for cx, base, size in ((-0.66, -0.34, 0.50), (-0.36, -0.25, 0.24), (0.50, -0.30, 0.36), (0.80, -0.38, 0.54)):
        picture = _tree(press, picture, cx, base * press.tall, size * min(1.0, press.tall * 1.1))
    vignette = np.clip(0.55 * (np.maximum(np.abs(press.x), np.abs(level)) - 0.55), 0, 0.4)
    picture = mix(picture, press.colour(0) * 0.5, vignette) * (1 + dab)[..., None]
    press.wash(mix(picture, press.colour(0), np.full_like(level, 0.08)), 1.0)
    cracks = np.clip(order.noise(0.006, 0.006, 30) - 2.2, 0, 1)
    press.wash(press.colour(4), 0.5 * cracks)
    return finish(press.sheet, 0.5 + 2.5 * dab)


def _tree(press: Press, picture: Field, x: float, y: float, size: float) -> Field:
    """A round-crowned tree with lit leaves above and its shadow on the ground."""
    order = press.order
    u, v = (press.x - x) / size, (press.y - y) / size
    shade = np.clip(1 - ellipse(u - 0.25, v + 0.02, 0.62, 0.07) / 0.04, 0, 1)
    picture = mix(picture, press.colour(4) * 0.7, 0.6 * np.clip(shade, 0, 1))
    trunk = np.maximum(np.abs(u + 0.03 * np.sin(4 * v)) - 0.045, np.abs(v - 0.22) - 0.26)
    picture = mix(picture, press.colour(4) * 0.55, np.clip(0.5 - trunk / 0.02, 0, 1))
    rough = 0.10 * order.noise(0.026, 0.026, 15) * 0.7 + 0.05 * order.noise(0.009, 0.007, 16)
    crown = np.minimum(
        ellipse(u, v - 0.78, 0.42, 0.46),
        np.minimum(ellipse(u + 0.22, v - 0.56, 0.30, 0.26), ellipse(u - 0.24, v - 0.60, 0.30, 0.28)),
    )
    cover = np.clip(0.5 - (crown + rough) / 0.03, 0, 1)
    lit = np.clip(0.34 + 0.5 * (v - 0.70) - 0.5 * u + 0.55 * order.noise(0.022, 0.016, 17), 0, 1)
    leaf = mix(press.colour(4) * 0.75, press.colour(3), lit)
    return mix(picture, leaf, cover)
