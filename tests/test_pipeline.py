"""The whole way, from a packshot's bytes to a checked picture, on the demo catalog's own products."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from imagegen import recipe
from imagegen.errors import CancelledError, DoesNotFitError, NotAPackshotError
from imagegen.job import Job, planned
from imagegen.pipeline import make_scene
from imagegen.quality import settings_for
from imagegen.types import Dimensions, Mount, Product, Quality, Verdict

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "scenes.json"
FAR = 14
"""Bits of 64 by which a perceptual hash may differ: another machine's denoiser, not another picture."""

CASES = (
    ("CHA-ASK-1", "industrial"),
    ("CLO-TIMME-32", "scandinavian"),
    ("LAM-KLOCKA-P", "scandinavian"),
    ("VAS-BLANK-33", "industrial"),
    ("RUG-RUTA-240", "industrial"),
)


def job(sku, style="scandinavian", **changes):
    with (ROOT / "demo/catalog.csv").open(newline="") as file:
        row = next(r for r in csv.DictReader(file) if r["sku"] == sku)
    size = Dimensions.from_cm(*(float(row[f"{side}_cm"]) for side in ("width", "depth", "height")))
    product = Product(sku, row["name"], row["category"], size, Mount(row["mount"]), row["colour"], row["material"])
    photo = (ROOT / "demo" / row["photos"].split("|")[0]).read_bytes()
    settings = settings_for(Quality.DRAFT, (384, 264))
    return replace(Job(product, (photo,), style, None, "render", settings), **changes)


@pytest.fixture(scope="module")
def sofa():
    return make_scene(job("SOFA-LUND-3"))


def test_the_same_recipe_gives_the_same_pixels(sofa):
    again = make_scene(job("SOFA-LUND-3"))
    assert np.array_equal(again.picture, sofa.picture)
    assert recipe.identity(again.recipe) == recipe.identity(sofa.recipe)


def test_another_seed_is_another_identity_and_other_pixels(sofa):
    other = make_scene(job("SOFA-LUND-3", settings=replace(job("SOFA-LUND-3").settings, seed=7)))
    assert recipe.identity(other.recipe) != recipe.identity(sofa.recipe)
    assert not np.array_equal(other.picture, sofa.picture)


def test_a_sofa_passes_every_check_with_its_own_pixels_at_its_own_scale(sofa):
    verdicts = {finding.check: finding.verdict for finding in sofa.findings}
    assert Verdict.FAIL not in verdicts.values(), sofa.findings
    intact = next(f for f in sofa.findings if f.check == "product_intact")
    assert intact.score == 1.0


def test_a_recipe_begins_with_its_plan_and_says_what_was_found(sofa):
    plan = planned(job("SOFA-LUND-3"))
    assert {key: sofa.recipe[key] for key in plan} == plan
    assert {"pose", "place", "cutout", "machine"} <= set(sofa.recipe)
    json.dumps(sofa.recipe)


def test_every_stage_is_timed(sofa):
    assert {"decode", "cutout", "pose", "placement", "room", "hull", "render", "composite", "checks"} <= set(
        sofa.seconds
    )


@pytest.mark.parametrize(("sku", "style"), CASES)
def test_a_product_of_every_mount_looks_as_it_did(sku, style):
    made = make_scene(job(sku, style))
    seen = imagehash.phash(Image.fromarray(made.picture))
    golden = json.loads(GOLDEN.read_text())
    assert seen - imagehash.hex_to_hash(golden[f"{sku} {style}"]) <= FAR


@pytest.mark.parametrize("photo", sorted((ROOT / "demo/hard").glob("*.jpg")), ids=lambda p: p.stem)
def test_a_photo_that_is_no_packshot_is_refused_with_a_hint(photo):
    with pytest.raises(NotAPackshotError) as caught:
        make_scene(job("SOFA-LUND-3", photos=(photo.read_bytes(),)))
    assert caught.value.hint


def test_a_product_taller_than_the_room_does_not_fit():
    tall = job("WAR-VIT-100")
    with pytest.raises(DoesNotFitError, match="m"):
        make_scene(replace(tall, product=replace(tall.product, dimensions=Dimensions.from_cm(100, 58, 420))))


def test_a_job_that_is_cancelled_stops_where_it_is():
    told = []

    def progress(stage, share):
        told.append(stage)
        if stage == "pose":
            raise CancelledError("asked to stop")

    with pytest.raises(CancelledError):
        make_scene(job("SOFA-LUND-3"), progress)
    assert told == ["decode", "cutout", "pose"]
