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

    ``extras``: with a preview VAE as well. Families: sd15, sdxl, mini.
    """
    home = folder / family
    parts, controls = _PARTS[family](folder / ".words")
    tokenizers = {name: part for name, part in parts.items() if name.startswith("tokenizer")}
    nets = {name: part for name, part in parts.items() if name not in tokenizers}
    nets |= {f"controls/{name}": net for name, net in controls.items()}
    if extras:
        nets["preview_vae"] = small.preview_vae()
    for target, net in nets.items():
        net.save_pretrained(home / target)
    for target, tokenizer in tokenizers.items():
        _write_tokenizer(home / target, tokenizer)
    targets = {
        target: tuple(sorted(path.name for path in (home / target).iterdir())) for target in (*nets, *tokenizers)
    }
    lock.write(home, lock.pin_folder(family, home, targets))
    return home


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


def _mini(words):
    parts = vars(small.sd(words)).copy()
    del parts["controlnet"]
    return parts, {"layout": small.controlnet(channels=6)}


_PARTS = {"sd15": _sd15, "sdxl": _sdxl, "mini": _mini}


def own(family: str, folder: Path) -> Path:
    """The same as a family that only the mirror knows, "small-" and its name: like the project's, with its own files."""
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
