"""Several products in one picture: who hides whom, what is told of each; the whole way with a sofa, a lamp, a rug."""

from dataclasses import replace

import numpy as np
import pytest

from imagegen import sets
from imagegen.composite import compose, light, over
from imagegen.errors import NotAPackshotError
from imagegen.job import Companion, planned
from imagegen.pipeline import make_scene
from imagegen.types import Body, Draft, Verdict
from tests.checks.scenes import SIZE, camera, scene
from tests.test_pipeline import job

BLUE = (0.05, 0.1, 0.4)


def at(x, y, colour=None):
    """A box of the checks' that stands at (x, y), and where its hull is seen."""
    position = np.array([x, y, 0.0])
    staged, passes, _ = scene(seen_at=(x, y, 0.0))
    cutout = staged.cutout
    if colour is not None:
        cutout = replace(cutout, colour=np.broadcast_to(np.float32(colour), cutout.colour.shape).copy())
    hull = replace(staged.hull, vertices=staged.hull.vertices + position - [0.0, -1.2, 0.0])
    product = replace(staged.product, sku=f"BOX-{x}-{y}")
    place = replace(staged.placement, position=position)
    return replace(staged, cutout=cutout, hull=hull, product=product, placement=place), passes


def two(near, far):
    """The first stands before the second where they overlap; what the renderer would tell of them."""
    (front, seen), (back, behind) = near, far
    visible = behind.hull * (1 - seen.hull)
    middle = np.where(seen.hull > 0, 2.5, np.where(visible > 0, 3.2, 6.0)).astype(np.float32)
    passes = replace(seen, depth=middle, others=(Body(visible, behind.shading),))
    return front, back, passes


def set_of(hero, others, passes, draft):
    """A set as the pipeline composes it."""
    return sets.compose(over, sets.lit(light, hero, others, passes), sets.order(hero, others), draft)


def test_the_nearer_product_hides_the_farther_whichever_is_the_hero():
    front, back, passes = two(at(0.0, -1.6), at(0.35, -0.7, BLUE))
    draft = Draft(passes.picture, "render/1")
    hero, (other,) = set_of(front, [back], passes, draft)
    (behind,) = passes.others
    own = Body(passes.hull, passes.shading)
    swapped = replace(passes, hull=behind.hull, shading=behind.shading, others=(own,))
    again, (former,) = set_of(back, [front], swapped, draft)
    np.testing.assert_array_equal(hero.picture, again.picture)
    overlap = (front.cutout.alpha == 1) & (back.cutout.alpha == 1)
    assert overlap.sum() > 200
    np.testing.assert_array_equal(hero.picture[overlap], hero.lit[overlap])
    assert not other.alpha[overlap].any()
    assert not again.alpha[overlap].any()
    assert (former.alpha == hero.alpha).all()
    alone = (front.cutout.alpha == 0) & (back.cutout.alpha == 1)
    np.testing.assert_array_equal(hero.picture[alone], other.lit[alone])


def test_beyond_all_products_the_room_is_untouched():
    front, back, passes = two(at(0.0, -1.6), at(0.35, -0.7, BLUE))
    draft = Draft(passes.picture, "render/1")
    made, _ = set_of(front, [back], passes, draft)
    room = (front.cutout.alpha == 0) & (back.cutout.alpha == 0)
    bare = compose(front, passes, draft).picture
    np.testing.assert_array_equal(made.picture[room], bare[room])


def test_a_product_alone_is_composed_as_ever():
    staged, passes = at(0.0, -1.2)
    draft = Draft(passes.picture, "render/1")
    made, others = set_of(staged, (), passes, draft)
    np.testing.assert_array_equal(made.picture, compose(staged, passes, draft).picture)
    assert others == ()
    assert SIZE.width > 0
    assert camera().width == made.picture.shape[1]


def test_a_companion_without_a_usable_photo_is_named_in_the_refusal():
    lamp = job("LAM-PLISS-F")

    def look(_product, _number, _data):
        raise NotAPackshotError("Two products are seen.", hint="Show one.")

    with pytest.raises(NotAPackshotError, match=r"LAM-PLISS-F.*Two products.*Show one"):
        sets.invited(look, [Companion(lamp.product, lamp.photos)])


@pytest.fixture(scope="module")
def living():
    others = [job(sku) for sku in ("LAM-PLISS-F", "RUG-RUTA-240")]
    together = tuple(Companion(other.product, other.photos) for other in others)
    return job("SOFA-LUND-3", companions=together), make_scene(job("SOFA-LUND-3", companions=together))


def test_a_set_is_made_under_the_heros_camera_and_all_of_it_is_told(living):
    asked, made = living
    verdicts = {finding.check: finding.verdict for finding in made.findings}
    for sku in ("LAM-PLISS-F", "RUG-RUTA-240"):
        assert {f"{sku}: {name}" for name in ("mismatch", "scale", "contact", "pose")} <= set(verdicts)
        assert verdicts[f"{sku}: scale"] is not Verdict.FAIL
    assert verdicts["product_intact"] is Verdict.PASS
    assert {key: made.recipe[key] for key in planned(asked)} == planned(asked)
    assert [each["sku"] for each in made.recipe["set"]] == ["LAM-PLISS-F", "RUG-RUTA-240"]
    for each, companion in zip(made.recipe["set"], asked.companions, strict=True):
        assert each["place"]["room"] == made.recipe["place"]["room"]
        assert each["place"]["mirrored"] == made.recipe["place"]["mirrored"]
        assert planned(asked)["companions"][0]["product"]["sku"] == asked.companions[0].product.sku
        assert companion.product.sku == each["sku"]


def test_a_set_is_another_scene_than_its_hero_alone(living):
    asked, made = living
    assert planned(replace(asked, companions=())) != planned(asked)
    assert "set" in made.recipe
