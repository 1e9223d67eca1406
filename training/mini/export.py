"""Puts what was taught into the project: half precision safetensors in the mirror's layout, with their lock.

python -m training.mini.export --vae var/mini/vae --denoiser var/mini/denoiser
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import CLIPTokenizer

from imagegen.diffusion import lock, store
from imagegen.diffusion.families import family
from training.mini import nets
from training.mini.denoiser import networks, trained_vae

MOST_BYTES = 12 * 2**20
"""Of all its files: a repository is no place for more."""
SPEC = family("mini")


def main() -> None:
    """Write what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vae", type=Path, default=Path("var/mini/vae"))
    parser.add_argument("--denoiser", type=Path, default=Path("var/mini/denoiser"))
    parser.add_argument("--out", type=Path, default=store.home(SPEC, None))
    asked = parser.parse_args()
    write(asked.vae, asked.denoiser, asked.out)
    size = sum(file.stat().st_size for file in asked.out.rglob("*") if file.is_file())
    print(f"{asked.out}: {size / 2**20:.2f} MiB")
    if size > MOST_BYTES:
        raise SystemExit(f"That is more than {MOST_BYTES / 2**20:.0f} MiB.")


def write(vae_course: Path, denoiser_course: Path, out: Path) -> None:
    """The averages of both courses as a checkpoint of the family."""
    vae = trained_vae(vae_course)
    factor = torch.load(denoiser_course / "rooms.pt", weights_only=True, mmap=True)["factor"]
    vae.register_to_config(scaling_factor=float(factor))
    tokenizer = CLIPTokenizer.from_pretrained(str(denoiser_course / "tokenizer"))
    taught = networks(tokenizer)
    taught.load_state_dict(load_file(denoiser_course / "average.safetensors"))
    parts = {
        "unet": taught["unet"],
        "vae": vae,
        "text_encoder": taught["text_encoder"],
        "controls/layout": taught["controlnet"],
    }
    for target, net in parts.items():
        shutil.rmtree(out / target, ignore_errors=True)
        net.half().save_pretrained(out / target)
    nets.noise().save_pretrained(out / "scheduler")
    folder = out / "tokenizer"
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("vocab.json", "merges.txt", "tokenizer_config.json"):
        shutil.copyfile(denoiser_course / "tokenizer" / name, folder / name)
    files = {target: _names(out / target) for target in SPEC.required}
    lock.write(out, lock.pin_folder(SPEC.slug, out, files))


def _names(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(file.name for file in folder.iterdir() if file.is_file()))


if __name__ == "__main__":
    main()
