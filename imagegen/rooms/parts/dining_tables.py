"""Tables to sit at: tops 72 to 76 cm high, with an edge one can feel."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.bentwood import leg, limb, outline, planar, post, spindle, stood
from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import Shape, box, join, lathe, slab

_SLOTS = ("top", "legs")


def plank_top(width: float, depth: float, height: float, thick: float, count: int, ends: bool = False) -> Shape:
    """A top of ``count`` planks side by side with a fine joint between them; ``ends`` clamps them with cross boards."""
    clamp = 0.11 if ends else 0.0
    each = depth / count
    boards = [
        slab(
            (-width / 2 + clamp, -depth / 2 + each * i + 0.0006, height - thick),
            (width / 2 - clamp, -depth / 2 + each * (i + 1) - 0.0006, height),
            0.0035,
        ).grain(False, (0.37 * i, 0.13 * i))
        for i in range(count)
    ]
    if ends:
        for side in (-1, 1):
            low, high = sorted((side * width / 2, side * (width / 2 - clamp + 0.0012)))
            boards.append(slab((low, -depth / 2, height - thick), (high, depth / 2, height), 0.0035).grain())
    return join(boards)


def turned_top(width: float, depth: float, height: float, thick: float, power: float = 2.0) -> Shape:
    """A round, oval or rounded top whose edge is under-cut, so that it looks thinner than it is."""
    profile = [
        (0.0, height - thick), (0.93, height - thick), (0.975, height - 0.72 * thick), (0.997, height - 0.36 * thick),
        (1.0, height - 0.20 * thick), (0.998, height - 0.002), (0.992, height), (0.0, height),
    ]  # fmt: skip
    return planar(lathe(profile, 96, 50).bend(outline(width, depth, power)))


def _apron(width: float, depth: float, top: float, tall: float = 0.075, thick: float = 0.022) -> list[Shape]:
    """Four boards under a top, their outer faces a rectangle about the origin."""
    long = [
        slab((-width / 2, y - thick / 2, top - tall), (width / 2, y + thick / 2, top), 0.003)
        for y in (-depth / 2 + thick / 2, depth / 2 - thick / 2)
    ]
    short = [
        slab((x - thick / 2, -depth / 2, top - tall), (x + thick / 2, depth / 2, top), 0.003)
        for x in (-width / 2 + thick / 2, width / 2 - thick / 2)
    ]
    return [*long, *short]


@kind("dining-table", 16, _SLOTS, ("legs",), words=("dining table",))
def dining_table(spec: Spec) -> list[Piece]:
    """A board on four tapered, slightly splayed legs, with a slim apron set back."""
    width, depth, height = spec.size
    top = plank_top(width, depth, height, 0.028, max(3, round(depth / 0.16)))
    legs = [
        leg(
            (sx * (width / 2 - 0.045), sy * (depth / 2 - 0.045), 0),
            (sx * (width / 2 - 0.10), sy * (depth / 2 - 0.095), height - 0.028),
            0.0155,
            0.029,
            0.95,
            16,
        )
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    apron = _apron(width - 0.19, depth - 0.18, height - 0.028, 0.07)
    return [Piece("top", top), Piece("legs", join([*legs, *apron]))]


@form("dining-table", "trestle", slots=_SLOTS)
def trestle_table(spec: Spec) -> list[Piece]:
    """A plank top on two trestles: an arched foot, a broad post, a bearer, and one stretcher wedged through both."""
    width, depth, height = spec.size
    thick = 0.038
    wood = []
    for side in (-1, 1):
        x = side * (width / 2 - max(0.26, 0.16 * width))
        along = np.linspace(-1, 1, 13)
        foot = np.column_stack([np.full(13, x), along * (depth / 2 - 0.05), 0.0305 + 0.033 * (1 - along**2)])
        wood.append(stood(limb(foot, 0.075 - 0.03 * along**2 + 0.016, 0.065, (0, 0, 1), 6.0)))
        wood.append(slab((x - 0.028, -0.10, 0.09), (x + 0.028, 0.10, height - thick - 0.05), 0.005).grain())
        bearer = np.column_stack(
            [np.full(13, x), along * (depth / 2 - 0.07), height - thick - 0.032 + 0.010 * along**4]
        )
        wood.append(limb(bearer, 0.064 - 0.022 * along**4, 0.06, (0, 0, 1), 6.0))
        wood.append(
            slab((x + side * 0.034 - 0.012, -0.012, 0.235), (x + side * 0.034 + 0.012, 0.012, 0.375), 0.003).grain()
        )
    reach = width / 2 - max(0.26, 0.16 * width) + 0.065
    wood.append(slab((-reach, -0.016, 0.26), (reach, 0.016, 0.35), 0.004))
    top = plank_top(width, depth, height, thick, max(3, round(depth / 0.19)))
    return [Piece("top", top), Piece("legs", join(wood))]


@form("dining-table", "pedestal", slots=_SLOTS)
def pedestal_table(spec: Spec) -> list[Piece]:
    """A round top on one stem that flares from the floor and into the top like a blown bell."""
    width, depth, height = spec.size
    foot = 0.31 * min(width, depth)
    t = np.linspace(0, 1, 26)
    flare = 0.042 + (foot - 0.042) * np.clip(1 - t / 0.55, 0, 1) ** 3.4 + 0.16 * np.clip((t - 0.72) / 0.28, 0, 1) ** 3.0
    stem = [(0.0, 0.0), (foot * 0.985, 0.0), (foot, 0.004), (foot * 0.99, 0.009)]
    stem += [(float(r), float(0.012 + z * (height - 0.042))) for r, z in zip(flare, t, strict=True)][1:]
    return [
        Piece("top", turned_top(width, depth, height, 0.026)),
        Piece("legs", lathe([*stem, (0.0, height - 0.030)], 64, 50)),
    ]


@form("dining-table", "round", "oval", slots=_SLOTS)
def round_table(spec: Spec) -> list[Piece]:
    """A turned top on four splayed round legs, held by a ring of aprons: round, or oval when it is longer than deep."""
    width, depth, height = spec.size
    thick = 0.030
    reach = (0.98, 0.86) if spec.form == "oval" else (0.80, 0.80)
    legs = []
    for angle in np.radians([45, 135, 225, 315]):
        c, s = np.sign(np.cos(angle)) * abs(np.cos(angle)), np.sin(angle)
        foot = (reach[0] * width / 2 * c * 1.04, reach[1] * depth / 2 * s * 1.04, 0.0)
        head = (reach[0] * width / 2 * c * 0.80, reach[1] * depth / 2 * s * 0.80, height - thick)
        legs.append(leg(foot, head, 0.0155, 0.030, 0.95, 16))
    x, y = reach[0] * width / 2 * 0.80 * np.sqrt(0.5), reach[1] * depth / 2 * 0.80 * np.sqrt(0.5)
    apron = _apron(2 * x, 2 * y, height - thick, 0.065)
    return [Piece("top", turned_top(width, depth, height, thick)), Piece("legs", join([*legs, *apron]))]


@form("dining-table", "farmhouse", slots=_SLOTS)
def farmhouse_table(spec: Spec) -> list[Piece]:
    """Thick planks clamped at their ends, a deep apron, and stout turned legs under square blocks."""
    width, depth, height = spec.size
    thick = 0.042
    profile = [
        (0.0, 0.0), (0.028, 0.0), (0.034, 0.012), (0.030, 0.05), (0.026, 0.07), (0.036, 0.085), (0.036, 0.10),
        (0.027, 0.115), (0.032, 0.18), (0.043, 0.34), (0.046, 0.42), (0.040, 0.475), (0.028, 0.505), (0.044, 0.525),
        (0.044, 0.540), (0.032, 0.552), (0.0, 0.552),
    ]  # fmt: skip
    low = height - thick
    turned = [(r, z / 0.552 * (low - 0.135)) for r, z in profile]
    wood = []
    for x in (-1, 1):
        for y in (-1, 1):
            at = x * (width / 2 - 0.105), y * (depth / 2 - 0.095)
            wood.append(lathe(turned, 28, 40).grain().move(*at))
            wood.append(box((0.09, 0.09, 0.137), 0.004).move(*at, low - 0.137).grain())
    wood += _apron(width - 0.16, depth - 0.14, low, 0.105, 0.026)
    top = plank_top(width, depth, height, thick, max(3, round(depth / 0.20)), ends=True)
    return [Piece("top", top), Piece("legs", join(wood))]


@form("dining-table", "slab", slots=_SLOTS)
def slab_table(spec: Spec) -> list[Piece]:
    """A thick top that lies on two upright plates set in from its ends; nothing else."""
    width, depth, height = spec.size
    thick = 0.040
    plates = [
        slab((x - 0.030, -0.36 * depth, 0), (x + 0.030, 0.36 * depth, height - thick), 0.004).grain()
        for x in (-0.33 * width, 0.33 * width)
    ]
    top = box((width, depth, thick), 0.004).move(z=height - thick)
    return [Piece("top", top), Piece("legs", join(plates))]


@form("dining-table", "steel", slots=_SLOTS)
def steel_table(spec: Spec) -> list[Piece]:
    """Heavy planks on two A-frames of flat steel with a bar between them; ``settings.frame = "x"`` crosses them."""
    width, depth, height = spec.size
    thick = 0.044
    low = height - thick
    crossed = spec.settings.get("frame") == "x"
    steel = []
    for side in (-1, 1):
        x = side * (width / 2 - max(0.20, 0.13 * width))
        for y in (-1, 1):
            head = (x, (-y if crossed else y) * (depth / 2 - (0.10 if crossed else 0.20)), low - 0.006)
            steel.append(post((x, y * (depth / 2 - 0.065), 0), head, 0.042, 0.042, (1, 0, 0)))
            steel.append(
                slab(
                    (x - 0.035, y * (depth / 2 - 0.065) - 0.035, 0),
                    (x + 0.035, y * (depth / 2 - 0.065) + 0.035, 0.006),
                    0.002,
                )
            )
        steel.append(slab((x - 0.035, -depth / 2 + 0.07, low - 0.008), (x + 0.035, depth / 2 - 0.07, low), 0.002))
        if not crossed:
            steel.append(slab((x - 0.018, -depth / 2 + 0.10, 0.16), (x + 0.018, depth / 2 - 0.10, 0.20), 0.003))
    reach, z = width / 2 - max(0.20, 0.13 * width), 0.5 * low if crossed else 0.18
    steel.append(spindle((-reach, 0, z), (reach, 0, z), 0.014, 0.0141))
    top = plank_top(width, depth, height, thick, max(3, round(depth / 0.22)))
    return [Piece("top", top), Piece("legs", join(steel))]
