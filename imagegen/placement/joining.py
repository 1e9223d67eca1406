"""A set: further products take their places around the first one, under its camera.

Each was photographed by a camera of its own, so none can be seen exactly as its photo shows it. Its place, its turn and
its photo are chosen so that the two viewing directions differ least; what is left is measured in degrees and told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imagegen.furnished import Fixture, Furnished
from imagegen.placement.beside import Spot, Standing, box_of, spots
from imagegen.placement.doubts import UPSCALE_LIMIT
from imagegen.placement.fitting import inside, needs
from imagegen.placement.framing import Extent
from imagegen.placement.ground import come_forward, footprint, pierced, straddles
from imagegen.placement.matching import carried, facing, is_flat, mismatch, overlaid
from imagegen.placement.sightlines import crossed, spread
from imagegen.types import Doubles, Finding, Mount, Placement, Product, Seen, Verdict

WARN_DEG, FAIL_DEG = 8.0, 20.0
"""Viewing directions that differ by less than the first are taken for one camera's: the eye forgives a few degrees, as
it does when a picture is looked at from beside its middle. Beyond the second, sides are seen that cannot be, and tops
of what stands above the eye."""
ORDER = (Mount.RUG, Mount.FLOOR, Mount.WALL, Mount.CEILING, Mount.SURFACE)
"""Who is placed first: what others stand on comes before them."""
PER_DEGREE = 0.05
PER_METRE = 0.25
CUT, HIDDEN, HIDES = 0.3, 0.5, 0.2
"""Shares from which on a companion is no use: cut off by the picture's edge, hidden by others, hiding others."""


@dataclass(frozen=True, slots=True, eq=False)
class _Seat:
    """A photo of a companion at a spot, turned as it will stand."""

    view: Seen
    spot: Spot
    yaw_deg: float
    off_deg: float
    cost: float


def join(
    guests: Sequence[tuple[Product, Sequence[Seen]]],
    hero: Product,
    place: Placement,
    stage: Furnished,
    stays: frozenset[str],
) -> tuple[Placement | None, ...]:
    """A place for each of the guests, in their order; None for one that finds none in sight.

    ``place``: the hero's, whose camera and room are all of them's; ``stays``: ids of the room's parts that did not step
    aside for it. Flat goods are laid exactly; others keep their photo's view, and a finding "mismatch" tells how far it
    is from the picture's.
    """
    taken: list[Standing] = [(hero, place)]
    found: dict[int, Placement] = {}
    for number in sorted(range(len(guests)), key=lambda n: ORDER.index(guests[n][0].mount)):
        product, views = guests[number]
        seats = [seat for view in views for seat in _seats(view, product, taken, stage, stays)]
        if seats:
            found[number] = _settled(min(seats, key=lambda seat: seat.cost), product, place)
            taken.append((product, found[number]))
    return tuple(found.get(number) for number in range(len(guests)))


def _seats(
    view: Seen, product: Product, taken: Sequence[Standing], stage: Furnished, stays: frozenset[str]
) -> list[_Seat]:
    """The free spots for one photo, each with its cost."""
    place = taken[0][1]
    seats = []
    for spot in spots(view.pose, product, taken, stage, stays):
        wish = (facing(view.pose, spot.position, place.camera) - spot.yaw_deg + 180.0) % 360.0 - 180.0
        yaw = spot.yaw_deg + float(np.clip(wish, -spot.turn_deg, spot.turn_deg))
        there = _cleared(spot, product, yaw, stage, place)
        cost = _suits(view, product, there, yaw, taken, stage)
        if cost is None:
            continue
        off = 0.0 if is_flat(product) else mismatch(view.pose, product, there.position, yaw, place.camera)
        seats.append(_Seat(view, there, yaw, off, spot.cost + cost + PER_DEGREE * off + 0.01 * view.pose.sigma_deg))
    return seats


def _cleared(spot: Spot, product: Product, yaw: float, stage: Furnished, place: Placement) -> Spot:
    """What hangs on a wall comes before its panelling."""
    if product.mount is not Mount.WALL:
        return spot
    forward = np.array([np.sin(np.radians(yaw)), -np.cos(np.radians(yaw)), 0.0])
    position = come_forward(_fixtures(stage, place), product, spot.position, yaw, forward)
    return replace(spot, position=position)


def _fixtures(stage: Furnished, place: Placement) -> tuple[Fixture, ...]:
    return stage.mirrored() if place.mirrored else stage.fixtures


def _suits(
    view: Seen, product: Product, spot: Spot, yaw: float, taken: Sequence[Standing], stage: Furnished
) -> float | None:
    """The cost of a spot by what stands around it and what the picture shows of it; None where it cannot be."""
    place = taken[0][1]
    foot = footprint(product, spot.position, yaw, round_goods=view.pose.kind == "round")
    top = 0.0 if product.mount is Mount.CEILING else float(spot.position[2]) + needs(product)[2]
    if not inside(foot, float(spot.position[2]), top, stage.room):
        return None
    others = tuple(box_of(*each) for each in taken)
    props = {name for name in (_prop(stage, each) for _, each in taken) if name and name != spot.on}
    carriers = tuple(f for f in stage.furniture(mirrored=place.mirrored) if f.part in props)
    if pierced((*_fixtures(stage, place), *carriers, *others), product, spot.position, foot):
        return None
    if product.mount is Mount.RUG and any(other.flat for other in others):
        return None
    seen = _seen(product, spot.position, yaw, taken)
    if seen is None:
        return None
    edge = 0.15 * straddles((*_fixtures(stage, place), *others), product, foot)
    apart = float(np.linalg.norm(spot.position[:2] - place.position[:2]))
    sizes = product.dimensions.width / 2 + taken[0][0].dimensions.width / 2
    return seen + edge + PER_METRE * max(0.0, apart - sizes - 0.3)


def _prop(stage: Furnished, placement: Placement) -> str:
    """The part on which a product stands, if any."""
    return next((anchor.on for anchor in stage.room.anchors if anchor.id == placement.anchor), "")


def _seen(product: Product, position: Doubles, yaw: float, taken: Sequence[Standing]) -> float | None:
    """The cost of what the picture loses: of the companion at its edge, behind others, and of others behind it."""
    camera = taken[0][1].camera
    size = product.dimensions.as_array()
    signs = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    corners = camera.project(carried(signs * size, position, yaw))
    if not np.isfinite(corners).all():
        return None
    low, high = corners.min(axis=0), corners.max(axis=0)
    frame = np.array([camera.width, camera.height])
    within = np.maximum(np.minimum(high, frame) - np.maximum(low, 0.0), 0.0)
    if product.mount is Mount.CEILING:
        within[1] = high[1] - low[1] if 0 < high[1] < frame[1] else 0.0
    cut = 1.0 - float(np.prod(within) / max(np.prod(high - low), 1e-9))
    if cut > (2 * CUT if product.mount is Mount.RUG else CUT):
        return None
    if product.mount is Mount.RUG:
        return cut
    eye = np.asarray(camera.position, float)
    hidden = hides = 0.0
    for other, there in taken:
        if other.mount is Mount.RUG:
            continue
        its = other.dimensions.as_array()
        ours, theirs = spread(position, yaw, size), spread(there.position, there.yaw_deg, its)
        hidden = max(hidden, float(crossed(eye, ours, there.position, there.yaw_deg, its).mean()))
        hides = max(hides, float(crossed(eye, theirs, position, yaw, size).mean()))
    if hidden > HIDDEN or hides > HIDES:
        return None
    return 2 * cut + hidden + hides


def _settled(seat: _Seat, product: Product, place: Placement) -> Placement:
    view, spot = seat.view, seat.spot
    warp = overlaid(view.pose, product, spot.position, seat.yaw_deg, place.camera)
    return replace(
        place,
        anchor=spot.name,
        position=spot.position,
        yaw_deg=seat.yaw_deg,
        warp=warp,
        reasons=(f"{spot.name.replace('-', ' ')}, where its photo's view is off by {seat.off_deg:.0f} degrees",),
        findings=(_mismatch(product, seat.off_deg), *_small(product, view, warp)),
        photo=view.photo,
    )


def _mismatch(product: Product, off: float) -> Finding:
    if is_flat(product):
        text = "It is flat, so its photo is laid exactly as the picture's camera sees it."
        return Finding("mismatch", Verdict.PASS, 0.0, WARN_DEG, text)
    verdict = Verdict.PASS if off <= WARN_DEG else Verdict.WARN if off <= FAIL_DEG else Verdict.FAIL
    text = f"Its photo shows it from a direction {off:.0f} degrees away from that in which this picture sees it."
    if verdict is not Verdict.PASS:
        text += " Another photo of it, taken from more like the first product's camera, would suit better."
    return Finding("mismatch", verdict, round(off, 2), WARN_DEG if verdict is not Verdict.FAIL else FAIL_DEG, text)


def _small(product: Product, view: Seen, warp: Doubles) -> tuple[Finding, ...]:
    if is_flat(product) or float(warp[0, 0]) <= UPSCALE_LIMIT:
        return ()
    own = Extent.of(view.cutout).width
    text = f"Its photo is shown {warp[0, 0]:.1f} times larger than its own {own:.0f} px: a larger one would be sharper."
    return (Finding("resolution", Verdict.WARN, round(float(warp[0, 0]), 3), UPSCALE_LIMIT, text),)
