"""The hull's colours: the photo laid on it for mirrors and glossy floors, a paler one for the light that it scatters.

In a retailer's eye a yellow shadow under a yellow chair is a fault, though light does that: what the hull scatters on
keeps a share of the product's hue only.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from imagegen.colour import LUMINANCE
from imagegen.geometry import Texture
from imagegen.hull.lattice import Lattice
from imagegen.types import Cutout, Doubles, Floats

ACROSS = 96  # pixels: a reflection in a floor is soft
DARKEST, PALEST = 0.05, 0.8  # albedo: the light on the hull is told by division
HUE = 0.4  # share of the product's hue in the light that it scatters


def projected(cutout: Cutout, lattice: Lattice, points: Doubles) -> tuple[Texture, Doubles]:
    """The photo as a small tile, and where on it points (N, 3) of the product's frame lie: ``uv`` (N, 2)."""
    left, top, right, bottom = lattice.frame
    scale = ACROSS / max(right - left, bottom - top)
    size = max(2, round((right - left) * scale)), max(2, round((bottom - top) * scale))
    weighted = np.concatenate([cutout.colour * cutout.alpha[..., None], cutout.alpha[..., None]], axis=-1)
    planes = [_shrunk(weighted[..., channel], lattice.frame, size) for channel in range(4)]
    cover = planes[3]
    colour = np.stack(planes[:3], axis=-1) / np.maximum(cover, 1e-3)[..., None]
    known = cover > 0.3 if (cover > 0.3).any() else cover >= cover.max()
    nearest = tuple(ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True))
    pixels = np.clip(colour[nearest], DARKEST, PALEST).astype(np.float32)
    rows, cols = lattice.solid.shape
    across, down = (lattice.nodes(points) / np.array([cols - 1, rows - 1])).T
    uv = np.column_stack([across, 1 - down])  # a tile's rows run down, its v upwards
    return Texture(pixels, (1.0, 1.0)), np.clip(np.nan_to_num(uv), 0.002, 0.998)


def bounce_colour(cutout: Cutout) -> tuple[float, float, float]:
    """Linear RGB of the light that the product scatters on under white light: as bright as it is, less coloured."""
    solid = cutout.alpha > 0.5
    mean = cutout.colour[solid].mean(axis=0) if solid.any() else np.full(3, 0.5)
    mean = np.clip(mean, DARKEST, PALEST)
    grey = float(mean @ LUMINANCE)
    red, green, blue = (float(grey + HUE * (part - grey)) for part in mean)
    return red, green, blue


def _shrunk(plane: Floats, frame: tuple[float, float, float, float], size: tuple[int, int]) -> Floats:
    """The part of a plane (H, W) inside the frame, at that size; what lies beyond the photo is empty."""
    pad = int(np.ceil(max(0.0, -min(frame[:2]), frame[2] - plane.shape[1], frame[3] - plane.shape[0]))) + 1
    padded = Image.fromarray(np.pad(plane, pad).astype(np.float32))
    left, top, right, bottom = (float(edge) + pad for edge in frame)
    return np.asarray(padded.resize(size, Image.Resampling.BOX, box=(left, top, right, bottom)), np.float32)
