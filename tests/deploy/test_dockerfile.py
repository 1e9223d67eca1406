import re
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.compose import OURS, ROOT, read

INSTRUCTIONS = {"FROM", "RUN", "COPY", "ENV", "WORKDIR", "USER", "EXPOSE", "CMD"}
TEXT = (ROOT / "Dockerfile").read_text()
MAKES_PICTURES = {
    "torch",
    "torchvision",
    "mitsuba",
    "drjit",
    "scipy",
    "trimesh",
    "pymatting",
    "diffusers",
    "onnxruntime",
}


def stages():
    """Name of each stage: its parent and its instructions."""
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", TEXT)).splitlines()
    found = {}
    for line in filter(None, map(str.strip, lines)):
        word, _, rest = line.partition(" ")
        assert word in INSTRUCTIONS, line
        if word == "FROM":
            parent, _, name = rest.partition(" AS ")
            found[name] = (parent, current := [])
        else:
            current.append((word, rest.strip()))
    return found


STAGES = stages()


def said(name, word):
    """What the stage and its ancestors say with that instruction."""
    lines = []
    while name in STAGES:
        parent, instructions = STAGES[name]
        lines = [rest for found, rest in instructions if found == word] + lines
        name = parent
    return lines


def closure(names):
    """Everything that these packages bring along, as far as it is installed here."""
    found, waiting = set(), [(name, frozenset()) for name in names]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in found:
            continue
        found.add((name, extras))
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        waiting += [
            (canonicalize_name(wanted.name), frozenset(wanted.extras))
            for wanted in map(Requirement, requires)
            if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in (*extras, ""))
        ]
    return {name for name, _ in found}


def extra(name):
    """What that extra of ours asks for."""
    wanted = map(Requirement, distribution("imagegen").requires or [])
    return [canonicalize_name(r.name) for r in wanted if r.marker and r.marker.evaluate({"extra": name})]


@pytest.mark.parametrize("service", OURS)
def test_every_service_of_ours_is_built_from_a_stage_that_exists(service):
    assert read()["services"][service]["build"]["target"] in STAGES


def test_stages_stand_on_stages_that_come_before_them():
    seen = set()
    for name, (parent, instructions) in STAGES.items():
        sources = [match[1] for _, rest in instructions if (match := re.search(r"--from=(\S+)", rest))]
        assert {parent, *sources} - seen <= {"python:3.12-slim-trixie"}
        seen.add(name)


@pytest.mark.parametrize("stage", ["api", "worker-cpu", "worker-gpu"])
def test_final_stages_do_not_run_as_root_and_start_imagegen(stage):
    assert said(stage, "USER")[-1] == "imagegen"
    assert said(stage, "CMD")[-1].startswith('["imagegen"')


def test_each_image_installs_what_it_is_for_under_the_constraints():
    extras = {name: " ".join(said(f"install-{name}", "RUN")) for name in ("api", "worker-cpu", "worker-gpu")}
    assert all("--constraint constraints.txt" in run for run in extras.values())
    assert "[oidc,traces]" in extras["api"]
    assert "[render,matting,traces]" in extras["worker-cpu"]
    assert "[render,matting,gpu,traces]" in extras["worker-gpu"]


def test_what_the_api_image_installs_brings_neither_torch_nor_mitsuba():
    names = closure(["imagegen", *extra("oidc"), *extra("traces")])
    assert {"fastapi", "celery", "sqlalchemy"} <= names
    assert names & MAKES_PICTURES == set()


def test_what_the_worker_installs_brings_the_path_tracer():
    assert "mitsuba" in extra("render")


def test_everything_that_is_copied_into_the_build_is_let_through():
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for _, rest in STAGES["source"][1] for word in rest.split()[:-1] if (ROOT / word).exists()}
    assert copied <= let_through
    assert {"api", "workers", "imagegen", "styles", "pyproject.toml", "constraints.txt"} <= copied
