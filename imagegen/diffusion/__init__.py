"""Stable Diffusion on the renderer's passes: families as data, one denoising loop, one batcher for each GPU.

torch, diffusers and transformers are imported inside the functions and modules that need them: whoever only lists
models, plans a job or writes a prompt needs none of them.
"""
