"""Small pictures of what is being painted, while it is: by the tiny autoencoder, which no result comes from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from imagegen.diffusion.latents import bytes_of, on_the_cpu
from imagegen.types import Labels

Show = Callable[[int, list[Labels]], None]
"""Is shown (steps done, a picture (H, W, 3) uint8 sRGB for each request)."""
EVERY = 5


def watching(tiny: Any, show: Show | None, dtype: Any) -> Callable[[int, Tensor], None]:
    """What shows the clean picture that is predicted, every few steps; nothing where nobody looks or no VAE is tiny."""

    def watch(done: int, clean: Tensor) -> None:
        if tiny is None or show is None or done % EVERY:
            return
        # The tiny autoencoder's latents are the scaled ones.
        show(done, [on_the_cpu(bytes_of(tiny.decode(one[None].to(dtype)).sample)) for one in clean])

    return watch
