"""Mirrors on the wall and one that leans on it. Slots: frame, mirror."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.foliage import wander
from imagegen.rooms.parts.wallware import HANGS, arched, frame, moulded, pane
from imagegen.rooms.shapes import Shape, bar, join, slab, tube
from imagegen.types import Doubles


def _ellipse(width: float, height: float, steps: int = 96) -> Doubles:
    turn = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    return np.column_stack([width / 2 * np.cos(turn), height / 2 * np.sin(turn)])


def _rim(outline: Doubles, wide: float, deep: float) -> Shape:
    """A rounded rail inside an outline, from the wall to ``deep`` before it."""
    r = min(wide, deep) * 0.35
    turn = np.linspace(0, np.pi / 2, 5)
    outer = np.column_stack([r - r * np.cos(turn), deep - r + r * np.sin(turn)])
    inner = np.column_stack([wide - r + r * np.sin(turn), deep - r + r * np.cos(turn)])
    return moulded(outline, np.vstack([[0, 0], outer, inner, [wide, 0.004]]))


def _glazed(spec: Spec, outline: Doubles, wide: float) -> list[Piece]:
    deep = spec.size[1]
    return [Piece("frame", _rim(outline, wide, deep)), Piece("mirror", pane(outline * 0.995, -0.5 * deep))]


@kind("mirror", 28, ("frame", "mirror"), ("round",), words=HANGS, near=1.3)
def round_mirror(spec: Spec) -> list[Piece]:
    """A round mirror in a thin rim."""
    return _glazed(spec, _ellipse(spec.size[0], spec.size[2]), spec.number("rail", 0.014))


@form("mirror", "arch")
def arch(spec: Spec) -> list[Piece]:
    """An upright mirror with a round head."""
    return _glazed(spec, arched(spec.size[0], spec.size[2]), spec.number("rail", 0.016))


@form("mirror", "pill")
def pill(spec: Spec) -> list[Piece]:
    """A mirror round at both ends, rimmed thinly."""
    return _glazed(
        spec, arched(spec.size[0], spec.size[2], min(spec.size[0], spec.size[2]) / 2, 24), spec.number("rail", 0.010)
    )


@form("mirror", "rectangle")
def rectangle(spec: Spec) -> list[Piece]:
    """A rectangular mirror in a flat wooden frame."""
    width, depth, height = spec.size
    rail = spec.number("rail", 0.040)
    glass = pane(arched(width - 2 * rail + 0.004, height - 2 * rail + 0.004, 0.002, 3), -0.55 * depth)
    return [Piece("frame", frame(width, height, rail, depth)), Piece("mirror", glass)]


@form("mirror", "sunburst")
def sunburst(spec: Spec) -> list[Piece]:
    """A small round mirror from which rays of three lengths go out, flat against the wall."""
    width, depth, height = spec.size
    core = 0.42
    ring = _ellipse(width * core, height * core)
    n = 48
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    reach = np.array([1.0, 0.74, 0.88, 0.74])[np.arange(n) % 4]
    half = np.column_stack([width / 2 * np.cos(turn), height / 2 * np.sin(turn)])
    thick = 0.0075 * width / 0.7
    rays = [
        bar(
            (p[0] * core * 0.94, -0.4 * depth, p[1] * core * 0.94),
            (p[0] * r, -0.28 * depth, p[1] * r),
            thick,
            0.45 * thick,
            8,
        )
        for p, r in zip(half, reach, strict=True)
    ]
    back = moulded(ring * 0.99, np.array([[0, 0], [0, 0.5 * depth], [0.01, 0.6 * depth]]))
    pieces = [Piece("frame", join([_rim(ring, 0.022, depth), back, *rays]))]
    return [*pieces, Piece("mirror", pane(ring * 0.97, -0.62 * depth))]


@form("mirror", "rattan")
def rattan(spec: Spec) -> list[Piece]:
    """A round mirror in a rim of bent canes: two hoops and a scalloped row of loops between them."""
    width, depth, height = spec.size
    inner = 0.64
    cane = min(0.0075, depth / 4)
    turn = np.linspace(0, 2 * np.pi, 97)

    def hoop(share: float, y: float) -> Shape:
        path = np.column_stack([share * width / 2 * np.cos(turn), np.full(97, y), share * height / 2 * np.sin(turn)])
        return tube(path, cane, 8, closed=True)

    hoops = [hoop(inner, -depth / 2 - cane), hoop(inner + 0.035, -depth / 2), hoop(0.80, -depth / 2 + cane)]
    n, loops = 22, []
    middle, reach = (inner + 0.985) / 2, (0.985 - inner) / 2
    for index in range(n):
        face = 2 * np.pi * index / n
        t = np.linspace(0, 2 * np.pi, 29)
        r, a = middle + reach * np.cos(t), face + 0.82 * 2 * np.pi / n * np.sin(t)
        path = np.column_stack(
            [
                r * width / 2 * np.cos(a),
                -depth / 2 + cane * (1.2 if index % 2 else -1.2) * np.cos(t / 2) ** 2,
                r * height / 2 * np.sin(a),
            ]
        )
        loops.append(tube(path, cane * 0.8, 6, closed=True))
    glass = pane(_ellipse(width * (inner + 0.02), height * (inner + 0.02)), -depth * 0.4)
    return [Piece("frame", join([*hoops, *loops])), Piece("mirror", glass)]


@form("mirror", "driftwood")
def driftwood(spec: Spec) -> list[Piece]:
    """A round mirror bound with bleached sticks laid in a ring, every one its own length and lean."""
    rng, (width, depth, height) = spec.rng(), spec.size
    n, sticks = 54, []
    for index in range(n):
        face = 2 * np.pi * (index + rng.uniform(-0.3, 0.3)) / n
        lean = rng.normal(0.0, 0.22) + 1.15 * (1 if index % 2 else -1)
        middle = 0.80 + rng.normal(0, 0.03)
        along, across = np.array([np.cos(face), np.sin(face)]), np.array([-np.sin(face), np.cos(face)])
        axis = along * np.cos(lean) + across * np.sin(lean)
        long = rng.uniform(0.16, 0.26)
        ends = [np.clip((along * middle + s * axis * long), -1, 1) for s in (-1, 1)]
        ends = [e * min(1.0, 0.97 / max(float(np.linalg.norm(e)), 1e-6)) for e in ends]
        y = -depth * (0.30 + 0.42 * (index % 3) / 2)
        path = wander(
            rng,
            (ends[0][0] * width / 2, y, ends[0][1] * height / 2),
            (ends[1][0] * width / 2, y, ends[1][1] * height / 2),
            0.004,
            8,
            2,
        )
        sticks.append(tube(path, np.linspace(1, 0.7, 8) * rng.uniform(0.007, 0.012), 8))
    ring = _ellipse(width * 0.70, height * 0.70)
    back = moulded(ring, np.array([[-0.03, 0], [-0.03, 0.2 * depth], [0.0, 0.3 * depth], [0.01, 0.3 * depth]]))
    return [Piece("frame", join([*sticks, back])), Piece("mirror", pane(ring * 0.98, -0.26 * depth))]


@form("mirror", "leaning")
def leaning(spec: Spec) -> list[Piece]:
    """A tall mirror that stands on the floor and leans back on the wall; ``settings.head`` = "arch" rounds its top.

    ``at`` is the middle of its foot on the floor, its size runs from the wall (+Y) to the foot's front.
    """
    width, depth, height = spec.size
    thick = 0.034
    lean = float(np.degrees(np.arcsin(np.clip((depth - thick) / height, 0.02, 0.30))))
    long = (height - thick * np.sin(np.radians(lean))) / np.cos(np.radians(lean))
    head = str(spec.settings.get("head", "square"))
    outline = arched(width, long) if head == "arch" else arched(width, long, 0.006, 4)
    section = np.array(
        [[0, 0], [0, thick - 0.003], [0.003, thick], [0.032, thick], [0.034, thick - 0.002], [0.034, 0.01]]
    )
    rim = moulded(outline, section) if head == "arch" else frame(width, long, 0.034, thick)
    back = slab(
        (-width / 2 + 0.02, -0.012, -long / 2 + 0.02),
        (width / 2 - 0.02, -0.004, long / 2 - (width / 2 if head == "arch" else 0.02)),
        0.001,
    )
    glass = pane(outline * 0.99, -0.022)
    foot = depth / 2 - long * float(np.sin(np.radians(lean)))
    pieces = [("frame", join([rim, back])), ("mirror", glass)]
    return [
        Piece(slot, shape.move(z=long / 2).turn(-lean, "x").move(y=foot, z=thick * float(np.sin(np.radians(lean)))))
        for slot, shape in pieces
    ]
