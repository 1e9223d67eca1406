"""What hangs on a panelled wall."""

from __future__ import annotations

import pytest

from imagegen.rooms.panelled import on_panels
from styles.schema import Part

WAINSCOT = Part(id="wainscot", kind="panelling", wall="back", at=(0, 0, 0), size=(6, 0.014, 1.05))
BOARDS = Part(id="boards", kind="panelling", wall="right", at=(2, -2, 0), size=(4, 0.02, 2.6))


@pytest.mark.parametrize(
    ("wall", "at", "to"),
    [
        ("back", (0.5, 0.0, 0.9), (0.5, -0.014, 0.9)),
        ("back", (0.5, 0.0, 1.6), (0.5, 0.0, 1.6)),
        ("right", (2.0, -1.0, 1.6), (1.98, -1.0, 1.6)),
        ("left", (-2.0, -1.0, 0.9), (-2.0, -1.0, 0.9)),
    ],
    ids=["on the wainscot", "above it", "on the right wall's boards", "on a plain wall"],
)
def test_a_print_hangs_on_the_panelling_behind_it(wall, at, to):
    hung = Part(id="print", kind="print", wall=wall, at=at, size=(0.5, 0.03, 0.7))
    assert on_panels([WAINSCOT, BOARDS, hung])[2].at == pytest.approx(to)


def test_windows_and_the_panelling_stay_in_the_wall():
    window = Part(id="window", kind="window", wall="right", at=(2, -2, 0.6), size=(1.2, 0.24, 1.5))
    assert on_panels([BOARDS, window]) == [BOARDS, window]


def test_books_come_forward_with_the_shelf_that_they_stand_on():
    shelf = Part(id="shelf", kind="wall-shelf", wall="right", at=(2, -1, 1.2), size=(0.9, 0.2, 0.03))
    books = Part(id="books", kind="books", on="shelf", at=(1.9, -1, 1.23), size=(0.2, 0.15, 0.2))
    assert on_panels([BOARDS, shelf, books])[2].at == pytest.approx((1.88, -1.0, 1.23))
