"""A furnished room for one camera and one product: a style plays a room's page, and what is in the way steps aside."""

from __future__ import annotations

from dataclasses import replace
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
from imagegen.rooms.shapes import Shape
from imagegen.rooms.shell import extent, fitted, raised, shell
from imagegen.rooms.suspension import SEGMENT, suspension
from imagegen.rooms.view import Block, view_of
from imagegen.types import Placement, Product
from styles.schema import LightPage, MaterialPage, Part, Room, Scalar, Style

_NEUTRAL = MaterialPage(colours=("#b9b4aa",))


def build(
    style: Style, room: Room, placement: Placement, product: Product, settings: Settings | None = None
) -> Geometry:
    """The room as meshes and lights, in the placement's frame (mirrored when it says so), metres.

    Walls open where the camera stands and go on as far as it sees; parts that touch the product's box, are of its
    kind or stand before it are left out. The light is the one that ``settings`` name, else the style's first.
    Raises BadRequestError when a page asks for a kind of part that no builder knows, UnknownLightError.
    """
    view = view_of(placement, product.dimensions)
    bounds = extent(room, view)  # of the page's own room: says whether its ceiling can stay
    if "ceiling" not in bounds.walls:
        bounds = replace(extent(raised(room, view), view), walls=bounds.walls)
    parts = on_panels([fitted(part, room, bounds) for part in room.parts if style.shows(part)])
    made = {part.id: pieces(part, style) for part in parts}
    blocks = {part.id: _block(part, made[part.id]) for part in parts}
    gone = leavers(parts, blocks, bounds.walls, product, view)
    light = style.light(settings.light if settings else "")
    meshes = [
        _mesh(
            surface.shape,
            lit(_shell_material(style, surface.role, surface.sheet), surface.role, light),
            surface.segment,
            surface.name,
        )
        for surface in shell(raised(room, view), bounds, style.role("skirting"))
    ]
    wall, ceiling, floor = (_shell_material(style, role, None) for role in ("wall", "ceiling", "floor"))
    lights = behind(lights_of(light, room, bounds), wall, ceiling, floor, room.height)
    for part in parts:
        if part.id not in gone:
            placed = [(piece.slot, _placed(part, piece, style, light)) for piece in made[part.id]]
            meshes += [mesh for _, mesh in placed]
            lights += bulbs(placed, light)
    meshes += [
        _mesh(shape, _hanger_material(style, slot), SEGMENT, "suspension")
        for slot, shape in suspension(product, view, raised(room, view).height).items()
    ]
    geometry = Geometry(tuple(meshes), tuple(lights), light.exposure * room.exposure, light.key, light.adapts)
    return _mirrored(geometry) if placement.mirrored else geometry


def pieces(part: Part, style: Style) -> list[Piece]:
    """The part in its own frame, built once a machine and read once a process."""
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
    return _built(part.kind, part.size, form, settings, part.seed or _seed(part.id))


@lru_cache(maxsize=512)
def _built(
    kind: str, size: tuple[float, float, float], form: str, settings: tuple[tuple[str, Scalar], ...], seed: int
) -> list[Piece]:
    build_it = KINDS[kind].form(form).build

    def make() -> Arrays:
        return packed(build_it(Spec(size, form, dict(settings), seed)))

    sources = sources_of(build_it.__module__)
    return unpacked(kept("parts", sources, (kind, size, form, settings, seed), make))


def _seed(name: str) -> int:
    return sum((index + 1) * ord(letter) for index, letter in enumerate(name)) % 9973


def _block(part: Part, pieces: list[Piece]) -> Block:
    """The box of a part in the room, in its own turn."""
    points = np.concatenate([piece.shape.vertices for piece in pieces])
    low, high = points.min(axis=0), points.max(axis=0)
    local = Shape(((low + high) / 2)[None], np.zeros((0, 3), int), np.zeros((1, 2)), np.zeros((1, 3)))
    centre = local.turn(part.yaw).move(*part.at).vertices[0]
    return Block(centre, (high - low) / 2, part.yaw)


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
