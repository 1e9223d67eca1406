def test_styles_come_with_palette_tags_and_rooms(client):
    styles = {style["slug"]: style for style in client.get("/v1/styles").json()["items"]}
    calm = styles["test-calm"]
    assert calm["palette"]["oak"] == "#c8a97e"
    assert [room["slug"] for room in calm["rooms"]] == ["test-living", "test-loft"]
    assert calm["tags"]["lighting"] == ["daylight"]


def test_a_single_style_shows_the_places_for_products(client):
    rooms = client.get("/v1/styles/test-bold").json()["rooms"]
    assert rooms[0]["anchors"][0]["id"] == "middle"


def test_an_unknown_style_says_which_there_are(client):
    answer = client.get("/v1/styles/baroque")
    assert answer.status_code == 404
    assert "test-calm" in answer.json()["hint"]
