import json
import re

import jsonschema
import pytest

from tests.deploy.compose import OURS, ROOT, SECRETS, MissingVariableError, read
from workers.settings import Settings

SCHEMA = json.loads((ROOT / "tests/deploy/compose_schema.json").read_text())


def test_the_file_keeps_the_rules_of_the_compose_specification():
    jsonschema.validate(read(), SCHEMA)


@pytest.mark.parametrize(
    "wrong",
    [
        {"imag": "x"},
        {"image": "x", "restart": "sometimes"},
        {"image": "x", "deploy": {"resources": {"reservations": {"devices": [{"driver": "nvidia"}]}}}},
        {"image": "x", "healthcheck": {"test": ["RUN", "true"]}},
    ],
)
def test_the_rules_refuse_what_compose_would_refuse(wrong):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(read() | {"services": {"broken": wrong}}, SCHEMA)


@pytest.mark.parametrize("name", SECRETS)
def test_without_a_secret_nothing_starts(name):
    with pytest.raises(MissingVariableError, match=name):
        read({key: value for key, value in SECRETS.items() if key != name})


def test_all_services_are_there():
    assert {*OURS, "broker", "postgres"} == set(read()["services"])


def test_only_what_is_named_and_healthy_is_waited_for():
    services = read()["services"]
    for service in services.values():
        for name, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[name]


def test_every_volume_and_network_that_is_used_is_declared():
    whole = read()
    assert {name for service in whole["services"].values() for name in service["networks"]} == {
        "default",
        *whole["networks"],
    }
    used = {mount.partition(":")[0] for service in whole["services"].values() for mount in service.get("volumes", [])}
    assert used == set(whole["volumes"])


def test_the_gpu_worker_reserves_an_nvidia_device_and_starts_only_when_asked_for():
    gpu = read()["services"]["worker-gpu"]
    (device,) = gpu["deploy"]["resources"]["reservations"]["devices"]
    assert device["driver"] == "nvidia"
    assert device["capabilities"] == ["gpu"]
    assert gpu["profiles"] == ["gpu"]
    assert "graphics" in gpu["environment"]["NVIDIA_DRIVER_CAPABILITIES"]


def test_the_broker_keeps_a_log_and_never_evicts():
    command = " ".join(read()["services"]["broker"]["command"])
    for option in ("--appendonly yes", "--appendfsync everysec", "--maxmemory-policy noeviction"):
        assert option in command


def test_nothing_but_the_api_is_reachable_and_that_only_from_this_machine():
    ports = {name: service["ports"] for name, service in read()["services"].items() if "ports" in service}
    assert ports == {"api": ["127.0.0.1:8000:8000"]}


@pytest.mark.parametrize("name", OURS)
def test_our_containers_are_locked_down_and_in_production(name):
    service = read()["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert service["environment"]["IMAGEGEN_ENVIRONMENT"] == "production"


@pytest.mark.parametrize("name", ["broker", "postgres"])
def test_database_and_broker_are_locked_down_and_on_a_network_without_a_way_out(name):
    whole = read()
    service = whole["services"][name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert not {"SYS_ADMIN", "NET_ADMIN", "NET_RAW", "ALL"} & set(service["cap_add"])
    assert service["networks"] == ["records"]
    assert whole["networks"]["records"] == {"internal": True}
    assert service["healthcheck"]


def test_what_serves_comes_back_and_what_is_done_once_does_not():
    how = {name: service["restart"] for name, service in read()["services"].items()}
    assert {name for name, restart in how.items() if restart != "unless-stopped"} == {"backup"}
    assert how["backup"] == "no"


def test_logs_of_every_container_end_somewhere():
    for service in read()["services"].values():
        assert {"max-size", "max-file"} <= service["logging"]["options"].keys()


def test_no_secret_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text()
    for name, value in re.findall(r"(?m)^ *(\w*(?:SECRET|TOKENS?|PASSWORD|KEY|KEY_ID)): *(.*)$", text):
        assert re.fullmatch(r"\$\{\w+(:[?-][^}]*)?\}", value), name


def test_the_backup_has_the_same_place_in_the_file_and_in_the_image():
    backup = read()["services"]["backup"]
    command = backup["command"]
    assert command[command.index("--to") + 1].startswith("/backups/")
    assert int(command[command.index("--keep") + 1]) >= 7
    assert "backups:/backups" in backup["volumes"]
    assert backup["profiles"] == ["backup"]
    # A new volume takes its owner from the image's folder.
    made = re.search(r"install --directory --owner imagegen --group imagegen (.*)", (ROOT / "Dockerfile").read_text())[
        1
    ]
    assert {"/backups", "/var/lib/imagegen"} <= set(made.split())


@pytest.mark.parametrize("name", OURS)
def test_every_variable_of_ours_is_a_setting(name):
    ours = [key for key in read()["services"][name]["environment"] if key.startswith("IMAGEGEN_")]
    assert [key for key in ours if key.removeprefix("IMAGEGEN_").lower() not in Settings.model_fields] == []


def test_the_example_names_every_variable_that_the_file_asks_for():
    text = (ROOT / ".env.example").read_text()
    assert all(f"{name}=" in text for name in SECRETS)
