"""Where the other products of a set could go, told from where the first is: beside, before, above and on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from imagegen.errors import DoesNotFitError
from imagegen.furnished import Fixture, Furnished, turned
from imagegen.placement.fitting import is_meant
from imagegen.placement.sites import find_sites
from imagegen.types import Doubles, Mount, Placement, Pose, Product

HOSTS = r"table|sideboard|console|bench|dresser|chest|cabinet|night|desk|\btv\b"
"""Words of what something may stand on."""
BEFORE = r"coffee|ottoman|pouf|footstool|low table"
SEATS = r"chair|stool|pouf|ottoman|lounge|recliner"
GAP = 0.12
AISLE = 0.42
"""Metres between a sofa and the table before it, and between the sofa's line and the armchair beside it."""
UNDER = 0.35
"""Metres of a rug that lie under the front of what stands on it."""
EYE_LINE = 1.5
"""The height of a picture's middle on a wall, metres, unless something stands there."""
ABOVE = 0.22
FREE_TURN_DEG = 35.0
"""How far a seat on open floor may be turned away from the room's lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A place for a companion: metres and degrees in the hero's (mirrored or not) room.

    ``turn_deg``: how far it may be turned either way; ``cost``: less is better; ``on``: the part that it stands on.
    """

    name: str
    position: Doubles
    yaw_deg: float
    turn_deg: float
    cost: float
    on: str = ""


Standing = tuple[Product, Placement]


def box_of(product: Product, placement: Placement) -> Fixture:
    """The box that a product takes."""
    half = product.dimensions.as_array() / 2
    centre = np.asarray(placement.position, float) + np.array([0.0, 0.0, half[2]])
    return Fixture(product.sku, centre, half, placement.yaw_deg, flat=product.mount is Mount.RUG)


def spots(
    pose: Pose, product: Product, taken: Sequence[Standing], stage: Furnished, stays: frozenset[str]
) -> Iterator[Spot]:
    """All that might do, not yet asked whether they are free; ``taken``: the hero and who came before.

    ``stays``: ids of the room's parts that did not step aside for the hero.
    """
    hero, place = taken[0]
    free = 180.0 if pose.kind == "round" else FREE_TURN_DEG if re.search(SEATS, product.category.lower()) else 0.0
    yield from _anchors(pose, product, place, stage, stays, free)
    if product.mount is Mount.SURFACE:
        for host, there in taken:
            yield from _on_top(product, host, there, free)
    elif product.mount is Mount.RUG:
        y = -hero.dimensions.depth / 2 + UNDER - product.dimensions.depth / 2
        if hero.mount is Mount.FLOOR:
            yield _spot(place, "before-it", (0.0, y), 0.0, 0.0, 0.0)
    elif product.mount is Mount.WALL:
        yield from _above(product, hero, place, stage)
    elif product.mount is Mount.FLOOR and hero.mount in {Mount.FLOOR, Mount.RUG}:
        yield from _around(product, hero, place, free)


def _anchors(
    pose: Pose, product: Product, place: Placement, stage: Furnished, stays: frozenset[str], free: float
) -> Iterator[Spot]:
    try:
        sites = find_sites(pose, product, stage)
    except DoesNotFitError:
        return
    for site in sites:
        anchor = site.anchor
        if anchor is None or site.mirrored != place.mirrored:
            continue
        if product.mount is Mount.SURFACE and anchor.on not in stays:
            continue
        cost = 0.1 if is_meant(anchor, product) or product.mount is not Mount.FLOOR else 0.5
        side = -1.0 if site.mirrored else 1.0
        turn = free if anchor.against == "open" or free > FREE_TURN_DEG else 0.0
        yield Spot(anchor.id, site.position, side * anchor.yaw_deg, turn, cost, anchor.on)


def _on_top(product: Product, host: Product, there: Placement, free: float) -> Iterator[Spot]:
    top = host.dimensions.height
    if host.mount is not Mount.FLOOR or not re.search(HOSTS, host.category.lower()) or not 0.25 < top < 1.2:
        return
    slack = np.array([host.dimensions.width, host.dimensions.depth]) * 0.9
    slack = (slack - [product.dimensions.width, product.dimensions.depth]) / 2
    if (slack < 0).any():
        return
    for share in (0.0, 0.7, -0.7):
        spot = _spot(there, f"on-{host.sku}", (share * slack[0], 0.0), 0.0, free, 0.05 * abs(share))
        yield Spot(spot.name, spot.position + np.array([0.0, 0.0, top]), spot.yaw_deg, free, spot.cost)


def _above(product: Product, hero: Product, place: Placement, stage: Furnished) -> Iterator[Spot]:
    """On the wall behind what stands along it, over its middle."""
    back = turned(place.yaw_deg) @ [0.0, 1.0]
    axis = int(np.argmax(np.abs(back)))
    if hero.mount is not Mount.FLOOR or abs(back[axis]) < 0.999:
        return
    room = stage.room
    wall = 0.0 if axis == 1 else float(np.sign(back[0])) * room.width / 2
    behind = abs(wall - place.position[axis]) - hero.dimensions.depth / 2
    if (axis == 1 and back[1] < 0) or behind > 0.3:
        return
    position = np.array(place.position, float)
    position[axis] = wall - back[axis] * product.dimensions.depth / 2
    low = hero.dimensions.height + ABOVE
    position[2] = max(EYE_LINE - product.dimensions.height / 2, low)
    if position[2] + product.dimensions.height < room.height - 0.05:
        yield Spot("above-it", position, place.yaw_deg, 0.0, 0.0)


def _around(product: Product, hero: Product, place: Placement, free: float) -> Iterator[Spot]:
    own, its = product.dimensions, hero.dimensions
    if re.search(BEFORE, product.category.lower()):
        yield _spot(place, "before-it", (0.0, -its.depth / 2 - AISLE - own.depth / 2), 0.0, free, 0.0)
    for side in (-1.0, 1.0):
        name = "right-of-it" if side > 0 else "left-of-it"
        for gap in (GAP, 2.5 * GAP):
            x = side * (its.width / 2 + gap + own.width / 2)
            yield _spot(place, name, (x, its.depth / 2 - own.depth / 2), 0.0, free, gap - GAP)
            yield _spot(place, name, (x, 0.0), 0.0, free, 0.05 + gap - GAP)
        if re.search(SEATS, product.category.lower()):
            x = side * (its.width / 2 + own.width / 2)
            y = -its.depth / 2 - AISLE / 2 - own.depth / 2
            yield _spot(place, name, (x, y), -side * 40.0, free, 0.0)


def _spot(place: Placement, name: str, at: tuple[float, float], yaw_deg: float, turn_deg: float, cost: float) -> Spot:
    flat = turned(place.yaw_deg) @ np.array(at)
    position = np.array([place.position[0] + flat[0], place.position[1] + flat[1], 0.0])
    if name.startswith("on-"):
        position[2] = place.position[2]
    return Spot(name, position, place.yaw_deg + yaw_deg, turn_deg, cost)
