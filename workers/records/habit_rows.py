"""A studio's habit as it lies in a column."""

from __future__ import annotations

from typing import Any

from imagegen.types import Belief, Habit


def to_row(habit: Habit) -> dict[str, Any]:
    """Rounded, so that learning the same again changes no plan."""
    told = {"yaw": habit.yaw, "elevation": habit.elevation, "lens": habit.lens}
    rounded = {name: [round(value, 3) for value in belief] if belief else None for name, belief in told.items()}
    return rounded | {"photos": habit.photos}


def from_row(row: dict[str, Any] | None) -> Habit:
    """What ``to_row`` wrote; an unknown habit for None."""
    if row is None:
        return Habit()

    def belief(name: str) -> Belief | None:
        return (float(row[name][0]), float(row[name][1])) if row[name] else None

    return Habit(belief("yaw"), belief("elevation"), belief("lens"), int(row["photos"]))
