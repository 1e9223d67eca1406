"""The tables. Times are UTC, lengths centimetres (metres only begin inside imagegen).

Whoever imports one maps them all: a row leads to rows of other files, and migrations compare them together.
"""

from __future__ import annotations

from workers.records.models.catalog import Photo, Product
from workers.records.models.crew import Leader, Worker
from workers.records.models.effects import Outgoing, Publication
from workers.records.models.mapping import Base, Owned
from workers.records.models.people import ApiKey, Person, SignIn, Team
from workers.records.models.previews import Preparation
from workers.records.models.requests import AuditEntry, IdempotencyKey
from workers.records.models.scenes import BulkRun, Decision, Event, Scene
from workers.records.models.webhooks import Delivery, Webhook

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Base",
    "BulkRun",
    "Decision",
    "Delivery",
    "Event",
    "IdempotencyKey",
    "Leader",
    "Outgoing",
    "Owned",
    "Person",
    "Photo",
    "Preparation",
    "Product",
    "Publication",
    "Scene",
    "SignIn",
    "Team",
    "Webhook",
    "Worker",
]
