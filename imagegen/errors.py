"""Everything that can go wrong while a scene is made.

    ImagegenError
    |-- InputError                    the caller can mend it
    |   |-- BadImageError             not an image we accept, or broken, or too large
    |   |-- NotAPackshotError         a photo that cannot be cut out honestly
    |   |-- BadProductError           facts that contradict themselves (negative centimetres, odd sku, ...)
    |   |-- BadRequestError           a request that makes no sense (size, seed, text too long, ...)
    |   |-- UnknownNameError          no such style, room, engine, cutter, quality
    |   `-- DoesNotFitError           the product fits nowhere in the room
    |-- EngineError                   the picture could not be made
    |   |-- RendererUnavailableError  Mitsuba or its LLVM is missing
    |   |-- PainterUnavailableError   torch or diffusers is missing
    |   |-- MissingWeightsError       a model's files are not on this machine
    |   |-- BadWeightsError           a model's files are there, and are not what they must be
    |   `-- OutOfMemoryError          (retryable)
    `-- CancelledError                somebody asked to stop

``retryable`` is a fact of the error: the same job may succeed later without being changed. Each leaf has an
HTTP status in ``api.errors`` and an exit code in ``api.cli`` (tested).
"""

from __future__ import annotations

from typing import ClassVar


class ImagegenError(Exception):
    """Root of the tree. ``hint`` says what would help; ``where`` names the field or file at fault."""

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InputError(ImagegenError):
    """The caller can mend it."""


class BadImageError(InputError):
    """Not an image that we accept, or broken, or too large."""


class NotAPackshotError(InputError):
    """A photo that cannot be cut out honestly; says what was seen and what would help."""


class BadProductError(InputError):
    """Facts about a product that contradict themselves."""


class BadRequestError(InputError):
    """A request that makes no sense."""


class UnknownNameError(InputError):
    """No such style, room, engine, cutter or quality; the hint lists those that exist."""


class DoesNotFitError(InputError):
    """The product fits nowhere in the room."""


class EngineError(ImagegenError):
    """The picture could not be made."""


class RendererUnavailableError(EngineError):
    """The path tracer, the denoiser or the LLVM they need is missing on this machine."""


class PainterUnavailableError(EngineError):
    """What a model needs to run (torch, diffusers, transformers) is missing on this machine."""


class MissingWeightsError(EngineError):
    """A model's files are not on this machine."""


class BadWeightsError(EngineError):
    """A model's files are there, and are not what they must be: another hash, another format, not whole."""


class OutOfMemoryError(EngineError):
    """The machine ran out of memory; a smaller plan or a quieter moment may succeed."""

    retryable: ClassVar[bool] = True


class CancelledError(ImagegenError):
    """Somebody asked for the job to stop; it stopped between two stages."""
