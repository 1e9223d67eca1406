"""Sends what the outbox promises, after the commit that promised it, as often as it takes."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from imagegen.errors import ImagegenError
from workers.records import outbox
from workers.records.outbox import Effect, Key, Message
from workers.records.session import Database

log = logging.getLogger(__name__)

BATCH = 50


class Receiver(Protocol):
    """Where an effect takes place."""

    def receive(self, message: Message) -> None:
        """Have the effect. The same message may come twice and must count once; ``message.id`` tells.

        Raises ImagegenError when it could not be had now.
        """
        ...


Receivers = Mapping[Effect, Receiver]


def relay(database: Database, receivers: Receivers, limit: int = BATCH) -> int:
    """One round: send what is due; how many effects were had. Any number of processes may do it at once."""
    with database.transaction() as session:
        outbox.drop(session, receivers.keys())
    with database.reading() as session:
        keys = outbox.due(session, receivers.keys(), limit)
    return sum(_send(database, receivers, key) for key in keys)


def send_now(database: Database, receivers: Receivers, scene_id: str) -> int:
    """Send what is due of one scene without waiting for the next round."""
    with database.reading() as session:
        keys = outbox.due(session, receivers.keys(), BATCH, scene_id)
    return sum(_send(database, receivers, key) for key in keys)


def _send(database: Database, receivers: Receivers, key: Key) -> bool:
    with database.transaction() as session:
        message = outbox.take(session, key)
    if message is None:
        return False
    try:
        receivers[message.effect].receive(message)
    except ImagegenError as error:
        log.warning("%s of %s could not be had (try %d): %s", message.effect, message.id, message.try_, error)
        told = str(error)
        database.patiently(lambda session: outbox.refused(session, message, told))
        return False
    database.patiently(lambda session: outbox.sent(session, message))
    return True
