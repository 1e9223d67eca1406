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

    def thumbnail_address(self, style: str) -> str | None:
        """Where the picture is that a style is known by: a view of its usual room, else the one that ships with it."""
        if self.picture(style) is None:
            return None
        return f"/v1/styles/{style}/picture"

    def picture(self, style: str) -> Path | None:
        """The file of the picture that a style is known by. Raises UnknownStyleError."""
        room = self.library.room(style).slug
        view = find(self.library, style, room, self.folder)
        return view.preview if view.is_made else self.library.thumbnail(style, room)
