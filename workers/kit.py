"""What an installation brings to every job: its styles, its cutter's weights, its model."""

from __future__ import annotations

from imagegen.job import Kit
from styles.library import Library
from workers.gpu import equipment
from workers.settings import Settings


def kit_of(settings: Settings, library: Library | None = None) -> Kit:
    """The settings' kit; ``library``: where one is open already."""
    return Kit(library or Library(settings.style_paths), settings.cutter_weights, equipment(settings))
