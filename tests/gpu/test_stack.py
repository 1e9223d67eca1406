"""The gpu extra's pinned versions work side by side: torch, torchvision, xformers, diffusers, controlnet-aux."""

import subprocess
import sys
import textwrap


def run_fresh(script: str) -> str:
    # A fresh interpreter: these packages warn while they are imported, and must not slow the other tests down.
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_small_controlnet_inpainting_step_runs_on_the_pinned_versions():
    out = run_fresh("""
        import torch
        from diffusers import ControlNetModel, UNet2DConditionModel

        sizes = dict(block_out_channels=(8, 16), layers_per_block=1, cross_attention_dim=8, norm_num_groups=4,
                     attention_head_dim=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"))
        unet = UNet2DConditionModel(in_channels=9, up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), **sizes)
        control = ControlNetModel(in_channels=9, conditioning_embedding_out_channels=(8, 16), **sizes)
        latents, words = torch.zeros(1, 9, 16, 16), torch.zeros(1, 4, 8)
        with torch.no_grad():
            down, middle = control(latents, 1, words, controlnet_cond=torch.zeros(1, 3, 32, 32), return_dict=False)
            noise = unet(latents, 1, words, down_block_additional_residuals=down,
                         mid_block_additional_residual=middle).sample
        print(tuple(noise.shape))
    """)
    assert out.strip() == "(1, 4, 16, 16)"


def test_xformers_imports_beside_torch_and_refuses_what_it_cannot_do():
    out = run_fresh("""
        import torch, torchvision, xformers, xformers.ops
        q = torch.zeros(1, 4, 1, 8)
        try:
            print(xformers.ops.memory_efficient_attention(q, q, q).shape == q.shape)
        except NotImplementedError as error:
            print("No operator" in str(error))
    """)
    assert out.strip() == "True"


def test_controlnet_aux_finds_edges_without_weights():
    out = run_fresh("""
        import numpy as np
        from controlnet_aux import CannyDetector
        picture = np.zeros((64, 64, 3), np.uint8)
        picture[16:48, 16:48] = 255
        edges = CannyDetector()(picture, detect_resolution=64, image_resolution=64, output_type="np")
        print(bool(edges[20:44, 20:44].max() == 0), bool(edges.max() == 255))
    """)
    assert out.strip() == "True True"
