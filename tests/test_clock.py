import pytest

from imagegen.clock import SHARES, Clock
from imagegen.errors import CancelledError


def test_stages_are_timed_and_told_in_order():
    told = []
    clock = Clock(lambda stage, share: told.append((stage, share)))
    assert clock("decode", lambda x: x + 1, 1) == 2
    clock("cutout", lambda: None)
    assert told == [("decode", 0.0), ("cutout", SHARES["decode"])]
    assert set(clock.seconds) == {"decode", "cutout"}


def test_progress_inside_a_stage_stays_inside_its_share_of_the_job():
    told = []
    clock = Clock(lambda stage, share: told.append(share))
    clock("hull", lambda: None)
    tell = clock.within("render")
    tell("paths", 0.0)
    tell("paths", 1.0)
    assert told[-2:] == [SHARES["hull"], pytest.approx(SHARES["render"])]


def test_a_progress_that_raises_stops_the_job_before_the_next_stage():
    ran = []

    def stop(stage, share):
        raise CancelledError("asked to stop")

    with pytest.raises(CancelledError):
        Clock(stop)("decode", ran.append, 1)
    assert ran == []


def test_shares_never_fall():
    shares = list(SHARES.values())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
