"""Walls, floor, ceiling, skirting: open where the camera stands, and long enough that no picture shows their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from imagegen.rooms.outlook import card
from imagegen.rooms.shapes import Shape, join, slab
from imagegen.rooms.view import View
from imagegen.types import Doubles
from styles.schema import Part, RolePage, Room

THICK = 0.24
"""Metres of masonry: the depth of a window's reveal."""
ELBOW = 0.35
"""Metres that a camera needs between itself and a side wall; nearer, the wall is taken out."""
HEADROOM = 0.1
"""Metres below the ceiling above which a camera is too high for it: the room is then raised (see ``raised``)."""
FAR = 14.0
"""Metres that the back wall and the floor go on where a side wall is taken out."""
ASIDE = 6.0
"""Metres that this card goes on to each side of the windows before it comes round towards the wall."""
ONWARDS = 6.0
"""Metres that a covering goes on at most past the room's own end."""
BEYOND = 1.5
"""Metres that the floor goes on behind the camera: mirrors show what lies behind its end (``behind.py``)."""
PAST = 5.0
"""Metres that a wall with windows goes on past the room's front, so that a low sun cannot come round its end."""

Board = tuple[float, float, float]
"""A board of a skirting: how far it stands out, its lower and its upper edge (metres)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole in a wall, in the wall's own frame: middle along it, width, lower edge, height."""

    middle: float
    width: float
    low: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A piece of the shell: which role it plays, what it is, its ADE20K class; ``sheet`` for the view outside."""

    role: str
    name: str
    shape: Shape
    segment: int
    sheet: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """How far the shell goes: kept walls, and the ends along x and y (metres)."""

    walls: tuple[str, ...]
    left: float
    right: float
    side_front: float
    ceiling_front: float
    floor_front: float = -26.0


def extent(room: Room, view: View) -> Extent:
    """Which walls can stay for this camera, and how long everything must be."""
    half = room.width / 2
    walls = ["back"] if view.eye[2] > room.height - HEADROOM else ["back", "ceiling"]
    if view.eye[0] > -half + ELBOW:
        walls.append("left")
    if view.eye[0] < half - ELBOW:
        walls.append("right")
    side_front = ceiling_front = -room.depth
    for name, level in (("left", -half), ("right", half)):
        if name in walls:
            hits = view.reach(0, level)
            hits = hits[(hits[:, 2] > -0.05) & (hits[:, 2] < room.height + 0.05)]
            side_front = min(side_front, float(hits[:, 1].min(initial=0.0)) - 0.4)
    below = view.reach(2, 0.0)
    floor_front = min(-room.depth - BEYOND, float(view.eye[1]) - BEYOND, float(below[:, 1].min(initial=0.0)) - 0.4)
    overhead = view.reach(2, room.height)
    overhead = overhead[overhead[:, 1] < 0.3]
    ceiling_front = min(ceiling_front, float(overhead[:, 1].min(initial=0.0)) - 0.4)
    return Extent(
        tuple(walls),
        -half if "left" in walls else -half - FAR,
        half if "right" in walls else half + FAR,
        max(side_front, -25.0),
        max(ceiling_front, -25.0),
        max(floor_front, -26.0),
    )


def raised(room: Room, view: View) -> Room:
    """The room itself, or a higher one when the camera would stand above its ceiling (a lamp seen from above)."""
    if view.eye[2] <= room.height - HEADROOM:
        return room
    return room.model_copy(update={"height": float(view.eye[2]) + 0.8})


def in_room(wall: str, room: Room, shape: Shape) -> Shape:
    """A shape from a wall's own frame (x along it, +Y out of the room) into the room's."""
    if wall == "left":
        return shape.turn(90).move(x=-room.width / 2)
    if wall == "right":
        return shape.turn(-90).move(x=room.width / 2)
    return shape


def along(wall: str, at: Sequence[float]) -> float:
    """The coordinate along a wall of a point of the room."""
    return {"back": at[0], "left": at[1], "right": -at[1]}[wall]


def openings(room: Room, wall: str) -> list[Opening]:
    """The holes that a wall's windows need."""
    return [_opening(part, wall) for part in room.parts if part.wall == wall and part.kind == "window"]


def _opening(part: Part, wall: str) -> Opening:
    return Opening(along(wall, part.at), part.size[0], part.at[2], part.size[2])


def fitted(part: Part, room: Room, bounds: Extent) -> Part:
    """A covering of a whole wall or ceiling, as far as that goes for this camera; any other part as it is.

    Panelling that reaches a corner, ceiling boards and beams that are as long as the page's own room go on where a
    wall was taken out, and never stick out behind one that stands. Lengths come in half metres, so that few different
    ones are built.
    """
    x, y, z = part.at
    width, depth, height = part.size
    left = _onwards(bounds.left, -room.width / 2)
    right = _onwards(bounds.right, room.width / 2)
    if part.kind == "panelling" and part.wall == "back":
        low, high = x - width / 2, x + width / 2
        ends = (left if low < 0.03 - room.width / 2 else low), (right if high > room.width / 2 - 0.03 else high)
        if ends != (low, high):
            return part.model_copy(update={"at": (sum(ends) / 2, y, z), "size": (ends[1] - ends[0], depth, height)})
    if part.kind == "panelling" and part.wall in {"left", "right"} and width > room.depth - 0.05:
        front = _onwards(bounds.side_front, -room.depth)
        return part.model_copy(update={"at": (x, front / 2, z), "size": (-front, depth, height)})
    if part.kind in {"beam", "ceiling-boards"} and depth > 0.9 * room.depth:
        front = _onwards(bounds.ceiling_front, -room.depth)
        if part.kind == "ceiling-boards" and width > room.width - 0.05:
            x, width = (left + right) / 2, right - left
        return part.model_copy(update={"at": (x, front / 2, z), "size": (width, -front, height)})
    return part


def walled_off(part: Part, room: Room, bounds: Extent) -> bool:
    """Whether a thing of the back wall is wholly past a side wall that stands: it is there for when that is away."""
    inner = abs(part.at[0]) - part.size[0] / 2
    return part.wall == "back" and inner >= room.width / 2 and ("left" if part.at[0] < 0 else "right") in bounds.walls


def _onwards(end: float, own: float) -> float:
    """An end of the shell, counted in half metres from the room's own and at most ``ONWARDS`` past it."""
    steps = np.ceil((abs(end) - abs(own) - 1e-6) / 0.5)
    return float(np.copysign(abs(own) + min(max(0.5 * steps, 0.0), ONWARDS), own))


def shell(room: Room, bounds: Extent, skirting: RolePage | None = None) -> list[Surface]:
    """Every surface of the empty room.

    ``skirting``: the style's role; its settings are height (metres, 0.07 to 0.12, usually 0.09) and profile ("plain",
    "stepped", "none").
    """
    boards = _profile(skirting or RolePage())
    front = min(bounds.side_front, -room.depth)
    spans = {
        "back": (bounds.left, bounds.right),
        "left": (min(front, -room.depth - PAST * bool(openings(room, "left"))), 0.0),
        "right": (0.0, max(-front, room.depth + PAST * bool(openings(room, "right")))),
    }
    made: list[Surface] = []
    for wall in bounds.walls:
        if wall == "ceiling":
            continue
        made += _wall(room, wall, spans[wall], boards)
    floor_left = bounds.left - (THICK if "left" in bounds.walls else 0.0)
    floor_right = bounds.right + (THICK if "right" in bounds.walls else 0.0)
    made.append(Surface("floor", "floor", _flat(floor_left, floor_right, bounds.floor_front, THICK, 0.0, up=True), 4))
    made.append(
        Surface(
            "ceiling", "ceiling", _flat(floor_left, floor_right, bounds.ceiling_front, THICK, room.height, up=False), 6
        )
    )
    made.append(
        Surface(
            "ceiling",
            "roof",
            _flat(floor_left, floor_right, bounds.ceiling_front, THICK, room.height + 0.02, up=True),
            6,
        )
    )
    return made


def _wall(room: Room, wall: str, span: tuple[float, float], boards: Sequence[Board]) -> list[Surface]:
    holes = openings(room, wall)
    low, high = span
    outer_low, outer_high = (low - THICK, high + THICK) if wall == "back" else (low, high)
    body = join(
        [_face(outer_low, outer_high, room.height, holes, 0.0), _face(outer_low, outer_high, room.height, holes, THICK)]
    )
    role = "wall" if wall == "back" else "side-wall"
    made = [Surface(role, f"wall-{wall}", in_room(wall, room, body), 1)]
    if holes:
        made.append(
            Surface("reveal", f"reveal-{wall}", in_room(wall, room, join([_reveal(hole) for hole in holes])), 1)
        )
        made.append(_outside(room, wall, holes))
    runs = _runs(room, wall, span)
    if boards and runs:
        foot = join([slab((low, -out, z0), (high, 0.0, z1), 0.004) for low, high in runs for out, z0, z1 in boards])
        made.append(Surface("skirting", f"skirting-{wall}", in_room(wall, room, foot), 1))
    return made


def _face(low: float, high: float, height: float, holes: Sequence[Opening], y: float) -> Shape:
    """A wall's face with its holes; y = 0 looks into the room, y > 0 outwards."""
    us = sorted({low, high, *(u for h in holes for u in (h.middle - h.width / 2, h.middle + h.width / 2))})
    vs = sorted({0.0, height, *(v for h in holes for v in (h.low, h.low + h.height))})
    corners: list[tuple[float, float]] = []
    faces: list[tuple[int, int, int]] = []
    for u0, u1 in pairwise(us):
        for v0, v1 in pairwise(vs):
            mid = ((u0 + u1) / 2, (v0 + v1) / 2)
            if any(abs(mid[0] - h.middle) < h.width / 2 and h.low < mid[1] < h.low + h.height for h in holes):
                continue
            n = len(corners)
            corners += [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]
            faces += [(n, n + 1, n + 2), (n, n + 2, n + 3)]
    flat = np.array(corners)
    order = np.array(faces)
    side = -1.0 if y == 0.0 else 1.0
    points = np.column_stack([flat[:, 0], np.full(len(flat), y), flat[:, 1]])
    return Shape(points, order if side < 0 else order[:, ::-1], flat, np.repeat([[0.0, side, 0.0]], len(flat), axis=0))


def _reveal(hole: Opening) -> Shape:
    """The four inner sides of a hole: thin plates, so that light sees their thickness."""
    u0, u1, v0, v1 = hole.middle - hole.width / 2, hole.middle + hole.width / 2, hole.low, hole.low + hole.height
    return join(
        [
            _plate([(u0, 0, v0), (u0, THICK, v0), (u0, THICK, v1), (u0, 0, v1)]),
            _plate([(u1, THICK, v0), (u1, 0, v0), (u1, 0, v1), (u1, THICK, v1)]),
            _plate([(u0, THICK, v0), (u0, 0, v0), (u1, 0, v0), (u1, THICK, v0)]),
            _plate([(u0, 0, v1), (u0, THICK, v1), (u1, THICK, v1), (u1, 0, v1)]),
        ]
    )


def _plate(corners: Sequence[Sequence[float]]) -> Shape:
    points = np.asarray(corners, float)
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    normal /= np.linalg.norm(normal)
    uv = np.array([[0, 0], [np.linalg.norm(points[1] - points[0]), 0], [1, 1], [0, 1]], dtype=float)
    return Shape(points, np.array([[0, 1, 2], [0, 2, 3]]), uv, np.repeat(normal[None], 4, axis=0))


def _profile(role: RolePage) -> list[Board]:
    """The boards that a skirting is made of; none when the style has none."""
    height = min(0.12, max(0.07, float(role.settings.get("height", 0.09))))
    profile = str(role.settings.get("profile", "plain"))
    if profile == "none" or not role.present:
        return []
    if profile == "stepped":
        return [(0.018, 0.0, height * 0.72), (0.011, height * 0.7, height)]
    return [(0.016, 0.0, height)]


def _runs(room: Room, wall: str, span: tuple[float, float]) -> list[tuple[float, float]]:
    """Where along a wall its skirting lies: it leaves out doors and windows that reach the floor."""
    gaps = [(along(wall, p.at) - p.size[0] / 2 - 0.08, along(wall, p.at) + p.size[0] / 2 + 0.08)
            for p in room.parts if p.wall == wall and p.kind in {"door", "window"} and p.at[2] < 0.1]  # fmt: skip
    at, runs = span[0], []
    for low, high in [*sorted(gaps), (span[1], span[1])]:
        if low > at + 0.02:
            runs.append((at, low))
        at = max(at, high)
    return runs


def _outside(room: Room, wall: str, holes: Sequence[Opening]) -> Surface:
    """What the windows show."""
    middles = [hole.middle for hole in holes]
    shape, sheet = card(min(middles) - ASIDE, max(middles) + ASIDE, THICK, room.height)
    return Surface("outside", f"outside-{wall}", in_room(wall, room, shape), 9, sheet)


def _flat(left: float, right: float, front: float, back: float, level: float, *, up: bool) -> Shape:
    points = np.array([(left, front, level), (right, front, level), (right, back, level), (left, back, level)])
    faces = np.array([[0, 1, 2], [0, 2, 3]])
    uv: Doubles = points[:, :2].copy()
    side = 1.0 if up else -1.0
    return Shape(points, faces if up else faces[:, ::-1], uv, np.repeat([[0.0, 0.0, side]], 4, axis=0))
