"""Makes pictures with whatever ``imagegen`` is first on the path: a job (JSON) a line comes in, "made" a line goes out.

Run by ``runs.Previous`` from the checkout of an earlier commit, so it may only use what stood there. What the stages
gave is taken where they hand it to the composite: ``make_scene`` itself returns the picture alone.
"""

import contextlib
import json
import sys
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from imagegen import composite, renderer
from imagegen.errors import ImagegenError
from imagegen.job import Job
from imagegen.pipeline import make_scene
from imagegen.protocols import Settings
from imagegen.renderer.exposure import developed
from imagegen.tone import view_transform
from imagegen.types import Dimensions, ExplicitPlacement, Mount, Product


def made(told: dict[str, Any]) -> dict[str, np.ndarray]:
    """The arrays that ``runs.unpacked`` reads."""
    product = Product(told["sku"], told["name"], told["category"], Dimensions(*told["size"]), Mount(told["mount"]))
    width, height, samples, seed = told["settings"]
    asked = Settings(width, height, samples, seed)
    place = ExplicitPlacement(*told["place"])
    job = Job(product, (Path(told["photo"]).read_bytes(),), told["style"], told["room"], "render", asked, place)
    began = time.perf_counter()
    try:
        scene, (staged, passes, composed) = _watched(job)
    except ImagegenError as error:
        return {"told": np.array(json.dumps({"error": str(error)}))}
    seconds = time.perf_counter() - began
    view = staged.placement.camera
    empty = renderer.render(replace(staged.geometry, key=None), view, None, samples=samples, seed=seed)
    doubt = next(f for f in staged.pose.findings if f.check == "pose")
    facts = {
        "seconds": {"all": seconds},
        "kind": staged.pose.kind,
        "verdict": str(doubt.verdict),
        "findings": [f"{f.check}: {f.message}" for f in scene.findings if f.verdict != "pass"],
    }
    cameras = {"camera": view, "posed": staged.pose.camera}
    return {
        "picture": scene.picture,
        "without": view_transform(developed(empty.picture, passes.gain)),
        "alpha": composed.alpha,
        "warp": staged.placement.warp,
        "told": np.array(json.dumps(facts)),
    } | {f"{name}.{each.name}": np.asarray(getattr(c, each.name)) for name, c in cameras.items() for each in fields(c)}


def _watched(job: Job) -> tuple[Any, tuple[Any, Any, Any]]:
    """The scene, and what was handed to the composite and came out of it."""
    true, seen = composite.compose, []

    def watching(staged: Any, passes: Any, draft: Any) -> Any:
        composed = true(staged, passes, draft)
        seen.append((staged, passes, composed))
        return composed

    composite.compose = watching
    try:
        return make_scene(job), seen[-1]
    finally:
        composite.compose = true


def main() -> None:
    """One job after the other until the input ends; whatever the stages print goes to standard error."""
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            told = json.loads(line)
            with Path(told["out"]).open("wb") as file:
                np.savez(file, **made(told))
            print("made", file=answers, flush=True)


if __name__ == "__main__":
    main()
