import subprocess
import sys


def test_looking_an_engine_up_needs_no_path_tracer():
    code = (
        "import sys; from imagegen.engines import load; load('render');"
        "assert not {'mitsuba', 'torch'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
