"""``make bench-gpu``: a table of every model and way, and the same as JSON.

On a GPU: SD 1.5 at 512 px and SDXL at 1024 px with a ControlNet each, 20 and 30 steps. Without one: a small model, so
that the benchmark itself never rots.
"""

from __future__ import annotations

import argparse
import gc
import json
from pathlib import Path
from typing import Any

import torch

from bench.gpu.building import NAMES, Model, built
from bench.gpu.measuring import flop, likeness, matmul_rate, measured, painting
from bench.gpu.plain import diffusers_painting
from bench.gpu.rows import Row, changing, compiling, keeping

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}
LIKE = 30.0
"""dB of PSNR above which a picture counts as kept."""


def asked(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command's arguments; what is not said depends on whether there is a GPU."""
    gpu = torch.cuda.is_available()
    parser = argparse.ArgumentParser(prog="python -m bench.gpu", description=__doc__)
    parser.add_argument("--models", nargs="+", choices=NAMES, default=["sd15", "sdxl"] if gpu else ["small"])
    parser.add_argument("--steps", nargs="+", type=int, default=[20, 30] if gpu else [6])
    parser.add_argument("--batches", nargs="+", type=int, help="instead of the model's own; the first must be 1")
    parser.add_argument("--repeats", type=int, default=3 if gpu else 1)
    parser.add_argument("--compiled", nargs="*", choices=["graphs", "inductor"], default=["graphs", "inductor"] * gpu)
    parser.add_argument("--device", default="cuda" if gpu else "cpu")
    parser.add_argument("--dtype", choices=list(DTYPES), default="bfloat16" if gpu else "float32")
    parser.add_argument("--out", type=Path, default=Path("build/bench-gpu.json"))
    return parser.parse_args(arguments)


class Table:
    """The rows of one model at one number of steps, each printed as soon as it is measured."""

    def __init__(self, model: Model, args: argparse.Namespace, rate: float) -> None:
        self._model, self._args, self._rate = model, args, rate
        self._device = torch.device(args.device)
        self._plain: Any = None
        self.lines: list[dict[str, Any]] = []

    def add(self, row: Row, *, diffusers: bool = False) -> float:
        """Measures a row; its images a second."""
        paint = diffusers_painting(self._model, row, self._device) if diffusers else painting(self._model, row)
        batches = tuple(self._args.batches or self._model.batches)
        facts = measured(paint, batches, self._args.repeats, self._device)
        picture = facts.pop("picture")
        self._plain = picture if diffusers else self._plain
        psnr = likeness(picture, self._plain)
        if row.keeps and psnr < LIKE:
            print(f"  ! {row.name}: {psnr:.1f} dB to plain diffusers, less than {LIKE:.0f}")
        flops = flop(self._model, row) * facts["images_per_second"]
        line = {
            "row": "plain diffusers" if diffusers else row.name,
            **facts,
            "times_plain": facts["images_per_second"] / self.lines[0]["images_per_second"] if self.lines else 1.0,
            "tflops": flops / 1e12,
            "share_of_matmul": flops / self._rate,
            "psnr_db": min(psnr, 99.0),
            "keeps": row.keeps,
        }
        self.lines.append(line)
        print(_FORMAT.format(**line))
        return float(facts["images_per_second"])


_HEAD = (
    f"  {'':28}{'img/s':>9}{'x plain':>9}{'batch':>7}{'s at 1':>9}{'GiB':>7}{'TFLOP/s':>9}{'of matmul':>11}{'dB':>7}"
)
_FORMAT = (
    "  {row:28}{images_per_second:9.3f}{times_plain:9.2f}{batch:7d}{seconds_at_batch_1:9.3f}{peak_gib:7.1f}"
    "{tflops:9.3f}{share_of_matmul:11.1%}{psnr_db:7.1f}"
)


def measure(model: Model, steps: int, args: argparse.Namespace, rate: float) -> list[dict[str, Any]]:
    """Every row of one model at one number of steps."""
    print(f"\n{model.name}, {model.size} px, {steps} steps, guidance, {args.dtype}, {args.device}\n{_HEAD}")
    table = Table(model, args, rate)
    rows = keeping(args.device, args.dtype, steps)
    speeds: dict[str, tuple[float, Row]] = {}
    table.add(rows[0], diffusers=True)
    for row in (*rows, *compiling(rows[-1], tuple(args.compiled))):
        speeds[row.name] = (table.add(row), row)
    last = [rows[-1].name, *(row.name for row in compiling(rows[-1], tuple(args.compiled)))]
    best = max((speeds[name] for name in last), key=lambda pair: pair[0])[1]
    for row in changing(best):
        table.add(row)
    return table.lines


def main(arguments: list[str] | None = None) -> None:
    """Measures, prints, writes."""
    args = asked(arguments)
    if args.device == "cpu":
        torch.set_num_threads(1)  # the small model's threads would mostly wait for each other
    device, dtype = torch.device(args.device), DTYPES[args.dtype]
    rate = matmul_rate(device, dtype)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    print(f"{name}; torch {torch.__version__}; a large {args.dtype} matrix product: {rate / 1e12:.3f} TFLOP/s")
    runs = []
    for model_name in args.models:
        for steps in args.steps:
            # Built anew: rows fuse and lay out the weights that they are given.
            model = built(model_name, device, dtype)
            lines = measure(model, steps, args, rate)
            runs.append({"model": model_name, "size": model.size, "steps": steps, "rows": lines})
            del model
            gc.collect()
    args.out.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "device": name,
        "torch": torch.__version__,
        "dtype": args.dtype,
        "matmul_tflops": rate / 1e12,
        "runs": runs,
    }
    args.out.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"\nWritten to {args.out}.")


if __name__ == "__main__":
    main()
