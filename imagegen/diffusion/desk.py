"""Where pictures are handed in to be painted: one resident desk for each equipment of a process.

Any number of threads stand at it. Each blocks until its own painting is there, hears how far it is, and may give up.
"""

from __future__ import annotations

import atexit
import queue
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec

from imagegen.diffusion.caps import MOST
from imagegen.diffusion.gpu_thread import Factory, GpuThread
from imagegen.diffusion.metrics import Snapshot
from imagegen.diffusion.options import Equipment
from imagegen.diffusion.request import Painting, Paints, Request, Tell
from imagegen.diffusion.wardrobe import wardrobe
from imagegen.errors import PainterUnavailableError

NEEDED = ("torch", "diffusers", "transformers")

HEARTBEAT_S = 2.0
"""Whoever waits is asked at least this often whether it still wants to: it may be told to stop while it queues."""

Warm = Callable[[], Sequence[Request]]


def silent(_done: int, _steps: int) -> None:
    """Progress that nobody listens to."""


class Desk:
    """Hands requests to a painting thread of its own, which is started by the first of them (or by ``start``).

    ``factory`` makes the painter on that thread; ``most``: the largest batch.
    """

    def __init__(self, factory: Factory, *, most: int = MOST) -> None:
        self._factory, self._most = factory, most
        self._lock = threading.Lock()
        self._gpu: GpuThread | None = None

    def start(self, warm: Warm = tuple) -> None:
        """Load the model now, and paint a request of each shape, before anybody waits for it."""
        self._thread(warm)

    def paint(self, request: Request, progress: Tell = silent) -> Painting:
        """The painting, on whatever thread this is called; it is batched with its equals.

        ``progress`` is called on the caller's thread, between steps and while it waits, with (steps done, steps in
        all); whatever it raises gives up this request alone, and is raised here. Raises what the painter raises:
        MissingWeightsError, OutOfMemoryError (retryable); CancelledError when the desk is closed.
        """
        mail: queue.SimpleQueue[tuple[int, int] | None] = queue.SimpleQueue()
        job = self._thread().submit(request, lambda done, steps: mail.put((done, steps)))
        job.future.add_done_callback(lambda _: mail.put(None))
        told = (0, request.sampling.steps)
        while not job.future.done():
            news = _newest(mail, told)
            if news is None:
                break
            told = news
            try:
                progress(*told)
            except BaseException:
                job.cancel()
                raise
        return job.future.result()

    def state(self) -> str:
        """asleep, or the thread's state: loading, warming, ready, missing weights: ..., not ready: ..., closed."""
        with self._lock:
            return self._gpu.state if self._gpu else "asleep"

    def metrics(self) -> Snapshot | None:
        """What was painted so far; None when nothing was asked for yet."""
        with self._lock:
            gpu = self._gpu
        return gpu.metrics() if gpu else None

    def close(self) -> None:
        """End after the step that is being done; whoever waits gets a CancelledError, and so does whoever comes."""
        with self._lock:
            gpu = self._gpu
        if gpu is not None:
            gpu.close()

    def _thread(self, warm: Warm = tuple) -> GpuThread:
        with self._lock:
            if self._gpu is None:
                self._gpu = GpuThread(self._factory, warm=warm, most=self._most)
            return self._gpu


def _newest(mail: queue.SimpleQueue[tuple[int, int] | None], told: tuple[int, int]) -> tuple[int, int] | None:
    """The last news, or ``told`` again when there was none for a heartbeat; None when it is over."""
    try:
        news = mail.get(timeout=HEARTBEAT_S)
        while news is not None:
            told = news
            news = mail.get_nowait()
    except queue.Empty:
        return told
    return None


_desks: dict[Equipment, Desk] = {}
_opening = threading.Lock()


def desk(equipment: Equipment) -> Desk:
    """The process's desk for this equipment; its model is loaded when something is painted."""
    with _opening:
        if equipment not in _desks:
            _desks[equipment] = Desk(lambda: _painter(equipment))
        return _desks[equipment]


@atexit.register
def close_all() -> None:
    """End every painting thread: a CUDA context in use while the interpreter goes down takes the process along."""
    with _opening:
        open_ones = list(_desks.values())
        _desks.clear()
    for each in open_ones:
        each.close()


def check_installed() -> None:
    """Raise PainterUnavailableError where this machine has not what every model needs (looked up, not imported)."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise PainterUnavailableError(
            f"{' and '.join(missing)} cannot be imported here, so no model can paint.",
            hint="Install the gpu extra (pip install 'imagegen[gpu]'), or leave painting to a worker that has it.",
        )


def _painter(equipment: Equipment) -> Paints:
    """A painter with the family's weights from the local mirror.

    Raises PainterUnavailableError, MissingWeightsError and BadWeightsError.
    """
    check_installed()
    from imagegen.diffusion import loading, painter  # noqa: PLC0415 - torch and the model

    dressed = wardrobe(equipment)
    made: Paints = painter.Painter(loading.resident(equipment), equipment.options, dressed=dressed)
    return made
