"""Making one scene: claim, load, make, store, finish. The message only named it; the row decides."""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from celery import Celery
from celery.worker.request import Request
from kombu.asynchronous import get_event_loop

from imagegen import images, recipe
from imagegen.errors import CancelledError, ImagegenError
from imagegen.job import Job, planned
from imagegen.pipeline import make_scene
from imagegen.protocols import Progress
from imagegen.types import Scene as Made
from styles.errors import StyleError
from workers import companions, logs, traces
from workers.app import MAKE_SCENE
from workers.errors import LeaseLostError
from workers.kit import kit_of
from workers.records import scenes
from workers.records.blobs import Blobs
from workers.records.models import Scene
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.settings import Settings
from workers.tasks.lease import Lease, StoppingError

log = logging.getLogger(__name__)

Make = Callable[[Job, Progress], Made]
Plan = Callable[[Job], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Maker:
    """How pictures are made, and how it is known beforehand what decides them."""

    make: Make
    plan: Plan


def pipeline_maker(settings: Settings) -> Maker:
    """The real thing, with this installation's styles and cutter."""
    kit = kit_of(settings)
    return Maker(partial(make_scene, kit=kit), partial(planned, kit=kit))


def worker_name() -> str:
    """Machine and process: where to look when something is stuck."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Workbench:
    """All that a worker process needs for its scenes, whichever of its threads makes them.

    ``stopping`` is set when it is to hand its work back; ``hands`` holds the ids of what is being made.
    """

    settings: Settings
    database: Database
    blobs: Blobs
    maker: Maker
    worker: str = field(default_factory=worker_name)
    stopping: threading.Event = field(default_factory=threading.Event)
    hands: set[str] = field(default_factory=set)

    def busy(self) -> list[str]:
        """What is in hand now; any thread may ask."""
        return sorted(self.hands.copy())


class Acknowledged(Request):  # type: ignore[misc]  # Celery tells no types
    """A message whose end the broker hears, or the worker connects anew.

    Celery acknowledges in passing, and only logs it when a broker that restarted meanwhile does not take it. kombu then
    counts the message as under way for ever, and a worker that may have one at a time never asks for another.

    A thread of a pool leaves it to the thread that listens to the broker: there the error is heard, and a channel is no
    thing for two threads. Where that one listens no more, the message comes again, and the claim refuses it.
    """

    acknowledged: bool

    def acknowledge(self) -> None:
        """Raises, on the listening thread, what the broker's client raises: Celery connects anew then."""
        if self.acknowledged:
            return
        listening = get_event_loop()
        if listening is None or threading.current_thread() is threading.main_thread():
            self.message.ack()
        else:
            listening.call_soon(self.message.ack)
        self.acknowledged = True


def register(app: Celery, bench: Workbench, afterwards: Callable[[], None] = lambda: None) -> None:
    """Let the app's workers make scenes at this bench; ``afterwards`` is called after each."""

    def make(scene_id: str) -> None:
        work_on(bench, scene_id)
        afterwards()

    app.task(name=MAKE_SCENE, ignore_result=True, Request=Acknowledged)(make)


def work_on(bench: Workbench, scene_id: str) -> None:
    """Make the scene unless somebody else has it; whatever happens, the row says so afterwards."""
    lease_s = timedelta(seconds=bench.settings.lease_s)
    if bench.stopping.is_set():
        bench.database.patiently(lambda session: scenes.unsend(session, [scene_id]))
        return
    held = bench.database.patiently(lambda session: scenes.claim(session, scene_id, bench.worker, lease_s))
    if held is None:
        return
    scene = held.scene
    facts = {"scene": scene_id, "attempt": held.attempt, "style": scene.style, "engine": scene.engine}
    with (
        logs.bound_contextvars(scene=scene_id, attempt=held.attempt, stage=scene.stage),
        traces.span("make scene", scene.trace, **facts) as note,
    ):
        log.info("Scene %s: attempt %d.", scene_id, held.attempt)
        _work_on(bench, held, note)


def _work_on(bench: Workbench, held: scenes.Claim, note: traces.Note) -> None:
    plan_sha: str | None = None
    bench.hands.add(held.scene_id)
    with Lease(bench.database, held, bench.settings.lease_s, bench.stopping) as lease:
        try:
            job = job_of(bench, held.scene)
            plan_sha = recipe.identity(bench.maker.plan(job))
            with traces.stages(lease.tell) as progress:
                made = bench.maker.make(job, progress)
            with traces.span("store"):
                result = _stored(bench, made, plan_sha)
            bench.database.patiently(lambda session: scenes.finish(session, held, result))
            told = {"verdict": result.verdict, "seconds": round(sum(result.seconds.values()), 2)}
            log.info("Scene %s: made.", held.scene_id, extra=told)
            note(verdict=result.verdict)
        except StoppingError:
            _hand_back(bench, held)
        except (LeaseLostError, CancelledError) as error:
            log.info("Scene %s: %s", held.scene_id, error)
            note(failed=type(error).__name__)
        except (SystemExit, KeyboardInterrupt):
            _hand_back(bench, held)
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the row must say so
            note(failed=type(error).__name__)
            _fail(bench, held, error, plan_sha)
        finally:
            bench.hands.discard(held.scene_id)


def job_of(bench: Workbench, scene: Scene) -> Job:
    """The pipeline's job for a scene's row, with the product's facts and photos of today."""
    request = SceneRequest.model_validate(scene.request)
    return Job(
        product=scene.product.facts(),
        photos=tuple(bench.blobs.get(photo.key) for photo in scene.product.photos),
        style=request.style,
        room=request.room,
        engine=scene.engine,
        settings=request.settings(),
        placement=request.explicit(),
        cutter=bench.settings.cutter,
        photo=request.photo,
        companions=companions.load(bench.database.of(scene.team_id), bench.blobs, request.companions),
    )


def _stored(bench: Workbench, made: Made, plan_sha: str) -> scenes.Result:
    """The picture without loss and its recipe, each named by its content."""
    written = recipe.canonical(made.recipe)
    bench.blobs.put(written, ".json")
    height, width = made.picture.shape[:2]
    return scenes.Result(
        picture=bench.blobs.put(images.encode(made.picture, "png"), ".png"),
        width=width,
        height=height,
        findings=made.findings,
        verdict=str(made.verdict),
        recipe=json.loads(written),
        recipe_sha=recipe.identity(made.recipe),
        plan_sha=plan_sha,
        seconds=made.seconds,
        room=made.recipe.get("place", {}).get("room"),
    )


def _hand_back(bench: Workbench, held: scenes.Claim) -> None:
    bench.database.patiently(lambda session: scenes.hand_back(session, held))
    log.info("Scene %s: handed back.", held.scene_id)


def _fail(bench: Workbench, held: scenes.Claim, error: Exception, plan_sha: str | None) -> None:
    """The row keeps what people can use; the log keeps the rest."""
    if isinstance(error, (ImagegenError, StyleError)):
        log.warning("Scene %s: %s", held.scene_id, error)
    else:
        log.error("Scene %s: unexpected.", held.scene_id, exc_info=error)
    try:
        bench.database.patiently(lambda session: scenes.fail(session, held, error, plan_sha))
    except (LeaseLostError, CancelledError) as late:
        log.info("Scene %s: %s", held.scene_id, late)
