"""News of scenes to whoever listens outside, in the form of Standard Webhooks: signed, retried, known again.

The outbox promises each piece of news; the ``Announcer`` turns it into a delivery for each webhook, and ``deliver``
sends what is due. Addresses are checked and pinned as those of photos are, and redirects are not followed.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook as Signer

from workers.errors import RemotePhotoError
from workers.records import scenes, webhooks
from workers.records.models import Event
from workers.records.outbox import Effect, Message
from workers.records.session import Database
from workers.records.webhooks import Attempt
from workers.relay import Receivers
from workers.remote import Address, Resolve, is_public, pin, resolve
from workers.settings import Settings

log = logging.getLogger(__name__)

BATCH = 50


class Announcer:
    """Hears each piece of news and writes a delivery for each webhook."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def receive(self, message: Message) -> None:
        """The same message again changes nothing; only the scene's own team is told."""
        with self.database.transaction() as session:
            scene = scenes.get(session, message.scene_id)
            found = select(Event).where(Event.scene_id == message.scene_id, Event.seq == message.seq)
            event = session.scalars(found).one()
            said = {name: value for name, value in event.data.items() if name in {"state", "by", "reason"}}
            data = {"scene": scene.id, "group": scene.group_id, "sku": scene.sku, "style": scene.style, **said}
            body = {"type": f"scene.{said['state']}", "timestamp": event.at.isoformat(), "data": data}
            told = json.dumps(body, separators=(",", ":"))
            webhooks.announce(session, scene.team_id, message.id, told, message.at)


def receivers(database: Database) -> Receivers:
    """The announcer, while anybody listens; else news is over as it comes."""
    with database.reading() as session:
        return {Effect.ANNOUNCE: Announcer(database)} if webhooks.any_listens(session) else {}


@dataclass(frozen=True, slots=True)
class Post:
    """Sends one delivery. ``permit`` says which addresses may be reached."""

    timeout_s: float = 10.0
    permit: Callable[[Address], bool] = is_public
    resolve: Resolve = resolve

    def __call__(self, attempt: Attempt, database: Database) -> None:
        """Send it and note what came of it."""
        at = database.clock()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "imagegen",
            "webhook-id": attempt.message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Signer(attempt.secret).sign(attempt.message_id, at, attempt.body),
        }
        try:
            status = self._send(attempt, headers)
        except (RemotePhotoError, httpx.HTTPError) as error:
            told = f"It cannot be reached: {getattr(error, 'message', '') or type(error).__name__}"
            database.patiently(lambda session: webhooks.refused(session, attempt, told))
            return
        if HTTPStatus(200) <= status < HTTPStatus(300):
            database.patiently(lambda session: webhooks.taken(session, attempt, status))
            return
        gone = status == HTTPStatus.GONE
        told = f"It answered {status}."
        database.patiently(lambda session: webhooks.refused(session, attempt, told, status, gone=gone))

    def _send(self, attempt: Attempt, headers: dict[str, str]) -> int:
        """The answer's status; its body is not read."""
        pinned = pin(attempt.url, self.permit, self.resolve)
        with httpx.Client(trust_env=False, follow_redirects=False, timeout=httpx.Timeout(self.timeout_s)) as client:
            request = client.build_request(
                "POST",
                pinned.url,
                content=attempt.body.encode(),
                headers=headers | pinned.headers,
                extensions=pinned.extensions,
            )
            response = client.send(request, stream=True)
            response.close()
        return response.status_code


def deliver(database: Database, post: Post, limit: int = BATCH) -> int:
    """One round: try what is due; how much was tried. A webhook that refuses once is left alone for this round."""
    tried, deaf = 0, set[str]()
    while tried < limit:
        with database.reading() as session:
            ids = webhooks.due(session, 1, deaf)
        if not ids:
            return tried
        with database.transaction() as session:
            attempt = webhooks.take(session, ids[0])
        if attempt is None:
            continue
        post(attempt, database)
        tried += 1
        with database.reading() as session:
            if not webhooks.is_taken(session, attempt):
                deaf.add(attempt.webhook_id)
    return tried


def loop(settings: Settings, database: Database, stop: threading.Event) -> None:
    """Round after round until ``stop``. It has a thread of its own: slow receivers hold up nothing else."""
    permit = (lambda _: True) if settings.allow_private_webhook_hosts else is_public
    post = Post(settings.webhook_timeout_s, permit)
    while not stop.wait(settings.sweep_s):
        try:
            while not stop.is_set() and deliver(database, post) == BATCH:
                pass
        except Exception:  # whatever broke this round, what is due is still due in the next
            log.warning("This round of deliveries failed.", exc_info=True)
