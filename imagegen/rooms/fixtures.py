"""What of a room is there whatever product comes: asked before a place is chosen, and cheap."""

from __future__ import annotations

from imagegen.furnished import Fixture, Furnished
from imagegen.rooms.build import block_of
from imagegen.rooms.parts import KINDS
from styles.schema import Part, Room, Style


def furnished(style: Style, room: Room) -> Furnished:
    """The room with only those parts that the style shows, and the boxes of those that never step aside, and rugs.

    Raises BadRequestError when the page asks for a kind of part that no builder knows.
    """
    shown = tuple(part for part in room.parts if style.shows(part))
    stay = [part for part in shown if part.kind in KINDS and (KINDS[part.kind].stays or KINDS[part.kind].flat)]
    names = {part.id for part in shown}
    # A place on a piece of furniture that this style does not have is no place.
    anchors = tuple(
        anchor.model_copy(update={"must_not_hide": tuple(n for n in anchor.must_not_hide if n in names)})
        for anchor in room.anchors
        if not anchor.on or anchor.on in names or "surface" not in anchor.mounts
    )
    page = room.model_copy(update={"parts": shown, "anchors": anchors})
    return Furnished(page, tuple(_fixture(part, style) for part in stay))


def _fixture(part: Part, style: Style) -> Fixture:
    block = block_of(part, style)
    return Fixture(part.id, block.centre, block.half, block.yaw_deg, KINDS[part.kind].flat)
