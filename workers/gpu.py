"""What a worker's process has to paint with: its equipment, its resident model, and what it can tell of both."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from imagegen import engines, machine
from imagegen.diffusion import families, store, warming
from imagegen.diffusion.desk import close_all, desk
from imagegen.diffusion.options import Equipment
from imagegen.errors import ImagegenError, MissingWeightsError
from workers.settings import Settings

DIFFUSION = "diffusion"


def equipment(settings: Settings) -> Equipment:
    """What the settings give the diffusion engine."""
    return Equipment(models=settings.models_dir, family=settings.model, segmenter=settings.cutter_weights)


def wants_model(settings: Settings) -> bool:
    """Whether somebody decided that this installation paints: a laptop's defaults load no model."""
    return settings.engine == DIFFUSION or settings.model != Settings.model_fields["model"].default


def warm_up(settings: Settings) -> None:
    """Load the model and paint each of its sizes once, on its own thread, before the first scene asks for it.

    Returns at once. What goes wrong is told by ``states``, and to each scene that needs the model. Without a GPU the
    model is loaded and nothing is painted: there are no graphs to record, and no batch pays.
    """
    if not wants_model(settings):
        return
    spec = families.family(settings.model, settings.models_dir)
    desk(equipment(settings)).start(lambda: list(warming.blanks(spec)) if _card() else ())


def close() -> None:
    """End the painting threads of this process, after the step that is being done."""
    close_all()


def states(settings: Settings) -> dict[str, str]:
    """What can be painted with here, by engine: "ready ..." or "asleep ...", or why not."""
    looks: dict[str, Callable[[Settings], str]] = {"render": _render, DIFFUSION: _diffusion}
    return {name: looks[name](settings) if name in looks else "ready" for name in (*engines.ENGINES,)}


def facts(settings: Settings) -> dict[str, Any]:
    """The GPU and what the resident model did so far, as JSON; empty where there is neither."""
    told: dict[str, Any] = _card()
    numbers = desk(equipment(settings)).metrics()
    return told | ({"model": settings.model} | numbers.plain() if numbers else {})


def _render(_settings: Settings) -> str:
    return "ready" if machine.ready() else "not ready: the 'render' extra is not installed"


def _diffusion(settings: Settings) -> str:
    """The desk's state; before it has one, whether the model's files are there."""
    own = f"({settings.model})"
    state = desk(equipment(settings)).state()
    if state in {"ready", "loading", "warming"}:
        return f"{state} {own}"
    if state != "asleep":
        return state
    try:
        spec = families.family(settings.model, settings.models_dir)
        store.require(spec, store.home(spec, settings.models_dir))
    except MissingWeightsError as error:
        return f"missing weights: {error}"
    except ImagegenError as error:
        return f"not ready: {error}"
    return f"asleep {own}"


def _card() -> dict[str, Any]:
    """Name and memory of the GPU that PyTorch uses here; nobody imports PyTorch to find out."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return {}
    card = torch.cuda.get_device_properties(0)
    return {"name": card.name, "vram_total": int(card.total_memory)}
