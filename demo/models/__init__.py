"""The demo products: one file per family; a model is a function of no arguments that returns its meshes."""
