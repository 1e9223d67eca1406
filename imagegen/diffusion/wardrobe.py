"""Which adapters a machine has for its model: those of styles, those that need few steps, and both together.

<mirror>/<family>/styles/<name>/pytorch_lora_weights.safetensors     as diffusers' trainers leave it
                  lora/<name>/                                      the family's own few-step ones
"""

from __future__ import annotations

from pathlib import Path

from imagegen.diffusion import families, store
from imagegen.diffusion.adapters import Adapter
from imagegen.diffusion.options import Equipment

AND = "+"
"""Between the names of adapters that are worn together."""


def wardrobe(equipment: Equipment) -> dict[str, tuple[Adapter, ...]]:
    """What ``Request.style`` may name on this machine: "lagoon", "lcm", "lagoon+lcm"."""
    spec = families.family(equipment.family, equipment.models)
    folder = store.home(spec, equipment.models)
    styles = {each.name: tuple(Adapter(file) for file in _files(each)) for each in sorted(folder.glob("styles/*"))}
    few = {name: tuple(Adapter(file) for file in _files(folder / way.part)) for name, way in spec.few_steps.items()}
    styles, few = ({name: files for name, files in found.items() if files} for found in (styles, few))
    both = {AND.join((style, way)): styles[style] + few[way] for style in styles for way in few}
    return styles | few | both


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.safetensors"))
