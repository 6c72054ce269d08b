"""Machines ask whether the server is there, ready, and how it does: words and figures, nothing of the office's data."""

import json
import shutil

import pytest

from dashboard.settings import Settings, SettingsError


def test_health_says_ok_and_nothing_else(empty_app):
    assert empty_app.server.test_client().get("/health").data == b"ok"


def test_a_server_is_ready_where_it_shows_what_it_should(demo_app):
    answer = demo_app.server.test_client().get("/ready")
    assert (answer.status_code, answer.text) == (200, "ready")


def test_a_server_with_nothing_to_show_is_not_ready_and_says_so_in_a_word(empty_app):
    answer = empty_app.server.test_client().get("/ready")
    assert (answer.status_code, answer.text) == (503, "no_snapshot")


def test_a_damaged_store_and_a_pointer_that_fell_back_are_named(make_office, make_app, tmp_path):
    folder = tmp_path / "office"
    shutil.copytree(make_office({"A": ("甲局", 90, 25), "B": ("乙局", 80, 25)}), folder)
    (folder / "store.sqlite").write_bytes(b"no database" * 100)
    client = make_app(folder).server.test_client()
    assert client.get("/ready").text == "store"
    (folder / "snapshots" / "CURRENT").write_text("{", encoding="utf-8")
    assert make_app(folder).server.test_client().get("/ready").text == "fell_back"


def test_figures_are_prometheus_text_and_name_nobody(demo_app):
    client = demo_app.server.test_client()
    client.get("/ranking?department=D09&q=公安")
    client.get("/nowhere/D09")
    client.open("/", method="BREW")
    text = client.get("/metrics").text
    for expected in (
        'mingjing_requests_total{method="GET",route="/<path:path>",status="200"}',
        'mingjing_request_seconds_bucket{le="0.15",route="/<path:path>"}',
        *("mingjing_in_flight 1.0", "\nmingjing_snapshot_number ", "mingjing_worker_resident_bytes"),
    ):
        assert expected in text
    assert "D09" not in text and "BREW" not in text and "公安" not in text


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.1.2.3", {}, 403),
        ("10.1.2.3", {"X-Forwarded-For": "127.0.0.1"}, 403),  # no proxy of ours: what it says counts for nothing
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1, 10.1.2.3"}, 403),  # the last is what our proxy saw
        ("127.0.0.1", {"X-Forwarded-For": "?"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 200),
    ],
)
def test_figures_are_for_this_machine_alone(empty_app, line, headers, status):
    answer = empty_app.server.test_client().get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": line})
    assert answer.status_code == status


def test_an_office_opens_them_to_addresses_of_its_own(tmp_path, make_app):
    (tmp_path / "settings.toml").write_text('[serve]\nmetrics_from = ["10.1.2.0/24"]\n', encoding="utf-8")
    client = make_app(tmp_path).server.test_client()
    told = [
        client.get("/metrics", environ_overrides={"REMOTE_ADDR": who}).status_code for who in ("10.1.2.9", "10.1.3.9")
    ]
    assert told == [200, 403]
    (tmp_path / "settings.toml").write_text('[serve]\nmetrics_from = ["office"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="serve.metrics_from: 'office'"):
        Settings.load(tmp_path)


def test_an_error_in_a_callback_is_told_by_its_number_alone(demo_app, monkeypatch):
    def broken(*_given, **_named):
        raise ValueError("select * from ballots at /srv/office/raw")

    body = {
        "output": "overview-body.children",
        "outputs": {"id": "overview-body", "property": "children"},
        "inputs": [{"id": "url", "property": "search", "value": ""}],
        "state": [{"id": "snapshot", "property": "data", "value": ""}],
        "changedPropIds": ["url.search"],
    }
    client = demo_app.server.test_client()
    assert client.post("/_dash-update-component", json=body).status_code == 200
    monkeypatch.setattr("dashboard.warehouse.Snapshot.run", broken)
    body["inputs"][0]["value"] = "?quarter=2025Q1"  # what was drawn once is kept
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 500
    assert json.loads(answer.text) == {
        "error": "服务器出错，这一步没有完成。请再试一次；仍不行，请把编号告诉管理员。",
        "incident": answer.headers["X-Request-Id"],
    }
