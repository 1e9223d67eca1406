"""A furnished room for one camera and one product: a style plays a room's page, and what is in the way steps aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from imagegen.errors import BadRequestError
from imagegen.geometry import Geometry, Material, Mesh
from imagegen.protocols import Settings
from imagegen.rooms.behind import behind
from imagegen.rooms.cache import Arrays, kept, sources_of
from imagegen.rooms.clearance import leavers
from imagegen.rooms.lamplight import bulbs, lit
from imagegen.rooms.lighting import lights_of, mirrored_light
from imagegen.rooms.materials import from_page, material
from imagegen.rooms.panelled import on_panels
from imagegen.rooms.parts import KINDS, Piece, Spec, packed, unpacked
from imagegen.rooms.settling import settled
from imagegen.rooms.shapes import Shape, rotation
from imagegen.rooms.shell import Extent, extent, fitted, raised, shell, walled_off
from imagegen.rooms.suspension import SEGMENT, suspension
from imagegen.rooms.view import Block, View, view_of
from imagegen.types import Doubles, Placement, Product
from styles.schema import LightPage, MaterialPage, Part, Room, Scalar, Style, Vec3

_Order = tuple[str, Vec3, str, tuple[tuple[str, Scalar], ...], int]
_NEUTRAL = MaterialPage(colours=("#b9b4aa",))


def build(
    style: Style,
    room: Room,
    placement: Placement,
    product: Product,
    settings: Settings | None = None,
    others: Sequence[tuple[Product, Placement]] = (),
) -> Geometry:
    """The room as meshes and lights, in the placement's frame (mirrored when it says so), metres.

    Walls open where the camera stands and go on as far as it sees; parts that touch the product's box, are of its
    kind or stand before it are left out, for ``others`` (the further products of a set) too. The light is the one that
    ``settings`` name, else the style's first. Raises BadRequestError when a page asks for a kind of part that no
    builder knows, UnknownLightError.
    """
    planned = plan(style, room, placement, product, others)
    view, bounds, raised_room = planned.view, planned.bounds, planned.room
    light = style.light(settings.light if settings else "")
    meshes = [
        _mesh(
            surface.shape,
            lit(_shell_material(style, surface.role, surface.sheet), surface.role, light),
            surface.segment,
            surface.name,
        )
        for surface in shell(raised_room, bounds, style.role("skirting"))
    ]
    wall, ceiling, floor = (_shell_material(style, role, None) for role in ("wall", "ceiling", "floor"))
    lights = behind(lights_of(light, room, bounds), wall, ceiling, floor, room.height)
    for part in planned.parts:
        placed = [(piece.slot, _placed(part, piece, style, light)) for piece in pieces(part, style)]
        meshes += [mesh for _, mesh in placed]
        lights += bulbs(placed, light)
    meshes += [
        _mesh(shape, _hanger_material(style, slot), SEGMENT, "suspension")
        for hung, there in ((product, view), *((other, view_of(at, other.dimensions)) for other, at in others))
        for slot, shape in suspension(hung, there, raised_room.height).items()
    ]
    geometry = Geometry(tuple(meshes), tuple(lights), light.exposure * room.exposure, light.key, light.adapts)
    return _mirrored(geometry) if placement.mirrored else geometry


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What stands in the room for one camera and one product, in the frame of the page.

    ``room``: the page, higher when the camera asks for it; ``parts`` that stay, ``blocks``: their boxes, by id.
    """

    view: View
    room: Room
    bounds: Extent
    parts: tuple[Part, ...]
    blocks: Mapping[str, Block]


def standing(style: Style, room: Room, placement: Placement, product: Product) -> frozenset[str]:
    """Ids of the parts that do not step aside for the product. Raises BadRequestError."""
    return frozenset(part.id for part in plan(style, room, placement, product).parts)


def plan(
    style: Style,
    room: Room,
    placement: Placement,
    product: Product,
    others: Sequence[tuple[Product, Placement]] = (),
) -> Plan:
    """Which walls stand and how far they go, which parts stay and where they are. Raises BadRequestError.

    What carries one of the products leaves for none of the others.
    """
    view = view_of(placement, product.dimensions)
    bounds = extent(room, view)  # of the page's own room: says whether its ceiling can stay
    if "ceiling" not in bounds.walls:
        bounds = replace(extent(raised(room, view), view), walls=bounds.walls)
    parts = arranged(style, room, bounds)
    blocks = {part.id: block_of(part, style) for part in parts}
    gone = leavers(parts, blocks, bounds.walls, product, view)
    places = {placement.anchor, *(at.anchor for _, at in others)}
    carriers = {anchor.on for anchor in room.anchors if anchor.id in places}
    for other, at in others:
        gone |= leavers(parts, blocks, bounds.walls, other, view_of(at, other.dimensions)) - carriers
    stay = tuple(part for part in parts if part.id not in gone)
    return Plan(view, raised(room, view), bounds, stay, {part.id: blocks[part.id] for part in stay})


def arranged(style: Style, room: Room, bounds: Extent) -> list[Part]:
    """The page's parts as this style shows them: on what is really under and behind them, and inside the walls."""
    shown = [part for part in room.parts if style.shows(part) and not walled_off(part, room, bounds)]
    return on_panels([fitted(part, room, bounds) for part in settled(shown, lambda part: pieces(part, style))])


def pieces(part: Part, style: Style) -> list[Piece]:
    """The part in its own frame, built once a machine and read once a process. Raises BadRequestError."""
    return _built(*_order(part, style))


def _order(part: Part, style: Style) -> _Order:
    """All that decides a part's shape."""
    if part.kind not in KINDS:
        known = ", ".join(sorted(KINDS))
        raise BadRequestError(f"The part {part.id!r} is of an unknown kind {part.kind!r}.", hint=f"Kinds: {known}.")
    role = style.role(part.plays)
    form = part.form or role.form
    if form and form not in KINDS[part.kind].forms:
        known = ", ".join(filter(None, KINDS[part.kind].forms))
        raise BadRequestError(
            f"A {part.kind} has no form {form!r}.", hint=f"Forms: {known or 'only one, leave it empty'}."
        )
    settings = tuple(sorted({**role.settings, **part.settings}.items()))
    return part.kind, part.size, form, settings, part.seed or _seed(part.id)


@lru_cache(maxsize=512)
def _built(kind: str, size: Vec3, form: str, settings: tuple[tuple[str, Scalar], ...], seed: int) -> list[Piece]:
    build_it = KINDS[kind].form(form).build

    def make() -> Arrays:
        return packed(build_it(Spec(size, form, dict(settings), seed)))

    sources = sources_of(build_it.__module__)
    return unpacked(kept("parts", sources, (kind, size, form, settings, seed), make))


def _seed(name: str) -> int:
    return sum((index + 1) * ord(letter) for index, letter in enumerate(name)) % 9973


def block_of(part: Part, style: Style) -> Block:
    """The box of a part in the room, in its own turn."""
    low, high = _box(*_order(part, style))
    return Block(rotation(part.yaw) @ ((low + high) / 2) + np.asarray(part.at), (high - low) / 2, part.yaw)


@lru_cache(maxsize=4096)
def _box(
    kind: str, size: Vec3, form: str, settings: tuple[tuple[str, Scalar], ...], seed: int
) -> tuple[Doubles, Doubles]:
    points = [piece.shape.vertices for piece in _built(kind, size, form, settings, seed)]
    return np.min([p.min(axis=0) for p in points], axis=0), np.max([p.max(axis=0) for p in points], axis=0)


def _placed(part: Part, piece: Piece, style: Style, light: LightPage) -> Mesh:
    segment = KINDS[part.kind].segment if piece.segment is None else piece.segment
    made_of = lit(_part_material(style, part, piece), piece.slot, light)
    return _mesh(piece.shape.turn(part.yaw).move(*part.at), made_of, segment, part.id)


def _part_material(style: Style, part: Part, piece: Piece) -> Material:
    """The slot's material: the part's own, else the role's, else the role's main one, else a neutral."""
    of_role = style.role(part.plays).materials
    name = part.materials.get(piece.slot) or of_role.get(piece.slot) or of_role.get("main")
    return material(style, name, piece.sheet) if name in style.materials else from_page(_NEUTRAL, _NEUTRAL.colours)


def _hanger_material(style: Style, slot: str) -> Material:
    name = style.role("suspension").materials.get(slot)
    colours = {"canopy": "#e9e6e0", "cord": "#1c1b1a"}
    return material(style, name) if name else from_page(_NEUTRAL, (colours[slot],))


def _shell_material(style: Style, role: str, sheet: tuple[float, float] | None) -> Material:
    for candidate in (role, "wall"):
        name = style.role(candidate).materials.get("main")
        if name in style.materials:
            return material(style, name, sheet)
    return from_page(_NEUTRAL, _NEUTRAL.colours)


def _mesh(shape: Shape, made_of: Material, segment: int, part: str) -> Mesh:
    return Mesh(shape.vertices, shape.faces, made_of, shape.uv, shape.normals, segment, part)


def _mirrored(geometry: Geometry) -> Geometry:
    """The whole room mirrored in x; texture coordinates stay, so that prints are mirrored with it."""
    flip = np.array([-1.0, 1.0, 1.0])
    meshes = tuple(
        replace(
            m,
            vertices=m.vertices * flip,
            faces=m.faces[:, ::-1],
            normals=None if m.normals is None else m.normals * flip,
        )
        for m in geometry.meshes
    )
    return replace(geometry, meshes=meshes, lights=tuple(mirrored_light(light) for light in geometry.lights))
