"""Whatever the dashboard and the alerts ask Prometheus for is told by the service, with those labels."""

import json
import re
from datetime import timedelta

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import GPU
from imagegen.errors import DoesNotFitError
from tests.api import house
from tests.deploy.compose import ROOT
from workers.records import backups, crew, scenes
from workers.records.crew import Condition, Member

DASHBOARD = json.loads((ROOT / "deploy/grafana/imagegen.json").read_text())
ALERTS = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
ASKED = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
ASKED += [rule["expr"] for rule in RULES]
PROMETHEUS_ADDS = {"job", "instance"}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """{name: its labels} of everything that a service in which everything happened tells."""
    from api.app import create_app

    folder = tmp_path_factory.mktemp("seen")
    app = create_app(house.make_settings(folder, f"sqlite:///{folder}/x.db"))
    with house.client_of(app) as client:
        context = app.state.context
        house.add_product(context)
        with context.database.transaction() as session:
            scenes.approve(session, house.made(context), "Lena")
        house.fail(context, house.ask(context)[0], DoesNotFitError("Too tall."))
        with context.database.transaction() as session:
            member = Member("h:1", "h:1", "h", 1, "1", 2, context.database.clock() - timedelta(hours=1))
            crew.report(session, member, Condition({}, dict.fromkeys(GPU, 1), []))
            backups.note(session, "t", folder, rows=1, files=1, missing=0)
        client.get("/v1/scenes")
        text = client.get("/metrics").text
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_metric_that_is_asked_for_is_told_with_its_labels(told):
    for asked in ASKED:
        names = set(re.findall(r"\bimagegen_\w+", asked))
        assert names, asked
        assert names <= told.keys(), asked
        grouped = re.findall(r"by \(([^)]*)\)", asked)
        narrowed = re.findall(r'(\w+)=~?"', asked)
        labels = {label.strip() for group in grouped for label in group.split(",")} | set(narrowed)
        assert labels <= PROMETHEUS_ADDS.union(*(told[name] for name in names)), asked


def test_every_figure_of_ours_is_on_the_dashboard(told):
    shown = set(re.findall(r"\bimagegen_\w+", " ".join(ASKED) + json.dumps(DASHBOARD["templating"])))
    ours = {name for name in told if name.startswith("imagegen_")}
    parts = {name for name in ours if name.endswith(("_count", "_sum")) and "http" in name}
    assert ours - parts - shown == set()


def test_every_panel_has_a_title_a_place_of_its_own_and_a_query():
    places = [tuple(panel["gridPos"][edge] for edge in "xy") for panel in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
    assert all(panel["title"] and panel["targets"] for panel in DASHBOARD["panels"])
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)


def test_every_legend_names_a_label_that_its_query_keeps():
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            for label in re.findall(r"{{(\w+)}}", target["legendFormat"]):
                assert re.search(rf"by \([^)]*\b{label}\b", target["expr"]), target


def test_every_alert_says_what_is_wrong_and_what_to_do():
    assert len(RULES) == len({rule["alert"] for rule in RULES}) >= 5
    for rule in RULES:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert all(rule["annotations"][part] for part in ("summary", "what_to_do"))
