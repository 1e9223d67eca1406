"""Teams: the brands of a house, which do not see each other's products, scenes, keys, people and webhooks."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOUSE = "house"
"""The team of whoever has never heard of teams."""

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,38}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a team may use: bytes of stored photos, scenes asked for in any 24 hours, scenes that wait. 0: any."""

    photo_bytes: int = 0
    scenes_a_day: int = 0
    scenes_queued: int = 0


NO_LIMIT = Allowance()
