"""Lamps that hang: from z = 0 at the ceiling down to the height of their size."""

from __future__ import annotations

import numpy as np

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.shades import ball, bell, bulb, dome, flex, lantern, ring, rosette, stacked, woven
from imagegen.rooms.shapes import Shape, bar, curve, cylinder, join, lathe, slab, tube

WORDS = ("pendant", "ceiling lamp", "chandelier", "ceiling light")
FRAMED = ("frame", "cord", "bulb")
ALL = ("shade", "frame", "cord", "bulb")


def _across(spec: Spec) -> float:
    """Diameter of what is round."""
    return min(spec.size[0], spec.size[1]) - 0.004


def _cord(drop: float) -> Piece:
    """A rosette and a cord that ends ``drop`` metres under the ceiling."""
    return Piece("cord", join([rosette(), flex((0, 0, -0.02), (0, 0, -drop))]))


@kind("pendant", 83, ("shade", "cord", "bulb"), ("paper",), words=WORDS)
def paper(spec: Spec) -> list[Piece]:
    """A ball of rice paper on wire rings."""
    width, height = _across(spec), spec.size[2]
    middle = -height + width * 0.455
    return [
        _cord(-middle - width * 0.18),
        Piece("shade", lantern(width / 2).move(z=middle)),
        Piece("bulb", bulb(0.036).move(z=middle + width * 0.05)),
    ]


@form("pendant", "lantern")
def tiers(spec: Spec) -> list[Piece]:
    """Stacked tiers of ribbed paper, thin black rings at both ends. ``tall``: height over width (1.05)."""
    width, height = _across(spec), spec.size[2]
    tall = min(width * spec.number("tall", 1.05), height - 0.12)
    low = -height + 0.003
    hoops = join(
        [
            ring(width * 0.21, low, 0.003),
            ring(width * 0.16, low + tall, 0.003),
            flex((-width * 0.16, 0, low + tall), (width * 0.16, 0, low + tall), radius=0.002),
        ]
    )
    return [
        Piece("cord", join([rosette(), flex((0, 0, -0.02), (0, 0, low + tall * 0.6)), hoops])),
        Piece("shade", stacked(width / 2, tall).move(z=low)),
        Piece("bulb", ball(0.04, 1.5, 20).move(z=low + tall * 0.42)),
    ]


@form("pendant", "dome")
def metal_dome(spec: Spec) -> list[Piece]:
    """A spun metal dome with a cap."""
    width, height = _across(spec), spec.size[2]
    tall = width * 0.46
    hood = join([dome(width / 2, tall), cylinder(0.028, 0.07, 0.004, top=0.022).move(z=tall - 0.012)])
    return [
        _cord(height - tall - 0.05),
        Piece("shade", hood.move(z=-height)),
        Piece("bulb", bulb(0.036).move(z=-height + tall * 0.42)),
    ]


@form("pendant", "cluster")
def cluster(spec: Spec) -> list[Piece]:
    """Three bare bulbs in metal caps at different heights from one rosette."""
    width, depth, height = spec.size
    cords, bulbs, caps = [rosette(0.07)], [], []
    for dx, dy, share in ((-0.36, -0.1, 0.80), (0.02, 0.3, 1.0), (0.36, -0.16, 0.64)):
        x, y, z = dx * width, dy * depth, -height * share
        cords.append(flex((0, 0, -0.022), (x, y, z + 0.16), radius=0.0028))
        caps.append(cylinder(0.021, 0.062, 0.003, top=0.014).move(x, y, z + 0.105))
        bulbs.append(bulb(0.047).move(x, y, z + 0.047))
    return [Piece("cord", join(cords)), Piece("shade", join(caps)), Piece("bulb", join(bulbs))]


@form("pendant", "sputnik", slots=FRAMED)
def sputnik(spec: Spec) -> list[Piece]:
    """Brass arms to all sides from a ball, a round bulb at the end of each; hangs by a rod."""
    width, height = _across(spec), spec.size[2]
    radius, globe = width / 2, max(0.022, width * 0.036)
    middle = -height + globe + (radius - globe) * 0.9375  # the lowest arm stands so steep
    golden = np.pi * (3 - 5**0.5)
    frame, bulbs = [rosette(0.055), cylinder(0.006, -middle).move(z=middle), ball(0.05, 1.0, 28).move(z=middle)], []
    for number in range(16):
        z = 1 - 2 * (number + 0.5) / 16
        flat = (1 - z * z) ** 0.5
        way = np.array([flat * np.cos(golden * number), flat * np.sin(golden * number), z])
        if way[2] > 0.9:
            continue  # the rod hangs there
        reach = (radius - globe) * (1.0 if number % 2 else 0.82)
        centre = np.array([0, 0, middle])
        frame += [bar(centre, centre + way * (reach - globe), 0.0042, segments=8)]
        frame += [
            bar(centre + way * (reach - globe - 0.035), centre + way * (reach - globe * 0.75), 0.011, segments=12)
        ]
        bulbs.append(ball(globe, 1.0, 18).move(*(centre + way * reach)))
    return [Piece("frame", join(frame)), Piece("cord", rosette(0.02).move(z=-0.024)), Piece("bulb", join(bulbs))]


@form("pendant", "saucer")
def saucer(spec: Spec) -> list[Piece]:
    """A wide flattened bubble of ribbed skin, gathered by rings above and below."""
    width, height = _across(spec), spec.size[2]
    radius, tall = width / 2, min(width * 0.42, height * 0.6)
    angle = np.linspace(-np.pi / 2, np.pi / 2, 40)
    line = [(float(max(radius * np.cos(a) ** 0.85, radius * 0.16)), float(tall / 2 * np.sin(a))) for a in angle[1:-1]]
    middle = -height + tall / 2 + 0.004
    wires = []
    for turn in np.linspace(0, 2 * np.pi, 24, endpoint=False):
        path = np.array([((r + 0.0004) * np.cos(turn), (r + 0.0004) * np.sin(turn), z) for r, z in line[::2]])
        wires.append(tube(path, 0.0012, 4).move(z=middle))
    ends = [ring(line[0][0], middle + line[0][1], 0.004), ring(line[-1][0], middle + line[-1][1], 0.004)]
    lid = cylinder(line[0][0], 0.003).move(z=middle + line[0][1])
    return [
        Piece("cord", join([rosette(), flex((0, 0, -0.02), (0, 0, middle)), *ends])),
        Piece("shade", join([lathe(line, 64, 80).move(z=middle), lid, *wires])),
        Piece("bulb", bulb(0.036).move(z=middle)),
    ]


@form("pendant", "rattan")
def rattan(spec: Spec) -> list[Piece]:
    """A woven bell of open cane."""
    width, height = _across(spec), spec.size[2]
    tall = min(width * 0.72, height - 0.1)
    return [
        _cord(height - tall * 0.72),
        Piece("shade", woven(bell(width / 2 - 0.006, tall, 0.05), 34, 0.0028, 1.0).move(z=-height + 0.006)),
        Piece("bulb", ball(0.055, 1.0, 28).move(z=-height + tall * 0.55)),
    ]


@form("pendant", "rope")
def rope(spec: Spec) -> list[Piece]:
    """A drum of hanging rope strands between two wooden hoops, a globe inside."""
    width, height = _across(spec), spec.size[2]
    radius, tall = width / 2 - 0.012, min(width * 0.62, height - 0.14)
    low = -height + 0.012
    strands = []
    for number in range(44):
        a = 2 * np.pi * number / 44
        around = radius * np.array([np.cos(a), np.sin(a)])
        sag = [(*(around * k), low + tall * s) for s, k in ((0, 1), (0.5, 0.985), (1, 0.82))]
        strands.append(tube(curve(sag, 7), 0.0075, 7))
    hoops = [ring(radius, low, 0.011, 8), ring(radius * 0.82, low + tall, 0.010, 8)]
    turns = np.radians((90, 210, 330))
    upper = [(radius * 0.82 * np.cos(a), radius * 0.82 * np.sin(a), low + tall) for a in turns]
    hung = [flex(point, (0, 0, low + tall + width * 0.22), radius=0.004) for point in upper]
    return [
        Piece("cord", join([rosette(), flex((0, 0, -0.02), (0, 0, low + tall * 0.6), radius=0.006), *hung])),
        Piece("shade", join([*strands, *hoops])),
        Piece("bulb", ball(min(0.07, radius * 0.35), 1.0, 28).move(z=low + tall * 0.48)),
    ]


@form("pendant", "wheel", slots=("frame", "shade", "cord", "bulb"))
def wheel(spec: Spec) -> list[Piece]:
    """A wagon's ring of wood with iron bands, candles standing round it, on four chains."""
    width, height = _across(spec), spec.size[2]
    radius, low = width / 2 - 0.012, -height + 0.008
    rim = lathe(
        [(radius - 0.045, 0), (radius, 0), (radius, 0.052), (radius - 0.045, 0.052), (radius - 0.045, 0)], 64
    ).move(z=low)
    spokes = [
        slab((-radius + 0.03, -0.017, 0.010), (radius - 0.03, 0.017, 0.040), 0.003).turn(t).move(z=low) for t in (0, 90)
    ]
    iron, wax, flames = [rosette(0.06), cylinder(0.04, 0.07).move(z=low - 0.008)], [], []
    knot = (0.0, 0.0, -max(0.06, height * 0.3))
    iron.append(flex((0, 0, -0.02), knot, radius=0.006))
    iron += [ring(radius + 0.001, low + z, 0.004) for z in (0.008, 0.044)]
    for number in range(8):
        a = 2 * np.pi * (number + 0.5) / 8
        x, y = (radius - 0.022) * np.cos(a), (radius - 0.022) * np.sin(a)
        iron.append(cylinder(0.026, 0.010, 0.003).move(x, y, low + 0.052))
        wax.append(cylinder(0.012, 0.085, 0.002).move(x, y, low + 0.060))
        flames.append(ball(0.010, 2.0, 12).move(x, y, low + 0.166))
        if number % 2:
            iron.append(_chain((x * 0.95, y * 0.95, low + 0.052), knot))
    return [
        Piece("frame", join([rim, *spokes])),
        Piece("cord", join(iron)),
        Piece("shade", join(wax)),
        Piece("bulb", join(flames)),
    ]


def _chain(start: tuple[float, float, float], end: tuple[float, float, float]) -> Shape:
    """Links seen as a bar that thickens and thins."""
    path = np.linspace(start, end, 41)
    return tube(path, 0.0035 + 0.0022 * np.abs(np.sin(np.linspace(0, 20 * np.pi, 41) + 0.4)), 6)


@form("pendant", "beads", slots=("shade", "cord", "bulb"))
def beads(spec: Spec) -> list[Piece]:
    """Strings of wooden beads: drawn up to a crown, and swagged to a small ring below."""
    width, height = _across(spec), spec.size[2]
    radius, bead = width / 2 - 0.016, max(0.0105, width * 0.018)
    tall = min(width * 1.05, height - 0.08)
    low, mid = -height + 0.012, -height + tall * 0.46
    small = ball(bead, 1.0, 6)
    strung = []
    for number in range(16):
        a = 2 * np.pi * number / 16
        upper = curve([(radius, mid), (radius * 0.50, mid + tall * 0.20), (radius * 0.22, low + tall)], 40)[:, :2]
        lower = curve([(radius, mid), (radius * 0.80, mid - tall * 0.24), (radius * 0.24, low)], 40)[:, :2]
        for line in (upper, lower):
            along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
            for s in np.arange(bead, along[-1], 2.06 * bead):
                r, z = (float(np.interp(s, along, line[:, i])) for i in (0, 1))
                strung.append(small.move(r * np.cos(a), r * np.sin(a), z))
    hoops = [ring(radius, mid, 0.007, 8), ring(radius * 0.22, low + tall, 0.006), ring(radius * 0.24, low, 0.005)]
    return [
        Piece("cord", join([rosette(), flex((0, 0, -0.02), (0, 0, mid + 0.04)), *hoops])),
        Piece("shade", join(strung)),
        Piece("bulb", ball(min(0.06, radius * 0.3), 1.0, 28).move(z=mid)),
    ]


@form("pendant", "bar", slots=("frame", "cord", "bulb"))
def linear(spec: Spec) -> list[Piece]:
    """A thin straight profile on two wires, its whole underside a line of light."""
    width, _, height = spec.size
    half, low = width / 2 - 0.002, -height
    wires = [flex((x, 0, -0.012), (x, 0, low + 0.03), radius=0.0015) for x in (-half * 0.72, half * 0.72)]
    plate = slab((-half * 0.8, -0.02, -0.02), (half * 0.8, 0.02, 0.0), 0.004)
    return [
        Piece("frame", join([slab((-half, -0.016, low + 0.005), (half, 0.016, low + 0.036), 0.003)])),
        Piece("cord", join([plate, *wires])),
        Piece("bulb", slab((-half + 0.006, -0.0125, low), (half - 0.006, 0.0125, low + 0.008), 0.003)),
    ]


@form("pendant", "disc", slots=ALL)
def disc(spec: Spec) -> list[Piece]:
    """A flat opal disc with soft edges under a small metal cap, on one wire."""
    width, height = _across(spec), spec.size[2]
    radius, low = width / 2, -height
    edge = np.linspace(-np.pi / 2, np.pi / 2, 11)
    opal = [
        (0.0, 0.0),
        *((float(radius - 0.02 + 0.02 * np.cos(a)), float(0.02 + 0.02 * np.sin(a))) for a in edge),
        (0.0, 0.04),
    ]
    cap = join([cylinder(radius * 0.32, 0.012, 0.004).move(z=0.039), cylinder(0.012, 0.03).move(z=0.05)])
    return [
        Piece("frame", cap.move(z=low)),
        Piece("cord", join([rosette(), flex((0, 0, -0.02), (0, 0, low + 0.06), radius=0.002)])),
        Piece("shade", lathe(opal, 64).move(z=low)),
        Piece("bulb", cylinder(radius * 0.3, 0.006).move(z=low + 0.02)),
    ]
