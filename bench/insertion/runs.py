"""What this pipeline makes of a pair, and what its previous release made of it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np

import imagegen
import styles
from bench.insertion.kept import content_of, kept
from bench.insertion.pairs import settings
from bench.insertion.truth import Truth, bare_room
from bench.packshots import ROOT
from imagegen import pipeline, pose
from imagegen.clock import Clock, silent
from imagegen.errors import ImagegenError
from imagegen.job import Job, Kit
from imagegen.types import Camera, Doubles, Floats, Labels

RELEASE = "b06b37b"
"""The commit before the photo's camera was solved anew: what users had."""
MAKES = (Path(imagegen.__file__).parent, Path(styles.__file__).parent, Path(__file__))


@dataclass(frozen=True, eq=False)
class Shown:
    """A method's picture of a pair.

    ``picture``, ``without`` (H, W, 3) sRGB uint8: with the product, and the same without it and its shadow; ``alpha``
    (H, W) 0..1 how much product each pixel holds. Only where a camera was solved: ``camera`` the picture's, in the
    room's frame; ``warp`` (3, 3) from the photo's pixels; ``posed`` the photo's, in the product's frame.
    ``told``: seconds, the pose's kind and findings.
    """

    picture: Labels
    without: Labels
    alpha: Floats
    told: Mapping[str, Any]
    camera: Camera | None = None
    warp: Doubles | None = None
    posed: Camera | None = None


def key_of(truth: Truth) -> str:
    """Names this pipeline's picture after the truth that it is held against and after the pipeline's own text."""
    return hashlib.sha256(f"{truth.key} {content_of(MAKES)}".encode()).hexdigest()[:24]


def ours(truth: Truth) -> Shown:
    """What this pipeline makes of what a user would give. Raises ImagegenError when it refuses."""
    return unpacked(kept("ours", key_of(truth), lambda: _made(truth)))


def _made(truth: Truth) -> dict[str, np.ndarray]:
    pair, kit, clock = truth.pair, Kit(), Clock(silent)
    job = Job(truth.product, (truth.photo,), pair.style, pair.room, "render", settings(), pair.place)
    try:
        made = pipeline.make(job, clock, kit)
    except ImagegenError as error:
        return {"told": np.array(json.dumps({"error": str(error)}))}
    staged, place = made.staged, made.staged.placement
    without = bare_room(staged.geometry, made.passes, place.camera, settings())
    doubt = next(f for f in staged.pose.findings if f.check == "pose")
    told = {
        "seconds": clock.seconds,
        "kind": staged.pose.kind,
        "verdict": str(doubt.verdict),
        "findings": [f"{f.check}: {f.message}" for f in made.findings if f.verdict != "pass"],
    }
    given = pose.solve_pose(staged.cutout, pair.good.product(truth.told))
    return {
        "picture": made.composed.picture, "without": without, "alpha": made.composed.alpha, "warp": place.warp,
        "told": np.array(json.dumps(told)), "cutout": staged.cutout.alpha,
        **packed("camera", place.camera), **packed("posed", staged.pose.camera), **packed("given", given.camera),
    }  # fmt: skip


def packed(name: str, seen: Camera) -> dict[str, np.ndarray]:
    """A camera as arrays for the disk."""
    return {f"{name}.{each.name}": np.asarray(getattr(seen, each.name)) for each in fields(seen)}


def camera_of(planes: Mapping[str, np.ndarray], name: str) -> Camera:
    """The camera that ``packed`` put among the arrays."""
    value = {each.name: planes[f"{name}.{each.name}"] for each in fields(Camera)}
    whole = {side: int(value[side]) for side in ("width", "height")}
    return Camera(
        float(value["focal"]), float(value["cx"]), float(value["cy"]), value["rotation"], value["position"], **whole
    )


def unpacked(planes: Mapping[str, np.ndarray]) -> Shown:
    """A method's picture from the disk's arrays. Raises ImagegenError when there is none but a refusal."""
    told = json.loads(str(planes["told"]))
    if "error" in told:
        raise ImagegenError(told["error"])
    cameras = camera_of(planes, "camera"), planes["warp"], camera_of(planes, "posed")
    return Shown(planes["picture"], planes["without"], planes["alpha"], told, *cameras)


def given_facts(truth: Truth) -> tuple[Camera, Floats]:
    """The photo's camera as solved with the true camera facts told, and the cutout's alpha (h, w), of our run."""
    planes = kept("ours", key_of(truth), lambda: _made(truth))
    unpacked(planes)
    return camera_of(planes, "given"), planes["cutout"]


class Previous:
    """The pipeline of ``RELEASE`` in a process of its own, from a checkout under ``var``; started when it is needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(60)

    def __call__(self, truth: Truth) -> Shown:
        """Its picture of the pair. Raises ImagegenError when it refuses."""
        key = hashlib.sha256(f"{truth.key} {RELEASE} {content_of((WORKER,))}".encode()).hexdigest()[:24]
        return unpacked(kept("previous", key, lambda: self._made(truth)))

    def _made(self, truth: Truth) -> dict[str, np.ndarray]:
        pair, product, asked = truth.pair, truth.product, settings()
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "made.npz"
            photo = Path(folder) / "photo.jpg"
            photo.write_bytes(truth.photo)
            size, place = product.dimensions, pair.place
            job = {
                "photo": str(photo), "out": str(out), "sku": product.sku, "name": product.name,
                "category": product.category, "size": [size.width, size.depth, size.height],
                "mount": product.mount.value, "style": pair.style, "room": pair.room,
                "place": [place.x, place.y, place.z, place.yaw_deg],
                "settings": [asked.width, asked.height, asked.samples, asked.seed],
            }  # fmt: skip
            self._ask(job)
            with np.load(out, allow_pickle=False) as planes:
                return {name: planes[name] for name in planes.files}

    def _ask(self, job: Mapping[str, Any]) -> None:
        if self._process is None:
            self._process = _started(checkout(RELEASE))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if answer != "made":
            raise RuntimeError(f"the process of {RELEASE} ended in the middle of {job['sku']} ({answer!r})")


WORKER = Path(__file__).parent / "previous.py"


def _started(home: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", str(WORKER)]
    return subprocess.Popen(  # noqa: S603 - our own script
        command, cwd=home, env=os.environ | {"PYTHONPATH": str(home)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def checkout(commit: str) -> Path:
    """A folder with the project as it was at that commit."""
    home = ROOT / f"var/bench/release-{commit}"
    if not home.exists():
        half = home.with_name(f".{home.name}.part-{os.getpid()}")
        half.mkdir(parents=True)
        packed_tree = subprocess.run(  # noqa: S603 - a constant
            ["git", "archive", commit, "imagegen", "styles"],  # noqa: S607 - the developer's git
            cwd=ROOT, check=True, stdout=subprocess.PIPE,
        ).stdout  # fmt: skip
        subprocess.run(["tar", "-x"], cwd=half, input=packed_tree, check=True)  # noqa: S607 - as above
        half.rename(home)
    return home
