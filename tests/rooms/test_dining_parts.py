"""Chairs, tables, desks and what lies on them have the scale a carpenter would accept."""

import numpy as np
import pytest

from imagegen.rooms.parts import KINDS, Piece, Spec
from imagegen.rooms.parts.bentwood import envelope_seat, limb, moulded
from imagegen.rooms.parts.crockery import plate, tumbler, wine_glass
from imagegen.rooms.shapes import Shape
from imagegen.types import Doubles

SIZES = {
    "dining-chair": (0.5, 0.52, 0.84),
    "dining-table": (1.8, 0.9, 0.75),
    "desk": (1.4, 0.7, 0.74),
    "office-chair": (0.62, 0.62, 0.9),
    "counter": (1.8, 0.9, 0.9),
    "tableware": (1.6, 0.9, 0.3),
    "desk-set": (0.8, 0.45, 0.25),
}
STANDING = [(kind, form) for kind in SIZES for form in KINDS[kind].forms]
STANDING += [("stool", "bar"), ("stool", "milking")]


def built(kind: str, form: str, **settings: float | str) -> list[Piece]:
    size = SIZES.get(kind, (0.40, 0.40, 0.45))
    return KINDS[kind].form(form).build(Spec(size, form, settings, 3))


def points(pieces: list[Piece], *slots: str) -> Doubles:
    return np.concatenate([p.shape.vertices for p in pieces if not slots or p.slot in slots])


def facing(shape: Shape) -> float:
    """The share of faces whose corners' normals point to the face's own side."""
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    real = np.linalg.norm(normal, axis=1) > 1e-10
    mean = shape.normals[shape.faces].mean(axis=1)
    return float((np.einsum("ij,ij->i", normal, mean)[real] > 0).mean())


@pytest.mark.parametrize(("kind", "form"), STANDING)
def test_stands_on_the_floor_and_fills_its_size(kind: str, form: str) -> None:
    pieces = built(kind, form)
    cloud, size = points(pieces), SIZES.get(kind, (0.40, 0.40, 0.45))
    assert cloud[:, 2].min() == pytest.approx(0.0, abs=0.002)
    assert np.all(np.abs(cloud[:, :2]).max(axis=0) <= np.array(size[:2]) / 2 + 0.03)
    if kind not in ("tableware", "desk-set"):
        assert np.all(np.ptp(cloud[:, :2], axis=0) >= np.array(size[:2]) - 0.06)


@pytest.mark.parametrize("form", list(KINDS["dining-chair"].forms))
def test_a_dining_chair_is_sat_on_at_43_to_47_cm(form: str) -> None:
    assert 0.43 <= seat_height(built("dining-chair", form)) <= 0.47


@pytest.mark.parametrize("form", list(KINDS["office-chair"].forms))
def test_an_office_chair_is_sat_on_at_43_to_48_cm(form: str) -> None:
    assert 0.43 <= seat_height(built("office-chair", form)) <= 0.48


def seat_height(pieces: list[Piece]) -> float:
    cloud = points(pieces)
    middle = cloud[(np.abs(cloud[:, 0]) < 0.14) & (cloud[:, 1] > -0.17) & (cloud[:, 1] < 0.07) & (cloud[:, 2] < 0.60)]
    return float(middle[:, 2].max())


@pytest.mark.parametrize("form", list(KINDS["dining-chair"].forms))
def test_the_height_of_a_seat_can_be_set(form: str) -> None:
    low, high = (seat_height(built("dining-chair", form, seat=z)) for z in (0.43, 0.46))
    assert high - low == pytest.approx(0.03, abs=0.004)


@pytest.mark.parametrize(
    ("kind", "form"), [(kind, form) for kind in ("dining-table", "desk", "counter") for form in KINDS[kind].forms]
)
def test_a_top_is_as_high_as_asked_and_20_to_60_mm_thick(kind: str, form: str) -> None:
    top = points(built(kind, form), "top")
    height = SIZES[kind][2]
    if form == "secretary":  # its gallery stands on the writing surface
        top = top[top[:, 1] < 0.0]
    assert top[:, 2].max() == pytest.approx(height, abs=0.002)
    assert 0.020 <= height - top[:, 2].min() <= 0.0601


@pytest.mark.parametrize("form", list(KINDS["dining-table"].forms))
def test_knees_fit_under_a_dining_table(form: str) -> None:
    under = points(built("dining-table", form), "legs")
    knees = under[(np.abs(under[:, 0]) < 0.25) & (under[:, 1] < -0.25) & (under[:, 2] > 0.30)]
    assert not len(knees) or knees[:, 2].min() > 0.60


@pytest.mark.parametrize("count", [2, 4, 5, 6])
@pytest.mark.parametrize("form", ["set", "stoneware", "picnic"])
def test_every_place_is_laid_and_none_like_another(form: str, count: int) -> None:
    one, many = (built("tableware", form, places=n, candles=0, runner=0) for n in (1, count))
    per_place = faces(one, "plate")
    assert faces(many, "plate") == count * per_place
    assert points(many)[:, 2].min() >= -0.0005


def faces(pieces: list[Piece], slot: str) -> int:
    return sum(len(p.shape.faces) for p in pieces if p.slot == slot)


@pytest.mark.parametrize(
    "vessel", [plate(0.13), tumbler(0.037, 0.09), wine_glass(0.2)], ids=["plate", "tumbler", "wine"]
)
def test_vessels_are_closed_solids_of_a_believable_wall(vessel: Shape) -> None:
    a, b, c = (vessel.vertices[vessel.faces[:, i]] for i in range(3))
    volume = float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)
    area = float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)
    assert 0.0008 < 2 * volume / area < 0.008  # metres of wall


def test_cords_of_a_woven_seat_leave_no_hole() -> None:
    seat = envelope_seat(0.46, 0.36, 0.38, 0.45, 0.0065, np.random.default_rng(1))
    above = seat.vertices[seat.vertices[:, 2] > 0.425][:, :2]
    for x in np.linspace(-0.15, 0.15, 13):
        for y in np.linspace(-0.15, 0.15, 13):
            assert np.linalg.norm(above - [x, y], axis=1).min() < 0.035
    strands = np.unique(np.round(above[np.abs(above[:, 1] + 0.17) < 0.02, 0], 3))
    assert np.diff(strands).max() < 0.0065


def test_a_limb_is_as_wide_and_thick_as_asked() -> None:
    made = limb(np.array([[0.0, 0, 0], [0.5, 0, 0], [1.0, 0, 0]]), 0.06, 0.02, (0, 0, 1), 6.0)
    assert np.ptp(made.vertices, axis=0) == pytest.approx([1.0, 0.02, 0.06], abs=0.003)


def test_a_moulded_plate_has_its_thickness() -> None:
    u, v = np.meshgrid(np.linspace(0, 0.4, 9), np.linspace(0, 0.3, 9))
    made = moulded(np.stack([u, v, 0 * u], axis=2), 0.009)
    assert np.ptp(made.vertices[:, 2]) == pytest.approx(0.009, abs=1e-6)
    assert facing(made) > 0.99


@pytest.mark.parametrize("state", ["open", "closed", "none"])
def test_a_laptop_is_open_closed_or_away(state: str) -> None:
    pieces = built("desk-set", "", laptop=state)
    screens = [p for p in pieces if p.slot == "screen"]
    assert bool(screens) == (state != "none")
    middle = points(pieces)
    middle = middle[np.abs(middle[:, 0]) < 0.1]
    tall = middle[:, 2].max() if len(middle) else 0.0
    assert {"open": 0.18 < tall < 0.26, "closed": tall < 0.022, "none": tall == 0.0}[state]


def test_the_screen_lies_in_the_middle_of_its_lid() -> None:
    lid, screen = (points(built("desk-set", ""), slot) for slot in ("metal", "screen"))
    high = [cloud[(cloud[:, 2] > 0.10) & (np.abs(cloud[:, 0]) < 0.2)] for cloud in (lid, screen)]
    middles = [(cloud[:, 0].min() + cloud[:, 0].max()) / 2 for cloud in high]
    assert middles[0] == pytest.approx(middles[1], abs=0.002)


def test_what_is_pinned_hangs_before_the_board_and_inside_its_frame() -> None:
    pieces = KINDS["pinboard"].form("").build(Spec((0.9, 0.025, 0.6), "", {}, 5))
    slips = points(pieces, "paper1", "paper2")
    assert slips[:, 1].max() < -0.018
    assert np.abs(slips[:, 0]).max() < 0.45
    assert np.abs(slips[:, 2]).max() < 0.30
