"""The manifests by Kubernetes' own schemas, which a package brings, and by what we ask of them."""

import re

import jsonschema
import kubernetes_validate
import psycopg
import pytest
import yaml

from imagegen.engines import PAINTING
from tests.deploy.compose import ROOT
from tests.deploy.manifests import HOME, check, documents, named, of_kind, pods, templates
from tests.workers.making import a_product, a_stored_photo
from workers.records import products, scenes
from workers.records.session import Database
from workers.scene_model import SceneRequest
from workers.settings import Settings, load_settings

ALL = [pytest.param(doc, id=f"{file}-{doc['kind']}-{number}") for number, (file, doc) in enumerate(documents())]
PODS = sorted(pods())


@pytest.mark.parametrize("doc", ALL)
def test_every_manifest_keeps_the_rules_of_its_kind(doc):
    check(doc)


def changed(doc, *path, to):
    """A copy in which one thing is otherwise."""
    copy = yaml.safe_load(yaml.safe_dump(doc))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return copy


def test_the_rules_refuse_what_a_cluster_would_refuse():
    api = named("Deployment", "api")
    wrong = [
        changed(api, "spec", "replicas", to="two"),
        changed(api, "spec", "template", "spec", "containers", 0, "imagee", to="x"),
        changed(api, "spec", "template", to="none"),
        changed(named("NetworkPolicy", "nothing"), "spec", "podSelector", to="all"),
        changed(of_kind("ScaledObject")[0], "spec", "triggers", 0, "metadata", "targetQueryValue", to=6),
        changed(of_kind("Kustomization")[0], "resource", to=[]),
    ]
    for doc in wrong:
        with pytest.raises((jsonschema.ValidationError, kubernetes_validate.ValidationError)):
            check(doc)


def test_every_file_is_part_of_a_kustomization_but_the_example_of_a_secret():
    folders = [path.parent for path in HOME.glob("*/kustomization.yaml")]
    assert {path.name for path in HOME.iterdir()} == {folder.name for folder in folders}
    for here in folders:
        told = yaml.safe_load((here / "kustomization.yaml").read_text())
        listed = [*told["resources"], *told.get("components", [])]
        assert all((here / name).exists() for name in listed)
        files = {path.name for path in here.glob("*.yaml")} - {"kustomization.yaml", "secret.example.yaml"}
        assert files == {name for name in listed if not name.startswith("..")}


def steps(patch):
    return yaml.safe_load(patch["patch"])


def test_every_patch_has_its_target():
    for doc in of_kind("Kustomization"):
        for patch in doc.get("patches", []):
            target = named(patch["target"]["kind"], patch["target"]["name"])
            for step in steps(patch):
                *way, last = step["path"].strip("/").split("/")
                inner = target
                for part in way:
                    inner = inner[int(part) if isinstance(inner, list) else part]
                there = last in (map(str, range(len(inner))) if isinstance(inner, list) else inner)
                assert there == (step["op"] != "add")


@pytest.mark.parametrize("name", PODS)
def test_pods_are_locked_down(name):
    pod = pods()[name]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    for container in pod["containers"]:
        inner = container["securityContext"]
        assert inner["readOnlyRootFilesystem"]
        assert inner["allowPrivilegeEscalation"] is False
        assert inner["capabilities"] == {"drop": ["ALL"]}
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys()
        assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("name", PODS)
def test_what_a_pod_mounts_it_has_and_what_it_may_write_is_mounted(name):
    pod = pods()[name]
    volumes = {volume["name"] for volume in pod["volumes"]}
    mounts = [mount for container in pod["containers"] for mount in container["volumeMounts"]]
    assert {mount["name"] for mount in mounts} == volumes
    assert {"/tmp", "/var/lib/imagegen"} <= {mount["mountPath"] for mount in mounts}


@pytest.mark.parametrize("name", PODS)
def test_pods_run_commands_and_images_that_there_are(name):
    import typer.main

    import api.cli

    [container] = pods()[name]["containers"]
    group = typer.main.get_command(api.cli.app)
    program, command, *words = container["command"]
    assert program == "imagegen"
    group.commands[command].make_context(command, words)
    stages = (ROOT / "Dockerfile").read_text()
    assert f" AS {container['image'].removeprefix('imagegen-')}\n" in stages


def test_selectors_select_their_own_pods_and_nothing_selects_nobody():
    labels = [template["metadata"]["labels"] for template in templates().values()]
    for doc in of_kind("Deployment"):
        assert doc["spec"]["selector"]["matchLabels"] == doc["spec"]["template"]["metadata"]["labels"]
    for doc in [*of_kind("Service"), *of_kind("PodDisruptionBudget"), *of_kind("NetworkPolicy")]:
        spec = doc["spec"]
        selector = spec.get("podSelector", spec.get("selector"))
        wanted = selector.get("matchLabels", selector if doc["kind"] == "Service" else {})
        assert any(wanted.items() <= each.items() for each in labels), doc["metadata"]
        for rule in selector.get("matchExpressions", []):
            assert set(rule["values"]) <= {each[rule["key"]] for each in labels}


def test_the_gpu_worker_gets_one_gpu_and_keeps_long_enough_to_hand_back():
    pod = pods()["worker-gpu"]
    resources = pod["containers"][0]["resources"]
    assert resources["limits"]["nvidia.com/gpu"] == resources["requests"]["nvidia.com/gpu"] == 1
    assert pod["terminationGracePeriodSeconds"] >= 120
    assert pods()["worker-cpu"]["terminationGracePeriodSeconds"] >= 120


def test_the_api_is_asked_whether_it_lives_and_not_whether_workers_do():
    [container] = pods()["api"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"] == {"path": "/healthz", "port": "http"}


def test_every_variable_is_a_setting_and_together_they_are_safe_in_production(monkeypatch):
    secret = named("Secret", "imagegen")["stringData"]
    plain = named("ConfigMap", "imagegen")["data"]
    ours = {**plain, **{name: value for name, value in secret.items() if not name.startswith("KEDA_")}}
    extra = {entry["name"] for pod in pods().values() for entry in pod["containers"][0].get("env", [])}
    patches = [step for doc in of_kind("Kustomization") for patch in doc.get("patches", []) for step in steps(patch)]
    extra |= {entry["name"] for step in patches if step["path"].endswith("/env") for entry in step["value"]}
    names = {*ours, *(name for name in extra if name.startswith("IMAGEGEN_"))} - {"FORWARDED_ALLOW_IPS"}  # uvicorn's
    assert [name for name in names if name.removeprefix("IMAGEGEN_").lower() not in Settings.model_fields] == []
    filled = {"IMAGEGEN_SECRET": "s" * 40, "IMAGEGEN_API_TOKENS": "t" * 40, "IMAGEGEN_METRICS_TOKEN": "m" * 40}
    for name, value in {**ours, **filled}.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.environment == "production"
    assert settings.blobs_url.startswith("s3://")


def test_no_secret_is_written_down():
    for name, value in named("Secret", "imagegen")["stringData"].items():
        assert value == "" or ":PASSWORD@" in value, name


def test_what_scales_the_gpu_workers_counts_what_waits_and_what_is_made(postgres_url):
    scaled = of_kind("ScaledObject")[0]["spec"]
    assert scaled["scaleTargetRef"]["name"] in pods()
    assert scaled["triggers"][0]["authenticationRef"]["name"] == of_kind("TriggerAuthentication")[0]["metadata"]["name"]
    key = of_kind("TriggerAuthentication")[0]["spec"]["secretTargetRef"][0]["key"]
    assert key in named("Secret", "imagegen")["stringData"]
    database = Database(postgres_url)
    with database.transaction() as session:
        products.upsert(session, a_product(), [a_stored_photo()])
        scenes.ask(session, SceneRequest(sku="SOFA-1", style="calm"), by="t", engine="render")
        wish = SceneRequest(sku="SOFA-1", style="calm")
        ids = [scenes.ask(session, wish, by="t", engine=name)[0].id for name in PAINTING for _ in range(4)]
        scenes.claim(session, ids[0], "worker")
        scenes.cancel(session, ids[1], "t")
    database.close()
    query = scaled["triggers"][0]["metadata"]["query"]
    assert set(re.findall(r"'(\w+)'", query.partition("engine")[2])) == set(PAINTING)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute(query).fetchone() == (3,)
