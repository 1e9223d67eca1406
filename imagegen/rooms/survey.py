"""What is wrong with a room from some camera, found by geometry alone: no picture is rendered.

A pair of style and room is looked at from a stratified sample (McKay, Beckman and Conover, 1979) of all the cameras
that photos come with, at its anchors in turn. Rays go to the shell as every picture's do; at parts only where their box
stands between the camera and the product.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from imagegen.rooms.build import Plan, pieces, plan
from imagegen.rooms.cast import Hits, cast
from imagegen.rooms.shapes import rotation
from imagegen.rooms.shell import Surface, openings, shell
from imagegen.rooms.view import Block
from imagegen.types import Bools, Camera, Dimensions, Doubles, Mount, Placement, Product
from styles.schema import Anchor, Part, Room, Style

HEIGHTS = (0.9, 1.15, 1.4, 1.65, 1.9)
YAWS = (-50.0, -35.0, -20.0, -8.0, 0.0, 8.0, 20.0, 35.0, 50.0)
LENSES = (35.0, 50.0, 85.0, 120.0)
DISTANCES = (3.0, 4.0, 5.5, 8.0)
WIDTH, HEIGHT = 600, 410
HIDDEN = 0.03
"""Share of a product's box that may be hidden."""
GRAZING_DEG = 2.5
EDGE_ON = 0.12
"""Share of the picture in which a wall may be seen at less than GRAZING_DEG."""
LOOSE = 0.02

SIZES = {
    "sofa": (2.0, 0.9, 0.82), "armchair": (0.75, 0.8, 0.85), "chair": (0.5, 0.55, 0.85), "lamp": (0.4, 0.4, 1.5),
    "table": (1.0, 0.6, 0.45), "bed": (1.7, 2.1, 1.1), "plant": (0.4, 0.4, 0.6), "wardrobe": (1.0, 0.5, 1.9),
}  # fmt: skip
BY_MOUNT = {
    "floor": (0.9, 0.8, 0.9), "wall": (0.6, 0.05, 0.6), "ceiling": (0.45, 0.45, 0.5), "surface": (0.2, 0.2, 0.3),
    "rug": (2.0, 1.4, 0.012),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """A camera as a photographer would say it: metres, degrees about the product, millimetres."""

    height: float
    yaw_deg: float
    lens_mm: float
    distance: float
    mirrored: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong from one camera with a product at one anchor; not ``fatal`` where the photo itself asks for it."""

    kind: str
    anchor: str
    shot: Shot
    message: str
    fatal: bool = True


def shots(count: int, seed: int) -> list[Shot]:
    """``count`` of all cameras, so chosen that every height, angle, lens and distance comes equally often."""
    rng = np.random.default_rng(seed)

    def column(values: Sequence[float]) -> Doubles:
        return np.asarray(rng.permutation(np.resize(np.asarray(values, float), count)))

    rows = zip(*(column(v) for v in (HEIGHTS, YAWS, LENSES, DISTANCES, (0, 1))), strict=True)
    return [Shot(float(h), float(y), float(f), float(d), bool(m)) for h, y, f, d, m in rows]


def survey(style: Style, room: Room, count: int = 40, seed: int = 0) -> list[Fault]:
    """All faults that a sample of cameras finds in that pair; the same every time."""
    found: list[Fault] = []
    for number, shot in enumerate(shots(count, seed)):
        anchor = room.anchors[number % len(room.anchors)]
        found += faults(style, room, anchor, shot)
    return found


def faults(style: Style, room: Room, anchor: Anchor, shot: Shot) -> list[Fault]:
    """What is wrong from one camera with the anchor's usual product."""
    product = usual(anchor)
    placement = stood(room, anchor, product, shot)
    planned = plan(style, room, placement, product)
    surfaces = shell(planned.room, planned.bounds, style.role("skirting"))
    told = [
        *_eye(planned), *_hidden(planned, style, surfaces, product), *_horizon(placement.camera),
        *_shell(planned, room, surfaces),
    ]  # fmt: skip
    return [Fault(kind, anchor.id, shot, message, kind != "horizon") for kind, message in told]


def usual(anchor: Anchor) -> Product:
    """A product such as the anchor is for, no larger than its free box."""
    category = anchor.categories[0] if anchor.categories else anchor.mounts[0]
    mount = anchor.mounts[0]
    size = next((SIZES[word] for word in SIZES if word in category and mount == "floor"), BY_MOUNT[mount])
    fitted = np.minimum(size, anchor.free)
    return Product("usual", category, category, Dimensions(*map(float, fitted)), Mount(mount))


def stood(room: Room, anchor: Anchor, product: Product, shot: Shot) -> Placement:
    """The product at its anchor, and a camera that looks at its middle."""
    size, side = product.dimensions, -1.0 if shot.mirrored else 1.0
    yaw = side * anchor.yaw_deg
    position = np.array([side * anchor.at[0], anchor.at[1], anchor.at[2]])
    forward = rotation(yaw) @ [0.0, -1.0, 0.0]
    if anchor.against == "wall" or product.mount is Mount.WALL:
        position += forward * (size.depth / 2 + anchor.gap)
    if product.mount is Mount.WALL:
        position[2] -= size.height / 2
    if product.mount is Mount.CEILING:
        position[2] = min(room.height, anchor.at[2]) - size.height
    target = position + np.array([0.0, 0.0, size.height / 2])
    eye = target + shot.distance * (rotation(shot.yaw_deg) @ forward)
    eye[2] = shot.height
    camera = _looking(eye, target, shot.lens_mm)
    return Placement(anchor.id, position, yaw, shot.mirrored, camera, np.eye(3))


def _looking(eye: Doubles, target: Doubles, lens_mm: float) -> Camera:
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    rows = np.array([right, np.cross(forward, right), forward])
    return Camera(lens_mm / 36 * WIDTH, WIDTH / 2, HEIGHT / 2, rows, eye, WIDTH, HEIGHT)


def _eye(planned: Plan) -> Iterator[tuple[str, str]]:
    eye = planned.view.eye
    for part in planned.parts:
        block = planned.blocks[part.id]
        if block.grown(0.05).contains(eye):
            yield "inside", f"the camera stands in {part.id!r}"
    if "ceiling" in planned.bounds.walls and eye[2] > planned.room.height - LOOSE:
        yield "inside", "the camera is above the ceiling"


def _hidden(planned: Plan, style: Style, surfaces: Sequence[Surface], product: Product) -> Iterator[tuple[str, str]]:
    eye, targets = planned.view.eye, spread(planned.view.product)
    ways = targets - eye
    for part in planned.parts:
        if planned.blocks[part.id].hides(eye, targets) and not _carries(part, product):
            meshes = [piece.shape.turn(part.yaw).move(*part.at) for piece in pieces(part, style)]
            share = float(np.mean([cast(eye, ways, [mesh]).distance < 0.97 for mesh in meshes], axis=1).max(initial=0))
            if share > HIDDEN:
                yield "hidden", f"{part.id!r} hides {100 * share:.0f} % of the product's box"
    share = float((cast(eye, ways, [surface.shape for surface in surfaces]).distance < 0.97).mean())
    if share > HIDDEN:
        yield "hidden", f"walls hide {100 * share:.0f} % of the product's box"


def _carries(part: Part, product: Product) -> bool:
    """A rug may lie on a rug; whatever else stands before a product hides it."""
    return product.mount is Mount.RUG and part.kind == "rug"


def spread(block: Block) -> Doubles:
    """Points all through a box, (75, 3)."""
    across, up = np.linspace(-0.94, 0.94, 5), np.linspace(-0.9, 0.94, 5)
    grid = np.array([(x, y, z) for x in across for y in (-0.9, 0.0, 0.9) for z in up])
    return np.asarray(grid * block.half @ rotation(block.yaw_deg).T + block.centre)


def _horizon(camera: Camera) -> Iterator[tuple[str, str]]:
    down = -math.degrees(math.asin(float(camera.rotation[2, 2])))
    row = camera.cy - camera.focal * math.tan(math.radians(down))
    if not 0 <= row <= camera.height:
        reach = math.degrees(math.atan(camera.height / 2 / camera.focal))
        yield "horizon", f"the camera looks down by {down:.0f} degrees and its lens shows {reach:.0f} to either side"


def _shell(planned: Plan, room: Room, surfaces: Sequence[Surface]) -> Iterator[tuple[str, str]]:
    view = planned.view
    met = cast(view.eye, view.rays, [surface.shape for surface in surfaces])
    names = [surface.name for surface in surfaces]
    lost = ~np.isfinite(met.distance)
    if lost.any():
        yield "void", f"{lost.sum()} of {len(lost)} rays meet nothing, the first {view.rays[lost][0].round(2).tolist()}"
    points = view.eye + view.rays * np.where(lost, 0.0, met.distance)[:, None]
    for index, surface in enumerate(surfaces):
        here = (met.shape == index) & ~lost
        if not here.any():
            continue
        if surface.role == "outside":
            wall = surface.name.removeprefix("outside-")
            stray = here & ~_through_a_window(room, wall, view.eye, view.rays)
            if stray.any():
                yield "unfinished", f"{stray.sum()} rays pass the end of the {wall} wall and see the view outside"
        elif met.behind[here].any():
            yield "unfinished", f"{names[index]} is seen from behind"
        if surface.name.startswith("wall-"):
            yield from _edge_on(surface.name, here, view.rays)
    yield from _coverings(planned, names, met, points)


def _edge_on(name: str, here: Bools, rays: Doubles) -> Iterator[tuple[str, str]]:
    axis = 1 if name == "wall-back" else 0
    angle = np.degrees(np.arcsin(np.abs(rays[:, axis]) / np.linalg.norm(rays, axis=1)))
    share = float((here & (angle < GRAZING_DEG)).mean())
    if share > EDGE_ON:
        yield "edge-on", f"{name} is seen edge-on in {100 * share:.0f} % of the picture"


def _through_a_window(room: Room, wall: str, eye: Doubles, rays: Doubles) -> Bools:
    """Which rays cross a wall's plane in one of its openings."""
    axis, level = {"back": (1, 0.0), "left": (0, -room.width / 2), "right": (0, room.width / 2)}[wall]
    with np.errstate(divide="ignore", invalid="ignore"):
        time = (level - eye[axis]) / rays[:, axis]
        points = eye + rays * time[:, None]
    along = {"back": points[:, 0], "left": points[:, 1], "right": -points[:, 1]}[wall]
    inside = np.zeros(len(rays), bool)
    for hole in openings(room, wall):
        beside = np.abs(along - hole.middle) < hole.width / 2 + LOOSE
        inside |= beside & (points[:, 2] > hole.low - LOOSE) & (points[:, 2] < hole.low + hole.height + LOOSE)
    return np.asarray(inside & (time > 0))


def _coverings(planned: Plan, names: Sequence[str], met: Hits, points: Doubles) -> Iterator[tuple[str, str]]:
    """A wall's panelling that is as long as the page's room must be as long as what is seen of the wall.

    Plates of one wall count together: one ends at a door's casing where another goes on over it.
    """
    for wall, axis, own in (
        ("back", 0, planned.room.width),
        ("left", 1, planned.room.depth),
        ("right", 1, planned.room.depth),
    ):
        plates = [part for part in planned.parts if part.kind == "panelling" and part.wall == wall]
        if not plates or f"wall-{wall}" not in names:
            continue
        blocks = [planned.blocks[part.id] for part in plates]
        start = min(float(block.centre[axis] - block.half[0]) for block in blocks)
        end = max(float(block.centre[axis] + block.half[0]) for block in blocks)
        if end - start < own - 0.05:
            continue
        low = min(part.at[2] for part in plates) + 0.1
        high = max(part.at[2] + part.size[2] for part in plates) - 0.1
        here = (met.shape == names.index(f"wall-{wall}")) & np.isfinite(met.distance)
        here &= (points[:, 2] > low) & (points[:, 2] < high)
        bare = here & ((points[:, axis] < start - LOOSE) | (points[:, axis] > end + LOOSE))
        if bare.any():
            place = points[bare][0].round(2).tolist()
            yield "unfinished", f"the panelling of wall-{wall} ends where its wall is still seen, at {place}"
