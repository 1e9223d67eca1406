from __future__ import annotations

import numpy as np
import pytest

from imagegen.rooms.parts import KINDS, Spec
from imagegen.rooms.parts.joinery import openings, plank

STANDING = {
    "nightstand": (0.5, 0.42, 0.54),
    "wardrobe": (1.5, 0.6, 2.1),
    "dresser": (1.2, 0.48, 0.84),
    "sideboard": (1.6, 0.42, 0.74),
    "console": (1.1, 0.34, 0.8),
    "shelf": (1.2, 0.34, 1.9),
}
BORN = [(kind, form) for kind in STANDING for form in KINDS[kind].forms]


def points(kind: str, form: str, size: tuple[float, float, float], **settings: float) -> dict[str, np.ndarray]:
    slots: dict[str, list[np.ndarray]] = {}
    for piece in KINDS[kind].form(form).build(Spec(size, form, settings, 3)):
        slots.setdefault(piece.slot, []).append(piece.shape.vertices)
    return {slot: np.concatenate(made) for slot, made in slots.items()}


@pytest.mark.parametrize(("kind", "form"), BORN)
def test_cabinet_fills_its_size_and_stands_on_the_floor(kind: str, form: str) -> None:
    size = STANDING[kind]
    whole = np.concatenate(list(points(kind, form, size).values()))
    low, high = whole.min(axis=0), whole.max(axis=0)
    assert high[2] == pytest.approx(size[2], abs=0.004)
    assert low[2] == pytest.approx(0.24 if form == "floating" else 0.0, abs=0.004)
    assert (np.abs(low[:2]) <= np.array(size[:2]) / 2 + 0.03).all()
    assert (high[:2] <= np.array(size[:2]) / 2 + 0.03).all()
    assert high[0] - low[0] >= size[0] - 0.05


@pytest.mark.parametrize("form", sorted(KINDS["curtains"].forms))
def test_curtains_hang_free_of_wall_and_floor(form: str) -> None:
    made = points("curtains", form, (2.0, 0.17, 2.4))
    cloth = np.concatenate([vertices for slot, vertices in made.items() if slot != "rod"])
    assert cloth[:, 1].max() < 0.085
    assert cloth[:, 2].min() > 0.0
    assert cloth[:, 2].max() < 2.43


@pytest.mark.parametrize("kind", ["wall-hanging", "wall-shelf"])
def test_what_hangs_on_a_wall_stays_before_it(kind: str) -> None:
    for form in KINDS[kind].forms:
        made = np.concatenate(list(points(kind, form, (0.8, 0.18, 0.9)).values()))
        assert made[:, 1].max() <= 0.0005


@pytest.mark.parametrize("form", ["pegs", "hooks"])
def test_coats_hang_on_their_rail_before_the_wall(form: str) -> None:
    made = points("coat-rack", form, (1.2, 0.08, 0.12), coats=2, hat=1, bag=1)
    assert {"coat1", "coat2", "bag"} <= set(made)
    assert made["coat1"][:, 1].max() <= 0.0
    assert made["coat1"][:, 2].max() < 0.12
    assert set(points("coat-rack", form, (1.2, 0.08, 0.12), coats=0, hat=0, bag=0)) == {"main", "hooks"}


def test_grain_runs_along_a_planks_length_on_every_long_face() -> None:
    for size in ((1.0, 0.1, 0.02), (0.1, 1.0, 0.02), (0.02, 0.1, 1.0)):
        board = plank((0, 0, 0), size)
        long = int(np.argmax(size))
        faces = board.uv[board.faces]
        spread = np.ptp(faces.reshape(-1, 2), axis=0)
        assert spread[0] == pytest.approx(1.0, abs=0.12)
        along = np.ptp(board.vertices[board.faces][..., long], axis=1)
        assert along.max() == pytest.approx(np.ptp(faces[..., 0], axis=1).max(), abs=1e-6)


def test_openings_leave_a_gap_between_neighbours() -> None:
    first, second = openings(0.0, 1.0, 0.0, 0.5, 2, 1, 0.004)
    assert second[0] - first[1] == pytest.approx(0.004)
    assert first[0] == pytest.approx(0.002)
