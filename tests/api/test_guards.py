import re
from pathlib import Path

import pytest

import api.review
from api import guards
from tests.api import house

TEMPLATES = sorted((Path(api.review.__file__).parent / "templates").glob("*.html"))
ORDER = {"sku": "SOFA-1", "style": "test-calm"}


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": house.HERE},
    ],
)
def test_an_unsafe_request_from_another_site_is_refused(client, scene, context, headers):
    answer = client.post(f"/review/scenes/{scene}/approve", headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert house.state(context, scene) == "in_review"


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {"origin": house.HERE}]
)
def test_our_own_pages_and_programs_pass(client, scene, headers):
    answer = client.post(f"/review/scenes/{scene}/approve", headers=headers, follow_redirects=False)
    assert answer.status_code == 303


def test_looking_is_allowed_from_anywhere(client):
    assert client.get("/v1/styles", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_prompt_of_ten_megabytes_is_refused_unread(client, sofa):
    answer = client.post("/v1/scenes", json=ORDER | {"prompt": "x" * 10_000_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_without_a_length_is_counted_as_it_comes(client, sofa):
    def endless():
        for _ in range(100):
            yield b" " * 10_000

    answer = client.post("/v1/scenes", content=endless(), headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_an_upload_above_its_limit_is_refused(client):
    big = b"\xff" * (guards.UPLOAD_LIMIT + 1)
    assert client.post("/v1/products", files={"photo": ("big.jpg", big)}).status_code == 413


@pytest.mark.parametrize("path", ["/review", "/v1/scenes", "/nowhere", "/static/desk.css", "/docs"])
def test_every_answer_keeps_the_browser_careful(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_script_or_style(template):
    text = template.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
