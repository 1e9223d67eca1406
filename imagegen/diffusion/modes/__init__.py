"""How much of a room is painted: each way is a file that says what is kept and how much noise it begins with.

A new way is a member of ``Mode``, a file here and its line in ``MODES``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from imagegen.diffusion.modes.harmonise import HARMONISE
from imagegen.diffusion.modes.paint import PAINT
from imagegen.diffusion.modes.refine import REFINE
from imagegen.diffusion.modes.way import Way
from imagegen.types import Mode

MODES: Mapping[Mode, Way] = MappingProxyType({Mode.PAINT: PAINT, Mode.REFINE: REFINE, Mode.HARMONISE: HARMONISE})
"""By name."""

__all__ = ["MODES", "Way"]
