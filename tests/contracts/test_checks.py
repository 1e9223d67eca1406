"""What every check promises, asked of everything that is registered."""

from dataclasses import replace

import numpy as np
import pytest

from imagegen.checks import CHECKS, judge
from imagegen.types import Finding, Verdict
from tests.checks.scenes import scene, warped


@pytest.fixture(params=CHECKS)
def check(request):
    return CHECKS[request.param]()


def test_name_is_that_of_the_registry(check):
    assert CHECKS[check.name] is type(check)


def test_good_picture_passes(check):
    finding = check.check(*scene())
    assert finding.verdict is Verdict.PASS, finding
    assert finding.check == check.name
    assert isinstance(finding.score, float)
    assert np.isfinite(finding.score)
    assert finding.message.endswith(".")


def test_nothing_is_changed_by_looking(check):
    staged, passes, composed = scene()
    kept = composed.picture.copy(), passes.picture.copy(), staged.cutout.alpha.copy()
    check.check(staged, passes, composed)
    for before, after in zip(kept, (composed.picture, passes.picture, staged.cutout.alpha), strict=True):
        np.testing.assert_array_equal(before, after)


def _without_product(staged, passes, composed):
    empty = np.zeros_like(composed.alpha)
    return replace(staged, cutout=replace(staged.cutout, alpha=empty)), passes, replace(composed, alpha=empty)


def _far_away(staged, passes, composed):
    return warped(staged, [[1, 0, 1e6], [0, 1, 1e6], [0, 0, 1]]), passes, composed


def _collapsed(staged, passes, composed):
    return warped(staged, np.zeros((3, 3))), passes, composed


def _black(staged, passes, composed):
    return staged, passes, replace(composed, picture=composed.picture * 0, source=composed.source * 0)


def _full(staged, passes, composed):
    full = np.ones_like(composed.alpha)
    return replace(staged, cutout=replace(staged.cutout, alpha=full)), passes, replace(composed, alpha=full)


@pytest.mark.parametrize("spoil", [_without_product, _far_away, _collapsed, _black, _full])
def test_bad_picture_gives_a_finding_and_no_error(check, spoil):
    finding = check.check(*spoil(*scene()))
    assert isinstance(finding, Finding)
    assert np.isfinite(finding.score)


def test_judging_asks_every_check_once():
    findings = judge(*scene())
    assert [finding.check for finding in findings] == list(CHECKS)
