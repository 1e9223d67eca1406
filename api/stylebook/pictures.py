"""The pictures of styles: canonical views that this machine has made, and the small ones that ship with a style."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from imagegen.views.shelf import ANGLES_DEG, View, find
from styles.library import Library
from workers.errors import NotFoundError


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The library's pictures as far as there are any. ``folder``: where views are made."""

    library: Library
    folder: Path

    def addresses(self, style: str, room: str) -> list[str]:
        """Where each view of a room that is made can be had."""
        made = [
            angle
            for angle in range(len(ANGLES_DEG))
            if find(self.library, style, room, self.folder, angle=angle).is_made
        ]
        return [f"/v1/styles/{style}/rooms/{room}/views/{angle}" for angle in made]

    def view(self, style: str, room: str, angle: int) -> View:
        """A view that is made. Raises NotFoundError, UnknownStyleError, UnknownRoomError."""
        found = find(self.library, style, room, self.folder, angle=angle)
        if not found.is_made:
            raise NotFoundError(
                f"The room {room!r} of {style!r} has not been shown from there yet.",
                hint=f"imagegen styles build {style}",
                where="angle",
            )
        return found

    def glance_address(self, style: str, room: str) -> str | None:
        """Where the room's small picture is, if there is one."""
        return f"/v1/styles/{style}/rooms/{room}/picture" if self.glance(style, room) else None

    def glance(self, style: str, room: str) -> Path | None:
        """The file of a room's small picture: its frontal view, else the one that ships with the style, else none.

        Raises UnknownStyleError, UnknownRoomError.
        """
        view = find(self.library, style, room, self.folder)
        return view.preview if view.is_made else self.library.thumbnail(style, room)
