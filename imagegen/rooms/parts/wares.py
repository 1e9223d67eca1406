"""Small life: books, bowls, trays, boxes; and the potter's two shapes that others hold things in."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.shapes import Shape, box, curve, join, lathe, slab, tube

_BOOKS = ("books1", "books2", "books3")


def vessel(rng: np.random.Generator, radius: float, height: float, steps: int = 30) -> Shape:
    """A thrown vase with a wall thickness; every one has its own belly and neck. Small ones need fewer ``steps``."""
    belly, foot, neck, lip = (
        rng.uniform(0.35, 0.6),
        rng.uniform(0.5, 0.75),
        rng.uniform(0.3, 0.55),
        rng.uniform(0.38, 0.62),
    )
    outer = curve([(foot, 0), (0.9, belly * 0.55), (1.0, belly), (0.8, belly + 0.2), (neck, 0.88), (lip, 1.0)], steps)
    return hollow(outer[:, 0] * radius, outer[:, 1] * height, 0.006, 18 + steps)


def pot(radius: float, height: float, steps: int = 20) -> Shape:
    """A plain straight pot or bowl with a wall thickness. Small ones need fewer ``steps``."""
    outer = curve([(0.62, 0), (0.82, 0.12), (0.96, 0.55), (1.0, 1.0)], steps)
    return hollow(outer[:, 0] * radius, outer[:, 1] * height, 0.007, min(48, 16 + 2 * steps))


def hollow(radius: np.ndarray, height: np.ndarray, wall: float, segments: int = 48) -> Shape:
    """A vessel turned from its outer line (metres, from the foot to the lip), with an inside and a rounded lip."""
    inner = np.maximum(radius - wall, 0.002)
    level = height * (1 - 0.003 / height[-1]) + 0.003
    profile = [(0.0, 0.0), (float(radius[0]) - 0.003, 0.0)]
    profile += [(float(r), float(z)) for r, z in zip(radius, level, strict=True)]
    profile += [(float(r), float(z)) for r, z in zip(inner[::-1], level[::-1] - 0.001, strict=True) if z > wall]
    return lathe([*profile, (0.0, wall)], segments)


def _book(thick: float, tall: float, deep: float) -> tuple[Shape, Shape]:
    """(cover, pages) of a book standing upright, spine at -Y, thick along X."""
    cover = [
        slab((-thick / 2, -deep / 2, 0), (-thick / 2 + 0.0022, deep / 2, tall), 0.0),
        slab((thick / 2 - 0.0022, -deep / 2, 0), (thick / 2, deep / 2, tall), 0.0),
        slab((-thick / 2, -deep / 2 - 0.002, 0), (thick / 2, -deep / 2 + 0.001, tall), 0.0014, 1),
    ]
    pages = slab((-thick / 2 + 0.002, -deep / 2, 0.003), (thick / 2 - 0.002, deep / 2 - 0.003, tall - 0.003), 0.0)
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


@kind("books", 68, ("books1", "books2", "books3", "pages"))
def books(spec: Spec) -> list[Piece]:
    """A stack of books; the count follows the height."""
    return book_stack(spec.rng(), max(1, round(spec.size[2] / 0.027)), 0.0, 0.0, 0.0)


@kind("bowl", 143, ("main",), words=("bowl",), near=0.6)
def bowl(spec: Spec) -> list[Piece]:
    """A wide bowl."""
    width, _, height = spec.size
    outer = curve([(0.3, 0), (0.42, 0.06), (0.8, 0.5), (1.0, 1.0)], 20)
    return [Piece("main", hollow(outer[:, 0] * width / 2, outer[:, 1] * height, 0.006))]


@form("bowl", "footed")
def footed_bowl(spec: Spec) -> list[Piece]:
    """A shallow dish on a flaring foot."""
    width, _, height = spec.size
    stem = [(0.42, 0), (0.40, 0.04), (0.20, 0.22), (0.16, 0.42), (0.22, 0.52)]
    outer = np.vstack([curve(stem, 16), curve([(0.30, 0.55), (0.78, 0.70), (0.96, 0.86), (1.0, 1.0)], 14)])
    r, z = outer[:, 0] * width / 2, outer[:, 1] * height
    inside = [(float(a) - 0.007, float(b)) for a, b in zip(r[:15:-1], z[:15:-1], strict=True)]
    low = height * 0.58
    return [Piece("main", lathe([(0, 0), *zip(r.tolist(), z.tolist(), strict=True), *inside[:-1], (0, low)], 56))]


@form("bowl", "wood")
def dough_bowl(spec: Spec) -> list[Piece]:
    """A long dough bowl, hewn from one piece: thick lip, slightly uneven sides."""
    width, depth, height = spec.size
    outer = curve([(0.44, 0), (0.70, 0.14), (0.93, 0.62), (1.0, 1.0)], 18)
    body = hollow(outer[:, 0] * depth / 2, outer[:, 1] * height, 0.014)
    wobble = spec.rng().uniform(0, 6, 2)

    def hewn(points: np.ndarray) -> np.ndarray:
        turn = np.arctan2(points[:, 1], points[:, 0])
        rough = 1 - 0.012 + 0.012 * np.sin(3 * turn + wobble[0]) * np.sin(40 * points[:, 2] + wobble[1])
        return np.asarray(points * np.column_stack([rough * width / depth, rough, np.ones(len(points))]))

    return [Piece("main", body.bend(hewn))]


@kind("tray", 138, ("main",), words=("tray",), near=0.6)
def tray(spec: Spec) -> list[Piece]:
    """A shallow tray, round or as oval as its size."""
    width, depth, height = spec.size
    r = width / 2
    profile = [(0, 0), (r - 0.006, 0), (r, 0.006), (r, height), (r - 0.007, height), (r - 0.009, 0.008), (0, 0.008)]
    dish = lathe(profile, 56)
    return [Piece("main", dish.bend(lambda p: np.asarray(p * [1.0, depth / width, 1.0])))]


@form("tray", "rattan")
def rattan_tray(spec: Spec) -> list[Piece]:
    """A woven tray, round or as oval as its size: a plaited floor, a thick bound rim on stakes."""
    width, depth, height = spec.size
    r = width / 2 - 0.008
    around = np.linspace(0, 2 * np.pi, 65)
    floor = lathe([(0, 0), (r - 0.01, 0), (r, 0.004), (r - 0.01, 0.010), (0, 0.010)], 56)
    hoops = [
        tube(np.column_stack([k * np.cos(around), k * np.sin(around), np.full(65, z)]), 0.0065, 8, closed=True)
        for k, z in ((r - 0.004, 0.012), (r, height * 0.5), (r + 0.001, height - 0.0065))
    ]
    stakes = [
        tube(np.array([[r - 0.002, 0, 0.006], [r + 0.003, 0, height * 0.5], [r, 0, height - 0.006]]), 0.0032, 6).turn(
            7.5 * i
        )
        for i in range(48)
    ]
    woven = join([floor, *hoops, *stakes])
    return [Piece("main", woven.bend(lambda p: np.asarray(p * [1.0, depth / width, 1.0])))]


@kind("box-stack", 42, ("main",))
def box_stack(spec: Spec) -> list[Piece]:
    """A lidded box."""
    width, depth, height = spec.size
    lower = box((width - 0.006, depth - 0.006, height * 0.7), 0.004)
    return [Piece("main", join([lower, box((width, depth, height * 0.3), 0.004).move(z=height * 0.7)]))]


@form("box-stack", "suitcase", slots=("main", "frame"))
def suitcases(spec: Spec) -> list[Piece]:
    """Two old suitcases on each other: bowed corners, a seam, straps, corner caps and a handle (slot frame)."""
    width, depth, height = spec.size
    bodies, fittings = [], []
    for z, tall, wide, deep, yaw in ((0.0, 0.56, 1.0, 0.96, 0.0), (0.56, 0.44, 0.86, 0.84, 4.0)):
        w, d, h = width * wide, depth * deep - 0.02, height * tall
        case = [box((w, d, h * 0.62), 0.022, 4), box((w, d, h * 0.37), 0.022, 4).move(z=h * 0.63)]
        straps = [
            slab((x - 0.014, -d / 2 - 0.003, -0.000), (x + 0.014, d / 2 + 0.003, h), 0.002) for x in (-0.3 * w, 0.3 * w)
        ]
        grip = curve(
            [
                (-0.06, -d / 2, h * 0.55),
                (-0.05, -d / 2 - 0.018, h * 0.55),
                (0.05, -d / 2 - 0.018, h * 0.55),
                (0.06, -d / 2, h * 0.55),
            ],
            14,
        )
        locks = [
            slab((x - 0.016, -d / 2 - 0.005, h * 0.54), (x + 0.016, -d / 2 + 0.002, h * 0.70), 0.002)
            for x in (-0.17 * w, 0.17 * w)
        ]
        bodies += [part.turn(yaw).move(z=z * height) for part in case]
        fittings += [part.turn(yaw).move(z=z * height) for part in (*straps, tube(grip, 0.006, 8), *locks)]
    return [Piece("main", join(bodies)), Piece("frame", join(fittings))]
