"""The worker processes of the benchmark: all of a real worker, and a maker that makes almost nothing.

``python -m bench.service.work dots 2``
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from imagegen.job import Job
from imagegen.protocols import Progress
from imagegen.types import Scene
from workers.run import run_worker
from workers.settings import Settings, get_settings
from workers.tasks.scenes import Maker


def plan(job: Job) -> Mapping[str, Any]:
    """What decides a dot: as little as a recipe may say."""
    return {
        "engine": {"name": "dot", "version": "1", "source_type": "compositeSynthetic"},
        "product": job.product.sku,
        "style": {"slug": job.style},
        "settings": {"seed": job.settings.seed},
    }


def dot(job: Job, progress: Progress) -> Scene:
    """48 pixels that tell which seed was asked for; one stage is told, as the least that a scene tells."""
    progress("render", 0.5)
    picture = np.zeros((6, 8, 3), np.uint8)
    picture[0, :4, 0] = np.frombuffer(int(job.settings.seed).to_bytes(4, "big"), np.uint8)
    return Scene(picture, (), plan(job), {"render": 0.0})


def dots(_settings: Settings) -> Maker:
    """The maker of dots."""
    return Maker(dot, plan)


if __name__ == "__main__":
    raise SystemExit(run_worker(get_settings(), int(sys.argv[2]), maker={"dots": dots}[sys.argv[1]]))
