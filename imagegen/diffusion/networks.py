"""The networks of a model as functions from named tensors to tensors, so that each can be compiled or recorded."""

from __future__ import annotations

from collections import Counter
from typing import Any

from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from imagegen.diffusion import reuse
from imagegen.diffusion.compiled import prepared
from imagegen.diffusion.inputs import Call, Inputs, added, heard
from imagegen.diffusion.modules import Modules
from imagegen.diffusion.options import Options


def whole(unet: Any) -> Call:
    """The UNet as it is: (noise,)."""

    def call(inputs: Inputs) -> tuple[Tensor, ...]:
        spoken = heard(inputs)
        out = unet(
            inputs["sample"],
            inputs["time"],
            encoder_hidden_states=inputs["text"],
            added_cond_kwargs=added(inputs),
            down_block_additional_residuals=spoken[:-1] or None,
            mid_block_additional_residual=spoken[-1] if spoken else None,
            return_dict=False,
        )
        return (out[0],)

    return call


def control(net: Any) -> Call:
    """A ControlNet: its residuals at full strength; a weight as an argument would need a compilation for each value."""

    def call(inputs: Inputs) -> tuple[Tensor, ...]:
        down, middle = net(
            inputs["sample"],
            inputs["time"],
            encoder_hidden_states=inputs["text"],
            controlnet_cond=inputs["condition"],
            added_cond_kwargs=added(inputs),
            return_dict=False,
        )
        return (*down, middle)

    return call


class Networks:
    """Every network of a model under a name, made ready when it first runs; counts how often each has run.

    ``flop``: floating point operations of those runs. Each network is counted once for each shape, when it first runs;
    what is compiled or recorded cannot be counted, so there the plain module runs once besides.
    """

    def __init__(self, modules: Modules, options: Options) -> None:
        self._options = options
        self._plain: dict[str, Call] = {
            "unet": whole(modules.unet),
            "unet-deep": reuse.deep(modules.unet),
            "unet-shallow": reuse.shallow(modules.unet),
        }
        for name, net in modules.controls.items():
            self._plain |= {f"control-{name}": control(net), f"control-shallow-{name}": reuse.shallow_control(net)}
        self._ready: dict[str, Call] = {}
        self.forwards: Counter[str] = Counter()
        self.flop = 0
        self._work: dict[tuple[Any, ...], int] = {}

    def forget(self) -> None:
        """Begin to count anew."""
        self.forwards.clear()
        self.flop = 0

    def run(self, name: str, inputs: Inputs) -> tuple[Tensor, ...]:
        """What the network of that name says."""
        plain = self._plain[name]
        if name not in self._ready:
            self._ready[name] = prepared(plain, self._options.compiled)
        ready = self._ready[name]
        shape = name, *(tuple(tensor.shape) for tensor in inputs.values())
        said = None
        if shape not in self._work:
            with FlopCounterMode(display=False) as counter:
                said = plain(inputs)
            self._work[shape] = int(counter.get_total_flops())
        self.forwards[name] += 1
        self.flop += self._work[shape]
        return said if said is not None and ready is plain else ready(inputs)
