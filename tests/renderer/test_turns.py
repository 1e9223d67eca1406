import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from imagegen import renderer
from imagegen.renderer.turns import turn
from tests.renderer.rooms_of_boxes import box, camera, room


def test_threads_that_trace_at_once_get_the_pictures_they_would_get_alone():
    geometry, seen = room(box((-0.3, -1.8, 0), (0.3, -1.2, 0.6))), camera(48, 36)

    def picture(seed):
        return renderer.render(geometry, seen, None, samples=2, seed=seed).picture

    alone = [picture(seed) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(picture, range(4)))
    assert [(own == other).all() for own, other in zip(alone, together, strict=True)] == [True] * 4


def test_whoever_waits_is_asked_whether_it_still_wants_to_and_may_say_no():
    class GoneError(Exception):
        pass

    def gone():
        raise GoneError

    inside, leave = threading.Event(), threading.Event()

    def trace():
        with turn():
            inside.set()
            assert leave.wait(30)

    with ThreadPoolExecutor(1) as pool:
        tracing = pool.submit(trace)
        assert inside.wait(30)
        with pytest.raises(GoneError), turn(gone):
            pytest.fail("somebody else is tracing")
        leave.set()
        tracing.result(30)
    with turn(gone):
        pass
