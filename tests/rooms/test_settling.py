"""Things on furniture whose height only the style knows."""

from __future__ import annotations

import pytest

from imagegen.rooms.parts import Piece
from imagegen.rooms.settling import settled
from imagegen.rooms.shapes import join, slab
from styles.schema import Part

STEPPED = [
    Piece("top", join([slab((-0.5, -0.3, 0), (0.0, 0.3, 0.25), 0.002), slab((0, -0.3, 0), (0.5, 0.3, 0.34), 0.002)]))
]
BOWL = [Piece("main", slab((-0.1, -0.1, 0.0), (0.1, 0.1, 0.06), 0.002))]
TABLE = Part(id="table", kind="coffee-table", at=(1, -2, 0), yaw_deg=90, size=(1, 0.6, 0.34))


def shapes(part: Part) -> list[Piece]:
    return STEPPED if part.id == "table" else BOWL


@pytest.mark.parametrize(("y", "height"), [(-2.25, 0.25), (-1.75, 0.34)], ids=["the low block", "the high block"])
def test_a_bowl_comes_to_the_block_that_is_under_it_and_carries_what_stands_in_it(y: float, height: float) -> None:
    bowl = Part(id="bowl", kind="bowl", on="table", at=(1, y, 0.31), size=(0.2, 0.2, 0.06))
    ball = Part(id="ball", kind="bowl", on="bowl", at=(1, y, 0.40), size=(0.2, 0.2, 0.06))
    moved = {part.id: part.at[2] for part in settled([ball, bowl, TABLE], shapes)}
    assert moved == pytest.approx({"table": 0.0, "bowl": height, "ball": height + 0.06}, abs=1e-6)


def test_what_is_far_from_any_surface_is_left_where_its_page_has_it() -> None:
    high = Part(id="bowl", kind="bowl", on="table", at=(1, -2.25, 0.8), size=(0.2, 0.2, 0.06))
    aside = Part(id="other", kind="bowl", on="table", at=(3, -2.25, 0.3), size=(0.2, 0.2, 0.06))
    assert [part.at for part in settled([TABLE, high, aside], shapes)[1:]] == [high.at, aside.at]
