"""How fast this machine paints: plain diffusers beside the painter, one shortcut after another, in one run."""
