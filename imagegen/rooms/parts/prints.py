"""Pictures on the wall: behind a passe-partout, on canvas, between two bars. ``at`` is the middle of the piece."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.wallware import HANGS, frame
from imagegen.rooms.shapes import Shape, bar, join, panel, sheet, slab, tube

_SLOTS = ("frame", "mat", "art", "glass")


def _art(spec: Spec) -> str:
    return str(spec.settings.get("art", "art"))


def _framed(spec: Spec, border: float, foot: float = 1.0) -> list[Piece]:
    """Frame, passe-partout of ``border`` metres (``foot`` times that below) and the sheet."""
    width, depth, height = spec.size
    rail = spec.number("rail", 0.018)
    pieces = [Piece("frame", frame(width, height, rail, depth))]
    inner_w, inner_h = width - 2 * rail, height - 2 * rail
    low = border * foot
    art_w, art_h = inner_w - 2 * border, inner_h - border - low
    z = -inner_h / 2 + low
    if border:
        deep = 0.006
        boards = [
            slab((-inner_w / 2, -deep - 0.004, -inner_h / 2), (inner_w / 2, -0.004, z), 0.0008),
            slab((-inner_w / 2, -deep - 0.004, z + art_h), (inner_w / 2, -0.004, inner_h / 2), 0.0008),
            slab((-inner_w / 2, -deep - 0.004, z), (-art_w / 2, -0.004, z + art_h), 0.0008),
            slab((art_w / 2, -deep - 0.004, z), (inner_w / 2, -0.004, z + art_h), 0.0008),
        ]
        pieces.append(Piece("mat", join(boards)))
    return [*pieces, Piece(_art(spec), panel(art_w, art_h, (0, -0.005, z)), sheet=(art_w, art_h))]


@kind("print", 23, _SLOTS, ("mat",), words=HANGS, near=1.3)
def matted(spec: Spec) -> list[Piece]:
    """A framed print with a passe-partout, a little deeper below; ``settings.border`` its share, ``rail`` metres.

    Every form: ``settings.art`` picks the slot of the picture.
    """
    return _framed(spec, spec.number("border", 0.16) * min(spec.size[0], spec.size[2]), 1.12)


@form("print", "bare")
def bare(spec: Spec) -> list[Piece]:
    """A framed print to the edge."""
    return _framed(spec, 0.0)


@form("print", "tall")
def tall(spec: Spec) -> list[Piece]:
    """A narrow upright sheet with much passe-partout below, in a thin frame."""
    return _framed(spec, spec.number("border", 0.12) * spec.size[0], 1.9)


@form("print", "canvas")
def canvas(spec: Spec) -> list[Piece]:
    """A stretched canvas in a floating frame: a shadow gap runs round the picture."""
    width, depth, height = spec.size
    rail, gap = spec.number("rail", 0.010), 0.008
    w, h = width - 2 * (rail + gap), height - 2 * (rail + gap)
    back = slab((-width / 2 + 0.002, -0.008, -height / 2 + 0.002), (width / 2 - 0.002, 0, height / 2 - 0.002), 0.001)
    picture = _wrapped(w, h, depth - 0.004)
    return [Piece("frame", join([frame(width, height, rail, depth), back])), Piece(_art(spec), picture, sheet=(w, h))]


def _wrapped(width: float, height: float, deep: float) -> Shape:
    """A canvas whose picture runs over rounded edges to its sides."""
    r = 0.004
    turn = np.linspace(0, np.pi / 2, 4)
    inset = np.concatenate([[0.0], r * (1 - np.cos(turn))])  # from the side's foot round to the face
    front = np.concatenate([[0.008], deep - r + r * np.sin(turn)])
    x = np.concatenate([-width / 2 + inset, (width / 2 - inset)[::-1]])
    z = np.concatenate([-height / 2 + inset, (height / 2 - inset)[::-1]])
    fx, fz = np.concatenate([front, front[::-1]]), np.concatenate([front, front[::-1]])
    grid = np.stack(
        [np.broadcast_to(x, (10, 10)), -np.minimum(fx[None, :], fz[:, None]), np.broadcast_to(z[:, None], (10, 10))],
        axis=2,
    )
    uv = np.stack([np.clip(grid[..., 0] + width / 2, 0, width), np.clip(grid[..., 2] + height / 2, 0, height)], axis=2)
    return sheet(grid, uv)


@form("print", "poster")
def poster(spec: Spec) -> list[Piece]:
    """A sheet between two pairs of wooden bars, hung from a cord; the paper bows a little from the wall."""
    width, depth, height = spec.size
    bar_h, cord = 0.022, min(0.12, 0.16 * height)
    top, low = height / 2 - cord, -height / 2
    mid = min(depth, 0.022) / 2
    rails = [slab((-width / 2, -2 * mid, z), (width / 2, 0, z + bar_h), 0.002) for z in (top - bar_h, low)]
    ropes = [
        bar((s * width * 0.36, -mid, top - 0.002), (0, -0.004, height / 2 - 0.004), 0.0013, segments=6) for s in (-1, 1)
    ]
    nail = tube(np.array([[0, 0, height / 2 - 0.004], [0, -0.010, height / 2 - 0.003]]), 0.0022, 8)
    w, h = width - 0.012, top - low - 0.01
    share = np.linspace(0, 1, 15)
    bow = mid + 0.004 * np.sin(np.pi * share) + 0.0015 * np.sin(3 * np.pi * share)
    x = np.linspace(-w / 2, w / 2, 5)
    grid = np.stack(
        [
            np.broadcast_to(x, (15, 5)),
            np.broadcast_to(-bow[:, None], (15, 5)),
            np.broadcast_to((low + 0.005 + share * h)[:, None], (15, 5)),
        ],
        axis=2,
    )
    uv = np.stack([np.broadcast_to(x + w / 2, (15, 5)), np.broadcast_to((share * h)[:, None], (15, 5))], axis=2)
    return [Piece("frame", join([*rails, *ropes, nail])), Piece(_art(spec), sheet(grid, uv), sheet=(w, h))]
