"""Query, key and value of attention as one matrix product, in the UNet and, where diffusers does nothing, ControlNets.

The three matrices become views of the one, so the fused layer takes no memory of its own, and whoever copies new
weights into the three (an adapter) has copied them into the one.
"""

from __future__ import annotations

from typing import Any

from imagegen.diffusion.attention import attentions


def fuse(net: Any) -> int:
    """Fuses the plain attention layers of a network; how many they were. Layers with adapters stay as they are."""
    from diffusers.models.attention_processor import AttnProcessor2_0, FusedAttnProcessor2_0  # noqa: PLC0415 - heavy

    fused = 0
    for layer in attentions(net):
        if type(layer.processor) is AttnProcessor2_0 and type(layer.to_k).__name__ == "Linear":
            layer.fuse_projections()
            _tie(layer)
            layer.set_processor(FusedAttnProcessor2_0())
            fused += 1
    return fused


def _tie(layer: Any) -> None:
    parts = [layer.to_k, layer.to_v] if layer.is_cross_attention else [layer.to_q, layer.to_k, layer.to_v]
    whole = layer.to_kv if layer.is_cross_attention else layer.to_qkv
    whole.requires_grad_(requires_grad=False)
    start = 0
    for part in parts:
        end = start + part.out_features
        part.weight.data = whole.weight.data[start:end]
        if part.bias is not None:
            part.bias.data = whole.bias.data[start:end]
        start = end
