import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("api", "workers", "imagegen", "styles")
HEAVY = (
    "mitsuba",
    "drjit",
    "torch",
    "torchvision",
    "diffusers",
    "scipy",
    "pymatting",
    "trimesh",
    "numba",
    "onnxruntime",
)
WEB_AND_RECORDS = ("fastapi", "starlette", "celery", "kombu", "sqlalchemy", "alembic", "redis", "typer")


def loaded_by(statement: str, names: tuple[str, ...]) -> list[str]:
    """Which of ``names`` a fresh interpreter has loaded after ``statement``."""
    probe = f"{statement}\nimport sys\nprint(*(name for name in {names!r} if name in sys.modules))"
    told = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def test_import_contracts_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.mark.parametrize("door", ["api.app", "api.cli", "workers.app", "workers.queue", "workers.records.scenes"])
def test_front_doors_and_records_load_nothing_that_makes_pictures(door):
    assert loaded_by(f"import {door}", HEAVY) == []


def test_an_app_that_serves_has_loaded_nothing_that_makes_pictures(tmp_path):
    statement = (
        "from workers.settings import load_settings\nfrom api.app import create_app\n"
        f"create_app(load_settings(data_dir={str(tmp_path)!r}))"
    )
    assert loaded_by(statement, HEAVY) == []


@pytest.mark.parametrize("stage", ["imagegen.types", "imagegen.images", "imagegen.recipe", "imagegen.errors"])
def test_values_need_only_numpy_and_pillow(stage):
    assert loaded_by(f"import {stage}", (*HEAVY, *WEB_AND_RECORDS)) == []


def test_making_scenes_knows_no_web_and_no_records():
    assert loaded_by("import imagegen.pipeline", WEB_AND_RECORDS) == []


def test_the_pipeline_loads_neither_the_path_tracer_nor_torch_before_they_are_used():
    assert loaded_by("import imagegen.pipeline", ("mitsuba", "drjit", "torch", "diffusers", "onnxruntime")) == []


@pytest.mark.parametrize("package", SOURCES)
def test_no_module_is_called_after_nothing_in_particular(package):
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    assert [path for path in (ROOT / package).rglob("*.py") if path.stem in vague] == []
