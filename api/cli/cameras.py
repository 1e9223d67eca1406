"""``imagegen catalog cameras``: how the studio shoots, learnt from the catalog's photos."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from api.cli.console import complain, emit, operator, out, plain, progress_bar, table
from imagegen import pipeline, pose
from imagegen.errors import InputError
from imagegen.job import Kit
from imagegen.types import Habit, Verdict
from workers.records import habits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.deps import Context
    from imagegen.types import Belief, Pose
    from workers.records.models import Product


def survey(
    context: Context, products: Iterable[Product], *, most: int, keep: bool, only: str | None, as_json: bool
) -> list[dict[str, Any]]:
    """Solve the photos' cameras, tell them and the habits they teach; with ``keep`` the products are given those.

    At most ``most`` products of a category are looked at, evenly over the catalog: more would teach no more. Gives what
    was told of each. ``only``: the one category that they are of.
    """
    chosen = _spread(products, most)
    rows, poses = [], []
    with progress_bar("cameras", quiet=as_json) as tell:
        for number, product in enumerate(chosen, 1):
            row, solved = _look(context, product)
            rows.append(row)
            if solved:
                poses.append((product.category, solved))
            tell(product.sku, number / len(chosen))
    studio = pose.learn(poses)
    if keep:
        with context.database.transaction() as session:
            habits.keep(session, studio, operator(), only=only)
    learnt = dict(studio.categories) | ({"all others": studio.usual} if studio.usual.photos else {})
    told = {category: asdict(habit) for category, habit in learnt.items()}
    if as_json:
        emit({"photos": rows, "habits": told, "kept": keep})
    else:
        _show(rows, learnt, keep=keep)
    return rows


def _spread(products: Iterable[Product], most: int) -> list[Product]:
    """Up to ``most`` products of each category that have a photo, evenly spaced in the catalog's order."""
    groups: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.photos:
            groups[product.category].append(product)
    return [
        group[index * len(group) // min(most, len(group))]
        for group in groups.values()
        for index in range(min(most, len(group)))
    ]


def _look(context: Context, product: Product) -> tuple[dict[str, Any], Pose | None]:
    """What is told of a product's first photo, and its pose; a photo that cannot be used says why."""
    named = {"sku": product.sku, "category": product.category}
    kit = Kit(cutter_weights=context.settings.cutter_weights)
    try:
        solved = pipeline.camera_of(
            context.blobs.get(product.photos[0].key),
            # What was learnt before must not confirm itself.
            replace(product.facts(), habit=Habit()),
            context.settings.cutter,
            kit,
        )
    except InputError as error:
        return named | {"verdict": "fail", "message": str(error)}, None
    finding = next(f for f in solved.findings if f.check == "pose")
    return named | {
        "kind": solved.kind,
        "yaw_deg": round(solved.yaw_deg, 1),
        "elevation_deg": round(solved.elevation_deg, 1),
        "focal_mm": round(solved.focal_mm),
        "sigma_deg": round(solved.sigma_deg, 1),
        "verdict": str(finding.verdict),
        "message": "" if finding.verdict is Verdict.PASS else finding.message,
    }, solved


def _show(rows: list[dict[str, Any]], learnt: Mapping[str, Habit], *, keep: bool) -> None:
    if not rows:
        complain("No product has a photo.", "Import a catalog first: imagegen catalog import FILE")
        return
    columns = ("sku", "category", "kind", "yaw_deg", "elevation_deg", "focal_mm", "sigma_deg", "verdict")
    table(
        ["sku", "category", "kind", "yaw", "elevation", "lens, mm", "uncertain by", "verdict"],
        [tuple(row.get(name, "") for name in columns) for row in rows],
    )
    for row in rows:
        if row.get("message"):
            out().print(plain(f"{row['sku']}: {row['message']}"))
    if not learnt:
        out().print(plain(f"Fewer than {pose.FEWEST} photos tell of the studio: nothing is learnt of it."))
        return
    table(
        ["category", "photos", "yaw", "elevation", "lens, mm"],
        [
            (name, habit.photos, _degrees(habit.yaw), _degrees(habit.elevation), _lens(habit.lens))
            for name, habit in learnt.items()
        ],
    )
    said = "Kept: photos that say little are read like these." if keep else "Not kept; --keep makes them the house's."
    out().print(plain(said))


def _degrees(belief: Belief | None) -> str:
    return f"{belief[0]:+.0f} ± {belief[1]:.0f}" if belief else ""


def _lens(belief: Belief | None) -> str:
    return f"{math.exp(belief[0]):.0f} ± {100 * belief[1]:.0f} %" if belief else ""
