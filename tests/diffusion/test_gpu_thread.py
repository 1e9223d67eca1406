import gc
import threading
import weakref
from concurrent.futures import wait
from contextlib import closing

import numpy as np
import pytest

from imagegen.diffusion import families, warming
from imagegen.diffusion.gpu_thread import GpuThread
from imagegen.errors import CancelledError, MissingWeightsError, OutOfMemoryError
from tests.diffusion.brushes import Brush, colour, request
from tests.services import wait_until

SECONDS = 30


def silent(_done, _steps):
    pass


def submitted(gpu, seeds, **more):
    return [gpu.submit(request(seed, **more), silent) for seed in seeds]


def pictures(jobs):
    return [job.future.result(SECONDS).picture[0, 0].tolist() for job in jobs]


def held(brush, gpu):
    """One job whose painting has begun, and does not go on until the pace is given."""
    [first] = submitted(gpu, [99])
    assert brush.began.acquire(timeout=SECONDS)
    return first


def free(brush):
    brush.pace.release(1000)


@pytest.fixture
def brush():
    return Brush(pace=threading.Semaphore(0))


@pytest.fixture
def gpu(brush):
    with closing(GpuThread(lambda: brush, window_s=0.01)) as gpu:
        yield gpu
        free(brush)


def test_requests_that_wait_for_the_model_are_painted_together_each_as_itself(brush, gpu):
    first = held(brush, gpu)
    jobs = submitted(gpu, [1, 2, 3])
    free(brush)
    assert pictures([first, *jobs]) == [colour(seed).tolist() for seed in (99, 1, 2, 3)]
    assert brush.batches == [[99], [1, 2, 3]]


def test_the_model_is_made_and_used_on_one_thread_that_is_nobody_elses(brush):
    made = []

    def factory():
        made.append(threading.get_ident())
        return brush

    free(brush)
    with closing(GpuThread(factory)) as gpu:
        pictures(submitted(gpu, range(3)))
    assert brush.threads == set(made)
    assert threading.get_ident() not in brush.threads


def test_different_styles_never_share_a_batch(brush, gpu):
    first = held(brush, gpu)
    jobs = submitted(gpu, [1, 2], style="a") + submitted(gpu, [3], style="b")
    free(brush)
    pictures([first, *jobs])
    assert sorted(brush.batches) == [[1, 2], [3], [99]]


def test_progress_is_told_for_each_step_to_each_member(brush, gpu):
    first, told = held(brush, gpu), {1: [], 2: []}
    jobs = [gpu.submit(request(seed), lambda *now, seed=seed: told[seed].append(now)) for seed in told]
    free(brush)
    pictures([first, *jobs])
    assert told == {seed: [(0, 3), (1, 3), (2, 3), (3, 3)] for seed in told}


def test_a_member_that_gives_up_is_left_out_and_the_others_are_painted(brush, gpu):
    def enough(done, _steps):
        if done == 1:
            raise CancelledError("Not wanted any more.")

    first = held(brush, gpu)
    gone = gpu.submit(request(1), enough)
    [stays] = submitted(gpu, [2])
    free(brush)
    with pytest.raises(CancelledError, match="Not wanted"):
        gone.future.result(SECONDS)
    assert pictures([first, stays]) == [colour(99).tolist(), colour(2).tolist()]


def test_a_batch_that_nobody_waits_for_stops_before_its_next_step(brush, gpu):
    first = held(brush, gpu)
    first.cancel()
    with pytest.raises(CancelledError):
        first.future.result(0)
    brush.pace.release()
    assert brush.left.acquire(timeout=SECONDS)
    free(brush)
    assert pictures(submitted(gpu, [5])) == [colour(5).tolist()]
    assert gpu.metrics().images == 1


def test_one_that_gives_up_while_it_waits_is_never_painted(brush, gpu):
    first = held(brush, gpu)
    gone, stays = submitted(gpu, [1, 2])
    gone.cancel()
    free(brush)
    pictures([first, stays])
    assert brush.batches == [[99], [2]]


def test_an_error_reaches_its_own_batch_and_the_next_one_is_painted(brush, gpu):
    brush.faults[1] = RuntimeError("a wrong tensor")
    first = held(brush, gpu)
    bad, good = submitted(gpu, [1, 2], style="a"), submitted(gpu, [3], style="b")
    free(brush)
    for job in bad:
        with pytest.raises(RuntimeError, match="a wrong tensor"):
            job.future.result(SECONDS)
    assert pictures([first, *good]) == [colour(99).tolist(), colour(3).tolist()]
    assert gpu.state == "ready"


def test_pictures_that_do_not_fit_together_are_painted_in_halves_and_that_is_remembered():
    brush = Brush(room=2, pace=threading.Semaphore(0))
    with closing(GpuThread(lambda: brush, window_s=0.01)) as gpu:
        first = held(brush, gpu)
        jobs = submitted(gpu, [1, 2, 3, 4, 5])
        free(brush)
        assert pictures([first, *jobs]) == [colour(seed).tolist() for seed in (99, 1, 2, 3, 4, 5)]
        assert brush.batches == [[99], [1, 2, 3, 4, 5], [1, 2], [3, 4], [5]]
        # The same size in another style and with other steps needs the same memory.
        brush.pace = threading.Semaphore(0)
        assert brush.began.acquire(timeout=SECONDS)
        while brush.began.acquire(blocking=False):
            pass
        [one] = submitted(gpu, [98], style="other", steps=5)
        assert brush.began.acquire(timeout=SECONDS)
        more = submitted(gpu, [6, 7, 8], style="other", steps=5)
        free(brush)
        pictures([one, *more])
        assert brush.batches[5:] == [[98], [6, 7], [8]]
        assert gpu.metrics().caps == {"mini 8x8": 2}


def test_one_that_does_not_fit_alone_fails_retryably_and_alone():
    brush = Brush(room=0)
    with closing(GpuThread(lambda: brush)) as gpu:
        [large] = submitted(gpu, [1])
        with pytest.raises(OutOfMemoryError) as told:
            large.future.result(SECONDS)
        assert told.value.retryable
        brush.room = 1
        assert pictures(submitted(gpu, [2])) == [colour(2).tolist()]


def test_weights_that_are_missing_are_told_to_whoever_asks_until_they_are_there():
    there = threading.Event()

    def factory():
        if not there.is_set():
            raise MissingWeightsError("There are no weights.", hint="Pull them.")
        return Brush()

    with closing(GpuThread(factory)) as gpu:
        with pytest.raises(MissingWeightsError):
            submitted(gpu, [1])[0].future.result(SECONDS)
        assert gpu.state == "missing weights: There are no weights. Pull them."
        there.set()
        assert pictures(submitted(gpu, [1])) == [colour(1).tolist()]
        assert gpu.state == "ready"


def test_a_close_in_the_middle_of_a_batch_leaves_nobody_waiting(brush):
    gpu = GpuThread(lambda: brush)
    first = held(brush, gpu)
    jobs = submitted(gpu, [1, 2]) + submitted(gpu, [3], style="a")
    closer = threading.Thread(target=gpu.close)
    closer.start()
    free(brush)
    closer.join(SECONDS)
    assert not closer.is_alive()
    assert not wait([job.future for job in (first, *jobs)], timeout=0).not_done
    for job in (first, *jobs):
        with pytest.raises(CancelledError, match="closed"):
            job.future.result()
    with pytest.raises(CancelledError, match="closed"):
        gpu.submit(request(), silent)
    assert gpu.state == "closed"


def test_what_a_failed_batch_held_is_free_again_before_its_error_is_read():
    class Leaky(Brush):
        def paint(self, requests, tell):
            large = np.zeros(1000, np.uint8).view(Tracked)
            held.append(weakref.ref(large))
            raise RuntimeError(f"with {large.size} bytes in the frame")

    held = []
    with closing(GpuThread(Leaky)) as gpu:
        [job] = submitted(gpu, [1])
        assert isinstance(job.future.exception(SECONDS), RuntimeError)
        gc.collect()
        assert held[0]() is None


class Tracked(np.ndarray):
    """An array that can be watched."""


class Clocked(Brush):
    """Says how long a step of a batch takes, by a clock that it moves itself."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds, self.now = seconds, 0.0

    def paint(self, requests, tell):
        def tick(done, steps):
            self.now += self.seconds[len(requests)]
            tell(done, steps)

        if len(requests) not in self.seconds:
            raise OutOfMemoryError("too many")
        return super().paint(requests, tick)


@pytest.mark.parametrize(
    ("seconds", "cap"),
    [
        ({1: 1.0, 2: 1.1, 3: 1.3, 4: 1.5, 5: 2, 6: 2, 7: 2, 8: 2.0}, 8),
        ({1: 1.0, 2: 1.1, 3: 2.0, 4: 2.19}, 2),
        ({1: 1.0, 2: 1.1, 3: 1.2, 4: 1.3}, 4),
        ({1: 1.0, 2: 1.99}, 1),
    ],
    ids=["all that is allowed", "until it stops paying", "until it does not fit", "one by one"],
)
def test_the_largest_batch_is_the_one_that_still_pays(seconds, cap):
    brush = Clocked(seconds)
    shape = request(size=(16, 8), steps=30)
    with closing(GpuThread(lambda: brush, warm=lambda: [shape], clock=lambda: brush.now)) as gpu:
        wait_until(lambda: gpu.state == "ready")
        assert gpu.metrics().caps == {"mini 16x8": cap}
        # Every size that will be painted has been painted before anybody waits for it.
        assert {len(batch) for batch in brush.batches} >= set(range(1, cap + 1))


def test_the_numbers_tell_what_was_done(brush, gpu):
    first = held(brush, gpu)
    jobs = submitted(gpu, [1, 2])
    assert gpu.metrics().waiting == 2
    free(brush)
    pictures([first, *jobs])
    wait_until(lambda: gpu.metrics().images == 3)
    told = gpu.metrics()
    assert (told.state, told.waiting, told.batches, told.failed) == ("ready", 0, {"1": 1, "2": 1}, 0)
    assert told.step_s > 0
    assert told.tflops > 0


@pytest.mark.parametrize("family", ["mini", "sd15", "sdxl"])
def test_every_size_of_a_family_is_warmed_with_all_its_controls(family):
    spec = families.family(family)
    brush = Brush()
    with closing(GpuThread(lambda: brush, warm=lambda: list(warming.blanks(spec)), most=1)) as gpu:
        wait_until(lambda: gpu.state == "ready")
        assert gpu.metrics().caps == {f"{family} {width}x{height}": 1 for width, height in spec.buckets}
    for blank in warming.blanks(spec):
        assert set(blank.controls) == set(blank.windows) == set(spec.controls)
        assert {picture.shape[:2] for picture in (*blank.controls.values(), blank.picture)} == {blank.size[::-1]}
