import subprocess
import sys

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from imagegen.errors import OutOfMemoryError
from tests.workers import makers
from workers import traces
from workers.errors import SettingsError
from workers.records import scenes
from workers.settings import load_settings
from workers.tasks.scenes import Maker, Workbench, work_on

WISH = {"sku": "SOFA-1", "style": "test-calm", "quality": "draft"}
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans():
    """{name: the span} of what ended so far."""
    exporter = InMemorySpanExporter()
    with traces.collected(exporter):
        yield lambda: {span.name: span for span in exporter.get_finished_spans()}


def bench_of(context, make=makers.draw):
    return Workbench(context.settings, context.database, context.blobs, Maker(make, makers.plan), "test")


def ask(client, **more):
    answer = client.post("/v1/scenes", json=WISH, **more)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def test_one_trace_goes_from_the_request_through_every_stage(client, context, sofa, spans):
    scene_id = ask(client, headers={"traceparent": CALLER, "x-request-id": "request-0001"})
    work_on(bench_of(context), scene_id)
    found = spans()
    assert {"POST /v1/scenes", "make scene", "render", "checks", "store"} <= found.keys()
    assert {span.context.trace_id for span in found.values()} == {int(CALLER.split("-")[1], 16)}
    request, made = found["POST /v1/scenes"], found["make scene"]
    assert request.parent.span_id == int(CALLER.split("-")[2], 16)
    assert made.parent.span_id == request.context.span_id
    for stage in ("render", "checks", "store"):
        assert found[stage].parent.span_id == made.context.span_id
        assert made.start_time <= found[stage].start_time <= found[stage].end_time <= made.end_time
    assert found["render"].end_time <= found["checks"].start_time
    assert request.attributes["http.response.status_code"] == 202
    assert request.attributes["request"] == "request-0001"
    assert (made.attributes["scene"], made.attributes["attempt"]) == (scene_id, 1)


def test_a_scene_that_cannot_be_made_says_so_in_its_span(client, context, sofa, spans):
    def fails(_job, progress):
        progress("cutout", 0.1)
        raise OutOfMemoryError("No memory.")

    work_on(bench_of(context, fails), ask(client))
    found = spans()
    assert found["make scene"].status.description == "OutOfMemoryError"
    assert "cutout" in found
    assert not any(span.events for span in found.values())  # no message of an error leaves


def test_requests_without_a_trace_begin_one_and_health_checks_none(client, spans):
    client.get("/healthz")
    client.get("/v1/scenes", headers={"traceparent": "nonsense"})
    assert list(spans()) == ["GET /v1/scenes"]
    assert spans()["GET /v1/scenes"].parent is None


def test_without_settings_nothing_is_traced_and_no_row_carries_anything(client, context, sofa):
    scene_id = ask(client, headers={"traceparent": CALLER})
    work_on(bench_of(context), scene_id)
    with context.database.reading() as session:
        assert scenes.get(session, scene_id).trace is None
    assert traces.traceparent() is None


def test_without_settings_opentelemetrys_kit_is_not_even_loaded():
    code = "import sys, api.app, workers.traces; print([n for n in sys.modules if n.startswith('opentelemetry.sdk')])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_settings_without_the_package_are_told(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match="not installed") as told:
        traces.configure(load_settings(data_dir=tmp_path, traces_url="http://127.0.0.1:1/v1/traces"), "test")
    assert "imagegen[traces]" in told.value.hint


def test_spans_go_to_the_collector_of_the_settings(tmp_path):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    taken = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/v1/traces"
        flush = traces.configure(load_settings(data_dir=tmp_path, traces_url=url), "imagegen-test")
        with traces.span("one thing"):
            pass
        flush()
    finally:
        traces.stop()
        server.shutdown()
        thread.join()
        server.server_close()
    [(path, body)] = taken
    assert path == "/v1/traces"
    assert b"one thing" in body
    assert b"imagegen-test" in body
