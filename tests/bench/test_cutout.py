import numpy as np
import pytest

from bench.cutout import rivals
from bench.cutout.__main__ import measure, medians, targets
from bench.cutout.cutting import OURS, cut
from bench.cutout.measures import SIGMA, connectivity_error, errors, fringe, gradient_error, unknown_band
from bench.cutout.packshots import Packshot
from bench.cutout.page import COLUMNS, error_map, write_page
from imagegen.images import decode
from tests.cutouts.packshots import packshot


def block(size=60, low=15, high=45):
    alpha = np.zeros((size, size), np.float32)
    alpha[low:high, low:high] = 1
    return alpha


def shot(shape="sofa", colour=(70, 90, 60), **options):
    data, alpha = packshot(shape, colour, **options)
    return Packshot(shape.upper(), shape, data, alpha)


def test_the_truth_itself_has_no_error():
    of = errors(block(), block())
    assert (of.sad, of.mse, of.gradient, of.connectivity) == (0, 0, 0, 0)


def test_lost_pixels_count_one_each_in_sad_and_mse():
    alpha = block()
    alpha[15:25, 15:45] = 0
    of = errors(alpha, block())
    assert of.sad == pytest.approx(0.3)
    assert of.mse == pytest.approx(300 / 3600)


def test_errors_are_counted_only_where_they_are_asked_for():
    alpha, where = block(), np.zeros((60, 60), bool)
    alpha[15:25, 15:45] = 0
    where[15:20] = True
    assert errors(alpha, block(), where).sad == pytest.approx(0.15)
    assert errors(alpha, block(), where).mse == pytest.approx(150 / 300)
    assert errors(alpha, block(), np.zeros_like(where)).mse == 0


def test_gradient_of_a_ramp_is_what_kernels_of_unit_energy_make_of_it():
    slope = 0.01
    ramp = np.tile(np.arange(80) * slope, (80, 1)).astype(np.float32)
    found = gradient_error(ramp, np.zeros_like(ramp))[40, 40]
    # The integrals of the bell and of its derivative's first moment, each by its norm: 2 sqrt(2 pi) sigma squared.
    assert found == pytest.approx((slope * 2 * np.sqrt(2 * np.pi) * SIGMA**2) ** 2, rel=0.05)


def test_softer_edge_has_a_gradient_error_and_a_constant_veil_has_none():
    soft = np.tile(np.clip((np.arange(60) - 26) / 8, 0, 1), (60, 1)).astype(np.float32)
    hard = np.tile(np.arange(60) >= 30, (60, 1)).astype(np.float32)
    assert gradient_error(soft, hard).sum() > 1
    assert gradient_error(np.full((60, 60), 0.4, np.float32), np.zeros((60, 60), np.float32)).max() < 1e-12


def test_an_island_belongs_to_nothing_but_a_soft_spot_inside_belongs_as_far_as_it_goes():
    island, veiled = block(), block()
    island[2:6, 2:6] = 1
    veiled[20:24, 20:24] = 0.6
    assert connectivity_error(island, block()).sum() == pytest.approx(16)
    assert connectivity_error(veiled, block()).sum() == pytest.approx(16 * 0.4)


def test_a_veil_of_less_than_theta_is_forgiven():
    veiled = block()
    veiled[20:24, 20:24] = 0.9
    assert connectivity_error(veiled, block()).sum() == 0


def test_unknown_band_lies_about_the_edge_and_nowhere_else():
    band = unknown_band(block(500, 100, 400))
    assert band[250, 97:104].all()
    assert not band[250, 250]
    assert not band[50, 50]


def test_fringe_of_the_true_cutout_is_nothing_and_paper_left_in_it_is_a_halo():
    truth = np.tile(np.clip((np.arange(60) - 28) / 4, 0, 1), (60, 1)).astype(np.float32)
    product, paper = np.full(3, 0.05, np.float32), np.full(3, 0.9, np.float32)
    photo = truth[..., None] * product + (1 - truth[..., None]) * paper
    right = fringe(truth, np.broadcast_to(product, photo.shape), photo, truth)
    left_in = fringe(truth, photo, photo, truth)
    assert right.error == pytest.approx(0, abs=1e-3)
    assert left_in.halo == pytest.approx(left_in.error)
    assert left_in.halo > 20


def test_thresholding_keeps_what_is_off_the_paper():
    of = shot(shadow=0)
    alpha, _ = rivals.threshold(decode(of.data), of.alpha)
    assert errors(alpha, of.alpha).sad < 0.05 * of.alpha.sum() / 1000


def test_cut_that_lies_on_the_shelf_is_not_made_again(tmp_path):
    of = shot()
    first = cut(of, OURS, tmp_path)
    facts = (tmp_path / "SOFA-ours.json").stat().st_mtime_ns
    again = cut(of, OURS, tmp_path)
    assert (tmp_path / "SOFA-ours.json").stat().st_mtime_ns == facts
    np.testing.assert_array_equal(first.alpha, again.alpha)
    assert (first.seconds, first.cpu) == (again.seconds, again.cpu)
    other = shot(colour=(60, 40, 90))
    assert cut(other, OURS, tmp_path).colour[300, 280, 2] > first.colour[300, 280, 2]


def test_refused_photo_counts_as_a_product_lost_and_is_told(tmp_path):
    of = shot("cut_off", (90, 60, 40), shadow=0)
    made = cut(of, OURS, tmp_path)
    assert "cut off" in made.refused
    assert measure(of, OURS, made)["sad"] == pytest.approx(of.alpha.sum() / 1000, rel=1e-4)


def test_run_is_told_by_medians_targets_and_a_page(tmp_path):
    shots = [shot(), shot("chair", (60, 45, 35))]
    rows = [measure(of, name, cut(of, name, tmp_path / "cuts")) for of in shots for name in (OURS, "threshold")]
    summary = medians(rows)
    assert [row["method"] for row in summary] == [OURS, "threshold"]
    assert summary[0]["sad"] == pytest.approx(np.median([row["sad"] for row in rows if row["method"] == OURS]))
    assert targets(summary) == []
    grab = summary[0] | {"method": "grabcut", "sad": 4 * summary[0]["sad"]}
    forms = [grab | {"method": name} for name in ("closed form", "closed form, oracle trimap")]
    assert "GrabCut's is 4.0 times ours" in targets([*summary, grab, *forms])[0]
    write_page(tmp_path, shots, rows, summary)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert all(name in page for name in ("SOFA", "CHAIR", *COLUMNS))
    assert all((tmp_path / name).exists() for name in ("zooms/SOFA-whole-0.webp", "zooms/CHAIR-foot-3.webp"))


def test_error_map_is_red_where_too_much_is_kept_and_blue_where_too_much_is_lost():
    colours = error_map(np.array([[1.0, 0.0, 0.5]]), np.array([[0.0, 1.0, 0.5]]))
    np.testing.assert_array_equal(colours[0], [[1, 0, 0], [0, 0, 1], [1, 1, 1]])
