"""Brings a family from a hub into the mirror: resumed where it broke off, checked before it counts.

Bytes gather in ``.pulling/`` and move to their place in one step, when size, hash and format are right; the lock names
a part when all of it is there. What the family's page or the lock says of a file, the file must be.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imagegen.diffusion import lock as locks
from imagegen.diffusion import store, weights
from imagegen.diffusion.families import ModelSpec
from imagegen.errors import BadRequestError, BadWeightsError

if TYPE_CHECKING:
    from imagegen.diffusion.hub import Commit, Hub, Told

ASIDE = ".pulling"

Hearing = Callable[[str, int, int], None]
"""Called with a file's path below the family's folder, its bytes that are here, and all that it has."""


def _deaf(_path: str, _here: int, _all: int) -> None:
    pass


def pull(
    spec: ModelSpec,
    mirror: Path,
    hub: Hub,
    *,
    extras: Collection[str] = (),
    trust_first: bool = False,
    hear: Hearing = _deaf,
) -> tuple[str, ...]:
    """Bring the required parts and those ``extras`` here; gives the paths that were not here before.

    ``trust_first``: where neither the family's page nor the lock knows a hash, believe what the hub says this once and
    write it down. What is here and right is left alone; a file of the same hash in another family is linked.

    Raises BadRequestError (no such part, hashes unknown), MissingWeightsError (the hub does not have it or cannot be
    reached) and BadWeightsError (something differs from the page, the lock or what a weight file may be).
    """
    if not any(part.repo for part in spec.parts.values()):
        raise BadRequestError(f"The model {spec.slug!r} is on no hub.", hint=store.how_to_get(spec))
    for extra in extras:
        if extra not in spec.optional:
            known = ", ".join(spec.optional) or "none"
            raise BadRequestError(f"The model {spec.slug!r} has no optional part {extra!r}.", hint=f"It has: {known}.")
    folder = mirror / spec.slug
    with _alone(folder):
        weights.refuse_strangers(folder)
        work = _Pull(spec, folder, hub, hear, locks.read(folder) or locks.Lock(family=spec.slug))
        targets = [target for target in (*spec.required, *sorted(set(extras))) if spec.parts[target].repo]
        if not trust_first:
            work.refuse_unknown(targets)
        fetched = [path for target in targets for path in work.part(target)]
        shutil.rmtree(folder / ASIDE, ignore_errors=True)
    return tuple(fetched)


@dataclass(slots=True)
class _Pull:
    """One family on its way into one folder; ``lock`` grows with each part."""

    spec: ModelSpec
    folder: Path
    hub: Hub
    hear: Hearing
    lock: locks.Lock

    def refuse_unknown(self, targets: Collection[str]) -> None:
        """Say, before anything is fetched, that nobody here knows what must come."""
        paths = [(target, name) for target in targets for name in self.spec.parts[target].files]
        unknown = [f"{target}/{name}" for target, name in paths if not self.expected(target, name)]
        if unknown:
            raise BadRequestError(
                f"No hash is known of {len(unknown)} files of {self.spec.slug!r}, the first of them {unknown[0]}.",
                hint="--trust-first believes the hub once and writes its hashes into the lock, which then decides.",
            )

    def expected(self, target: str, name: str) -> str:
        """The sha256 that a file must have; empty when nobody knows. Raises BadWeightsError when two know better."""
        page = self.spec.parts[target].files[name].sha256
        part = self.lock.parts.get(target)
        pinned = part.files[name].sha256 if part and name in part.files else ""
        if page and pinned and page != pinned:
            raise BadWeightsError(
                f"The lock pins {target}/{name} as {pinned[:12]}, the family's page as {page[:12]}.",
                hint="To go by the page, move the lock away and pull again.",
                where=str(self.folder / locks.NAME),
            )
        return page or pinned

    def part(self, target: str) -> list[str]:
        """Fetch what is not here of one part, then pin all of it; gives the paths that came."""
        part, old = self.spec.parts[target], self.lock.parts.get(target)
        revision = part.revision or (old.revision if old else "")
        commit: Commit | None = None
        pins: dict[str, locks.Pin] = {}
        fetched = []
        for name in part.files:
            path, sha256 = self.folder / target / name, self.expected(target, name)
            if sha256 and path.is_file() and (here := locks.measure(path)).sha256 == sha256:
                pins[name] = here
                continue
            commit = commit or self.hub.commit(part.repo, revision or "main")
            pins[name] = self._bring(commit, commit.file(part.source(name)), path, sha256)
            fetched.append(f"{target}/{name}")
        pinned = locks.PinnedPart(repo=part.repo, revision=commit.id if commit else revision, files=pins)
        self.lock = locks.Lock(family=self.spec.slug, parts={**self.lock.parts, target: pinned})
        locks.write(self.folder, self.lock)
        return fetched

    def _bring(self, commit: Commit, told: Told, path: Path, sha256: str) -> locks.Pin:
        """Put one file in its place: linked from another family, or fetched and found to be what it must be."""
        shown = str(path.relative_to(self.folder))
        if sha256 and told.sha256 and told.sha256 != sha256:
            raise BadWeightsError(
                f"The hub's {commit.repo}/{told.source} has the sha256 {told.sha256[:12]} instead of {sha256[:12]}.",
                hint="It is another file than the one that is pinned; nothing was fetched.",
                where=shown,
            )
        wanted = sha256 or told.sha256
        aside = self.folder / ASIDE / f"{commit.id[:12]}.{shown.replace('/', '__')}"
        twin = _twin(self.folder, wanted)
        if twin is not None:
            aside.unlink(missing_ok=True)
            os.link(twin, aside)
        else:
            self.hub.fetch(commit, told, aside.with_suffix(".part"), lambda here, size: self.hear(shown, here, size))
            aside.with_suffix(".part").replace(aside)
        try:
            found = _accept(aside, shown, wanted, told.blob)
        except BadWeightsError:
            aside.unlink()
            raise
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.replace(path)
        return found


def _accept(file: Path, shown: str, sha256: str, blob: str) -> locks.Pin:
    """What a file that came is, when it is what it must be. Raises BadWeightsError."""
    found = locks.measure(file)
    if sha256 and found.sha256 != sha256:
        told = f"has the sha256 {found.sha256[:12]} instead of {sha256[:12]}"
        raise BadWeightsError(f"{shown} {told}.", hint="It was removed; pull again.", where=shown)
    if blob and _git_blob(file) != blob:
        raise BadWeightsError(f"{shown} is not what the commit holds.", hint="It was removed; pull again.", where=shown)
    weights.refuse_bad(file)
    return found


def _twin(folder: Path, sha256: str) -> Path | None:
    """A file of that hash that another family of the mirror has, as its lock says."""
    for other in sorted(folder.parent.glob(f"*/{locks.NAME}")) if sha256 else ():
        lock = locks.read(other.parent)
        for target, part in (lock.parts if lock else {}).items():
            for name, pin in part.files.items():
                twin = other.parent / target / name
                if pin.sha256 == sha256 and twin.is_file() and locks.measure(twin) == pin:
                    return twin
    return None


def _git_blob(path: Path) -> str:
    """The id under which git keeps a file: sha1 over its length and content (of small files only)."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a family's folder: two pulls at once would write into the same file."""
    (folder / ASIDE).mkdir(parents=True, exist_ok=True)
    with (folder / f".{locks.NAME}.held").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadRequestError(f"Somebody else is pulling into {folder}.", hint="Wait until that is done.") from None
        yield
