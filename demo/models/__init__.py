"""The demo products: one file per family, each model a function of no arguments returning meshes in the product's frame."""
