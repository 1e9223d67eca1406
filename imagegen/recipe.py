"""Everything that decided a picture, as canonical JSON (RFC 8785); its sha256 is the picture's identity."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import rfc8785

from imagegen.protocols import Engine, Settings, Staged
from imagegen.types import ExplicitPlacement, Product

FORMAT = 2
"""Raised when the meaning of a field changes; an old recipe then no longer claims to give the same pixels."""


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
        "product": _facts(product),
        "companions": [{"product": _facts(other), "photos": list(shown)} for other, shown in companions],
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


def _facts(product: Product) -> dict[str, Any]:
    return asdict(product) | {"mount": str(product.mount), "tags": list(product.tags)}


def _told(staged: Staged, photos: Sequence[str]) -> dict[str, Any]:
    pose, placement = staged.pose, staged.placement
    return {
        "shown": {"photo": placement.photo, "sha256": photos[placement.photo if len(photos) > 1 else 0]},
        "cutout": staged.cutout.method,
        "pose": {
            "kind": pose.kind,
            "yaw_deg": round(pose.yaw_deg, 3),
            "elevation_deg": round(pose.elevation_deg, 3),
            "distance_m": round(pose.distance_m, 4),
            "focal_mm": round(pose.focal_mm, 2),
            "sigma_deg": round(pose.sigma_deg, 2),
            "overlap": round(pose.overlap, 4),
        },
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
    """The one way to write a recipe down.

    Raises rfc8785.CanonicalizationError for what JSON does not hold: NaN, whole numbers beyond 2**53, half a character.
    """
    return rfc8785.dumps(dict(recipe))


def identity(recipe: Mapping[str, Any]) -> str:
    """sha256 of the canonical form, lower-case hex."""
    return hashlib.sha256(canonical(recipe)).hexdigest()
