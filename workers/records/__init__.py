"""The memory: products, scenes, decisions, publications, and the pictures' bytes."""
