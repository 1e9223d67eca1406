"""What the denoiser learns from: latents of the rooms, what is kept of each, and what the model is told of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from scipy import ndimage

from api.cli.console import progress_bar
from imagegen.diffusion.conditions import read
from imagegen.types import Bools, Labels, Passes
from styles.library import default_library
from training.mini.words import phrases

CONDITIONS = ("depth", "segments")
SHELL = frozenset({0, 1, 4, 6, 9, 15})
"""ADE20K classes that are no piece of furniture: nothing, wall, floor, ceiling, window, door."""
KEPT = 3
"""Ways to keep a part of each picture."""
LEAST, MOST = 0.01, 0.3
"""Share of the picture that a kept piece may fill."""


@dataclass(slots=True)
class Rooms:
    """N pictures and their mirror images, (2N, ...): mirrored ones follow the others.

    ``latents``: (2N, C, h, w) float16, scaled to unit deviation; ``kept`` (2N, KEPT, C, h, w): of the picture with
    all but a piece blanked; ``masks`` (2N, KEPT, 1, h, w) uint8, 1 is painted; ``shown`` (N, H, W, 6) uint8: depth
    and classes; ``said``: phrases of each picture (N).
    """

    latents: torch.Tensor
    kept: torch.Tensor
    masks: torch.Tensor
    shown: torch.Tensor
    said: list[list[str]]

    def batch(self, rng: np.random.Generator, size: int) -> tuple[torch.Tensor, ...]:
        """(latents, masks, kept latents, conditions 0..1, numbers of the pictures) of a random batch."""
        index = torch.from_numpy(rng.integers(len(self.latents), size=size))
        way = torch.from_numpy(rng.integers(KEPT, size=size))
        number = index % len(self.said)
        shown = self.shown[number].permute(0, 3, 1, 2).float() / 255
        mirrored = (index >= len(self.said))[:, None, None, None]
        shown = torch.where(mirrored, shown.flip(-1), shown)
        kept, masks = self.kept[index, way].float(), self.masks[index, way].float()
        return self.latents[index].float(), masks, kept, shown, number


def piece(segments: Labels, rng: np.random.Generator) -> Bools:
    """What is kept (H, W): a piece of furniture as it is seen, sometimes a plain shape, sometimes nothing."""
    height, width = segments.shape
    dice = rng.random()
    if dice < 0.15:
        return np.zeros((height, width), bool)
    if dice < 0.85:
        parts, count = ndimage.label(~np.isin(segments, list(SHELL)))
        area = np.bincount(parts.ravel())[1:] / parts.size if count else np.zeros(0)
        good = np.flatnonzero((area > LEAST) & (area < MOST)) + 1
        if good.size:
            chosen = np.asarray(parts == rng.choice(good))
            classes = segments[chosen]
            one = chosen & (segments == rng.choice(classes))  # one thing, not all that touches it
            return one if one.mean() > LEAST and rng.random() < 0.6 else chosen
    y, x = np.mgrid[:height, :width]
    centre, half = rng.uniform(0.2, 0.8, 2) * (height, width), rng.uniform(0.05, 0.3, 2) * (height, width)
    across, down = (x - centre[1]) / half[1], (y - centre[0]) / half[0]
    return np.asarray(across**2 + down**2 < 1 if rng.random() < 0.5 else np.maximum(abs(across), abs(down)) < 1)


@torch.no_grad()
def prepare(rooms: Path, vae: AutoencoderKL) -> tuple[Rooms, float]:
    """All rooms as the denoiser reads them, and the factor that brings the latents to unit deviation."""
    sheets = [np.load(file) for file in sorted(rooms.glob("*.npz"))]
    pictures = np.concatenate([sheet["picture"] for sheet in sheets])
    depth = np.concatenate([sheet["depth"] for sheet in sheets])
    segments = np.concatenate([sheet["segments"] for sheet in sheets])
    told = [one for sheet in sheets for one in json.loads(str(sheet["told"]))]
    rng = np.random.default_rng(3)
    wide, high = pictures.shape[2], pictures.shape[1]
    shown = np.stack([read(CONDITIONS, _passes(d, s), (wide, high)) for d, s in zip(depth, segments, strict=True)])
    painted = np.stack([~np.stack([piece(s, rng) for _ in range(KEPT)]) for s in segments])

    whole: list[torch.Tensor] = []
    kept: list[torch.Tensor] = []
    masks: list[torch.Tensor] = []
    with progress_bar("latents") as tell:
        for flip in (False, True):
            for start, real, mask in _stretches(pictures, painted, flip=flip):
                whole.append(vae.encode(real).latent_dist.mode().half())
                rest = real[:, None] * (1 - mask)
                latents = vae.encode(rest.flatten(0, 1)).latent_dist.mode()
                kept.append(latents.unflatten(0, (-1, KEPT)).half())
                masks.append(_small(mask))
                tell("encoding", (start / len(pictures) + flip) / 2)
    factor = 1 / float(torch.cat(whole).float().std())
    library = default_library()
    return Rooms(
        (torch.cat(whole).float() * factor).half(),
        (torch.cat(kept).float() * factor).half(),
        torch.cat(masks),
        torch.from_numpy(shown),
        [phrases(library, one) for one in told],
    ), factor


def _passes(depth: np.ndarray, segments: Labels) -> Passes:
    """Passes that hold what the conditions read."""
    metres = np.where(depth < 6e4, depth.astype(np.float32), np.inf).astype(np.float32)
    blank = np.zeros((*metres.shape, 3), np.float32)
    return Passes(blank, metres, blank, blank, segments, blank, blank[..., 0])


def _stretches(
    pictures: Labels, painted: Bools, *, flip: bool, count: int = 16
) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
    """(first number, pictures -1..1 (B, 3, H, W), what is painted (B, KEPT, 1, H, W))."""
    for start in range(0, len(pictures), count):
        real = torch.from_numpy(pictures[start : start + count]).permute(0, 3, 1, 2).float() / 127.5 - 1
        mask = torch.from_numpy(painted[start : start + count]).float()[:, :, None]
        yield start, (real.flip(-1) if flip else real), (mask.flip(-1) if flip else mask)


def _small(mask: torch.Tensor) -> torch.Tensor:
    """Masks at the latents' size, as inpainting pipelines make them: the nearest pixel."""
    return mask[..., ::8, ::8].round().byte()
