"""The Celery app: only a way to wake workers. The rows are the queue, the messages carry an id."""

from __future__ import annotations

from typing import Any

from celery import Celery

from imagegen.engines import PAINTING
from workers.settings import Settings

QUEUE = "scenes"
PAINTINGS = "paintings"
"""Scenes whose engine paints: workers without a model may leave them to those that have one."""
MAKE_SCENE = "scenes.make"
"""The task's name; those who send it never import it."""
PREVIEWS = "previews"
"""A queue of its own: whoever drags a product about does not wait behind a catalog."""
PREPARE_PREVIEW = "previews.prepare"

VISIBILITY_S = 6 * 3600
"""Longer than any job. A message that comes twice is refused by the claim."""
POLL_S = 0.2


def queue_of(engine: str) -> str:
    """The queue of scenes that this engine finishes."""
    return PAINTINGS if engine in PAINTING else QUEUE


def make_app(settings: Settings) -> Celery:
    """A Celery app that talks to the settings' broker."""
    # kombu warns when an address names no host, also where there is none.
    broker = "filesystem://localhost/" if settings.broker_url == "filesystem://" else settings.broker_url
    app = Celery("imagegen", broker=broker, set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=False,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        # After a connection was lost Celery would ask for less until what is under way has ended, and is told of that
        # end by a promise that our acknowledgements do not keep. Messages that come twice are refused by the claim.
        worker_enable_prefetch_count_reduction=False,
        broker_connection_retry_on_startup=True,
        # Celery gives up after a hundred tries, and the worker would end.
        broker_connection_max_retries=None,
        broker_connection_timeout=4,
        task_publish_retry=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5},
        broker_transport_options=_transport(settings),
        enable_utc=True,
        timezone="UTC",
    )
    return app


def _transport(settings: Settings) -> dict[str, Any]:
    if settings.broker_url.startswith("filesystem"):
        return _folders(settings)
    if settings.broker_url.startswith("redis"):
        # Without these a publish to a half-open connection waits for ever.
        return {
            "visibility_timeout": VISIBILITY_S,
            "socket_timeout": 5,
            "socket_connect_timeout": 4,
            "socket_keepalive": True,
            "health_check_interval": 15,
        }
    return {}


def _folders(settings: Settings) -> dict[str, Any]:
    """The broker that needs no server: messages are files, and everybody reads and writes the same folder."""
    messages, control = settings.broker_dir / "messages", settings.broker_dir / "control"
    for folder in (messages, control):
        folder.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": POLL_S,
    }
