import io

from PIL import Image

from imagegen.views.shelf import find


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


def test_styles_are_found_by_words_room_and_nearest_colour(client):
    def slugs(**asked):
        return [style["slug"] for style in client.get("/v1/styles", params=asked).json()["items"]]

    everything = slugs()
    assert slugs(q="loud") == ["test-bold"]
    assert slugs(theme="test calm") == ["test-calm"]
    assert "test-calm" in slugs(room_type="living room")
    assert slugs(room_type="stable") == []
    near = client.get("/v1/styles", params={"colour": "#c8a97e"}).json()["items"]
    assert near[0]["swatch"]["difference"] == 0
    assert len(near) <= len(everything)
    assert slugs(lighting="no such light") == []


def test_a_colour_that_is_none_is_refused_with_the_field(client):
    answer = client.get("/v1/styles", params={"colour": "greenish"})
    assert answer.status_code == 422
    assert "#rrggbb" in answer.json()["hint"]


def test_what_can_be_asked_for_comes_along(client):
    facets = client.get("/v1/styles").json()["facets"]
    assert "living room" in facets["room_type"]
    assert "daylight" in facets["lighting"]
    assert client.get("/v1/styles/test-calm").json()["lights"][0]["slug"] == "day"


def test_views_are_served_once_they_are_made(client, context):
    address = "/v1/styles/test-calm/rooms/test-living/views/0"
    missing = client.get(address)
    assert missing.status_code == 404
    assert "imagegen styles build test-calm" in missing.json()["hint"]
    assert client.get("/v1/styles/test-calm").json()["rooms"][0]["pictures"] == []
    view = find(context.library, "test-calm", "test-living", context.settings.data_dir / "views")
    view.folder.mkdir(parents=True)
    for file, width in ((view.picture, 640), (view.preview, 480)):
        Image.new("RGB", (width, 438)).save(file)
    view.facts.write_text("{}")
    assert client.get("/v1/styles/test-calm").json()["rooms"][0]["pictures"] == [address]
    sizes = {}
    for name, found in (
        ("full", address),
        ("small", f"{address}?preview=true"),
        ("card", "/v1/styles/test-calm/rooms/test-living/picture"),
    ):
        answer = client.get(found)
        assert answer.headers["content-type"] == "image/jpeg"
        again = client.get(found, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        sizes[name] = Image.open(io.BytesIO(answer.content)).width
    assert sizes == {"full": 640, "small": 480, "card": 480}


def test_a_view_of_nothing_is_not_found(client):
    for address in (
        "baroque/rooms/x/views/0",
        "test-calm/rooms/cellar/views/0",
        "baroque/picture",
        "test-bold/picture",
    ):
        assert client.get(f"/v1/styles/{address}").status_code == 404
    assert client.get("/v1/styles/test-calm/rooms/test-living/views/7").status_code == 422
