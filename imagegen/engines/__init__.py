"""The engines by name: each is imported only when asked for, so that a machine needs only what it uses."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType

from imagegen.diffusion.options import Equipment
from imagegen.errors import UnknownNameError
from imagegen.protocols import Engine

ENGINES = MappingProxyType(
    {
        "render": "imagegen.engines.render:RenderEngine",
        "diffusion": "imagegen.engines.diffusion:DiffusionEngine",
    }
)
"""Name -> "module:class". A new engine is one file beside this one and one line here."""

PAINTING = frozenset({"diffusion"})
"""Those that a ``Mode`` can be asked of; known without importing them."""


def load(name: str, equipment: Equipment | None = None) -> Engine:
    """The engine of that name on this machine. Raises UnknownNameError, which lists those that exist."""
    if name not in ENGINES:
        raise UnknownNameError(f"There is no engine {name!r}.", hint=f"Known are: {', '.join(sorted(ENGINES))}.")
    module, _, kind = ENGINES[name].partition(":")
    engine: Engine = getattr(import_module(module), kind)(equipment or Equipment())
    return engine
