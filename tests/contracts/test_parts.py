"""What every form of every part promises, asked of everything that is registered."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from imagegen.rooms.parts import KINDS, Piece, Spec
from imagegen.rooms.shapes import Shape
from tests.contracts.part_sizes import (
    BEYOND,
    BUDGETS,
    CEILING,
    FORM_BUDGETS,
    FORMS,
    FREE_STANDING,
    HANGING,
    LEAVES,
    LOW,
    MIDDLE,
    OFF_THE_FLOOR,
    SIZES,
    SOFT,
    STICKING_OUT,
    SURFACES,
    WALL,
    Size,
)

EVERY = [(kind, form) for kind in sorted(KINDS) for form in KINDS[kind].forms]
NAMES = [f"{kind}-{form}".rstrip("-") for kind, form in EVERY]
every_form = pytest.mark.parametrize(("kind", "form"), EVERY, ids=NAMES)


def size_of(kind: str, form: str) -> Size:
    return FORMS.get((kind, form), SIZES[kind])


@cache
def built(kind: str, form: str) -> list[Piece]:
    return KINDS[kind].form(form).build(Spec(size_of(kind, form), form, {}, 7))


def points(pieces: list[Piece]) -> np.ndarray:
    return np.concatenate([piece.shape.vertices for piece in pieces])


@every_form
def test_it_is_the_same_every_time_and_wears_what_its_form_declares(kind: str, form: str) -> None:
    for piece, twin in zip(built(kind, form), built.__wrapped__(kind, form), strict=True):
        assert (piece.slot, piece.segment, piece.sheet) == (twin.slot, twin.segment, twin.sheet)
        for name in ("vertices", "faces", "uv", "normals"):
            np.testing.assert_array_equal(getattr(piece.shape, name), getattr(twin.shape, name))
        assert piece.slot in KINDS[kind].form(form).slots
        assert 1 <= (KINDS[kind].segment if piece.segment is None else piece.segment) <= 150


@every_form
def test_its_surface_is_sound_and_no_heavier_than_its_class(kind: str, form: str) -> None:
    for piece in built(kind, form):
        shape = piece.shape
        assert np.isfinite(shape.vertices).all(), piece.slot
        assert np.isfinite(shape.uv).all(), piece.slot
        facing = facing_of(shape)
        real = np.linalg.norm(facing, axis=1) > 1e-10  # twice the square metres of a triangle
        used = shape.normals[np.unique(shape.faces[real])]
        assert np.abs(np.linalg.norm(used, axis=1) - 1.0).max() < 0.01, piece.slot
        outward = np.einsum("ij,ij->i", facing, shape.normals[shape.faces].mean(axis=1))[real] > 0
        assert outward.mean() > 0.96, piece.slot
        assert not inside_out(shape), piece.slot
        assert (kind, piece.slot) in LEAVES or 0.7 < stretch(shape) < 1.3, piece.slot
    assert sum(len(piece.shape.faces) for piece in built(kind, form)) <= FORM_BUDGETS.get((kind, form), BUDGETS[kind])


@every_form
def test_it_keeps_within_its_footprint(kind: str, form: str) -> None:
    size, on_wall = size_of(kind, form), kind in WALL and (kind, form) not in FREE_STANDING
    for piece in built(kind, form):
        spare = 0.10 if piece.slot in SOFT else 0.03
        low, high = piece.shape.vertices.min(axis=0), piece.shape.vertices.max(axis=0)
        if kind not in BEYOND:
            assert np.abs([low[0], high[0]]).max() <= size[0] / 2 + spare, piece.slot
        if on_wall:
            assert high[1] <= 0.006, piece.slot
            assert low[1] >= -size[1] - spare - 0.02, piece.slot
        elif kind != "window":  # its leaf and sill lie in the wall, its depth is the wall's
            assert np.abs([low[1], high[1]]).max() <= size[1] / 2 + spare, piece.slot


@every_form
def test_it_stands_hangs_or_lies_where_its_kind_does(kind: str, form: str) -> None:
    cloud, tall = points(built(kind, form)), size_of(kind, form)[2]
    low, high = float(cloud[:, 2].min()), float(cloud[:, 2].max())
    if kind in CEILING or (kind, form) in HANGING:
        assert abs(high) <= 0.003
        assert low >= -tall - 0.05
    elif kind in MIDDLE and (kind, form) not in FREE_STANDING:
        assert low < 0.001
        assert high > 0.0
    elif kind not in LOW:
        assert -0.003 <= low <= (tall if (kind, form) in OFF_THE_FLOOR else 0.012)
        if kind not in STICKING_OUT:
            assert high <= tall + 0.10
    if kind in SURFACES:
        rests = points([piece for piece in built(kind, form) if piece.slot not in SOFT])
        rests = rests[rests[:, 1] < 0.0] if form == "secretary" else rests  # its gallery stands behind
        assert rests[:, 2].max() == pytest.approx(tall, abs=0.002)


def test_every_kind_has_a_size_and_a_budget() -> None:
    assert set(KINDS) == set(SIZES) == set(BUDGETS)
    assert set(FORMS) <= set(EVERY)


def facing_of(shape: Shape) -> np.ndarray:
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    return np.cross(b - a, c - a)


def stretch(shape: Shape) -> float:
    """How many metres of texture there are along a metre of edge: the median, by the area of the faces."""
    area = np.linalg.norm(facing_of(shape), axis=1)
    corners, coordinates = shape.vertices[shape.faces], shape.uv[shape.faces]
    long = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2)
    drawn = np.linalg.norm(coordinates - np.roll(coordinates, 1, axis=1), axis=2)
    ratio = (drawn / np.maximum(long, 1e-9)).ravel()
    order = np.argsort(ratio)
    share = np.cumsum(np.repeat(area, 3)[order])
    return float(ratio[order][np.searchsorted(share, share[-1] / 2)])


def inside_out(shape: Shape) -> bool:
    """Whether any closed shell of it has a negative volume; sheets have an edge and are not asked."""
    _, welded = np.unique(np.round(shape.vertices, 5), axis=0, return_inverse=True)
    faces = welded.reshape(-1)[shape.faces]
    facing = facing_of(shape)
    count = int(welded.max()) + 1
    start, end = faces.ravel(), np.roll(faces, -1, axis=1).ravel()
    _, shell = connected_components(coo_array((np.ones(len(start)), (start, end)), (count, count)), directed=False)
    own = shell[faces[:, 0]]
    edges = coo_array((np.where(start < end, 1, -1), (np.minimum(start, end), np.maximum(start, end))), (count, count))
    edges.sum_duplicates()
    open_ = np.unique(shell[edges.row[edges.data != 0]])
    volumes = np.bincount(own, np.einsum("ij,ij->i", shape.vertices[shape.faces[:, 0]], facing) / 6)
    volumes[open_] = 0.0
    return bool((volumes < -1e-7).any())
