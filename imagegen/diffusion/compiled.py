"""Networks as CUDA graphs or compiled by torch: for each shape once, then without Python between their kernels.

Graphs and plans belong to the thread that made them: a painter is made, warmed and used on one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from imagegen.diffusion.inputs import Call, Inputs
from imagegen.errors import BadRequestError

WARMING = 3
"""Runs before a graph is recorded: kernels are chosen and workspaces allocated during the first ones."""


def prepared(call: Call, how: str) -> Call:
    """The call as it is ("off"), as CUDA graphs ("graphs") or compiled ("inductor")."""
    return _WAYS[how](call)


def check(how: str, device: torch.device) -> None:
    """Raises BadRequestError for a way that this device does not have."""
    if how == "graphs" and device.type != "cuda":
        raise BadRequestError(
            f"CUDA graphs need a GPU; this painter runs on {device.type}.",
            hint='Set compiled to "off" or "inductor".',
            where="options.compiled",
        )


@dataclass(slots=True)
class _Graph:
    """One recorded run: its inputs and outputs stay where they are."""

    graph: Any
    inputs: dict[str, Tensor]
    outputs: tuple[Tensor, ...]


class Graphs:
    """A call recorded once for each shape of its inputs; outputs are copies, so that a later run leaves them alone."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._graphs: dict[tuple[Any, ...], _Graph] = {}
        self._thread = threading.get_ident()

    def __call__(self, inputs: Inputs) -> tuple[Tensor, ...]:
        """What the call gives."""
        if threading.get_ident() != self._thread:
            raise RuntimeError("CUDA graphs were recorded on another thread; one thread owns a painter.")
        key = tuple((name, tuple(value.shape), value.dtype) for name, value in sorted(inputs.items()))
        if key not in self._graphs:
            self._graphs[key] = self._recorded(inputs)
        kept = self._graphs[key]
        for name, value in inputs.items():
            kept.inputs[name].copy_(value)
        kept.graph.replay()
        return tuple(output.clone() for output in kept.outputs)

    def _recorded(self, inputs: Inputs) -> _Graph:
        still = {name: value.clone() for name, value in inputs.items()}
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARMING):
                self._call(still)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            outputs = self._call(still)
        return _Graph(graph, still, outputs)


def _inductor(call: Call) -> Call:
    # Shapes are buckets: a size that was never seen is compiled for itself, once.
    compiled: Call = torch.compile(call, fullgraph=True, dynamic=False)
    return compiled


_WAYS: dict[str, Callable[[Call], Call]] = {"off": lambda call: call, "graphs": Graphs, "inductor": _inductor}
