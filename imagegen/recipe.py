"""Everything that decided a picture, as canonical JSON (RFC 8785); its sha256 is the picture's identity."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import rfc8785

from imagegen.protocols import Engine, Settings, Staged
from imagegen.types import ExplicitPlacement, Pose, Product

FORMAT = 2
"""Raised when the meaning of a field changes; an old recipe then no longer claims to give the same pixels."""

LARGEST_WHOLE = 2**53 - 1
"""Up to here a double holds every whole number."""


def plan(
    product: Product,
    photos: Sequence[str],
    style: Mapping[str, Any],
    placement: ExplicitPlacement | None,
    engine: Engine,
    settings: Settings,
    companions: Sequence[tuple[Product, Sequence[str]]] = (),
    decided: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What is known before work begins: equal plans on one machine give equal pixels.

    ``photos``: sha256 of each that may be shown, in their order; ``companions``: the same of a set's further products.
    ``style``: its slug, and ``rooms``: the version (sha256 of its content) of each room that may be chosen.
    ``decided``: what the engine says of itself besides.
    """
    return {
        "format": FORMAT,
        "photos": list(photos),
        "product": facts(product),
        "companions": [{"product": facts(other), "photos": list(shown)} for other, shown in companions],
        "style": dict(style),
        "placement": asdict(placement) if placement else None,
        "engine": {
            "name": engine.name,
            "version": engine.version,
            "source_type": engine.source_type,
            **(decided or {}),
        },
        "settings": {name: getattr(settings, name) for name in Settings.__slots__},
    }


def record(
    planned: Mapping[str, Any],
    staged: Staged,
    machine: Mapping[str, str],
    others: Sequence[Staged] = (),
    notes: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The plan together with what the stages found: the photo, its pose, the place, and the tools that did it.

    ``others``: the companions that found a place; they are told under ``set``. ``notes``: what the engine tells of its
    work, under ``painted``.
    """
    told = dict(planned) | _told(staged, planned["photos"]) | {"machine": dict(machine)}
    if notes:
        told["painted"] = dict(notes)
    if others:
        photos = {other["product"]["sku"]: other["photos"] for other in planned["companions"]}
        told["set"] = [{"sku": o.product.sku} | _told(o, photos[o.product.sku]) for o in others]
    return told


def facts(product: Product) -> dict[str, Any]:
    """All that the catalog says of a product."""
    return asdict(product) | {"mount": str(product.mount), "tags": list(product.tags)}


def posed(pose: Pose) -> dict[str, Any]:
    """What was found of a photo's camera."""
    return {
        "kind": pose.kind,
        "yaw_deg": round(pose.yaw_deg, 3),
        "elevation_deg": round(pose.elevation_deg, 3),
        "distance_m": round(pose.distance_m, 4),
        "focal_mm": round(pose.focal_mm, 2),
        "sigma_deg": round(pose.sigma_deg, 2),
        "overlap": round(pose.overlap, 4),
    }


def _told(staged: Staged, photos: Sequence[str]) -> dict[str, Any]:
    placement = staged.placement
    return {
        "shown": {"photo": placement.photo, "sha256": photos[placement.photo if len(photos) > 1 else 0]},
        "cutout": staged.cutout.method,
        "pose": posed(staged.pose),
        "place": {
            "room": placement.room,
            "anchor": placement.anchor,
            "position_m": [round(float(x), 4) for x in placement.position],
            "yaw_deg": round(placement.yaw_deg, 3),
            "mirrored": placement.mirrored,
            "camera_height_m": round(float(placement.camera.position[2]), 4),
            "reasons": list(placement.reasons),
        },
    }


def canonical(recipe: Mapping[str, Any]) -> bytes:
    """The one way to write a recipe down; whatever it holds, it is written.

    JSON's numbers are doubles (RFC 8785, 3.2.2.3), so a whole number beyond 2**53 is written as the double next to it:
    it may have been one that was written before. What JSON has no word for is written as null where it is no number,
    and as its code (a backslash, u and four digits) where it is half a character.
    """
    return rfc8785.dumps(_plain(recipe))


def _plain(value: Any) -> Any:
    """The value in what RFC 8785 knows. Names that are no text become text."""
    if isinstance(value, Mapping):
        return {_text(str(name)): _plain(value[name]) for name in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [_plain(held) for held in value]
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        value = _double(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _double(whole: int) -> float:
    try:
        return float(whole)
    except OverflowError:
        return math.inf


def _text(text: str) -> str:
    """Halves of a character that stand side by side are one, as whoever reads JSON takes them."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return joined.encode("utf-8", "backslashreplace").decode("utf-8")


def identity(recipe: Mapping[str, Any]) -> str:
    """sha256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(recipe)).hexdigest()
