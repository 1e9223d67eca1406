"""The small nets as checkpoints: folders that are laid out like the local mirror, with a lock, for each family."""

import json
from pathlib import Path

from imagegen.diffusion import families, lock
from tests.diffusion import small


def spec(family: str) -> families.ModelSpec:
    """A family as ``write`` makes it: its page, but for the hashes of files that nobody can make small."""
    page = families.family(family)
    parts = {
        target: part.model_copy(
            update={"files": {name: families.File(source=file.source) for name, file in part.files.items()}}
        )
        for target, part in page.parts.items()
    }
    return page.model_copy(update={"parts": parts})


def write(family: str, folder: Path, *, extras: bool = False) -> Path:
    """Write a family's checkpoint under ``folder`` (the mirror) and give its own folder.

    ``extras``: with a preview VAE and an adapter for reference pictures as well. Families: sd15, sdxl, sdxl-union,
    mini.
    """
    home = folder / family
    parts, controls = _PARTS[family](folder / ".words")
    tokenizers = {name: part for name, part in parts.items() if name.startswith("tokenizer")}
    nets = {name: part for name, part in parts.items() if name not in tokenizers}
    nets |= {f"controls/{name}": net for name, net in controls.items()}
    if extras:
        nets |= {"preview_vae": small.preview_vae(), "image_encoder": small.image_encoder()}
        _write_adapter(home / "ip_adapter", nets["unet"])
    for target, net in nets.items():
        net.save_pretrained(home / target)
    for target, tokenizer in tokenizers.items():
        _write_tokenizer(home / target, tokenizer)
    pin(family, home)
    return home


def pin(family, home):
    """Pin whatever lies in a family's folder now."""
    folders = sorted({path.parent for path in home.rglob("*") if path.is_file()} - {home})
    targets = {
        str(folder.relative_to(home)): tuple(sorted(path.name for path in folder.iterdir())) for folder in folders
    }
    lock.write(home, lock.pin_folder(family, home, targets))


def _write_adapter(folder, unet):
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    save_file(small.ip_adapter(unet), folder / "ip_adapter.safetensors")


def _write_tokenizer(folder, tokenizer):
    """As the hub's repositories hold it: a vocabulary, merges, and what kind it is."""
    small.tokenizer(folder)
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": tokenizer.model_max_length}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    (folder / "special_tokens_map.json").write_text("{}")


def _sd15(words):
    parts = vars(small.sd(words)).copy()
    control = parts.pop("controlnet")
    return parts, {"depth": control, "segments": small.controlnet(seed=6), "edges": small.controlnet(seed=7)}


def _sdxl(words):
    parts = vars(small.sdxl(words)).copy()
    return parts, {"depth": parts.pop("controlnet")}


def _union(words):
    parts = vars(small.sdxl(words)).copy()
    del parts["controlnet"]
    return parts, {"union": small.union(**small.SDXL_EXTRA)}


def _mini(words):
    parts = vars(small.sd(words)).copy()
    del parts["controlnet"]
    return parts, {"layout": small.controlnet(channels=6)}


_PARTS = {"sd15": _sd15, "sdxl": _sdxl, "sdxl-union": _union, "mini": _mini}


def own(family: str, folder: Path) -> Path:
    """The same as a family that only the mirror knows: like the project's, with "small-" before its name."""
    home = write(family, folder).rename(folder / f"small-{family}")
    lines = [f'like = "{family}"', f'name = "Small {family}"']
    for target in lock.read(home).parts:
        if not (home / target / "config.json").exists() and not target.startswith(("tokenizer", "scheduler")):
            continue
        lines += [f'[parts."{target}"]', 'repo = "tests/small"', 'licence = "Apache-2.0"', f'[parts."{target}".files]']
        lines += [f'"{name}" = {{}}' for name in lock.read(home).parts[target].files]
    (home / "family.toml").write_text("\n".join(lines) + "\n")
    lock_file = home / lock.NAME
    lock_file.write_text(lock_file.read_text().replace(f'family = "{family}"', f'family = "small-{family}"'))
    return home
