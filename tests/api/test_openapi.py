import pytest
from jsonschema import Draft202012Validator

METHODS = {"get", "post", "put", "patch", "delete"}
EXPECTED = {
    ("post", "/v1/products"): "putProduct",
    ("get", "/v1/products"): "listProducts",
    ("get", "/v1/products/{sku}"): "getProduct",
    ("get", "/v1/products/{sku}/photos/{position}"): "getProductPhoto",
    ("get", "/v1/styles"): "listStyles",
    ("get", "/v1/styles/{slug}"): "getStyle",
    ("get", "/v1/styles/{slug}/rooms/{room}/picture"): "getRoomPicture",
    ("get", "/v1/styles/{slug}/rooms/{room}/views/{angle}"): "getView",
    ("post", "/v1/previews"): "layPreview",
    ("post", "/v1/scenes"): "askForScenes",
    ("get", "/v1/scenes"): "listScenes",
    ("get", "/v1/scenes/{scene_id}"): "getScene",
    ("get", "/v1/scenes/{scene_id}/image"): "getSceneImage",
    ("get", "/v1/scenes/{scene_id}/recipe"): "getSceneRecipe",
    ("get", "/v1/scenes/{scene_id}/events"): "followScene",
    ("post", "/v1/scenes/{scene_id}/approve"): "approveScene",
    ("post", "/v1/scenes/{scene_id}/reject"): "rejectScene",
    ("post", "/v1/scenes/{scene_id}/comment"): "commentScene",
    ("post", "/v1/scenes/{scene_id}/reopen"): "reopenScene",
    ("post", "/v1/scenes/{scene_id}/regenerate"): "regenerateScene",
    ("post", "/v1/scenes/{scene_id}/publish"): "publishScene",
    ("post", "/v1/scenes/{scene_id}/cancel"): "cancelScene",
    ("post", "/v1/scenes/{scene_id}/retry"): "retryScene",
    ("get", "/v1/audit"): "readAudit",
    ("get", "/v1/workers"): "listWorkers",
    ("post", "/v1/webhooks"): "addWebhook",
    ("get", "/v1/webhooks"): "listWebhooks",
    ("post", "/v1/webhooks/{webhook_id}/disable"): "disableWebhook",
    ("post", "/v1/webhooks/{webhook_id}/enable"): "enableWebhook",
    ("post", "/v1/webhooks/{webhook_id}/test"): "testWebhook",
    ("get", "/v1/webhooks/deliveries"): "listDeliveries",
    ("post", "/v1/webhooks/deliveries/{delivery_id}/replay"): "replayDelivery",
    ("get", "/healthz"): "healthz",
    ("get", "/readyz"): "readyz",
}


@pytest.fixture(scope="module")
def schema(doors):
    return doors.openapi()


def operations(schema):
    for path, entry in schema["paths"].items():
        for method in METHODS & entry.keys():
            yield method, path, entry[method]


def test_the_doors_are_those_that_were_promised_under_stable_names(schema):
    assert {(method, path): entry["operationId"] for method, path, entry in operations(schema)} == EXPECTED


def test_every_operation_says_what_it_does_and_where_it_belongs(schema):
    known = {tag["name"] for tag in schema["tags"]}
    for _, path, entry in operations(schema):
        assert entry["summary"], path
        assert entry["description"], path
        assert set(entry["tags"]) <= known, path


def test_every_error_is_told_as_a_problem(schema):
    for _, path, entry in operations(schema):
        for status, answer in entry["responses"].items():
            if status >= "4":
                assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_every_reference_leads_somewhere(schema):
    def references(node):
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    schemas = schema["components"]["schemas"]
    for reference in references(schema):
        assert reference.removeprefix("#/components/schemas/") in schemas


def test_every_schema_is_a_schema(schema):
    for part in schema["components"]["schemas"].values():
        Draft202012Validator.check_schema(part)


def test_the_reference_page_needs_no_other_server(client):
    page = client.get("/docs").text
    assert "swagger-ui" in page
    assert "//cdn" not in page
    assert client.get("/openapi.json").json()["openapi"].startswith("3.1")
