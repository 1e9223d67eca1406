"""How log lines leave: one form for all that logs in this process, our own modules and the libraries below.

Modules log with the standard library. Facts that hold for a while (a request's id, a scene's) are bound around the work
and stand in every line of it, whoever wrote the line; facts of one line go into ``extra``. structlog only keeps the
bound facts and writes the lines: as JSON in production, for eyes elsewhere.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from typing import IO, Any

import structlog
from celery.signals import setup_logging
from structlog.contextvars import bind_contextvars, bound_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from workers.settings import Settings

__all__ = ["bind_contextvars", "bound_contextvars", "configure"]

LONGEST = 300
"""Characters of a fact; a prompt is never told in full."""
LONGEST_EVENT = 2000
HIDDEN = "[hidden]"
SECRET_NAME = re.compile(r"(?i)secret|token|password|passwd|authorization|cookie|api_?key|credential")
SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(://)[^/\s:@]*:[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(?i)\b(bearer|basic) +[A-Za-z0-9+/_.~=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\bwhsec_[A-Za-z0-9+/=]+"), HIDDEN),
    (re.compile(r"\b([0-9a-f]{16})_[A-Za-z0-9_-]{43}\b"), rf"\1_{HIDDEN}"),
)
"""What no line may tell: passwords of addresses, credentials of requests, secrets of webhooks and keys."""
QUIET = ("httpx", "httpcore", "alembic", "celery", "kombu", "botocore", "urllib3", "PIL")
"""Libraries whose usual news nobody needs (httpx would tell the whole address of each webhook)."""


def configure(settings: Settings, stream: IO[str] | None = None) -> None:
    """Let everything that logs here write to standard error (or ``stream``) in one form; calling it again is safe."""
    stream = stream or sys.stderr
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and settings.environment == "production")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(as_json=as_json, colours=stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    setup_logging.connect(_leave_it, weak=False)


def _leave_it(**_: Any) -> None:
    """Celery asks who sets logging up; whoever listens has done it, so it does not."""


def _formatter(*, as_json: bool, colours: bool) -> logging.Formatter:
    facts: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Plain tracebacks: prettier ones show the values of variables.
    ending: list[Processor] = [structlog.processors.format_exc_info, _shortened, _hidden]
    if as_json:
        ending.append(structlog.processors.JSONRenderer(default=str))
    else:
        ending += [_on_one_line, structlog.dev.ConsoleRenderer(colors=colours)]
    return ProcessorFormatter(foreign_pre_chain=facts, processors=[ProcessorFormatter.remove_processors_meta, *ending])


def _shortened(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    """What is long is cut; the trace of an error is not."""
    for name, value in _texts(line, but=("exception",)):
        most = LONGEST_EVENT if name == "event" else LONGEST
        if len(value) > most:
            line[name] = f"{value[:most]}... ({len(value)} characters)"
    return line


def _hidden(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    """What is named like a secret, or looks like one of ours, is not told."""
    for name in [name for name in line if SECRET_NAME.search(name)]:
        line[name] = HIDDEN
    for name, value in _texts(line):
        told = value
        for pattern, instead in SECRETS:
            told = pattern.sub(instead, told)
        line[name] = told
    return line


def _on_one_line(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    """Nobody writes lines of their own into the log, nor moves a terminal's cursor."""
    for name, value in _texts(line):
        kept = "\n" if name == "exception" else ""
        line[name] = "".join(c if c.isprintable() or c in kept else f"\\x{ord(c):02x}" for c in value)
    return line


def _texts(line: EventDict, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """The facts that are texts, or become texts when they are written."""
    plain = (bool, int, float, type(None))
    return [
        (name, value if isinstance(value, str) else str(value))
        for name, value in line.items()
        if name not in but and not isinstance(value, plain)
    ]
