"""Counters, 90 cm high."""

from __future__ import annotations

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.shapes import Shape, box, join, slab


def _front(width: float, low: float, high: float, y: float) -> list[Shape]:
    """A framed front facing -Y: rails and stiles 65 mm wide round a field set back."""
    rail = min(0.065, width / 4)
    return [
        slab((-width / 2, y - 0.020, low), (-width / 2 + rail, y, high), 0.002).grain(),
        slab((width / 2 - rail, y - 0.020, low), (width / 2, y, high), 0.002).grain(),
        slab((-width / 2 + rail, y - 0.020, low), (width / 2 - rail, y, low + rail), 0.002),
        slab((-width / 2 + rail, y - 0.020, high - rail), (width / 2 - rail, y, high), 0.002),
        slab(
            (-width / 2 + rail - 0.004, y - 0.011, low + rail - 0.004),
            (width / 2 - rail + 0.004, y, high - rail + 0.004),
            0.001,
        ).grain(),
    ]


@kind("counter", 74, ("main", "top"), ("island",), words=("kitchen island", "counter"))
def island(spec: Spec) -> list[Piece]:
    """A kitchen island: framed fronts all round, a plinth set back, a top that reaches out on the sitters' side (-Y).

    ``settings.overhang``: metres the top reaches out there (0.24).
    """
    width, depth, height = spec.size
    thick, plinth = 0.036, 0.09
    over = min(spec.number("overhang", 0.24), depth - 0.45)
    low, high = plinth, height - thick
    front, rear = -depth / 2 + over + 0.02, depth / 2 - 0.04
    side = width / 2 - 0.04
    body = [
        slab((-side, front, low), (side, rear, high), 0.002).grain(),
        slab((-side + 0.05, front + 0.05, 0), (side - 0.05, rear - 0.06, low + 0.002), 0.002),
    ]
    count = max(2, round(2 * side / 0.55))
    each = 2 * side / count
    for i in range(count):
        x = -side + each * (i + 0.5)
        body += [s.move(x=x) for s in _front(each - 0.004, low + 0.002, high - 0.003, front)]
        body += [s.turn(180).move(x=x, y=0.0) for s in _front(each - 0.004, low + 0.002, high - 0.003, -rear)]
    for turn in (-90, 90):
        ends = _front(rear - front - 0.004, low + 0.002, high - 0.003, -side)
        body += [s.turn(turn).move(y=(front + rear) / 2) for s in ends]
    top = box((width, depth, thick), 0.004).move(z=height - thick)
    return [Piece("main", join(body)), Piece("top", top)]
