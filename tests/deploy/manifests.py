"""The manifests under deploy/kubernetes as values, and the schemas that they are held against."""

from functools import cache

import jsonschema
import kubernetes_validate
import yaml

from tests.deploy.compose import ROOT

HOME = ROOT / "deploy/kubernetes"
VERSION = "1.37"


def closed(required, **properties):
    return {
        "type": "object",
        "required": required,
        "properties": properties,
        "additionalProperties": False,
    }


NAME = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"}
WORDS = {"type": "string", "minLength": 1}
NAMED = closed(["name"], name=NAME)
METADATA = closed(["name"], name=NAME, namespace=NAME)
NUMBER = {"type": "string", "pattern": "^[0-9]+$"}
COUNT = {"type": "integer", "minimum": 0}
PATCHES = {
    "type": "array",
    "items": closed(["target", "patch"], target=closed(["kind", "name"], kind=WORDS, name=NAME), patch=WORDS),
}
IMAGES = {"type": "array", "items": closed(["name", "newTag"], name=WORDS, newName=WORDS, newTag=WORDS)}
FOLDERS = {"type": "array", "items": WORDS, "minItems": 1}
SCHEMAS = {
    "Kustomization": closed(
        ["apiVersion", "kind", "resources"],
        apiVersion={"const": "kustomize.config.k8s.io/v1beta1"},
        kind={"const": "Kustomization"},
        namespace=NAME,
        resources=FOLDERS,
        components=FOLDERS,
        images=IMAGES,
        patches=PATCHES,
    ),
    "Component": closed(
        ["apiVersion", "kind", "resources"],
        apiVersion={"const": "kustomize.config.k8s.io/v1alpha1"},
        kind={"const": "Component"},
        resources=FOLDERS,
        images=IMAGES,
        patches=PATCHES,
    ),
    "TriggerAuthentication": closed(
        ["apiVersion", "kind", "metadata", "spec"],
        apiVersion={"const": "keda.sh/v1alpha1"},
        kind={"const": "TriggerAuthentication"},
        metadata=METADATA,
        spec=closed(
            ["secretTargetRef"],
            secretTargetRef={
                "type": "array",
                "items": closed(["parameter", "name", "key"], parameter={"const": "connection"}, name=NAME, key=WORDS),
            },
        ),
    ),
    "ScaledObject": closed(
        ["apiVersion", "kind", "metadata", "spec"],
        apiVersion={"const": "keda.sh/v1alpha1"},
        kind={"const": "ScaledObject"},
        metadata=METADATA,
        spec=closed(
            ["scaleTargetRef", "triggers"],
            scaleTargetRef=NAMED,
            minReplicaCount=COUNT,
            maxReplicaCount=COUNT,
            pollingInterval=COUNT,
            cooldownPeriod=COUNT,
            triggers={
                "type": "array",
                "minItems": 1,
                "items": closed(
                    ["type", "metadata", "authenticationRef"],
                    type={"const": "postgresql"},
                    metadata=closed(
                        ["query", "targetQueryValue"],
                        query=WORDS,
                        targetQueryValue=NUMBER,
                        activationTargetQueryValue=NUMBER,
                    ),
                    authenticationRef=NAMED,
                ),
            },
        ),
    ),
}
"""Of kinds that are not Kubernetes' own: strict, and only as wide as what is used."""


@cache
def documents():
    """(file, document) of every manifest."""
    files = sorted(HOME.rglob("*.yaml"))
    return [(file.relative_to(HOME), doc) for file in files for doc in yaml.safe_load_all(file.read_text())]


def of_kind(*kinds):
    return [doc for _, doc in documents() if doc["kind"] in kinds]


def named(kind, name):
    return next(doc for doc in of_kind(kind) if doc["metadata"]["name"] == name)


def templates():
    """{name: template of the pods that it starts} of everything that starts some."""
    found = {doc["metadata"]["name"]: doc["spec"]["template"] for doc in of_kind("Deployment", "Job")}
    jobs = {doc["metadata"]["name"]: doc["spec"]["jobTemplate"]["spec"]["template"] for doc in of_kind("CronJob")}
    return found | jobs


def pods():
    """{name: the pod that it starts}."""
    return {name: template["spec"] for name, template in templates().items()}


def variables(name):
    """{name: value} of a pod's environment as its manifests tell it, secrets as in the example."""
    [container] = pods()[name]["containers"]
    sources = {"configMapRef": ("ConfigMap", "data"), "secretRef": ("Secret", "stringData")}
    told = {}
    for source in container["envFrom"]:
        [(how, reference)] = source.items()
        kind, field = sources[how]
        told |= named(kind, reference["name"])[field]
    return told | {entry["name"]: entry["value"] for entry in container.get("env", [])}


def check(doc):
    if doc["kind"] in SCHEMAS:
        jsonschema.validate(doc, SCHEMAS[doc["kind"]])
    else:
        kubernetes_validate.validate(doc, VERSION, strict=True)
