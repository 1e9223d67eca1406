"""Rooms: parts as parametric geometry, procedural textures, and the builder that furnishes a space for one camera."""

from imagegen.rooms.build import build

__all__ = ["build"]
