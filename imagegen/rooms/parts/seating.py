"""Sofas, armchairs, chairs, poufs. Seats are 43 to 47 cm high when sat on."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, bar, box, curve, cushion, join, lathe, pillow, sheet, slab, tube


def _legs(width: float, depth: float, height: float, spread: float, radius: float = 0.019) -> Shape:
    """Four turned legs, splayed outwards."""
    made = []
    for sx in (-1, 1):
        for sy in (-1, 1):
            top = (sx * (width / 2 - 0.10), sy * (depth / 2 - 0.10), height)
            foot = (sx * (width / 2 - 0.10 + spread), sy * (depth / 2 - 0.10 + spread), 0.0)
            made.append(bar(foot, top, radius * 0.62, radius))
    return join(made)


def _scatter(spec: Spec, width: float, back: float, seat: float, count: int) -> list[Piece]:
    """Loose cushions leaning on the back, none at the same angle."""
    rng = spec.rng(5)
    pieces = []
    places = np.linspace(-1, 1, count) * (width / 2 - 0.30) if count > 1 else np.array([width / 2 - 0.32])
    for index, x in enumerate(places):
        size = float(rng.choice([0.50, 0.45]))
        shape = pillow(size, size, 0.15, seed=spec.seed * 7 + index).turn(90 - 20 - rng.uniform(0, 6), "x")
        shape = shape.turn(float(rng.uniform(-9, 9)), "y").turn(float(-np.sign(x) * rng.uniform(4, 16)))
        pieces.append(Piece(f"cushion{index % 2 + 1}", shape.move(float(x), back - 0.03, seat + size / 2 - 0.02), 40))
    return pieces


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
        cushion((width - 2 * arm + 0.02, back_depth, height - leg - 0.04), 0.05, 0.012, spec.seed).move(
            y=depth / 2 - back_depth / 2, z=leg
        ),
    ]
    for side in (-1, 1):
        arm_shape = cushion((arm, depth - 0.02, arm_height - leg), edge, 0.010, spec.seed + side)
        body.append(arm_shape.move(x=side * (width / 2 - arm / 2), z=leg))
    seats = max(2, round(inner / 0.78)) if form != "soft" else 2
    each = inner / seats
    for index in range(seats):
        x = -inner / 2 + each * (index + 0.5)
        seat = cushion((each - 0.006, depth - back_depth - 0.02, 0.19), 0.045, 0.020, spec.seed + 11 * index)
        body.append(seat.move(x, -back_depth / 2 - 0.01, seat_top - 0.17))
        rest = cushion((each - 0.008, 0.19, height - seat_top + 0.03), 0.07, 0.030, spec.seed + 17 * index + 3)
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
    pieces += _scatter(spec, inner, depth / 2 - back_depth - 0.27, seat_top + 0.02, int(spec.number("cushions", 3)))
    if spec.number("throw", 1):
        pieces.append(_throw(width / 2 - arm / 2, arm + 0.03, depth, arm_height))
    return pieces


def _throw(x: float, arm: float, depth: float, top: float) -> Piece:
    """A blanket over the arm: falls on both sides, with soft folds and a fringe-less hem."""
    across = curve(
        [
            (-arm / 2 - 0.055, top - 0.17),
            (-arm / 2 - 0.012, top - 0.06),
            (-arm / 2 + 0.02, top + 0.012),
            (0, top + 0.022),
            (arm / 2 - 0.02, top + 0.012),
            (arm / 2 + 0.014, top - 0.06),
            (arm / 2 + 0.03, top - 0.22),
            (arm / 2 + 0.04, top - 0.36),
        ],
        36,
    )
    along = np.linspace(-0.24, 0.24, 40)
    drop = np.abs(np.linspace(-1, 1, 36))
    fold = 0.012 * np.sin(along * 31)[:, None] * (0.25 + drop**1.5)[None, :]
    skew = 0.05 * np.sin(along * 6)[:, None] * drop[None, :]
    grid = np.stack(
        [
            x + across[None, :, 0] + fold * np.sign(across[None, :, 0]),
            along[:, None] * (1 + 0.06 * drop)[None, :] - depth * 0.12 + 0 * fold,
            across[None, :, 1] + skew * 0.4 + 0 * fold,
        ],
        axis=2,
    )
    return Piece("throw", sheet_with_back(grid, 0.008), 132)


def sheet_with_back(grid: np.ndarray, thick: float) -> Shape:
    """A cloth with a thickness: front, back and rim of a (rows, columns, 3) grid."""
    front = sheet(grid)
    normals = front.normals.reshape(grid.shape)
    back_grid = grid - normals * thick
    back = sheet(back_grid[:, ::-1])
    rims = []
    for a, b in (
        (grid[0], back_grid[0]),
        (back_grid[-1], grid[-1]),
        (back_grid[:, 0], grid[:, 0]),
        (grid[:, -1], back_grid[:, -1]),
    ):
        rims.append(sheet(np.stack([b, a])))
    return join([front, back, *rims])


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
        arm = 0.17
        body = [box((width - 0.03, depth - 0.05, 0.18), 0.03).move(z=0.09)]
        body += [
            cushion((arm, depth - 0.03, 0.49), 0.06, 0.014, spec.seed + s).move(x=s * (width - arm) / 2, z=0.09)
            for s in (-1, 1)
        ]
        body.append(
            cushion((width - 2 * arm + 0.03, 0.20, height - 0.10), 0.07, 0.02, spec.seed).move(
                y=depth / 2 - 0.11, z=0.09
            )
        )
        body.append(
            cushion((width - 2 * arm - 0.006, depth - 0.22, 0.17), 0.05, 0.025, spec.seed + 5).move(y=-0.10, z=0.27)
        )
        rest = cushion((width - 2 * arm - 0.01, 0.15, height - 0.40), 0.06, 0.03, spec.seed + 6).turn(-9, "x")
        body.append(rest.move(y=depth / 2 - 0.30, z=0.42))
        return [
            Piece("main", join(body)),
            Piece("legs", _legs(width, depth, 0.10, 0.0, 0.022)),
            *_scatter(spec, 0.4, depth / 2 - 0.42, 0.46, 1),
        ]
    return _shell_chair(width, depth, height)


def _frame_chair(width: float, depth: float, height: float, seed: int) -> list[Piece]:
    wood = []
    for side in (-1, 1):
        x = side * (width / 2 - 0.025)
        front = curve([(x, -depth / 2 + 0.06, 0.0), (x, -depth / 2 + 0.045, 0.30), (x, -depth / 2 + 0.05, 0.56)], 10)
        rear = curve([(x, depth / 2 - 0.02, 0.0), (x, depth / 2 - 0.13, 0.30), (x, depth / 2 - 0.16, 0.53)], 10)
        wood += [tube(front, np.linspace(0.013, 0.019, 10)), tube(rear, np.linspace(0.013, 0.019, 10))]
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
    wrap = sheet(grid[:, ::-1])
    seat = lathe([(0, 0.20), (0.9, 0.20), (1.0, 0.26), (1.0, 0.39), (0.94, 0.435), (0.7, 0.452), (0, 0.458)])
    seat = seat.bend(lambda p: p * np.array([width / 2 - 0.11, depth / 2 - 0.10, 1.0]))
    return [Piece("main", join([wrap, seat])), Piece("legs", _legs(width * 0.86, depth * 0.86, 0.22, 0.05))]


@kind("pouf", 98, ("main",), words=("pouf", "ottoman", "footstool"))
def pouf(spec: Spec) -> list[Piece]:
    """A knitted or leather drum to put the feet on."""
    width, _, height = spec.size
    r = width / 2
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
    return [Piece("main", lathe([(float(max(a, 0)), float(b)) for a, b, _ in smooth], crease_deg=70))]


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
