"""Finds, reads and validates the pages of styles and rooms. Data only: nothing in a folder is ever run."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
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

    def files(self, style_slug: str) -> tuple[Path, ...]:
        """The pages that decide a style: its look, those that it is like, and its rooms. Raises UnknownStyleError."""
        looks, rooms = self._files("looks"), self._files("rooms")
        chain, slug = [], self.style(style_slug).slug
        while slug:
            chain.append(looks[slug])
            slug = tomllib.loads(looks[slug].read_text(encoding="utf-8")).get("like", "")
        return (*chain, *(rooms[room] for room in self.style(style_slug).rooms))

    def thumbnail(self, style_slug: str, room_slug: str) -> Path | None:
        """The small picture of a room that ships beside a style's page: ``pictures/<style>-<room>.jpg``, if any."""
        name = f"pictures/{style_slug}-{room_slug}.jpg"
        return next((root / name for root in reversed(self._folders) if (root / name).is_file()), None)

    def validate(self) -> None:
        """Read every page and check that they fit together. Raises StyleError with the file at fault."""
        for style in self.styles():
            self.rooms(style.slug)

    @cached_property
    def _rooms(self) -> Mapping[str, Room]:
        return {slug: read_page(file, Room) for slug, file in self._files("rooms").items()}

    @cached_property
    def _styles(self) -> Mapping[str, Style]:
        files = self._files("looks")
        read = {slug: read_look(file, files) for slug, file in files.items()}
        found = {slug: style.model_copy(update={"home": files[slug].parent}) for slug, style in read.items()}
        for style in found.values():
            missing = [slug for slug in style.rooms if slug not in self._rooms]
            if missing:
                known = ", ".join(sorted(self._rooms))
                raise UnknownRoomError(
                    f"The style {style.slug!r} offers a room {missing[0]!r} that does not exist.",
                    hint=f"Rooms: {known}.",
                )
        return found

    def _files(self, folder: str) -> dict[str, Path]:
        """Pages by their slug: the file's name, a later folder's in place of an earlier one's."""
        return {file.stem: file for root in self._folders for file in sorted((root / folder).glob("*.toml"))}


def read_look(file: Path, others: Mapping[str, Path]) -> Style:
    """A style's page, on top of the page that it is ``like``. ``others``: the files of all looks by slug."""
    return read_page(file, Style, lambda data: _on_top(data, file, others, (file,)))


def _on_top(data: dict[str, Any], file: Path, others: Mapping[str, Path], way: tuple[Path, ...]) -> dict[str, Any]:
    """What a page says, and whatever it leaves unsaid from the page that it is like.

    A material, a role or a light is taken whole or not at all; the page's own lights come before the other's.
    """
    like = data.get("like", "")
    if not like:
        return data
    if not isinstance(like, str) or like not in others:
        known = ", ".join(sorted(set(others) - {file.stem}))
        raise StyleError(f"It is like {like!r}, and there is no such style.", hint=f"Styles: {known}.", where=str(file))
    base = others[like]
    if base in way:
        round_trip = " -> ".join(step.stem for step in (*way, base))
        raise StyleError(f"Styles are like each other in a circle: {round_trip}.", where=str(file))
    under = _on_top(_toml(base, base.read_text(encoding="utf-8")), base, others, (*way, base))
    merged = {key: value for key, value in under.items() if key not in {"slug", "like"}} | data
    for key in ("tags", "palette", "materials", "roles", "lights", "prompts", "engines"):
        theirs, own = under.get(key, {}), data.get(key, {})
        if isinstance(theirs, dict) and isinstance(own, dict):
            merged[key] = own | {name: value for name, value in theirs.items() if name not in own}
    return merged


def _as_it_is(data: dict[str, Any]) -> dict[str, Any]:
    return data


def read_page(file: Path, model: type[P], complete: Callable[[dict[str, Any]], dict[str, Any]] = _as_it_is) -> P:
    """One TOML page as a validated value; its slug is its file's name. Raises StyleError with file and line.

    ``complete`` may add to what the page says before it is judged.
    """
    text = file.read_text(encoding="utf-8")
    data = complete(_toml(file, text))
    data.setdefault("slug", file.stem)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise StyleError(_in_words(first), hint=_more(error), where=where(file, text, first["loc"])) from None


def _toml(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise StyleError(f"This is not TOML: {error}.", where=f"{file}:{line[1]}" if line else str(file)) from None


def _in_words(error: Mapping[str, Any]) -> str:
    path = ".".join(str(step) for step in error["loc"])
    kinds = {"missing": "is missing", "extra_forbidden": "is not a key that this page knows"}
    said = kinds.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")
    return f"{path}: {said}." if path else f"{said}."


def _more(error: ValidationError) -> str:
    others = error.error_count() - 1
    return f"({others} more after this one.)" if others else ""


def where(file: Path, text: str, steps: tuple[int | str, ...]) -> str:
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
