"""A closed mesh from two sheets over the same nodes."""

from __future__ import annotations

import numpy as np

from imagegen.types import Bools, Doubles


def skin(solid: Bools, front: Doubles, back: Doubles) -> tuple[Doubles, np.ndarray]:
    """Vertices and triangles of a front sheet, a back sheet and the walls between them."""
    index = np.arange(solid.size).reshape(solid.shape)
    offset = solid.size
    quad = solid[:-1, :-1] & solid[1:, :-1] & solid[:-1, 1:] & solid[1:, 1:]
    corner = {"a": index[:-1, :-1], "b": index[:-1, 1:], "c": index[1:, :-1], "d": index[1:, 1:]}
    a, b, c, d = (corner[key][quad] for key in "abcd")
    faces = [np.c_[a, c, b], np.c_[b, c, d], np.c_[a, b, c] + offset, np.c_[b, d, c] + offset]
    padded = np.pad(quad, 1)
    rows, cols = quad.shape
    for dy, dx, ends in ((-1, 0, "ba"), (1, 0, "cd"), (0, -1, "ac"), (0, 1, "db")):
        edge = quad & ~padded[1 + dy : 1 + dy + rows, 1 + dx : 1 + dx + cols]
        p, q = corner[ends[0]][edge], corner[ends[1]][edge]
        faces += [np.c_[p, p + offset, q], np.c_[q, p + offset, q + offset]]
    joined = np.concatenate(faces)
    used, compact = np.unique(joined, return_inverse=True)
    vertices = np.concatenate([front.reshape(-1, 3), back.reshape(-1, 3)])[used]
    return vertices, compact.reshape(joined.shape)
