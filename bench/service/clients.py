"""The clients: HTTP/1.1 over one kept connection each, by hand, since they share the cores with what they measure."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

from imagegen.errors import ImagegenError


class AnswerError(ImagegenError):
    """An answer that the benchmark did not ask for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (lower case) and body of one answer, and the seconds until it was whole."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        """The body. Raises AnswerError when it is no success."""
        if not 200 <= self.status < 300:
            raise AnswerError(f"{self.status}: {self.body[:300].decode(errors='replace')}")
        return json.loads(self.body)


class Client:
    """One connection to one API process, with a key."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request and read the whole answer."""
        began = time.perf_counter()
        await self._send(method, path, body, headers)
        status, told = await self._head()
        content = await self._reader.readexactly(int(told.get("content-length", "0")))
        return Answer(status, told, content, time.perf_counter() - began)

    async def listen(self, path: str, after: int) -> AsyncIterator[bytes]:
        """The lines of server-sent events as they come; the first is empty and says that the stream is open."""
        await self._send("GET", path, None, {"Last-Event-ID": str(after)})
        status, _ = await self._head()
        if status != 200:
            raise AnswerError(f"No stream but {status}.")
        yield b""
        while line := await self._reader.readline():
            yield line

    async def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> None:
        content = json.dumps(body).encode() if body is not None else b""
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {self._key}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        lines += ["Content-Type: application/json"] * bool(content) + [f"Content-Length: {len(content)}", "", ""]
        self._writer.write("\r\n".join(lines).encode() + content)
        await self._writer.drain()

    async def _head(self) -> tuple[int, dict[str, str]]:
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        told = dict(line.lower().split(": ", 1) for line in lines if line)
        return int(first.split()[1]), told


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(seconds: list[float]) -> dict[str, float]:
    """p50 and p99 in ms."""
    return {"p50_ms": 1000 * percentile(seconds, 0.5), "p99_ms": 1000 * percentile(seconds, 0.99)}
