"""Where in a room a product could stand: its anchors, and the same in the room's mirror image."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from imagegen.errors import DoesNotFitError
from imagegen.furnished import Fixture, Furnished, turned
from imagegen.placement.fitting import inside, is_meant, needs, window_side
from imagegen.placement.ground import come_forward, footprint, pierced, steps_aside, straddles
from imagegen.types import Doubles, ExplicitPlacement, Mount, Pose, Product
from styles.schema import Anchor, Room

SLACK = 0.03
"""Metres by which a product may exceed an anchor's free box: centimetres are rounded, boxes drawn generously."""
OPEN_FLOOR_CLEARANCE = 1.9
OVER_TABLE = 0.78
"""Metres between a table's top and the lamp over it."""
HANGS = "pendant|hanging|chandelier|suspen|hung"
"""Words of what hangs on a cord; other ceiling goods sit on the ceiling itself."""
LIVELY_DEG = 18.0
"""How far from straight on a round thing is looked at: any side of it is its front, and a room seen askew has depth."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place for the product's frame in a (possibly mirrored) room: metres, degrees."""

    stage: Furnished
    anchor: Anchor | None
    position: Doubles
    yaw_deg: float
    mirrored: bool

    @property
    def name(self) -> str:
        """The anchor's id, or "explicit"."""
        return self.anchor.id if self.anchor else "explicit"

    @property
    def fixtures(self) -> tuple[Fixture, ...]:
        """What never steps aside in the room as it is seen."""
        return self.stage.mirrored() if self.mirrored else self.stage.fixtures


def explicit_site(wanted: ExplicitPlacement, product: Product, stage: Furnished) -> Site:
    """The caller's own place. Raises DoesNotFitError when the product would stick through floor, wall or ceiling."""
    position = np.array([wanted.x, wanted.y, wanted.z])
    _check_inside(position, wanted.yaw_deg, product, stage.room)
    return Site(stage, None, position, wanted.yaw_deg, False)


def find_sites(pose: Pose, product: Product, stage: Furnished) -> list[Site]:
    """All places of a room where the product fits and goes through nothing. Raises DoesNotFitError for none."""
    room = stage.room
    check_height(product, room)
    anchors = [a for a in room.anchors if product.mount.value in a.mounts]
    if not anchors:
        mounts = ", ".join(sorted({m for a in room.anchors for m in a.mounts}))
        raise DoesNotFitError(
            f"The room {room.name!r} has no place for goods that are mounted on {product.mount.value}.",
            hint=f"It has places for: {mounts}. Choose another room or give a placement in metres.",
        )
    fitting = [a for a in anchors if _fits(product, a)]
    if not fitting:
        raise _too_large(product, anchors, room)
    # A place that is meant for other goods is used only when nothing else is free.
    suitable = [a for a in fitting if not a.categories or is_meant(a, product)] or fitting
    sites = [_site(pose, product, stage, anchor, mirrored=m) for anchor in suitable for m in (False, True)]
    free = [site for site in sites if _is_free(site, pose, product)]
    if not free:
        raise _too_large(product, anchors, room)
    return free


def check_height(product: Product, room: Room) -> None:
    """Raises DoesNotFitError when the product is taller than the room, or than what is left above where it hangs."""
    height = product.dimensions.height if product.mount is not Mount.RUG else 0.0
    if height > room.height - 0.01:
        raise DoesNotFitError(
            f"The product is {height * 100:.0f} cm high and the room {room.name!r} {room.height * 100:.0f} cm.",
            hint="Check the height in the catalog (centimetres), or choose a higher room.",
            where="height_cm",
        )


def _fits(product: Product, anchor: Anchor) -> bool:
    w, d, h = needs(product)
    free_w, free_d, free_h = anchor.free
    return w <= free_w + SLACK and d <= free_d + SLACK and h <= free_h + SLACK


def _too_large(product: Product, anchors: list[Anchor], room: Room) -> DoesNotFitError:
    w, d, h = (100 * v for v in needs(product))
    roomiest = max(anchors, key=lambda a: math.prod(a.free))
    free = " x ".join(f"{100 * v:.0f}" for v in roomiest.free)
    return DoesNotFitError(
        f"The product ({w:.0f} x {d:.0f} x {h:.0f} cm) fits at no place of the room {room.name!r}.",
        hint=f"The largest free box for its kind is {free} cm (width x depth x height): "
        "choose a larger room, or give a placement.",
    )


def _site(pose: Pose, product: Product, stage: Furnished, anchor: Anchor, *, mirrored: bool) -> Site:
    side, room = -1.0 if mirrored else 1.0, stage.room
    yaw = side * anchor.yaw_deg + 0.0  # no negative zero in recipes
    turn = math.radians(yaw)
    forward = np.array([math.sin(turn), -math.cos(turn), 0.0])
    at = np.array([side * anchor.at[0], anchor.at[1], anchor.at[2]])
    size = product.dimensions
    against = product.mount is Mount.WALL or (product.mount is Mount.FLOOR and anchor.against == "wall")
    if product.mount is Mount.WALL:
        at = at + forward * size.depth / 2 - np.array([0, 0, size.height / 2])
        at[2] = min(max(at[2], 0.05), room.height - size.height - 0.05)
    elif product.mount is Mount.CEILING:
        at[2] = _hanging(product, room, anchor)
    elif against:
        at = at + forward * (size.depth / 2 + max(anchor.gap, 0.03))
    fixtures = stage.mirrored() if mirrored else stage.fixtures
    if against:
        at = come_forward(fixtures, product, at, yaw, forward)
    elif product.mount is Mount.FLOOR:
        at = _off_the_edge(pose, product, anchor, fixtures, stage.furniture(mirrored=mirrored), at, yaw)
    if pose.kind == "round":
        yaw += _lively(pose, room, side, yaw)
    return Site(stage, anchor, at, yaw, mirrored)


def _off_the_edge(
    pose: Pose,
    product: Product,
    anchor: Anchor,
    fixtures: tuple[Fixture, ...],
    others: tuple[Fixture, ...],
    at: Doubles,
    yaw: float,
) -> Doubles:
    """The nearest spot in the place's free box where the product stands wholly on a rug or wholly beside it, if any.

    No other part has to make room for it there than where the page has the place.
    """
    crowded: set[str] | None = None
    for x, y in steps_aside(anchor.free, product.dimensions, yaw):
        moved = at + np.array([x, y, 0.0])
        foot = footprint(product, moved, yaw, round_goods=pose.kind == "round")
        through = set(pierced(others, product, moved, foot))
        crowded = through if crowded is None else crowded
        if through <= crowded and not straddles(fixtures, product, foot):
            return np.asarray(moved)
    return at


def _is_free(site: Site, pose: Pose, product: Product) -> bool:
    """Whether the product stands inside the room and goes through nothing that stays."""
    foot = footprint(product, site.position, site.yaw_deg, round_goods=pose.kind == "round")
    if not _is_inside(site.position, foot, product, site.stage.room) or not _rests(site, product, foot):
        return False
    return not pierced(site.fixtures, product, site.position, foot)


def _lively(pose: Pose, room: Room, side: float, yaw: float) -> float:
    """The turn that makes the view of a round thing a little askew, towards the window where there is one."""
    towards = -window_side(room) * side or 1.0
    return towards * LIVELY_DEG - pose.yaw_deg - yaw


def _hanging(product: Product, room: Room, anchor: Anchor) -> float:
    """Metres from the floor to the lowest point of a hung thing.

    It hangs from the ceiling by the catalog's height where that brings it near the height that suits; otherwise its
    cord is as long as it takes.
    """
    whole = room.height - product.dimensions.height
    table = _table_below(room, anchor)
    wanted = table + OVER_TABLE if table else OPEN_FLOOR_CLEARANCE
    if wanted - 0.15 <= whole <= wanted + 0.5 or not re.search(HANGS, f"{product.category} {product.name}".lower()):
        return float(whole)
    return float(min(wanted, whole) if whole > wanted else wanted)


def _table_below(room: Room, anchor: Anchor) -> float | None:
    """Height of the table over which something hangs, metres, or None over open floor."""
    tops = [
        part.at[2] + part.size[2]
        for part in room.parts
        if part.id == anchor.on
        or (
            part.kind.endswith("table") and all(abs(part.at[i] - anchor.at[i]) < part.size[i] / 2 + 0.1 for i in (0, 1))
        )
    ]
    return max((top for top in tops if 0.25 < top < 1.1), default=None)


def _rests(site: Site, product: Product, foot: Doubles) -> bool:
    """Whether what stands on furniture stands on its top with every corner."""
    if product.mount is not Mount.SURFACE or site.anchor is None or not site.anchor.on:
        return True
    below = site.stage.room.part(site.anchor.on)
    flip = np.array([-1.0 if site.mirrored else 1.0, 1.0])
    local = (foot * flip - np.array(below.at[:2])) @ turned(below.yaw)
    return bool((np.abs(local) <= np.array(below.size[:2]) / 2 + 0.01).all())


def _is_inside(position: Doubles, foot: Doubles, product: Product, room: Room) -> bool:
    # A hung thing's height may be mostly cord, which is as long as the room lets it be.
    top = 0.0 if product.mount is Mount.CEILING else float(position[2]) + needs(product)[2]
    return inside(foot, float(position[2]), top, room)


def _check_inside(position: Doubles, yaw_deg: float, product: Product, room: Room) -> None:
    check_height(product, room)
    if not _is_inside(position, footprint(product, position, yaw_deg), product, room):
        x, y, z = position
        raise DoesNotFitError(
            f"At x {x:.2f} m, y {y:.2f} m, z {z:.2f} m the product would stick out of the room {room.name!r}.",
            hint=f"The room has x from {-room.width / 2:.2f} to {room.width / 2:.2f} m, y from {-room.depth:.2f} m "
            f"to 0 (the back wall) and is {room.height:.2f} m high; half the product lies on each side of the place.",
            where="placement",
        )
