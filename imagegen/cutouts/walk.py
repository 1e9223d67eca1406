"""Labels by random walks: which pixels a walker that shuns edges joins with the product, which with the background."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from imagegen.types import Bools, Floats


def random_walk(resistance: Floats, known: Bools, label: Floats, pull: Floats, target: Floats) -> Floats:
    """Probability (H, W) of being product (random walker with priors, Grady 2005).

    ``resistance`` (H, W): step heights in units of the noise; crossing 1 is easy, crossing 2 nearly impossible.
    ``known`` pixels keep their ``label`` (0 or 1); every other pixel is drawn towards ``target`` by ``pull``.
    """
    height, width = resistance.shape
    index = np.full((height, width), -1)
    unknown = ~known
    count = int(unknown.sum())
    if count == 0:
        return label.astype(np.float32)
    index[unknown] = np.arange(count)
    diagonal = pull[unknown].astype(np.float64) + 1e-9
    right = (pull * target)[unknown].astype(np.float64)
    rows, columns, weights = [], [], []
    for first, second in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        a, b = index[first].ravel(), index[second].ravel()
        wall = np.maximum(resistance[first], resistance[second]).ravel().astype(np.float64)
        weight = np.exp(-2.0 * np.minimum(wall, 3.0) ** 2)
        value_a, value_b = label[first].ravel(), label[second].ravel()
        inner = (a >= 0) & (b >= 0)
        rows += [a[inner], b[inner]]
        columns += [b[inner], a[inner]]
        weights += [-weight[inner]] * 2
        for here, there_known, value in ((a, b < 0, value_b), (b, a < 0, value_a)):
            rim = (here >= 0) & there_known
            np.add.at(right, here[rim], weight[rim] * value[rim])
        for here in (a, b):
            real = here >= 0
            np.add.at(diagonal, here[real], weight[real])
    matrix = sparse.csc_matrix(
        (
            np.concatenate([*weights, diagonal]),
            (np.concatenate([*rows, np.arange(count)]), np.concatenate([*columns, np.arange(count)])),
        ),
        shape=(count, count),
    )
    solved = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}).solve(
        right
    )
    result = label.astype(np.float32).copy()
    result[unknown] = np.clip(solved, 0, 1)
    return result
