"""What somebody may do at the doors."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a key may do. Each one may look as well; admin may do everything."""

    READ = "read"
    WRITE = "write"
    REVIEW = "review"
    PUBLISH = "publish"
    ADMIN = "admin"
