from __future__ import annotations

import numpy as np
import pytest

from imagegen.rooms.parts import KINDS, Spec
from imagegen.rooms.parts.bedding import Mattress, bedding
from imagegen.rooms.parts.draping import fall, finer, rounded_box

SIZES = {"canopy": (1.7, 2.15, 2.05), "platform": (1.95, 2.25, 0.75), "floating": (2.3, 2.2, 0.85)}
BED = Mattress(1.6, -1.0, 1.0, 0.28, 0.52, 0.24, 0.22, 1.01)


def built(form: str, **settings: float) -> dict[str, np.ndarray]:
    spec = Spec(SIZES.get(form, (1.7, 2.15, 1.1)), form, settings, 3)
    slots: dict[str, list[np.ndarray]] = {}
    for piece in KINDS["bed"].form(form).build(spec):
        slots.setdefault(piece.slot, []).append(piece.shape.vertices)
    return {slot: np.concatenate(points) for slot, points in slots.items()}


@pytest.mark.parametrize("form", sorted(KINDS["bed"].forms))
def test_bed_is_as_high_as_one_sits_and_keeps_within_its_size(form: str) -> None:
    slots, size = built(form), SIZES.get(form, (1.7, 2.15, 1.1))
    low, high = (0.35, 0.45) if form == "platform" else (0.45, 0.60)
    middle = (np.abs(slots["sheet"][:, 0]) < size[0] / 2 - 0.07) & (slots["sheet"][:, 1] > size[1] / 2 - 0.25)
    tops = slots["sheet"][middle][:, 2]
    assert low <= tops[tops < 0.65].max() <= high
    wood = np.concatenate([slots["frame"], slots["headboard"]])
    assert (wood[:, :2].max(axis=0) <= np.array(size[:2]) / 2 + 0.03).all()
    assert (wood[:, :2].min(axis=0) >= -np.array(size[:2]) / 2 - 0.03).all()
    assert wood[:, 2].min() == pytest.approx(0.0, abs=0.004)
    assert wood[:, 2].max() == pytest.approx(size[2], abs=0.03)
    cloth = np.concatenate([points for slot, points in slots.items() if slot not in {"frame", "headboard"}])
    assert cloth[:, 2].min() > 0.0
    assert np.abs(cloth[:, 0]).max() < size[0] / 2 + 0.09


def test_duvet_lies_on_the_mattress_and_hangs_over_its_edges() -> None:
    pieces = bedding(Spec((1.7, 2.1, 1.0), "", {}, 3), BED)
    duvet = next(piece for piece in pieces if piece.slot == "duvet").shape.vertices
    above = (np.abs(duvet[:, 0]) < BED.width / 2 - 0.06) & (duvet[:, 1] > BED.foot + 0.06)
    above &= duvet[:, 2] > BED.base  # a corner may swing in below
    assert duvet[above][:, 2].min() > BED.top - 0.012
    assert duvet[above][:, 2].max() < BED.top + 0.10
    for side in (-1, 1):
        hanging = duvet[(duvet[:, 0] * side > BED.width / 2) & (duvet[:, 1] > BED.foot + 0.2)]
        assert BED.top - 0.34 < hanging[:, 2].min() < BED.top - 0.14


def test_the_same_seed_makes_the_same_bed_and_another_seed_another() -> None:
    one, two, other = (bedding(Spec((1.7, 2.1, 1.0), "", {}, seed), BED)[2].shape.vertices for seed in (4, 4, 5))
    assert np.array_equal(one, two)
    assert not np.allclose(one, other)


def test_settings_leave_the_throw_and_the_pillows_out() -> None:
    assert "throw" not in built("panel", throw=0)
    assert "cushion1" not in built("panel", accent=0)
    single = built("panel", pillows=1)
    assert "pillow2" not in single
    assert "pillow1" in single


def test_pillows_touch_the_mattress_and_stay_before_the_headboard() -> None:
    for piece in bedding(Spec((1.7, 2.1, 1.0), "", {}, 3), BED):
        if piece.slot.startswith("pillow"):
            low, high = piece.shape.vertices.min(axis=0), piece.shape.vertices.max(axis=0)
            assert BED.top - 0.03 < low[2] < BED.top + 0.01
            assert high[1] < BED.rest + 0.03


def test_cloth_falls_onto_a_block_without_stretching_or_entering_it() -> None:
    x = np.linspace(-0.4, 0.4, 21)
    flat = np.stack(np.meshgrid(x, x), axis=2)
    start = np.concatenate([flat, np.full((21, 21, 1), 0.33)], axis=2)
    block = rounded_box(np.array([-0.2, -0.2, 0.0]), np.array([0.2, 0.2, 0.3]), 0.02)
    lying = fall(start, flat, (block,), 40)
    assert lying[10, 10, 2] == pytest.approx(0.32, abs=0.01)
    assert lying[0, 10, 2] < 0.24
    inside = (np.abs(lying[..., 0]) < 0.199) & (np.abs(lying[..., 1]) < 0.199)
    assert (lying[inside][:, 2] > 0.29).all()
    threads = np.linalg.norm(np.diff(lying, axis=1), axis=2) / 0.04
    assert np.median(threads) == pytest.approx(1.0, abs=0.06)
    assert np.quantile(threads, 0.9) < 1.25


def test_finer_grid_goes_through_the_points_of_the_coarse_one() -> None:
    grid = np.random.default_rng(1).normal(size=(5, 6, 3))
    fine = finer(grid)
    assert fine.shape == (9, 11, 3)
    assert np.allclose(fine[::2, ::2], grid, atol=1e-6)
