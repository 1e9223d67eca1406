"""What hangs before windows: pleated, loose, looped on a rod, flat, or only over the lower half."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import Shape, bar, curve, join, lathe, sheet, slab, tube


def drape(
    width: float, height: float, folds: int, amplitude: float, seed: int, gather: float = 0.0, fine: int = 12
) -> Shape:
    """A hanging cloth facing -Y: pleats that open and wander as they fall, standing on z = 0.

    ``fine``: points across a pleat.
    """
    rng = np.random.default_rng(seed)
    columns, rows = folds * fine + 1, 28 * fine // 12
    u = np.linspace(0, 1, columns)[None, :]
    t = np.linspace(0, 1, rows)[:, None]
    wander = rng.uniform(-0.5, 0.5, (3, 1))
    phase = 2 * np.pi * folds * u + 0.9 * np.sin(2 * np.pi * u * 1.3 + 2.2) + wander[0] * np.sin(3 * t + 5 * u)
    swell = amplitude * (0.55 + 0.45 * t) * (1 + 0.30 * np.sin(2 * np.pi * u * 2.1 + wander[1] * 6))
    y = swell * np.sin(phase) + 0.25 * swell * np.sin(2 * phase + 1.0)
    x = (u - 0.5) * width * (1 + gather * t) + 0.22 * swell * np.cos(phase) + 0.010 * wander[2] * t
    z = height * (1 - t) + 0 * u
    grid = np.stack([x + 0 * t, y, z], axis=2)
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x[-1]), np.diff(y[-1])))])
    uv = np.stack([np.broadcast_to(length[None, :], x.shape), np.broadcast_to(height * t, x.shape)], axis=2)
    return sheet(grid[::-1], uv[::-1])


@kind("curtains", 19, ("heavy", "sheer", "rod"), ("pair", "sheer", "heavy"))
def curtains(spec: Spec) -> list[Piece]:
    """Curtains on a rod before an opening: ``size`` (width, depth, height), standing on z = 0, wall at +Y.

    "pair": sheers across the opening and a heavy curtain at each side; "sheer" or "heavy" alone.
    """
    width, depth, height = spec.size
    form = spec.form or "pair"
    made: list[Piece] = []
    drop = height - 0.03
    stack = spec.number("stack", 0.16) * width
    if form in {"pair", "heavy"}:
        sides = [
            drape(stack, drop, max(4, round(stack / 0.075)), 0.032, spec.seed + side, 0.06).move(
                side * (width / 2 - stack / 2), -depth * 0.2, 0.012
            )
            for side in (-1, 1)
        ]
        made.append(Piece("heavy", join(sides)))
    if form in {"pair", "sheer"}:
        cover = spec.number("sheer_cover", 0.28) * width
        sheers = [
            drape(cover, drop, max(6, round(cover / 0.10)), 0.022, spec.seed + 7 + side, 0.03).move(
                side * (width / 2 - stack * 0.7 - cover / 2), depth * 0.22, 0.012
            )
            for side in (-1, 1)
        ]
        made.append(Piece("sheer", join(sheers)))
    rods = [bar((-width / 2 - 0.08, -depth * 0.2, height), (width / 2 + 0.08, -depth * 0.2, height), 0.011)]
    ends = lathe([(0, 0), (0.017, 0), (0.018, 0.03), (0, 0.034)], 20)
    rods += [
        ends.turn(90, "y").move(width / 2 + 0.08, -depth * 0.2, height),
        ends.turn(-90, "y").move(-width / 2 - 0.08, -depth * 0.2, height),
    ]
    rods += [
        bar((x, depth / 2, height), (x, -depth * 0.2, height), 0.007) for x in (-width / 2 + 0.02, width / 2 - 0.02)
    ]
    made.append(Piece("rod", join(rods)))
    return made


def rod(width: float, y: float, z: float, wall: float, radius: float = 0.011) -> Shape:
    """A rod with end pieces on two arms; ``wall``: the wall's y."""
    ends = lathe([(0, 0), (0.017, 0), (0.018, 0.03), (0, 0.034)], 20)
    return join(
        [
            bar((-width / 2 - 0.08, y, z), (width / 2 + 0.08, y, z), radius),
            ends.turn(90, "y").move(width / 2 + 0.08, y, z),
            ends.turn(-90, "y").move(-width / 2 - 0.08, y, z),
            *(bar((x, wall, z), (x, y, z), 0.007) for x in (-width / 2 + 0.02, width / 2 - 0.02)),
        ]
    )


def _puddled(cloth: Shape, over: float, seed: int) -> Shape:
    """A cloth ``over`` metres too long, its end lying on the floor in soft loops."""
    phase = np.random.default_rng(seed).uniform(0, 6, 2)

    def lie(p: np.ndarray) -> np.ndarray:
        out = p.copy()
        below = np.clip(-p[:, 2], 0, over) / over
        out[:, 2] = np.where(
            p[:, 2] < 0, 0.006 + 0.020 * np.sin(np.pi * below) * (1 + 0.5 * np.sin(23 * p[:, 0] + phase[0])), p[:, 2]
        )
        out[:, 1] -= over * 0.8 * below**1.3 * (0.75 + 0.25 * np.sin(11 * p[:, 0] + phase[1]))
        out[:, 0] += 0.03 * below * np.sin(7 * p[:, 0] + phase[0])
        return out

    return cloth.bend(lie)


@form("curtains", "linen", slots=("heavy", "rod"))
def linen(spec: Spec) -> list[Piece]:
    """Loose linen, gathered on rings without order, a hand too long: it puddles on the floor."""
    width, depth, height = spec.size
    stack, over, y = spec.number("stack", 0.24) * width, 0.10, -depth * 0.1
    folds = max(4, round(stack / 0.085))
    sides: list[Shape] = []
    rings: list[Shape] = []
    for side in (-1, 1):
        cloth = drape(stack, height - 0.035 + over, folds, 0.036, spec.seed + side, 0.10).move(z=-over)
        x = side * (width / 2 - stack / 2)
        sides.append(_puddled(cloth, over, spec.seed + side).move(x, y))
        turn = np.linspace(0, 2 * np.pi, 21)
        for at in np.linspace(-stack / 2 + 0.02, stack / 2 - 0.02, folds):
            loop = np.column_stack([0 * turn, 0.019 * np.sin(turn), 0.019 * np.cos(turn)])
            rings.append(tube(loop, 0.0025, 6, closed=True).move(x + float(at), y, height - 0.012))
    return [Piece("heavy", join(sides)), Piece("rod", join([rod(width, y, height, depth / 2), *rings]))]


@form("curtains", "tab", slots=("heavy", "rod"))
def tab(spec: Spec) -> list[Piece]:
    """Curtains hung by loops of their own cloth from a stout rod."""
    width, depth, height = spec.size
    stack, y, r = spec.number("stack", 0.22) * width, -depth * 0.1, 0.014
    cloths: list[Shape] = []
    folds = max(4, round(stack / 0.095))
    for side in (-1, 1):
        x = side * (width / 2 - stack / 2)
        cloths.append(drape(stack, height - 0.085, folds, 0.030, spec.seed + side, 0.06).move(x, y, 0.012))
        angle = np.linspace(-np.pi * 0.12, np.pi * 1.12, 15)
        arch = [
            (0.0, 0.006, -0.075),
            *((0.0, float((r + 0.002) * np.cos(a)), float((r + 0.002) * np.sin(a))) for a in angle),
            (0.0, -0.006, -0.075),
        ]
        for at in np.linspace(-stack / 2 + 0.03, stack / 2 - 0.03, folds):
            edge = np.array(arch)
            aside = np.array([0.024, 0.0, 0.0])
            band = np.stack([edge - aside, edge + aside], axis=1)
            cloths.append(sheet(band).move(x + float(at), y, height))
    return [Piece("heavy", join(cloths)), Piece("rod", rod(width, y, height, depth / 2, r))]


@form("curtains", "panel", slots=("heavy", "sheer", "rod"))
def panels(spec: Spec) -> list[Piece]:
    """Flat panels that slide in a ceiling rail, each with a bar in its hem: sheer ones before the glass."""
    width, depth, height = spec.size
    count = max(4, round(width / 0.5))
    each = width / count + 0.03
    pieces: dict[str, list[Shape]] = {"heavy": [], "sheer": []}
    hems: list[Shape] = [slab((-width / 2 - 0.03, -0.03, height - 0.022), (width / 2 + 0.03, 0.03, height), 0.003)]
    hems += [
        slab((x - 0.02, 0.02, height - 0.018), (x + 0.02, depth / 2, height - 0.004))
        for x in (-width * 0.4, width * 0.4)
    ]
    for index in range(count):
        slot = "heavy" if index in {0, count - 1} else "sheer"
        x, y = -width / 2 + width * (index + 0.5) / count, -0.018 + 0.018 * (index % 3)
        pieces[slot].append(slab((x - each / 2, y - 0.0012, 0.014), (x + each / 2, y + 0.0012, height - 0.02), 0.001))
        hems.append(slab((x - each / 2 - 0.001, y - 0.005, 0.012), (x + each / 2 + 0.001, y + 0.005, 0.030), 0.002))
    return [*(Piece(slot, join(made)) for slot, made in pieces.items()), Piece("rod", join(hems))]


@form("curtains", "cafe", slots=("heavy", "rod"))
def cafe(spec: Spec) -> list[Piece]:
    """A short pair on a thin rod over the lower half of the window, with a ruffled head.

    ``settings.sill`` and ``settings.rod``: heights of its hem and rod (0.60 and 0.58 of the height, metres).
    """
    width, depth, height = spec.size
    top, sill = spec.number("rod", height * 0.58), spec.number("sill", 0.60)
    y, half = 0.0, width * 0.47
    cloths = [
        drape(half, top - sill + 0.03, max(5, round(half / 0.07)), 0.020, spec.seed + side, 0.02).move(
            side * (width / 2 - half / 2), y, sill
        )
        for side in (-1, 1)
    ]
    eye = [curve([(x, depth / 2, top), (x, y, top)], 4) for x in (-width / 2, width / 2)]
    return [
        Piece("heavy", join(cloths)),
        Piece(
            "rod",
            join(
                [bar((-width / 2 - 0.02, y, top), (width / 2 + 0.02, y, top), 0.007), *(tube(e, 0.005, 8) for e in eye)]
            ),
        ),
    ]
