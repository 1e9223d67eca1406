import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from imagegen.diffusion import desk as desks
from imagegen.diffusion.desk import Desk, close_all, desk
from imagegen.diffusion.options import Equipment, Options
from imagegen.errors import CancelledError, MissingWeightsError, PainterUnavailableError
from tests.diffusion import checkpoints
from tests.diffusion.brushes import Brush, colour, request
from tests.services import wait_until

SECONDS = 30


def test_a_painting_comes_back_to_whoever_asked_with_its_steps_told_on_their_thread():
    told = []
    with closing(Desk(Brush)) as here:
        painting = here.paint(request(5), lambda *now: told.append((now, threading.get_ident())))
    assert (painting.picture == colour(5)).all()
    # Steps that pass faster than they are listened to are told by the newest.
    assert [now for now, _ in told] == sorted(now for now, _ in told)
    assert {thread for _, thread in told} <= {threading.get_ident()}


def test_many_threads_each_get_their_own():
    with closing(Desk(Brush)) as here, ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda seed: here.paint(request(seed)).picture[0, 0].tolist(), range(40)))
    assert made == [colour(seed).tolist() for seed in range(40)]


def test_whoever_gives_up_between_steps_gets_its_own_error_and_the_others_their_paintings():
    brush = Brush(pace=threading.Semaphore(0))

    def enough(done, _steps):
        if done >= 1:
            raise CancelledError("The scene was cancelled.")

    with closing(Desk(lambda: brush)) as here, ThreadPoolExecutor(3) as pool:
        before = pool.submit(here.paint, request(9))
        assert brush.began.acquire(timeout=SECONDS)
        gone, stays = pool.submit(here.paint, request(2), enough), pool.submit(here.paint, request(1))
        wait_until(lambda: here.metrics().waiting == 2)
        brush.pace.release(4)  # all three steps of the first, and one of theirs
        with pytest.raises(CancelledError, match="The scene was cancelled"):
            gone.result(SECONDS)
        brush.pace.release(100)
        for each, seed in ((before, 9), (stays, 1)):
            assert (each.result(SECONDS).picture == colour(seed)).all()
        assert sorted(brush.batches[1]) == [1, 2]


def test_whoever_waits_behind_another_may_still_give_up():
    """A worker that is told to stop must not stand in the queue until its turn comes."""
    brush = Brush(pace=threading.Semaphore(0))

    def stopping(_done, _steps):
        raise CancelledError("The worker is stopping.")

    with closing(Desk(lambda: brush)) as here, ThreadPoolExecutor(1) as pool:
        first = pool.submit(here.paint, request(1))
        assert brush.began.acquire(timeout=SECONDS)
        with pytest.raises(CancelledError, match="stopping"):
            here.paint(request(2), stopping)
        brush.pace.release(100)
        assert (first.result(SECONDS).picture == colour(1)).all()
        assert brush.batches == [[1]]


def test_nothing_is_loaded_before_it_is_asked_for():
    made = []

    def factory():
        made.append(1)
        return Brush()

    with closing(Desk(factory)) as here:
        assert (here.state(), here.metrics(), made) == ("asleep", None, [])
        here.paint(request())
        here.paint(request())
        assert (here.state(), here.metrics().images, made) == ("ready", 2, [1])


def test_a_process_has_one_desk_for_each_equipment():
    try:
        with ThreadPoolExecutor(8) as pool:
            same = set(pool.map(lambda _: desk(Equipment()), range(50)))
        assert len(same) == 1
        assert desk(Equipment(options=Options(compiled="graphs"))) not in same
    finally:
        close_all()


def test_a_closed_desk_says_so():
    here = Desk(Brush)
    here.paint(request())
    here.close()
    with pytest.raises(CancelledError, match="closed"):
        here.paint(request())


@pytest.fixture
def equipment(tmp_path):
    """A mirror whose "mini" has random weights: no page tells its hashes, the lock beside it does."""
    checkpoints.write("mini", tmp_path)
    yield Equipment(models=tmp_path, family="mini", options=Options(device="cpu"))
    close_all()


def test_a_family_of_the_mirror_is_painted_and_each_picture_is_the_same_in_company(equipment):
    wanted = [request(seed, size=(64, 64)) for seed in range(3)]
    here = desk(equipment)
    alone = [here.paint(each).picture for each in wanted]
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(here.paint, request(9, size=(64, 64), steps=20))
        together = [pool.submit(here.paint, each) for each in wanted]
        together = [each.result(120).picture.astype(int) for each in together]
        first.result(120)
    assert here.metrics().images == 7
    for own, shared in zip(alone, together, strict=True):
        assert abs(own - shared).max() <= 1
    assert len({picture.tobytes() for picture in alone}) == 3


def test_a_mirror_without_the_family_says_what_is_missing(tmp_path):
    try:
        with pytest.raises(MissingWeightsError, match="sd15"):
            desk(Equipment(models=tmp_path, family="sd15")).paint(request(family="sd15"))
    finally:
        close_all()


def test_a_machine_without_torch_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(desks, "NEEDED", ("json", "no_such_package"))
    with pytest.raises(PainterUnavailableError, match=r"no_such_package.*gpu extra"):
        desks.check_installed()
