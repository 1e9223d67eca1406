"""What is built into a room: openings closed where they must be, plates thin, skirtings as a style asks."""

from __future__ import annotations

import numpy as np
import pytest

from imagegen.rooms.parts import KINDS, Piece, Spec
from imagegen.rooms.parts.openwork import arch, band, level, moulding, rails, spandrel, timber
from imagegen.rooms.shapes import Shape, join
from imagegen.rooms.shell import Extent, fitted, shell
from imagegen.rooms.textures import Order, paint_tile
from styles.library import default_library
from styles.schema import Part, RolePage

SIZES = {
    "window": (1.5, 0.24, 1.62),
    "blind": (1.5, 0.08, 1.6),
    "shutters": (2.4, 0.05, 1.6),
    "door": (0.9, 0.06, 2.05),
    "panelling": (3.0, 0.014, 2.6),
    "fireplace": (1.6, 0.75, 2.65),
    "beam": (0.2, 4.0, 0.24),
    "ceiling-boards": (5.0, 4.6, 0.18),
    "niche": (0.8, 0.1, 1.4),
    "arch": (2.0, 0.24, 2.65),
    "column": (0.2, 0.2, 2.6),
}
FORMS = [(kind, form) for kind in SIZES for form in KINDS[kind].forms]
OUTSIDE = ("garden", "city", "sea", "forest", "bamboo", "hills", "courtyard")


def built(kind: str, form: str = "", size: tuple[float, float, float] | None = None, **settings: float) -> list[Piece]:
    return KINDS[kind].form(form).build(Spec(size or SIZES[kind], form, settings, 5))


def box_of(pieces: list[Piece]) -> tuple[np.ndarray, np.ndarray]:
    points = np.concatenate([piece.shape.vertices for piece in pieces])
    return points.min(axis=0), points.max(axis=0)


def slot(pieces: list[Piece], name: str) -> Shape:
    return join([piece.shape for piece in pieces if piece.slot == name])


def volume(shape: Shape) -> float:
    a, b, c = (shape.vertices[shape.faces[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize("form", KINDS["window"].forms)
def test_window_fills_its_opening_and_stays(form: str) -> None:
    assert KINDS["window"].stays
    low, high = box_of([piece for piece in built("window", form) if piece.slot == "frame"])
    assert (low[0], high[0]) == pytest.approx((-0.75, 0.75), abs=0.005)
    assert (low[2], high[2]) == pytest.approx((0.0, 1.62), abs=0.005)


def test_round_head_closes_the_corners_of_its_square_opening() -> None:
    wall = slot(built("window", "arched"), "wall")
    low, high = wall.vertices.min(axis=0), wall.vertices.max(axis=0)
    assert low == pytest.approx([-0.75, 0.0, 0.55 * 1.62], abs=1e-6)
    assert high == pytest.approx([0.75, 0.24, 1.62], abs=1e-6)


def test_spandrel_holds_what_the_arch_leaves_of_the_square() -> None:
    assert volume(spandrel(1.0, 2.0, 0.5, 0.0, 0.24)) == pytest.approx((0.5 - np.pi / 8) * 0.24, rel=0.01)


def test_timber_is_closed_and_never_thicker_than_it_was_sawn() -> None:
    sawn, hewn = (timber(2.0, 0.2, 0.25, amount, np.random.default_rng(1)) for amount in (0.0, 1.0))
    assert volume(sawn) == pytest.approx(0.1, rel=0.01)
    assert 0.08 < volume(hewn) < volume(sawn)
    assert np.abs(hewn.vertices[:, 1]).max() <= 0.1 + 1e-9


def test_band_faces_outwards_on_every_side() -> None:
    line = arch(1.0, 0.5, 0.3)
    solid = band(line, level(line, 1.0), -0.1, 0.1)
    front = solid.normals[solid.vertices[:, 1] < -0.0999]
    assert volume(solid) > 0
    assert front[:, 1].min() < -0.99


def test_mitred_moulding_faces_the_room() -> None:
    frame = moulding(0.6, 0.9, ((0.0, 0.0), (0.0, 0.01), (0.03, 0.01), (0.03, 0.0)))
    flat = frame.normals[np.abs(frame.vertices[:, 1] + 0.01) < 1e-9]
    assert (flat[:, 1] < 0).all()


def test_rails_of_a_frame_do_not_overlap() -> None:
    frame = rails(1.0, 1.0, 0.1, 0.0, 0.02, radius=0.0001)
    assert sum(volume(piece) for piece in frame) == pytest.approx((1.0 - 0.8**2) * 0.02, rel=0.01)


@pytest.mark.parametrize("form", KINDS["panelling"].forms)
@pytest.mark.parametrize("height", [1.1, 2.6])
def test_panelling_is_a_thin_plate_with_a_cap_where_it_is_a_dado(form: str, height: float) -> None:
    low, high = box_of(built("panelling", form, (2.0, 0.014, height)))
    dado = height < 1.6 and form != "slats"
    assert high[1] == pytest.approx(0.0, abs=0.001)
    assert -low[1] <= 0.031 if dado else -low[1] <= 0.0171
    assert (low[0], high[0]) == pytest.approx((-1.0, 1.0), abs=0.005)
    assert high[2] == pytest.approx(height, abs=0.005)


@pytest.mark.parametrize("form", KINDS["door"].forms)
def test_door_has_a_leaf_of_its_size_and_a_handle_within_reach(form: str) -> None:
    pieces = built("door", form)
    low, high = box_of([piece for piece in pieces if piece.slot == "main"])
    assert high[0] - low[0] == pytest.approx(0.9, abs=0.012)
    assert high[2] == pytest.approx(2.05, abs=0.005)
    grip = slot(pieces, "handles").vertices
    assert ((grip[:, 2] > 0.9) & (grip[:, 2] < 1.2)).any()
    assert box_of(pieces)[1][1] <= 0.001


@pytest.mark.parametrize("form", KINDS["blind"].forms)
def test_blind_hangs_before_the_wall_as_low_as_it_is_let_down(form: str) -> None:
    for drop in (0.3, 0.8):
        cloth = slot(built("blind", form, drop=drop), "main").vertices
        assert cloth[:, 1].max() <= 0.001
        assert cloth[:, 2].min() == pytest.approx(1.6 * (1 - drop), abs=0.03)
        assert cloth[:, 2].max() <= 1.601


@pytest.mark.parametrize("form", KINDS["shutters"].forms)
def test_open_shutters_leave_the_window_free(form: str) -> None:
    points = built("shutters", form)[0].shape.vertices
    assert np.abs(points[:, 0]).min() >= 0.6 - 0.003
    assert np.abs(points[:, 0]).max() <= 1.2 + 0.003


@pytest.mark.parametrize("form", ["stone", "brick", "plaster"])
def test_fire_burns_inside_the_chimney_and_not_when_it_is_put_out(form: str) -> None:
    pieces = built("fireplace", form)
    fire, soot = slot(pieces, "fire").vertices, slot(pieces, "opening").vertices
    assert (fire.min(axis=0) > soot.min(axis=0) - 0.01).all()
    assert (fire.max(axis=0) < soot.max(axis=0) + 0.01).all()
    assert "fire" not in {piece.slot for piece in built("fireplace", form, fire=0)}


def test_stove_pipe_reaches_the_ceiling_that_it_is_told() -> None:
    for ceiling in (2.4, 3.1):
        assert box_of(built("fireplace", "stove", (0.7, 0.65, 0.85), ceiling=ceiling))[1][2] == pytest.approx(ceiling)


def test_passage_is_wide_and_high_enough_to_walk_through() -> None:
    points = built("arch")[0].shape.vertices
    inside = points[np.abs(points[:, 0]) < 0.3]
    assert inside[:, 2].min() > 1.9


@pytest.mark.parametrize(
    ("settings", "top"),
    [({}, 0.09), ({"height": 0.12}, 0.12), ({"height": 0.5}, 0.12), ({"profile": "stepped", "height": 0.1}, 0.1)],
)
def test_skirting_is_as_high_as_its_role_says(settings: dict[str, float | str], top: float) -> None:
    made = [s for s in _shell(RolePage(settings=settings)) if s.role == "skirting"]
    assert len(made) == 3
    assert max(float(s.shape.vertices[:, 2].max()) for s in made) == pytest.approx(top, abs=1e-6)


def test_style_without_skirting_has_none() -> None:
    for role in (RolePage(settings={"profile": "none"}), RolePage(present=False)):
        assert not [s for s in _shell(role) if s.role == "skirting"]


def _shell(role: RolePage):
    room = default_library().room("scandinavian", "living-room")
    half = room.width / 2
    return shell(room, Extent(("back", "ceiling", "left", "right"), -half, half, -room.depth, -room.depth), role)


def _plate(kind: str, wall: str, at: tuple[float, float, float], size: tuple[float, float, float]) -> Part:
    return Part.model_validate({"id": "plate", "kind": kind, "wall": wall, "at": at, "size": size})


def test_panelling_ends_at_standing_walls_and_goes_on_past_missing_ones() -> None:
    room = default_library().room("scandinavian", "living-room")
    half = room.width / 2
    plate = _plate("panelling", "back", (0.0, 0.0, 0.0), (room.width + 2.0, 0.014, 2.6))
    closed = fitted(plate, room, Extent(("back", "left", "right"), -half, half, -room.depth, -room.depth))
    assert closed.size[0] == pytest.approx(room.width)
    opened = fitted(plate, room, Extent(("back", "right"), -half - 14.0, half, -room.depth, -room.depth))
    assert opened.at[0] + opened.size[0] / 2 == pytest.approx(half)
    assert opened.at[0] - opened.size[0] / 2 < -half - 4.0


def test_beams_and_side_panelling_go_on_as_far_as_the_camera_sees() -> None:
    room = default_library().room("scandinavian", "living-room")
    half, depth = room.width / 2, room.depth
    bounds = Extent(("back", "ceiling", "left", "right"), -half, half, -depth - 1.3, -depth - 2.1)
    beam = fitted(_plate("beam", "ceiling", (1.0, -depth / 2, 2.6), (0.2, depth, 0.2)), room, bounds)
    assert beam.size[1] == pytest.approx(depth + 2.5)
    assert beam.at == pytest.approx((1.0, -(depth + 2.5) / 2, 2.6))
    side = fitted(_plate("panelling", "right", (half, -depth / 2, 0.0), (depth, 0.014, 1.0)), room, bounds)
    assert side.size[0] == pytest.approx(depth + 1.5)


def test_plate_from_a_door_to_a_corner_goes_on_past_that_corner_alone() -> None:
    room = default_library().room("scandinavian", "living-room")
    half = room.width / 2
    plate = fitted(
        _plate("panelling", "back", (-half + 1.0, 0.0, 0.0), (2.0, 0.014, 2.6)),
        room,
        Extent(("back",), -9.0, 9.0, -20.0, -20.0),
    )
    assert plate.at[0] + plate.size[0] / 2 == pytest.approx(2.0 - half)
    assert plate.at[0] - plate.size[0] / 2 < -half - 2.0


def test_short_plate_and_furniture_keep_their_size() -> None:
    room = default_library().room("scandinavian", "living-room")
    bounds = Extent(("back",), -9.0, 9.0, -20.0, -20.0)
    short = _plate("panelling", "back", (0.5, 0.0, 0.0), (1.4, 0.014, 2.6))
    for part in (short, *(part for part in room.parts if part.kind not in {"panelling", "beam", "ceiling-boards"})):
        assert fitted(part, room, bounds) is part


@pytest.mark.parametrize("name", OUTSIDE)
def test_view_outside_is_bright_and_out_of_focus(name: str) -> None:
    colours = np.array([[0.85, 0.9, 0.95], [0.9, 0.9, 0.9], [0.3, 0.35, 0.2], [0.25, 0.3, 0.15], [0.5, 0.45, 0.35]])
    order = Order(colours, (24.0, 8.85), (316, 116), 2, {})
    picture = paint_tile(f"outside-{name}", order).colour
    assert 0.25 < picture.mean() < 0.9
    assert picture[:20].mean() > 0.2  # the sky, or leaves with light between them
    assert np.abs(np.diff(picture, axis=0)).max() < 0.45  # no edge is sharp
    assert picture.std() > 0.04  # and it is no plain card
