"""Candles: in sticks, as pillars, behind the glass of a lantern. Slots: main is the wax, holder also the wicks."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import Shape, bar, box, join, lathe, slab, tube


def wax(radius: float, height: float, rng: np.random.Generator) -> tuple[Shape, Shape]:
    """(candle, wick): a cylinder with a softened shoulder, a shallow burnt hollow and a bent wick."""
    dip = min(0.35 * radius, 0.008)
    body = lathe(
        [
            (0, 0),
            (radius - 0.001, 0),
            (radius, 0.001),
            (radius, height - 0.003),
            (radius * 0.95, height),
            (radius * 0.84, height - 0.001),
            (radius * 0.45, height - dip),
            (0, height - dip),
        ],
        28,
        50,
    )
    bend = rng.uniform(-0.003, 0.003)
    wick = bar((0, 0, height - dip), (bend, bend, height - dip + 0.012), 0.0011, 0.0008, 6)
    return body, wick


@kind("candles", 83, ("main", "holder"), words=("candle", "candle holder", "candlestick"), near=0.6)
def sticks(spec: Spec) -> list[Piece]:
    """Three turned candlesticks of different heights with tapers."""
    rng, (width, depth, height) = spec.rng(), spec.size
    stands, candles = [], []
    for x, y, share in ((-0.30, 0.10, 0.74), (0.02, -0.22, 1.0), (0.31, 0.16, 0.60)):
        long = 0.55 * height * (0.8 + 0.2 * share)
        h, foot = height * share - long + 0.012, min(0.19 * width, 0.040)
        profile = [
            (foot, 0),
            (foot, 0.004),
            (foot * 0.8, 0.008),
            (0.008, 0.018),
            (0.0055, 0.026),
            (0.0055, h * 0.6),
            (0.009, h * 0.63),
            (0.0055, h * 0.66),
            (0.0055, h - 0.018),
            (0.014, h - 0.010),
            (0.014, h),
        ]
        stands.append(
            lathe([(0, 0), *profile, (0.0112, h), (0.0112, h - 0.010), (0, h - 0.010)], 28).move(x * width, y * depth)
        )
        body, wick = _taper(long, rng)
        at = (x * width, y * depth, h - 0.010)
        candles.append(body.move(*at))
        stands.append(wick.move(*at))
    return [Piece("main", join(candles)), Piece("holder", join(stands))]


def _taper(height: float, rng: np.random.Generator) -> tuple[Shape, Shape]:
    body = lathe(
        [
            (0, 0),
            (0.0108, 0),
            (0.0104, 0.02),
            (0.0085, height - 0.02),
            (0.006, height - 0.006),
            (0.002, height - 0.002),
            (0, height - 0.002),
        ],
        20,
        60,
    )
    lean = rng.uniform(-0.002, 0.002)
    return body, bar((0, 0, height - 0.004), (lean, lean, height + 0.008), 0.001, 0.0008, 6)


@form("candles", "pillar")
def pillars(spec: Spec) -> list[Piece]:
    """Three thick pillar candles, burnt to different heights, on little dishes."""
    rng, (width, depth, height) = spec.rng(), spec.size
    candles, dishes = [], []
    thick = min(0.145 * width, 0.22 * depth, 0.042)
    for x, y, share, fat in ((-0.26, 0.10, 0.98, 1.0), (0.06, -0.22, 0.52, 1.12), (0.30, 0.12, 0.74, 0.92)):
        r, at = thick * fat, (x * width, y * depth)
        plate = [(0, 0), (r * 1.05, 0), (r * 1.32, 0.008), (r * 1.27, 0.009), (r * 1.02, 0.004), (0, 0.004)]
        dishes.append(lathe(plate, 32).move(*at))
        body, wick = wax(r, height * share - 0.012, rng)
        candles.append(body.move(*at, 0.004))
        dishes.append(wick.move(*at, 0.004))
    return [Piece("main", join(candles)), Piece("holder", join(dishes))]


@form("candles", "lantern", slots=("main", "holder", "glass"))
def lantern(spec: Spec) -> list[Piece]:
    """A storm lantern: a candle between four panes under a hipped roof with a ring."""
    rng, (width, depth, height) = spec.rng(), spec.size
    foot, eave = 0.018, height * 0.70
    frame, panes = _cage(width, depth, foot, eave)
    frame += _roof(width, depth, eave, height)
    candle, wick = wax(min(width, depth) * 0.23, eave * 0.52, rng)
    return [
        Piece("main", candle.move(z=foot)),
        Piece("holder", join([*frame, wick.move(z=foot)])),
        Piece("glass", join(panes), 148),
    ]


def _cage(width: float, depth: float, foot: float, eave: float) -> tuple[list[Shape], list[Shape]]:
    """(frame, panes): a floor on four feet, corner posts, a plate under the roof, glass between."""
    w, d, post, top = width / 2, depth / 2, max(0.010, 0.07 * width), eave - 0.012
    frame = [slab((-w, -d, 0.006), (w, d, foot), 0.002), slab((-w, -d, top), (w, d, eave), 0.002)]
    corner = box((post, post, top - foot), 0.0015)
    toe = box((0.02, 0.02, 0.008), 0.002)
    for x in (-1, 1):
        for y in (-1, 1):
            frame.append(corner.move(x * (w - post / 2), y * (d - post / 2), foot))
            frame.append(toe.move(x * (w - 0.018), y * (d - 0.018)))
    wide = box((width - 2 * post, 0.002, top - foot), 0.0004, 1)
    deep = box((0.002, depth - 2 * post, top - foot), 0.0004, 1)
    panes = [wide.move(0, y * (d - post / 2), foot) for y in (-1, 1)]
    return frame, panes + [deep.move(x * (w - post / 2), 0, foot) for x in (-1, 1)]


def _roof(width: float, depth: float, eave: float, height: float) -> list[Shape]:
    """A hipped roof, its knob and a ring to carry it by, up to ``height``."""
    tall, radius = height * 0.14, height * 0.08 - 0.0035
    turns = np.linspace(0, 2 * np.pi, 33)
    middle = height - 0.003 - radius
    ring = np.column_stack([radius * np.cos(turns), 0 * turns, middle + radius * np.sin(turns)])
    return [
        box((width, depth, tall), 0.001, 1, 4).bend(lambda p: _hipped(p, tall)).move(z=eave),
        lathe([(0, 0), (0.018, 0), (0.012, 0.010), (0, 0.012)], 16).move(z=eave + tall - 0.004),
        tube(ring, 0.003, 8, closed=True),
    ]


def _hipped(points: np.ndarray, tall: float) -> np.ndarray:
    share = np.clip(points[:, 2:] / tall, 0, 1)
    return np.column_stack([points[:, :2] * (1 - 0.80 * share), points[:, 2]])
