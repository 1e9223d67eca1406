"""The traced room stays as it is but for a band around the product and its shadow."""

from __future__ import annotations

from imagegen.diffusion.keep import band
from imagegen.diffusion.modes.way import Way

HARMONISE = Way(strength=0.5, keep=band)
