"""Teaches the denoiser, its ControlNet and its text encoder, all three at once.

python -m training.mini.denoiser --rooms var/mini/rooms --vae var/mini/vae --out var/mini/denoiser --minutes 62
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file
from transformers import CLIPTokenizer

from styles.library import Library, default_library
from training.mini import nets
from training.mini.data import Rooms, prepare
from training.mini.schedule import Course
from training.mini.words import caption, make_tokenizer, phrases

BATCH = 16
WORDLESS = 0.12
"""Share of pictures shown without words: guidance needs a model that also paints unasked."""
UNSEEN = 0.12
"""Share shown without their geometry: the UNet must stand on its own."""
GAMMA = 5.0
"""Min-SNR weighting (Hang et al. 2023)."""


def texts(library: Library) -> list[str]:
    """Every style's words for each of its rooms and lights, and what an unwanted picture is called."""
    made = []
    for style in library.styles():
        for room in library.rooms(style.slug):
            for slug, light in style.lights.items():
                told = {"style": style.slug, "room": room.room_type, "light": slug, "time": light.time}
                made.append(", ".join(phrases(library, told)))
        made.append(style.prompts.negative)
    return made


def trained_vae(folder: Path) -> AutoencoderKL:
    """The averages of the autoencoder's course."""
    vae = nets.autoencoder()
    state = load_file(folder / "average.safetensors")
    vae.load_state_dict({name.removeprefix("vae."): tensor for name, tensor in state.items()})
    return vae.eval()


class Lesson:
    """One step: noise on latents, and how far the velocity that is told of it is from the true one."""

    def __init__(self, networks: torch.nn.ModuleDict, rooms: Rooms, tokenizer: CLIPTokenizer) -> None:
        self.networks, self.rooms, self.tokenizer = networks, rooms, tokenizer
        self.noise = nets.noise()
        kept = self.noise.alphas_cumprod
        self.weight = (torch.clamp(kept / (1 - kept), max=GAMMA)) / (kept / (1 - kept) + 1)

    def __call__(self, step: int) -> torch.Tensor:
        """The loss of step ``step``, the same whenever it is asked for."""
        rng = np.random.default_rng([step, 2])
        chance = torch.Generator().manual_seed(step)
        latents, masks, kept, shown, numbers = self.rooms.batch(rng, BATCH)
        said = ["" if rng.random() < WORDLESS else caption(self.rooms.said[int(n)], rng) for n in numbers]
        words = self._read(said)
        noise = torch.randn(latents.shape, generator=chance)
        times = torch.randint(0, 1000, (BATCH,), generator=chance)
        noisy = self.noise.add_noise(latents, noise, times)
        seen = torch.from_numpy((rng.random(BATCH) >= UNSEEN).astype(np.float32))[:, None, None, None]
        down, middle = self.networks["controlnet"](noisy, times, words, controlnet_cond=shown, return_dict=False)
        told = self.networks["unet"](
            torch.cat([noisy, masks, kept], 1),
            times,
            words,
            down_block_additional_residuals=[residual * seen for residual in down],
            mid_block_additional_residual=middle * seen,
            return_dict=False,
        )[0]
        wrong = (told - self.noise.get_velocity(latents, noise, times)).square().mean(dim=(1, 2, 3))
        return (wrong * self.weight[times]).sum() / self.weight[times].sum()

    def _read(self, said: list[str]) -> torch.Tensor:
        tokens: Any = self.tokenizer(
            said, padding="max_length", max_length=nets.CONTEXT, truncation=True, return_tensors="pt"
        )
        words: torch.Tensor = self.networks["text_encoder"](tokens.input_ids)[0]
        return words


def main() -> None:
    """Teach what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=Path, default=Path("var/mini/rooms"))
    parser.add_argument("--vae", type=Path, default=Path("var/mini/vae"))
    parser.add_argument("--out", type=Path, default=Path("var/mini/denoiser"))
    parser.add_argument("--minutes", type=float, default=62)
    asked = parser.parse_args()
    teach(asked.rooms, asked.vae, asked.out, minutes=asked.minutes)


def networks(tokenizer: CLIPTokenizer) -> torch.nn.ModuleDict:
    """What this course teaches."""
    return torch.nn.ModuleDict(
        {"unet": nets.unet(), "controlnet": nets.controlnet(), "text_encoder": nets.text_encoder(tokenizer)}
    )


def teach(rooms: Path, vae: Path, out: Path, *, minutes: float) -> None:
    """So many minutes on the rooms of that folder, in all sittings together."""
    torch.manual_seed(0)
    tokenizer = make_tokenizer(texts(default_library()), out / "tokenizer")
    lesson = Lesson(networks(tokenizer), _prepared(rooms, vae, out / "rooms.pt"), tokenizer)
    course = Course(lesson.networks, out, minutes=minutes, rate=8e-4, keep=0.999)
    for step in course:
        course.learn(lesson(step))


def _prepared(rooms: Path, vae: Path, file: Path) -> Rooms:
    """The rooms as latents, worked out once."""
    if file.exists():
        return Rooms(**torch.load(file, weights_only=True)["rooms"])
    made, factor = prepare(rooms, trained_vae(vae))
    fields = {name: getattr(made, name) for name in Rooms.__slots__}
    torch.save({"rooms": fields, "factor": factor}, file.with_suffix(".part"))
    file.with_suffix(".part").replace(file)
    return made


if __name__ == "__main__":
    main()
