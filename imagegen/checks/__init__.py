"""Checks: each judges one thing about a composed picture; ``judge`` asks them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imagegen.checks.colour_true import ColourTrue
from imagegen.checks.composition import Composition
from imagegen.checks.contact import Contact
from imagegen.checks.expansion import Expansion
from imagegen.checks.exposure import Exposure
from imagegen.checks.in_frame import InFrame
from imagegen.checks.product_intact import ProductIntact
from imagegen.checks.resolution import Resolution
from imagegen.checks.scale import Scale
from imagegen.checks.seam import Seam
from imagegen.checks.see_through import SeeThrough
from imagegen.checks.shadow_neutral import ShadowNeutral
from imagegen.checks.stands_out import StandsOut
from imagegen.checks.visibility import Visibility

if TYPE_CHECKING:
    from imagegen.protocols import Check, Staged
    from imagegen.types import Composed, Finding, Passes

CHECKS: dict[str, type[Check]] = {
    check.name: check
    for check in (
        ProductIntact,
        Scale,
        Contact,
        InFrame,
        Visibility,
        Composition,
        ColourTrue,
        ShadowNeutral,
        SeeThrough,
        Expansion,
        Seam,
        Exposure,
        StandsOut,
        Resolution,
    )
}
"""By name, in the order in which a reviewer reads them."""

COMPANION = (Scale.name, Contact.name)


def judge(staged: Staged, passes: Passes, composed: Composed) -> tuple[Finding, ...]:
    """One finding from every check."""
    return tuple(check().check(staged, passes, composed) for check in CHECKS.values())


def judge_companion(staged: Staged, passes: Passes, composed: Composed) -> tuple[Finding, ...]:
    """What is asked of a set's further products: that they have their true size and stand where they are."""
    return tuple(CHECKS[name]().check(staged, passes, composed) for name in COMPANION)
