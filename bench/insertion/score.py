"""Every measure of one method on one pair, by name. Units stand with the names; nan where a measure says nothing."""

from __future__ import annotations

import numpy as np

from bench.cameras import seen_from
from bench.goods import Good, contacts, symmetry
from bench.insertion import geometry, measures
from bench.insertion.runs import Shown
from bench.insertion.truth import Truth
from demo.studio import coverage
from imagegen.types import Bools, Camera, Floats

NAN = float("nan")
FINE = 3  # squared: rays a pixel when a model is seen through a solved camera

COLUMNS = {
    "iou": "silhouette in the picture against truth's, IoU 0..1",
    "reprojection": "the true model through the solved camera against the product's pixels, IoU 0..1",
    "given": "the same with the true camera facts told, IoU 0..1",
    "contact_cm": "median distance of the contacts from where they truly are, cm",
    "scale": "a metre at the product's middle is that much too large, share",
    "direction_deg": "angle between the solved and the true line of sight, degrees",
    "yaw_deg": "error of yaw, degrees",
    "elevation_deg": "error of elevation, degrees",
    "shadow": "RMSE of the kept light in truth's shadow, share of light (the target's)",
    "shadow_plain": "RMSE of the pictures in truth's shadow, sRGB 0..1",
    "ber": "balanced error rate of the shadow mask, 0..1",
    "de00": "median CIEDE2000 on the product against the truth-lit product",
    "ssim": "SSIM of the whole picture, 1 is equal",
    "flip": "FLIP of the whole picture, 0 is equal",
}
"""The measures in the order of the report, and what each is."""


def pictures(truth: Truth, shown: Shown, known: Bools) -> dict[str, float]:
    """What can be told of any method from its pictures, in truth's frame; ``known``: the pixels that it has."""
    room = measures.room_pixels(truth.mask, shown.alpha) & known
    true = measures.kept_light(truth.picture, truth.without)
    kept = measures.kept_light(shown.picture, shown.without)
    return {
        "iou": measures.silhouette_iou(shown.alpha, truth.mask),
        "shadow": measures.shadow_rmse(kept, true, room),
        "shadow_plain": measures.shadow_rmse_plain(shown.picture, truth.picture, true, room),
        "ber": measures.balanced_error(kept, true, room),
        "de00": measures.product_difference(shown.picture, truth.picture, shown.alpha, truth.mask),
        "ssim": measures.structural_similarity(shown.picture, truth.picture, known),
        "flip": measures.flip(shown.picture, truth.picture, known)[0],
    }


def cameras(truth: Truth, shown: Shown) -> dict[str, float]:
    """What can be told of a method that solves the photo's camera."""
    if shown.camera is None or shown.warp is None or shown.posed is None:
        return {}
    good, place = truth.pair.good, truth.place
    points = contacts(good, truth.meshes)
    plane = geometry.plane_of(good, place.position, place.yaw_deg)
    contact = NAN
    if plane is not None and len(points):
        pixels = geometry.mapped(shown.warp, truth.seen.project(points))
        spots = points @ turn_of(place.yaw_deg).T + place.position
        contact = float(np.median(geometry.contact_errors(pixels, spots, shown.camera, plane)))
    through = coverage(truth.standing, shown.camera, FINE)
    return angles(good, truth.seen, shown.posed) | {
        "reprojection": measures.silhouette_iou(through, shown.alpha),
        "contact_cm": contact,
    }


def angles(good: Good, seen: Camera, posed: Camera) -> dict[str, float]:
    """Errors of a camera of the photo, ``posed``, against the true one: degrees, and the share that scale is off."""
    middle, turns = geometry.middle_of(good), 0 if good.shape == "round" else symmetry(good)
    yaw, elevation, _ = seen_from(posed, good)
    true_yaw, true_elevation, _ = seen_from(seen, good)
    apart = geometry.yaw_error(yaw, true_yaw, turns)
    alike = geometry.turned(posed, _nearest_turn(yaw, true_yaw, turns))
    return {
        "scale": abs(geometry.scale_error(posed, seen, middle)),
        "direction_deg": geometry.direction_error(alike, seen, middle),
        "yaw_deg": apart,
        "elevation_deg": abs(elevation - true_elevation),
    }


def _nearest_turn(yaw: float, true: float, turns: int) -> float:
    """Degrees by which a camera may walk round the product and see the same, to come nearest to the true one."""
    if turns == 0:
        return true - yaw
    fold = 360.0 / turns
    return round((true - yaw) / fold) * fold


def turn_of(yaw_deg: float) -> np.ndarray:
    """The rotation (3, 3) about Z."""
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])


def seen_through(truth: Truth, posed: Camera, alpha: Floats) -> float:
    """IoU, in the photo's own pixels, of the true model through a camera of the photo and the cutout."""
    return measures.silhouette_iou(coverage(truth.meshes, posed, FINE), alpha)
