"""Where a studio puts its camera: yaw, elevation and lens drawn by chance, the same for the same seed."""

from __future__ import annotations

import math
from dataclasses import replace
from zlib import crc32

import numpy as np

from bench.goods import Good
from demo.studio import Shot
from imagegen.geometry import Mesh
from imagegen.types import Camera, CameraFacts, Doubles, Mount

SHORTEST, LONGEST = 35.0, 120.0
"""Lenses in millimetres for a full frame of 36 x 24 mm, its long side along the product's."""
HIGHEST_EYE = 2.1
"""Metres above the floor on which the product stands: a tripod."""
EYES = (1.45, 1.75)
"""Metres above a rug of one who stands before it."""
NEAREST = 0.7
"""Metres from a product's middle to the camera, at least."""
UNDER_THE_LIGHT = 3.2
"""Half diagonals of a rug: from higher up the studio's top light would hide it."""
OVERHEAD = 60.0
"""Degrees of elevation from which a rug is seen from above."""
AIM_DEG = 0.7
"""One standard deviation of how far from the product's middle the camera is aimed."""
SHAPES = (1.0, 1.0, 4 / 5, 5 / 4, 3 / 4, 4 / 3)
"""Widths over heights of a shop's pictures; as often a picture is cropped to its product."""


def camera(good: Good, seed: int, long_side: int = 700) -> Camera:
    """The camera of one packshot in the product's frame; its picture has ``long_side`` pixels.

    Yaw -45 to 45 degrees (round goods: any), elevation 3 to 20, 35 to 120 mm; wall goods mostly from straight in
    front, some from up to 30 degrees aside; rugs from above or from a standing person's eyes. The frame is filled by
    60 to 92 % and then cropped as studios do, so that the principal point lies anywhere.
    """
    rng = np.random.default_rng([seed, crc32(good.sku.encode())])
    points = good.points()
    middle = np.array([0.0, 0.0, (points[:, 2].min() + points[:, 2].max()) / 2])
    yaw, elevation, away = _stand(good, points, middle, rng)
    aim = rng.normal(0, AIM_DEG, 2)
    rotation = _axes(yaw, elevation)
    position = middle - away * rotation[2]
    plain = Camera(1.0, 0.0, 0.0, _aimed(rotation, aim), position, 1, 1)
    return _cropped(plain, good, points, rng, long_side)


def studio_light(seed: int, sku: str) -> Shot:
    """The studio's lights and white for one packshot: every photographer sets them a little differently."""
    rng = np.random.default_rng([seed, crc32(sku.encode()), 1])
    return Shot(white=rng.uniform(0.86, 0.97), key=rng.uniform(0.75, 1.35), top=rng.uniform(0.8, 1.25))


def facts(camera: Camera, good: Good) -> CameraFacts:
    """What a catalog would say of that camera, by the definitions of ``CameraFacts``; no yaw for round goods."""
    yaw, elevation, _ = seen_from(camera, good)
    return CameraFacts(0.0 if good.shape == "round" else yaw, elevation, camera.focal * 36 / camera.width)


def seen_from(camera: Camera, good: Good) -> tuple[float, float, float]:
    """(yaw, elevation, distance) of a camera about the product's middle: degrees, degrees, metres."""
    way = camera.position - np.array([0.0, 0.0, good.dimensions.height / 2])
    away = float(np.linalg.norm(way))
    elevation = math.degrees(math.asin(way[2] / away))
    right = camera.rotation[0]
    overhead = abs(elevation) > OVERHEAD
    yaw = math.atan2(right[1], right[0]) if overhead else math.atan2(way[0], -way[1])
    return math.degrees(yaw), elevation, away


def _stand(good: Good, points: Doubles, middle: Doubles, rng: np.random.Generator) -> tuple[float, float, float]:
    """(yaw, elevation, distance) in degrees and metres: by lens and frame, but for rugs at a visitor's feet."""
    lens, fill = math.exp(rng.uniform(math.log(SHORTEST), math.log(LONGEST))), rng.uniform(0.6, 0.92)
    yaw, elevation = _view(good, rng)
    reach = float(np.linalg.norm(points - middle, axis=1).max())
    if good.shape == "rug" and elevation < OVERHEAD:
        eye = rng.uniform(*EYES)
        elevation = min(elevation, math.degrees(math.asin(min(eye / (1.5 * reach), 1))))
        return yaw, elevation, eye / math.sin(math.radians(elevation))
    away = _distance(points, middle, yaw, elevation, lens, fill)
    if good.shape == "rug":
        return yaw, elevation, min(away, UNDER_THE_LIGHT * reach)
    if good.mount is Mount.FLOOR:
        steepest = math.degrees(math.asin(np.clip((HIGHEST_EYE - middle[2]) / away, -0.9, 0.9)))
        elevation = min(elevation, max(steepest, 1.0))
        away = _distance(points, middle, yaw, elevation, lens, fill)
    return yaw, elevation, max(away, NEAREST)


def _view(good: Good, rng: np.random.Generator) -> tuple[float, float]:
    """(yaw, elevation) in degrees."""
    if good.shape == "rug":
        if rng.random() < 0.5:
            return float(rng.choice([0.0, 90.0]) + rng.normal(0, 0.5)), float(90 - abs(rng.normal(0, 0.5)))
        return float(rng.uniform(-40, 40)), float(rng.uniform(24, 50))
    if good.shape == "wall":
        if rng.random() < 0.6:
            return float(rng.normal(0, 0.7)), float(rng.normal(0, 0.7))
        return float(rng.choice([-1, 1]) * rng.uniform(8, 30)), float(rng.uniform(0, 10))
    yaw = rng.uniform(-180, 180) if good.shape == "round" else rng.uniform(-45, 45)
    return float(yaw), float(rng.uniform(-3, 10) if good.mount is Mount.CEILING else rng.uniform(3, 20))


def _axes(yaw_deg: float, elevation_deg: float) -> Doubles:
    """Rows right, down, forward of an upright camera that looks at the axis."""
    y, e = math.radians(yaw_deg), math.radians(elevation_deg)
    right = np.array([math.cos(y), math.sin(y), 0.0])
    forward = np.array([-math.sin(y) * math.cos(e), math.cos(y) * math.cos(e), -math.sin(e)])
    return np.stack([right, np.cross(forward, right), forward])


def _aimed(rotation: Doubles, aim: Doubles) -> Doubles:
    """The camera swung by ``aim`` (degrees to the right about the upright, and down); it stays level."""
    a, b = np.radians(aim)
    c, s = math.cos(a), math.sin(a)
    swung = rotation @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    right, down, forward = swung
    return np.stack([right, down * math.cos(b) - forward * math.sin(b), forward * math.cos(b) + down * math.sin(b)])


def _distance(points: Doubles, middle: Doubles, yaw: float, elevation: float, lens: float, fill: float) -> float:
    """Metres from which ``points`` fill that share of a full frame, its long side along theirs."""
    rotation, reach = _axes(yaw, elevation), float(np.linalg.norm(points - middle, axis=1).max())
    near, far = 1.02 * reach, 400.0 * reach
    for _ in range(40):
        away = math.sqrt(near * far)
        plain = Camera(lens / 36, 0, 0, rotation, middle - away * rotation[2], 1, 1)
        seen = np.ptp(plain.project(points), axis=0)
        long, short = max(seen), min(seen)
        if max(long, short * 1.5) > fill or not np.isfinite(seen).all():
            near = away
        else:
            far = away
    return far


def _cropped(plain: Camera, good: Good, points: Doubles, rng: np.random.Generator, long_side: int) -> Camera:
    """The picture cut about the product, with free margins; ceiling goods leave at its top edge."""
    seen = plain.project(points)
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = rng.uniform(0.05, 0.14)
    frame = np.ptp(seen, axis=0) / (1 - 2 * margin)
    shape = float(rng.choice(SHAPES)) if rng.random() < 0.5 else float(np.clip(frame[0] / frame[1], 0.5, 2.0))
    frame = np.maximum(frame, np.array([frame[1] * shape, frame[0] / shape]))
    focal = (long_side - 0.5) / frame.max()
    width, height = (math.ceil(focal * side) for side in frame)
    slack = (np.array([width, height]) / focal - (high - low)) * rng.uniform(0.42, 0.58, 2)
    cx, cy = focal * (slack - low)
    if good.mount is Mount.CEILING:
        cy = -1.5 - focal * low[1]
    cx = round(2 * float(cx)) / 2  # where the studio's film can be cut exactly
    return replace(plain, focal=float(focal), cx=cx, cy=float(cy), width=width, height=height)


def faced(good: Good, seen: Camera) -> tuple[list[Mesh], Camera]:
    """Model and camera with a round good's front where the camera stands: its yaw is then 0; all others as they are.

    Which side of a round thing a photo shows cannot be known and does not matter: the side that is seen is its front.
    """
    meshes = good.meshes()
    if good.shape != "round":
        return meshes, seen
    angle = -math.radians(seen_from(seen, good)[0])
    c, s = math.cos(angle), math.sin(angle)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    return moved(meshes, turn, np.zeros(3)), replace(
        seen, rotation=seen.rotation @ turn.T, position=turn @ seen.position
    )


def moved(meshes: list[Mesh], turn: Doubles, position: Doubles, segment: int = 0) -> list[Mesh]:
    """Meshes turned (3, 3) and then shifted (3,) metres; ``segment``: their class in the renderer's passes."""
    return [
        replace(
            mesh,
            vertices=mesh.vertices @ turn.T + position,
            normals=None if mesh.normals is None else mesh.normals @ turn.T,
            segment=segment,
        )
        for mesh in meshes
    ]
