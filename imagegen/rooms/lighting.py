"""A style's light as lights of the renderer.

Where walls are open for the camera the sky looks in: it is as bright as a wall of the room would be, so that taking
a wall out hardly changes the light. The direction comes from the windows: each pours in the glow of the sky outside,
and the sun when it stands on that side.
"""

from __future__ import annotations

import math
from dataclasses import replace

from imagegen.geometry import Bulb, Light, Panel, Sky, Sun
from imagegen.rooms.materials import GLOW, linear
from imagegen.rooms.shell import Extent, openings
from styles.schema import LightPage, Room

Colour = tuple[float, float, float]
SUNLESS = 1.7
"""How much more a window pours in when the sun cannot come through it."""


def lights_of(page: LightPage, room: Room, bounds: Extent) -> list[Light]:
    """Sky, one panel in each window of the walls that stand, a soft fill, and the sun when its wall stands."""
    sky = _scaled(page.sky_colour, page.sky * GLOW)
    made: list[Light] = [Sky(zenith=sky, horizon=sky)]
    shines = page.sun.irradiance > 0 and ("left" if page.sun.azimuth_deg >= 0 else "right") in bounds.walls
    # Without its wall the sun would flood the room: the sky's glow takes its place, so that exposure holds.
    makes_up = SUNLESS if page.sun.irradiance and not shines else 1.0
    pane = _scaled(page.window_colour, page.window * makes_up * GLOW)
    sides = [wall for wall in ("left", "right", "back") if openings(room, wall)]
    for wall in sides if page.window else ():
        made += _window_panels(room, wall, pane)
    if page.fill:
        made.append(_fill(page, room))
    if shines:
        made.append(_sun(page))
    return made


def _window_panels(room: Room, wall: str, radiance: Colour) -> list[Light]:
    made: list[Light] = []
    for hole in openings(room, wall):
        middle = hole.low + hole.height / 2
        spot = {
            "left": ((-room.width / 2 + 0.004, hole.middle, middle), (1.0, 0.0, 0.0)),
            "right": ((room.width / 2 - 0.004, -hole.middle, middle), (-1.0, 0.0, 0.0)),
            "back": ((hole.middle, -0.004, middle), (0.0, -1.0, 0.0)),
        }[wall]
        made.append(Panel(spot[0], spot[1], (hole.width, hole.height), radiance))
    return made


def _fill(page: LightPage, room: Room) -> Light:
    """A broad soft light from high on the open side, towards the back wall."""
    tilt = math.radians(30)
    return Panel(
        (room.width * 0.12, -room.depth - 0.3, room.height * 0.72),
        (-0.15, math.cos(tilt), -math.sin(tilt)),
        (room.width * 0.7, room.height * 0.5),
        _scaled(page.fill_colour, page.fill * GLOW),
    )


def _sun(page: LightPage) -> Light:
    """The azimuth is measured from the back wall's direction: 90 is square through the left wall."""
    azimuth, elevation = math.radians(page.sun.azimuth_deg), math.radians(page.sun.elevation_deg)
    way = (math.sin(azimuth) * math.cos(elevation), -math.cos(azimuth) * math.cos(elevation), -math.sin(elevation))
    return Sun(way, _scaled(page.sun.colour, page.sun.irradiance * math.pi * GLOW), page.sun.softness_deg)


def _scaled(colour: str, factor: float) -> Colour:
    red, green, blue = (float(v) * factor for v in linear(colour))
    return red, green, blue


def mirrored_light(light: Light) -> Light:
    """The same light in a room mirrored in x."""
    if isinstance(light, Sun):
        return replace(light, direction=(-light.direction[0], *light.direction[1:]))
    if isinstance(light, Sky):
        return light if light.picture is None else replace(light, picture=light.picture[:, ::-1])
    if isinstance(light, Bulb):
        return replace(light, centre=(-light.centre[0], *light.centre[1:]))
    return replace(light, centre=(-light.centre[0], *light.centre[1:]), normal=(-light.normal[0], *light.normal[1:]))
