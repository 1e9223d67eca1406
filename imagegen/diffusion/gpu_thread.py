"""The one thread that owns a model: CUDA graphs, cuDNN's plans and the allocator's streams belong to a thread each.

Others hand in requests and get futures. The thread loads the model, paints every shape once before anybody waits for
it, and then takes batch after batch. Whatever happens to a batch is told to its members alone.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeVar

from imagegen.diffusion.batching import MAX_AGE_S, WINDOW_S, Batcher
from imagegen.diffusion.caps import MOST, Caps
from imagegen.diffusion.metrics import Meter, Snapshot
from imagegen.diffusion.request import Painting, Paints, Request, Tell
from imagegen.errors import CancelledError, ImagegenError, MissingWeightsError, OutOfMemoryError

log = logging.getLogger(__name__)

T = TypeVar("T")
Factory = Callable[[], Paints]
Clock = Callable[[], float]

WARM_STEPS = 4
"""Steps of a picture that only warms: enough for each kind of step that shortcuts know, and for a time of one."""


@dataclass(slots=True, eq=False)
class Job:
    """A request that was handed in. ``tell`` is called on the painting thread, so it must be quick."""

    request: Request
    tell: Tell
    future: Future[Painting] = field(default_factory=Future)
    over: bool = False

    def cancel(self, why: BaseException | None = None) -> None:
        """Wish for no painting any more: the future fails now, and the batch goes on without it after this step."""
        self.fail(why or CancelledError("The painting was cancelled."))

    def fail(self, error: BaseException) -> None:
        """End with an error, unless it has ended already."""
        self._end(lambda: self.future.set_exception(error))

    def give(self, painting: Painting) -> None:
        """End with a painting, unless it has ended already."""
        self._end(lambda: self.future.set_result(painting))

    def step(self, done: int, steps: int) -> None:
        """Pass on how far it is; whoever raises at that has given up this request, and no other."""
        if self.over:
            return
        try:
            self.tell(done, steps)
        except BaseException as error:  # noqa: BLE001 - it is the asker's, and goes back there
            self.fail(error)

    def _end(self, write: Callable[[], None]) -> None:
        with _ENDING:
            if self.over:
                return
            self.over = True
        write()


_ENDING = threading.Lock()
"""Whoever cancels and the painting thread may end a job at the same moment."""


class NobodyWaitsError(CancelledError):
    """All members of a batch have given up, or the thread is to end."""


class GpuThread:
    """Starts at once. ``factory`` makes the painter, on this thread; ``warm``: a request of each shape to be warmed.

    A factory that raises (weights that are missing) is asked again for each batch, whose members get what it raises.
    ``most``: the largest batch of any shape. ``clock``: seconds that never go back.
    """

    def __init__(
        self,
        factory: Factory,
        *,
        warm: Callable[[], Sequence[Request]] = tuple,
        most: int = MOST,
        max_age_s: float = MAX_AGE_S,
        window_s: float = WINDOW_S,
        clock: Clock = time.monotonic,
        name: str = "gpu",
    ) -> None:
        self._factory, self._warm, self._clock = factory, warm, clock
        self._caps, self._meter = Caps(most), Meter()
        self._batcher: Batcher[Job] = Batcher(self._caps, max_age_s=max_age_s, window_s=window_s)
        self._news = threading.Condition()
        self._closing = False
        self._painter: Paints | None = None
        self._state = "loading"
        # A daemon, or the interpreter would wait for it before anything could tell it to end.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    @property
    def state(self) -> str:
        """loading, warming, ready, missing weights: ..., not ready: ..., or closed."""
        return self._state

    def submit(self, request: Request, tell: Tell) -> Job:
        """Hand in a request. Raises CancelledError when the thread has been closed."""
        job = Job(request, tell)
        with self._news:
            if self._closing:
                raise CancelledError("The painter is closed.")
            self._batcher.add(job, self._clock())
            self._news.notify()
        job.future.add_done_callback(lambda _: self._forget(job))
        return job

    def close(self) -> None:
        """End after the step that is being done; whoever still waits gets a CancelledError."""
        with self._news:
            self._closing = True
            self._news.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def metrics(self) -> Snapshot:
        """What was done so far."""
        with self._news:
            waiting = len(self._batcher)
        return self._meter.snapshot(self._state, waiting, self._caps.told())

    def _forget(self, job: Job) -> None:
        """One that gave up while it waited need not be taken."""
        with self._news:
            self._batcher.discard(job)

    def _run(self) -> None:
        try:
            self._prepare()
            while batch := self._next():
                self._serve(batch)
                with self._news:
                    self._batcher.ended(self._clock())
        finally:
            self._painter = None
            self._state = "closed"
            for job in self._rest():
                job.cancel(CancelledError("The painter is closed."))

    def _prepare(self) -> None:
        """Load and warm; what goes wrong is told by the state, and again to whoever asks."""
        try:
            painter = self._loaded()
            self._state = "warming"
            for request in self._warm():
                if self._closing:
                    return
                self._profile(painter, request)
            self._state = "ready"
        except BaseException as error:  # noqa: BLE001 - the thread must live to say so
            self._trouble(error)

    def _loaded(self) -> Paints:
        if self._painter is None:
            self._state = "loading"
            self._painter = self._factory()
            self._state = "ready"
            self._meter.memory()
        return self._painter

    def _trouble(self, error: BaseException) -> None:
        if self._painter is None:
            missing = isinstance(error, MissingWeightsError)
            self._state = f"missing weights: {error}" if missing else f"not ready: {error}"
        else:
            self._state = "ready"
        log.warning("The painter: %s", error, exc_info=None if isinstance(error, ImagegenError) else error)

    def _profile(self, painter: Paints, request: Request) -> None:
        """Paint batches of 1, 2, 4, ... until they stop paying or fitting, then warm the sizes between."""
        few = replace(request.sampling, steps=min(WARM_STEPS, request.sampling.steps))
        blank, seconds, size = replace(request, sampling=few), {}, 1
        while size <= self._caps.most:
            took = self._timed(painter, [blank] * size)
            if took is None:
                break
            seconds[size] = took
            if self._caps.profiled(request.key, seconds) < size:
                break
            size *= 2
        if not seconds:
            self._caps.did_not_fit(request.key, 1)
            log.warning("Not even one picture of %dx%d fits into the memory.", *request.size)
            return
        for between in range(1, self._caps(request.key)):
            if between not in seconds and self._timed(painter, [blank] * between) is None:
                break

    def _timed(self, painter: Paints, batch: list[Request]) -> float | None:
        """Seconds of a step of a batch that has been painted before; None when it does not fit."""
        times: list[float] = []

        def tell(_done: int, _steps: int) -> None:
            times.append(self._clock())
            if self._closing:
                raise NobodyWaitsError("The painter is closed.")

        for _ in range(2):
            times.clear()
            began = self._clock()
            fits, ended = _tried(lambda: painter.paint(batch, tell)), self._clock()
            if isinstance(fits, OutOfMemoryError):
                _release()
                return None
            if isinstance(fits, BaseException):
                raise fits
        gaps = [late - early for early, late in pairwise(times)]
        return max(min(gaps) if gaps else ended - began, 1e-9)

    def _next(self) -> list[Job]:
        """The next batch; empty when it is time to end."""
        with self._news:
            while not self._closing:
                now = self._clock()
                if batch := [job for job in self._batcher.take(now) if not job.over]:
                    return batch
                self._batcher.ended(now)
                self._news.wait(self._batcher.due(now))
        return []

    def _rest(self) -> list[Job]:
        with self._news:
            self._closing = True
            left: list[Job] = []
            while len(self._batcher):
                left += self._batcher.take(float("inf"))
            return left

    def _serve(self, jobs: list[Job]) -> None:
        """Paint these, in smaller batches when they do not fit together."""
        painter = _tried(self._loaded)
        if isinstance(painter, BaseException):
            self._refuse(jobs, painter)
            return
        parts = [jobs]
        while parts:
            part = [job for job in parts.pop(0) if not job.over]
            if not part:
                continue
            error = self._paint(painter, part)
            if error is None:
                continue
            if isinstance(error, OutOfMemoryError):
                _release()
                number = self._caps.did_not_fit(part[0].request.key, len(part))
                if len(part) > 1:
                    log.warning("%d pictures of %dx%d do not fit together.", len(part), *part[0].request.size)
                    parts[:0] = [part[start : start + number] for start in range(0, len(part), number)]
                    continue
            self._refuse(part, error)

    def _refuse(self, jobs: list[Job], error: BaseException) -> None:
        """Tell these, and only these, what went wrong."""
        if not isinstance(error, NobodyWaitsError):
            self._trouble(error)
            self._meter.failed(len(jobs))
        for job in jobs:
            job.fail(error)

    def _paint(self, painter: Paints, jobs: list[Job]) -> BaseException | None:
        """Give each its painting; or what went wrong, with nothing of the painter's held by it."""
        began = last = self._clock()

        def tell(done: int, steps: int) -> None:
            nonlocal last
            now = self._clock()
            if done:
                self._meter.step(now - last)
            last = now
            for job in jobs:
                job.step(done, steps)
            if self._closing or all(job.over for job in jobs):
                raise NobodyWaitsError("The painter is closed." if self._closing else "Nobody waits for it any more.")

        made = _tried(lambda: painter.paint([job.request for job in jobs], tell))
        if isinstance(made, BaseException):
            return made
        self._meter.batch(made, self._clock() - began)
        for job, painting in zip(jobs, made, strict=True):
            job.give(painting)
        return None


def _tried(work: Callable[[], T]) -> T | BaseException:
    """What it gives, or what it raises: without the frames that would keep its tensors alive."""
    try:
        return work()
    except BaseException as error:  # noqa: BLE001 - it is the askers', and the thread must outlive it
        each: BaseException | None = error
        while each is not None:
            traceback.clear_frames(each.__traceback__)
            each = each.__cause__ or each.__context__
        return error


def _release() -> None:
    """Give PyTorch's unused blocks back, so that a smaller batch finds room in one piece."""
    torch: Any = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
