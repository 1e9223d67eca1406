"""Which kernels compute attention: tried at start on the device that will run them, and written into the notes.

``set_attention_backend`` of diffusers does nothing on UNets and ControlNets; their processors call PyTorch's scaled dot
product attention, whose kernels are chosen here.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from imagegen.errors import UnknownNameError

KERNELS = {
    "cudnn": SDPBackend.CUDNN_ATTENTION,
    "flash": SDPBackend.FLASH_ATTENTION,
    "efficient": SDPBackend.EFFICIENT_ATTENTION,
    "math": SDPBackend.MATH,
}
XFORMERS = "xformers"
"""Replaces the processors instead; for cards on which it has been measured to win."""
READER = "encoder_hid_proj."
"""Where diffusers keeps what reads a reference picture for the UNet."""
TEXT = 77
"""Tokens of the text that cross-attention reads."""


class Attention:
    """The kernels of a model in the order asked for, as far as this device has them.

    ``used``: for each width of a head the kernel that takes it first; "default" where PyTorch chooses.
    """

    def __init__(self, order: Sequence[str], nets: Sequence[Any], device: torch.device, dtype: torch.dtype) -> None:
        unknown = [name for name in order if name not in (*KERNELS, XFORMERS)]
        if unknown:
            raise UnknownNameError(
                f"There is no attention kernel {unknown[0]!r}.",
                hint=f"Known: {', '.join((*KERNELS, XFORMERS))}.",
                where="options.attention",
            )
        self.replaced = tuple(order[:1]) == (XFORMERS,) and _xformers_works(device, dtype)
        self._order = [KERNELS[name] for name in order if name in KERNELS]
        self.used: dict[int, str] = {}
        for width in sorted({width for net in nets for width in _head_widths(net)}):
            works = (name for name in order if name in KERNELS and _works(KERNELS[name], width, device, dtype))
            self.used[width] = XFORMERS if self.replaced else next(works, "default")
        if self.replaced:
            for net in nets:
                net.enable_xformers_memory_efficient_attention()

    def chosen(self) -> AbstractContextManager[Any]:
        """While it lasts, attention tries the kernels in this order."""
        works = any(name in KERNELS for name in self.used.values())
        return sdpa_kernel(self._order, set_priority=True) if works else nullcontext()

    def told(self) -> str | dict[str, str]:
        """For the notes: one name, or one for each width of head."""
        names = set(self.used.values()) or {"default"}
        return next(iter(names)) if len(names) == 1 else {str(width): name for width, name in self.used.items()}


def attentions(net: Any) -> Iterator[Any]:
    """A network's own attention layers.

    Not those with which an adapter reads a reference's patches: they look at patches and words at once, which neither
    says of itself.
    """
    for name, module in net.named_modules():
        if hasattr(module, "to_q") and hasattr(module, "heads") and not name.startswith(READER):
            yield module


def _head_widths(net: Any) -> set[int]:
    return {layer.to_q.out_features // layer.heads for layer in attentions(net)}


def _works(kernel: SDPBackend, width: int, device: torch.device, dtype: torch.dtype) -> bool:
    """Whether a kernel takes self-attention and attention to text with heads of this width."""
    query = torch.zeros((2, 2, 64, width), device=device, dtype=dtype)
    text = torch.zeros((2, 2, TEXT, width), device=device, dtype=dtype)
    try:
        # Why a kernel does not take a shape is told as a warning; here it is an answer.
        with warnings.catch_warnings(action="ignore"), sdpa_kernel([kernel]):
            scaled_dot_product_attention(query, query, query)
            scaled_dot_product_attention(query, text, text)
    except RuntimeError:
        return False
    return True


def _xformers_works(device: torch.device, dtype: torch.dtype) -> bool:
    try:
        from xformers.ops import memory_efficient_attention  # noqa: PLC0415 - optional, and only when asked for

        query = torch.zeros((1, 64, 2, 64), device=device, dtype=dtype)
        memory_efficient_attention(query, query, query)
    except (ImportError, NotImplementedError, RuntimeError, ValueError):
        return False
    return True
