"""Quality presets: how large a picture is and how many light paths each of its pixels gets."""

from __future__ import annotations

from imagegen.errors import BadRequestError
from imagegen.protocols import Settings
from imagegen.types import Mode, Quality

LONG_SIDE = {Quality.DRAFT: 640, Quality.STANDARD: 1216, Quality.FINAL: 2048}
SAMPLES = {Quality.DRAFT: 4, Quality.STANDARD: 6, Quality.FINAL: 8}
"""About 4 s, 20 s and 90 s on two cores at the default sizes."""

ASPECT = 1216 / 832
SMALLEST, LARGEST = 256, 4096
LONGEST_PROMPT = 500


def settings_for(
    quality: Quality,
    size: tuple[int, int] | None = None,
    *,
    seed: int = 0,
    variant: int = 0,
    exposure_ev: float = 0.0,
    prompt: str = "",
    light: str = "",
    lamp_on: bool = False,
    mode: Mode | None = None,
) -> Settings:
    """Settings of a preset; ``size`` (width, height) in pixels overrides the preset's own.

    Raises BadRequestError when a number is outside what makes sense.
    """
    long_side = LONG_SIDE[quality]
    width, height = size or (long_side, round(long_side / ASPECT / 2) * 2)
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise BadRequestError(
            f"A picture of {width} x {height} pixels cannot be made.",
            hint=f"Each side must be between {SMALLEST} and {LARGEST} pixels.",
            where="size",
        )
    if not 0.25 <= width / height <= 4.0:
        raise BadRequestError("The picture is too narrow.", hint="Keep the sides within 1:4.", where="size")
    if not 0 <= seed < 2**32:
        raise BadRequestError("The seed is out of range.", hint="Use 0 to 4294967295.", where="seed")
    if variant < 0:
        raise BadRequestError("Variants count from 0.", where="variant")
    if not -3.0 <= exposure_ev <= 3.0:
        raise BadRequestError("The exposure is out of range.", hint="Use -3 to 3 stops.", where="exposure_ev")
    if len(prompt) > LONGEST_PROMPT:
        raise BadRequestError(
            f"The prompt has {len(prompt)} characters.", hint=f"Use at most {LONGEST_PROMPT}.", where="prompt"
        )
    return Settings(width, height, SAMPLES[quality], seed, variant, exposure_ev, prompt, light, lamp_on, mode)
