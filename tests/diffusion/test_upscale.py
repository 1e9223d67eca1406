from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from imagegen.diffusion.request import Painting, Request
from imagegen.diffusion.tiles import TILED_STRENGTH, refined, strip
from imagegen.diffusion.upscale import enlarged

FINE, SMALL = (384, 288), (96, 72)


def drawing(seed=3, shift=0):
    """A room-like picture with hard edges, thin lines and a fine grain on one wall."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", FINE, (200, 195, 185))
    pen = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = random.integers(0, 330), random.integers(0, 240)
        pen.rectangle(
            (x, y, x + random.integers(20, 90), y + random.integers(20, 80)), fill=tuple(random.integers(20, 240, 3))
        )
    for _ in range(10):
        pen.line([tuple(random.integers(0, 280, 2)) for _ in range(2)], fill=(30, 30, 30), width=2)
    return np.roll(np.asarray(image), shift, axis=(0, 1))


def shrunk(picture):
    return np.asarray(Image.fromarray(picture).resize(SMALL, Image.Resampling.BOX))


def recoloured(picture):
    """The same room as another painter has it: other light, other tints, less contrast."""
    return np.rint(20 + picture * np.array([0.75, 0.7, 0.55])).astype(np.uint8)


def psnr(one, other):
    return 10 * np.log10(255**2 / np.mean((one.astype(float) - other) ** 2))


def test_detail_of_the_traced_picture_makes_the_painted_one_sharper():
    traced = drawing()
    truth = recoloured(traced)
    painted = shrunk(truth)
    plain, guided = psnr(enlarged(painted, FINE), truth), psnr(enlarged(painted, FINE, traced), truth)
    assert guided > plain + 1.5


def test_where_the_pictures_show_different_things_nothing_is_taken_over():
    painted = shrunk(recoloured(drawing(seed=8)))
    plain, guided = enlarged(painted, FINE), enlarged(painted, FINE, drawing(seed=3))
    change = np.abs(plain.astype(int) - guided)
    own = np.abs(drawing(seed=3).astype(int) - enlarged(shrunk(drawing(seed=3)), FINE))
    assert change.mean() < 0.15 * own.mean()


def test_a_painted_thing_that_moved_a_little_is_not_doubled():
    traced = drawing(shift=6)  # a pixel and a half of the painted picture
    truth = recoloured(drawing())
    painted = shrunk(truth)
    assert psnr(enlarged(painted, FINE, traced), truth) > psnr(enlarged(painted, FINE), truth) - 0.4


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_pixel_leaves_the_range_of_its_surroundings(seed):
    """An overshoot beside an edge is a halo."""
    painted = shrunk(recoloured(drawing(seed)))
    padded = np.pad(painted, ((2, 2), (2, 2), (0, 0)), "edge")
    around = np.stack([padded[y : y + 72, x : x + 96] for y in range(5) for x in range(5)])
    low, high = (np.kron(bound, np.ones((4, 4, 1))) for bound in (around.min(axis=0), around.max(axis=0)))
    for guide in (None, drawing(seed), drawing(seed + 5)):
        made = enlarged(painted, FINE, guide)
        assert (made >= low).all()
        assert (made <= high).all()


def test_an_even_picture_stays_even_whatever_guides_it():
    even = np.full((72, 96, 3), 130, np.uint8)
    np.testing.assert_array_equal(enlarged(even, FINE, drawing()), np.full((288, 384, 3), 130))


def test_a_picture_of_the_size_asked_for_stays_as_it_is():
    picture = drawing()
    np.testing.assert_array_equal(enlarged(picture, FINE), picture)


@given(st.integers(40, 700), st.integers(24, 120), st.floats(0.1, 0.33))
@settings(max_examples=120, deadline=None)
def test_the_weights_of_all_tiles_are_one_exactly_and_no_pixel_is_left_out(length, tile, overlap):
    length = max(length, tile)
    made = strip(length, tile, overlap)
    assert (made.weights.sum(axis=0, dtype=np.float32) == 1).all()
    assert made.weights.min() >= 0
    assert made.starts[0] == 0
    assert made.starts[-1] == length - tile
    for start, weights in zip(made.starts, made.weights, strict=True):
        assert not weights[:start].any()
        assert not weights[start + tile :].any()
    steps = np.abs(np.diff(made.weights, axis=1))
    assert steps.max() <= np.pi / 2 / max(round(tile * overlap), 1) + 1e-3


def template(size=(64, 48), **changes):
    width, height = size
    asked = Request(
        "mini", "a room", "people", 40, np.zeros((height, width, 3), np.uint8), np.zeros((height, width), np.float32)
    )
    return replace(asked, **changes)


class Painter:
    """Paints tiles by a rule and notes what it was asked for."""

    def __init__(self, rule):
        self.rule, self.rows = rule, []

    def __call__(self, requests):
        self.rows.append(list(requests))
        return [Painting(self.rule(request)) for request in requests]


@given(st.integers(30, 260), st.integers(30, 200))
@settings(max_examples=25, deadline=None)
def test_tiles_that_change_nothing_change_nothing(width, height):
    picture = np.random.default_rng(width).integers(0, 256, (height, width, 3)).astype(np.uint8)
    np.testing.assert_array_equal(refined(template(), picture, Painter(lambda request: request.picture)), picture)


def test_each_tile_is_a_request_at_the_models_size_with_its_part_of_everything():
    random = np.random.default_rng(0)
    picture = random.integers(0, 256, (130, 200, 3)).astype(np.uint8)
    keep = random.random((130, 200)).astype(np.float32)
    depth = random.integers(0, 256, (130, 200, 6)).astype(np.uint8)
    painter = Painter(lambda request: request.picture)
    refined(template(), picture, painter, keep=keep, controls={"room": depth})
    across, down = strip(200, 64), strip(130, 48)
    assert [len(row) for row in painter.rows] == [len(across.starts)] * len(down.starts)
    seeds = [request.seed for row in painter.rows for request in row]
    assert seeds == list(range(40, 40 + len(seeds)))
    assert len({request.key for row in painter.rows for request in row}) == 1
    for row, top in zip(painter.rows, down.starts, strict=True):
        for request, left in zip(row, across.starts, strict=True):
            part = np.s_[top : top + 48, left : left + 64]
            assert request.size == (64, 48)
            assert request.strength == TILED_STRENGTH
            assert request.words == "a room"
            np.testing.assert_array_equal(request.picture, picture[part])
            np.testing.assert_array_equal(request.keep, keep[part])
            np.testing.assert_array_equal(request.controls["room"], depth[part])


def test_tiles_of_different_tones_meet_without_a_step():
    tones = iter(range(60, 200, 10))
    painter = Painter(lambda request: np.full_like(request.picture, next(tones)))
    made = refined(template(), np.zeros((48, 300, 3), np.uint8), painter).astype(int)
    assert made.min() == 60
    assert np.abs(np.diff(made, axis=1)).max() <= 2
    assert made.std() > 5


def test_tiles_that_are_wholly_kept_are_not_painted():
    keep = np.zeros((48, 300), np.float32)
    keep[:, :120] = 1
    painter = Painter(lambda request: np.full_like(request.picture, 200))
    made = refined(template(), np.full((48, 300, 3), 50, np.uint8), painter, keep=keep)
    assert len(painter.rows[0]) == len(strip(300, 64).starts) - 2
    assert (made[:, :60] == 50).all()
    assert (made[:, 200:] == 200).all()


def test_a_picture_smaller_than_a_tile_is_one_tile():
    painter = Painter(lambda request: 255 - request.picture)
    picture = np.full((30, 40, 3), 55, np.uint8)
    made = refined(template(), picture, painter)
    assert made.shape == picture.shape
    assert (made == 200).all()
    assert painter.rows[0][0].size == (64, 48)
