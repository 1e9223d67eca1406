"""What lies on a desk or hangs over it: a laptop, notebooks, a cup of pens; a pinboard with its slips."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from imagegen.rooms.parts.bentwood import outline, planar
from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.crockery import hollow
from imagegen.rooms.shapes import Shape, cylinder, join, lathe, panel, sheet, slab, tube

_THICK = 0.0085


def _rounded_plate(width: float, depth: float, thick: float) -> Shape:
    """A thin plate with round corners in plan and soft edges, lying on z = 0."""
    soft = min(0.002, thick / 3)
    profile = [
        (0.0, 0.0), (0.985, 0.0), (1.0, soft), (1.0, thick - soft), (0.996, thick - 0.3 * soft),
        (0.985, thick), (0.0, thick),
    ]  # fmt: skip
    return planar(lathe(profile, 96, 50).bend(outline(width, depth, 14.0)))


def _keys(width: float, depth: float) -> Shape:
    """The tops of six rows of keys, a touch above the case."""
    rows, made = 6, []
    for row in range(rows):
        count = 14 if row else 12
        edges = np.linspace(-width / 2, width / 2, count + 1)
        if row == rows - 1:  # the lowest row has the long bar
            edges = np.delete(edges, [5, 6, 7, 8])
        low, high = depth / 2 - depth / rows * (row + 1), depth / 2 - depth / rows * row
        for left, right in pairwise(edges):
            corners = np.array(
                [
                    [(left + 0.0015, low + 0.0015), (right - 0.0015, low + 0.0015)],
                    [(left + 0.0015, high - 0.0015), (right - 0.0015, high - 0.0015)],
                ]
            )
            made.append(sheet(np.concatenate([corners, np.zeros((2, 2, 1))], axis=2)))
    return join(made)


def laptop(spread: float) -> dict[str, Shape]:
    """A closed (``spread`` 0) or open laptop, its hinge at +Y: case in "metal", keys and picture in "screen"."""
    width, depth = 0.312, 0.218
    case, lid = _rounded_plate(width, depth, _THICK), _rounded_plate(width, depth, 0.0048)
    feet = [cylinder(0.005, 0.0022, 0.0005, 10).move(x * 0.135, y * 0.09) for x in (-1, 1) for y in (-1, 1)]
    rise = 0.0018
    if not spread:
        return {"metal": join([case.move(z=rise), lid.move(z=rise + _THICK + 0.0006)]), "screen": join(feet)}
    picture = panel(width - 0.018, depth - 0.024).turn(-90, "x").move(y=-depth / 2 + 0.012).turn(180, "y")
    glass = picture.move(z=-0.0004)

    def opened(shape: Shape) -> Shape:
        return shape.move(y=-depth / 2).turn(-spread, "x").move(y=depth / 2 - 0.002, z=rise + _THICK + 0.0008)

    hinge = tube(
        np.array([(-0.10, depth / 2 - 0.003, rise + _THICK), (0.10, depth / 2 - 0.003, rise + _THICK)]), 0.0034, 10
    )
    keys = _keys(width - 0.034, 0.106).move(y=0.033, z=rise + _THICK + 0.0004)
    touch = _rounded_plate(0.115, 0.068, 0.0006).move(y=-0.066, z=rise + _THICK - 0.0003)
    return {"metal": join([case.move(z=rise), opened(lid), hinge, touch]), "screen": join([*feet, opened(glass), keys])}


def _notebook(width: float, length: float, thick: float) -> tuple[Shape, Shape]:
    """(cover, pages): two thin boards, a rounded spine at -X, leaves set back between them."""
    cover = [
        slab((-width / 2, -length / 2, z), (width / 2, length / 2, z + 0.0016), 0.0006, 1)
        for z in (0.0, thick - 0.0016)
    ]
    cover.append(slab((-width / 2 - 0.0012, -length / 2, 0.0), (-width / 2 + 0.0016, length / 2, thick), 0.0012, 2))
    leaves = slab(
        (-width / 2 + 0.001, -length / 2 + 0.0025, 0.0014),
        (width / 2 - 0.0025, length / 2 - 0.0025, thick - 0.0014),
        0.0004,
        1,
    )
    return join(cover), leaves


def _pens(rng: np.random.Generator, radius: float, height: float) -> tuple[list[Shape], list[Shape]]:
    """(metal, paper): pens and pencils that lean in a cup, none alike."""
    metal: list[Shape] = []
    wood: list[Shape] = []
    for index in range(6):
        angle = index * 1.05 + rng.uniform(-0.3, 0.3)
        out = np.array([np.cos(angle), np.sin(angle), 0.0])
        foot = -out * radius * 0.45 + [0, 0, 0.008]
        length = float(rng.uniform(0.135, 0.175))
        lean = out * (radius - 0.006) + [0, 0, height]
        along = (lean - foot) / np.linalg.norm(lean - foot)
        end = foot + along * length
        path = np.stack([foot, end - along * 0.02, end - along * 0.018, end])
        size = float(rng.uniform(0.0033, 0.0045))
        shape = tube(
            path, np.array([size, size, size * (0.96 if index % 2 else 0.9), size * (0.2 if index % 2 else 0.8)]), 8
        )
        (metal if index % 3 == 0 else wood).append(shape)
    return metal, wood


@kind("desk-set", 75, ("main", "metal", "paper", "screen"))
def desk_set(spec: Spec) -> list[Piece]:
    """Things on a desk within ``size``: a laptop, notebooks at the left with a pen on them, a cup of pens.

    ``settings.laptop``: "open" (default), "closed" or "none".
    """
    width, depth, _ = spec.size
    rng = spec.rng()
    made: dict[str, list[Shape]] = {"main": [], "metal": [], "paper": [], "screen": []}
    state = str(spec.settings.get("laptop", "open"))
    if state != "none":
        turn, aside = float(rng.uniform(-5, 5)), float(rng.uniform(-0.02, 0.02))
        back = 0.0 if state == "closed" else min(0.02, depth / 2 - 0.17)
        for slot, shape in laptop(0.0 if state == "closed" else float(rng.uniform(104, 112))).items():
            made[slot].append(shape.turn(turn).move(aside, back))
    x, y, z = -width / 2 + 0.105, -depth / 2 + 0.15, 0.0
    for index in range(3):
        thick = float(rng.uniform(0.010, 0.018))
        cover, leaves = _notebook(0.148 - 0.008 * index, 0.21 - 0.012 * index, thick)
        turn, dx, dy = float(rng.uniform(-7, 9)), float(rng.uniform(-0.006, 0.006)), float(rng.uniform(-0.006, 0.006))
        made["paper" if index == 1 else "main"].append(cover.turn(turn).move(x + dx, y + dy, z))
        made["paper"].append(leaves.turn(turn).move(x + dx, y + dy, z))
        z += thick + 0.0003
    pen = tube(
        np.array([(0, -0.068, 0), (0, 0.05, 0), (0, 0.056, 0), (0, 0.068, 0)]),
        np.array([0.0042, 0.0042, 0.0040, 0.0010]),
        10,
    )
    made["metal"].append(pen.turn(float(rng.uniform(20, 40))).move(x + 0.01, y, z + 0.0042))
    radius, height = 0.040, 0.098
    cup = hollow([(radius * 0.94, 0.0), (radius, 0.006), (radius, 0.05), (radius, height)], 0.0038, 0.006, 32)
    at = width / 2 - 0.055, depth / 2 - 0.075
    metal, wood = _pens(rng, radius - 0.004, height)
    made["main"].append(cup.move(*at))
    made["metal"] += [shape.move(*at) for shape in metal]
    made["paper"] += [shape.move(*at) for shape in wood]
    segments = {"main": 68, "metal": 75, "paper": 68, "screen": 131}
    return [Piece(slot, join(shapes), segments[slot]) for slot, shapes in made.items() if shapes]


def _slip(width: float, height: float, rng: np.random.Generator) -> Shape:
    """A sheet of paper held at its top: it bows off the board and its lower corners curl."""
    u, v = np.meshgrid(np.linspace(-1, 1, 9), np.linspace(0, 1, 9))
    curl = float(rng.uniform(0.003, 0.010))
    out = 0.0012 + curl * (1 - v) ** 2 * (0.5 + 0.5 * np.abs(u) ** float(rng.uniform(1, 3)))
    return sheet(
        np.stack([u * width / 2, -out, (v - 1) * height], axis=2), np.stack([(u + 1) * width / 2, v * height], axis=2)
    )


@kind("pinboard", 145, ("main", "frame", "paper1", "paper2"), words=("pinboard", "bulletin board"), near=1.3)
def pinboard(spec: Spec) -> list[Piece]:
    """A board on the wall in a slim frame, centred about its middle, with slips and cards pinned up at will."""
    width, depth, height = spec.size
    rng, rail = spec.rng(), 0.018
    w, h = width / 2, height / 2
    frame = [
        slab((-w, -depth, -h), (w, 0, -h + rail), 0.002),
        slab((-w, -depth, h - rail), (w, 0, h), 0.002),
        slab((-w, -depth, -h + rail), (-w + rail, 0, h - rail), 0.002).grain(),
        slab((w - rail, -depth, -h + rail), (w, 0, h - rail), 0.002).grain(),
    ]
    face = -depth + 0.006
    board = slab((-w + rail - 0.002, face, -h + rail - 0.002), (w - rail + 0.002, -0.002, h - rail + 0.002), 0.001)
    slips: dict[str, list[Shape]] = {"paper1": [], "paper2": []}
    columns = max(2, round((width - 0.08) / 0.20))
    each = (width - 2 * rail - 0.05) / columns
    for column in range(columns):
        top = h - rail - float(rng.uniform(0.03, 0.07))
        while top - 0.13 > -h + rail:
            wide = float(rng.uniform(0.55, 0.85)) * each
            tall = min(wide * float(rng.choice([0.72, 1.0, 1.4])), top + h - rail - 0.02)
            x = -w + rail + 0.025 + each * (column + 0.5) + float(rng.uniform(-0.10, 0.10)) * each
            slip = _slip(wide, tall, rng).turn(float(rng.normal(0, 2.2)), "y").move(x, face, top)
            slips["paper1" if rng.uniform() < 0.6 else "paper2"].append(slip)
            pin = lathe(
                [
                    (0.0, 0.0),
                    (0.0045, 0.001),
                    (0.0030, 0.004),
                    (0.0030, 0.007),
                    (0.0050, 0.009),
                    (0.0045, 0.011),
                    (0.0, 0.0115),
                ],
                10,
            )
            frame.append(pin.turn(90, "x").move(x, face - 0.0008, top - 0.010))
            top -= tall + float(rng.uniform(0.03, 0.07))
    return [
        Piece("frame", join(frame)),
        Piece("main", board),
        *(Piece(slot, join(shapes), 68) for slot, shapes in slips.items() if shapes),
    ]
