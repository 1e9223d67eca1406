import subprocess
import sys

import pytest

from imagegen.engines import load
from imagegen.errors import BadRequestError
from imagegen.protocols import Settings
from imagegen.types import Mode


def test_looking_an_engine_up_needs_no_path_tracer():
    code = (
        "import sys; from imagegen.engines import load; load('render');"
        "assert not {'mitsuba', 'torch'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_mode_of_painting_is_refused_by_an_engine_that_does_not_paint():
    with pytest.raises(BadRequestError, match="no modes"):
        load("render").decided(None, Settings(64, 48, 1, mode=Mode.PAINT))
