"""What is said of a product in a customer's photo: how sure its camera is, size, feet, view, frame, what is guessed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from imagegen.colour import KEPT
from imagegen.own_room.calibrate import AGREES, Calibration, Mark
from imagegen.own_room.light import RoomLight
from imagegen.placement.doubts import HIGHEST_EYE, LOWEST_EYE, UPSCALE_LIMIT
from imagegen.placement.joining import FAIL_DEG, WARN_DEG
from imagegen.placement.matching import is_flat, mismatch
from imagegen.previews.compose import Preview
from imagegen.previews.making import Shot
from imagegen.previews.sprite import Sprite
from imagegen.previews.standing import Standing, footprint, turn
from imagegen.types import Doubles, Finding, Mount, Verdict

UNSURE = 0.1
"""Standard deviation of the lens or of the camera's height, as a share of it, from which on it is worth a warning."""
TILTED_DEG = 8.0
OFF_SCALE, OFF_FEET = 0.05, 0.03
"""As in scenes: shares of the product's size and of its height."""
BEYOND = 1.0, 3.0
"""How far from the points the product may stand, in the points' own reach, before it is warned of, and failed."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A product in a photo, as it came out. ``standing``: as asked; ``drawn``: as shown; ``front``: who told it."""

    calibration: Calibration
    marks: tuple[Mark, ...]
    shot: Shot
    sprite: Sprite
    standing: Standing
    drawn: Standing
    shown: Preview
    light: RoomLight
    light_told: bool
    front: str


def judge(laid: Laid) -> tuple[Finding, ...]:
    """One finding each; what could not be judged says so."""
    return (_camera(laid), _floor(laid), _in_frame(laid), _scale(laid), _contact(laid), *_view(laid), *_guessed(laid))


def _camera(laid: Laid) -> Finding:
    found, longer = laid.calibration, max(laid.calibration.camera.width, laid.calibration.camera.height)
    miss = float(found.residual_px.max())
    text = (
        f"The photo's camera: a lens of {found.focal_mm:.0f} mm (±{found.focal_sigma_mm:.1f}), {found.height_m:.2f} m "
        f"above the floor (±{found.height_sigma_m:.2f}), looking down by {found.pitch_deg:.0f} degrees; the points lie "
        f"within {miss:.1f} pixels of where it sees them."
    )
    doubts = []
    if found.focal_sigma_mm > UNSURE * found.focal_mm or found.height_sigma_m > UNSURE * found.height_m:
        doubts.append("The points hardly tell it: mark them further apart, or more of them")
    if not LOWEST_EYE <= found.height_m <= HIGHEST_EYE:
        doubts.append("Few hold a camera that high or low: are the metres right")
    if abs(found.roll_deg) > TILTED_DEG:
        doubts.append(
            f"It would be tilted by {found.roll_deg:.0f} degrees: are the points on one floor, in their order"
        )
    verdict = Verdict.WARN if doubts else Verdict.PASS
    return Finding("camera", verdict, round(miss / longer, 5), AGREES, " ".join([text, *(f"{d}?" for d in doubts)]))


def _floor(laid: Laid) -> Finding:
    """How far the place lies beyond the points that told the floor."""
    places = np.array([mark.place for mark in laid.marks])
    reach = float(np.linalg.norm(np.ptp(places, axis=0))) / 2
    away = max(float(np.linalg.norm(laid.standing.position[:2] - places.mean(axis=0))) / reach - 1, 0.0)
    verdict = Verdict.PASS if away <= BEYOND[0] else Verdict.WARN if away <= BEYOND[1] else Verdict.FAIL
    text = "It stands among the points of the floor." if away == 0 else "It stands near the points of the floor."
    if verdict is not Verdict.PASS:
        text = f"It stands {away * reach:.1f} m beyond the points: what is wrong with them grows with that distance."
    return Finding("floor", verdict, round(away, 3), BEYOND[verdict is Verdict.FAIL], text)


def _in_frame(laid: Laid) -> Finding:
    """How much of the product's foot and of its box lies in the picture."""
    camera, size = laid.calibration.camera, laid.shot.product.dimensions
    foot = footprint(size, laid.drawn)
    box = camera.project(np.concatenate([foot, foot + np.array([0.0, 0.0, size.height])]))
    low, high = box.min(axis=0), box.max(axis=0)
    frame = np.array([camera.width, camera.height])
    within = np.maximum(np.minimum(high, frame) - np.maximum(low, 0), 0)
    seen = float(np.prod(within / np.maximum(high - low, 1e-9))) if np.isfinite(box).all() else 0.0
    feet = box[:4]
    out = int((~((feet >= 0) & (feet <= frame)).all(axis=1)).sum())
    if out == 0 and seen > 0.999:
        return Finding("in_frame", Verdict.PASS, 1.0, 1.0, "All of it is in the picture.")
    verdict = Verdict.FAIL if out == 4 or seen < 0.5 else Verdict.WARN
    text = f"The picture's edge cuts it: {seen:.0%} of it is shown, {4 - out} of the 4 corners of its foot."
    return Finding("in_frame", verdict, round(seen, 3), 1.0, text)


def _scale(laid: Laid) -> Finding:
    want, box, camera = _outline(laid), laid.shown.box, laid.calibration.camera
    if box is None or _cut(box, camera.width, camera.height):
        text = "It is as large as its centimetres by construction; cut off as it is that cannot be checked."
        return Finding("scale", Verdict.WARN, 0.0, OFF_SCALE, text)
    low, high = want.min(axis=0), want.max(axis=0)
    wide, tall = (np.array(box[2:]) - np.array(box[:2])) / (high - low)
    ratio = math.sqrt(float(wide * tall))
    verdict = Verdict.PASS if abs(ratio - 1) <= OFF_SCALE else Verdict.FAIL
    text = f"Shown at {ratio:.1%} of the size that its centimetres give at this place ({tall:.1%} as high)."
    return Finding("scale", verdict, round(abs(ratio - 1), 4), OFF_SCALE, text)


def _contact(laid: Laid) -> Finding:
    """How far the product's lowest pixels lie from where it stands on the floor, as a share of its height."""
    if is_flat(laid.shot.product):
        return Finding("contact", Verdict.PASS, 0.0, OFF_FEET, "It lies flat on what carries it.")
    want = _outline(laid)
    tall = float(np.ptp(want[:, 1]))
    bottom, low = laid.shown.box[3] if laid.shown.box else math.inf, float(want[:, 1].max())
    if low >= laid.calibration.camera.height:
        text = "Its feet are beyond the picture's lower edge."
        return Finding("contact", Verdict.WARN, 0.0, OFF_FEET, text)
    gap = abs(bottom - low)
    score = min(gap / max(tall, 1e-6), 1.0)
    verdict = Verdict.PASS if score <= OFF_FEET else Verdict.WARN if score <= 2 * OFF_FEET else Verdict.FAIL
    where = "on the floor" if laid.drawn.position[2] == 0 else f"{laid.drawn.position[2]:.2f} m above the floor"
    text = f"Its lowest pixel is {gap:.1f} pixels from where it stands {where}."
    return Finding("contact", verdict, round(score, 4), OFF_FEET, text)


def _view(laid: Laid) -> tuple[Finding, ...]:
    """How far the photo's view is from the room's, and how much of the asked turn was not drawn."""
    product, pose, camera = laid.shot.product, laid.shot.pose, laid.calibration.camera
    if is_flat(product):
        text = "It is flat, so it is laid exactly as the room's camera sees it."
        return (Finding("mismatch", Verdict.PASS, 0.0, WARN_DEG, text),)
    middle = laid.standing.position + np.array([0.0, 0.0, product.dimensions.height / 2])
    way = camera.position - middle
    above = math.degrees(math.atan2(way[2], math.hypot(*way[:2]))) - pose.elevation_deg
    yaw = laid.drawn.yaw_deg if laid.sprite.kind == "round" else laid.standing.yaw_deg
    off = mismatch(pose, product, laid.standing.position, yaw, camera)
    verdict = Verdict.PASS if off <= WARN_DEG else Verdict.WARN if off <= FAIL_DEG else Verdict.FAIL
    higher = f"{abs(above):.0f} degrees {'higher' if above > 0 else 'lower'}"
    text = f"The room's camera sees it from {off:.0f} degrees beside its photo's view, and from {higher}."
    left = abs(laid.shown.turned_off_deg)
    if left >= 1:
        text += f" One photo shows one side: it is drawn turned by {left:.0f} degrees less than was asked."
    if verdict is not Verdict.PASS:
        text += " A photo of it from more like there would suit better; another turn may."
    limit = FAIL_DEG if verdict is Verdict.FAIL else WARN_DEG
    return (Finding("mismatch", verdict, round(off, 2), limit, text), *_sharp(laid))


def _sharp(laid: Laid) -> tuple[Finding, ...]:
    own, camera = laid.shot.pose, laid.calibration.camera
    there = float((laid.standing.position - camera.position) @ camera.rotation[2])
    ratio = (camera.focal / max(there, 0.1)) / (own.camera.focal / own.distance_m)
    if ratio <= UPSCALE_LIMIT:
        return ()
    text = f"Its photo is shown {ratio:.1f} times larger than it is: a larger one would be sharper."
    return (Finding("resolution", Verdict.WARN, round(ratio, 3), UPSCALE_LIMIT, text),)


def _guessed(laid: Laid) -> tuple[Finding, ...]:
    """What is approximate or not known: the light, and what stands in front."""
    light = laid.light
    verdict = Verdict.PASS if light.shift <= KEPT else Verdict.FAIL
    told = "was told" if laid.light_told else "is a guess (--light AZIMUTH,ELEVATION tells it)"
    text = (
        f"From where the light comes {told}; its brightness and tint are estimated from the photo, its shadow is "
        f"soft and falls on the floor alone. The tint changes the product's colours by {light.shift:.1f} (CIEDE2000)."
    )
    hidden = f" {laid.shown.hidden:.0%} of the product is behind it." if laid.shown.hidden > 0.005 else ""
    fronts = {
        "mask": f"What stands before it was drawn in a mask.{hidden}",
        "depth": f"What stands before it was read in the photo, good to a hand's breadth.{hidden}",
        "nothing": "Nothing is known to stand before it, so nothing does: a mask (--front) tells what should.",
    }
    return (
        Finding("light", verdict, round(light.shift, 3), KEPT, text),
        Finding("front", Verdict.PASS, laid.shown.hidden, 1.0, fronts[laid.front]),
    )


def _outline(laid: Laid) -> Doubles:
    """Pixels (N, 2) of the body that the pose was solved with, or of the product's box, as it is drawn."""
    pose, size = laid.shot.pose, laid.shot.product.dimensions
    half = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (0.0, 1.0)])
    points = half * size.as_array() if pose.body is None or laid.shot.product.mount is Mount.RUG else pose.body
    if pose.kind == "frontal" and pose.body is not None:
        points = points[points[:, 1] < 0]
    return laid.calibration.camera.project(_carried(points, laid))


def _carried(points: Doubles, laid: Laid) -> Doubles:
    return np.asarray(points @ turn(laid.drawn.yaw_deg).T + laid.drawn.position)


def _cut(box: tuple[int, int, int, int], width: int, height: int) -> bool:
    return box[0] <= 0 or box[1] <= 0 or box[2] >= width or box[3] >= height
