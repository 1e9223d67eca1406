"""What the engine decides around a painter: the plan, what is tried again, what is told. The painters stand in."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import ndimage

from imagegen.diffusion.desk import Desk
from imagegen.diffusion.options import Equipment
from imagegen.diffusion.request import Painting
from imagegen.engines import diffusion, load
from imagegen.errors import BadRequestError, CancelledError, MissingWeightsError
from imagegen.tone import display
from imagegen.types import Front, Mode, Verdict
from styles.library import default_library
from tests.checks.scenes import scene
from tests.cutouts.models import write_model
from tests.diffusion import checkpoints


class Faithful:
    """Gives back what it was shown, as a model does that changes nothing."""

    def __init__(self):
        self.asked = []

    def paint(self, requests, tell):
        self.asked += requests
        tell(1, 1)
        return [Painting(self.painted(request), {"sampler": "none"}) for request in requests]

    def painted(self, request):
        return request.picture


class Growing(Faithful):
    """Paints the product on beyond its outline, the less the closer it is told to keep to the traced room."""

    def painted(self, request):
        own = request.keep >= 0.99
        _, where = ndimage.distance_transform_edt(~own, return_indices=True)
        rows = np.zeros_like(own)
        rows[own.shape[0] // 3 : own.shape[0] // 2] = True
        grown = ndimage.binary_dilation(own, iterations=round(14 * request.strength)) & rows
        return np.where(grown[..., None], request.picture[tuple(where)], request.picture)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    checkpoints.own("mini", folder)
    return folder


@pytest.fixture
def parts():
    staged, passes, composed = scene()
    style = default_library().style("japandi")
    staged = replace(staged, style=style, room=SimpleNamespace(room_type="study", height=2.6))
    staged = replace(staged, settings=replace(staged.settings, width=320, height=240))
    front = Front(display(composed.source), composed.alpha, (staged.product,))
    return staged, passes, front


@pytest.fixture
def engine(mirror, monkeypatch):
    """The engine at a desk whose painter the test chooses."""

    def at(painter, **more):
        equipment = Equipment(mirror, "small-mini", **more)
        monkeypatch.setattr(diffusion, "desk", lambda _: Desk(lambda: painter))
        return load("diffusion", equipment)

    return at


def finish(engine, parts, mode=None):
    staged, *rest = parts
    return engine.finish(
        replace(staged, settings=replace(staged.settings, mode=mode)), *rest, lambda stage, share: None
    )


def test_a_good_painting_is_taken_at_once(engine, parts):
    draft = finish(engine(Faithful()), parts)
    (only,) = draft.notes["tries"]
    assert draft.notes["taken"] == 0
    assert only["expansion"] <= diffusion.GROWTH


def test_a_product_that_grew_is_painted_again_closer_to_the_room_and_the_best_is_taken(engine, parts):
    painter = Growing()
    draft = finish(engine(painter), parts, Mode.PAINT)
    tries = draft.notes["tries"]
    assert 1 < len(tries) <= diffusion.TRIES
    assert [each["strength"] for each in tries] == sorted({each["strength"] for each in tries}, reverse=True)
    assert len({each["seed"] for each in tries}) == len(tries)
    assert tries[draft.notes["taken"]]["expansion"] == min(each["expansion"] for each in tries)
    first, *_, last = painter.asked
    assert last.windows["layout"].weight > first.windows["layout"].weight


def test_the_products_words_stay_out_of_the_prompt_and_a_callers_words_come_in(engine, parts):
    staged, *rest = parts
    staged = replace(staged, settings=replace(staged.settings, prompt="tulips (red:1.4)"))
    draft = engine(Faithful()).finish(staged, *rest, lambda stage, share: None)
    assert "box" not in draft.notes["positive"]
    assert "box" in draft.notes["negative"]
    assert "tulips red" in draft.notes["positive"]


def test_whoever_asks_it_to_stop_is_heard(engine, parts):
    def stop(stage, share):
        if share > 0:
            raise CancelledError("Enough.")

    with pytest.raises(CancelledError):
        engine(Faithful()).finish(*parts, stop)


def test_a_model_that_only_shows_how_things_work_says_so_on_every_picture(engine, parts):
    told = {finding.check: finding for finding in finish(engine(Faithful()), parts).findings}
    assert told["model"].verdict is Verdict.WARN
    assert "demonstration" in told["model"].message


@pytest.mark.parametrize(("offset", "verdict"), [(20.0, Verdict.WARN), (-1e4, Verdict.PASS)])
def test_a_segmenter_has_its_say_where_there_is_one(engine, parts, tmp_path, offset, verdict):
    # Everything is the product to a model that sees it everywhere; nothing is, to one that sees it nowhere.
    model = write_model(tmp_path / "model.onnx", gain=0.0, offset=offset)
    told = {f.check: f for f in finish(engine(Faithful(), segmenter=model), parts).findings}
    assert told["expansion_by_segmenter"].verdict is verdict


def test_what_is_kept_of_the_room_is_the_traced_one_to_the_bit(engine, parts):
    class Grey(Faithful):
        def painted(self, request):
            return np.full_like(request.picture, 90)

    staged, passes, front = parts
    far = passes.depth.copy()
    far[:40] = 60.0
    passes = replace(passes, depth=far)
    draft = finish(engine(Grey()), (staged, passes, front), Mode.HARMONISE)
    traced = display(passes.picture)
    assert np.abs(draft.picture[:20] - traced[:20]).max() < 1e-3
    beside = (ndimage.distance_transform_edt(front.alpha < 0.5) > 3) & (
        ndimage.distance_transform_edt(front.alpha < 0.5) < 6
    )
    assert np.abs(draft.picture[beside] - traced[beside]).mean() > 0.02


def test_a_picture_larger_than_the_models_is_painted_once_more_in_tiles_where_its_style_asks(engine, parts):
    staged, *rest = parts
    style = staged.style.model_copy(update={"engines": {"diffusion": {"tiles": True}}})
    wide = replace(staged.settings, width=320, height=240)
    painter = Faithful()
    engine(painter).finish(replace(staged, style=style, settings=wide), *rest, lambda stage, share: None)
    first, *others = painter.asked
    assert len(others) >= 2
    assert {each.size for each in others} == {first.size}
    assert all(each.strength < 0.35 for each in others)
    assert any((each.keep == 1).any() for each in others)


def test_the_plan_follows_the_request_then_the_style_then_the_model(mirror, parts):
    staged, *_ = parts
    engine = load("diffusion", Equipment(mirror, "small-mini"))
    own = engine.decided(staged.style, staged.settings)
    assert (own["mode"], own["strength"], own["sampling"]["guidance"]) == ("refine", 0.35, 5.0)
    assert own["demonstration"]
    painted = engine.decided(staged.style, replace(staged.settings, mode=Mode.PAINT))
    assert (painted["mode"], painted["strength"]) == ("paint", 1.0)
    bare = staged.style.model_copy(update={"engines": {"diffusion": {"mode": "harmonise", "steps": 7}}})
    plain = engine.decided(bare, staged.settings)
    assert (plain["mode"], plain["sampling"]["steps"], plain["sampling"]["guidance"]) == ("harmonise", 7, 3.0)


def test_other_weights_are_another_plan(mirror, parts, tmp_path):
    staged, *_ = parts
    checkpoints.own("sd15", mirror) if not (mirror / "small-sd15").exists() else None
    plans = [
        load("diffusion", Equipment(mirror, f)).decided(staged.style, staged.settings)
        for f in ("small-mini", "small-sd15")
    ]
    assert plans[0]["weights"] != plans[1]["weights"]


@pytest.mark.parametrize(
    ("told", "match"),
    [
        ({"mode": "collage"}, "no way of painting"),
        ({"few_steps": "warp"}, "no few-step adapter"),
        ({"reference": "../secret.png"}, "no reference picture"),
    ],
)
def test_a_style_that_asks_for_what_there_is_not_is_refused(mirror, parts, told, match):
    staged, *_ = parts
    style = staged.style.model_copy(update={"engines": {"diffusion": told}})
    with pytest.raises(BadRequestError, match=match):
        load("diffusion", Equipment(mirror, "small-mini")).decided(style, staged.settings)


def test_a_machine_without_the_weights_says_how_to_get_them(tmp_path, parts):
    staged, *rest = parts
    engine = load("diffusion", Equipment(tmp_path, "sd15"))
    for call in (
        lambda: engine.decided(staged.style, staged.settings),
        lambda: engine.finish(staged, *rest, lambda *_: None),
    ):
        with pytest.raises(MissingWeightsError, match="imagegen models pull sd15"):
            call()
