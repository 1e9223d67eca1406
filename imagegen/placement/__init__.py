"""Where the product stands in the room, and how its photo lies in the picture.

The photo's camera is carried into the room by the product's own rigid transform, and the photo is only scaled and
shifted; so product, floor and walls are seen by one camera, and the product keeps its true size.
"""

from __future__ import annotations

import numpy as np

from imagegen.placement.framing import THIRDS, Extent, carried, frame, warped
from imagegen.placement.rug import house_camera, laid
from imagegen.placement.sites import Site, explicit_site, find_sites
from imagegen.protocols import Settings
from imagegen.types import Camera, Cutout, Doubles, ExplicitPlacement, Finding, Mount, Placement, Pose, Product, Verdict
from styles.schema import Room

__all__ = ["place"]

UPSCALE_LIMIT = 1.6
LOWEST_EYE = 0.5
HIGHEST_EYE = 2.2


def place(
    pose: Pose, cutout: Cutout, product: Product, room: Room, settings: Settings, explicit: ExplicitPlacement | None
) -> Placement:
    """The product's place in ``room`` and the camera of the picture; ``settings.variant`` walks through alternatives.

    ``explicit`` overrides the anchors. Raises DoesNotFitError when the product fits nowhere.
    """
    site = explicit_site(explicit, product, room) if explicit else _nth_site(pose, product, room, settings.variant)
    if product.mount is Mount.RUG:
        camera, warp = _rug_view(pose, product, site, settings)
    else:
        camera, warp = _photo_view(pose, cutout, product, room, site, settings)
    return Placement(
        anchor=site.anchor,
        position=site.position,
        yaw_deg=site.yaw_deg,
        mirrored=site.mirrored,
        camera=camera,
        warp=warp,
        reasons=site.reasons,
        findings=_findings(product, camera, warp, cutout),
    )


def _nth_site(pose: Pose, product: Product, room: Room, variant: int) -> Site:
    """Variants alternate between the best site of each anchor and mirror, best first."""
    sites = find_sites(pose, product, room)
    return sites[variant % len(sites)]


def _photo_view(
    pose: Pose, cutout: Cutout, product: Product, room: Room, site: Site, settings: Settings
) -> tuple[Camera, Doubles]:
    extent = Extent.of(cutout)
    cut = _cut_row(pose, extent, room.height - float(site.position[2])) if product.mount is Mount.CEILING else None
    warp = frame(product, extent, settings.width, settings.height, settings.variant, cut)
    camera = warped(pose.camera, warp, settings.width, settings.height)
    return carried(camera, site.position, site.yaw_deg), warp


def _cut_row(pose: Pose, extent: Extent, ceiling: float) -> float | None:
    """The photo's row that must leave the picture; None when the outline ends at the ceiling, ``ceiling`` metres up."""
    row = float(pose.camera.project(np.array([[0.0, 0.0, ceiling]]))[0, 1])
    touches = abs(row - extent.top) < 0.04 * pose.camera.focal / pose.distance_m
    return None if touches else max(row, extent.top)


def _rug_view(pose: Pose, product: Product, site: Site, settings: Settings) -> tuple[Camera, Doubles]:
    sign = -1.0 if (site.mirrored + settings.variant) % 2 else 1.0
    across = THIRDS[settings.variant % len(THIRDS)]
    size, width, height = product.dimensions, settings.width, settings.height
    camera = house_camera(size, site.position, site.yaw_deg, sign, width, height, across)
    return camera, laid(pose, size, site.position, site.yaw_deg, camera)


def _findings(product: Product, camera: Camera, warp: Doubles, cutout: Cutout) -> tuple[Finding, ...]:
    found = []
    eye = float(camera.position[2])
    if product.mount is Mount.FLOOR and not LOWEST_EYE <= eye <= HIGHEST_EYE:
        limit = LOWEST_EYE if eye < LOWEST_EYE else HIGHEST_EYE
        text = (
            f"The photo was taken from {eye:.1f} m above the floor by our reckoning; rooms look natural between "
            f"{LOWEST_EYE} and {HIGHEST_EYE} m. The camera's elevation in the catalog would help."
        )
        found.append(Finding("camera-height", Verdict.WARN, round(eye, 3), limit, text))
    scale = float(warp[0, 0]) if product.mount is not Mount.RUG else 1.0
    if scale > UPSCALE_LIMIT:
        own = cutout.alpha.shape[1]
        text = f"The photo is shown {scale:.1f} times larger than its own {own} px: a larger photo would be sharper."
        found.append(Finding("resolution", Verdict.WARN, round(scale, 3), UPSCALE_LIMIT, text))
    return tuple(found)
