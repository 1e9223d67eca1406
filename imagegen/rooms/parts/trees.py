"""Small trees and what is cut from them: an olive, a bonsai, one branch in a vase; and a cactus."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.foliage import (
    LANCE,
    OVAL,
    along,
    arcs,
    fitted,
    grown,
    leaves,
    through,
    to_light,
    twigs,
    wander,
)
from imagegen.rooms.parts.pots import potted
from imagegen.rooms.parts.wares import vessel
from imagegen.rooms.shapes import Shape, curve, join, lathe, tube
from imagegen.types import Doubles


@form("plant", "olive")
def olive(spec: Spec) -> list[Piece]:
    """An olive: a slim leaning trunk, an airy uneven crown of fine twigs with narrow grey leaves in pairs."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.38, 0.24 * height), min(0.40, 0.46 * width))
    grow = height - pot.soil
    trunk = wander(rng, (0.02, 0, pot.soil - 0.03), (-0.02, 0.01, pot.soil + 0.52 * grow), 0.018, 22)
    stems = [tube(trunk, np.linspace(0.019, 0.010, 22), 9)]
    boughs = [trunk]
    first = rng.uniform(0, 360)
    for index in range(9):
        turn = np.radians(first + 137.5 * index + rng.uniform(-20, 20))
        start = along(trunk, [rng.uniform(0.62, 1.0)])[0]
        far, top = width * rng.uniform(0.16, 0.40), pot.soil + grow * rng.uniform(0.58, 0.94)
        end = (far * np.cos(turn), far * np.sin(turn), top)
        boughs.append(wander(rng, start, end, 0.022, 16))
        stems.append(tube(boughs[-1], np.linspace(0.0085, 0.0028, 16), 6))
    tips = np.concatenate([along(bough, rng.uniform(0.42, 1.0, 9)) for bough in boughs[1:]])
    n = len(tips)
    yaw = to_light(np.degrees(np.arctan2(tips[:, 1], tips[:, 0])) + rng.normal(0, 55, n), 15)
    shoots = arcs(tips, yaw, rng.uniform(8, 82, n), width * rng.uniform(0.14, 0.30, n), rng.uniform(5, 60, n), 8)
    stems.append(twigs(shoots, np.linspace(0.0020, 0.0008, 8)[None], 3))
    foliage = [pairs(rng, shoot, 8, 0.054, 0.19) for shoot in shoots]
    return pot.pieces + fitted(grown(stems, foliage), spec, pot.soil)


def pairs(rng: np.random.Generator, path: Doubles, count: int, size: float, slim: float) -> Shape:
    """Opposite leaves along a shoot, each pair crossing the one below."""
    shares = np.repeat(np.linspace(0.12, 1.0, count), 2)
    ahead = path[-1] - path[0]
    heading, climb = np.degrees(np.arctan2(ahead[1], ahead[0])), np.degrees(np.arctan2(ahead[2], np.hypot(*ahead[:2])))
    side = np.tile([1.0, -1.0], count) * rng.uniform(24, 58, 2 * count)
    upward = np.where(np.repeat(np.arange(count), 2) % 2, 34, 4) * np.tile([1.0, -1.0], count)
    n = 2 * count
    return leaves(
        along(path, shares),
        heading + side,
        climb + upward + rng.normal(0, 14, n),
        size * rng.uniform(0.6, 1.1, n),
        size * slim * rng.uniform(0.85, 1.2, n),
        LANCE,
        droop=rng.uniform(-6, 34, n),
        fold=24,
        roll=rng.normal(0, 40, n),
        along=4,
        across=3,
    )


@form("plant", "bonsai")
def bonsai(spec: Spec) -> list[Piece]:
    """A bonsai: a gnarled trunk in a slow S from a low tray, foliage in level pads that step back and forth."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.09, 0.22 * height), min(0.36, 0.74 * width), "tray")
    grow, soil = height - pot.soil, pot.soil
    trunk = curve(
        [
            (-0.10 * width, 0, soil - 0.02),
            (-0.04 * width, 0.01, soil + 0.14 * grow),
            (0.11 * width, 0, soil + 0.34 * grow),
            (0.02 * width, -0.02, soil + 0.56 * grow),
            (-0.08 * width, 0, soil + 0.70 * grow),
            (-0.02 * width, 0, soil + 0.88 * grow),
        ],
        40,
    )
    thick = np.linspace(0.030, 0.006, 40) ** 1.0 * (height / 0.5) ** 0.5
    thick = thick * (1 + 0.10 * np.sin(np.arange(40) * 1.1)) + 0.016 * np.exp(-np.arange(40) / 2.2)
    stems, foliage = [tube(trunk, thick, 12)], []
    pads = (
        (0.40, 0.36, 0.02, 0.30),
        (0.55, -0.34, 0.05, 0.26),
        (0.66, 0.22, -0.16, 0.20),
        (0.78, -0.24, -0.06, 0.22),
        (0.86, 0.12, 0.12, 0.17),
        (1.0, -0.02, 0.0, 0.24),
    )
    for share, x, y, span in pads:
        start = along(trunk, [min(share, 0.99)])[0]
        centre = np.array([x * width, y * width, start[2] + 0.02 * grow])
        branch = wander(rng, start, centre, 0.008, 10)
        stems.append(tube(branch, np.linspace(0.008, 0.003, 10), 7))
        foliage.append(_pad(rng, centre, span * width * rng.uniform(1.1, 1.35), 330))
    return pot.pieces + fitted(grown(stems, foliage), spec, pot.soil)


def _pad(rng: np.random.Generator, centre: Doubles, span: float, count: int) -> Shape:
    """A flat cloud of small leaves, domed above and level below."""
    angle, reach = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0, 1, count))
    reach *= 1 + 0.16 * np.sin(3 * angle + rng.uniform(0, 6)) + 0.08 * np.sin(7 * angle)
    up = 0.27 * span * np.sqrt(np.clip(1 - reach**2, 0, 1)) * rng.uniform(-0.10, 1.0, count)
    at = centre + np.column_stack([reach * np.cos(angle) * span / 2, reach * np.sin(angle) * span / 2 * 0.82, up])
    size = rng.uniform(0.018, 0.031, count) * (span / 0.12) ** 0.3
    return leaves(
        at,
        np.degrees(angle) + rng.normal(0, 50, count),
        rng.uniform(-8, 70, count),
        size,
        size * 0.52,
        OVAL,
        droop=20,
        roll=rng.normal(0, 30, count),
        along=3,
        across=3,
    )


@form("plant", "branch")
def branch(spec: Spec) -> list[Piece]:
    """One branch in a vase (slot pot), forked and bare of symmetry. ``settings.filling``: blossom, green or bare."""
    rng, (width, _, height) = spec.rng(1), spec.size
    tall = min(0.42, 0.36 * height)
    body = vessel(spec.rng(), min(0.16, 0.24 * width, 0.42 * tall), tall, 20)
    filling = str(spec.settings.get("filling", "blossom"))
    side = 1.0 if rng.random() < 0.5 else -1.0
    lead = wander(rng, (0, 0, 0.15 * tall), (side * 0.40 * width, -0.06 * width, height), 0.028, 30, 5)
    lead[:8, :2] *= np.linspace(0, 1, 8)[:, None]
    stems, shoots = [tube(lead, np.linspace(0.010, 0.003, 30), 8)], [lead[14:]]
    for index, share in enumerate((0.42, 0.52, 0.62, 0.70, 0.78, 0.86, 0.93)):
        start = along(lead, [share])[0]
        out = (-1.0 if index % 2 == 0 else 1.0) * side * width * rng.uniform(0.12, 0.36)
        end = start + np.array([out, rng.normal(0, 0.09) * width, (height - start[2]) * rng.uniform(0.25, 0.8)])
        shoots.append(wander(rng, start, end, 0.016, 16))
        stems.append(tube(shoots[-1], np.linspace(0.0052, 0.0016, 16), 6))
        fork = along(shoots[-1], [0.55])[0]
        tip = fork + np.array([0.35 * out + rng.normal(0, 0.03), rng.normal(0, 0.05), rng.uniform(0.04, 0.14)])
        shoots.append(wander(rng, fork, tip, 0.008, 10))
        stems.append(tube(shoots[-1], np.linspace(0.0030, 0.0012, 10), 5))
    pieces = [Piece("stem", join(stems))]
    if filling == "blossom":
        pieces.append(Piece("leaf", join([_blossoms(rng, shoot, 19) for shoot in shoots]), 67))
    elif filling == "green":
        pieces.append(Piece("leaf", join([pairs(rng, shoot, 8, 0.062, 0.5) for shoot in shoots])))
    return [Piece("pot", body, 136), *fitted(pieces, spec, tall)]


def _blossoms(rng: np.random.Generator, path: Doubles, count: int) -> Shape:
    """Small five-petalled flowers and buds that sit on the wood, thinning towards its foot."""
    centre = along(path, rng.beta(1.6, 1.0, count)) + rng.normal(0, 0.004, (count, 3))
    facing, lean, open_ = rng.uniform(0, 360, count), rng.uniform(0, 60, count), rng.uniform(20, 78, count)
    petal = np.tile(np.arange(5) * 72.0, count)
    at, n = np.repeat(centre, 5, axis=0), 5 * count
    size = np.repeat(rng.uniform(0.010, 0.017, count), 5)
    rise = np.repeat(90 - open_, 5) - np.repeat(lean, 5) * np.cos(np.radians(petal - np.repeat(facing, 5)))
    return leaves(at, petal + rng.normal(0, 8, n), rise, size, size * 0.95, OVAL, droop=-30, fold=14, along=4, across=3)


@form("plant", "cactus")
def cactus(spec: Spec) -> list[Piece]:
    """Ribbed columns of different heights with rows of spines (slot stem), one of them budding an arm."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.30, 0.30 * height), min(0.36, 0.62 * width))
    grow = height - pot.soil
    bodies, spines = [], []
    thick = min(0.30 * width, 0.075)
    for x, y, share, reach in ((-0.15, 0.1, 1.0, 1.0), (0.55, -0.2, 0.66, 0.86), (-0.45, -0.6, 0.42, 0.72)):
        foot = np.array([x * pot.radius, y * pot.radius, pot.soil - 0.02])
        lean = rng.normal(0, 0.035, 2) * grow * share
        path = through(
            [
                foot,
                foot + np.array([0.2 * lean[0], 0.2 * lean[1], grow * share * 0.5]),
                foot + np.array([*lean, grow * share + 0.02]),
            ],
            30,
        )
        body, spine = _column(rng, path, thick * reach)
        bodies.append(body)
        spines.append(spine)
    start = np.array([-0.15 * pot.radius - thick * 0.7, 0.1 * pot.radius, pot.soil + grow * 0.46])
    arm = through(
        [
            start,
            start + np.array([-thick * 1.1, 0, 0.01]),
            start + np.array([-thick * 1.5, 0, 0.09]),
            start + np.array([-thick * 1.45, 0.01, grow * 0.30]),
        ],
        24,
    )
    body, spine = _column(rng, arm, thick * 0.56)
    pieces = [Piece("leaf", join([*bodies, body])), Piece("stem", join([*spines, spine]))]
    return pot.pieces + fitted(pieces, spec, pot.soil)


def _column(rng: np.random.Generator, path: Doubles, radius: float, ribs: int = 11) -> tuple[Shape, Shape]:
    """(body, spines) of one ribbed stem with a domed tip along a path."""
    share = np.linspace(0, 1, 30)
    outer = (
        radius
        * (0.86 + 0.14 * np.sin(np.pi * share))
        * np.sqrt(np.clip(1 - np.clip((share - 0.86) / 0.14, 0, 1) ** 2, 0, 1))
    )
    upright = lathe([(max(float(r), 0.0005), float(s)) for r, s in zip(outer, share, strict=True)], 6 * ribs, 180)

    def ribbed(points: Doubles) -> Doubles:
        turn = np.arctan2(points[:, 1], points[:, 0])
        grooved = 1 - 0.16 * np.abs(np.sin(ribs * turn / 2)) ** 0.7
        return np.column_stack([points[:, :2] * grooved[:, None], np.zeros(len(points))]) + along(path, points[:, 2])

    crest = (np.arange(ribs) * 2 * np.pi / ribs)[:, None]
    level = np.linspace(0.05, 0.97, max(8, int(np.linalg.norm(path[-1] - path[0]) / 0.024)))[None]
    level = level + rng.normal(0, 0.004, (ribs, level.shape[1]))
    reach = np.interp(level, share, outer)
    seats = np.stack([reach * np.cos(crest), reach * np.sin(crest), 0 * level], axis=2).reshape(-1, 3) + along(
        path, np.clip(level.ravel(), 0, 1)
    )
    seats, yaw = np.repeat(seats, 4, axis=0), np.repeat(np.broadcast_to(np.degrees(crest), level.shape).ravel(), 4)
    n = len(seats)
    spines = leaves(
        seats,
        yaw + rng.normal(0, 38, n),
        rng.normal(12, 36, n),
        rng.uniform(0.007, 0.015, n),
        0.0011,
        LANCE,
        droop=0,
        along=2,
        across=2,
    )
    body = upright.bend(ribbed)
    patch = np.array([0.022, 0.02]) + 0.03 * body.uv % 0.004  # a spot of the leaf's skin without veins
    return Shape(body.vertices, body.faces, patch, body.normals), spines
