"""Where in a room a product could stand: its anchors, and the same in the room's mirror image."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from imagegen.errors import DoesNotFitError
from imagegen.placement.sightlines import COVERED, lost_share
from imagegen.types import Dimensions, Doubles, ExplicitPlacement, Mount, Pose, Product
from styles.schema import Anchor, Room

SLACK = 0.03
"""Metres by which a product may exceed an anchor's free box: centimetres are rounded, boxes drawn generously."""
OPEN_FLOOR_CLEARANCE = 1.9
OVER_TABLE = 0.78
"""Metres between a table's top and the lamp over it."""
HANGS = "pendant|hanging|chandelier|suspen|hung"
"""Words of what hangs on a cord; other ceiling goods sit on the ceiling itself."""
HIDING = 1.5
"""The cost of losing the whole of a part that the picture should still show."""
VAGUE = 0.3
"""The cost of a place that is meant for goods of a wider kind than the product's."""
LIVELY_DEG = 18.0
"""How far from straight on a round thing is looked at: any side of it is its front, and a room seen askew has depth."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place for the product's frame in the (possibly mirrored) room: metres, degrees; ``cost``: lower is better."""

    anchor: str
    position: Doubles
    yaw_deg: float
    mirrored: bool
    cost: float
    reasons: tuple[str, ...]


def explicit_site(wanted: ExplicitPlacement, product: Product, room: Room) -> Site:
    """The caller's own place. Raises DoesNotFitError when the product would stick through floor, wall or ceiling."""
    position = np.array([wanted.x, wanted.y, wanted.z])
    _check_inside(position, wanted.yaw_deg, product, room)
    return Site("explicit", position, wanted.yaw_deg, False, 0.0, ("the caller chose the place",))


def find_sites(pose: Pose, product: Product, room: Room) -> list[Site]:
    """All places where the product fits, best first. Raises DoesNotFitError when there is none."""
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
    suitable = [a for a in fitting if not a.categories or _is_meant(a, product)] or fitting
    sites = [_site(pose, product, room, anchor, mirrored=m) for anchor in suitable for m in (False, True)]
    inside = [site for site in sites if _is_inside(site.position, site.yaw_deg, product, room)]
    if not inside:
        raise _too_large(product, anchors, room)
    return sorted(inside, key=lambda site: site.cost)


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
    w, d, h = _needs(product)
    free_w, free_d, free_h = anchor.free
    return w <= free_w + SLACK and d <= free_d + SLACK and h <= free_h + SLACK


def _needs(product: Product) -> tuple[float, float, float]:
    size = product.dimensions
    return size.width, size.depth, 0.0 if product.mount is Mount.RUG else size.height


def _too_large(product: Product, anchors: list[Anchor], room: Room) -> DoesNotFitError:
    w, d, h = (100 * v for v in _needs(product))
    roomiest = max(anchors, key=lambda a: math.prod(a.free))
    free = " x ".join(f"{100 * v:.0f}" for v in roomiest.free)
    return DoesNotFitError(
        f"The product ({w:.0f} x {d:.0f} x {h:.0f} cm) fits at no place of the room {room.name!r}.",
        hint=f"The largest free box for its kind is {free} cm (width x depth x height): "
        "choose a larger room, or give a placement.",
    )


def _site(pose: Pose, product: Product, room: Room, anchor: Anchor, *, mirrored: bool) -> Site:
    side = -1.0 if mirrored else 1.0
    yaw = side * anchor.yaw_deg + 0.0  # no negative zero in recipes
    turn = math.radians(yaw)
    forward = np.array([math.sin(turn), -math.cos(turn), 0.0])
    at = np.array([side * anchor.at[0], anchor.at[1], anchor.at[2]])
    size = product.dimensions
    if product.mount is Mount.WALL:
        at = at + forward * size.depth / 2 - np.array([0, 0, size.height / 2])
        at[2] = min(max(at[2], 0.05), room.height - size.height - 0.05)
    elif product.mount is Mount.CEILING:
        at[2] = _hanging(product, room, anchor)
    elif product.mount is Mount.FLOOR and anchor.against == "wall":
        at = at + forward * (size.depth / 2 + max(anchor.gap, 0.03))
    if pose.kind == "round":
        yaw += _lively(pose, room, side, yaw)
    cost, reasons = _judge(pose, product, room, anchor, at, yaw, side)
    return Site(anchor.id, at, yaw, mirrored, cost, reasons)


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


def _judge(
    pose: Pose, product: Product, room: Room, anchor: Anchor, at: Doubles, yaw: float, side: float
) -> tuple[float, tuple[str, ...]]:
    """How ill a place suits the product and its camera, and why it suits."""
    cost, reasons = 0.0, []
    if _is_meant(anchor, product):
        cost += VAGUE * (1.0 - _aptness(anchor, product))
        reasons.append(f"anchor {anchor.id!r} is meant for {product.category}")
    else:
        cost += 2.0 if anchor.categories else 1.0
        reasons.append(f"anchor {anchor.id!r} has room for it")
    needs = _needs(product)
    cost += 0.4 * abs(math.log(max(needs[0], 0.05) / anchor.free[0]))
    camera = at + np.array([*(_turn(yaw) @ pose.camera.position[:2]), pose.camera.position[2]])
    outside = max(0.0, abs(camera[0]) - room.width / 2) + 2 * max(0.0, camera[1] + 0.5)
    cost += 0.5 * outside
    view = yaw + pose.yaw_deg
    cost += 0.02 * max(0.0, abs(view) - 45.0)
    window = window_side(room) * side
    if window * view > 0 and abs(view) > 4:
        # Walking counter-clockwise the camera comes to look at the left wall, and clockwise at the right one.
        cost += 0.25
    elif window:
        reasons.append("the room's window lights it from the side that the camera sees")
    if side < 0:
        cost += 0.05
        reasons.append("the room is mirrored")
    lost = _hidden(product, room, anchor, camera, at, yaw, side)
    cost += HIDING * sum(lost.values())
    if anchor.must_not_hide and not lost:
        reasons.append(f"it leaves in sight: {', '.join(anchor.must_not_hide)}")
    return cost, tuple(reasons)


def _hidden(
    product: Product, room: Room, anchor: Anchor, eye: Doubles, at: Doubles, yaw: float, side: float
) -> dict[str, float]:
    """The parts that the picture should still show and does not: the share of each that is lost."""
    flip = np.array([side, 1.0, 1.0])
    lost = {
        name: lost_share(room.part(name), eye * flip, at * flip, side * yaw, product.dimensions)
        for name in anchor.must_not_hide
    }
    return {name: share for name, share in lost.items() if share > COVERED}


def _is_meant(anchor: Anchor, product: Product) -> bool:
    """Whether all words of one of the anchor's categories are said of the product."""
    return bool(_meant_for(anchor, product))


def _meant_for(anchor: Anchor, product: Product) -> list[set[str]]:
    """The words of each of the anchor's categories that the product's category and name say in full."""
    said = _words(f"{product.category} {product.name}")
    return [words for words in map(_words, anchor.categories) if words <= said]


def _aptness(anchor: Anchor, product: Product) -> float:
    """How much of the product's own category the anchor names (0..1): a coffee table is not any table.

    Names say less surely than categories what a thing is, and count for nothing here.
    """
    own = _words(product.category)
    return max(len(words & own) for words in _meant_for(anchor, product)) / max(len(own), 1)


def _words(text: str) -> set[str]:
    """Words in the singular."""
    return {word.removesuffix("s") for word in re.findall(r"[a-z]+", text.lower())}


def window_side(room: Room) -> float:
    """-1 when the room's windows are on its left wall, +1 on its right, 0 when neither or both."""
    share = sum(
        {"left": -1.0, "right": 1.0}.get(p.wall or "", 0.0) * p.size[0] for p in room.parts if "window" in p.kind
    )
    return float(np.sign(share))


def _turn(yaw_deg: float) -> Doubles:
    c, s = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    return np.array([[c, -s], [s, c]])


def _corners(position: Doubles, yaw_deg: float, size: Dimensions) -> Doubles:
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]) * np.array([size.width, size.depth]) / 2
    return np.asarray(half @ _turn(yaw_deg).T + position[:2])


def _is_inside(position: Doubles, yaw_deg: float, product: Product, room: Room) -> bool:
    x, y = _corners(position, yaw_deg, product.dimensions).T
    slack = 0.011
    within = abs(x).max() <= room.width / 2 + slack and y.max() <= slack and y.min() >= -room.depth - slack
    # A hung thing's height may be mostly cord, which is as long as the room lets it be.
    top = 0.0 if product.mount is Mount.CEILING else position[2] + _needs(product)[2]
    return bool(within and position[2] >= -slack and top <= room.height + slack)


def _check_inside(position: Doubles, yaw_deg: float, product: Product, room: Room) -> None:
    check_height(product, room)
    if not _is_inside(position, yaw_deg, product, room):
        x, y, z = position
        raise DoesNotFitError(
            f"At x {x:.2f} m, y {y:.2f} m, z {z:.2f} m the product would stick out of the room {room.name!r}.",
            hint=f"The room has x from {-room.width / 2:.2f} to {room.width / 2:.2f} m, y from {-room.depth:.2f} m "
            f"to 0 (the back wall) and is {room.height:.2f} m high; half the product lies on each side of the place.",
            where="placement",
        )
