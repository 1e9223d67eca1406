"""The demo catalog: what each product is, what it is called, and how it was photographed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from demo.models import chairs, decor, lamps, sofas, storage, walls
from demo.studio import Shot
from imagegen.geometry import Mesh
from imagegen.types import Doubles, Mount


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the catalog. ``size``: width, depth, height in centimetres; ``told``: its camera facts are told."""

    sku: str
    name: str
    category: str
    size: tuple[float, float, float]
    colour: str
    material: str
    tags: tuple[str, ...]
    model: Callable[[], list[Mesh]]
    shot: Shot = field(default_factory=Shot)
    mount: Mount = Mount.FLOOR
    told: bool = False


SOFA, CHAIR = (1280, 880), (976, 1220)

ITEMS = (
    Item(
        "SOFA-LUND-3",
        "Lund three-seat sofa",
        "sofa",
        (228, 96, 88),
        "oat",
        "bouclé, oak",
        ("scandinavian", "soft"),
        sofas.sofa,
        Shot(-27, 8, 5.2, SOFA, 0.07, 0.90),
    ),
    Item(
        "ARM-HOLM-W",
        "Holm wing chair",
        "armchair",
        (80, 89, 111),
        "bottle green",
        "velvet, walnut",
        ("classic", "dark"),
        sofas.wing_chair,
        Shot(-32, 9, 3.6, CHAIR, 0.09, 0.92),
    ),
    Item(
        "CHA-ASK-1",
        "Ask dining chair",
        "dining chair",
        (53, 51, 78),
        "ash, blue-grey",
        "ash, wool",
        ("scandinavian", "slender"),
        chairs.dining_chair,
        Shot(31, 10, 2.8, CHAIR, 0.10, 0.90),
    ),
    Item(
        "CHA-KROM-B",
        "Krom cantilever chair",
        "dining chair",
        (47, 54, 82),
        "black",
        "chromed steel, leather",
        ("bauhaus", "chrome"),
        chairs.cantilever_chair,
        Shot(-34, 9, 2.9, CHAIR, 0.10, 0.91),
    ),
    Item(
        "TAB-RUND-50",
        "Rund side table",
        "side table",
        (50, 50, 48),
        "oak",
        "oak",
        ("round", "scandinavian"),
        storage.side_table,
        Shot(18, 13, 2.8, (1200, 1200), 0.12, 0.90),
    ),
    Item(
        "TAB-TROMMA-80",
        "Tromma coffee table",
        "coffee table",
        (80, 80, 36),
        "walnut",
        "walnut",
        ("round", "slatted"),
        storage.coffee_table,
        Shot(0, 14, 3.6, (1220, 940), 0.10, 0.91),
    ),
    Item(
        "LAM-PLISS-F",
        "Pliss floor lamp",
        "floor lamp",
        (40, 40, 158),
        "ivory, brass",
        "linen, brass, marble",
        ("pleated", "classic"),
        lamps.floor_lamp,
        Shot(15, 5, 4.6, (720, 1260), 0.07, 0.92),
    ),
    Item(
        "LAM-KALLA-T",
        "Kalla table lamp",
        "table lamp",
        (36, 36, 56),
        "green",
        "glazed stoneware, linen",
        ("glossy",),
        lamps.table_lamp,
        Shot(0, 7, 2.6, (860, 1220), 0.11, 0.88),
        Mount.SURFACE,
    ),
    Item(
        "LAM-KLOCKA-P",
        "Klocka pendant lamp",
        "pendant lamp",
        (42, 42, 110),
        "clay red",
        "enamelled steel",
        ("cord", "retro"),
        lamps.pendant,
        Shot(0, 3, 3.6, (920, 1220), 0.11, 0.93),
        Mount.CEILING,
    ),
    Item(
        "CLO-TIMME-32",
        "Timme wall clock",
        "wall clock",
        (32, 4.5, 32),
        "oak, white",
        "oak, lacquered steel",
        ("round",),
        walls.clock,
        Shot(0, 0, 2.6, (1200, 1200), 0.14, 0.90),
        Mount.WALL,
    ),
    Item(
        "MIR-MANE-80",
        "Måne round mirror",
        "mirror",
        (80, 3, 80),
        "brass",
        "brass, mirror glass",
        ("round",),
        walls.mirror,
        Shot(0, 0, 3.6, (1200, 1200), 0.12, 0.89),
        Mount.WALL,
        told=True,
    ),
    Item(
        "VAS-BLANK-33",
        "Blank bottle vase",
        "vase",
        (21, 21, 33),
        "deep blue",
        "glazed porcelain",
        ("glossy",),
        decor.vase,
        Shot(0, 8, 2.2, (976, 1220), 0.13, 0.91),
        Mount.SURFACE,
    ),
    Item(
        "VAS-KLAR-26",
        "Klar glass vase",
        "vase",
        (18, 18, 26),
        "clear",
        "glass",
        ("glass",),
        decor.tumbler_vase,
        Shot(0, 9, 2.2, (900, 1220), 0.14, 0.80),
        Mount.SURFACE,
    ),
    Item(
        "SHE-GALLER-5",
        "Galler open shelving",
        "shelving",
        (92, 35, 186),
        "oak, black",
        "oak, steel",
        ("open", "slatted"),
        storage.shelving,
        Shot(-30, 6, 4.8, (820, 1260), 0.07, 0.91),
    ),
    Item(
        "WAR-VIT-100",
        "Vit wardrobe",
        "wardrobe",
        (100, 58, 198),
        "white",
        "lacquered wood",
        ("white", "classic"),
        storage.wardrobe,
        Shot(-24, 5, 5.4, (800, 1240), 0.08, 0.93),
    ),
    Item(
        "SID-RIBBA-160",
        "Ribba sideboard",
        "sideboard",
        (160, 43, 72),
        "walnut",
        "walnut, steel, brass",
        ("slatted", "midcentury"),
        storage.sideboard,
        Shot(25, 7, 4.8, (1280, 860), 0.08, 0.90),
        told=True,
    ),
    Item(
        "PLA-STREL-121",
        "Rattan planter with bird of paradise",
        "planter",
        (84, 91, 121),
        "natural, green",
        "rattan",
        ("wicker", "plant"),
        decor.planter,
        Shot(-12, 7, 4.0, (940, 1240), 0.07, 0.91),
    ),
    Item(
        "RUG-RUTA-240",
        "Ruta knotted rug",
        "rug",
        (240, 165, 1.5),
        "ivory, charcoal",
        "wool",
        ("pattern", "fringe"),
        decor.rug,
        Shot(0, 90, 4.2, (1300, 950), 0.05, 0.93),
        Mount.RUG,
    ),
)


def build(item: Item) -> list[Mesh]:
    """The item's meshes in its own frame, true to its centimetres (a model may be a hand's breadth off before)."""
    made = item.model()
    points = np.concatenate([m.vertices for m in made])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = np.array(item.size) / 100 / (high - low)
    foot = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    return [_scaled(m, scale, foot) for m in made]


def _scaled(mesh: Mesh, scale: Doubles, foot: Doubles) -> Mesh:
    normals = mesh.normals
    if normals is not None:
        normals = normals / scale
        normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return Mesh((mesh.vertices - foot) * scale, mesh.faces, mesh.material, mesh.uv, normals, mesh.segment, mesh.part)
