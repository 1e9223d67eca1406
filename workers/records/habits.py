"""How a retailer's studio shoots, kept with the products it shot (``imagegen.pose.learn`` tells it)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import null, select, update
from sqlalchemy.orm import Session

from imagegen.mounts import plain_words
from imagegen.types import Habit, Studio
from workers.records import audit
from workers.records.habit_rows import to_row
from workers.records.models import Product


def keep(session: Session, studio: Studio, by: str, *, only: str | None = None) -> dict[str, int]:
    """Every product is given the habit of its category; how many of each category were.

    ``only``: products of this category alone, where no other was looked at.
    """
    counts: dict[str, int] = {}
    every = [plain_words(only)] if only else session.scalars(select(Product.category).distinct()).all()
    for category in every:
        habit = studio.habit(category)
        row = null() if habit == Habit() else to_row(habit)
        given = update(Product).where(Product.category == category).values(habit=row)
        counts[category] = int(getattr(session.execute(given), "rowcount", 0))
    told = {category: to_row(habit) for category, habit in studio.categories.items()}
    audit.write(session, by, "update", "studio", "habits", told)
    return counts


def forget(session: Session, by: str) -> None:
    """No product has a habit any more: each photo speaks for itself."""
    session.execute(update(Product).values(habit=null()))
    audit.write(session, by, "delete", "studio", "habits", {})


def of_category(session: Session, category: str) -> Any:
    """The row's form of the habit that products of that category have, or None."""
    return session.scalar(
        select(Product.habit).where(Product.category == category, Product.habit.is_not(None)).limit(1)
    )
