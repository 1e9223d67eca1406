"""Whether the product's shadow is free of the product's colour: no yellow shadow under a yellow chair."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from scipy import ndimage

from imagegen.checks.measure import grade, interior
from imagegen.colour import LUMINANCE, lab
from imagegen.protocols import Staged
from imagegen.types import Bools, Composed, Doubles, Finding, Passes, Verdict

HUELESS = 6.0  # chroma up to which a product has no colour to cast
GREY = 0.4  # albedo of the grey floor on which the shadow is imagined
SHADED = 0.82  # of the light further off: from here down it is shadow
NEAR, FAR = 0.3, 1.0  # shares of the product's height in the picture
FEWEST = 40  # pixels


class ShadowNeutral:
    """Score: how far the shadow leans towards the product's own hue, in CIELAB units, as a grey floor would show it.

    The light on the ground is the picture over the ground's own colour, so that a brown floor counts like a grey one.
    It is held against the ground further off (other shadows there, if any: they show what a room's skylight does) and
    against the light on the product's own shaded sides; the kinder of them speaks: what is left is the product's.
    """

    name: ClassVar[str] = "shadow_neutral"
    threshold: ClassVar[float] = 3.0

    def check(self, staged: Staged, passes: Passes, composed: Composed) -> Finding:  # noqa: ARG002 - the socket's shape
        """Warns above the threshold, fails above twice as much."""
        own = _hue(composed)
        if own is None:
            return Finding(self.name, Verdict.PASS, 0.0, self.threshold, "The product has no hue to cast.")
        light = _light_near(passes, composed)
        if light is None:
            return Finding(self.name, Verdict.PASS, 0.0, self.threshold, "No shadow of it is seen on the ground.")
        shadow, references = light[0], light[1:]
        score = max(0.0, min(_lean(shadow, reference, own) for reference in references))
        message = f"Its shadow leans by {score:.1f} towards its own colour (CIELAB, as on a grey floor)."
        return Finding(self.name, grade(score, self.threshold, 2 * self.threshold), score, self.threshold, message)


def _lean(shadow: Doubles, reference: Doubles, own: Doubles) -> float:
    ratio = shadow / np.maximum(reference, 1e-6)
    return float(lab(GREY * ratio / max(float(ratio @ LUMINANCE), 1e-6))[1:] @ own)


def _hue(composed: Composed) -> Doubles | None:
    """The direction (2,) of the product's mean colour in a*, b*; None where it has none."""
    inside = interior(composed)
    if not inside.any():
        return None
    mean = lab(composed.source[inside].mean(axis=0))[1:]
    chroma = float(np.linalg.norm(mean))
    return None if chroma < HUELESS else mean / chroma


def _light_near(passes: Passes, composed: Composed) -> list[Doubles] | None:
    """Median light (3,) in the product's shadow, then what it is held against; None where there is none to see."""
    product = composed.alpha > 0.02
    if not product.any():
        return None
    rows = np.flatnonzero(product.any(axis=1))
    away = ndimage.distance_transform_edt(~product) / max(float(np.ptp(rows)), 1.0)
    ground: Bools = (passes.normals[..., 2] > 0.9) & ~product & (passes.albedo.min(axis=2) > 0.03) & (away < FAR)
    for other in passes.others:  # a rug of the set: the picture shows the floor there, the albedo the rug's hull
        ground &= other.hull < 0.02
    light = passes.picture / np.maximum(passes.albedo, 0.03)
    level = light @ LUMINANCE
    beyond = ground & (away >= NEAR)
    if beyond.sum() < FEWEST:
        return None
    full = float(np.percentile(level[beyond], 60))
    shadow = ground & (away < NEAR) & (level < SHADED * full)
    if shadow.sum() < FEWEST:
        return None
    depth = float(np.median(level[shadow]))
    alike = beyond & (level > 0.6 * depth) & (level < 1.2 * depth)
    lit = beyond & (level > 0.9 * full) & (level < 1.3 * full)
    reference = alike if alike.sum() >= 4 * FEWEST else lit
    found = [light[shadow], light[reference]]
    sides = passes.shading[(passes.hull > 0.99) & (passes.shading @ LUMINANCE > 0.01)]
    if len(sides) >= FEWEST:
        found.append(sides[sides @ LUMINANCE <= np.median(sides @ LUMINANCE)])
    return [np.median(each, axis=0) for each in found]
