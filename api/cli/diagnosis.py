"""One thing that the doctor looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at. ``state``: ok, slow or odd (it works, but), missing (it does not)."""

    what: str
    state: str
    told: str
    hint: str = ""
