"""Small real things to test with: products, photos, results, a clock that moves when it is told to."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from PIL import Image

from workers.catalog_model import ProductIn
from workers.records import products, scenes
from workers.records.blobs import key_of


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.time = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.time

    def pass_s(self, seconds):
        self.time += timedelta(seconds=seconds)


def a_photo(colour=(200, 30, 40), size=(80, 64), kind="PNG", mode="RGB"):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, kind)
    return out.getvalue()


def a_product(sku="SOFA-1", **facts):
    given = {"name": "Sofa", "category": "sofa", "width_cm": 200, "depth_cm": 90, "height_cm": 80}
    return ProductIn.model_validate({"sku": sku} | given | facts)


def a_stored_photo(name="a"):
    data = name.encode()
    return products.StoredPhoto(key_of(data, ".png"), key_of(data, ".src")[3:67], f"{name}.png", 80, 64)


def a_result(verdict="pass", findings=(), picture=b"pixels", recipe=None):
    made = recipe or {"engine": {"name": "render", "version": "1", "source_type": "compositeSynthetic"}}
    return scenes.Result(key_of(picture, ".png"), 8, 6, findings, verdict, made, "r" * 64, "p" * 64, {"render": 1.5})


def make(database, scene_id, **result):
    with database.transaction() as session:
        held = scenes.claim(session, scene_id, "worker")
    with database.transaction() as session:
        scenes.finish(session, held, a_result(**result))
    return scene_id
