"""Simple furniture of convex pieces, and its silhouette for a known camera."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from imagegen.pose.orbit import axes
from imagegen.types import Camera, CameraFacts, Cutout, Dimensions, Doubles, Mount, Product

Pieces = list[Doubles]
SIDE = 900


def block(x: tuple[float, float], y: tuple[float, float], z: tuple[float, float]) -> Doubles:
    return np.array([(a, b, c) for a in x for b in y for c in z])


def ring(radius: float, z: float) -> Doubles:
    turn = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    return np.column_stack([radius * np.cos(turn), radius * np.sin(turn), np.full(64, z)])


def drum(low: float, high: float, z: tuple[float, float]) -> Doubles:
    return np.concatenate([ring(low, z[0]), ring(high, z[1])])


def legs(w: float, d: float, top: float, inset: float, thick: float) -> Pieces:
    x, y, half = w / 2 - inset, d / 2 - inset, thick / 2
    return [
        block((sx * x - half, sx * x + half), (sy * y - half, sy * y + half), (0, top))
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]


def wardrobe(w: float = 1.2, d: float = 0.6, h: float = 2.0) -> Pieces:
    return [block((-w / 2, w / 2), (-d / 2, d / 2), (0, h))]


def table(w: float = 1.6, d: float = 0.9, h: float = 0.75) -> Pieces:
    return [block((-w / 2, w / 2), (-d / 2, d / 2), (h - 0.04, h)), *legs(w, d, h, 0.06, 0.06)]


def sofa(w: float = 2.1, d: float = 0.95, h: float = 0.85) -> Pieces:
    x, y, arm = w / 2, d / 2, 0.2
    seat = block((-x, x), (-y, y), (0.14, 0.42))
    back = block((-x + arm, x - arm), (y - 0.28, y), (0.14, h))
    arms = [block(side, (-y, y - 0.02), (0.14, 0.62)) for side in ((-x, -x + arm), (x - arm, x))]
    return [seat, back, *arms, *legs(w, d, 0.15, 0.09, 0.05)]


def chair(w: float = 0.46, d: float = 0.54, h: float = 0.82) -> Pieces:
    x, y = w / 2, d / 2
    seat = block((-x, x), (-y, y - 0.08), (0.42, 0.45))
    lower = block((-x + 0.02, x - 0.02), (y - 0.1, y - 0.08), (0.44, 0.46))
    upper = block((-x + 0.04, x - 0.04), (y - 0.02, y), (h - 0.02, h))
    return [seat, np.concatenate([lower, upper]), *legs(w, d, 0.44, 0.03, 0.035)]


def floor_lamp() -> Pieces:
    return [drum(0.15, 0.15, (0, 0.02)), drum(0.012, 0.012, (0, 1.3)), drum(0.22, 0.18, (1.22, 1.5))]


def pot() -> Pieces:
    return [drum(0.15, 0.2, (0, 0.36))]


def pendant(cord: float) -> Pieces:
    return [drum(0.2, 0.08, (0, 0.25)), drum(0.004, 0.004, (0.25, 0.25 + cord))]


def shoot(
    pieces: Pieces, height: float, yaw: float, elevation: float, distance: float, fill: float = 0.78
) -> tuple[Cutout, Camera]:
    """The cutout that a camera sees which looks at the middle of a thing of that height, and the camera."""
    rotation = axes(yaw, elevation)
    position = np.array([0, 0, height / 2]) - distance * rotation[2]
    unit = Camera(1.0, 0, 0, rotation, position, SIDE, SIDE)
    seen = unit.project(np.concatenate(pieces))
    low, high = seen.min(axis=0), seen.max(axis=0)
    focal = float(fill * SIDE / (high - low).max())
    centre = SIDE / 2 - focal * (low + high) / 2
    camera = Camera(focal, float(centre[0]), float(centre[1]), rotation, position, SIDE, SIDE)
    picture = Image.new("L", (SIDE, SIDE))
    pen = ImageDraw.Draw(picture)
    for piece in pieces:
        pen.polygon([(float(u), float(v)) for u, v in outline(camera.project(piece)) - 0.5], fill=255)
    return cut(np.asarray(picture, np.float32) / 255), camera


def outline(points: Doubles) -> Doubles:
    """Convex hull in order (monotone chain)."""
    ordered = sorted(map(tuple, points))

    def half(path: list[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for p in path:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], p) <= 0:
                kept.pop()
            kept.append(p)
        return kept[:-1]

    return np.array(half(ordered) + half(ordered[::-1]))


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    (ax, ay), (bx, by), (cx, cy) = a, b, c
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)


def cut(alpha: np.ndarray) -> Cutout:
    return Cutout(np.full((*alpha.shape, 3), 0.5, np.float32), alpha.astype(np.float32), "test 1")


def product(
    category: str, size: tuple[float, float, float], mount: Mount = Mount.FLOOR, facts: CameraFacts | None = None
) -> Product:
    return Product("SKU", category, category, Dimensions(*size), mount, camera=facts or CameraFacts())
