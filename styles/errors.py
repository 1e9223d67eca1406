"""What can be wrong with the library of looks and rooms, in words that help.

StyleError                 a page that cannot be used
|-- UnknownStyleError      no such style
|-- UnknownRoomError       no such room, or not in that style
`-- UnknownLightError      the style has no such light
"""

from __future__ import annotations


class StyleError(Exception):
    """A page of the library that cannot be used. ``where`` is the file (and line, when known)."""

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message} {self.hint}".strip()


class UnknownStyleError(StyleError):
    """No such style; the hint lists those that exist."""


class UnknownRoomError(StyleError):
    """No such room, or the style does not offer it; the hint lists those that exist."""


class UnknownLightError(StyleError):
    """The style has no such light; the hint lists its own."""
