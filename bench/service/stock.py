"""What the benchmarks work with: products with a photo, keys, and scenes by the million."""

from __future__ import annotations

import io
import json

from PIL import Image
from sqlalchemy import text

from bench.service.servers import House
from imagegen.lifecycle import State
from workers import photos
from workers.catalog_model import ProductIn
from workers.records import keys, products, scenes
from workers.records.blobs import open_blobs
from workers.scene_model import SceneRequest
from workers.scopes import Scope
from workers.teams import HOUSE

SKU = "SOFA-1"
STYLE = "japandi"
STYLES = ("japandi", "boho", "industrial", "coastal", "midcentury", "minimal", "rustic", "glam", "rarity")
OTHER = "other-brand"
PER_PRODUCT = 500
"""Scenes of a product where there are a million: two thousand products."""
BATCH = 100_000


def products_and_key(house: House) -> str:
    """A sofa with a photo; the text of a key that may ask and look."""
    made = io.BytesIO()
    Image.new("RGB", (80, 64), (200, 30, 40)).save(made, "PNG")
    blobs = open_blobs(house.settings.blobs_url)
    stored = photos.store(house.database, blobs, made.getvalue())
    facts = {"sku": SKU, "name": "Sofa", "category": "sofa", "width_cm": 200, "depth_cm": 90, "height_cm": 80}
    with house.database.transaction() as session:
        products.upsert(session, ProductIn.model_validate(facts), [stored])
        _key, told = keys.issue(session, "bench", [Scope.ASK], by="bench")
    return told


def ask(house: House, number: int, first: int = 0) -> list[str]:
    """Scenes as the door writes them, a hundred in a transaction; nobody is woken."""
    ids: list[str] = []
    for start in range(first, first + number, 100):
        with house.database.transaction() as session:
            for seed in range(start, min(start + 100, first + number)):
                ids += [scene.id for scene in scenes.ask(session, SceneRequest(sku=SKU, style=STYLE, seed=seed))]
    return ids


def fill(house: House, number: int) -> None:
    """So many scenes of two teams (nine in ten the house's), a second apart, in every state, with what is made."""
    with house.database.engine.begin() as connection:
        connection.execute(text(_TEAM), {"team": OTHER})
        many = {"products": max(1, number // PER_PRODUCT), "other": OTHER, "house": HOUSE}
        connection.execute(text(_PRODUCTS), many)
    for start in range(0, number, BATCH):
        with house.database.engine.begin() as connection:
            part = {"first": start, "last": min(start + BATCH, number) - 1}
            connection.execute(text(_SCENES), {**many, **part, "styles": list(STYLES), "number": number, **_MADE})
            connection.execute(text(_DECISIONS), {"from": f"{start:024x}", "to": f"{part['last']:024x}"})
    with house.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


_FINDINGS = [
    {"check": name, "verdict": "pass", "score": 0.2, "threshold": 2.0, "message": "As it should be.", "where": None}
    for name in ("ground_contact", "scale", "horizon", "colour", "sharpness", "shadow")
]
_RECIPE = {
    "format": 1,
    "engine": {"name": "render", "version": "1", "source_type": "compositeSynthetic"},
    "photos": ["a" * 64],
    "product": {"sku": "P-1", "name": "Product", "category": "sofa", "width": 1.0, "depth": 0.5, "height": 0.8},
    "style": {"slug": STYLE, "version": "1", "room": "living"},
    "settings": {"seed": 7, "width": 1216, "height": 832, "samples": 128},
}
_MADE = {"findings": json.dumps(_FINDINGS), "recipe": json.dumps(_RECIPE)}

_TEAM = "INSERT INTO teams (id, name, created_at) VALUES (:team, :team, now())"
_PRODUCTS = """
INSERT INTO products (team_id, sku, name, category, width_cm, depth_cm, height_cm, mount, colour, material, tags,
                      created_at, updated_at)
SELECT team, 'P-' || n, 'Product ' || n, (ARRAY['sofa', 'lamp', 'rug', 'table', 'chair'])[1 + n % 5], 100, 50, 80,
       'floor', 'oak', 'wood', '[]', now(), now()
FROM generate_series(0, CAST(:products AS integer) - 1) AS n, unnest(ARRAY[:house, :other]) AS team
"""
# The last of the styles is one in five thousand; states as a desk that keeps up has them.
_SCENES = """
INSERT INTO scenes (id, team_id, group_id, sku, style, engine, quality, request, asked_by, state, stage, share, attempt,
                    max_attempts, lease_until, send_after, events, verdict, findings, recipe, recipe_sha, plan_sha,
                    seconds, picture, width, height, approved_by, created_at, updated_at, finished_at)
SELECT lpad(to_hex(n), 24, '0'), CASE WHEN n % 10 = 3 THEN :other ELSE :house END, lpad(to_hex(n), 24, '0'),
       'P-' || (n * 7919 % :products),
       CASE WHEN n % 5000 = 1 THEN (CAST(:styles AS text[]))[9] ELSE (CAST(:styles AS text[]))[1 + n / 3 % 8] END,
       'render', 'standard', '{"seed": 7, "quality": "standard", "engine": "render"}', 'somebody', state, 'done',
       1.0, 1, 3,
       CASE WHEN state = 'running' THEN now() + interval '1 hour' END, now(), 6,
       CASE WHEN made THEN (ARRAY['pass', 'pass', 'pass', 'warn', 'fail'])[1 + n % 5] END,
       CASE WHEN made THEN CAST(:findings AS jsonb) ELSE '[]' END, CASE WHEN made THEN CAST(:recipe AS jsonb) END,
       md5(n::text), md5(n::text), '{"render": 12.5, "cutout": 1.5}',
       CASE WHEN made THEN 'aa/' || repeat(md5(n::text), 2) || '.png' END, 1216, 832,
       CASE WHEN state IN ('approved', 'published') THEN 'somebody' END, at, at, at
FROM (SELECT n, now() - (CAST(:number AS bigint) - n) * interval '1 second' AS at, state,
             state NOT IN ('queued', 'running', 'failed', 'cancelled') AS made
      FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n,
      LATERAL (SELECT CASE WHEN n % 2000 = 1999 THEN 'running' WHEN n % 1000 = 999 THEN 'queued'
                           WHEN n % 50 = 7 THEN 'failed' WHEN n % 50 = 8 THEN 'cancelled'
                           WHEN n % 20 = 4 THEN 'in_review' WHEN n % 4 = 0 THEN 'rejected'
                           WHEN n % 4 = 1 THEN 'approved' ELSE 'published' END AS state) AS drawn) AS planned
"""
_DECISIONS = """
INSERT INTO decisions (scene_id, at, by, action, note, override)
SELECT id, created_at, 'somebody', 'approve', '', false FROM scenes
WHERE id BETWEEN :from AND :to AND state IN ('approved', 'published')
"""


def still_waiting(house: House) -> int:
    """How many scenes are neither made nor given up."""
    with house.database.reading() as session:
        counts = scenes.counts(session)
    return counts[State.QUEUED] + counts[State.RUNNING]
