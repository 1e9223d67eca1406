"""Desks, 72 to 76 cm high. The sitter is on the -Y side."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import leg, limb, post
from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import Shape, bar, box, join, lathe, slab

_SLOTS = ("top", "legs", "drawers", "handles")


def _drawer(width: float, tall: float, deep: float, x: float, y: float, z: float) -> list[Shape]:
    """A front facing -Y with its lower left corner's middle at (x, y, z), a box behind it."""
    return [
        slab((x - width / 2, y, z), (x + width / 2, y + 0.019, z + tall), 0.0025),
        slab((x - width / 2 + 0.012, y + 0.018, z + 0.008), (x + width / 2 - 0.012, y + deep, z + tall - 0.012), 0.001),
    ]


def _knob(x: float, y: float, z: float) -> Shape:
    """A turned knob that stands out to -Y."""
    profile = [(0.0, 0.0), (0.006, 0.0), (0.006, 0.010), (0.012, 0.015), (0.013, 0.021), (0.009, 0.026), (0.0, 0.027)]
    return lathe(profile, 20, 60).turn(90, "x").move(x, y + 0.001, z)


def _pull(x: float, y: float, z: float, length: float = 0.12) -> Shape:
    """A bar on two pins."""
    pins = [
        bar((x + s * (length / 2 - 0.015), y + 0.002, z), (x + s * (length / 2 - 0.015), y - 0.024, z), 0.004, None, 8)
        for s in (-1, 1)
    ]
    return join([*pins, bar((x - length / 2, y - 0.024, z), (x + length / 2, y - 0.024, z), 0.005, None, 10)])


def _splayed(width: float, depth: float, high: float, slim: float, stout: float) -> list[Shape]:
    return [
        leg(
            (sx * (width / 2 - 0.030), sy * (depth / 2 - 0.030), 0),
            (sx * (width / 2 - 0.075), sy * (depth / 2 - 0.070), high),
            slim,
            stout,
            0.95,
        )
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]


@kind("desk", 34, _SLOTS, ("legs",), words=("desk",))
def writing_desk(spec: Spec) -> list[Piece]:
    """A light writing table: a thin top over a shallow frame with two drawers, four tapered splayed legs."""
    width, depth, height = spec.size
    thick, tall = 0.024, 0.095
    low = height - thick
    reach, front = width / 2 - 0.05, -depth / 2 + 0.035
    frame = [
        slab((-reach, depth / 2 - 0.055, low - tall), (reach, depth / 2 - 0.035, low), 0.002),
        slab((-reach, front + 0.002, low - 0.016), (reach, front + 0.022, low), 0.002),
        slab((-reach, front + 0.002, low - tall), (reach, front + 0.022, low - tall + 0.014), 0.002),
        slab((-0.011, front + 0.002, low - tall), (0.011, front + 0.022, low), 0.002).grain(),
    ]
    frame += [
        slab((x - 0.010, front + 0.002, low - tall), (x + 0.010, depth / 2 - 0.035, low), 0.002)
        for x in (-reach + 0.010, reach - 0.010)
    ]
    drawers, knobs = [], []
    each = reach - 0.037
    for x in (-1, 1):
        at = x * (0.013 + each / 2 + 0.002)
        drawers += _drawer(each - 0.002, tall - 0.034, depth - 0.13, at, front + 0.003, low - tall + 0.016)
        knobs.append(_knob(at, front + 0.003, low - tall / 2 - 0.002))
    return [
        Piece("top", box((width, depth, thick), 0.005).move(z=low)),
        Piece("legs", join([*_splayed(width, depth, low - 0.006, 0.0135, 0.023), *frame])),
        Piece("drawers", join(drawers)),
        Piece("handles", join(knobs)),
    ]


@form("desk", "trestle", slots=_SLOTS)
def trestle_desk(spec: Spec) -> list[Piece]:
    """A board laid on two folding trestles, with a shallow tray of drawers hung under one end."""
    width, depth, height = spec.size
    thick = 0.026
    low = height - thick
    legs = []
    for side in (-1, 1):
        x = side * (width / 2 - 0.24)
        for y in (-1, 1):
            end = y * (depth / 2 - 0.09)
            legs += [
                post((x + out * 0.135, end + y * 0.03, 0), (x + out * 0.030, end, low - 0.03), 0.028, 0.028)
                for out in (-1, 1)
            ]
            legs.append(
                limb(
                    np.linspace((x - 0.108, end + y * 0.022, 0.18), (x + 0.108, end + y * 0.022, 0.18), 3),
                    0.03,
                    0.016,
                    (0, 0, 1),
                    6.0,
                )
            )
        legs.append(
            slab((x - 0.034, -depth / 2 + 0.06, low - 0.048), (x + 0.034, depth / 2 - 0.06, low), 0.003).grain()
        )
        legs.append(slab((x - 0.020, -depth / 2 + 0.08, 0.172), (x + 0.020, depth / 2 - 0.08, 0.188), 0.003).grain())
    front = -depth / 2 + 0.07
    drawers = [slab((-0.26, front + 0.02, low - 0.075), (0.26, depth / 2 - 0.12, low), 0.002)]
    drawers += _drawer(0.52, 0.07, 0.10, 0.0, front, low - 0.073)
    return [
        Piece("top", box((width, depth, thick), 0.004).move(z=low)),
        Piece("legs", join(legs)),
        Piece("drawers", join(drawers)),
        Piece("handles", _pull(0.0, front, low - 0.037)),
    ]


@form("desk", "drawers", slots=_SLOTS)
def drawer_desk(spec: Spec) -> list[Piece]:
    """A top on a chest of three drawers at the right and two square legs at the left."""
    width, depth, height = spec.size
    thick = 0.028
    low = height - thick
    right, left = width / 2 - 0.02, max(width / 2 - 0.46, 0.05)
    front, rear, foot = -depth / 2 + 0.035, depth / 2 - 0.03, 0.11
    chest = [
        slab((left, front + 0.020, foot), (left + 0.019, rear, low), 0.002).grain(),
        slab((right - 0.019, front + 0.020, foot), (right, rear, low), 0.002).grain(),
        slab((left, front + 0.020, foot), (right, rear, foot + 0.019), 0.002),
        slab((left, rear - 0.010, foot), (right, rear, low), 0.001),
    ]
    legs = [
        post((x, y, 0), (x, y, low), 0.030, 0.042) for x in (-width / 2 + 0.045,) for y in (front + 0.025, rear - 0.025)
    ]
    legs += [
        post((x, y, 0), (x, y, foot + 0.002), 0.030, 0.038)
        for x in (left + 0.03, right - 0.03)
        for y in (front + 0.045, rear - 0.03)
    ]
    legs.append(slab((-width / 2 + 0.05, rear - 0.035, low - 0.09), (left + 0.002, rear - 0.015, low), 0.002))
    legs.append(slab((-width / 2 + 0.036, front + 0.04, low - 0.09), (-width / 2 + 0.054, rear - 0.04, low), 0.002))
    drawers, handles = [], []
    tall = (low - foot - 0.004) / 3
    for i in range(3):
        z = foot + 0.001 + i * tall
        drawers += _drawer(right - left - 0.002, tall - 0.003, depth - 0.12, (left + right) / 2, front, z)
        handles.append(_pull((left + right) / 2, front, z + 0.62 * tall, 0.14))
    apron = left + width / 2 - 0.075
    drawers += _drawer(apron, 0.085, depth - 0.16, (left - width / 2 + 0.07) / 2, front + 0.004, low - 0.088)
    handles.append(_pull((left - width / 2 + 0.07) / 2, front + 0.004, low - 0.040, 0.14))
    return [
        Piece("top", box((width, depth, thick), 0.004).move(z=low)),
        Piece("legs", join([*legs, *chest])),
        Piece("drawers", join(drawers)),
        Piece("handles", join(handles)),
    ]


@form("desk", "secretary", slots=_SLOTS)
def secretary(spec: Spec) -> list[Piece]:
    """A small desk with a low gallery of pigeon-holes at the back of its top, two drawers, slim tapered legs.

    The writing surface is as high as the part; the gallery stands ``settings.gallery`` (0.19) metres above it.
    """
    width, depth, height = spec.size
    rise, deep, board = spec.number("gallery", 0.19), min(0.21, depth * 0.4), 0.014
    pieces = writing_desk(spec)
    y0, y1 = depth / 2 - deep, depth / 2 - 0.004
    reach = width / 2 - 0.010
    parts = [
        slab((-reach, y0 - 0.012, height + rise - board), (reach, y1, height + rise), 0.003),
        slab((-reach, y1 - 0.008, height), (reach, y1, height + rise), 0.001),
        slab((-reach + 0.32 * width, y0 + 0.008, height + 0.095), (reach - 0.32 * width, y1, height + 0.105), 0.002),
    ]
    parts += [
        slab((x - board / 2, y0, height - 0.0005), (x + board / 2, y1, height + rise - 0.001), 0.002).grain()
        for x in (-reach + board / 2, -reach + 0.32 * width, reach - 0.32 * width, reach - board / 2)
    ]
    drawers, knobs = [], []
    for side in (-1, 1):
        x, wide = side * (reach - 0.16 * width), 0.32 * width - 1.6 * board
        drawers += _drawer(wide, rise - board - 0.008, deep - 0.03, x, y0 + 0.004, height + 0.003)
        knobs.append(_knob(x, y0 + 0.004, height + rise / 2 - 0.004))
    top, legs, old, handles = pieces
    return [
        Piece("top", join([top.shape, *parts])),
        legs,
        Piece("drawers", join([old.shape, *drawers])),
        Piece("handles", join([handles.shape, *knobs])),
    ]


@form("desk", "wall", slots=("top", "legs"))
def wall_desk(spec: Spec) -> list[Piece]:
    """A thick slab that hangs from the wall behind it (+Y), with a slot for cables; ``settings.panel`` adds one side.

    With ``panel = 0`` nothing stands on the floor: two steel angles carry it.
    """
    width, depth, height = spec.size
    thick = 0.060
    w, d, low = width / 2, depth / 2, height - thick
    top = [
        slab((-w, -d, low), (w, d - 0.09, height), 0.003),
        slab((-w, d - 0.075, low), (w, d, height), 0.003),
        slab((-w + 0.02, d - 0.11, low + 0.006), (w - 0.02, d - 0.05, height - 0.022), 0.001),
    ]
    legs = []
    if spec.number("panel", 1):
        legs.append(slab((w - thick, -d + 0.002, 0), (w - 0.002, d, low + 0.001), 0.003).grain())
    for x in (-w + 0.18, w - 0.25):
        legs.append(slab((x - 0.02, -d + 0.10, low - 0.008), (x + 0.02, d, low + 0.001), 0.001))
        legs.append(slab((x - 0.02, d - 0.008, low - 0.20), (x + 0.02, d, low), 0.001))
    return [Piece("top", join(top)), Piece("legs", join(legs))]
