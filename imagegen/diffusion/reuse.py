"""Most of a UNet runs only every so many steps (DeepCache, Ma et al. 2023): its inner features change slowly.

Two calls of fixed shape instead of one that branches, so that each can be a graph: ``deep`` is the whole UNet and also
gives what enters the last two layers; ``shallow`` runs only the outermost layer on the way down and those two on the
way up, with what the last whole run left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from imagegen.diffusion.inputs import Call, Inputs, added, heard

OUTERMOST = 2
"""Layers that a shallow step runs on the way up; they take the first two residuals of the way down."""


def whole_this_time(done: int, every: int) -> bool:
    """Whether the whole UNet runs after so many steps."""
    return done % every == 0


def deep(unet: Any) -> Call:
    """The whole UNet: (noise, deep features)."""

    def call(inputs: Inputs) -> tuple[Tensor, ...]:
        time, text = _read(unet, inputs)
        x = unet.conv_in(inputs["sample"])
        skips: tuple[Tensor, ...] = (x,)
        for block in unet.down_blocks:
            x, more = block(hidden_states=x, temb=time, **_text_for(block, text))
            skips += tuple(more)
        said = heard(inputs)
        skips = _together(skips, said[:-1])
        x = unet.mid_block(x, time, **_text_for(unet.mid_block, text))
        x = x + said[-1] if said else x
        for block in unet.up_blocks[:-1]:
            skips, taken = skips[: -len(block.resnets)], skips[-len(block.resnets) :]
            ahead = {"upsample_size": skips[-1].shape[2:]}
            x = block(hidden_states=x, temb=time, res_hidden_states_tuple=taken, **ahead, **_text_for(block, text))
        last = unet.up_blocks[-1]
        kept = _layers(last, slice(None, -OUTERMOST), x, skips[OUTERMOST:], time, text)
        return _finished(unet, kept, skips[:OUTERMOST], time, text), kept

    return call


def shallow(unet: Any) -> Call:
    """The outermost layers alone: (noise,), from ``deep`` among the inputs."""

    def call(inputs: Inputs) -> tuple[Tensor, ...]:
        time, text = _read(unet, inputs)
        skips = _together(_outermost_down(unet, unet.conv_in(inputs["sample"]), time, text), heard(inputs))
        return (_finished(unet, inputs["deep"], skips, time, text),)

    return call


def shallow_control(net: Any) -> Call:
    """The residuals of a ControlNet that a shallow UNet hears, from as few of its layers."""

    def call(inputs: Inputs) -> tuple[Tensor, ...]:
        time = net.time_embedding(
            net.time_proj(inputs["time"].expand(len(inputs["sample"]))).to(inputs["sample"].dtype)
        )
        if "pooled" in inputs:
            sizes = net.add_time_proj(inputs["sizes"].flatten()).reshape(len(inputs["sizes"]), -1)
            time = time + net.add_embedding(torch.cat([inputs["pooled"], sizes], dim=-1).to(time.dtype))
        x = net.conv_in(inputs["sample"]) + net.controlnet_cond_embedding(inputs["condition"])
        features = _outermost_down(net, x, time, inputs["text"])
        return tuple(zero(feature) for zero, feature in zip(net.controlnet_down_blocks, features, strict=False))

    return call


def _read(unet: Any, inputs: Inputs) -> tuple[Tensor, Any]:
    """The embedding of time (and of SDXL's sizes and pooled text), and what attention reads."""
    conditions = added(inputs)
    sample, text = inputs["sample"], inputs["text"]
    time = unet.time_embedding(unet.get_time_embed(sample=sample, timestep=inputs["time"]))
    more = unet.get_aug_embed(emb=time, encoder_hidden_states=text, added_cond_kwargs=conditions)
    time = time if more is None else time + more
    read = unet.process_encoder_hidden_states(encoder_hidden_states=text, added_cond_kwargs=conditions)
    return time, read


def _text_for(block: Any, text: Any) -> dict[str, Any]:
    return {"encoder_hidden_states": text} if getattr(block, "has_cross_attention", False) else {}


def _together(skips: Sequence[Tensor], said: Sequence[Tensor]) -> tuple[Tensor, ...]:
    return tuple(skip + more for skip, more in zip(skips, said, strict=True)) if said else tuple(skips)


def _outermost_down(net: Any, x: Tensor, time: Tensor, text: Any) -> tuple[Tensor, ...]:
    """The first two residuals of the way down."""
    block = net.down_blocks[0]
    y = block.resnets[0](x, time)
    if getattr(block, "has_cross_attention", False):
        y = block.attentions[0](y, encoder_hidden_states=text, return_dict=False)[0]
    return x, y


def _layers(block: Any, which: slice, x: Tensor, skips: Sequence[Tensor], time: Tensor, text: Any) -> Tensor:
    """Some layers of a block on the way up; they take their skips from the end."""
    resnets = block.resnets[which]
    attentions = block.attentions[which] if getattr(block, "has_cross_attention", False) else [None] * len(resnets)
    for resnet, attention, skip in zip(resnets, attentions, reversed(skips), strict=True):
        x = resnet(torch.cat([x, skip], dim=1), time)
        if attention is not None:
            x = attention(x, encoder_hidden_states=text, return_dict=False)[0]
    return x


def _finished(unet: Any, x: Tensor, skips: Sequence[Tensor], time: Tensor, text: Any) -> Tensor:
    x = _layers(unet.up_blocks[-1], slice(-OUTERMOST, None), x, skips, time, text)
    noise: Tensor = unet.conv_out(unet.conv_act(unet.conv_norm_out(x)))
    return noise
