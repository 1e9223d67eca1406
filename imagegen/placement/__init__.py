"""Where the product stands in a room, and how its photo lies in the picture.

The photo's camera is carried into the room by the product's own rigid transform, and the photo is only scaled and
shifted; so product, floor and walls are seen by one camera, and the product keeps its true size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imagegen.errors import DoesNotFitError
from imagegen.furnished import Furnished
from imagegen.placement.doubts import doubts
from imagegen.placement.framing import OFFSETS, Extent, Shot, carried, frame, warped
from imagegen.placement.joining import join
from imagegen.placement.judging import judge
from imagegen.placement.rug import house_camera, laid
from imagegen.placement.sites import Site, explicit_site, find_sites
from imagegen.placement.views import suits
from imagegen.protocols import Settings
from imagegen.types import Camera, Doubles, ExplicitPlacement, Mount, Placement, Pose, Product, Seen
from styles.schema import Room

__all__ = ["join", "place"]


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """A photo at a place: ``cost``, less is better, and why."""

    view: Seen
    extent: Extent
    site: Site
    cost: float
    reasons: tuple[str, ...]


def place(
    views: Sequence[Seen],
    product: Product,
    stages: Sequence[Furnished],
    settings: Settings,
    explicit: ExplicitPlacement | None,
) -> Placement:
    """The product's place in one of the rooms (``stages``, the usual one first), and the camera of the picture.

    Every view at every anchor of every room and of its mirror image is judged; the best is taken and
    ``settings.variant`` walks on from there, through compositions too. ``explicit`` overrides the anchors, in the
    first room. Raises DoesNotFitError when the product fits nowhere.
    """
    options = [(view, Extent.of(view.cutout)) for view in views]
    sites = _explicit(explicit, product, stages[0], options) if explicit else _everywhere(product, stages, options)
    choices = sorted((_weighed(*each, product, settings) for each in sites), key=lambda choice: choice.cost)
    best = choices[settings.variant % len(choices)]
    camera, warp = _framed(best.view.pose, best.extent, best.site, product, settings, settings.variant)
    return Placement(
        anchor=best.site.name,
        position=best.site.position,
        yaw_deg=best.site.yaw_deg,
        mirrored=best.site.mirrored,
        camera=camera,
        warp=warp,
        reasons=best.reasons,
        findings=doubts(product, best.view, best.site, camera, warp),
        room=best.site.stage.room.slug,
        photo=best.view.photo,
    )


_Option = tuple[Seen, Extent]


def _explicit(
    wanted: ExplicitPlacement, product: Product, stage: Furnished, options: Sequence[_Option]
) -> list[tuple[Seen, Extent, Site]]:
    site = explicit_site(wanted, product, stage)
    return [(*option, site) for option in options]


def _everywhere(
    product: Product, stages: Sequence[Furnished], options: Sequence[_Option]
) -> list[tuple[Seen, Extent, Site]]:
    """All places of all rooms, for each view; rooms where the product does not fit are passed over."""
    found: list[tuple[Seen, Extent, Site]] = []
    refusals: dict[str, DoesNotFitError] = {}
    for stage in stages:
        for view, extent in options:
            try:
                found += [(view, extent, site) for site in find_sites(view.pose, product, stage)]
            except DoesNotFitError as refusal:
                refusals[stage.room.name] = refusal
    if found:
        return found
    first, *others = refusals.values()
    if others:
        names = ", ".join(list(refusals)[1:])
        first.hint = f"{first.hint} The style's other rooms ({names}) do not suit it either."
    raise first


def _weighed(view: Seen, extent: Extent, site: Site, product: Product, settings: Settings) -> _Choice:
    """How well that photo of the product suits that place."""
    camera, warp = _framed(view.pose, extent, site, product, settings, 0)
    cost, reasons = judge(view.pose, product, site, camera)
    dearer, words = suits(view, site, float(warp[0, 0]), product)
    return _Choice(view, extent, site, cost + dearer, reasons + words)


def _framed(
    pose: Pose, extent: Extent, site: Site, product: Product, settings: Settings, variant: int
) -> tuple[Camera, Doubles]:
    """The picture's camera in the room, and the homography from the photo to the picture."""
    if product.mount is Mount.RUG:
        return _rug_view(pose, product, site, settings, variant)
    room: Room = site.stage.room
    cut = _cut_row(pose, extent, room.height - float(site.position[2])) if product.mount is Mount.CEILING else None
    warp = frame(Shot(product, pose, extent, cut), settings.width, settings.height, variant)
    camera = warped(pose.camera, warp, settings.width, settings.height)
    return carried(camera, site.position, site.yaw_deg), warp


def _cut_row(pose: Pose, extent: Extent, ceiling: float) -> float | None:
    """The photo's row that must leave the picture; None when the outline ends at the ceiling, ``ceiling`` metres up."""
    row = float(pose.camera.project(np.array([[0.0, 0.0, ceiling]]))[0, 1])
    touches = abs(row - extent.top) < 0.04 * pose.camera.focal / pose.distance_m
    return None if touches else max(row, extent.top)


def _rug_view(pose: Pose, product: Product, site: Site, settings: Settings, variant: int) -> tuple[Camera, Doubles]:
    sign = -1.0 if (site.mirrored + variant) % 2 else 1.0
    across = 0.5 + OFFSETS[variant % len(OFFSETS)]
    size, width, height = product.dimensions, settings.width, settings.height
    camera = house_camera(size, site.position, site.yaw_deg, sign, width, height, across)
    return camera, laid(pose, size, site.position, site.yaw_deg, camera)
