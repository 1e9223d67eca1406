"""What can be read in a photo of a room: edges, straight lines, and depth that is brought to metres.

The detectors are controlnet-aux's. Canny needs nothing; the others need their weights in a folder of this machine, and
nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from imagegen.diffusion.conditions.canny import canny_of
from imagegen.diffusion.conditions.detectors import detector
from imagegen.errors import BadRequestError, MissingWeightsError
from imagegen.own_room.calibrate import Calibration, Mark
from imagegen.types import Floats, Labels

MLSD = "mlsd_large_512_fp32.pth"
MIDAS = "dpt_hybrid-midas-501f0c75.pt"
SIDE = 512  # pixels of the shorter side at which the detectors were trained
FARTHEST = 60.0
"""Metres: what is read as farther than this, or as behind the camera, is nothing (inf)."""

__all__ = ["FARTHEST", "MIDAS", "MLSD", "canny_of", "lines_of", "metric", "nearness_of"]


def lines_of(picture: Labels, weights: Path) -> Labels:
    """Straight lines, white on black (H, W, 3), of a photo (H, W, 3) uint8 sRGB (M-LSD, Gu et al. 2022).

    ``weights``: folder that holds ``MLSD``. Raises MissingWeightsError.
    """
    return _seen(_loaded("mlsd", "MLSDdetector", weights, MLSD), picture)


def nearness_of(picture: Labels, weights: Path) -> Floats:
    """Inverse depth (H, W) 0..1 of a photo, up to an unknown scale and shift (MiDaS, Ranftl et al. 2022).

    ``weights``: folder that holds ``MIDAS``. Raises MissingWeightsError.
    """
    read = _seen(_loaded("midas", "MidasDetector", weights, MIDAS), picture)
    return read[..., 0].astype(np.float32) / np.float32(255)


def metric(nearness: Floats, calibration: Calibration, marks: Sequence[Mark]) -> Floats:
    """Depth (H, W) in metres along the camera's axis, inf where nothing is, from inverse depth up to scale and shift.

    Both are found by least squares at the floor points, whose true depth the camera tells. Raises BadRequestError when
    the reading contradicts them: at points that are nearer it must be greater.
    """
    camera = calibration.camera
    points = np.array([[*mark.place, 0.0] for mark in marks])
    true = 1 / ((points - camera.position) @ camera.rotation[2])
    read = np.array([_at(nearness, mark.pixel, (camera.width, camera.height)) for mark in marks])
    matrix = np.column_stack([read, np.ones(len(read))])
    (scale, shift), *_ = np.linalg.lstsq(matrix, true, rcond=None)
    if np.ptp(read) < 1e-3 or scale <= 0:
        raise BadRequestError(
            "The depth that was read in the photo contradicts the floor's points.",
            hint="Mark points at different distances, and none that something stands before.",
        )
    inverse = nearness * scale + shift
    return np.where(inverse > 1 / FARTHEST, 1 / np.maximum(inverse, 1 / FARTHEST), np.inf).astype(np.float32)


def scaled(calibration: Calibration, width: int, height: int) -> Calibration:
    """The same camera for the photo at another size of the same shape."""
    camera = calibration.camera
    share = width / camera.width
    resized = replace(camera, focal=camera.focal * share, cx=width / 2, cy=height / 2, width=width, height=height)
    return replace(calibration, camera=resized, residual_px=calibration.residual_px * share)


def _loaded(module: str, name: str, weights: Path, file: str) -> Any:
    """A detector with the weights of a file in that folder."""
    if not (weights / file).is_file():
        raise MissingWeightsError(
            f"{file} is not in {weights}.", hint=f"Put the detector's weights there as {file}.", where=str(weights)
        )
    kind = detector(module, name)
    try:
        return kind.from_pretrained(str(weights), filename=file)
    except Exception as error:  # whatever unpickling and torch raise for a file that is none of theirs
        raise MissingWeightsError(
            f"{file} does not hold the weights of that detector.", hint="Copy it again.", where=str(weights / file)
        ) from error


def _seen(found: Any, picture: Labels) -> Labels:
    """What a detector makes of a picture (H, W, 3), at the picture's own size."""
    small = found(picture, detect_resolution=SIDE, image_resolution=SIDE, output_type="np")
    size = picture.shape[1], picture.shape[0]
    return np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BILINEAR), np.uint8)


def _at(plane: Floats, pixel: Sequence[float], size: tuple[int, int]) -> float:
    """The median around a photo's pixel in a plane of any size."""
    (u, v), (width, height) = pixel, size
    col, row = int(u * plane.shape[1] / width), int(v * plane.shape[0] / height)
    col, row = int(np.clip(col, 1, plane.shape[1] - 2)), int(np.clip(row, 1, plane.shape[0] - 2))
    return float(np.median(plane[row - 1 : row + 2, col - 1 : col + 2]))
