"""What hangs past a side wall: there for a camera that the wall made way for, and never outside a wall that stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from imagegen.rooms.build import arranged
from imagegen.rooms.shell import walled_off
from styles.library import default_library
from styles.schema import Room, Style
from tests.rooms.solid import closed

LIBRARY = default_library()
ROOMS = {room.slug: (style, room) for style in LIBRARY.styles() for room in LIBRARY.rooms(style.slug)}
rooms = pytest.mark.parametrize(("style", "room"), ROOMS.values(), ids=ROOMS)


@rooms
@pytest.mark.parametrize("side", ["left", "right"])
def test_goods_past_a_side_wall_come_when_it_steps_aside(style: Style, room: Room, side: str) -> None:
    whole = closed(room)
    past = {part.id for part in room.parts if walled_off(part, room, whole) and (part.at[0] < 0) == (side == "left")}
    shown = {part.id for part in room.parts if style.shows(part)}
    aside = replace(whole, walls=tuple(wall for wall in whole.walls if wall != side))
    assert len(past) >= 2
    assert not past & {part.id for part in arranged(style, room, whole)}
    assert past & shown <= {part.id for part in arranged(style, room, aside)}


@rooms
def test_back_wall_is_furnished_nearly_two_metres_past_an_open_side(style: Style, room: Room) -> None:
    ends = [abs(part.at[0]) + part.size[0] / 2 for part in room.parts if walled_off(part, room, closed(room))]
    assert max(ends) >= room.width / 2 + 1.8


def test_only_the_back_wall_s_goods_may_be_that_far_out() -> None:
    room = next(iter(ROOMS.values()))[1].model_dump()
    print_past = next(part for part in room["parts"] if part["id"] == "print-beyond-right")
    print_past["wall"] = None
    with pytest.raises(ValidationError, match="outside the room"):
        Room.model_validate(room)
