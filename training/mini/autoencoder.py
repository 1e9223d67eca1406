"""Teaches the autoencoder: pictures of rooms into an eighth of their size and back.

python -m training.mini.autoencoder --rooms var/mini/rooms --out var/mini/vae --minutes 36
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from imagegen.types import Labels
from training.mini import nets
from training.mini.schedule import Course

BATCH, CROP = 16, 128
KL = 1e-6
OPPONENT = torch.tensor([[0.3, 0.6, 0.1], [1.5, -1.5, 0.0], [-0.75, -0.75, 1.5]])
"""Light, red against green, blue against yellow: in RGB alone colours are learnt last, they are so small a part."""


def pictures(rooms: Path) -> Labels:
    """All pictures (N, H, W, 3) uint8."""
    return np.concatenate([np.load(file)["picture"] for file in sorted(rooms.glob("*.npz"))])


def batch(shown: Labels, rng: np.random.Generator) -> torch.Tensor:
    """Random windows, half of them mirrored (B, 3, CROP, CROP) -1..1."""
    made = []
    for index in rng.integers(len(shown), size=BATCH):
        top, left = rng.integers(shown.shape[1] - CROP + 1), rng.integers(shown.shape[2] - CROP + 1)
        window = shown[index, top : top + CROP, left : left + CROP]
        made.append(window[:, ::-1] if rng.random() < 0.5 else window)
    return torch.from_numpy(np.stack(made)).permute(0, 3, 1, 2).float() / 127.5 - 1


def loss(net: torch.nn.Module, real: torch.Tensor) -> torch.Tensor:
    """Colours and their steps from pixel to pixel at three scales, and how far the latents are from a normal law."""
    law = net.encode(real).latent_dist
    made = net.decode(law.sample()).sample
    total = KL * law.kl().mean()
    made, real = (torch.einsum("oc,bchw->bohw", OPPONENT, picture) for picture in (made, real))
    for _ in range(3):
        total = total + (made - real).abs().mean()
        for axis in (2, 3):
            total = total + (made.diff(dim=axis) - real.diff(dim=axis)).abs().mean()
        made, real = functional.avg_pool2d(made, 2), functional.avg_pool2d(real, 2)
    return total


def main() -> None:
    """Teach what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=Path, default=Path("var/mini/rooms"))
    parser.add_argument("--out", type=Path, default=Path("var/mini/vae"))
    parser.add_argument("--minutes", type=float, default=36)
    asked = parser.parse_args()
    teach(asked.rooms, asked.out, minutes=asked.minutes)


def networks() -> torch.nn.ModuleDict:
    """What this course teaches."""
    return torch.nn.ModuleDict({"vae": nets.autoencoder()})


def teach(rooms: Path, out: Path, *, minutes: float) -> None:
    """So many minutes on the rooms of that folder, in all sittings together."""
    torch.manual_seed(0)
    shown = pictures(rooms)
    course = Course(networks(), out, minutes=minutes, rate=1.5e-3, keep=0.995)
    for step in course:
        rng = np.random.default_rng([step, 1])
        real = batch(shown, rng).to(memory_format=torch.channels_last)
        course.learn(loss(course.networks["vae"], real))


if __name__ == "__main__":
    main()
