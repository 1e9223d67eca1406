"""The traced room is painted over: its layout and light stay, surfaces and small things gain what a photo has."""

from __future__ import annotations

from imagegen.diffusion.modes.paint import PAINT
from imagegen.diffusion.modes.way import Way

REFINE = Way(strength=0.35, keep=PAINT.keep, follows_style=True)
