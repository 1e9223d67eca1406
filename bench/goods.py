"""Products whose truth is known: 3D models with textures and exact centimetres, from two sources that share nothing.

The demo's eighteen models, and the room library's own furniture taken out of its rooms and sold as products
(``goods.csv`` lists them: a kind and form of ``imagegen/rooms/parts``, dressed by a style's page). The split is by
product: ``tuning`` holds the demo's models and forms dressed by three styles, ``reported`` other forms dressed by the
other five. Whatever is tuned looks at the first and never at the second.

    python -m bench.goods --split tuning [--count 60] [--long-side 700] [--seed 1] [--only SKU ...] [--out FOLDER]

photographs a catalog of them into a folder: for each product ``<sku>.jpg``, ``<sku>.alpha.png`` (exact) and
``<sku>.json`` (the truth); what is there already is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np

from demo.products import ITEMS, Item, build
from imagegen.geometry import Material, Mesh
from imagegen.rooms import shapes
from imagegen.rooms.materials import material
from imagegen.rooms.parts import KINDS, Piece, Spec
from imagegen.types import CameraFacts, Dimensions, Doubles, Mount, Product
from styles.library import default_library
from styles.schema import Style

Split = Literal["tuning", "reported"]
Shape = Literal["box", "legs", "round", "wall", "rug"]
SPLITS: tuple[Split, ...] = ("tuning", "reported")
LIST = Path(__file__).parent / "goods.csv"
TOUCHING = 0.006
"""Metres above the lowest point up to which a surface counts as standing on the floor."""
SAME = 0.02
"""How far (as a share of its size) a turned model may lie from itself and still look the same."""
SOLD_WITHOUT = {"stems", "fringe"}
"""Settings of the rooms' pages that products do without: vases are sold empty."""
CANOPY = 0.05
"""Metres below the ceiling (z = 0 of a pendant) down to which its canopy may reach."""
DEMO_SHAPES: dict[str, Shape] = {
    "sofa": "box", "armchair": "box", "dining chair": "legs", "side table": "round", "coffee table": "round",
    "floor lamp": "round", "table lamp": "round", "pendant lamp": "round", "wall clock": "wall", "mirror": "wall",
    "vase": "round", "shelving": "box", "wardrobe": "box", "sideboard": "box", "planter": "round", "rug": "rug",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Good:
    """A product with its model.

    ``dimensions``: its true bounding box, rounded to the half centimetres of a catalog. ``shape``: what a camera can be
    told from: a body (``box``), feet (``legs``), rims (``round``: which side is seen is unknowable), a front that hangs
    (``wall``), a plane (``rug``). ``model``: builds the meshes.
    """

    sku: str
    name: str
    category: str
    dimensions: Dimensions
    mount: Mount
    shape: Shape
    model: Callable[[], list[Mesh]] = field(repr=False)

    def meshes(self) -> list[Mesh]:
        """The model in the product's frame, metres: origin in the middle of its footprint, lowest point at z = 0."""
        return _meshes(self.sku, self.model)

    def points(self) -> Doubles:
        """All its vertices (N, 3), metres."""
        return np.concatenate([mesh.vertices for mesh in self.meshes()])

    def product(self, camera: CameraFacts | None = None) -> Product:
        """What its catalog says of it, with or without facts of the photo's camera."""
        facts = camera or CameraFacts()
        return Product(self.sku, self.name, self.category, self.dimensions, self.mount, camera=facts)


@lru_cache(maxsize=4)
def _meshes(sku: str, model: Callable[[], list[Mesh]]) -> list[Mesh]:
    del sku
    return model()


@lru_cache
def goods(split: Split) -> tuple[Good, ...]:
    """All the products of a split, always in the same order."""
    with LIST.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == split]
    library = tuple(_of_library(row) for row in rows)
    return (*map(_of_demo, ITEMS), *library) if split == "tuning" else library


def good(sku: str) -> Good:
    """The product of that SKU, of whichever split. Raises KeyError."""
    return {each.sku: each for split in SPLITS for each in goods(split)}[sku]


def _of_demo(item: Item) -> Good:
    size = Dimensions.from_cm(*item.size)
    shape = DEMO_SHAPES[item.category]
    return Good(item.sku, item.name, item.category, size, item.mount, shape, partial(build, item))


@dataclass(frozen=True, slots=True)
class Furniture:
    """A form of the room library: ``size`` in metres, the ``style`` and ``role`` that dress it."""

    kind: str
    form: str
    style: str
    role: str
    size: tuple[float, float, float]


def _of_library(row: dict[str, str]) -> Good:
    kind, form, style = row["kind"], row["form"], row["style"]
    sku = "-".join(filter(None, (kind, form, style[:3], row["width_cm"]))).upper().replace(".", "_")
    width, depth, height = (float(row[f"{side}_cm"]) / 100 for side in ("width", "depth", "height"))
    taken = Furniture(kind, form, style, row["role"], (width, depth, height))
    low, high = _bounds(_pieces(taken))
    shape: Shape = row["shape"]  # type: ignore[assignment]  # the list's own words
    size = _catalogued(high - low)
    return Good(sku, row["name"], row["category"], size, Mount(row["mount"]), shape, partial(_dressed, taken))


def _catalogued(size: Doubles) -> Dimensions:
    """A size (3,) metres in half centimetres, as catalogs print it."""
    return Dimensions.from_cm(*(max(0.5, round(200 * float(side)) / 2) for side in size))


@lru_cache(maxsize=256)
def _pieces(taken: Furniture) -> list[Piece]:
    told = default_library().style(taken.style).role(taken.role).settings
    settings = {name: value for name, value in told.items() if name not in SOLD_WITHOUT}
    seed = crc32(repr(taken).encode()) % 9973
    made = KINDS[taken.kind].form(taken.form).build(Spec(taken.size, taken.form, settings, seed))
    return [_without_canopy(piece) for piece in made] if taken.kind == "pendant" else made


def _without_canopy(piece: Piece) -> Piece:
    """A pendant as studios show it, by its cord: what lies wholly within ``CANOPY`` of the ceiling is gone."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415  # slow to import, needed only here
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    shape = piece.shape
    links = np.concatenate([shape.faces[:, :2], shape.faces[:, 1:]])
    graph = coo_matrix((np.ones(len(links)), (links[:, 0], links[:, 1])), (len(shape.vertices),) * 2)
    count, body = connected_components(graph, directed=False)
    lowest = np.full(count, np.inf)
    np.minimum.at(lowest, body, shape.vertices[:, 2])
    stays = lowest[body[shape.faces[:, 0]]] < -CANOPY
    used, faces = np.unique(shape.faces[stays], return_inverse=True)
    rest = shapes.Shape(shape.vertices[used], faces.reshape(-1, 3), shape.uv[used], shape.normals[used])
    return replace(piece, shape=rest)


def _bounds(made: list[Piece]) -> tuple[Doubles, Doubles]:
    points = np.concatenate([piece.shape.vertices for piece in made])
    return points.min(axis=0), points.max(axis=0)


def _dressed(taken: Furniture) -> list[Mesh]:
    """A part of a room as a product: in its own frame, with its lamps off."""
    style, made = default_library().style(taken.style), _pieces(taken)
    low, high = _bounds(made)
    foot = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    meshes = []
    for piece in made:
        shape, look = piece.shape.move(*-foot), _material(style, taken.role, piece)
        dark = replace(look, emission=None) if look.emission is not None else look
        meshes.append(Mesh(shape.vertices, shape.faces, dark, shape.uv, shape.normals))
    return meshes


def _material(style: Style, role: str, piece: Piece) -> Material:
    """What the style's role has for that slot, else its main material, else its first."""
    of_role = style.role(role).materials
    name = of_role.get(piece.slot) or of_role.get("main") or next(iter(of_role.values()))
    return material(style, name, piece.sheet)


def contacts(of: Good, meshes: list[Mesh] | None = None) -> Doubles:
    """Where a model touches what holds it (N, 3), metres in its frame; ``meshes``: the model turned, if it was.

    Standing goods: the middle of each foot, which is what hangs together within 3 cm among the surfaces up to
    ``TOUCHING``; of feet wider than 12 cm (a plinth, a base, a rug), or when there are more than eight, the outermost
    points in eight directions. Wall goods: the same of their back. Empty for what hangs from the ceiling.
    """
    points = np.concatenate([mesh.vertices for mesh in meshes or of.meshes()])
    if of.mount is Mount.CEILING:
        return np.zeros((0, 3))
    if of.mount is Mount.WALL:
        back = points[:, 1].max()
        outline = _outermost(points[points[:, 1] > back - TOUCHING][:, [0, 2]])
        return np.column_stack([outline[:, 0], np.full(len(outline), back), outline[:, 1]])
    feet = _clusters(points[points[:, 2] < points[:, 2].min() + TOUCHING, :2], 0.03)
    if len(feet) > 8:
        feet = [np.concatenate(feet)]
    small = [(foot.min(axis=0) + foot.max(axis=0))[None] / 2 for foot in feet if np.ptp(foot, axis=0).max() < 0.12]
    large = [_outermost(foot) for foot in feet if np.ptp(foot, axis=0).max() >= 0.12]
    spots = np.concatenate([*small, *large])
    return np.column_stack([spots, np.zeros(len(spots))])


def _outermost(foot: Doubles) -> Doubles:
    ways = np.array([(np.cos(a), np.sin(a)) for a in np.arange(8) * np.pi / 4 + np.pi / 8])
    return np.unique(foot[(foot @ ways.T).argmax(axis=0)], axis=0)


def _clusters(points: Doubles, gap: float) -> list[Doubles]:
    """Points (N, 2) grouped by single linkage at ``gap`` metres."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415  # slow to import, needed only here
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415
    from scipy.spatial import cKDTree  # noqa: PLC0415

    cells = np.unique(np.round(points / 0.005), axis=0) * 0.005
    pairs = cKDTree(cells).query_pairs(gap, output_type="ndarray")
    links = coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), (len(cells), len(cells)))
    count, label = connected_components(links, directed=False)
    return [cells[label == number] for number in range(count)]


def symmetry(of: Good) -> int:
    """In how many turns about the upright axis the model's shape repeats: 1, 2, 4, or 0 when any turn does."""
    points = _sampled(of.meshes(), 24_000)
    if all(_repeats(points, angle) for angle in (17.0, 41.0, 73.0)):
        return 0
    return next((n for n in (4, 2) if _repeats(points, 360.0 / n)), 1)


def _repeats(points: Doubles, degrees: float) -> bool:
    from scipy.spatial import cKDTree  # noqa: PLC0415

    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turned = points[::8] @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]]).T
    away, _ = cKDTree(points).query(turned)
    return bool(np.percentile(away, 95) < SAME * np.linalg.norm(np.ptp(points, axis=0)))


def _sampled(meshes: list[Mesh], count: int) -> Doubles:
    """Points (count, 3) spread evenly over the surfaces."""
    corners = np.concatenate([mesh.vertices[mesh.faces] for mesh in meshes])
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    rng = np.random.default_rng(0)
    chosen = corners[rng.choice(len(corners), count, p=area / area.sum())]
    a, b = np.sqrt(rng.random((count, 1))), rng.random((count, 1))
    return np.asarray((1 - a) * chosen[:, 0] + a * (1 - b) * chosen[:, 1] + a * b * chosen[:, 2])


if __name__ == "__main__":
    from bench.packshots import main

    main()
