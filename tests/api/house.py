"""A small real service to test with: two looks, products with photos, scenes finished through the records."""

import io

import numpy as np
from fastapi.testclient import TestClient
from PIL import Image

from imagegen import recipe
from imagegen.types import Finding, Verdict
from workers.catalog_model import ProductIn
from workers.photos import store
from workers.records import products, scenes
from workers.records.scenes import Result
from workers.scene_model import SceneRequest
from workers.settings import load_settings

HERE = "http://127.0.0.1"
GOOD = Finding("ground_contact", Verdict.PASS, 0.2, 2.0, "All feet touch the floor.")
BAD = Finding("scale", Verdict.FAIL, 0.09, 0.05, "It is 9 % too small.")

ROOM = """
name = "{name}"
room_type = "living room"
width = 5.0
depth = 5.0
height = {height}
parts = []
[[anchors]]
id = "middle"
mounts = ["floor"]
at = [0.0, -1.2, 0.0]
free = [3.0, 1.5, 2.4]
"""

LOOK = """
name = "{name}"
summary = "{summary}"
rooms = {rooms}
[tags]
decor_theme = ["{name}"]
colour_scheme = ["neutral"]
room_types = ["living room"]
lighting = ["daylight"]
[palette]
chalk = "#f2efe9"
oak = "#c8a97e"
ink = "#2b2a28"
[materials.paint]
colours = ["chalk"]
[roles.wall]
materials = {{ front = "paint" }}
[lights.day]
name = "day"
[prompts]
positive = "{{product}} in a calm room"
negative = "blur"
"""


def write_looks(folder):
    """Two looks: one with two rooms, one with one."""
    for name in ("looks", "rooms"):
        (folder / name).mkdir(parents=True)
    (folder / "rooms/test-living.toml").write_text(ROOM.format(name="Test living room", height=2.6))
    (folder / "rooms/test-loft.toml").write_text(ROOM.format(name="Test loft", height=4.0))
    both = '["test-living", "test-loft"]'
    (folder / "looks/test-calm.toml").write_text(LOOK.format(name="Test calm", summary="Quiet.", rooms=both))
    (folder / "looks/test-bold.toml").write_text(LOOK.format(name="Test bold", summary="Loud.", rooms='["test-loft"]'))
    return folder


def make_settings(folder, sqlite_url, **more):
    looks = folder / "styles"
    if not looks.exists():
        write_looks(looks)
    return load_settings(data_dir=folder / "var", database_url=sqlite_url, style_paths=(looks,), **more)


def client_of(app, **more):
    return TestClient(app, base_url=HERE, client=("127.0.0.1", 50000), **more)


def picture(colour=(180, 170, 160), size=(160, 110), mark=0):
    """PNG bytes of a small scene."""
    pixels = np.full((size[1], size[0], 3), colour, np.uint8)
    pixels[60:90, 50:110] = (90, 60, 40)
    pixels[0, 0] = mark
    return encoded(Image.fromarray(pixels))


def packshot(mode="RGB", kind="PNG", size=(120, 100), **save):
    image = Image.new("RGB", size, "white")
    image.paste((140, 90, 60), (30, 30, 90, 90))
    return encoded(image.convert(mode), kind, **save)


def encoded(image, kind="PNG", **save):
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def add_product(context, sku="SOFA-1", photo=True, **facts):
    given = {"name": f"Sofa {sku}", "category": "sofa", "width_cm": 200, "depth_cm": 90, "height_cm": 80}
    stored = [store(context.database, context.blobs, packshot(), source="sofa.png")] if photo else []
    with context.database.transaction() as session:
        products.upsert(session, ProductIn.model_validate({"sku": sku} | given | facts), stored)
    return sku


def ask(context, sku="SOFA-1", style="test-calm", **more):
    with context.database.transaction() as session:
        asked = scenes.ask(session, SceneRequest(sku=sku, style=style, **more), by="test")
        return [scene.id for scene in asked]


def start(context, scene_id, stage="render", share=0.5):
    """A worker takes the scene and tells how far it is."""
    with context.database.transaction() as session:
        held = scenes.claim(session, scene_id, "worker")
        scenes.progress(session, held, stage, share)
    return held


def finish(context, scene_id, findings=(GOOD,), held=None, mark=0):
    """A worker makes the scene: a real picture, real findings, a real recipe."""
    held = held or start(context, scene_id)
    request = held.scene.request
    made = {
        "format": 1,
        "engine": {"name": "render", "version": "1", "source_type": "compositeSynthetic"},
        "style": {"slug": request["style"], "room": request["room"] or "test-living"},
        "settings": {"seed": request["seed"], "mark": mark},
    }
    order = [Verdict.PASS, Verdict.WARN, Verdict.FAIL]
    verdict = max((finding.verdict for finding in findings), key=order.index, default=Verdict.PASS)
    key = context.blobs.put(picture(mark=mark), ".png")
    result = Result(
        key,
        160,
        110,
        findings,
        verdict,
        made,
        recipe.identity(made),
        "p" * 64,
        {"render": 1.5},
        request["room"] or "test-living",
    )
    with context.database.transaction() as session:
        scenes.finish(session, held, result)
    return scene_id


def made(context, sku="SOFA-1", findings=(GOOD,), mark=0, **more):
    """A scene that waits for its verdict."""
    return finish(context, ask(context, sku, **more)[0], findings, mark=mark)


def fail(context, scene_id, error):
    held = start(context, scene_id, "cutout", 0.1)
    with context.database.transaction() as session:
        scenes.fail(session, held, error)
    return scene_id


def state(context, scene_id):
    with context.database.reading() as session:
        return scenes.get(session, scene_id).state
