"""What is told of a place that was chosen: a camera too high or too low, a horizon out of sight, a small photo."""

from __future__ import annotations

from collections.abc import Iterator

from imagegen.placement.framing import horizon
from imagegen.placement.ground import footprint, pierced
from imagegen.placement.sites import Site
from imagegen.types import Camera, Doubles, Finding, Mount, Product, Seen, Verdict

UPSCALE_LIMIT = 1.6
LOWEST_EYE = 0.5
HIGHEST_EYE = 2.2
GRAZES = 0.03
"""Metres by which goods may go into what stays before it is seen in the picture."""


def doubts(product: Product, view: Seen, site: Site, camera: Camera, warp: Doubles) -> tuple[Finding, ...]:
    """One finding for each thing that is not as it should be; none for a place that is."""
    return (
        *_eye(product, camera),
        *_horizon(camera),
        *_resolution(product, view, warp),
        *_clearance(product, view, site),
    )


def _eye(product: Product, camera: Camera) -> Iterator[Finding]:
    eye = float(camera.position[2])
    if product.mount is Mount.FLOOR and not LOWEST_EYE <= eye <= HIGHEST_EYE:
        limit = LOWEST_EYE if eye < LOWEST_EYE else HIGHEST_EYE
        text = (
            f"The photo was taken from {eye:.1f} m above the floor by our reckoning; rooms look natural between "
            f"{LOWEST_EYE} and {HIGHEST_EYE} m. The camera's elevation in the catalog would help."
        )
        yield Finding("camera-height", Verdict.WARN, round(eye, 3), limit, text)


def _horizon(camera: Camera) -> Iterator[Finding]:
    row = horizon(camera) / camera.height
    if not 0.0 <= row <= 1.0:
        where = "above" if row < 0 else "below"
        text = (
            f"The photo looks {'down' if row < 0 else 'up'} so steeply that the horizon lies {where} the picture: "
            "little of the room is seen. A photo taken more level would show more."
        )
        score, limit = round(max(min(row, 99.0), -99.0), 3), 0.0 if row < 0 else 1.0
        yield Finding("horizon", Verdict.WARN, score, limit, text)


def _resolution(product: Product, view: Seen, warp: Doubles) -> Iterator[Finding]:
    scale = float(warp[0, 0]) if product.mount is not Mount.RUG else 1.0
    if scale > UPSCALE_LIMIT:
        own = view.cutout.alpha.shape[1]
        text = f"The photo is shown {scale:.1f} times larger than its own {own} px: a larger photo would be sharper."
        yield Finding("resolution", Verdict.WARN, round(scale, 3), UPSCALE_LIMIT, text)


def _clearance(product: Product, view: Seen, site: Site) -> Iterator[Finding]:
    """Only a caller's own place can go through anything."""
    foot = footprint(product, site.position, site.yaw_deg, round_goods=view.pose.kind == "round")
    through = pierced(site.fixtures, product, site.position, foot)
    if through:
        part, depth = max(through.items(), key=lambda each: each[1])
        verdict = Verdict.WARN if depth <= GRAZES else Verdict.FAIL
        names = ", ".join(repr(name) for name in through)
        text = f"At this place it goes {100 * depth:.0f} cm into {part!r}, which does not step aside ({names})."
        yield Finding("clearance", verdict, round(depth, 3), GRAZES, text)
