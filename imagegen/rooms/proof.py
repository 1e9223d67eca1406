"""Reads a style's pages as a builder does: names that nobody knows, and slots without a material."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from imagegen.rooms.build import pieces
from imagegen.rooms.parts import KINDS, Kind
from imagegen.rooms.textures import PATTERNS
from styles.errors import StyleError
from styles.library import Library, where
from styles.schema import Part, Room, Style


def faults(library: Library, style: Style) -> list[StyleError]:
    """What is wrong with a style and its rooms beyond their form, each with file and line."""
    pages = library.files(style.slug)
    texts = {page: page.read_text(encoding="utf-8") for page in pages}

    def at(*steps: int | str) -> str:
        """The first page that says it: the style's own before the ones that it is like."""
        named = next((page for page in pages if f"{steps[1]}" in texts[page]), pages[0])
        return where(named, texts[named], steps)

    found = [
        StyleError(
            f"The material {name!r} has an unknown pattern {material.pattern!r}.",
            hint=_like(material.pattern, PATTERNS),
            where=at("materials", name),
        )
        for name, material in style.materials.items()
        if material.pattern not in PATTERNS
    ]
    rooms = library.rooms(style.slug)
    for room in rooms:
        page = next(page for page in pages if page.stem == room.slug and page.parent.name == "rooms")
        found += [
            StyleError(message, hint=hint, where=where(page, texts[page], ("parts", number)))
            for number, part in enumerate(room.parts)
            for message, hint in _of_part(part)
        ]
    return found + [
        StyleError(message, hint=hint, where=at("roles", role)) for role, message, hint in _of_roles(style, rooms)
    ]


def _of_part(part: Part) -> Iterator[tuple[str, str]]:
    if part.kind not in KINDS:
        yield f"The part {part.id!r} is of an unknown kind {part.kind!r}.", _like(part.kind, KINDS)
    elif part.form and part.form not in KINDS[part.kind].forms:
        yield f"A {part.kind} has no form {part.form!r}.", _forms(KINDS[part.kind])


def _of_roles(style: Style, rooms: Iterable[Room]) -> Iterator[tuple[str, str, str]]:
    """(role, message, hint) of roles whose form or slots do not suit the kinds that play them."""
    told: set[tuple[str, str]] = set()
    for part in (part for room in rooms for part in room.parts if part.kind in KINDS and style.shows(part)):
        role, kind = style.role(part.plays), KINDS[part.kind]
        form = part.form or role.form
        if (part.plays, form) in told or (part.form and part.form not in kind.forms):
            continue
        told.add((part.plays, form))
        if form and form not in kind.forms:
            yield part.plays, f"A {part.kind} has no form {form!r}.", _forms(kind)
            continue
        if "main" in role.materials or "main" in part.materials:
            continue
        named = {*role.materials, *part.materials}
        bare = sorted({piece.slot for piece in pieces(part, style)} - named)
        if bare:
            slots = ", ".join(kind.form(form).slots)
            yield (
                part.plays,
                f"The role {part.plays!r} names no material for {', '.join(map(repr, bare))}: they would stay grey.",
                f"Its slots: {slots}. A material for main serves all that are not named.",
            )


def _forms(kind: Kind) -> str:
    known = ", ".join(filter(None, kind.forms))
    return f"Forms: {known}." if known else "It has only one: leave the form empty."


def _like(word: str, words: Iterable[str]) -> str:
    """The words that are spelt most nearly like it."""
    near = difflib.get_close_matches(word, list(words), 3, 0.5)
    return f"Did you mean {' or '.join(near)}?" if near else "imagegen styles vocabulary lists them."
