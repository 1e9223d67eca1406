"""What hangs on a panelled wall hangs on the panelling and not in it."""

from __future__ import annotations

from imagegen.rooms.parts import KINDS
from styles.schema import Part

_INTO_THE_ROOM = {"back": (0.0, -1.0), "left": (1.0, 0.0), "right": (-1.0, 0.0)}


def on_panels(parts: list[Part]) -> list[Part]:
    """The parts, those on a wall brought forward by the thickness of the panelling behind their middle.

    What stands on them (books on a shelf) comes along.
    """
    plates = [part for part in parts if part.kind == "panelling"]
    named = {part.id: part for part in parts}
    return [_forward(part, _bearer(part, named), plates) for part in parts]


def _bearer(part: Part, named: dict[str, Part]) -> Part:
    """What a part stands on in the end, itself when it stands on nothing."""
    below = named.get(part.on)
    return part if below is None else _bearer(below, named)


def _covers(plate: Part, part: Part) -> bool:
    if part.wall != plate.wall or part.kind not in KINDS or KINDS[part.kind].stays:
        return False
    axis = 0 if plate.wall == "back" else 1
    beside = abs(part.at[axis] - plate.at[axis]) <= plate.size[0] / 2
    return beside and plate.at[2] <= part.at[2] <= plate.at[2] + plate.size[2]


def _forward(part: Part, bearer: Part, plates: list[Part]) -> Part:
    by = max((plate.size[1] for plate in plates if _covers(plate, bearer)), default=0.0)
    if not by or bearer.wall not in _INTO_THE_ROOM:
        return part
    x, y, z = part.at
    dx, dy = _INTO_THE_ROOM[bearer.wall]
    return part.model_copy(update={"at": (x + by * dx, y + by * dy, z)})
