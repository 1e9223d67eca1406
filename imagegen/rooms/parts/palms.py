"""Plants of fronds: a palm, a banana with torn leaves, a fern, a tall grass in plume."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form
from imagegen.rooms.parts.foliage import LANCE, STRAP, along, arcs, fitted, grown, leaves, outline, to_light, twigs
from imagegen.rooms.parts.pots import potted
from imagegen.rooms.shapes import Shape, tube
from imagegen.types import Doubles

_PADDLE = outline((0, 0.22), (0.06, 0.62), (0.25, 0.95), (0.55, 1.0), (0.85, 0.7), (0.96, 0.32), (1, 0.02))


def frond(
    rng: np.random.Generator,
    path: Doubles,
    pairs: int,
    size: float,
    slim: float,
    start: float,
    droop: tuple[float, float],
) -> Shape:
    """Two rows of leaflets along a rachis, longest in its middle, hanging from it by their weight, some missing."""
    shares = np.linspace(start, 0.995, pairs)
    at = along(path, np.repeat(shares, 2) + rng.normal(0, 0.25 / pairs, 2 * pairs))
    ahead = along(path, np.minimum(np.repeat(shares, 2) + 0.03, 1)) - along(path, np.repeat(shares, 2) - 0.03)
    side = np.tile([1.0, -1.0], pairs)
    place = np.repeat((shares - start) / (1 - start), 2)
    heading = np.degrees(np.arctan2(ahead[:, 1], ahead[:, 0]))
    climb = np.degrees(np.arctan2(ahead[:, 2], np.linalg.norm(ahead[:, :2], axis=1)))
    spread = 66 - 46 * place**1.4 + rng.normal(0, 5, 2 * pairs)
    long = size * (0.42 + 0.58 * np.sin(np.pi * np.clip(0.12 + 0.80 * place, 0, 1))) * rng.uniform(0.86, 1.1, 2 * pairs)
    long *= 1 - 0.45 * place**4
    keep = rng.random(2 * pairs) > 0.04
    return leaves(
        at[keep],
        (heading + side * spread)[keep],
        (climb * np.cos(np.radians(spread)) + 14 + rng.normal(0, 6, 2 * pairs))[keep],
        long[keep],
        np.maximum(long * slim, 0.008)[keep],
        LANCE,
        droop=rng.uniform(*droop, 2 * pairs)[keep],
        fold=26,
        roll=(-side * 16)[keep],
        along=6,
        across=3,
    )


@form("plant", "palm")
def palm(spec: Spec) -> list[Piece]:
    """A parlour palm: canes in a clump, young fronds upright, old ones arching far out and down."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.36, 0.24 * height), min(0.38, 0.44 * width))
    n = 12
    age = np.sort(rng.uniform(0, 1, n))
    yaw = to_light(rng.uniform(0, 360) + 137.5 * np.arange(n) + rng.normal(0, 24, n), 16)
    clump = rng.normal(0, 0.34, (n, 2)) * pot.radius
    rise = 88 - 24 * age + rng.normal(0, 4, n)
    long = (height - pot.soil) * (0.94 + 0.22 * age) * rng.uniform(0.72, 1.0, n)
    paths = arcs(
        np.column_stack([clump, np.full(n, pot.soil - 0.03)]), yaw, rise, long, 22 + 88 * age + rng.normal(0, 9, n), 26
    )
    size = min(0.34 * width, 0.30)
    foliage = [
        frond(rng, path, 21, size * rng.uniform(0.85, 1.1), 0.085, rng.uniform(0.34, 0.46), (30, 85)) for path in paths
    ]
    stems = twigs(paths, np.linspace(0.0075, 0.0014, 26)[None], 6)
    return pot.pieces + fitted(grown([stems], foliage), spec, pot.soil)


@form("plant", "fern")
def fern(spec: Spec) -> list[Piece]:
    """A fern: a full rosette of narrow feathered fronds that rise, arch over the rim and hang."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.30, 0.42 * height), min(0.30, 0.5 * width))
    n = 24
    age = np.linspace(0, 1, n)
    yaw = to_light(137.5 * np.arange(n) + rng.normal(0, 18, n), 10)
    foot = np.column_stack([rng.normal(0, 0.25, (n, 2)) * pot.radius, np.full(n, pot.soil - 0.01)])
    long = 0.62 * width * rng.uniform(0.75, 1.1, n) * (0.72 + 0.28 * age)
    paths = arcs(foot, yaw, 84 - 34 * age + rng.normal(0, 7, n), long, 46 + 78 * age + rng.normal(0, 14, n), 18)
    foliage = [frond(rng, path, 21, 0.16 * size, 0.26, 0.10, (10, 40)) for path, size in zip(paths, long, strict=True)]
    return pot.pieces + fitted(grown([twigs(paths, 0.0013, 4)], foliage), spec, pot.soil)


@form("plant", "banana")
def banana(spec: Spec) -> list[Piece]:
    """A banana: a sheathed stem and a few very large leaves, torn between the veins, the old ones bent down."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.36, 0.22 * height), min(0.42, 0.44 * width))
    n = 9
    age = np.linspace(0, 1, n) ** 1.1
    yaw = to_light(rng.uniform(0, 360) + 150 * np.arange(n) + rng.normal(0, 18, n), 22)
    crown = pot.soil + (height - pot.soil) * 0.30
    trunk = np.column_stack(
        [0.01 * np.sin(np.linspace(0, 2, 12)), np.zeros(12), np.linspace(pot.soil - 0.03, crown, 12)]
    )
    body = tube(trunk, np.linspace(0.036, 0.022, 12), 12)
    foot = np.column_stack([np.zeros((n, 2)), crown - 0.16 * (height - pot.soil) * age * rng.uniform(0.6, 1, n)])
    stalks = arcs(foot, yaw, 86 - 16 * age, (height - pot.soil) * (0.12 + 0.12 * age), 4 + 14 * age, 7)
    long = (height - pot.soil) * (0.58 - 0.10 * age) * rng.uniform(0.88, 1.08, n)
    lamina = np.stack([_torn(rng, 52, 7, float(old)) for old in age])
    blades = leaves(
        stalks[:, -1],
        yaw,
        80 - 32 * age + rng.normal(0, 4, n),
        long,
        long * rng.uniform(0.34, 0.42, n),
        lamina,
        droop=18 + 84 * age + rng.normal(0, 9, n),
        fold=rng.uniform(12, 30, n) - 30 * age,
        roll=rng.normal(0, 14, n),
        twist=rng.normal(0, 24, n),
        sweep=6,
        wave=0.07,
        along=52,
        across=7,
    )
    stems = [body, twigs(stalks, np.linspace(0.017, 0.009, 7)[None], 8)]
    return pot.pieces + fitted(grown(stems, [blades]), spec, pot.soil)


def _torn(rng: np.random.Generator, steps: int, across: int, age: float) -> Doubles:
    """Half widths (steps, across) of a paddle with tears to near the midrib: none when young, many when old."""
    u = np.linspace(0, 1, steps)
    both = np.ones((steps, across))
    for side in (slice(0, across // 2), slice(across // 2 + 1, across)):
        at = rng.choice(np.arange(4, steps - 3), int(2 + 6 * age), replace=False)
        both[at, side] *= rng.uniform(0.12, 0.6, (len(at), 1))
        both[:, side] *= 1 - 0.05 * rng.random((steps, 1))
    return both * _PADDLE(u)[:, None]


@form("plant", "grass")
def grass(spec: Spec) -> list[Piece]:
    """Pampas in a tall pot: dry canes with feathered plumes (slot leaf) that nod, and a few narrow blades."""
    rng, (width, _, height) = spec.rng(1), spec.size
    pot = potted(spec, min(0.42, 0.30 * height), min(0.30, 0.5 * width), "tall")
    n = 11
    foot = np.column_stack([rng.normal(0, 0.3, (n, 2)) * pot.radius, np.full(n, pot.soil - 0.02)])
    yaw = 360 / n * np.arange(n) + rng.normal(0, 18, n)
    long = (height - pot.soil) * rng.uniform(0.68, 1.0, n)
    canes = arcs(foot, yaw, rng.uniform(76, 87, n), long, rng.uniform(10, 30, n), 24)
    plumes = [plume(rng, path, 0.40, 190) for path in canes]
    m = 26
    blades = leaves(
        np.column_stack([rng.normal(0, 0.35, (m, 2)) * pot.radius, np.full(m, pot.soil)]),
        rng.uniform(0, 360, m),
        rng.uniform(66, 86, m),
        (height - pot.soil) * rng.uniform(0.3, 0.62, m),
        0.010,
        STRAP,
        droop=rng.uniform(40, 120, m),
        fold=30,
        twist=rng.normal(0, 40, m),
        along=12,
        across=3,
    )
    return pot.pieces + fitted(
        grown([twigs(canes, np.linspace(0.0032, 0.0016, 24)[None], 5), blades], plumes), spec, pot.soil
    )


def plume(rng: np.random.Generator, path: Doubles, share: float, strands: int, size: float = 0.24) -> Shape:
    """A feathered head over the last ``share`` of a cane: fine strands that fall to the side the head nods to."""
    place = np.sort(rng.beta(1.3, 1.5, strands))
    at = along(path, 1 - share + share * place)
    tip = path[-1] - path[-6]
    nod = np.degrees(np.arctan2(tip[1], tip[0]))
    long = (
        size
        * share
        / 0.4
        * (0.22 + 0.78 * np.sin(np.pi * np.clip(0.16 + 0.74 * place, 0, 1)))
        * rng.uniform(0.55, 1.0, strands)
    )
    return leaves(
        at,
        nod + rng.normal(0, 75, strands),
        rng.uniform(52, 86, strands),
        long,
        rng.uniform(0.004, 0.010, strands),
        LANCE,
        droop=rng.uniform(25, 95, strands),
        fold=10,
        roll=rng.uniform(-90, 90, strands),
        along=5,
        across=2,
    )
