"""Sofas, armchairs, chairs, poufs. Seats are 43 to 47 cm high when sat on."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.sofas import rests, seats
from imagegen.rooms.parts.throws import over_arm
from imagegen.rooms.parts.turning import splayed
from imagegen.rooms.parts.upholstery import scatter, stuffed, upright
from imagegen.rooms.shapes import Shape, bar, box, curve, cushion, join, lathe, sheet, slab, tube


def _legs(width: float, depth: float, height: float, spread: float, radius: float = 0.019) -> Shape:
    """Four turned legs, splayed outwards."""
    return splayed(width / 2 - 0.10 + spread, depth / 2 - 0.10 + spread, height, spread, radius * 0.62, radius)


@kind(
    "sofa",
    24,
    ("main", "legs", "cushion1", "cushion2", "throw"),
    ("track", "slab", "soft"),
    words=("sofa", "couch", "settee", "loveseat", "sectional", "daybed"),
)
def sofa(spec: Spec) -> list[Piece]:
    """A sofa: "track" has slim square arms on turned legs, "slab" broad ones on a steel frame, "soft" round ones."""
    width, depth, height = spec.size
    form = spec.form or "track"
    leg = {"track": 0.15, "slab": 0.11, "soft": 0.06}[form]
    arm = {"track": 0.12, "slab": 0.19, "soft": 0.24}[form]
    edge = {"track": 0.028, "slab": 0.04, "soft": 0.09}[form]
    arm_height = {"track": 0.60, "slab": 0.58, "soft": 0.60}[form]
    seat_top, back_depth = 0.44, 0.20
    inner = width - 2 * arm
    body = [
        box((width - 0.04, depth - 0.06, 0.16), 0.02).move(z=leg, y=0.01),
        cushion((width - 2 * arm + 0.02, back_depth, height - leg - 0.04), 0.05, 0.012, spec.seed, 4).move(
            y=depth / 2 - back_depth / 2, z=leg
        ),
    ]
    for side in (-1, 1):
        arm_shape = cushion((arm, depth - 0.02, arm_height - leg), edge, 0.010, spec.seed + side, 5)
        body.append(arm_shape.move(x=side * (width / 2 - arm / 2), z=leg))
    seats = max(2, round(inner / 0.78)) if form != "soft" else 2
    each = inner / seats
    for index in range(seats):
        x = -inner / 2 + each * (index + 0.5)
        seat = cushion((each - 0.006, depth - back_depth - 0.02, 0.19), 0.045, 0.020, spec.seed + 11 * index, 5)
        body.append(seat.move(x, -back_depth / 2 - 0.01, seat_top - 0.17))
        rest = cushion((each - 0.008, 0.19, height - seat_top - 0.005), 0.07, 0.030, spec.seed + 17 * index + 3, 5)
        body.append(rest.move(z=-0.01).turn(-11, "x").move(x, depth / 2 - back_depth - 0.095, seat_top - 0.01))
    pieces = [Piece("main", join(body))]
    if form == "slab":
        rails = [
            slab((x - 0.02, -depth / 2 + 0.04, 0), (x + 0.02, depth / 2 - 0.04, 0.02))
            for x in (-width / 2 + 0.12, width / 2 - 0.12)
        ]
        posts = [
            slab((x - 0.02, y - 0.02, 0), (x + 0.02, y + 0.02, leg + 0.01))
            for x in (-width / 2 + 0.12, width / 2 - 0.12)
            for y in (-depth / 2 + 0.06, depth / 2 - 0.06)
        ]
        pieces.append(Piece("legs", join(rails + posts)))
    else:
        pieces.append(Piece("legs", _legs(width, depth, leg + 0.01, 0.025 if form == "track" else 0.0)))
    places = [(inner / 2 - 0.28, 0.48), (-inner / 2 + 0.27, 0.48), (-inner / 2 + 0.52, 0.44)]
    pieces += scatter(spec, places, depth / 2 - back_depth - 0.16, seat_top + 0.022)
    return pieces + over_arm(spec, body, arm, seat_top)


@kind(
    "armchair",
    31,
    ("main", "legs", "cushion1"),
    ("frame", "club", "shell"),
    words=("armchair", "wing chair", "lounge chair", "accent chair", "easy chair", "recliner"),
)
def armchair(spec: Spec) -> list[Piece]:
    """An easy chair: "frame" of bent wood with two cushions, "club" a leather block, "shell" a round tub."""
    width, depth, height = spec.size
    form = spec.form or "frame"
    if form == "frame":
        return _frame_chair(width, depth, height, spec.seed)
    if form == "club":
        return _club_chair(spec)
    return _shell_chair(width, depth, height)


def _club_chair(spec: Spec) -> list[Piece]:
    width, depth, height = spec.size
    arm, rear = 0.17, depth / 2 - 0.005
    inner = width - 2 * arm
    body = [box((width - 0.03, depth - 0.05, 0.18), 0.03).move(z=0.09)]
    for side in (-1, 1):
        block = stuffed((arm, 0.50, depth - 0.02), 0.06, (0.012, 0.014, 0.008), spec.seed + side, 0.0035)
        body.append(upright(block).move(side * (width - arm) / 2, depth / 2 - 0.01, 0.09))
    back = stuffed((inner + 0.03, height - 0.115, 0.17), 0.06, (0.004, 0.016, 0.012), spec.seed, 0.0035)
    body.append(upright(back).move(y=rear, z=0.09))
    body += seats(inner, 1, 0.25, -depth / 2 + 0.005, rear - 0.15, spec.seed + 5, 0.0035)
    body += rests(inner, 1, height - 0.45, 0.15, rear - 0.13, 8, spec.seed + 6, 0.0035)
    pieces = [Piece("main", join(body)), Piece("legs", _legs(width, depth, 0.10, 0.0, 0.022))]
    return pieces + scatter(spec, [(0.02, 0.38)], rear - 0.28, 0.455)


def _frame_chair(width: float, depth: float, height: float, seed: int) -> list[Piece]:
    wood = []
    for side in (-1, 1):
        x = side * (width / 2 - 0.025)
        front = curve([(x, -depth / 2 + 0.06, 0.0), (x, -depth / 2 + 0.045, 0.30), (x, -depth / 2 + 0.05, 0.56)], 10)
        rear = curve([(x, depth / 2 - 0.02, 0.0), (x, depth / 2 - 0.13, 0.30), (x, depth / 2 - 0.16, 0.53)], 10)
        wood += [_level(tube(leg, np.linspace(0.013, 0.019, 10))) for leg in (front, rear)]
        rest = curve([(x, -depth / 2 + 0.0, 0.575), (x, -0.08, 0.578), (x, depth / 2 - 0.10, 0.535)], 16)
        arm = tube(rest, np.array([0.022] * 16))
        wood.append(Shape((arm.vertices - [x, 0, 0]) * [1.5, 1, 1] + [x, 0, 0], arm.faces, arm.uv, arm.normals))
        wood.append(bar((x, -depth / 2 + 0.05, 0.30), (x, depth / 2 - 0.13, 0.25), 0.016))
        inner = x - side * 0.05
        wood.append(bar((inner, depth / 2 - 0.26, 0.27), (inner, depth / 2 - 0.015, height - 0.02), 0.015))
    for y, z in (
        (-depth / 2 + 0.05, 0.29),
        (depth / 2 - 0.14, 0.25),
        (depth / 2 - 0.03, height - 0.06),
        (depth / 2 - 0.10, 0.62),
    ):
        wood.append(bar((-width / 2 + 0.03, y, z), (width / 2 - 0.03, y, z), 0.013))
    seat = cushion((width - 0.11, depth - 0.16, 0.13), 0.045, 0.018, seed).turn(5, "x").move(y=-0.06, z=0.30)
    back = (
        cushion((width - 0.12, 0.13, height - 0.42), 0.045, 0.022, seed + 1)
        .turn(-17, "x")
        .move(y=depth / 2 - 0.26, z=0.43)
    )
    return [Piece("legs", join(wood)), Piece("main", join([seat, back]))]


def _level(leg: Shape) -> Shape:
    """A slanting leg cut off level with the floor."""
    cut = np.maximum(leg.vertices, [-np.inf, -np.inf, 0.0])
    return Shape(cut, leg.faces, leg.uv, leg.normals)


def _end(ring: np.ndarray, before: np.ndarray) -> Shape:
    """The rounded front of a tube's open end; ``before`` is the ring behind it."""
    middle, ahead = ring.mean(axis=0), (ring - before).mean(axis=0)
    ahead = ahead / np.linalg.norm(ahead)
    turn = np.radians([0.0, 25.0, 50.0, 70.0, 89.9])
    return sheet(np.stack([middle + (ring - middle) * np.cos(a) + 0.03 * np.sin(a) * ahead for a in turn]))


def _shell_chair(width: float, depth: float, height: float) -> list[Piece]:
    angle = np.linspace(np.radians(-32), np.radians(212), 44)
    rise = 0.5 - 0.5 * np.cos(np.clip((angle - angle[0]) / (angle[-1] - angle[0]), 0, 1) * 2 * np.pi)
    loops = []
    for share in np.linspace(0, 2 * np.pi, 19):
        offset, lift = np.cos(share), np.sin(share)
        radius_x, radius_y = width / 2 - 0.065 + 0.062 * offset, depth / 2 - 0.065 + 0.062 * offset
        top = 0.54 + (height - 0.60) * rise
        z = np.where(lift > 0, top + 0.06 * lift, 0.20 + 0.05 * lift)
        loops.append(np.column_stack([radius_x * np.cos(angle), radius_y * np.sin(angle), z]))
    grid = np.stack(loops)
    wrap = join([sheet(grid), _end(grid[:, 0], grid[:, 1]), _end(grid[::-1, -1], grid[::-1, -2])])
    seat = lathe([(0, 0.20), (0.9, 0.20), (1.0, 0.26), (1.0, 0.39), (0.94, 0.435), (0.7, 0.452), (0, 0.458)])
    seat = seat.bend(lambda p: p * np.array([width / 2 - 0.11, depth / 2 - 0.10, 1.0]))
    return [Piece("main", join([wrap, seat])), Piece("legs", _legs(width * 0.86, depth * 0.86, 0.22, 0.05))]


@kind("pouf", 98, ("main",), words=("pouf", "ottoman", "footstool"))
def pouf(spec: Spec) -> list[Piece]:
    """A knitted or leather drum to put the feet on."""
    width, depth, height = spec.size
    r = min(width, depth) / 2
    profile = [
        (0, 0),
        (r * 0.72, 0.0),
        (r * 0.93, height * 0.16),
        (r, height * 0.45),
        (r * 0.95, height * 0.78),
        (r * 0.78, height * 0.96),
        (r * 0.4, height),
        (0, height * 0.985),
    ]
    smooth = curve([(a, b, 0) for a, b in profile], 40)
    return [Piece("main", lathe([(float(max(a, 0)), float(b)) for a, b, _ in np.maximum(smooth, 0.0)], crease_deg=70))]


@kind("stool", 111, ("main", "legs"), words=("side table", "end table", "nightstand", "stool"))
def stool(spec: Spec) -> list[Piece]:
    """Three or four legs and a dished seat."""
    width, _, height = spec.size
    r = width / 2
    seat = lathe(
        [
            (0, height - 0.03),
            (r * 0.9, height - 0.032),
            (r, height - 0.018),
            (r * 0.985, height - 0.002),
            (r * 0.9, height),
            (0, height - 0.008),
        ]
    )
    legs = [
        bar(
            (r * 0.92 * np.cos(a), r * 0.92 * np.sin(a), 0),
            (r * 0.55 * np.cos(a), r * 0.55 * np.sin(a), height - 0.025),
            0.012,
            0.017,
        )
        for a in np.radians([45, 135, 225, 315])
    ]
    return [Piece("main", seat), Piece("legs", join(legs))]
