import subprocess
import sys

HEAVY = ["mitsuba", "drjit", "torch", "scipy", "trimesh", "pymatting", "diffusers", "onnxruntime", "imagegen.pipeline"]
INSIDE = ["imagegen.renderer", "imagegen.rooms", "imagegen.composite", "workers.tasks", "workers.gpu"]


def test_the_http_side_loads_nothing_that_makes_pictures():
    code = f"import sys, api.app; print([name for name in {HEAVY + INSIDE} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
