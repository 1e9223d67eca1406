"""controlnet-aux's detectors, imported quietly and only when one is asked for."""

from __future__ import annotations

import importlib
import warnings
from functools import cache
from typing import Any

from imagegen.errors import MissingWeightsError


@cache
def detector(module: str, name: str) -> Any:
    """A detector's class by its module in controlnet-aux. Raises MissingWeightsError when it is not installed.

    The package imports all its detectors with any of them: it warns of others' deprecations, and of packages that only
    detectors need which are never asked for here.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(importlib.import_module(f"controlnet_aux.{module}"), name)  # torch is behind it
    except ImportError as error:
        raise MissingWeightsError(
            "The detectors are not installed.", hint="Install the extra imagegen[gpu] (controlnet-aux)."
        ) from error
