"""ControlNets (Zhang et al. 2023): silent ones do not run, and what they see is embedded once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor

from imagegen.diffusion.inputs import Inputs
from imagegen.diffusion.networks import Networks
from imagegen.diffusion.options import Options
from imagegen.diffusion.request import Request, Window
from imagegen.errors import BadRequestError, MissingWeightsError


class Speaking:
    """The ControlNets of one batch: what each of them sees and how strongly it speaks, for each sample by itself.

    A sample that does not ask for a net has weight zero in it.
    """

    def __init__(
        self, requests: Sequence[Request], nets: Mapping[str, Any], networks: Networks, options: Options, like: Tensor
    ) -> None:
        self._networks = networks
        self._skip = options.skip_silent_controls
        self._windows: dict[str, list[Window]] = {}
        self._seen: dict[str, Tensor] = {}
        self._embeddings: dict[str, Any] = {}
        self._embedded: dict[tuple[str, int], Tensor] = {}
        self._like = like
        for name in sorted({name for request in requests for name in request.controls}):
            if name not in nets:
                raise MissingWeightsError(
                    f"There is no ControlNet {name!r} in memory.",
                    hint=f"Loaded: {', '.join(sorted(nets)) or 'none'}.",
                    where="controls",
                )
            silent = Window(0.0)
            self._windows[name] = [
                request.windows.get(name, Window()) if name in request.controls else silent for request in requests
            ]
            seen = torch.cat([_condition(request, name, nets[name]) for request in requests])
            self._seen[name] = seen.to(like.device, like.dtype)
            if _embeds_once(nets[name], options):
                self._embeddings[name] = nets[name].controlnet_cond_embedding

    def residuals(self, share: float, inputs: Inputs, copies: int, *, shallow: bool = False) -> tuple[Tensor, ...]:
        """What all of them add to the UNet at a share of the steps, for ``copies`` of the batch one after another."""
        heard: tuple[Tensor, ...] = ()
        for name, windows in self._windows.items():
            weights = [window.at(share) for window in windows]
            if self._skip and not any(weights):
                continue
            inputs = {**inputs, "condition": self._condition(name, copies)}
            said = self._networks.run(f"control-shallow-{name}" if shallow else f"control-{name}", inputs)
            by = self._like.new_tensor(weights * copies).view(-1, 1, 1, 1)
            weighed = tuple(one * by for one in said)
            heard = tuple(a + b for a, b in zip(heard, weighed, strict=True)) if heard else weighed
        return heard

    def _condition(self, name: str, copies: int) -> Tensor:
        """What a net sees, or its embedding, made once for each size of batch: the same bits as in every step."""
        seen = torch.cat([self._seen[name]] * copies)
        if name not in self._embeddings:
            return seen
        if (name, copies) not in self._embedded:
            self._embedded[name, copies] = self._embeddings[name](seen)
        return self._embedded[name, copies]


def _condition(request: Request, name: str, net: Any) -> Tensor:
    """What a net sees, (1, C, H, W) from 0 to 1; black where a request does not ask for it."""
    channels = net.config.conditioning_channels
    width, height = request.size
    if name not in request.controls:
        return torch.zeros((1, channels, height, width))
    picture = request.controls[name]
    if picture.shape != (height, width, channels):
        raise BadRequestError(
            f"The condition {name!r} is {picture.shape}, not {(height, width, channels)}.",
            hint="A condition has the picture's size and as many channels as its network reads.",
            where=f"controls.{name}",
        )
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255.0


def _embeds_once(net: Any, options: Options) -> bool:
    # A net that turns colours round within its forward would turn embedded channels round.
    return options.cache_conditions and net.config.controlnet_conditioning_channel_order == "rgb"


@contextmanager
def given(nets: Mapping[str, Any], options: Options) -> Iterator[None]:
    """While it lasts the nets take a condition that is embedded already, where conditions are cached."""
    with ExitStack() as stack:
        for net in (net for net in nets.values() if _embeds_once(net, options)):
            stack.callback(setattr, net, "controlnet_cond_embedding", net.controlnet_cond_embedding)
            net.controlnet_cond_embedding = _AS_IT_IS
        yield


_AS_IT_IS = torch.nn.Identity()
