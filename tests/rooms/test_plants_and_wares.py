from collections.abc import Mapping

import numpy as np
import pytest

from imagegen.rooms.parts import KINDS, Piece, Spec
from imagegen.rooms.textures import PATTERNS, Order, paint_tile
from imagegen.types import Doubles

PLANTS = {
    "broad": (0.86, 0.86, 1.6), "fiddle": (0.8, 0.8, 1.7), "monstera": (0.9, 0.9, 1.2), "sword": (0.4, 0.4, 0.9),
    "palm": (0.8, 0.8, 1.5), "fern": (0.6, 0.6, 0.6), "banana": (0.9, 0.9, 1.7), "grass": (0.6, 0.6, 1.5),
    "olive": (0.8, 0.8, 1.6), "bonsai": (0.46, 0.36, 0.42), "cactus": (0.4, 0.4, 0.9), "branch": (0.8, 0.5, 1.2),
}  # fmt: skip
FILLINGS = ("twig", "eucalyptus", "pampas", "tulip", "dried", "branch")
PRINTS = sorted(name for name in PATTERNS if name.startswith("print-"))


def built(
    kind: str,
    form: str,
    size: tuple[float, float, float],
    seed: int = 3,
    settings: Mapping[str, float | str] | None = None,
) -> list[Piece]:
    return KINDS[kind].form(form).build(Spec(size, form, dict(settings or {}), seed))


def points(pieces: list[Piece], *slots: str) -> Doubles:
    return np.concatenate([piece.shape.vertices for piece in pieces if not slots or piece.slot in slots])


@pytest.mark.parametrize("form", sorted(PLANTS))
def test_plant_is_as_tall_as_asked_and_keeps_out_of_the_wall_behind(form: str) -> None:
    size = PLANTS[form]
    for seed in (3, 12):
        every = points(built("plant", form, size, seed))
        assert every[:, 2].min() == pytest.approx(0.0, abs=0.002)
        assert every[:, 2].max() == pytest.approx(size[2], abs=0.005)
        assert np.abs(every[:, 0]).max() <= size[0] / 2 + 0.03
        assert np.abs(every[:, 1]).max() <= size[1] / 2 + 0.03


@pytest.mark.parametrize("form", sorted({*PLANTS, "trailing", "hanging"}))
def test_no_two_plants_are_alike(form: str) -> None:
    size = PLANTS.get(form, (0.5, 0.5, 0.9))
    one, other = built("plant", form, size, 3), built("plant", form, size, 4)
    leaves, others = points(one, "leaf"), points(other, "leaf")
    assert leaves.shape != others.shape or not np.allclose(leaves, others, atol=0.01)


@pytest.mark.parametrize("pot", ["basket", "round", "square", "cylinder", "stand", "tall", "bowl", "tray"])
def test_stems_stand_in_the_soil_of_any_pot(pot: str) -> None:
    pieces = built("plant", "sword", (0.45, 0.45, 0.9), settings={"pot": pot})
    vessel, leaves = points(pieces, "pot"), points(pieces, "leaf")
    soil = points(pieces, "soil")[:, 2].max()
    assert leaves[:, 2].min() < soil < vessel[:, 2].max()
    assert vessel[:, 2].min() == pytest.approx(0.0, abs=0.001) or pot == "stand"
    roots = leaves[leaves[:, 2] < soil + 0.01]
    assert np.hypot(roots[:, 0], roots[:, 1]).max() < np.hypot(vessel[:, 0], vessel[:, 1]).max()


def test_hanging_plant_hangs_from_the_ceiling_by_its_cords() -> None:
    pieces = built("plant", "hanging", (0.5, 0.5, 1.1))
    assert points(pieces)[:, 2].max() == pytest.approx(0.0, abs=0.005)
    assert points(pieces, "pot")[:, 2].max() < -0.3
    assert points(pieces)[:, 2].min() == pytest.approx(-1.1, abs=0.04)


@pytest.mark.parametrize("filling", FILLINGS)
def test_stems_of_a_vase_pass_its_mouth_and_rise_by_their_reach(filling: str) -> None:
    size = (0.16, 0.16, 0.28)
    pieces = built("vase", "thrown", size, settings={"stems": 5, "filling": filling, "reach": 0.5})
    stems = points(pieces, "stem")
    at_mouth = stems[np.abs(stems[:, 2] - size[2]) < 0.01]
    assert np.hypot(at_mouth[:, 0], at_mouth[:, 1]).max() < 0.05
    assert points(pieces)[:, 2].max() == pytest.approx(0.78, abs=0.12)


def test_vase_without_stems_is_a_vase() -> None:
    for form in KINDS["vase"].forms:
        assert [piece.slot for piece in built("vase", form, (0.16, 0.16, 0.28))] == ["main"]


def test_leaning_mirror_stands_on_the_floor_and_touches_the_wall_with_its_head() -> None:
    size = (0.7, 0.28, 1.75)
    every = points(built("mirror", "leaning", size))
    low, high = every.min(axis=0), every.max(axis=0)
    assert low[2] == pytest.approx(0.0, abs=0.012)
    assert high[2] == pytest.approx(size[2], abs=0.02)
    assert high[1] == pytest.approx(size[1] / 2, abs=0.015)
    assert every[every[:, 1] > high[1] - 0.01][:, 2].min() > 0.9 * size[2]


@pytest.mark.parametrize("kind", ["mirror", "clock", "print", "wall-baskets", "hat"])
def test_what_hangs_lies_before_the_wall_within_its_depth(kind: str) -> None:
    size = (0.7, 0.06, 0.8) if kind != "hat" else (0.38, 0.13, 0.38)
    for form in KINDS[kind].forms:
        if form == "leaning":
            continue
        every = points(built(kind, form, size))
        assert every[:, 1].max() <= 0.004, form
        assert every[:, 1].min() >= -size[1] - 0.012, form


@pytest.mark.parametrize("name", PRINTS)
@pytest.mark.parametrize("metres", [(0.5, 0.7), (0.9, 0.6)])
def test_print_shows_its_inks_on_paper_with_grain(name: str, metres: tuple[float, float]) -> None:
    paint = np.array(
        [[0.8, 0.76, 0.68], [0.4, 0.2, 0.1], [0.1, 0.3, 0.4], [0.6, 0.45, 0.2], [0.2, 0.2, 0.1], [0.5, 0.5, 0.4]]
    )
    colour = paint_tile(name, Order(paint, metres, (160, 120), 2, {})).colour
    assert np.isfinite(colour).all()
    assert colour.std(axis=(0, 1)).min() > 0.02
    assert np.abs(np.diff(colour[:, 1].mean(axis=1))).min() > 0
