"""Finds, reads and validates the pages of styles and rooms. Data only: nothing in a folder is ever run."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from styles.errors import StyleError, UnknownRoomError, UnknownStyleError
from styles.schema import Page, Room, Style

PARTS_VERSION = 3
"""Raised whenever the builder of parts would draw the same page differently: it is part of every version."""

HERE = Path(__file__).parent
P = TypeVar("P", bound=Page)


class Library:
    """All styles and rooms of some folders, each with ``looks/*.toml`` and ``rooms/*.toml``; later folders win."""

    def __init__(self, paths: Iterable[Path] = (), *, built_in: bool = True) -> None:
        self._folders = [HERE, *map(Path, paths)] if built_in else [Path(path) for path in paths]

    def styles(self) -> tuple[Style, ...]:
        """Every style, by name."""
        return tuple(sorted(self._styles.values(), key=lambda style: style.name))

    def style(self, slug: str) -> Style:
        """The style of that slug. Raises UnknownStyleError."""
        try:
            return self._styles[slug]
        except KeyError:
            known = ", ".join(sorted(self._styles)) or "none"
            raise UnknownStyleError(f"There is no style {slug!r}.", hint=f"Styles: {known}.") from None

    def room(self, style_slug: str, room_slug: str | None = None) -> Room:
        """A room that the style offers, its first when none is named. Raises UnknownStyleError, UnknownRoomError."""
        style = self.style(style_slug)
        wanted = room_slug or style.rooms[0]
        if wanted not in style.rooms:
            known = ", ".join(style.rooms)
            raise UnknownRoomError(f"The style {style_slug!r} has no room {wanted!r}.", hint=f"Its rooms: {known}.")
        return self._rooms[wanted]

    def rooms(self, style_slug: str) -> tuple[Room, ...]:
        """All rooms that a style offers, its default first."""
        return tuple(self.room(style_slug, slug) for slug in self.style(style_slug).rooms)

    def version(self, style_slug: str, room_slug: str | None = None) -> str:
        """sha256 (hex) of everything in the two pages and of the parts' own version: changes when the room would."""
        room = self.room(style_slug, room_slug)
        content = {
            "parts": PARTS_VERSION,
            "room": room.model_dump(mode="json"),
            "style": self.style(style_slug).model_dump(mode="json"),
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def validate(self) -> None:
        """Read every page and check that they fit together. Raises StyleError with the file at fault."""
        for style in self.styles():
            self.rooms(style.slug)

    @cached_property
    def _rooms(self) -> Mapping[str, Room]:
        return {page.slug: page for page in self._pages("rooms", Room)}

    @cached_property
    def _styles(self) -> Mapping[str, Style]:
        found = {style.slug: style for style in self._pages("looks", Style)}
        for style in found.values():
            missing = [slug for slug in style.rooms if slug not in self._rooms]
            if missing:
                known = ", ".join(sorted(self._rooms))
                raise UnknownRoomError(
                    f"The style {style.slug!r} offers a room {missing[0]!r} that does not exist.",
                    hint=f"Rooms: {known}.",
                )
        return found

    def _pages(self, folder: str, model: type[P]) -> list[P]:
        files = [file for root in self._folders for file in sorted((root / folder).glob("*.toml"))]
        return [read_page(file, model) for file in files]


def read_page(file: Path, model: type[P]) -> P:
    """One TOML page as a validated value; its slug is its file's name. Raises StyleError with file and line."""
    text = file.read_text(encoding="utf-8")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise StyleError(f"This is not TOML: {error}.", where=f"{file}:{line[1]}" if line else str(file)) from None
    data.setdefault("slug", file.stem)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise StyleError(_in_words(first), hint=_more(error), where=_where(file, text, first["loc"])) from None


def _in_words(error: Mapping[str, Any]) -> str:
    path = ".".join(str(step) for step in error["loc"])
    kinds = {"missing": "is missing", "extra_forbidden": "is not a key that this page knows"}
    said = kinds.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    return f"{path}: {said}." if path else f"{said}."


def _more(error: ValidationError) -> str:
    others = error.error_count() - 1
    return f"({others} more after this one.)" if others else ""


def _where(file: Path, text: str, steps: tuple[int | str, ...]) -> str:
    """``file:line`` of the deepest key on the way to an error that can be found in the text."""
    lines = text.splitlines()
    at = 0
    for position, step in enumerate(steps):
        if isinstance(step, int):
            table = re.escape(".".join(str(s) for s in steps[:position] if isinstance(s, str)))
            heads = [i for i, line in enumerate(lines) if re.match(rf"\s*\[\[{table}\]\]", line)]
            at = heads[step] if step < len(heads) else at
            continue
        key = re.escape(str(step))
        pattern = re.compile(rf"^\s*(?:\[\[?(?:[\w.\-]+\.)?{key}(?:\.[\w.\-]+)?\]\]?|{key}\s*=)")
        at = next((i for i in range(at, len(lines)) if pattern.match(lines[i])), at)
    return f"{file}:{at + 1}"


@cache
def default_library() -> Library:
    """The library that ships with the project."""
    return Library()
