"""Wardrobes: tall cupboards with leaves that swing or slide."""

from __future__ import annotations

from imagegen.rooms.parts.catalogue import Piece, Spec, form, kind
from imagegen.rooms.parts.joinery import (
    Opening,
    carcass,
    flat_front,
    frame_front,
    knob,
    openings,
    panelled_front,
    plank,
    pull,
    splayed_legs,
    woven_panel,
)
from imagegen.rooms.shapes import Shape, join, slab


def _plinth(width: float, depth: float, height: float) -> Shape:
    return slab((-width / 2 + 0.01, -depth / 2 + 0.045, 0), (width / 2 - 0.01, depth / 2 - 0.01, height), 0.001)


def _meeting(index: int, count: int) -> int:
    """-1 or 1: the side of a leaf on which its handle sits, so that pairs meet."""
    return 1 if index % 2 == 0 and index < count - 1 else -1


@kind(
    "wardrobe",
    36,
    ("main", "fronts", "legs", "handles"),
    ("hinged",),
    words=("wardrobe", "armoire", "cupboard"),
    near=1.3,
)
def hinged(spec: Spec) -> list[Piece]:
    """Plain leaves to the full height between slim sides, long upright pulls, a plinth set back."""
    width, depth, height = spec.size
    foot, count = 0.07, int(spec.number("doors", max(2, round(width / 0.5))))
    fields = openings(-width / 2 + 0.002, width / 2 - 0.002, foot, height - 0.002, count, 1)
    body = [s.move(y=0.0105) for s in carcass(width, depth - 0.021, foot, height)]
    fronts = [flat_front(place, -depth / 2) for place in fields]
    long = min(0.34, height * 0.2)
    pulls = []
    for index, (x0, x1, _, _) in enumerate(fields):
        x = x1 - 0.035 if _meeting(index, count) > 0 else x0 + 0.035
        pulls.append(pull(x, -depth / 2, 1.02, long, upright=True))
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", _plinth(width, depth, foot)),
        Piece("handles", join(pulls)),
    ]


@form("wardrobe", "sliding")
def sliding(spec: Spec) -> list[Piece]:
    """Two or three broad leaves that run before each other between thick sides; recessed edge grips."""
    width, depth, height = spec.size
    foot, thick, d = 0.05, 0.03, depth / 2
    count = int(spec.number("doors", 2 if width < 2.2 else 3))
    w = width / 2 - thick
    each = (2 * w + 0.03 * (count - 1)) / count
    body = carcass(width, depth, foot, height, thick)[:4]
    body.append(slab((-w, -d + 0.085, foot + thick), (w, d - 0.004, height - thick), 0.001))
    body.append(plank((-w, -d + 0.002, height - thick - 0.035), (w, -d + 0.012, height - thick)))
    fronts, grips = [], []
    for index in range(count):
        x0 = -w + index * (each - 0.03)
        y = -d + (0.016 if index % 2 == 0 else 0.046)
        place: Opening = (x0, x0 + each, foot + thick + 0.004, height - thick - 0.006)
        fronts.append(flat_front(place, y, 0.024))
        edge = x0 + each - 0.055 if index == 0 else x0 + 0.035
        grips.append(slab((edge, y - 0.0015, 0.95), (edge + 0.02, y + 0.002, 1.15), 0.001))
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", _plinth(width, depth, foot)),
        Piece("handles", join(grips)),
    ]


@form("wardrobe", "cane", slots=("main", "fronts", "cane", "legs", "handles"))
def cane(spec: Spec) -> list[Piece]:
    """Framed leaves with woven cane above and wood below, on splayed legs."""
    width, depth, height = spec.size
    foot, d, rail = 0.16, depth / 2, 0.055
    count = int(spec.number("doors", max(2, round(width / 0.5))))
    body = carcass(width, depth, foot, height, 0.024)
    fields = openings(-width / 2 + 0.024, width / 2 - 0.024, foot + 0.024, height - 0.024, count, 1)
    fronts: list[Shape] = []
    woven, knobs = [], []
    for index, (x0, x1, z0, z1) in enumerate(fields):
        split = z0 + (z1 - z0) * 0.36
        fronts += frame_front((x0, x1, z0, z1), -d + 0.001, rail)
        fronts.append(
            plank((x0 + rail, -d + 0.0015, split - rail / 2), (x1 - rail, -d + 0.021, split + rail / 2), 0.002)
        )
        fronts.append(plank((x0 + rail - 0.004, -d + 0.010, z0 + rail - 0.004), (x1 - rail + 0.004, -d + 0.019, split)))
        woven.append(woven_panel((x0, x1, split - rail / 2, z1), -d + 0.001, rail))
        x = x1 - rail / 2 if _meeting(index, count) > 0 else x0 + rail / 2
        knobs.append(knob(x, -d + 0.001, split + 0.06, 0.013))
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("cane", join(woven)),
        Piece("legs", join(splayed_legs(width, depth, foot, 0.024, 0.03))),
        Piece("handles", join(knobs)),
    ]


@form("wardrobe", "painted")
def painted(spec: Spec) -> list[Piece]:
    """A country cupboard: panelled leaves in two fields over a drawer, a cornice, a plinth with a cut-out."""
    width, depth, height = spec.size
    inner, foot, top = width - 0.06, 0.10, height - 0.07
    count = int(spec.number("doors", max(2, round(width / 0.6))))
    body = [
        plank((-inner / 2, -depth / 2 + 0.03, foot), (-inner / 2 + 0.025, depth / 2, top)),
        plank((inner / 2 - 0.025, -depth / 2 + 0.03, foot), (inner / 2, depth / 2, top)),
        slab((-inner / 2 + 0.02, -depth / 2 + 0.055, foot), (inner / 2 - 0.02, depth / 2 - 0.003, top), 0.001),
    ]
    for out, z0, z1 in ((0.008, top, top + 0.025), (0.020, top + 0.02, top + 0.048), (0.030, top + 0.044, height)):
        body.append(plank((-inner / 2 - out, -depth / 2 + 0.03 - out, z0), (inner / 2 + out, depth / 2, z1), 0.006))
    face = -depth / 2 + 0.03
    body.append(plank((-inner / 2, face, foot), (inner / 2, face + 0.022, foot + 0.05)))
    body.append(plank((-inner / 2, face, top - 0.05), (inner / 2, face + 0.022, top)))
    x0, x1 = -inner / 2 + 0.035, inner / 2 - 0.035
    body += [
        plank((s * (inner / 2 - 0.0175) - 0.0175, face, foot), (s * (inner / 2 - 0.0175) + 0.0175, face + 0.022, top))
        for s in (-1, 1)
    ]
    drawer = foot + 0.05 + 0.20
    body.append(plank((x0, face, drawer), (x1, face + 0.022, drawer + 0.03)))
    fronts: list[Shape] = []
    knobs: list[Shape] = []
    for index, place in enumerate(openings(x0, x1, drawer + 0.03, top - 0.05, count, 1)):
        a, b, z0, z1 = place
        split = z0 + (z1 - z0) * 0.38
        fronts += panelled_front((a, b, z0, split + 0.035), face - 0.001, 0.07)
        fronts += panelled_front((a, b, split - 0.035, z1), face - 0.0015, 0.07)
        knobs.append(knob(b - 0.035 if _meeting(index, count) > 0 else a + 0.035, face - 0.001, split, 0.016))
    for place in openings(x0, x1, foot + 0.05, drawer, 1, 1):
        fronts.append(flat_front(place, face - 0.001))
        knobs += [knob(s * width * 0.22, face - 0.001, (foot + 0.05 + drawer) / 2, 0.016) for s in (-1, 1)]
    feet = [
        plank(
            (s * (inner / 2 - 0.07) - 0.07, face - 0.008, 0), (s * (inner / 2 - 0.07) + 0.07, face + 0.03, foot + 0.004)
        )
        for s in (-1, 1)
    ]
    feet += [
        plank(
            (s * (inner / 2 - 0.0135) - 0.0205, face, 0), (s * (inner / 2 - 0.0135) + 0.0205, depth / 2, foot + 0.003)
        )
        for s in (-1, 1)
    ]
    feet.append(plank((-inner / 2 - 0.008, face - 0.008, foot - 0.025), (inner / 2 + 0.008, face + 0.02, foot + 0.006)))
    return [
        Piece("main", join(body)),
        Piece("fronts", join(fronts)),
        Piece("legs", join(feet)),
        Piece("handles", join(knobs)),
    ]
