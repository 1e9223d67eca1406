"""What the networks take the clean picture to be, with classifier-free guidance (Ho and Salimans 2022).

Both halves, with the words and without, are one batch. Outside of the share of steps that is guided
(Kynkäänniemi et al. 2024) the second half is not computed at all.
"""

from __future__ import annotations

import torch
from torch import Tensor

from imagegen.diffusion import reuse
from imagegen.diffusion.control import Speaking
from imagegen.diffusion.inputs import Inputs, spoken
from imagegen.diffusion.networks import Networks
from imagegen.diffusion.request import Sampling
from imagegen.diffusion.samplers import Schedule


class Denoiser:
    """Predicts clean latents for one batch; it remembers deep features between steps, so a new batch needs a new one.

    ``wanted``, ``guided``: what the networks are given besides samples, for the batch and for both halves (those
    without words first). ``inpainting``: channels for an inpainting UNet, (B, 0 or 5, h, w). ``prediction``: what the
    UNet was trained to say: "epsilon", "v_prediction" or "sample".
    """

    def __init__(
        self,
        networks: Networks,
        speaking: Speaking,
        sampling: Sampling,
        *,
        wanted: Inputs,
        guided: Inputs,
        inpainting: Tensor,
        prediction: str,
        dtype: torch.dtype,
    ) -> None:
        self._networks = networks
        self._speaking = speaking
        self._sampling = sampling
        self._wanted, self._guided = wanted, guided
        self._inpainting = inpainting
        self._clean = _CLEAN[prediction]
        self._dtype = dtype
        self._deep: Tensor | None = None
        scale = torch.full((len(inpainting), 1, 1, 1), sampling.guidance)
        self._scale = scale.to(inpainting.device)

    def __call__(self, x: Tensor, schedule: Schedule, i: int, done: int, steps: int) -> Tensor:
        """The clean latents (B, 4, h, w) in the samples ``x`` at level i, after ``done`` of so many steps."""
        share = done / steps
        start, end = self._sampling.guided
        both = self._sampling.guidance > 1.0 and start <= share < end
        said = self._said(x, schedule.times[i], share, done, copies=2 if both else 1)
        if both:
            without, with_words = said.chunk(2)
            said = without + self._scale * (with_words - without)
        return self._clean(x, said, schedule.alphas[i], schedule.sigmas[i])

    def _said(self, x: Tensor, time: float, share: float, done: int, copies: int) -> Tensor:
        """What the UNet says of ``copies`` of the batch, float32."""
        sample = torch.cat([x] * copies).to(self._dtype)
        given = {**(self._guided if copies == 2 else self._wanted), "time": x.new_tensor([time]), "sample": sample}
        shallow = self._still_deep(len(sample), done)
        residuals = self._speaking.residuals(share, given, copies, shallow=shallow)
        seen = torch.cat([self._inpainting] * copies).to(self._dtype)
        given |= {**spoken(residuals), "sample": torch.cat([sample, seen], dim=1)}
        if shallow:
            assert self._deep is not None
            return self._networks.run("unet-shallow", {**given, "deep": self._deep})[0].float()
        if self._sampling.reuse == 1:
            return self._networks.run("unet", given)[0].float()
        said, self._deep = self._networks.run("unet-deep", given)
        return said.float()

    def _still_deep(self, samples: int, done: int) -> bool:
        """Whether the last whole run's features serve this step too; those of both halves serve one."""
        if self._deep is None or reuse.whole_this_time(done, self._sampling.reuse) or len(self._deep) < samples:
            return False
        self._deep = self._deep[-samples:]
        return True


def _from_noise(x: Tensor, said: Tensor, alpha: float, sigma: float) -> Tensor:
    return (x - sigma * said) / alpha


def _from_velocity(x: Tensor, said: Tensor, alpha: float, sigma: float) -> Tensor:
    return alpha * x - sigma * said


def _as_said(_x: Tensor, said: Tensor, _alpha: float, _sigma: float) -> Tensor:
    return said


_CLEAN = {"epsilon": _from_noise, "v_prediction": _from_velocity, "sample": _as_said}
