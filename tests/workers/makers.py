"""Small real makers of pictures, importable by worker processes: a gradient, and one that waits at a gate."""

import hashlib
import os
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np

from imagegen.types import Scene
from workers.tasks.scenes import Maker


def plan(job):
    facts = asdict(job.product) | {"tags": list(job.product.tags), "mount": str(job.product.mount)}
    return {
        "photos": [hashlib.sha256(photo).hexdigest() for photo in job.photos],
        "product": facts,
        "companions": [(other.product.sku, other.product.colour, len(other.photos)) for other in job.companions],
        "style": {"slug": job.style, "version": "1"},
        "engine": {"name": job.engine, "version": "1", "source_type": "compositeSynthetic"},
        "settings": {name: getattr(job.settings, name) for name in job.settings.__slots__},
    }


def draw(job, progress):
    """A gradient whose colour is the seed's."""
    progress("render", 0.1)
    ramp = np.linspace(0, 255, job.settings.width, dtype=np.uint8)
    picture = np.broadcast_to(ramp[None, :, None], (job.settings.height, job.settings.width, 3)).copy()
    picture[..., 0] = job.settings.seed % 256
    progress("checks", 1.0)
    return Scene(picture, (), plan(job), {"render": 0.01})


def gradient(_settings):
    return Maker(draw, plan)


def gated(settings):
    """Says that it has begun (a file named by its process), and goes on when the file "gate" is there."""
    folder = Path(settings.data_dir)

    def wait(job, progress):
        (folder / f"began-{os.getpid()}").write_text(os.environ.get("CUDA_VISIBLE_DEVICES", ""))
        while not (folder / "gate").exists():
            progress("render", 0.5)
            time.sleep(0.02)
        return draw(job, progress)

    return Maker(wait, plan)
