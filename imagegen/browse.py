"""Finding a style among many: by words, by tags, by the type of room, by light, by the nearest colour of a palette."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import ImageColor

from imagegen.colour import difference, lab
from imagegen.errors import BadRequestError
from imagegen.images import srgb_to_linear
from imagegen.types import Doubles
from styles.library import Library
from styles.schema import Room, Style

NEAR = 20.0
"""CIEDE2000 beyond which nobody would say that a palette has the colour."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; empty fields ask for nothing.

    ``text``: words anywhere in name, summary and tags. ``theme``, ``season``: a tag. ``room_type``: such as
    ``"bedroom"``. ``lighting``: a tag, a light's name or a time of day. ``colour``: ``#rrggbb`` or a CSS colour name.
    """

    text: str = ""
    theme: str = ""
    room_type: str = ""
    lighting: str = ""
    season: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Swatch:
    """The colour of a palette that comes nearest to the wish. ``difference``: CIEDE2000."""

    name: str
    hex: str
    difference: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A style that answers a wish, and those of its rooms that do."""

    style: Style
    rooms: tuple[Room, ...]
    swatch: Swatch | None = None


def browse(library: Library, wish: Wish) -> list[Hit]:
    """The styles that answer a wish: by name, or nearest colour first when it names a colour.

    Raises BadRequestError for a colour that cannot be read.
    """
    target = _wanted(wish.colour) if wish.colour.strip() else None
    hits = [hit for style in library.styles() if (hit := _hit(library, style, wish, target)) is not None]
    return sorted(hits, key=lambda hit: hit.swatch.difference) if target is not None else hits  # type: ignore[union-attr]  # with a target every hit has one


def facets(library: Library) -> dict[str, list[str]]:
    """The words that a wish can choose from, by field, in alphabetical order."""
    styles = library.styles()
    return {
        "theme": _sorted(word for style in styles for word in style.tags.decor_theme),
        "room_type": _sorted(room.room_type for style in styles for room in library.rooms(style.slug)),
        "lighting": _sorted(word for style in styles for word in _light_words(style)),
        "season": _sorted(word for style in styles for word in style.tags.season),
    }


def _hit(library: Library, style: Style, wish: Wish, target: Doubles | None) -> Hit | None:
    rooms = tuple(
        room
        for room in library.rooms(style.slug)
        if not wish.room_type.strip() or _same(wish.room_type, room.room_type)
    )
    tags = style.tags
    lists = (tags.decor_theme, tags.colour_scheme, tags.room_types, tags.lighting, tags.season)
    words = [word for each in lists for word in each] + [room.name for room in library.rooms(style.slug)]
    everything = " ".join([style.slug, style.name, style.summary, *words]).casefold()
    answers = (
        bool(rooms)
        and all(word in everything for word in wish.text.casefold().split())
        and _asked(wish.theme, tags.decor_theme)
        and _asked(wish.lighting, _light_words(style))
        and _asked(wish.season, tags.season)
    )
    if not answers:
        return None
    if target is None:
        return Hit(style, rooms)
    swatch = _nearest(style, target)
    return Hit(style, rooms, swatch) if swatch.difference <= NEAR else None


def _light_words(style: Style) -> list[str]:
    return [*style.tags.lighting, *style.lights, *(light.time for light in style.lights.values())]


def _asked(wanted: str, words: Iterable[str]) -> bool:
    return not wanted.strip() or any(_same(wanted, word) for word in words)


def _same(wanted: str, word: str) -> bool:
    return wanted.strip().casefold().replace("-", " ") == word.casefold().replace("-", " ")


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted(set(words))


def _wanted(colour: str) -> Doubles:
    """CIELAB (3,) of a colour in words or hex. Raises BadRequestError."""
    text = colour.strip()
    bare = len(text) in {3, 6} and all(letter in "0123456789abcdefABCDEF" for letter in text)
    try:
        red, green, blue = ImageColor.getrgb(f"#{text}" if bare else text)[:3]
    except ValueError:
        raise BadRequestError(
            f"{text!r} is not a colour.", hint="Write it as #rrggbb or by its CSS name, such as teal.", where="colour"
        ) from None
    return np.asarray(_lab([f"#{red:02x}{green:02x}{blue:02x}"])[0])


def _nearest(style: Style, target: Doubles) -> Swatch:
    names = list(style.palette)
    away = difference(_lab(style.palette.values()), np.broadcast_to(target, (len(names), 3)))
    best = int(np.argmin(away))
    return Swatch(names[best], style.palette[names[best]], round(float(away[best]), 1))


def _lab(colours: Iterable[str]) -> Doubles:
    encoded = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], np.float32) / 255
    return lab(srgb_to_linear(encoded))
