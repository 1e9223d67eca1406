"""The camera of a photo of a room, from four points of its floor or more whose places are known in metres.

A plane and its picture are joined by a homography; with square pixels and the lens's axis in the picture's middle it
holds the focal length and the pose of the camera (Zhang 2000, "A Flexible New Technique for Camera Calibration", with
one view). The first estimate is then fitted to the clicked pixels (Levenberg and Marquardt), which also tells how
sure it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imagegen.errors import BadRequestError
from imagegen.types import Camera, Doubles

FILM = 36.0
"""Millimetres of width of 35 mm film."""
CLICK_PX = 1.5  # how far a careful click is from the point it means, for a picture of a thousand pixels
LENSES = (10.0, 250.0)  # millimetres on 35 mm film that photos of rooms are taken with
UNSURE = 0.25
"""Share of the focal length beyond which its standard deviation says that the points do not tell it."""
AGREES = 0.015
"""Share of the picture's longer side by which points may miss their pixels, before distances or clicks are wrong."""

_SPREAD = "Mark four points that lie far apart, such as the corners of a rug or of tiles, from a low view."


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A point of the floor. ``place``: (x, y) metres, seen from above; ``pixel``: (u, v) in the photo."""

    place: tuple[float, float]
    pixel: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """The camera of a photo over its floor, and how well it explains what was marked.

    ``camera``: in the marks' frame, in which the floor is z = 0 and z points up. ``focal_mm``: on 35 mm film, with its
    standard deviation ``focal_sigma_mm``. ``pitch_deg``: how far it looks down; ``roll_deg``: its turn about its own
    axis, positive when its right side is the higher one; ``height_m``: over the floor, with ``height_sigma_m``.
    ``residual_px`` (N,): how far each mark's point lies from its pixel.
    """

    camera: Camera
    focal_mm: float
    focal_sigma_mm: float
    pitch_deg: float
    roll_deg: float
    height_m: float
    height_sigma_m: float
    residual_px: Doubles


def calibrated(marks: Sequence[Mark], size: tuple[int, int]) -> Calibration:
    """The camera that saw the marks in a photo of (width, height) pixels, uncropped: its axis meets the middle.

    Raises BadRequestError when the marks do not tell it: fewer than four, three of four in a line, too close together
    for the lens to be told, seen from straight above, mirrored, or in contradiction to their distances.
    """
    places, pixels = _checked(marks, size)
    first = _from_homography(places, pixels, size)
    camera, sigma_focal, sigma_height = _fitted(first, places, pixels, size)
    residual = np.linalg.norm(camera.project(np.column_stack([places, np.zeros(len(places))])) - pixels, axis=1)
    _believed(camera, sigma_focal, residual)
    right, down, forward = camera.rotation
    to_mm = FILM / max(size)
    return Calibration(
        camera,
        camera.focal * to_mm,
        sigma_focal * to_mm,
        float(np.degrees(np.arcsin(-forward[2]))),
        float(np.degrees(np.arctan2(right[2], -down[2]))),
        float(camera.position[2]),
        sigma_height,
        residual,
    )


def rectangle(width: float, depth: float, pixels: Sequence[tuple[float, float]]) -> tuple[Mark, ...]:
    """Marks of a rectangle on the floor of that width and depth, metres, such as a rug or a number of tiles.

    ``pixels``: its corners in the photo, near left, near right, far right, far left. The origin lies in its middle and
    the photo looks towards +y. Raises BadRequestError unless there are four.
    """
    if len(pixels) != 4:
        raise BadRequestError("A rectangle has four corners.", hint="Near left, near right, far right, far left.")
    x, y = width / 2, depth / 2
    places = ((-x, -y), (x, -y), (x, y), (-x, y))
    return tuple(Mark(place, pixel) for place, pixel in zip(places, pixels, strict=True))


def _checked(marks: Sequence[Mark], size: tuple[int, int]) -> tuple[Doubles, Doubles]:
    """Places (N, 2) and pixels (N, 2) that can be calibrated with."""
    if len(marks) < 4:
        raise BadRequestError(f"Four points of the floor are needed, not {len(marks)}.", hint=_SPREAD)
    places, pixels = np.array([mark.place for mark in marks], float), np.array([mark.pixel for mark in marks], float)
    if not (np.isfinite(places).all() and np.isfinite(pixels).all()):
        raise BadRequestError("A point of the floor is not a number.", hint="Give metres and pixels.")
    if (pixels < -0.05 * np.array(size)).any() or (pixels > 1.05 * np.array(size)).any():
        raise BadRequestError("A point lies outside of the photo.", hint=f"It has {size[0]} x {size[1]} pixels.")
    for name, points in (("on the floor", places), ("in the photo", pixels)):
        if not _spans(points):
            raise BadRequestError(f"Three of the four points lie in a line {name}.", hint=_SPREAD)
    return places, pixels


def _spans(points: Doubles) -> bool:
    """Whether four of the points (N, 2) are the corners of something: no three of them in a line, or nearly so."""
    reach = float(np.linalg.norm(np.ptp(points, axis=0)))
    if reach <= 0:
        return False
    numbers = range(len(points))
    for four in ((a, b, c, d) for a in numbers for b in range(a) for c in range(b) for d in range(c)):
        corners = points[list(four)]
        areas = [_area(np.delete(corners, k, axis=0)) for k in range(4)]
        if min(areas) > 2e-3 * reach * reach:
            return True
    return False


def _area(triangle: Doubles) -> float:
    (ax, ay), (bx, by) = triangle[1] - triangle[0], triangle[2] - triangle[0]
    return abs(float(ax * by - ay * bx)) / 2


def _homography(places: Doubles, pixels: Doubles) -> Doubles:
    """(3, 3) that takes places to pixels, up to scale: linear, on normalised points (Hartley 1997)."""
    to_places, to_pixels = _normaliser(places), _normaliser(pixels)
    rows = []
    for (x, y), (u, v) in zip(_moved(places, to_places), _moved(pixels, to_pixels), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, -u], [0, 0, 0, x, y, 1, -v * x, -v * y, -v]]
    small = np.linalg.svd(np.array(rows))[2][-1].reshape(3, 3)
    return np.asarray(np.linalg.inv(to_pixels) @ small @ to_places, float)


def _normaliser(points: Doubles) -> Doubles:
    middle = points.mean(axis=0)
    scale = np.sqrt(2) / max(float(np.linalg.norm(points - middle, axis=1).mean()), 1e-12)
    return np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])


def _moved(points: Doubles, matrix: Doubles) -> Doubles:
    return points @ matrix[:2, :2].T + matrix[:2, 2]


def _from_homography(places: Doubles, pixels: Doubles, size: tuple[int, int]) -> Camera:
    """The camera by algebra. Raises BadRequestError."""
    width, height = size
    unit = float(max(size))  # so that focal length and everything else are near one
    h = _homography(places, (pixels - np.array([width, height]) / 2) / unit)
    h /= np.linalg.norm(h)
    focal = _focal(h)
    columns = h / np.array([[focal], [focal], [1.0]])
    scale = 2 / (np.linalg.norm(columns[:, 0]) + np.linalg.norm(columns[:, 1]))
    columns *= scale if columns[2] @ np.array([*places.mean(axis=0), 1.0]) > 0 else -scale
    first, second, shift = columns.T
    u, _, v = np.linalg.svd(np.column_stack([first, second, np.cross(first, second)]))
    rotation = u @ np.diag([1, 1, np.linalg.det(u @ v)]) @ v
    position = -rotation.T @ shift
    if position[2] <= 0:
        raise BadRequestError(
            "The points are mirrored: seen so, the camera would be under the floor.",
            hint="x grows to the right and y away from the viewer, as seen from above.",
        )
    return Camera(focal * unit, width / 2, height / 2, rotation, position, width, height)


def _focal(h: Doubles) -> float:
    """Focal length in the homography's own unit: two columns that are turned and equally long in space."""
    (a, b), (c, d), (e, f) = h[0, :2], h[1, :2], h[2, :2]
    flat, deep = np.array([a * b + c * d, a * a + c * c - b * b - d * d]), np.array([e * f, e * e - f * f])
    if np.linalg.norm(deep) < 1e-9 or flat @ flat < 1e-18:
        raise BadRequestError(
            "The floor is seen from straight above: that does not tell the lens.", hint="Photograph it from eye level."
        )
    inverse = -float(flat @ deep) / float(flat @ flat)
    if inverse <= 0:
        raise BadRequestError("No lens sees the points like that.", hint=f"Are their distances right? {_SPREAD}")
    return float(1 / np.sqrt(inverse))


def _fitted(first: Camera, places: Doubles, pixels: Doubles, size: tuple[int, int]) -> tuple[Camera, float, float]:
    """The camera whose points are nearest to the pixels; standard deviations of its focal length and its height."""
    from scipy.optimize import least_squares  # noqa: PLC0415 - heavy, and only where a photo is calibrated
    from scipy.spatial.transform import Rotation  # noqa: PLC0415 - as above

    points = np.column_stack([places, np.zeros(len(places))])

    def camera(values: Doubles) -> Camera:
        turned = Rotation.from_rotvec(values[:3]).as_matrix() @ first.rotation
        width, height = size
        position = first.position + values[3:6]
        return Camera(float(first.focal * np.exp(values[6])), width / 2, height / 2, turned, position, width, height)

    def missed(values: Doubles) -> Doubles:
        seen = camera(values).project(points)
        return np.where(np.isfinite(seen), seen - pixels, 1e4).ravel()

    found = least_squares(missed, np.zeros(7), x_scale="jac")
    made = camera(found.x)
    click = max(CLICK_PX * max(size) / 1000, float(np.sqrt(2 * found.cost / max(len(pixels) * 2 - 7, 1))))
    slopes = np.asarray(found.jac, float)
    spread = np.sqrt(np.diag(np.linalg.pinv(slopes.T @ slopes))) * click
    return made, float(spread[6] * made.focal), float(spread[5])


def _believed(camera: Camera, sigma_focal: float, residual: Doubles) -> None:
    """Refuses a camera that the marks contradict or hardly tell."""
    longer = max(camera.width, camera.height)
    if residual.max() > AGREES * longer:
        raise BadRequestError(
            f"The points contradict their distances: one lies {residual.max():.0f} pixels from where it should be.",
            hint="Measure again, or mark the points more exactly. The photo must not be cropped.",
        )
    focal_mm = camera.focal * FILM / longer
    if camera.position[2] <= 0 or not LENSES[0] <= focal_mm <= LENSES[1]:
        raise BadRequestError(
            f"That would be a lens of {focal_mm:.0f} mm: no room is photographed so.",
            hint=f"Are the distances right? {_SPREAD}",
        )
    if sigma_focal > UNSURE * camera.focal:
        raise BadRequestError(
            "The points lie too close together, or too straight below the camera, to tell the lens.", hint=_SPREAD
        )
