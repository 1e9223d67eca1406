"""What is measured, in the order in which shortcuts are added."""

from __future__ import annotations

from dataclasses import dataclass, replace

from imagegen.diffusion.options import PLAIN, Options
from imagegen.diffusion.request import Sampling, Window

SAMPLER = "unipc"
GUIDANCE = 5.0
THROUGHOUT = Window()


@dataclass(frozen=True, slots=True)
class Row:
    """A way of painting. ``keeps``: whether it promises the picture of plain diffusers, within 30 dB."""

    name: str
    options: Options
    sampling: Sampling
    window: Window = THROUGHOUT
    keeps: bool = True


def keeping(device: str, dtype: str, steps: int) -> list[Row]:
    """The painter with every shortcut off, then each that keeps the picture added to those before it."""
    options = replace(PLAIN, device=device, dtype=dtype)  # type: ignore[arg-type] - a name of a dtype
    sampling = Sampling(steps=steps, sampler=SAMPLER, guidance=GUIDANCE)
    rows = [Row("own loop, all off", options, sampling)]
    for name, changes in {
        "+ channels last": {"channels_last": True},
        "+ attention kernels": {"attention": Options().attention},
        "+ fused QKV": {"fused_qkv": True},
        "+ conditions once": {"cache_conditions": True, "skip_silent_controls": True},
    }.items():
        options = replace(options, **changes)
        rows.append(Row(name, options, sampling))
    return rows


def compiling(last: Row, ways: tuple[str, ...]) -> list[Row]:
    """The last row, recorded as CUDA graphs or compiled."""
    names = {"graphs": "+ CUDA graphs", "inductor": "+ torch.compile"}
    return [replace(last, name=names[way], options=replace(last.options, compiled=way)) for way in ways]


def changing(best: Row) -> list[Row]:
    """On top of everything that keeps the picture, what changes it; then few steps for distilled weights."""
    quiet = Window(1.0, 0.0, 0.6)
    third = replace(best.sampling, guided=(0.0, 0.6), reuse=3)
    few = Sampling(steps=4, sampler="lcm", guidance=1.0)
    return [
        replace(best, name="all that keep the picture"),
        replace(best, name="+ ControlNet for 60 %", window=quiet, keeps=False),
        replace(best, name="+ guidance for 60 %", window=quiet, sampling=replace(third, reuse=1), keeps=False),
        replace(best, name="all (+ reuse 3)", window=quiet, sampling=third, keeps=False),
        replace(best, name="few steps (4, no guidance)", sampling=few, keeps=False),
    ]
