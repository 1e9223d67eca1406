"""Stable Diffusion in miniature: the real classes with random weights, a few hundred kilobytes, made in memory."""

import json
from types import SimpleNamespace

CONTEXT = 77


def tokenizer(folder):
    """A CLIP tokenizer over bytes: every character is a token, so that lengths are easy to count."""
    from transformers import CLIPTokenizer

    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=CONTEXT)


def text_encoder(width=16, projection=None, seed=0):
    import torch
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=190, hidden_size=width, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=CONTEXT, projection_dim=projection or width, bos_token_id=188, eos_token_id=189,
        pad_token_id=189,
    )  # fmt: skip
    return (CLIPTextModelWithProjection if projection else CLIPTextModel)(config).eval()


def vae(seed=1):
    import torch
    from diffusers import AutoencoderKL

    torch.manual_seed(seed)
    return AutoencoderKL(
        block_out_channels=(8, 16, 16, 16), down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, latent_channels=4, norm_num_groups=4, sample_size=64,
    ).eval()  # fmt: skip


def _blocks(cross, extra):
    return dict(
        block_out_channels=(16, 32), layers_per_block=1, cross_attention_dim=cross, norm_num_groups=4,
        attention_head_dim=2, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), **extra,
    )  # fmt: skip


def unet(cross=16, in_channels=9, seed=2, **extra):
    import torch
    from diffusers import UNet2DConditionModel

    torch.manual_seed(seed)
    blocks = _blocks(cross, extra)
    return UNet2DConditionModel(
        in_channels=in_channels, up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), sample_size=8, **blocks
    ).eval()


def controlnet(cross=16, channels=3, seed=3, **extra):
    """Its zero convolutions are filled, or it would say nothing."""
    import torch
    from diffusers import ControlNetModel

    torch.manual_seed(seed)
    net = ControlNetModel(
        in_channels=4, conditioning_channels=channels, conditioning_embedding_out_channels=(8, 8, 8, 8),
        **_blocks(cross, extra),
    )  # fmt: skip
    for blocks in (*net.controlnet_down_blocks, net.controlnet_mid_block, net.controlnet_cond_embedding.conv_out):
        torch.nn.init.normal_(blocks.weight, std=0.1)
    return net.eval()


def _scheduler():
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", steps_offset=1, clip_sample=False,
        set_alpha_to_one=False,
    )  # fmt: skip


def sd(folder):
    """The parts of an SD 1.5 inpainting pipeline with one ControlNet, under their names in a checkpoint."""
    return SimpleNamespace(
        unet=unet(), vae=vae(), text_encoder=text_encoder(), tokenizer=tokenizer(folder), scheduler=_scheduler(),
        controlnet=controlnet(),
    )  # fmt: skip


SDXL_EXTRA = {
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 8,
    "projection_class_embeddings_input_dim": 32 + 6 * 8,
    "use_linear_projection": True,
    "transformer_layers_per_block": (1, 2),
}


def sdxl(folder):
    """The parts of an SDXL inpainting pipeline with one ControlNet: two text encoders, pooled words, sizes."""
    return SimpleNamespace(
        unet=unet(cross=48, **SDXL_EXTRA), vae=vae(), text_encoder=text_encoder(),
        text_encoder_2=text_encoder(32, projection=32, seed=5), tokenizer=tokenizer(folder),
        tokenizer_2=tokenizer(folder.with_name(folder.name + "_2")), scheduler=_scheduler(),
        controlnet=controlnet(cross=48, **SDXL_EXTRA),
    )  # fmt: skip


def preview_vae(seed=8):
    import torch
    from diffusers import AutoencoderTiny

    torch.manual_seed(seed)
    return AutoencoderTiny(
        encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4, num_encoder_blocks=(1, 1, 1, 1),
        num_decoder_blocks=(1, 1, 1, 1),
    ).eval()  # fmt: skip


def image_encoder(width=16, seed=9):
    import torch
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    torch.manual_seed(seed)
    config = CLIPVisionConfig(
        hidden_size=width, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=32,
        patch_size=8, projection_dim=width,
    )  # fmt: skip
    return CLIPVisionModelWithProjection(config).eval()


def ip_adapter(unet, width=16, seed=10):
    """Weights of an adapter for that UNet, named as the published ones are: odd numbers are its cross attentions."""
    import torch

    noise = torch.Generator().manual_seed(seed)
    cross = unet.config.cross_attention_dim
    weights = {
        "image_proj.proj.weight": torch.randn(4 * cross, width, generator=noise),
        "image_proj.proj.bias": torch.zeros(4 * cross),
        "image_proj.norm.weight": torch.ones(cross),
        "image_proj.norm.bias": torch.zeros(cross),
    }
    names = [name.removesuffix(".processor") for name in unet.attn_processors if name.endswith("attn2.processor")]
    for number, name in enumerate(names):
        inner = unet.get_submodule(name).to_k.out_features
        for part in ("to_k_ip", "to_v_ip"):
            weights[f"ip_adapter.{2 * number + 1}.{part}.weight"] = torch.randn(inner, cross, generator=noise)
    return weights


def union(cross=48, seed=11, **extra):
    import torch
    from diffusers import ControlNetUnionModel

    torch.manual_seed(seed)
    net = ControlNetUnionModel(
        in_channels=4, conditioning_channels=3, conditioning_embedding_out_channels=(8, 8, 8, 8), num_trans_channel=16,
        num_trans_head=2, num_proj_channel=16, **_blocks(cross, extra),
    )  # fmt: skip
    for blocks in (*net.controlnet_down_blocks, net.controlnet_mid_block, net.controlnet_cond_embedding.conv_out):
        torch.nn.init.normal_(blocks.weight, std=0.1)
    torch.nn.init.normal_(net.spatial_ch_projs.weight, std=0.1)
    torch.nn.init.normal_(net.task_embedding, std=1.0)
    return net.eval()
