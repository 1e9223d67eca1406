"""The product's single-view visual hull (Laurentini 1994): its silhouette carved into its box along the photo's rays.

One photo tells a silhouette, not a depth. The box bounds the depth, and what is known of furniture narrows it: kinds
of things are built of a few convex pieces (``forms``), a limb is about as deep as it is wide, a foot stands where its
ray meets the floor, and round goods are round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from imagegen.geometry import Material, Mesh
from imagegen.hull.boards import table
from imagegen.hull.colours import bounce_colour, projected
from imagegen.hull.convex import Convex, box_span, span, spread
from imagegen.hull.forms import UPHOLSTERED, form_of, is_round
from imagegen.hull.lattice import LIFT, Lattice, Span, turn_of
from imagegen.hull.limbs import clearance, narrowed
from imagegen.hull.skin import skin
from imagegen.hull.turned import on_legs, turned
from imagegen.types import Bools, Cutout, Mount, Placement, Pose, Product

__all__ = ["carve"]

RUG_HEIGHT = 0.01
SEAM = 1.5  # nodes by which neighbouring pieces overlap
BULGE = 0.025  # share of the silhouette's size by which cushions swell beyond their pieces


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """A part of the silhouette, (R, C), and the span of its rays that is solid."""

    part: Bools
    span: Span


def carve(cutout: Cutout, pose: Pose, placement: Placement, product: Product) -> Mesh:
    """The hull in the room's frame, in the photo's colours; from ``placement.camera`` it fills the silhouette.

    Several closed skins that may run through each other. Never below the product's own foot. A rug is a flat slab of
    its own outline.
    """
    lattice = Lattice.over(cutout, placement)
    vertices, faces, count = [], [], 0
    for sheet in _sheets(lattice, pose, product):
        points, triangles = skin(sheet.part, lattice.at(sheet.span[0]), lattice.at(sheet.span[1]))
        vertices.append(points)
        faces.append(triangles + count)
        count += len(points)
    body = np.concatenate(vertices)
    picture, uv = projected(cutout, lattice, body)
    body[:, 2] = np.maximum(body[:, 2], 0.0 if product.mount is Mount.RUG else LIFT)
    return Mesh(
        vertices=body @ turn_of(placement.yaw_deg).T + placement.position,
        faces=np.concatenate(faces),
        material=Material(colour=picture, roughness=1.0, specular=0.0, bounce=bounce_colour(cutout)),
        uv=uv,
        part="product",
    )


def _sheets(lattice: Lattice, pose: Pose, product: Product) -> list[_Sheet]:
    solid, size = lattice.solid, product.dimensions
    if product.mount is Mount.RUG:
        down = np.minimum(lattice.rays[..., 2], -1e-4)
        return [_Sheet(solid, ((RUG_HEIGHT - lattice.eye[2]) / down, (LIFT / 2 - lattice.eye[2]) / down))]
    box = box_span(lattice, size)
    if product.mount is Mount.WALL:
        return [_Sheet(solid, box)]
    round_goods = is_round(product, pose.kind)
    air = clearance(lattice, product, box)
    pieces = _pieces(lattice, product, air, round_goods=round_goods)
    if pieces:
        return _assembled(lattice, product, box, pieces, round_goods=round_goods)
    if round_goods:
        drum = turned(lattice, box)
        legs = on_legs(solid)
        return [_Sheet(solid, _chosen(legs, narrowed(lattice, product, legs, box, drum), drum))]
    body = box[0], np.minimum(box[1], np.maximum(lattice.down_to(air), box[0] + 0.02))
    return [_Sheet(solid, narrowed(lattice, product, solid, box, body))]


def _pieces(lattice: Lattice, product: Product, air: float, *, round_goods: bool) -> tuple[Convex, ...]:
    """The pieces of the product's kind; none for what fills its box."""
    form = form_of(product.category, product.name)
    if form is None or product.mount is Mount.CEILING:
        return ()
    if form is table:
        # A round one that stands on no legs is a drum or has a foot: turned as a whole.
        if round_goods and not on_legs(lattice.solid).any():
            return ()
        return table(lattice, product.dimensions, air, round_goods=round_goods)
    return form(lattice, product.dimensions, air)


def _assembled(
    lattice: Lattice, product: Product, box: Span, pieces: tuple[Convex, ...], *, round_goods: bool
) -> list[_Sheet]:
    """Each piece where rays meet it, swollen to its cushions; what none explains is limbs (or turned, if round)."""
    solid = lattice.solid
    met = [(hit & solid, found) for hit, found in (span(lattice, piece) for piece in pieces)]
    met = [(hit, found) for hit, found in met if hit.any()]
    covered = np.logical_or.reduce([hit for hit, _ in met]) if met else np.zeros_like(solid)
    upholstered = form_of(product.category, product.name) in UPHOLSTERED
    size = max(np.ptp(np.flatnonzero(solid.any(axis=axis))) for axis in (0, 1))
    bulge = max(SEAM, BULGE * size if upholstered else 0.0)
    sheets, explained = [], np.zeros_like(solid)
    for hit, found in met:
        away = ndimage.distance_transform_edt(~hit)
        part = solid & ((away <= SEAM) | (~covered & (away <= bulge)))
        sheets.append(_Sheet(part, spread(hit, found)))
        explained |= part
    rest = solid & ndimage.binary_dilation(solid & ~explained, np.ones((3, 3), bool))
    if rest.any():
        legs = on_legs(solid) if round_goods else solid
        body = turned(lattice, box) if round_goods else _nearest_body(met, box)
        sheets.append(_Sheet(rest, _chosen(legs, narrowed(lattice, product, rest, box, body), body)))
    return sheets


def _nearest_body(met: list[tuple[Bools, Span]], box: Span) -> Span:
    """Everywhere the span of the piece that is nearest in the picture; the box where there is no piece."""
    if not met:
        return box
    covered = np.logical_or.reduce([hit for hit, _ in met])
    near, far = np.full_like(box[0], np.inf), np.full_like(box[1], -np.inf)
    for hit, found in met:
        first = hit & (found[0] < near)
        near, far = np.where(first, found[0], near), np.where(first, found[1], far)
    return spread(covered, (near, far))


def _chosen(mask: Bools, inside: Span, outside: Span) -> Span:
    return np.where(mask, inside[0], outside[0]), np.where(mask, inside[1], outside[1])
