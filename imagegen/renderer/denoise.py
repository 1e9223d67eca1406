"""Intel Open Image Denoise (Áfra 2019-) over the path tracer's noise."""

from __future__ import annotations

import numpy as np

from imagegen.errors import RendererUnavailableError
from imagegen.types import Floats


def denoise(colour: Floats, albedo: Floats, normals: Floats | None) -> Floats:
    """The picture without its noise: ``colour`` (H, W, 3) linear and unbounded, ``albedo`` 0..1, ``normals`` -1..1.

    Raises RendererUnavailableError when the denoiser is not installed.
    """
    try:
        import pyoidn  # noqa: PLC0415  # heavy, and only needed once something is rendered
    except ImportError as error:
        raise RendererUnavailableError(
            "The denoiser (pyoidn) is not installed.",
            hint="Install the 'render' extra: pip install 'imagegen[render]'.",
        ) from error
    # The guides carry noise at edges and in textures: cleaned first, they keep more of the picture's detail.
    clean_albedo = pyoidn.denoise(_ready(albedo), hdr=False, quality="fast")
    clean: Floats = pyoidn.denoise(
        np.maximum(_ready(colour), 0),
        np.clip(clean_albedo, 0, 1),
        None if normals is None else _ready(normals),
        hdr=True,
        quality="high",
    )
    return np.maximum(clean, 0)


def _ready(plane: Floats) -> Floats:
    return np.ascontiguousarray(np.nan_to_num(plane, nan=0.0, posinf=1e4, neginf=0.0), np.float32)
