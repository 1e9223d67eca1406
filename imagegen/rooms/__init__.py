"""Rooms: parts as parametric geometry, procedural textures, and the builder that furnishes a space for one camera."""
