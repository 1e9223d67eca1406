"""Why a designer turned a picture down, and what asking again changes because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """The fixed list of reasons; free text goes beside it."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    WRONG_PLACE = "wrong_place"
    COMPOSITION = "composition"
    WRONG_ROOM = "wrong_room"
    WRONG_STYLE = "wrong_style"
    PRODUCT_ALTERED = "product_altered"
    WRONG_SCALE = "wrong_scale"
    BAD_CUTOUT = "bad_cutout"
    BAD_LIGHT = "bad_light"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Advice:
    """A reason in a designer's words, and the changes that asking again makes unless told otherwise.

    ``changes`` are added to the request's numbers (``exposure_ev``, ``variant``, ``seed``); ``remedy`` says what
    a person should mend where no number can.
    """

    label: str
    changes: Mapping[str, float] = field(default_factory=dict)
    remedy: str = ""


ADVICE: dict[Reason, Advice] = {
    Reason.TOO_DARK: Advice("Too dark", {"exposure_ev": 0.4}),
    Reason.TOO_BRIGHT: Advice("Too bright", {"exposure_ev": -0.4}),
    Reason.WRONG_PLACE: Advice("Wrong place in the room", {"variant": 1}),
    Reason.COMPOSITION: Advice("Composition", {"variant": 1}),
    Reason.WRONG_ROOM: Advice("Wrong room for the product", {"variant": 1}, "Pick another room."),
    Reason.WRONG_STYLE: Advice("Style does not suit it", {"variant": 1}, "Pick another style."),
    Reason.PRODUCT_ALTERED: Advice("Product does not look like itself", {"seed": 1}, "Check the packshot's colours."),
    Reason.WRONG_SCALE: Advice("Size looks wrong", {}, "Check the centimetres in the catalog."),
    Reason.BAD_CUTOUT: Advice("Edges are cut badly", {}, "Upload a photo with alpha, or on a plainer background."),
    Reason.BAD_LIGHT: Advice("Light does not match", {"variant": 1, "seed": 1}),
    Reason.OTHER: Advice("Something else", {"variant": 1}),
}


def ask_again(request: Mapping[str, Any], reason: Reason | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A new request from an old one: the reason's advice first, then the caller's explicit changes."""
    again = dict(request)
    if reason is not None:
        for name, step in ADVICE[reason].changes.items():
            again[name] = type(step)(again.get(name) or 0) + step
    again.update(changes)
    return again
