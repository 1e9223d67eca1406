"""Seconds, memory, arithmetic and likeness of one way of painting."""

from __future__ import annotations

import math
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from bench.gpu.building import Model
from bench.gpu.rows import Row
from imagegen.diffusion.options import Options
from imagegen.diffusion.painter import Painter
from imagegen.diffusion.request import Request

Paint = Callable[[int], list[np.ndarray]]
"""Paints a batch of so many pictures (H, W, 3) uint8, always the same ones."""


def requests(model: Model, row: Row, batch: int) -> list[Request]:
    """A batch that paints everything: what is kept is not diffusers' own for inpainting networks."""
    side = model.size
    slope = np.tile(np.linspace(0, 255, side).astype(np.uint8)[:, None, None], (1, side, 3))
    return [
        Request(
            family=model.name, words="a warm room with an oak floor", unwanted="blurred", seed=seed, picture=slope,
            keep=np.zeros((side, side), np.float32), sampling=row.sampling, controls={"depth": slope},
            windows={"depth": row.window},
        )
        for seed in range(batch)
    ]  # fmt: skip


def painting(model: Model, row: Row) -> Paint:
    """The painter's way."""
    painter = Painter(model.modules, row.options)

    def paint(batch: int) -> list[np.ndarray]:
        made = painter.paint(requests(model, row, batch), lambda _done, _steps: None)
        return [one.picture for one in made]

    return paint


def measured(paint: Paint, batches: tuple[int, ...], repeats: int, device: torch.device) -> dict[str, Any]:
    """Seconds for one picture, pictures a second at the best batch, peak memory in GiB and the first picture."""
    seconds: dict[int, float] = {}
    picture: np.ndarray | None = None
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    for batch in batches:
        try:
            first = paint(batch)  # compiles, records, allocates
            picture = first[0] if picture is None else picture
            seconds[batch] = statistics.median(_timed(paint, batch, device) for _ in range(repeats))
        except (MemoryError, torch.OutOfMemoryError):
            break
    best = min(seconds, key=lambda batch: seconds[batch] / batch)
    return {
        "seconds_at_batch_1": seconds[batches[0]],
        "images_per_second": best / seconds[best],
        "batch": best,
        "peak_gib": _peak(device),
        "picture": picture,
    }


def _timed(paint: Paint, batch: int, device: torch.device) -> float:
    started = time.perf_counter()
    paint(batch)
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter() - started


def _peak(device: torch.device) -> float:
    if device.type == "cuda":
        return float(torch.cuda.max_memory_allocated(device)) / 2**30
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def flop(model: Model, row: Row) -> float:
    """Multiplications and additions of one picture, counted in a run of its own."""
    # Counted with the attention that is made of plain products, and with nothing compiled or remembered.
    options: Options = replace(row.options, compiled="off", attention=("math",))
    counter = FlopCounterMode(display=False)
    with counter:
        painting(model, replace(row, options=options))(1)
    return float(counter.get_total_flops())


def matmul_rate(device: torch.device, dtype: torch.dtype, seconds: float = 0.5) -> float:
    """FLOP/s that a large matrix product reaches here and now."""
    side = 8192 if device.type == "cuda" else 1024
    a, b = (torch.randn((side, side), device=device, dtype=dtype) for _ in range(2))
    rates = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(rates) < 3:
        started = time.perf_counter()
        for _ in range(5):
            a @ b
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        rates.append(5 * 2 * side**3 / (time.perf_counter() - started))
    return max(rates)


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """PSNR in dB against ``b``, whose own range is the peak: pictures of random networks are pale."""
    error = float(np.mean((a.astype(float) - b.astype(float)) ** 2))
    spread = float(b.max()) - float(b.min())
    return math.inf if error == 0 else 10 * math.log10(max(spread, 1.0) ** 2 / error)
