import errno
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from api.cli import exits
from imagegen.errors import (
    CancelledError,
    DoesNotFitError,
    ImagegenError,
    NotAPackshotError,
    OutOfMemoryError,
    RendererUnavailableError,
)
from styles.errors import StyleError, UnknownStyleError
from workers.errors import CatalogError, NotFoundError, SettingsError, StorageError


def leaves(root: type[Exception]) -> Iterator[type[Exception]]:
    below = root.__subclasses__()
    if not below:
        yield root
    for kind in below:
        yield from leaves(kind)


@pytest.mark.parametrize("kind", [*leaves(ImagegenError), *leaves(StyleError)], ids=lambda kind: kind.__name__)
def test_every_error_of_ours_is_told_in_two_lines_with_a_code(kind):
    message, hint, code = exits.explain(kind("It went wrong.", hint="Do it better."))
    assert (message, hint) == ("It went wrong.", "Do it better.")
    assert code in {1, 2, 3, 130}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (NotAPackshotError, 2),
        (DoesNotFitError, 2),
        (UnknownStyleError, 2),
        (CatalogError, 2),
        (NotFoundError, 2),
        (SettingsError, 2),
        (RendererUnavailableError, 3),
        (OutOfMemoryError, 3),
        (CancelledError, 130),
        (StorageError, 1),
    ],
)
def test_codes_tell_input_from_machine_from_interruption(kind, code):
    assert exits.code_of(kind("")) == code


def test_the_field_at_fault_is_named_once():
    assert exits.explain(NotFoundError("There is none.", where="sku"))[0] == "sku: There is none."
    assert exits.explain(NotFoundError("There is no sku.", where="sku"))[0] == "There is no sku."


def test_a_full_disk_is_told_by_its_file():
    message, _, code = exits.explain(OSError(errno.ENOSPC, "No space left on device", "/data/scene.png"))
    assert message == "/data/scene.png: No space left on device."
    assert code == 1


def test_a_missing_package_says_what_to_install():
    message, hint, code = exits.explain(ModuleNotFoundError("No module named 'mitsuba'", name="mitsuba"))
    assert "mitsuba" in message
    assert "imagegen[render]" in hint
    assert code == 3


def test_a_database_that_is_away_points_at_its_setting():
    away = OperationalError("SELECT 1", {}, RuntimeError("connection refused\nwith much more"))
    message, hint, _ = exits.explain(away)
    assert message == "The database: connection refused"
    assert "IMAGEGEN_DATABASE_URL" in hint


def test_what_nobody_expected_names_its_kind_and_the_way_to_more():
    message, hint, code = exits.explain(ZeroDivisionError("division by zero"))
    assert "ZeroDivisionError" in message
    assert "--traceback" in hint
    assert code == 1
