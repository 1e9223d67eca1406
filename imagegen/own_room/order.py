"""Whether points that contradict each other were given in another order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from imagegen.errors import BadRequestError
from imagegen.own_room.calibrate import Calibration, Mark, calibrated

CLEARLY = 0.005
"""Share of the photo's longer side by which points may miss their pixels in the order that is proposed."""
MOST = 5
"""Points of which every order is tried; of more there are too many."""


def calibrated_or_told(marks: Sequence[Mark], size: tuple[int, int]) -> Calibration:
    """``calibrated``, whose refusal names the order in which the pixels would agree, where there is one.

    Raises BadRequestError.
    """
    try:
        return calibrated(marks, size)
    except BadRequestError as trouble:
        order = agreeing(marks, size)
        if order:
            said = ", ".join(str(number + 1) for number in order)
            trouble.hint = f"Their pixels would agree in the order {said}: were they given in another one?"
        raise


def agreeing(marks: Sequence[Mark], size: tuple[int, int]) -> tuple[int, ...]:
    """In which order the marks' pixels would agree with their places, the fewest changed; empty where in none."""
    if not 4 <= len(marks) <= MOST:
        return ()
    tries = sorted(permutations(range(len(marks))), key=lambda order: sum(k != n for n, k in enumerate(order)))
    return next((order for order in tries[1:] if _agrees(marks, order, size)), ())


def _agrees(marks: Sequence[Mark], order: Sequence[int], size: tuple[int, int]) -> bool:
    try:
        found = calibrated([Mark(mark.place, marks[k].pixel) for mark, k in zip(marks, order, strict=True)], size)
    except BadRequestError:
        return False
    return bool(found.residual_px.max() <= CLEARLY * max(size)) and abs(found.roll_deg) < TILTED_DEG


TILTED_DEG = 20.0
"""Nobody holds a camera so."""
