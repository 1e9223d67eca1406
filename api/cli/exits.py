"""Which exit code a command leaves with, and how an error is told to a person."""

from __future__ import annotations

from imagegen.errors import CancelledError, EngineError, ImagegenError, InputError
from styles.errors import StyleError
from workers.errors import BackupError, CatalogError, NotFoundError, RemotePhotoError, SettingsError

DONE = 0
NOT_ALL_WELL = 1
"""The command did its work, and something in it is not right: a check failed, some rows were bad."""
BAD_INPUT = 2
ENGINE_FAILED = 3
INTERRUPTED = 130

CODES: dict[type[ImagegenError | StyleError], int] = {
    InputError: BAD_INPUT,
    StyleError: BAD_INPUT,
    BackupError: BAD_INPUT,
    CatalogError: BAD_INPUT,
    NotFoundError: BAD_INPUT,
    RemotePhotoError: BAD_INPUT,
    SettingsError: BAD_INPUT,
    EngineError: ENGINE_FAILED,
    CancelledError: INTERRUPTED,
    ImagegenError: NOT_ALL_WELL,
}


def code_of(error: BaseException) -> int:
    """The exit code of the nearest ancestor in the table; 1 for what is not ours."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), NOT_ALL_WELL)


ADVICE_BY_PACKAGE = {
    "pydantic": ("The settings", "Settings are read from IMAGEGEN_... variables; imagegen doctor shows them."),
    "sqlalchemy": ("The database", "Check IMAGEGEN_DATABASE_URL, and that the server runs."),
    "kombu": ("The broker", "Check IMAGEGEN_BROKER_URL, and that the server runs."),
    "redis": ("The broker", "Check IMAGEGEN_BROKER_URL, and that the server runs."),
}
"""Whose trouble it is when a package below raises something of its own, and what would help."""


def explain(error: Exception) -> tuple[str, str, int]:
    """(what happened, what would help, exit code) of anything that a command may raise."""
    if isinstance(error, (ImagegenError, StyleError)):
        where = f"{error.where}: " if error.where and error.where not in error.message else ""
        return where + error.message, error.hint, code_of(error)
    if isinstance(error, ModuleNotFoundError):
        hint = "Install what makes pictures: pip install 'imagegen[render]'."
        return f"The Python package {error.name} is not installed.", hint, ENGINE_FAILED
    if isinstance(error, OSError):
        named = f"{error.filename}: " if error.filename else ""
        return f"{named}{error.strerror or error}.", "", NOT_ALL_WELL
    package = type(error).__module__.partition(".")[0]
    if package in ADVICE_BY_PACKAGE:
        whose, hint = ADVICE_BY_PACKAGE[package]
        first_line = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return f"{whose}: {first_line}", hint, NOT_ALL_WELL
    return f"Unexpected {type(error).__name__}: {error}", "imagegen --traceback ... shows where.", NOT_ALL_WELL
