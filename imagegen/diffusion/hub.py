"""A model hub over HTTP: what a commit holds, and a file of it from some byte on.

Little is asked of it: ``/api/models/<repo>/revision/<commit>?blobs=true`` and ``/<repo>/resolve/<commit>/<path>`` with
Range, as Hugging Face's answers them; so may a company's own mirror.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx

from imagegen.errors import BadWeightsError, MissingWeightsError

TRIES = 5
"""How often a file's transfer is taken up again after the line broke."""
WAIT_S = 30.0
COMMIT = 40
"""Letters of a commit's full id."""

Hearing = Callable[[int, int], None]
"""Called with the bytes of a file that are here, and all that it has (0 while unknown)."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a hub says of a file: its path, size in bytes, and its sha256 or else the id of its git blob."""

    source: str
    bytes: int
    sha256: str
    blob: str


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit of a repository holds; ``id`` is the full one."""

    repo: str
    id: str
    files: Mapping[str, Told]

    def file(self, source: str) -> Told:
        """What is told of a file. Raises MissingWeightsError."""
        if source not in self.files:
            raise MissingWeightsError(
                f"The hub has no {source} in {self.repo} at {self.id[:12]}.",
                hint="Upstream may have deleted it: take it from somebody's mirror of the same commit.",
            )
        return self.files[source]


class LineBrokeError(Exception):
    """A transfer ended early; what came is kept."""


class Hub:
    """Where models come from. ``pause_s``: seconds before a transfer is taken up again, doubled each time."""

    def __init__(self, url: str = "https://huggingface.co", pause_s: float = 1.0) -> None:
        self.url = url.rstrip("/")
        self.pause_s = pause_s
        self._client = httpx.Client(
            follow_redirects=True, timeout=httpx.Timeout(WAIT_S), headers={"User-Agent": "imagegen"}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def commit(self, repo: str, revision: str) -> Commit:
        """What a commit (or a branch's newest) holds. Raises MissingWeightsError, and BadWeightsError for another."""
        url = f"{self.url}/api/models/{repo}/revision/{quote(revision, safe='')}"
        hint = "Check the network, or IMAGEGEN_MODELS_URL; a mirror that was copied here needs none."
        try:
            answer = self._client.get(url, params={"blobs": "true"})
        except httpx.HTTPError as error:
            raise MissingWeightsError(f"{self.url} cannot be reached: {error}", hint=hint) from error
        if answer.status_code != httpx.codes.OK:
            raise MissingWeightsError(f"{self.url} answers {answer.status_code} to {repo} at {revision}.", hint=hint)
        try:
            told = answer.json()
            found = Commit(repo, str(told["sha"]), {f["rfilename"]: _told(f) for f in told["siblings"]})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise MissingWeightsError(f"{url} does not answer as a hub does.", hint=hint) from error
        if len(revision) == COMMIT and found.id != revision:
            raise BadWeightsError(f"Asked for the commit {revision[:12]} of {repo}, the hub tells of {found.id[:12]}.")
        return found

    def fetch(self, commit: Commit, file: Told, into: Path, hear: Hearing) -> None:
        """Gather a file in ``into``, going on where an earlier try ended.

        Raises MissingWeightsError when it does not come, BadWeightsError when more comes than was promised.
        """
        for attempt in range(TRIES):
            try:
                return self._go_on(commit, file, into, hear)
            except LineBrokeError as broken:
                if attempt + 1 == TRIES:
                    kept = into.stat().st_size if into.exists() else 0
                    raise MissingWeightsError(
                        f"{file.source} of {commit.repo} did not come: {broken}.",
                        hint=f"The {kept} bytes that did are kept: pull again.",
                    ) from broken
                time.sleep(self.pause_s * 2**attempt)
        return None

    def _go_on(self, commit: Commit, file: Told, into: Path, hear: Hearing) -> None:
        here = into.stat().st_size if into.exists() else 0
        if here and here == file.bytes:
            return
        url = f"{self.url}/{commit.repo}/resolve/{commit.id}/{quote(file.source)}"
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={here}-"} if here else {})
        try:
            with self._client.stream("GET", url, headers=headers) as response:
                code = response.status_code
                if code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
                    into.unlink(missing_ok=True)
                    raise LineBrokeError("the hub knows no such range; it is begun again")
                if code >= httpx.codes.INTERNAL_SERVER_ERROR or code == httpx.codes.TOO_MANY_REQUESTS:
                    raise LineBrokeError(f"the hub answers {code}")
                if code not in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
                    raise MissingWeightsError(f"The hub answers {code} to {url}.", hint="Is the model open to all?")
                _gather(response, file, into, here if code == httpx.codes.PARTIAL_CONTENT else 0, hear)
        except httpx.TransportError as error:
            raise LineBrokeError(str(error) or type(error).__name__) from error


def _told(file: Mapping[str, Any]) -> Told:
    large = file.get("lfs") or {}
    sha256 = str(large.get("sha256") or "")
    return Told(
        str(file["rfilename"]), int(file.get("size") or 0), sha256, "" if sha256 else str(file.get("blobId") or "")
    )


def _gather(response: httpx.Response, told: Told, into: Path, here: int, hear: Hearing) -> None:
    """Write what comes after the ``here`` bytes that there are, and no more than was promised."""
    with into.open("ab" if here else "wb") as file:
        for chunk in response.iter_raw():
            here += len(chunk)
            if told.bytes and here > told.bytes:
                break
            file.write(chunk)
            hear(here, told.bytes)
        file.flush()
        os.fsync(file.fileno())
    if told.bytes and here > told.bytes:
        into.unlink()
        raise BadWeightsError(
            f"{told.source} is longer than the {told.bytes} bytes that the hub promised.", hint="It was removed."
        )
    if here < told.bytes:
        raise LineBrokeError(f"{here} of {told.bytes} bytes came")
