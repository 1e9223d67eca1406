"""A real little painter without a model: every picture is its seed's colour, at a pace that a test decides."""

import threading

import numpy as np

from imagegen.diffusion.request import Painting, Request, Sampling
from imagegen.errors import OutOfMemoryError


def request(seed=0, *, style="", size=(8, 8), steps=3, family="mini"):
    width, height = size
    picture = np.zeros((height, width, 3), np.uint8)
    return Request(
        family, "a room", "", seed, picture, np.zeros((height, width), np.float32), style=style,
        sampling=Sampling(steps=steps),
    )  # fmt: skip


def colour(seed):
    return np.array([seed % 256, seed // 256 % 256, 7], np.uint8)


class Brush:
    """Paints colours; keeps ``batches`` (the seeds of each). ``room``: more pictures at once do not fit.

    ``began`` is released with each batch. ``pace``: a semaphore that every step takes, or None for no waiting.
    ``faults``: by seed, what painting it raises.
    """

    def __init__(self, *, room=100, pace=None, faults=None):
        self.room, self.pace, self.faults = room, pace, faults or {}
        self.batches, self.threads = [], set()
        self.began = threading.Semaphore(0)
        self.left = threading.Semaphore(0)

    def paint(self, requests, tell):
        self.threads.add(threading.get_ident())
        self.batches.append([request.seed for request in requests])
        self.began.release()
        try:
            if len(requests) > self.room:
                raise OutOfMemoryError(f"{len(requests)} do not fit.")
            for request in requests:
                if request.seed in self.faults:
                    raise self.faults[request.seed]
            steps = requests[0].sampling.steps
            for done in range(steps):
                tell(done, steps)
                if self.pace is not None:
                    assert self.pace.acquire(timeout=30)
            tell(steps, steps)
            return [
                Painting(np.broadcast_to(colour(each.seed), each.picture.shape), {"tflop": 2.0}) for each in requests
            ]
        finally:
            self.left.release()
