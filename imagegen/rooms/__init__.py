"""Rooms: parts as parametric geometry, procedural textures, and the builder that furnishes a space for one camera."""

from imagegen.rooms.build import build, standing
from imagegen.rooms.fixtures import furnished

__all__ = ["build", "furnished", "standing"]
