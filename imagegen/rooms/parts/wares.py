"""Small life: vases, bowls, books, candles, baskets, trays."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, box, curve, cylinder, join, lathe, slab, tube

_BOOKS = ("books1", "books2", "books3")


def vessel(rng: np.random.Generator, radius: float, height: float) -> Shape:
    """A thrown vase with a wall thickness; every one has its own belly and neck."""
    belly, foot, neck, lip = (
        rng.uniform(0.35, 0.6),
        rng.uniform(0.5, 0.75),
        rng.uniform(0.3, 0.55),
        rng.uniform(0.38, 0.62),
    )
    outer = curve([(foot, 0), (0.9, belly * 0.55), (1.0, belly), (0.8, belly + 0.2), (neck, 0.88), (lip, 1.0)], 30)
    return _hollow(outer[:, 0] * radius, outer[:, 1] * height, 0.006)


def pot(radius: float, height: float) -> Shape:
    """A plain straight pot or bowl with a wall thickness."""
    outer = curve([(0.62, 0), (0.82, 0.12), (0.96, 0.55), (1.0, 1.0)], 20)
    return _hollow(outer[:, 0] * radius, outer[:, 1] * height, 0.007)


def _hollow(radius: np.ndarray, height: np.ndarray, wall: float) -> Shape:
    inner = np.maximum(radius - wall, 0.002)
    profile = [(0.0, 0.0), (float(radius[0]) - 0.003, 0.0)]
    profile += [(float(r), float(z)) for r, z in zip(radius, height + 0.003, strict=True)]
    profile += [(float(r), float(z)) for r, z in zip(inner[::-1], height[::-1] + 0.001, strict=True) if z > wall]
    return lathe([*profile, (0.0, wall)], 48)


def _book(thick: float, tall: float, deep: float) -> tuple[Shape, Shape]:
    """(cover, pages) of a book standing upright, spine at -Y, thick along X."""
    cover = [
        slab((-thick / 2, -deep / 2, 0), (-thick / 2 + 0.0022, deep / 2, tall), 0.0008, 1),
        slab((thick / 2 - 0.0022, -deep / 2, 0), (thick / 2, deep / 2, tall), 0.0008, 1),
        slab((-thick / 2, -deep / 2 - 0.002, 0), (thick / 2, -deep / 2 + 0.001, tall), 0.0014, 1),
    ]
    pages = slab((-thick / 2 + 0.002, -deep / 2, 0.003), (thick / 2 - 0.002, deep / 2 - 0.003, tall - 0.003), 0.0005, 1)
    return join(cover), pages


def book_row(rng: np.random.Generator, span: float, tall: float, x: float, z: float, y: float) -> list[Piece]:
    """Books side by side, the last ones leaning a little."""
    covers: dict[str, list[Shape]] = {}
    pages, at = [], 0.0
    while at < span - 0.02:
        thick = float(rng.uniform(0.014, 0.042))
        if at + thick > span:
            break
        height, deep = tall * float(rng.uniform(0.72, 1.0)), float(rng.uniform(0.14, 0.19))
        cover, leaf = _book(thick, height, deep)
        lean = float(rng.uniform(3, 8)) if at + thick > span * 0.85 else 0.0
        place = [
            s.turn(-lean, "y").move(x + at + thick / 2, y - 0.02 + float(rng.uniform(-0.012, 0.012)), z + 0.0005)
            for s in (cover, leaf)
        ]
        covers.setdefault(_BOOKS[int(rng.integers(0, 3))], []).append(place[0])
        pages.append(place[1])
        at += thick + 0.001
    if not pages:
        return []
    return [*(Piece(slot, join(group), 68) for slot, group in covers.items()), Piece("pages", join(pages), 68)]


def book_stack(rng: np.random.Generator, count: int, x: float, y: float, z: float) -> list[Piece]:
    """Books lying on each other, the largest below, not quite aligned."""
    covers: dict[str, list[Shape]] = {}
    pages, at = [], z
    for index in range(count):
        thick, long, deep = float(rng.uniform(0.018, 0.035)), 0.27 - 0.025 * index, 0.20 - 0.018 * index
        cover, leaf = _book(thick, long, deep)
        angle = float(rng.uniform(-9, 9))
        place = [s.move(z=-long / 2).turn(90, "y").turn(angle).move(x, y, at + thick / 2) for s in (cover, leaf)]
        covers.setdefault(_BOOKS[(index + int(rng.integers(0, 3))) % 3], []).append(place[0])
        pages.append(place[1])
        at += thick + 0.0005
    return [*(Piece(slot, join(group), 68) for slot, group in covers.items()), Piece("pages", join(pages), 68)]


@kind("vase", 136, ("main", "stem", "leaf"), ("thrown", "bottle", "bowl"), words=("vase",), near=1.3)
def vase(spec: Spec) -> list[Piece]:
    """A vase; ``settings.stems`` puts dry branches in it (they rise above ``size``)."""
    width, _, height = spec.size
    form = spec.form or "thrown"
    if form == "bowl":
        return [Piece("main", pot(width / 2, height))]
    if form == "bottle":
        outer = curve([(0.9, 0), (1.0, 0.1), (1.0, 0.42), (0.85, 0.55), (0.3, 0.68), (0.24, 0.9), (0.3, 1.0)], 34)
        body = _hollow(outer[:, 0] * width / 2, outer[:, 1] * height, 0.005)
    else:
        body = vessel(spec.rng(), width / 2, height)
    pieces = [Piece("main", body)]
    stems = int(spec.number("stems", 0))
    if stems:
        pieces += _branches(spec.rng(2), stems, height, spec.number("reach", 0.55))
    return pieces


def _branches(rng: np.random.Generator, count: int, base: float, reach: float) -> list[Piece]:
    from imagegen.rooms.parts.plants import blade  # noqa: PLC0415  # plants and vases both hold stems

    wood, leaves = [], []
    for index in range(count):
        turn = 2 * np.pi * index / count + rng.uniform(0, 1)
        lean = rng.uniform(0.25, 0.6) * reach
        path = curve(
            [
                (0, 0, base * 0.4),
                (0.012 * np.cos(turn), 0.012 * np.sin(turn), base),
                (0.5 * lean * np.cos(turn), 0.5 * lean * np.sin(turn), base + 0.55 * reach),
                (lean * np.cos(turn), lean * np.sin(turn), base + reach),
            ],
            18,
        )
        wood.append(tube(path, np.linspace(0.0028, 0.0012, 18), 6))
        for step in range(6, 18, 1):
            angle = np.degrees(turn) + (90 if step % 2 else -90) + rng.uniform(-40, 40)
            size = rng.uniform(0.035, 0.065)
            leaf = blade(size, size * 0.62, 0.25, 5, 4).turn(-rng.uniform(10, 45), "y").turn(float(angle))
            leaves.append(leaf.move(*path[step]))
    return [Piece("stem", join(wood), 18), Piece("leaf", join(leaves), 18)]


@kind("books", 68, ("books1", "books2", "books3", "pages"))
def books(spec: Spec) -> list[Piece]:
    """A stack of books; the count follows the height."""
    return book_stack(spec.rng(), max(1, round(spec.size[2] / 0.027)), 0.0, 0.0, 0.0)


@kind("candles", 49, ("main", "holder"))
def candles(spec: Spec) -> list[Piece]:
    """Three candlesticks of different heights."""
    height = spec.size[2]
    sticks, wax = [], []
    for index, (x, y, share) in enumerate(((-0.07, 0.01, 0.55), (0.0, -0.02, 0.82), (0.075, 0.02, 0.4))):
        h = height * share * 0.7
        sticks.append(
            lathe(
                [
                    (0, 0),
                    (0.036, 0),
                    (0.038, 0.006),
                    (0.01, 0.016),
                    (0.007, h - 0.02),
                    (0.013, h - 0.012),
                    (0.013, h),
                    (0, h),
                ],
                28,
            ).move(x, y)
        )
        wax.append(cylinder(0.0105, 0.16 + 0.03 * index, 0.003, 20).move(x, y, h))
    return [Piece("main", join(wax)), Piece("holder", join(sticks))]


@kind("bowl", 143, ("main",))
def bowl(spec: Spec) -> list[Piece]:
    """A wide bowl."""
    width, _, height = spec.size
    outer = curve([(0.3, 0), (0.42, 0.06), (0.8, 0.5), (1.0, 1.0)], 20)
    return [Piece("main", _hollow(outer[:, 0] * width / 2, outer[:, 1] * height, 0.006))]


@kind("tray", 138, ("main",))
def tray(spec: Spec) -> list[Piece]:
    """A shallow round tray."""
    width, _, height = spec.size
    r = width / 2
    return [
        Piece(
            "main",
            lathe(
                [(0, 0), (r - 0.006, 0), (r, 0.006), (r, height), (r - 0.007, height), (r - 0.009, 0.008), (0, 0.008)],
                56,
            ),
        )
    ]


@kind("basket", 113, ("main", "throw"))
def basket(spec: Spec) -> list[Piece]:
    """A woven basket with handles."""
    width, _, height = spec.size
    outer = curve([(0.8, 0), (0.95, 0.15), (1.0, 0.5), (0.93, 1.0)], 24)
    body = _hollow(outer[:, 0] * width / 2, outer[:, 1] * height, 0.012)
    loops = [
        tube(
            curve(
                [
                    (s * width * 0.46, -0.07, height * 0.93),
                    (s * width * 0.50, -0.04, height * 1.13),
                    (s * width * 0.50, 0.04, height * 1.13),
                    (s * width * 0.46, 0.07, height * 0.93),
                ],
                16,
            ),
            0.008,
            8,
        )
        for s in (-1, 1)
    ]
    return [Piece("main", join([body, *loops]))]


@kind("box-stack", 42, ("main",))
def box_stack(spec: Spec) -> list[Piece]:
    """A lidded box."""
    width, depth, height = spec.size
    return [
        Piece(
            "main",
            join(
                [
                    box((width, depth, height * 0.7), 0.004),
                    box((width + 0.006, depth + 0.006, height * 0.3), 0.004).move(z=height * 0.7),
                ]
            ),
        )
    ]
