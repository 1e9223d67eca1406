"""What the manifests promise beside their form: who reaches whom, the way in, backups, names that agree."""

import asyncio
import re
import shutil
import subprocess

import pytest
import yaml
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.app import FORM_BYTES
from api.cli.services import LEAVE_S
from tests.deploy.compose import OURS, ROOT, read
from tests.deploy.manifests import HOME, SCHEMAS, check, named, of_kind, pods, templates, variables
from workers.settings import Settings

GOES = {
    "api": {"database", "broker", "store", "world"},
    "reconciler": {"database", "broker", "store", "world"},
    "worker-cpu": {"database", "broker", "store"},
    "worker-gpu": {"database", "broker", "store"},
    "backup": {"database", "store"},
    "migrate": {"database"},
}
"""Where each pod's work takes it: workers tell no webhooks here, so they have no way to strangers."""


def selected(selector, labels):
    """Whether a selector of labels takes these."""
    equal = selector.get("matchLabels", {}).items() <= labels.items()
    return equal and all(labels[rule["key"]] in rule["values"] for rule in selector.get("matchExpressions", []))


@pytest.mark.parametrize("name", sorted(templates()))
def test_each_pod_reaches_what_its_work_needs_and_nothing_else(name):
    labels = templates()[name]["metadata"]["labels"]
    ways = [doc for doc in of_kind("NetworkPolicy") if doc["spec"].get("egress")]
    found = {
        doc["metadata"]["name"].removeprefix("to-the-") for doc in ways if selected(doc["spec"]["podSelector"], labels)
    }
    assert found == GOES[name]


def test_nothing_is_reachable_unless_it_is_said():
    nothing = named("NetworkPolicy", "nothing")["spec"]
    assert nothing == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    ingress = [doc["metadata"]["name"] for doc in of_kind("NetworkPolicy") if "ingress" in doc["spec"]]
    assert ingress == ["to-the-api"]
    for name in ("to-the-world", "to-the-store"):
        [rule] = named("NetworkPolicy", name)["spec"]["egress"]
        private = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"}
        assert private <= set(rule["to"][0]["ipBlock"]["except"])


def test_ports_are_those_of_the_code_and_of_the_addresses():
    [container] = pods()["api"]["containers"]
    [port] = container["ports"]
    assert container["command"][-2:] == ["--port", str(port["containerPort"])]
    assert f"EXPOSE {port['containerPort']}\n" in (ROOT / "Dockerfile").read_text()
    [rule] = named("NetworkPolicy", "to-the-api")["spec"]["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": port["containerPort"]}]
    [service] = named("Service", "api")["spec"]["ports"]
    assert service["targetPort"] == port["name"]
    secret = named("Secret", "imagegen")["stringData"]
    for name, policy in (("IMAGEGEN_DATABASE_URL", "to-the-database"), ("IMAGEGEN_BROKER_URL", "to-the-broker")):
        number = int(re.search(r":(\d+)/", secret[name])[1])
        rules = named("NetworkPolicy", policy)["spec"]["egress"]
        assert rules[-1]["ports"] == [{"protocol": "TCP", "port": number}]


def test_somebody_sweeps_where_workers_do_not():
    sweeping = [name for name, pod in pods().items() if pod["containers"][0]["command"] == ["imagegen", "sweep"]]
    for name, pod in pods().items():
        if pod["containers"][0]["command"] == ["imagegen", "worker"]:
            assert variables(name)["IMAGEGEN_WORKER_SWEEPS"] == "false"
    assert sweeping == ["reconciler"]
    assert named("Deployment", "reconciler")["spec"]["replicas"] >= 2


def test_secrets_and_settings_are_taken_from_where_they_are():
    for name in pods():
        told = variables(name)
        assert told["IMAGEGEN_DATABASE_URL"].startswith("postgresql+psycopg://")
        assert told["IMAGEGEN_SECRET"] == ""
    secret = {name for name in named("Secret", "imagegen")["stringData"] if name.startswith("IMAGEGEN_")}
    kept = {name for name in secret if re.search("SECRET|TOKEN|KEY", name)}
    fields = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert {name.removeprefix("IMAGEGEN_").lower() for name in kept} <= fields
    assert not {f"IMAGEGEN_{name.upper()}" for name in fields} & named("ConfigMap", "imagegen")["data"].keys()


def test_both_ways_to_run_it_have_the_same_parts_images_and_commands():
    services, stated = read()["services"], pods()
    for name in OURS:
        [container] = stated[name]["containers"]
        assert services[name]["image"] == container["image"]
        assert services[name]["command"] == container["command"]
    for name in ("api", "worker-cpu"):
        fixed = {"IMAGEGEN_ENVIRONMENT", "IMAGEGEN_DATA_DIR"}
        assert all(services[name]["environment"][key] == variables(name)[key] for key in fixed)


def test_every_image_gets_its_registry_and_version_where_its_pod_is_added():
    for file in HOME.glob("*/kustomization.yaml"):
        told = yaml.safe_load(file.read_text())
        docs = [
            doc
            for name in told["resources"]
            if not name.startswith("..")
            for doc in yaml.safe_load_all((file.parent / name).read_text())
        ]
        used = {name for doc in docs for name in re.findall(r"'image': '([^']+)'", str(doc))}
        assert used == {image["name"] for image in told.get("images", [])} or file.parent.name == "example"


def test_what_can_be_drained_keeps_one_and_what_stops_has_its_time():
    watched = {
        doc["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"] for doc in of_kind("PodDisruptionBudget")
    }
    assert watched == {doc["metadata"]["name"] for doc in of_kind("Deployment")}
    for name, service in read()["services"].items():
        if name in OURS:
            [number, unit] = re.fullmatch(r"(\d+)([sm])", service["stop_grace_period"]).groups()
            assert pods()[name]["terminationGracePeriodSeconds"] == int(number) * {"s": 1, "m": 60}[unit]


def test_an_api_that_is_stopped_ends_within_its_patience():
    pod = pods()["api"]
    waits = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert waits + LEAVE_S < pod["terminationGracePeriodSeconds"]


def test_the_ingress_leads_to_the_api_with_tls_and_lets_uploads_and_streams_through():
    [doc] = of_kind("Ingress")
    spec, notes = doc["spec"], doc["metadata"]["annotations"]
    [rule] = spec["rules"]
    [path] = rule["http"]["paths"]
    assert path["backend"] == {"service": {"name": "api", "port": {"name": "http"}}}
    assert named("Service", "api")["spec"]["ports"][0]["name"] == "http"
    assert [rule["host"]] == spec["tls"][0]["hosts"]
    asked = {name.rpartition("/")[2]: value for name, value in notes.items()}
    size = int(asked["proxy-body-size"].removesuffix("m")) * 2**20
    largest = Settings.model_fields["max_upload_bytes"].default + FORM_BYTES
    assert largest <= size < 1.1 * largest
    assert asked["proxy-buffering"] == asked["proxy-request-buffering"] == "off"
    assert int(asked["proxy-read-timeout"]) > 15  # seconds between two signs of life of a stream


def seen_by(trusted, proxy, forwarded):
    """(who calls, by which scheme) for the service behind a proxy at that address."""
    seen = []

    async def service(scope, receive, send):
        seen.append((scope["client"][0], scope["scheme"]))

    headers = [(b"x-forwarded-for", forwarded), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": (proxy, 1), "scheme": "http", "headers": headers}
    asyncio.run(ProxyHeadersMiddleware(service, trusted)(scope, None, None))
    return seen[0]


def test_the_ingress_is_believed_who_calls_and_a_stranger_is_not():
    trusted = variables("api")["FORWARDED_ALLOW_IPS"]
    assert seen_by(trusted, "10.42.3.7", b"203.0.113.9") == ("203.0.113.9", "https")
    assert seen_by(trusted, "10.42.3.7", b"198.51.100.1, 203.0.113.9") == ("203.0.113.9", "https")  # who lies of others
    assert seen_by(trusted, "203.0.113.9", b"198.51.100.1") == ("203.0.113.9", "http")


def test_the_nightly_backup_writes_to_its_volume_and_keeps_several():
    [doc] = of_kind("CronJob")
    assert re.fullmatch(r"\d+ \d+ \* \* \*", doc["spec"]["schedule"])
    assert doc["spec"]["concurrencyPolicy"] == "Forbid"
    pod = pods()["backup"]
    [container] = pod["containers"]
    command = container["command"]
    place = next(mount for mount in container["volumeMounts"] if mount["name"] == "backups")
    # A folder of its own on it: a volume's root may hold lost+found.
    assert command[command.index("--to") + 1].startswith(f"{place['mountPath']}/")
    assert int(command[command.index("--keep") + 1]) >= 7
    claim = next(volume for volume in pod["volumes"] if volume["name"] == "backups")["persistentVolumeClaim"]
    assert named("PersistentVolumeClaim", claim["claimName"])


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is what puts the parts together")
@pytest.mark.parametrize("folder", ["base", "gpu", "keda", "example"])
def test_kustomize_puts_the_parts_together(folder):
    built = subprocess.run(["kubectl", "kustomize", HOME / folder], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    docs = list(yaml.safe_load_all(built.stdout))
    for doc in docs:
        check(doc)
        assert doc["metadata"].get("namespace", "imagegen") == "imagegen"
        assert doc["kind"] == "Namespace" or "namespace" in doc["metadata"]
    images = re.findall(r"image: (\S+)", built.stdout)
    assert images
    assert all(re.fullmatch(r"registry\.\S+/imagegen-[a-z-]+:\d+\.\d+\.\d+", image) for image in images)
    names = {(doc["kind"], doc["metadata"]["name"]) for doc in docs}
    assert len(names) == len(docs)
    if folder == "example":
        own = {(doc["kind"], doc["metadata"]["name"]) for doc in of_kind(*{kind for kind, _ in names})}
        assert names == own - {("Secret", "imagegen")}
    assert SCHEMAS.keys().isdisjoint(kind for kind, _ in names) or folder in {"keda", "example"}
