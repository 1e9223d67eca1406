"""The states of a scene and the only table of changes between them."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a scene is on its way from being asked for to being published."""

    QUEUED = "queued"
    RUNNING = "running"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    PUBLISHED = "published"
    FAILED = "failed"
    CANCELLED = "cancelled"


CHANGES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.CANCELLED, State.FAILED}),
    State.RUNNING: frozenset({State.IN_REVIEW, State.FAILED, State.CANCELLED, State.QUEUED}),
    State.IN_REVIEW: frozenset({State.APPROVED, State.REJECTED}),
    # A verdict may be taken back until the picture is out.
    State.APPROVED: frozenset({State.PUBLISHED, State.REJECTED, State.IN_REVIEW}),
    State.REJECTED: frozenset({State.IN_REVIEW}),
    State.FAILED: frozenset({State.QUEUED}),
    State.CANCELLED: frozenset({State.QUEUED}),
    State.PUBLISHED: frozenset(),
}


def may_change(old: State, new: State) -> bool:
    """Whether a scene may go from ``old`` to ``new``."""
    return new in CHANGES[old]


def sources_of(new: State) -> frozenset[State]:
    """The states from which ``new`` can be reached in one step (for compare-and-set statements)."""
    return frozenset(old for old, news in CHANGES.items() if new in news)
