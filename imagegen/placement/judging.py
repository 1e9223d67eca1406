"""How well a place suits a product and its camera: a cost, of which less is better, and the reasons in words."""

from __future__ import annotations

import math
import re

import numpy as np

from imagegen.furnished import turned
from imagegen.mounts import plain_words
from imagegen.placement.fitting import aptness, is_meant, window_side
from imagegen.placement.ground import footprint, straddles
from imagegen.placement.sightlines import COVERED, company, lost_share
from imagegen.placement.sites import Site
from imagegen.types import Camera, Doubles, Mount, Pose, Product

HIDING = 1.5
"""The cost of losing the whole of a part that the picture should still show."""
VAGUE = 0.4
"""The cost of a place that is meant for goods of a wider kind than the product's."""
LOOSE = 0.4
"""The cost of standing where e times as much room is free; walls, ceilings and tables are seldom full."""
ANY = 0.15
"""The cost of a place on a wall, a ceiling, a table or under a rug that names no goods: it is for all of them."""
BARE = 0.25
"""The cost of a picture with nothing of the room's furniture in it."""
EDGE = 0.15
"""The cost of standing half on a rug and half off."""
ASTRAY = 0.3
"""The cost of a room that is not the one where a home has such a thing."""
HOMES = (
    (
        "living",
        r"sofa|couch|settee|sectional|loveseat|coffee table|\btv\b|armchair|wing|lounge|recliner|ottoman|\brug|carpet",
    ),
    ("bedroom", r"\bbeds?\b|bedside|night|wardrobe|dresser|valet"),
    ("dining", r"dining|buffet|bar stool|pendant|chandelier"),
    ("office", r"desk|office|bookcase"),
    ("hall", r"coat|shoe|hall|umbrella|doormat|runner"),
)
"""The type of room where a home has goods of a category; whatever none names is at home anywhere."""
FURNISHED = 0.35
"""The share of a picture that furniture takes from which on it shows a room rather than a wall."""


def judge(pose: Pose, product: Product, site: Site, picture: Camera) -> tuple[float, tuple[str, ...]]:
    """How ill a place suits the product and its camera, and why it suits. ``picture``: the camera there."""
    room, side = site.stage.room, -1.0 if site.mirrored else 1.0
    cost, reasons = _belonging(product, site)
    at, yaw = site.position, site.yaw_deg
    camera = at + np.array([*(turned(yaw) @ pose.camera.position[:2]), pose.camera.position[2]])
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
    lost = _hidden(product, site, camera)
    cost += HIDING * sum(lost.values())
    if site.anchor and site.anchor.must_not_hide and not lost:
        reasons.append(f"it leaves in sight: {', '.join(site.anchor.must_not_hide)}")
    share = company(room, picture, at, product.dimensions, side)
    cost += BARE * max(0.0, 1.0 - share / FURNISHED)
    reasons.append(f"furniture takes {share:.0%} of the picture beside it")
    foot = footprint(product, at, yaw, round_goods=pose.kind == "round")
    if straddles(site.fixtures, product, foot):
        cost += EDGE
        reasons.append("it stands on the edge of a rug, for there is no better spot")
    return cost, tuple(reasons)


def _belonging(product: Product, site: Site) -> tuple[float, list[str]]:
    """The cost of goods at a place and in a room that are meant for others, and the reasons."""
    anchor, room = site.anchor, site.stage.room
    if anchor is None:
        return 0.0, ["the caller chose the place"]
    cost, reasons = 0.0, []
    if is_meant(anchor, product):
        cost += VAGUE * (1.0 - aptness(anchor, product))
        reasons.append(f"anchor {anchor.id!r} is meant for {product.category}")
    else:
        cost += 2.0 if anchor.categories else 1.0 if product.mount is Mount.FLOOR else ANY
        reasons.append(f"anchor {anchor.id!r} has room for it")
    home = next((room_type for room_type, words in HOMES if re.search(words, plain_words(product.category))), "")
    if home and home in room.room_type:
        reasons.append(f"a {room.room_type} is where it belongs")
    elif home:
        cost += ASTRAY
    loose = abs(math.log(max(product.dimensions.width, 0.05) / anchor.free[0]))
    return cost + (LOOSE if product.mount is Mount.FLOOR else LOOSE / 4) * loose, reasons


def _hidden(product: Product, site: Site, eye: Doubles) -> dict[str, float]:
    """The parts that the picture should still show and does not: the share of each that is lost."""
    if site.anchor is None:
        return {}
    side = -1.0 if site.mirrored else 1.0
    flip, room = np.array([side, 1.0, 1.0]), site.stage.room
    lost = {
        name: lost_share(room.part(name), eye * flip, site.position * flip, side * site.yaw_deg, product.dimensions)
        for name in site.anchor.must_not_hide
    }
    return {name: share for name, share in lost.items() if share > COVERED}
