from dataclasses import replace

from workers.records.blobs import LocalBlobs
from workers.records.session import Database
from workers.settings import load_settings


def test_a_process_that_answers_is_alive(client):
    assert client.get("/healthz").json()["status"] == "alive"


def test_a_service_that_can_work_is_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "broker": "ok", "blobs": "ok", "workers": "none seen yet"}


def test_a_service_that_cannot_work_says_what_failed(app, client, tmp_path):
    from workers.app import make_app

    (tmp_path / "file").write_text("in the way")
    away = load_settings(data_dir=tmp_path, broker_url="redis://:hush@127.0.0.1:1/0")
    app.state.context = replace(
        app.state.context,
        database=Database(f"sqlite:///{tmp_path}/none/none.db"),
        blobs=LocalBlobs(tmp_path / "file"),
        queue=make_app(away),
    )
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert {entry["check"] for entry in answer.json()["errors"]} == {"database", "broker", "blobs"}
    assert "hush" not in answer.text
    assert client.get("/healthz").status_code == 200


def test_one_thing_that_failed_is_the_only_one_named(app, client, tmp_path):
    (tmp_path / "file").write_text("in the way")
    app.state.context = replace(app.state.context, blobs=LocalBlobs(tmp_path / "file"))
    assert [entry["check"] for entry in client.get("/readyz").json()["errors"]] == ["blobs"]
