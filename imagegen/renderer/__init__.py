"""Geometry + camera + hull -> picture, depth, normals, albedo, segments and the light on the hull: the path tracer."""

from imagegen.renderer.backend import choose, mitsuba
from imagegen.renderer.passes import render
from imagegen.renderer.probes import probe


def variant() -> str:
    """Name of the Mitsuba variant that this machine renders with."""
    return choose().variant


__all__ = ["mitsuba", "probe", "render", "variant"]
