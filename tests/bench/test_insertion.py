import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from bench.goods import SPLITS
from bench.insertion import kept, page, pairs, poses, report, score
from bench.insertion.pastes import pasted
from bench.insertion.reframing import reframed
from bench.insertion.runs import Shown
from bench.insertion.truth import truth_of
from imagegen import rooms
from imagegen.errors import NotAPackshotError
from imagegen.placement.framing import warped
from imagegen.placement.sites import explicit_site
from imagegen.types import Camera, Cutout
from styles.library import default_library


def test_what_is_tuned_with_shares_no_product_no_room_and_no_style_with_what_is_reported():
    tuning, reported = (pairs.pairs(split) for split in SPLITS)
    for name in ("sku", "room", "style"):
        assert not {getattr(p, name) for p in tuning} & {getattr(p, name) for p in reported}, name


def test_the_reported_pairs_are_as_many_and_as_varied_as_the_issue_wants():
    reported = pairs.pairs("reported")
    assert len(reported) >= 24
    assert len({pair.sku for pair in reported}) >= 12
    assert len({pair.family for pair in reported}) >= 8
    assert len({pair.room for pair in reported}) >= 6


@pytest.mark.parametrize("split", SPLITS)
def test_every_place_lies_in_a_room_that_its_style_offers(split):
    library = default_library()
    for pair in pairs.pairs(split):
        assert pair.room in library.style(pair.style).rooms
        room = rooms.furnished(library.style(pair.style), library.room(pair.style, pair.room))
        explicit_site(pair.place, pair.good.product(), room)


def test_fewer_pairs_are_taken_evenly_and_some_by_name():
    few = pairs.pairs("reported", 5)
    assert len(few) == 5
    assert len({pair.family for pair in few}) >= 4
    assert [pair.sku for pair in pairs.pairs("reported", only=["CLOCK-MINIMAL-JAP-34"])] == ["CLOCK-MINIMAL-JAP-34"]


@pytest.fixture
def small(monkeypatch, tmp_path):
    monkeypatch.setattr(pairs, "SIZE", (256, 256))
    monkeypatch.setattr("bench.insertion.truth.PHOTO", 256)
    monkeypatch.setattr("bench.insertion.truth.SAMPLES", 2)
    monkeypatch.setattr(kept, "KEPT", tmp_path)
    monkeypatch.setattr("bench.packshots.KEPT", tmp_path / "photos")
    return pairs.pairs("tuning", only=["CHA-KROM-B"])[0]


def test_truth_is_measured_as_perfect_and_a_paste_as_what_it_lacks(small, tmp_path):
    truth = truth_of(small)
    assert truth_of(small).key == truth.key
    changed = np.abs(truth.picture.astype(int) - truth.without).max(axis=2)
    inside = truth.mask > 0.9
    assert np.median(changed[inside]) > 4 * np.median(changed[~inside])
    itself = Shown(truth.picture, truth.without, truth.mask, {}, truth.place.camera, truth.place.warp, truth.seen)
    told = score.pictures(truth, itself, np.ones(truth.mask.shape, bool)) | score.cameras(truth, itself)
    assert told["iou"] == 1
    assert told["reprojection"] > 0.97
    assert told["contact_cm"] == pytest.approx(0, abs=1e-6)
    assert [told[name] for name in ("shadow", "ber", "de00", "yaw_deg")] == pytest.approx([0, 0, 0, 0], abs=1e-6)
    assert (told["ssim"], told["flip"]) == pytest.approx((1, 0), abs=1e-6)
    assert score.seen_through(truth, truth.seen, truth.alpha) > 0.97

    paste = pasted(truth, Cutout(np.full((*truth.alpha.shape, 3), 0.2, np.float32), truth.alpha, "exact"), shadow=False)
    rows = report.measured(truth, {"shadow": itself, "paste": paste, "previous": NotAPackshotError("a doubt")})
    values = {row["method"]: row for row in rows}
    assert values["paste"]["iou"] > 0.9
    assert values["paste"]["ber"] == 0.5
    assert values["paste"]["shadow"] > 0.1
    assert values["previous"]["error"] == "a doubt"
    file = tmp_path / "page.html"
    page.write(file, "tuning", rows, [page.entry(truth, {"shadow": itself, "paste": paste}, rows)])
    assert file.read_text().count("data:image/jpeg;base64,") == 4
    report.write(tmp_path / "results.json", "tuning", rows)
    assert json.loads((tmp_path / "results.json").read_text())["rows"][0]["pair"] == small.name


def test_a_picture_framed_otherwise_is_laid_over_truth(small):
    truth = SimpleNamespace(pair=small, mask=np.zeros((120, 160), np.float32), place=SimpleNamespace(warp=np.eye(3)))
    across, down = np.meshgrid(np.arange(160) + 0.5, np.arange(120) + 0.5)
    scene = (90 + 60 * np.sin(across / 9) * np.cos(down / 7))[..., None].repeat(3, 2)
    larger = (90 + 60 * np.sin((across - 16) / 2 / 9) * np.cos((down - 10) / 2 / 7))[..., None].repeat(3, 2)
    seen = Camera(100.0, 80.0, 60.0, np.eye(3), np.zeros(3), 160, 120)
    twice = np.array([[2.0, 0, 16], [0, 2, 10], [0, 0, 1]])
    alpha = (np.hypot(across - 80, down - 60) < 30).astype(np.float32)
    shown = Shown(
        larger.astype(np.uint8), larger.astype(np.uint8), alpha, {}, warped(seen, twice, 160, 120), twice, seen
    )
    made, known = reframed(truth, shown)
    rows, columns = np.nonzero(known)
    assert (columns.min(), rows.min()) == pytest.approx((0, 0), abs=1)
    assert (columns.max(), rows.max()) == pytest.approx(((160 - 16) / 2, (120 - 10) / 2), abs=2)
    assert np.abs(made.picture[known].astype(int) - scene[known]).mean() < 2
    assert made.alpha.sum() == pytest.approx(alpha.sum() / 4, rel=0.05)
    assert (made.camera.focal, made.camera.cx, made.camera.cy) == pytest.approx((100, 80, 60))
    assert made.warp == pytest.approx(np.eye(3))
    same, everything = reframed(truth, made)
    assert same is made
    assert everything.all()


def row(**values):
    return {"method": "ours", "shape": "box"} | dict.fromkeys(score.COLUMNS, math.nan) | values


def test_the_bad_tail_is_high_or_low_as_the_measure_is_and_nan_is_left_out():
    rows = [row(iou=k / 10, flip=k / 10) for k in range(11)] + [row()]
    assert report.middle_and_tail(rows, "iou") == pytest.approx((0.5, 0.1))
    assert report.middle_and_tail(rows, "flip") == pytest.approx((0.5, 0.9))
    assert all(map(math.isnan, report.middle_and_tail([row()], "iou")))


def test_targets_are_judged_by_ratios_of_one_run():
    rows = [row(shadow=0.1, yaw_deg=5.0, reprojection=0.95), row(method="shadow", shadow=0.4)]
    reached = {what: (value, fine) for what, _, value, fine in report.targets(rows)}
    assert reached["shadow RMSE over drop shadow's"] == ("0.25", True)
    assert reached["boxy goods: yaw, median"][1] is False
    assert reached["silhouette IoU, solved camera, median"][1] is True
    assert reached["product dE00, median"][1] is False


@pytest.mark.parametrize(
    ("shape", "changed", "right"),
    [
        ("box", {}, True),
        ("box", {"yaw_deg": 4.5}, False),
        ("box", {"elevation_deg": 2.5}, False),
        ("round", {"elevation_deg": 3.5, "yaw_deg": math.nan}, True),
        ("round", {"scale": 0.04}, False),
        ("rug", {"direction_deg": 5.0}, False),
        ("wall", {"yaw_deg": 9.0}, True),
    ],
)
def test_a_pose_is_right_by_what_its_kind_can_tell(shape, changed, right):
    sku = {"box": "SOFA-LUND-3", "round": "VAS-BLANK-33", "rug": "RUG-RUTA-240", "wall": "CLO-TIMME-32"}[shape]
    values = {"yaw_deg": 1.0, "elevation_deg": 1.0, "direction_deg": 1.0, "scale": 0.01} | changed
    assert poses.is_right(pairs.good(sku), values) is right


def test_a_summary_counts_what_passes_though_it_is_wrong():
    shared = dict.fromkeys(poses.MEASURES, 1.0)
    rows = [
        shared | {"passed": passed, "right": right} for passed, right in ((True, True), (True, False), (False, True))
    ]
    told = poses.summary(
        [*rows, dict.fromkeys(poses.MEASURES, math.nan) | {"passed": False, "right": False, "error": "x"}]
    )
    assert told["passed_and_right"] == 0.25
    assert (told["wrong_but_passing"], told["refused"], told["n"]) == (1, 1, 4)
    assert told["seconds"] == [1.0, 1.0]
