"""The demonstration model: a Stable Diffusion in miniature, trained on the rooms of this library."""
