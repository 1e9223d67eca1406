"""A table laid by hand: no plate on a raster, no two napkins alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, kind
from imagegen.rooms.parts.crockery import candle, fork, hollow, knife, napkin, plate, runner, spoon, tumbler, wine_glass
from imagegen.rooms.shapes import Shape, join

_SLOTS = ("plate", "glass", "linen", "cutlery", "candle")
_SEGMENTS = {"plate": 143, "glass": 148, "linen": 82, "cutlery": 143, "candle": 143}


@dataclass
class _Table:
    """The pieces laid so far, by slot."""

    slots: dict[str, list[Shape]] = field(default_factory=dict)

    def lay(self, slot: str, shape: Shape, seat: Seat | None = None) -> None:
        self.slots.setdefault(slot, []).append(shape if seat is None else seat.put(shape))

    def pieces(self) -> list[Piece]:
        return [Piece(slot, join(self.slots[slot]), _SEGMENTS[slot]) for slot in _SLOTS if slot in self.slots]


@dataclass(frozen=True)
class Seat:
    """Where one person sits: the middle of the plate, and the turn of the place (0: the sitter is at -Y)."""

    x: float
    y: float
    turn: float

    def put(self, shape: Shape) -> Shape:
        """A shape of the place's own frame, on the table."""
        return shape.turn(self.turn).move(self.x, self.y)


def seats(places: int, width: float, depth: float, *, around: bool) -> list[Seat]:
    """Places along both long sides of a table, or ``around`` a round one; an odd one sits at the head."""
    if around:
        angles = np.arange(places) * 360.0 / places
        rx, ry = width / 2 - 0.19, depth / 2 - 0.19
        return [Seat(rx * np.sin(np.radians(a)), -ry * np.cos(np.radians(a)), float(a)) for a in angles]
    half = places // 2
    laid = []
    for i in range(half):
        x = ((i + 0.5) / half - 0.5) * (width - (0.5 if places % 2 else 0.1))
        laid += [Seat(x, -depth / 2 + 0.175, 0.0), Seat(x, depth / 2 - 0.175, 180.0)]
    if places % 2:
        laid.append(Seat(-width / 2 + 0.175, 0.0, -90.0))
    return laid


def _shifted(
    shape: Shape, rng: np.random.Generator, x: float, y: float, z: float = 0.0, by: float = 0.006, degrees: float = 2.5
) -> Shape:
    """Laid by hand: near a place, nearly straight."""
    return shape.turn(float(rng.normal(0, degrees))).move(x + float(rng.normal(0, by)), y + float(rng.normal(0, by)), z)


def _fine(table: _Table, seat: Seat, rng: np.random.Generator) -> None:
    """Two plates, fork and napkin at the left, knife and spoon at the right, a wine glass and a tumbler."""
    table.lay("plate", _shifted(plate(0.135, 0.019), rng, 0, 0), seat)
    table.lay("plate", _shifted(plate(0.102, 0.017), rng, 0, 0, 0.0075, 0.003), seat)
    table.lay("linen", _shifted(napkin(rng), rng, -0.205, -0.005, 0, 0.006, 4), seat)
    table.lay("cutlery", _shifted(fork(), rng, -0.195, 0.0, 0.0125, 0.003), seat)
    table.lay("cutlery", _shifted(knife(), rng, 0.165, -0.005, 0, 0.003), seat)
    table.lay("cutlery", _shifted(spoon(), rng, 0.198, -0.008, 0, 0.003), seat)
    table.lay("glass", _shifted(wine_glass(0.205), rng, 0.125, 0.165, 0, 0.008), seat)
    table.lay("glass", _shifted(tumbler(0.036, 0.088), rng, 0.205, 0.135, 0, 0.008), seat)


def _earthen(table: _Table, seat: Seat, rng: np.random.Generator) -> None:
    """A stoneware plate with a bowl on it, one low tumbler, the napkin under the fork beside it."""
    table.lay("plate", _shifted(plate(0.132, 0.024, 0.0055, 0.84), rng, 0, 0), seat)
    bowl = hollow([(0.036, 0.0), (0.052, 0.006), (0.074, 0.030), (0.081, 0.058)], 0.0048, 0.006, 32)
    table.lay("plate", _shifted(bowl, rng, 0, 0, 0.0078, 0.005), seat)
    table.lay("linen", _shifted(napkin(rng, 0.115, 0.20), rng, -0.215, -0.01, 0, 0.006, 7), seat)
    table.lay("cutlery", _shifted(fork(), rng, -0.225, -0.005, 0.0125, 0.003, 5), seat)
    table.lay("cutlery", _shifted(knife(), rng, -0.195, -0.012, 0.0115, 0.003, 5), seat)
    table.lay("glass", _shifted(tumbler(0.040, 0.078), rng, 0.165, 0.120, 0, 0.012), seat)


def _simple(table: _Table, seat: Seat, rng: np.random.Generator) -> None:
    """An enamel plate, the napkin on it with the cutlery across, a tumbler."""
    table.lay("plate", _shifted(plate(0.125, 0.024, 0.0025, 0.74), rng, 0, 0), seat)
    table.lay("linen", _shifted(napkin(rng, 0.085, 0.19), rng, 0, 0, 0.0065, 0.004, 14).move(z=0.0), seat)
    table.lay("cutlery", _shifted(fork(), rng, -0.160, -0.006, 0, 0.004, 4), seat)
    table.lay("cutlery", _shifted(knife(), rng, 0.155, -0.006, 0, 0.004, 4), seat)
    table.lay("glass", _shifted(tumbler(0.037, 0.095), rng, 0.150, 0.135, 0, 0.012), seat)


_LAID: dict[str, Callable[[_Table, Seat, np.random.Generator], None]] = {
    "set": _fine,
    "stoneware": _earthen,
    "picnic": _simple,
}


@kind("tableware", 143, _SLOTS, ("set", "stoneware", "picnic"))
def tableware(spec: Spec) -> list[Piece]:
    """A table laid: "set" with wine glasses, "stoneware" with bowls and low tumblers, "picnic" enamel and a carafe.

    ``size``: the laid area (that of the top, or a little less) and the height of its candles. Settings: ``places`` (4),
    ``round`` (laid around), ``runner`` (1), ``candles`` (2).
    """
    width, depth, height = spec.size
    rng, table, around = spec.rng(), _Table(), bool(spec.number("round", 0))
    laid = seats(int(spec.number("places", 4)), width, depth, around=around)
    for seat in laid:
        moved = Seat(
            seat.x + float(rng.normal(0, 0.008)),
            seat.y + float(rng.normal(0, 0.005)),
            seat.turn + float(rng.normal(0, 1.5)),
        )
        _LAID[spec.form or "set"](table, moved, rng)
    middle = max(depth - 0.80, 0.0)
    if spec.number("runner", 1) and not around and middle > 0.05:
        table.lay("linen", runner(rng, width * 0.86, min(middle, 0.36)))
    for index in range(int(spec.number("candles", 2))):
        stick, wax = candle(rng, height - float(rng.uniform(0.0, 0.05)))
        x = (index - (spec.number("candles", 2) - 1) / 2) * 0.15 + float(rng.uniform(-0.02, 0.02))
        y = float(rng.uniform(-0.025, 0.025))
        table.lay("cutlery", stick.move(x, y, 0.003))
        table.lay("candle", wax.move(x, y, 0.003))
    if spec.form == "picnic":
        carafe = hollow(
            [(0.040, 0.0), (0.050, 0.02), (0.052, 0.10), (0.030, 0.17), (0.024, 0.20), (0.032, 0.235)],
            0.0022,
            0.008,
            32,
        )
        table.lay("glass", carafe.move(0.24, 0.02, 0.003))
    return table.pieces()
