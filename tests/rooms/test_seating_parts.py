from functools import cache

import numpy as np
import pytest

from imagegen.rooms.parts import KINDS, Piece, Spec
from imagegen.rooms.parts.turning import peg, plate, polar, post
from imagegen.rooms.parts.upholstery import blanket_over, buttoned, loose, stuffed
from imagegen.rooms.shapes import Shape

SIZES = {
    "sofa": (2.16, 0.92, 0.80),
    "armchair": (0.76, 0.80, 0.88),
    "pouf": (0.52, 0.52, 0.38),
    "bench": (1.2, 0.38, 0.45),
    "coffee-table": (1.1, 0.66, 0.38),
    "side-table": (0.42, 0.42, 0.50),
}
FORMS = [(kind, form) for kind in SIZES for form in KINDS[kind].forms]
SEATS = [(kind, form) for kind, form in FORMS if kind in {"sofa", "armchair"}]
LOOSE = {40, 132}  # cushions and blankets may stick out


@cache
def built(kind: str, form: str, **settings: float) -> list[Piece]:
    return KINDS[kind].form(form).build(Spec(SIZES[kind], form, settings, 7))


def body(pieces: list[Piece]) -> np.ndarray:
    return np.concatenate([piece.shape.vertices for piece in pieces if piece.segment not in LOOSE])


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_it_stands_on_the_floor_within_its_size(kind: str, form: str) -> None:
    points, (width, depth, height) = body(built(kind, form)), SIZES[kind]
    assert -0.0015 <= points[:, 2].min() <= 0.006
    assert np.abs(points[:, 0]).max() <= width / 2 + 0.03
    assert np.abs(points[:, 1]).max() <= depth / 2 + 0.03
    assert points[:, 2].max() <= height + 0.03
    assert points[:, 2].max() >= height - 0.04


@pytest.mark.parametrize(("kind", "form"), SEATS)
def test_a_seat_is_as_high_as_a_knee(kind: str, form: str) -> None:
    width, depth, _ = SIZES[kind]
    points = np.concatenate([piece.shape.vertices for piece in built(kind, form) if piece.slot == "main"])
    x, y = points[:, 0] / width, points[:, 1] / depth
    middle = points[(np.abs(np.abs(x) - 0.12) < 0.11) & (y > -0.40) & (y < -0.08)]
    assert 0.43 <= middle[:, 2].max() <= 0.49  # a cushion gives way by a centimetre or two


def volume(shape: Shape) -> float:
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


def flat(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Twice the signed area between two directions, seen from above."""
    return np.asarray(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])


def within(points: np.ndarray, shape: Shape) -> np.ndarray:
    """How many closed shells are around each point, by what lies straight above it."""
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    area = flat(b - a, c - a)
    count = np.zeros(len(points), int)
    for index, point in enumerate(points):
        to_a, to_b, to_c = (corner[:, :2] - point[:2] for corner in (a, b, c))
        shares = np.column_stack([flat(to_b, to_c), flat(to_c, to_a), flat(to_a, to_b)])
        over = (np.sign(shares) == np.sign(area)[:, None]).all(axis=1) & (np.abs(area) > 1e-12)
        weight = shares[over] / area[over][:, None]
        height = (weight * np.column_stack([a[over, 2], b[over, 2], c[over, 2]])).sum(axis=1)
        count[index] = int(np.sign(area[over])[height > point[2]].sum())
    return count


@pytest.mark.parametrize(
    "form", ["track", "slab", "soft", "tufted", "modular", "slipcover", "platform", "daybed", "chesterfield"]
)
def test_a_throw_lies_on_the_sofa_and_not_in_it(form: str) -> None:
    pieces = built("sofa", form)
    throw = next(piece.shape for piece in pieces if piece.slot == "throw")
    main = next(piece.shape for piece in pieces if piece.slot == "main")
    sample = throw.vertices[:: max(1, len(throw.vertices) // 70)]
    assert (within(sample, main) > 0).mean() < 0.03


@pytest.mark.parametrize("form", list(KINDS["sofa"].forms))
def test_settings_leave_cushions_and_throw_away(form: str) -> None:
    slots = [piece.slot for piece in built("sofa", form, cushions=1, throw=0)]
    assert "throw" not in slots
    assert "cushion2" not in slots


def test_legs_are_cut_level_at_both_ends() -> None:
    for leg in (peg((0.3, 0.2, 0.0), (0.2, 0.1, 0.4), 0.01, 0.02), post((0.3, 0.2, 0.0), (0.2, 0.1, 0.4), 0.02, 0.03)):
        assert leg.vertices[:, 2].min() == pytest.approx(0.0, abs=1e-9)
        assert leg.vertices[:, 2].max() == pytest.approx(0.4, abs=1e-9)


def test_a_board_of_any_outline_is_as_thick_and_wide_as_asked() -> None:
    board = plate(polar(np.ones_like, 64) * [0.5, 0.3], 0.35, 0.38)
    assert np.allclose(np.ptp(board.vertices, axis=0), (1.0, 0.6, 0.03), atol=1e-3)
    assert volume(board) == pytest.approx(np.pi * 0.5 * 0.3 * 0.03, rel=0.03)


def test_stuffing_crowns_the_faces_and_piping_stays_on_the_edge() -> None:
    plain, piped = (stuffed((0.6, 0.6, 0.18), 0.04, (0.0, 0.0, 0.03), 1, welt) for welt in (0.0, 0.004))
    assert 0.195 < plain.vertices[:, 2].max() <= 0.215
    assert piped.vertices[:, 2].max() == pytest.approx(plain.vertices[:, 2].max(), abs=1e-6)


def test_a_loose_cushion_is_full_in_its_middle_and_thin_at_its_seam() -> None:
    points = loose(0.45, 0.45, 0.18, 3).vertices
    middle = points[np.hypot(points[:, 0], points[:, 1]) < 0.06]
    corner = points[(np.abs(points[:, 0]) > 0.21) & (np.abs(points[:, 1]) > 0.21)]
    assert np.ptp(middle[:, 2]) > 0.14
    assert np.ptp(corner[:, 2]) < 0.04


def test_buttons_draw_the_cover_in() -> None:
    places = np.array([(-0.2, 0.0), (0.0, 0.0), (0.2, 0.0)])
    panel, knobs = buttoned(0.7, 0.4, 0.08, places, 0.025)
    near = panel.vertices[np.hypot(panel.vertices[:, 0], panel.vertices[:, 1]) < 0.012]
    assert near[:, 2].min() < 0.062
    assert panel.vertices[:, 2].max() > 0.078
    assert knobs.vertices[:, 2].max() < 0.08


def test_a_blanket_keeps_clear_of_what_it_covers() -> None:
    path = np.column_stack([np.zeros(20), np.linspace(0.0, 1.0, 20), np.full(20, 0.5)])
    cloth = blanket_over(path, 0.5, (1.0, 0.0, 0.0), 2)
    side = np.sign(cloth.vertices[:, 2] - 0.5)
    assert (side == side[0]).all()
