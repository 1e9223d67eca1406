"""The adapter for reference pictures, put into a UNet (IP-Adapter, Ye et al. 2023)."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def adapt(unet: Any, file: Path) -> None:
    """Give the UNet's cross attention a second reading, of a picture, with the weights of ``file``.

    Called without a picture's embedding (``image_embeds``) it is the UNet that it was, bit for bit. Raises KeyError,
    RuntimeError or ValueError when the weights are another UNet's.
    """
    from safetensors.torch import load_file  # noqa: PLC0415 - torch

    held: dict[str, dict[str, Any]] = {"image_proj": {}, "ip_adapter": {}}
    for key, tensor in load_file(str(file)).items():
        group, _, rest = key.partition(".")
        held[group][rest] = tensor
    unet._load_ip_adapter_weights([held])  # noqa: SLF001 - diffusers offers it through its pipelines alone
    read = unet.process_encoder_hidden_states

    def read_words_alone_too(encoder_hidden_states: Any, added_cond_kwargs: dict[str, Any] | None) -> Any:
        conditions = added_cond_kwargs or {}
        if conditions.get("image_embeds") is None:
            return encoder_hidden_states, []
        return read(encoder_hidden_states=encoder_hidden_states, added_cond_kwargs=conditions)

    unet.process_encoder_hidden_states = read_words_alone_too
