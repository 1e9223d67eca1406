"""Training by the clock: so many minutes of work, in as many sittings as it takes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from api.cli.console import progress_bar

WARM = 0.03
SAVE_S = 120.0


class Course:
    """The networks of a course with their optimiser, their running averages, and how far they are.

    ``folder`` keeps it: whoever starts again goes on from there. The learning rate rises to ``rate`` in the first
    minutes and falls to nothing as a cosine. What is used in the end are the averages (``averaged``).
    """

    def __init__(
        self, networks: torch.nn.ModuleDict, folder: Path, *, minutes: float, rate: float, keep: float
    ) -> None:
        self.networks, self.folder = networks, folder
        self.minutes, self.rate, self.keep = minutes, rate, keep
        self.optimiser = torch.optim.AdamW(networks.parameters(), rate, betas=(0.9, 0.99), weight_decay=0.01)
        self.averages = deepcopy(networks).requires_grad_(requires_grad=False)
        self.spent_s, self.steps, self.losses = 0.0, 0, [1.0]
        if (folder / "course.json").exists():
            self._resume()

    def __iter__(self) -> Iterator[int]:
        """Numbers of the steps still to do; each ends with ``learn``."""
        saved, began = time.monotonic(), time.monotonic()
        with progress_bar(f"{self.folder.name}: {self.minutes:.0f} minutes") as tell:
            while self.spent_s < 60 * self.minutes:
                for group in self.optimiser.param_groups:
                    group["lr"] = self.rate * self._share()
                yield self.steps
                now = time.monotonic()
                self.spent_s, began, self.steps = self.spent_s + now - began, now, self.steps + 1
                tell(f"step {self.steps}, loss {np.mean(self.losses[-200:]):.4f}", self.spent_s / 60 / self.minutes)
                if now - saved > SAVE_S:
                    self.save()
                    saved = time.monotonic()
        self.save()

    def learn(self, loss: torch.Tensor) -> None:
        """One step down the loss."""
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.networks.parameters(), 1.0)
        self.optimiser.step()
        keep = min(self.keep, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.averages.parameters()), list(self.networks.parameters()), 1 - keep)
        self.losses.append(float(loss.detach()))

    def save(self) -> None:
        """All of it, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, module in (("now", self.networks), ("average", self.averages)):
            _write(module.state_dict(), self.folder / f"{name}.safetensors")
        torch.save(self.optimiser.state_dict(), self.folder / "optimiser.part")
        (self.folder / "optimiser.part").replace(self.folder / "optimiser.pt")
        told = {"spent_s": self.spent_s, "steps": self.steps, "losses": self.losses[-20000:]}
        (self.folder / "course.json").write_text(json.dumps(told))

    def _resume(self) -> None:
        self.networks.load_state_dict(load_file(self.folder / "now.safetensors"))
        self.averages.load_state_dict(load_file(self.folder / "average.safetensors"))
        self.optimiser.load_state_dict(torch.load(self.folder / "optimiser.pt", weights_only=True))
        told = json.loads((self.folder / "course.json").read_text())
        self.spent_s, self.steps, self.losses = told["spent_s"], told["steps"], told["losses"]

    def _share(self) -> float:
        done = self.spent_s / 60 / self.minutes
        return min(1.0, max(done, 1e-3) / WARM) * (0.5 + 0.5 * float(np.cos(np.pi * min(done, 1.0))))


def _write(state: dict[str, torch.Tensor], file: Path) -> None:
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, file.with_suffix(".part"))
    file.with_suffix(".part").replace(file)
