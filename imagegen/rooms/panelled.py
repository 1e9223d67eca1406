"""What hangs on a panelled wall hangs on the panelling and not in it."""

from __future__ import annotations

from imagegen.rooms.parts import KINDS
from styles.schema import Part

_INTO_THE_ROOM = {"back": (0.0, -1.0), "left": (1.0, 0.0), "right": (-1.0, 0.0)}


def on_panels(parts: list[Part]) -> list[Part]:
    """The parts, those on a wall brought forward by the thickness of the panelling behind their middle."""
    plates = [part for part in parts if part.kind == "panelling"]
    return [
        _forward(part, max((plate.size[1] for plate in plates if _covers(plate, part)), default=0.0)) for part in parts
    ]


def _covers(plate: Part, part: Part) -> bool:
    if part.wall != plate.wall or part.kind not in KINDS or KINDS[part.kind].stays:
        return False
    axis = 0 if plate.wall == "back" else 1
    beside = abs(part.at[axis] - plate.at[axis]) <= plate.size[0] / 2
    return beside and plate.at[2] <= part.at[2] <= plate.at[2] + plate.size[2]


def _forward(part: Part, by: float) -> Part:
    if not by or part.wall not in _INTO_THE_ROOM:
        return part
    x, y, z = part.at
    dx, dy = _INTO_THE_ROOM[part.wall]
    return part.model_copy(update={"at": (x + by * dx, y + by * dy, z)})
